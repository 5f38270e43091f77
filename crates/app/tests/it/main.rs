//! Use cases against both engines, real ones.

mod access;
mod accounts;
mod audit;
mod catalogue;
mod contracts;
mod customer_types;
mod house;
mod invitations;
mod keys;
mod members;
mod notices;
mod organisations;
mod permissions;
mod production;
mod projects;
mod queues;
mod secret_review;
mod secrets;
mod staff;
mod standing;
mod strangers;
mod try_it;
mod view;
