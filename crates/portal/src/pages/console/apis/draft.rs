//! A version: what it changes, for whom, and publishing it.

use app::{
    Error,
    catalogue::{self, Compared, LookedAt},
};
use askama::Template;
use domain::{ApiName, openapi::compare::Kind};
use http::StatusCode;

use super::{
    Held, People, Told, frame, held, must_publish, named, publishes, told,
    upstreams::{self, Attempt, Behind},
};
use crate::{
    form::Form,
    frame::{Frame, Moment, Notice},
    language::Language,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "console/apis/draft.html")]
struct Show<'v> {
    frame: Frame<'v>,
    form: Form,
    api: String,
    number: i64,
    /// What it is compared with, 0 for nothing.
    over: i64,
    /// When it was written, to the microsecond: what is published is what was looked at.
    moment: i64,
    is_draft: bool,
    written: Moment,
    by: String,
    published: Option<Moment>,
    note: String,
    told: Vec<Told>,
    breaks: bool,
    conflicts: Vec<(String, String)>,
    reached: String,
    held: Vec<Held>,
    more: usize,
    behind: Behind,
    publishes: bool,
}

#[derive(Template)]
#[template(path = "console/apis/discard.html")]
struct Discarding<'v> {
    frame: Frame<'v>,
    api: String,
    number: i64,
}

/// `GET /console/apis/{api}/drafts/{number}`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, Form::new(), Attempt::default()).await
}

/// `POST /console/apis/{api}/drafts/{number}/upstreams`: a test call, of an origin that this version names.
pub(crate) async fn try_upstream(visit: &Visit<'_>) -> Outcome {
    let (status, attempt) = upstreams::attempt(visit, Some(visit.id_segment("number")?)).await?;
    page(visit, status, Form::new(), attempt).await
}

/// `POST /console/apis/{api}/drafts/{number}/publish`
pub(crate) async fn publish(visit: &Visit<'_>) -> Outcome {
    let (app, actor, api, number) = (visit.portal.app(), visit.actor()?, named(visit), visit.id_segment("number")?);
    must_publish(visit).await?;
    let mut form = Form::typed(&visit.form);
    let number_of = |name| visit.form.text(name).parse().unwrap_or(-1);
    let looked_at = LookedAt { over: number_of("over"), written: number_of("written") };
    let compared = catalogue::compared(app, &actor, &api, number).await?;
    if breaks(&compared) && visit.form.text("breaks") != "yes" {
        form.wrong("breaks", visit.t("Confirma que quieres romper esas llamadas.", "Confirm that you mean to break those calls."));
        return page(visit, StatusCode::UNPROCESSABLE_ENTITY, form, Attempt::default()).await;
    }
    match catalogue::publish(app, &actor, &api, number, looked_at, visit.form.text("note")).await {
        Ok(()) => visit.redirect_with(&format!("/console/apis/{api}"), Notice::Published),
        // Which paths others took the page lists, as they are now.
        Err(Error::Faults(_)) => {
            form.wrong("", visit.t("Otra API se ha quedado con alguna de sus rutas.", "Another API has taken some of its paths."));
            page(visit, StatusCode::CONFLICT, form, Attempt::default()).await
        }
        Err(error) => {
            let status = if matches!(error, Error::Refused(_)) { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            form.refused(error, visit.language)?;
            page(visit, status, form, Attempt::default()).await
        }
    }
}

/// `POST /console/apis/{api}/drafts/{number}/again`: a draft of what was live once.
pub(crate) async fn again(visit: &Visit<'_>) -> Outcome {
    let api = named(visit);
    let number = catalogue::write_again(visit.portal.app(), &visit.actor()?, &api, visit.id_segment("number")?).await?;
    visit.redirect_with(&format!("/console/apis/{api}/drafts/{number}"), Notice::Drafted)
}

/// `GET /console/apis/{api}/drafts/{number}/discard`
pub(crate) async fn discarding(visit: &Visit<'_>) -> Outcome {
    must_publish(visit).await?;
    let (api, number): (ApiName, i64) = (named(visit), visit.id_segment("number")?);
    let seen = catalogue::version(visit.portal.app(), &visit.actor()?, &api, number).await?;
    if seen.version.published_at.is_some() {
        return Err(crate::failure::Failure::Missing);
    }
    let title = match visit.language {
        Language::Spanish => format!("Descartar el borrador {number} de {api}"),
        Language::English => format!("Discard draft {number} of {api}"),
    };
    let (frame, _) = frame(visit, title).await?;
    visit.page(&Discarding { frame, api: api.to_string(), number })
}

/// `POST /console/apis/{api}/drafts/{number}/discard`
pub(crate) async fn discard(visit: &Visit<'_>) -> Outcome {
    catalogue::discard(visit.portal.app(), &visit.actor()?, &named(visit), visit.id_segment("number")?).await?;
    visit.redirect_with("/console/apis", Notice::Discarded)
}

fn breaks(compared: &Compared) -> bool {
    compared.differences.iter().any(|difference| difference.kind == Kind::Breaking)
}

async fn page(visit: &Visit<'_>, status: StatusCode, form: Form, attempt: Attempt) -> Outcome {
    let (api, number): (ApiName, i64) = (named(visit), visit.id_segment("number")?);
    let compared = catalogue::compared(visit.portal.app(), &visit.actor()?, &api, number).await?;
    let (language, version) = (visit.language, &compared.seen.version);
    let is_draft = version.published_at.is_none();
    let title = match (language, is_draft) {
        (Language::Spanish, true) => format!("{}: borrador {number}", compared.seen.api.title),
        (Language::Spanish, false) => format!("{}: versión {number}", compared.seen.api.title),
        (Language::English, true) => format!("{}: draft {number}", compared.seen.api.title),
        (Language::English, false) => format!("{}: version {number}", compared.seen.api.title),
    };
    let (frame, _) = frame(visit, title).await?;
    let mut people = People::default();
    visit.page_with(
        status,
        &Show {
            api: api.to_string(),
            number,
            over: compared.over,
            moment: version.created_at.as_microsecond(),
            is_draft,
            written: Moment::new(*version.created_at, language),
            by: people.name(visit, &version.created_by).await,
            published: version.published_at.map(|at| Moment::new(*at, language)),
            note: version.note.clone(),
            told: told(&compared.differences, language),
            breaks: breaks(&compared),
            conflicts: compared.conflicts.iter().map(|fault| (fault.at.clone(), visit.t(&fault.spanish, &fault.what).to_owned())).collect(),
            reached: frame.number(u64::try_from(compared.reached).unwrap_or(0)),
            more: compared.reached.saturating_sub(compared.holders.len()),
            held: held(&compared.holders, language),
            behind: Behind::of(&compared.seen.api, &format!("/console/apis/{api}/drafts/{number}"), attempt, visit),
            publishes: publishes(visit),
            frame,
            form,
        },
    )
}
