//! The store against both engines, real ones.

mod audit;
mod feed;
mod search;
mod secrets;
mod statements;
