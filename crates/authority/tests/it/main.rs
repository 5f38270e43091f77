//! The authorization server with a real store and a real directory, asked as the listener would ask it.

mod answers;
mod ask;
mod assertions;
mod claims;
mod client_authentication;
mod counting;
mod customer_keys;
mod failures;
mod form;
mod grants;
mod house;
mod introspection;
mod kept_refusals;
mod metadata;
mod outage;
mod revocation;
mod scopes;
mod stream;
mod stumbling;
mod timing;
mod token_exchange;
mod vouching;
