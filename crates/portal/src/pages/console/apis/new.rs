//! A document comes in: every fault of it is told with its place, or it is kept as a draft.

use app::catalogue::{self, Draft, Placing};
use askama::Template;
use domain::{
    ApiName,
    openapi::source::{self, Placed},
};
use http::StatusCode;

use super::{frame, must_publish};
use crate::{
    form::Form,
    frame::{Frame, Notice},
    language::Language,
    reference::cut,
    visit::{Outcome, Visit},
};

/// How many faults are told at once, and how much of a line is shown, in bytes.
const MOST_FAULTS: usize = 200;
const LONGEST_LINE: usize = 160;

#[derive(Template)]
#[template(path = "console/apis/new.html")]
struct New<'v> {
    frame: Frame<'v>,
    form: Form,
    /// Where the form goes.
    path: &'v str,
    /// The API that the draft must be of.
    of: Option<String>,
    faults: Vec<Fault>,
    more: usize,
}

struct Fault {
    place: Option<(u64, u64)>,
    pointer: String,
    text: String,
    /// The line as it is written.
    line: String,
}

/// `GET /console/apis/new`, `GET /console/apis/{api}/new`
pub(crate) async fn new(visit: &Visit<'_>) -> Outcome {
    must_publish(visit).await?;
    if let Some(of) = of(visit) {
        catalogue::overview(visit.portal.app(), &visit.actor()?, &of).await?;
    }
    page(visit, StatusCode::OK, Form::new(), Vec::new(), "").await
}

/// `POST` to the same: the file where one was chosen, else what was pasted.
pub(crate) async fn create(visit: &Visit<'_>) -> Outcome {
    let is_pasted = visit.form.raw("file").is_empty();
    let text = visit.form.raw(if is_pasted { "text" } else { "file" });
    let of = of(visit);
    // A file that is too long is not lost: it is where it came from.
    let is_kept = is_pasted || text.len() <= source::LONGEST;
    let said = |name: &str| visit.form.text(name);
    let placing = Placing { name: said("name"), sandbox: said("sandbox"), production: said("production") };
    let mut values = vec![("name", placing.name), ("sandbox", placing.sandbox), ("production", placing.production)];
    values.extend(is_kept.then_some(("text", text)));
    let mut form = Form::with(&values);
    let (app, actor) = (visit.portal.app(), visit.actor()?);
    let written = match &of {
        Some(of) => catalogue::write(app, &actor, Some(of), text).await,
        None => catalogue::write_placed(app, &actor, text, placing).await,
    };
    match written {
        Ok(Draft::Kept(api, number)) => visit.redirect_with(&format!("/console/apis/{api}/drafts/{number}"), Notice::Drafted),
        Ok(Draft::Faulty(faults)) => page(visit, StatusCode::UNPROCESSABLE_ENTITY, form, faults, text).await,
        Err(error) => {
            form.refused(error, visit.language)?;
            page(visit, StatusCode::UNPROCESSABLE_ENTITY, form, Vec::new(), "").await
        }
    }
}

fn of(visit: &Visit<'_>) -> Option<ApiName> {
    let name = visit.segment("api");
    (!name.is_empty()).then(|| name.into())
}

async fn page(visit: &Visit<'_>, status: StatusCode, form: Form, faults: Vec<Placed>, text: &str) -> Outcome {
    let of = of(visit).map(|name| name.to_string());
    let title = match (&of, visit.language) {
        (None, _) => visit.t("Publicar una API", "Publish an API").to_owned(),
        (Some(of), Language::Spanish) => format!("Versión nueva de {of}"),
        (Some(of), Language::English) => format!("New version of {of}"),
    };
    let (frame, _) = frame(visit, title).await?;
    let line = |number: u64| {
        let at = usize::try_from(number.saturating_sub(1)).ok();
        at.and_then(|at| text.lines().nth(at)).map(|line| cut(line.trim_end(), LONGEST_LINE)).unwrap_or_default()
    };
    let shown = faults.iter().take(MOST_FAULTS).map(|placed| Fault {
        place: placed.place,
        pointer: placed.fault.at.clone(),
        text: visit.t(&placed.fault.spanish, &placed.fault.what).to_owned(),
        line: placed.place.map(|(number, _)| line(number)).unwrap_or_default(),
    });
    let more = faults.len().saturating_sub(MOST_FAULTS);
    visit.page_with(status, &New { faults: shown.collect(), more, frame, form, path: &visit.path, of })
}
