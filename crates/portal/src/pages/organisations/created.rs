//! What is shown once, when a project came into the world with its credentials.

use askama::Template;

use crate::{frame::Frame, stamp::Stamp, words::State};

#[derive(Template)]
#[template(path = "organisations/created.html")]
pub(super) struct Created<'v> {
    pub(super) frame: Frame<'v>,
    pub(super) lead: String,
    pub(super) stamps: Vec<Stamp>,
    /// What became of the APIs that were chosen.
    pub(super) access: Vec<Chosen>,
    pub(super) first_call: String,
    pub(super) project_href: String,
    pub(super) organisation_href: String,
}

/// An API that was chosen while the project was created.
pub(super) struct Chosen {
    pub(super) title: String,
    pub(super) state: State,
    /// What that means now.
    pub(super) note: &'static str,
}
