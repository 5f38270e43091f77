//! The gateway as its callers and its upstreams see it: a real store, a real directory, tokens signed as the authority signs them, and
//! upstreams on real sockets, well-behaved and not.

mod abuse;
mod answers;
mod call;
mod clerk;
mod credentials;
mod decisions;
mod forwarding;
mod house;
mod key_usage;
mod limits;
mod lives;
mod origin;
mod paths;
mod schema;
mod scopes;
mod streaming;
mod tokens;
mod trouble;
mod wire;
