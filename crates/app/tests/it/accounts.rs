//! Accounts against both engines.

mod authenticator;
mod factors;
mod leaving;
mod letters;
mod links;
mod operators_provider;
mod passkeys;
pub mod people;
mod sessions;
mod sign_in;
mod sign_on;
