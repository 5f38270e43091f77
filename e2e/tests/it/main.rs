//! Whole-system tests: the built program, its command line and its listeners, from outside.

mod administration;
mod browser;
mod catalogue;
mod clients;
mod commands;
mod configuration;
mod customer_keys;
mod demo;
mod fleet;
mod logs;
mod parcels;
mod refusals;
mod revocation;
mod telemetry;
mod tls;
mod tokens;
mod wire;
