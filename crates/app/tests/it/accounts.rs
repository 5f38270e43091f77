//! Accounts against both engines.

mod authenticator;
mod factors;
mod leaving;
mod letters;
mod links;
mod passkeys;
mod people;
mod sessions;
mod sign_in;
