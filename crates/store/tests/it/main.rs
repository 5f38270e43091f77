//! The store against both engines, real ones.

mod announcements;
mod audit;
mod client_methods;
mod feed;
mod search;
mod secrets;
mod statements;
