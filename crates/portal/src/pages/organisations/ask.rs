//! A page that asks before something is done that cannot be undone, and says what will stop working.

use askama::Template;

use crate::{
    frame::Frame,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "organisations/ask.html")]
pub(super) struct Ask<'v> {
    pub(super) frame: Frame<'v>,
    /// About what, in a sentence.
    pub(super) lead: String,
    /// What will be so afterwards.
    pub(super) consequences: Vec<String>,
    pub(super) button: &'static str,
    /// Where somebody goes who would rather not.
    pub(super) back: String,
}

impl Ask<'_> {
    /// The form is sent to the page's own path.
    pub(super) fn show(&self, visit: &Visit<'_>) -> Outcome {
        visit.page(self)
    }

    fn action(&self) -> &str {
        self.frame.path()
    }
}
