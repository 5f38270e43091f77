//! Use cases against both engines, real ones.

mod access;
mod accounts;
mod catalogue;
mod house;
mod keys;
mod secrets;
mod standing;
