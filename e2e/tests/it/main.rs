//! Whole-system tests: the built program, its command line and its listeners, from outside.

mod administration;
mod browser;
mod carrier;
mod catalogue;
mod clients;
mod commands;
mod configuration;
mod customer_keys;
mod demo;
mod fleet;
mod logs;
mod management;
mod parcels;
mod public_keys;
mod refusals;
mod registration;
mod revocation;
mod scenarios;
mod schemas;
mod staff_sign_on;
mod telemetry;
mod tls;
mod tokens;
mod webhooks;
mod wire;
