//! Every SQL statement of Postigo, for SQLite and PostgreSQL alike.
//!
//! A module holds one noun. Its statements stand at its head in [`sql!`], one text for both engines; where the engines
//! must differ, two constants side by side. Functions that change something take a [`Tx`], functions that only read take a
//! [`Db`]. What the hot path must hear of is announced with [`Tx::change`], what people must be able to look up later with
//! [`Tx::audit`]; both are written last, in [`Tx::commit`].

#[macro_use]
mod sql;

pub mod access_requests;
pub mod account_holders;
pub mod accounts;
pub mod acting;
pub mod addressees;
pub mod announcements;
pub mod api_credentials;
pub mod api_versions;
pub mod apis;
pub mod approval_rules;
pub mod audit;
pub mod audit_search;
pub mod carrier_clocks;
pub mod carrier_webhooks;
pub mod ceremonies;
pub mod changes;
pub mod circulars;
pub mod client_methods;
pub mod clients;
pub mod collections;
pub mod consents;
pub mod contracts;
pub mod customer_key_limits;
pub mod customer_key_usage;
pub mod customer_keys;
pub mod customer_type_requests;
mod db;
pub mod decisions;
pub mod dossiers;
mod error;
pub mod feed;
pub mod grants;
pub mod idempotency_keys;
pub mod invitations;
mod like;
mod locks;
pub mod looks;
pub mod mail_links;
pub mod mails;
pub mod management_answers;
pub mod memberships;
pub mod messages;
mod moment;
pub mod organisation_notes;
pub mod organisation_search;
mod organisation_words;
pub mod organisations;
pub mod owners;
pub mod passkeys;
pub mod plans;
pub mod policies;
pub mod policy_acceptances;
pub mod projects;
pub mod public_keys;
pub mod queue_owners;
pub mod queue_targets;
pub mod queues;
pub mod reason_templates;
pub mod recovery_codes;
pub mod registration_pins;
pub mod registration_tries;
pub mod revoked_tokens;
#[cfg(feature = "scale")]
pub mod scale;
pub mod secret_review;
pub mod sessions;
pub mod shipment_lists;
pub mod shipments;
pub mod sign_in_tries;
pub mod sign_ons;
pub mod signing_keys;
pub mod staff;
pub mod staff_identities;
#[cfg(feature = "testkit")]
pub mod testkit;
mod tx;
pub mod uses;
pub mod vault;

pub use db::{Db, sqlite_path};
pub use error::Error;
pub use moment::Moment;
pub use sql::{Engine, Statement, statements};
pub use tx::Tx;

/// What every function here answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;
