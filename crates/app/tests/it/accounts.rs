//! Accounts against both engines.

mod factors;
mod leaving;
mod letters;
mod links;
mod people;
mod sessions;
mod sign_in;
