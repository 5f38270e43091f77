//! Use cases against both engines, real ones.

mod access;
mod accounts;
mod audit;
mod announcements;
mod approval_rules;
mod catalogue;
mod contracts;
mod customer_types;
mod desk;
mod house;
mod invitations;
mod keys;
mod members;
mod notices;
mod organisations;
mod permissions;
mod policies;
mod production;
mod projects;
mod publishing;
mod queues;
mod secrets;
mod standing;
mod strangers;
mod try_it;
mod view;
