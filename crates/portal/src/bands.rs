//! The bands at the top of every page: incidents, and maintenance from a day before it begins. They come from memory.

use app::records::Announcement;
use domain::{Timestamp, announcement::Kind};
use jiff::SignedDuration;

use crate::{frame::Moment, visit::Visit, words};

/// How long before planned work begins everybody hears of it.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);
/// How many bands a page has at most; all of them stand on the page of the status.
const MOST: usize = 3;

/// A band.
pub(crate) struct Band {
    /// `warn` or `wrong`.
    pub(crate) class: &'static str,
    /// Of what kind it is, in a word.
    pub(crate) word: &'static str,
    pub(crate) title: String,
    pub(crate) href: String,
    /// When it begins, where that is still to come.
    pub(crate) from: Option<Moment>,
}

/// The bands of this page. The page of the status says all of it anyway.
pub(crate) fn of(visit: &Visit<'_>) -> Vec<Band> {
    if visit.path == "/status" {
        return Vec::new();
    }
    let announcements = visit.portal.directory().announcements();
    let mut shown: Vec<&Announcement> = announcements.iter().filter(|one| is_shown(one, visit.at)).collect();
    // What goes wrong comes before what is planned.
    shown.sort_by_key(|one| one.kind != Kind::Incident);
    let band = |one: &Announcement| Band {
        class: if one.kind == Kind::Incident { "wrong" } else { "warn" },
        word: words::announcement_kind(one.kind, visit.language),
        title: one.title(visit.language).to_owned(),
        href: format!("/status#a-{}", one.id),
        from: one.is_planned(visit.at).then(|| Moment::new(*one.starts_at, visit.language)),
    };
    shown.into_iter().take(MOST).map(band).collect()
}

fn is_shown(one: &Announcement, now: Timestamp) -> bool {
    match one.kind {
        Kind::Notice => false,
        Kind::Incident => one.is_current(now),
        Kind::Maintenance => one.is_current(now) || (one.is_planned(now) && *one.starts_at - AHEAD <= now),
    }
}
