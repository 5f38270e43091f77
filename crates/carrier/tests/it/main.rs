//! Paloma as her clients see her, on both databases.

#![allow(clippy::unwrap_used, reason = "helpers of tests; a panic is how they fail")]

mod clock;
mod documents;
mod fedex;
mod fedex_track;
mod idempotency;
mod journeys;
mod labels;
mod preregister;
mod refusals;
mod requests;
mod roundtrip;
mod scenarios;
mod shop;
mod support;
mod tracking;
