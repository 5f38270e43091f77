//! The store against both engines, real ones.

mod audit;
mod feed;
mod secrets;
mod statements;
