//! Nouns and rules of Postigo: identifiers, secrets, scopes, customer types, grants, plans, tokens, decisions.
//!
//! Nothing here does I/O, waits, reads a clock or draws randomness: both arrive as arguments ([`Clock`], [`Entropy`]),
//! so that every rule can be tested as a function of its inputs.

pub mod account;
pub mod account_token;
pub mod announcement;
pub mod api;
pub mod client;
pub mod client_assertion;
pub mod client_method;
pub mod clock;
pub mod collection;
pub mod contract;
pub mod credential;
pub mod csv;
pub mod customer_key;
pub mod customer_type;
pub mod decision;
pub mod digest;
pub mod email;
pub mod entropy;
pub mod environment;
pub mod event_matrix;
pub mod folding;
pub mod holder;
pub mod ids;
pub mod journey;
pub mod jws;
pub mod language;
pub mod management;
pub mod openapi;
pub mod openid;
pub mod password;
pub mod percent;
pub mod plan;
pub mod public_address;
pub mod public_key;
pub mod queue;
pub mod request_id;
pub mod role;
pub mod rotation;
pub mod scenario;
pub mod scope;
pub mod secret;
pub mod signing_key;
pub mod token;
pub mod token_refusal;
pub mod webauthn;
mod words;
pub mod wrapping;

pub use clock::Clock;
pub use customer_type::CustomerType;
pub use email::Email;
pub use entropy::Entropy;
pub use environment::Environment;
pub use ids::*;
pub use jiff::Timestamp;
pub use language::Language;
pub use scope::{Scope, ScopeSet};
