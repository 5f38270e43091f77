//! The operator's announcements, drafts too.

use app::{announcements, records::Announcement};
use askama::Template;
use domain::Timestamp;

use super::{frame, publishes};
use crate::{
    failure::Failure,
    frame::{Frame, Moment},
    visit::{Outcome, Visit},
    words::{self, State},
};

/// How many rows stand on a page.
const PAGE: usize = 25;

#[derive(Template)]
#[template(path = "console/announcements.html")]
struct List<'v> {
    frame: Frame<'v>,
    rows: Vec<Row>,
    publishes: bool,
    /// The query of the next page.
    next: Option<String>,
}

struct Row {
    id: String,
    title: String,
    kind: &'static str,
    state: State,
    place: &'static str,
    api: String,
    from: Moment,
    to: Option<Moment>,
}

/// `GET /console/announcements?before=`
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    let (frame, _) = frame(visit, visit.t("Anuncios", "Announcements")).await?;
    let before = visit.query.text("before");
    let before = if before.is_empty() { None } else { Some(place(before)?) };
    let most = i64::try_from(PAGE + 1).unwrap_or(announcements::PAGE);
    let mut found = announcements::list(visit.portal.app(), &visit.actor()?, before, most).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|one| format!("before={}_{}", one.starts_at.as_microsecond(), one.id));
    let language = visit.language;
    let rows = found.into_iter().map(|one| Row {
        id: one.id.to_string(),
        title: one.title(language).to_owned(),
        kind: words::announcement_kind(one.kind, language),
        state: state(&one, visit),
        place: words::announcement_place(one.environment(), language),
        from: Moment::new(*one.starts_at, language),
        to: one.ends_at.map(|end| Moment::new(*end, language)),
        api: one.api,
    });
    visit.page(&List { rows: rows.collect(), publishes: publishes(visit), next, frame })
}

/// Where a page begins: a moment and an id, from the page before.
fn place(text: &str) -> Result<(Timestamp, domain::AnnouncementId), Failure> {
    let read = || {
        let (at, id) = text.split_once('_')?;
        Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, id.parse().ok()?))
    };
    read().ok_or(Failure::Missing)
}

/// How an announcement stands, in a word.
pub(super) fn state(one: &Announcement, visit: &Visit<'_>) -> State {
    let (class, word) = if one.published_at.is_none() {
        ("warn", visit.language.pick("borrador", "draft"))
    } else if one.is_over(visit.at) {
        ("", visit.language.pick("terminado", "over"))
    } else if one.is_planned(visit.at) {
        ("", visit.language.pick("previsto", "planned"))
    } else {
        ("ok", visit.language.pick("en curso", "current"))
    };
    State { class, word }
}
