//! A secret on the one page that ever shows it.

use app::view::ProjectPage;
use askama::Template;

use super::rail;
use crate::{
    frame::{Frame, Moment},
    stamp::Stamp,
    visit::{Outcome, Visit},
};

/// What became of what was there before.
pub(super) enum Before {
    /// There was nothing, or nothing changes for it.
    Stays,
    /// It has stopped opening anything.
    Ended,
    /// It goes on until then.
    Until(Moment),
}

/// A pair of credentials that was just made.
pub(super) struct Issued<'a> {
    pub(super) title: &'a str,
    pub(super) stamp: Stamp,
    pub(super) before: Before,
    /// What to do now.
    pub(super) mend: &'a str,
}

#[derive(Template)]
#[template(path = "projects/issued.html")]
struct Page<'v> {
    frame: Frame<'v>,
    page: &'v ProjectPage,
    issued: Issued<'v>,
}

/// The page. No other one holds the secret, and no cache keeps this one.
pub(super) fn issued(visit: &Visit<'_>, page: &ProjectPage, issued: Issued<'_>) -> Outcome {
    visit.page(&Page { frame: visit.frame(issued.title).beside(rail(visit, page)), page, issued })
}
