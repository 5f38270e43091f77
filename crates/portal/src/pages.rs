//! The pages, one endpoint one function; a noun with many has a folder.

pub(crate) mod access;
pub(crate) mod account;
pub(crate) mod apis;
pub(crate) mod assets;
pub(crate) mod console;
pub(crate) mod customer_keys;
pub(crate) mod decisions;
pub(crate) mod errors;
pub(crate) mod event_matrix;
pub(crate) mod guides;
pub(crate) mod home;
pub(crate) mod invitation;
mod limits;
pub(crate) mod mailbox;
pub(crate) mod organisations;
pub(crate) mod policies;
pub(crate) mod projects;
pub(crate) mod recover;
pub(crate) mod register;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod staff_invitation;
pub(crate) mod status;
pub(crate) mod support;
pub(crate) mod verify;
