//! The store against both engines, real ones.

mod announcements;
mod audit;
mod feed;
mod search;
mod secrets;
mod statements;
