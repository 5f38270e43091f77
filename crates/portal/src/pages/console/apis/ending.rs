//! The end of an API: first said, with a date; then done.

use app::catalogue;
use askama::Template;
use domain::{ApiName, Timestamp};
use http::StatusCode;
use jiff::{ToSpan, civil::Date, tz::TimeZone};

use super::{Held, frame, held, must_publish, named};
use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Notice},
    language::Language,
    visit::{Outcome, Visit},
};

/// How long callers are given, where nobody says anything else, in days.
const PATIENCE: i64 = 180;

#[derive(Template)]
#[template(path = "console/apis/ending.html")]
struct Ending<'v> {
    frame: Frame<'v>,
    form: Form,
    api: String,
    /// Whether it ends now, or is said to.
    retires: bool,
    number: String,
    held: Vec<Held>,
    more: usize,
}

/// `GET /console/apis/{api}/deprecate`
pub(crate) async fn deprecating(visit: &Visit<'_>) -> Outcome {
    must_publish(visit).await?;
    let day = visit.at.to_zoned(madrid()).date().saturating_add(PATIENCE.days()).to_string();
    page(visit, StatusCode::OK, Form::with(&[("sunset", &day)]), false).await
}

/// `POST /console/apis/{api}/deprecate`
pub(crate) async fn deprecate(visit: &Visit<'_>) -> Outcome {
    must_publish(visit).await?;
    let (api, mut form) = (named(visit), Form::typed(&visit.form));
    match end_of(visit.form.text("sunset")) {
        None => form.wrong("sunset", visit.t("Escribe una fecha, como 2027-06-30.", "Write a date, like 2027-06-30.")),
        Some(sunset) => match catalogue::deprecate(visit.portal.app(), &visit.actor()?, &api, sunset).await {
            Ok(()) => return visit.redirect_with(&format!("/console/apis/{api}"), Notice::Deprecated),
            Err(error) => form.refused(error, visit.language)?,
        },
    }
    page(visit, StatusCode::UNPROCESSABLE_ENTITY, form, false).await
}

/// `POST /console/apis/{api}/keep`: takes the deprecation back.
pub(crate) async fn keep(visit: &Visit<'_>) -> Outcome {
    let api = named(visit);
    catalogue::keep(visit.portal.app(), &visit.actor()?, &api).await?;
    visit.redirect_with(&format!("/console/apis/{api}"), Notice::Kept)
}

/// `GET /console/apis/{api}/retire`
pub(crate) async fn retiring(visit: &Visit<'_>) -> Outcome {
    must_publish(visit).await?;
    visit.proved()?;
    page(visit, StatusCode::OK, Form::new(), true).await
}

/// `POST /console/apis/{api}/retire`
pub(crate) async fn retire(visit: &Visit<'_>) -> Outcome {
    must_publish(visit).await?;
    visit.proved()?;
    let (api, mut form) = (named(visit), Form::typed(&visit.form));
    if visit.form.text("name") == api.to_string() {
        match catalogue::retire(visit.portal.app(), &visit.actor()?, &api).await {
            Ok(()) => return visit.redirect_with(&format!("/console/apis/{api}"), Notice::Retired),
            Err(error) => form.refused(error, visit.language)?,
        }
    } else {
        form.wrong("name", visit.t("Escribe el nombre de la API tal cual.", "Write the name of the API exactly."));
    }
    page(visit, StatusCode::UNPROCESSABLE_ENTITY, form, true).await
}

fn madrid() -> TimeZone {
    TimeZone::get("Europe/Madrid").unwrap_or(TimeZone::UTC)
}

/// The last second of a day in Madrid.
fn end_of(day: &str) -> Option<Timestamp> {
    let day: Date = day.parse().ok()?;
    Some(day.at(23, 59, 59, 0).to_zoned(madrid()).ok()?.timestamp())
}

async fn page(visit: &Visit<'_>, status: StatusCode, form: Form, retires: bool) -> Outcome {
    let (app, actor, api): (_, _, ApiName) = (visit.portal.app(), visit.actor()?, named(visit));
    if catalogue::overview(app, &actor, &api).await?.live.is_none() {
        return Err(Failure::Missing);
    }
    let (all, holders) = catalogue::holders(app, &actor, &api).await?;
    let title = match (visit.language, retires) {
        (Language::Spanish, true) => format!("Retirar {api}"),
        (Language::Spanish, false) => format!("Poner {api} en desuso"),
        (Language::English, true) => format!("Retire {api}"),
        (Language::English, false) => format!("Deprecate {api}"),
    };
    let (frame, _) = frame(visit, title).await?;
    let show = Ending {
        number: frame.number(u64::try_from(all).unwrap_or(0)),
        more: all.saturating_sub(holders.len()),
        held: held(&holders, visit.language),
        api: api.to_string(),
        frame,
        form,
        retires,
    };
    visit.page_with(status, &show)
}
