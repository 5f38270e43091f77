//! Under which rules the APIs may be used.

use app::policies;
use askama::Template;

use crate::{
    articles::Article,
    frame::{Frame, Moment},
    reference::prose::Prose,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "policies.html")]
struct Show<'v> {
    frame: Frame<'v>,
    version: String,
    from: Option<Moment>,
    is_past: bool,
    is_coming: bool,
    /// The version announced to come, and from when.
    next: Option<(String, Moment)>,
    changed: Prose,
    text: Article,
}

/// `GET /policies?version=`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let asked = visit.query.text("version");
    let shown = policies::show(visit.portal.app(), Some(asked).filter(|asked| !asked.is_empty())).await?;
    let (one, language) = (shown.policies, visit.language);
    let is_current = one.version == shown.current.version;
    let is_past = one.in_force_at.is_some_and(|from| from < shown.current.in_force_at);
    visit.page(&Show {
        frame: visit.frame(visit.t("Políticas de uso de las API", "Usage policies of the APIs")),
        from: one.in_force_at.map(|from| Moment::new(*from, language)),
        is_past,
        is_coming: !is_current && !is_past,
        next: shown.next.map(|next| (next.version, Moment::new(*next.in_force_at, language))),
        changed: Prose::read(one.changed(language), policies::LONGEST_CHANGE),
        text: Article::read(one.text(language), policies::LONGEST),
        version: one.version,
    })
}
