//! The versions of the usage policies: written in both languages side by side, looked at, published.

use app::{
    policies::{self, Draft},
    records::Policies,
};
use askama::Template;
use domain::Language;
use http::StatusCode;
use jiff::SignedDuration;

use super::{frame, must_publish, person, publishes, revision, unpublished};
use crate::{
    articles::Article,
    form::Form,
    frame::{Frame, Moment, Notice},
    local,
    reference::prose::Prose,
    visit::{Outcome, Visit},
    words::State,
};

const LIST: &str = "/console/policies";

/// How long people have, from the day it is written, to read a version before it is in force, unless the form says otherwise.
const AHEAD: SignedDuration = SignedDuration::from_hours(30 * 24);

#[derive(Template)]
#[template(path = "console/policies.html")]
struct List<'v> {
    frame: Frame<'v>,
    rows: Vec<Row>,
    publishes: bool,
}

struct Row {
    version: String,
    state: State,
    from: Option<Moment>,
    published: Option<Moment>,
    by: String,
}

#[derive(Template)]
#[template(path = "console/policies_new.html")]
struct New<'v> {
    frame: Frame<'v>,
    form: Form,
}

#[derive(Template)]
#[template(path = "console/policies_version.html")]
struct Show<'v> {
    frame: Frame<'v>,
    version: String,
    revision: i64,
    state: State,
    from: Option<Moment>,
    is_draft: bool,
    publishes: bool,
    recipients: String,
    /// In Spanish and in English, as everybody reads it: what changes, and the text.
    read: [(&'static str, Prose, Article); 2],
    form: Form,
    publishing: Form,
    editing: bool,
}

/// `GET /console/policies`
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    let (frame, _) = frame(visit, visit.t("Políticas de uso", "Usage policies")).await?;
    let all = policies::list(visit.portal.app(), &visit.actor()?).await?;
    let current = in_force(&all, visit);
    let mut rows = Vec::with_capacity(all.len());
    for one in all {
        let by = match one.published_by.as_deref() {
            None => String::new(),
            Some("system") => visit.t("la primera versión", "the first version").to_owned(),
            by => person(visit, by).await,
        };
        rows.push(Row {
            state: state(&one, current.as_deref(), visit),
            from: one.in_force_at.map(|from| Moment::new(*from, visit.language)),
            published: one.published_at.map(|at| Moment::new(*at, visit.language)),
            version: one.version,
            by,
        });
    }
    visit.page(&List { frame, rows, publishes: publishes(visit) })
}

/// `GET /console/policies/new`: begins with the text that is in force.
pub(crate) async fn new(visit: &Visit<'_>) -> Outcome {
    must_publish(visit)?;
    let text = policies::show(visit.portal.app(), None).await?.policies;
    let form = Form::with(&[("spanish", &text.spanish), ("english", &text.english)]);
    blank(visit, StatusCode::OK, form).await
}

/// `POST /console/policies/new`
pub(crate) async fn create(visit: &Visit<'_>) -> Outcome {
    let mut form = Form::typed(&visit.form);
    let draft = Draft { version: visit.form.raw("version").to_owned(), ..typed(visit) };
    // No revision of it was read: what is there under this name already is somebody else's.
    match policies::put_draft(visit.portal.app(), &visit.actor()?, &draft, Some(0)).await {
        Ok(_) => visit.redirect_with(&format!("{LIST}/{}", draft.version.trim()), Notice::DraftSaved),
        Err(error) => {
            let status = unpublished(visit, &mut form, error)?;
            blank(visit, status, form).await
        }
    }
}

/// `GET /console/policies/{version}`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, None, Form::new()).await
}

/// `POST /console/policies/{version}`: the draft anew.
pub(crate) async fn change(visit: &Visit<'_>) -> Outcome {
    let version = visit.segment("version");
    // A name that nobody wrote under is no page of ours.
    policies::find(visit.portal.app(), &visit.actor()?, version).await?;
    let draft = Draft { version: version.to_owned(), ..typed(visit) };
    match policies::put_draft(visit.portal.app(), &visit.actor()?, &draft, Some(revision(visit))).await {
        Ok(_) => visit.redirect_with(&format!("{LIST}/{version}"), Notice::DraftSaved),
        Err(error) => {
            let mut form = Form::typed(&visit.form);
            let status = unpublished(visit, &mut form, error)?;
            page(visit, status, Some(form), Form::new()).await
        }
    }
}

/// `POST /console/policies/{version}/publish`
pub(crate) async fn publish(visit: &Visit<'_>) -> Outcome {
    must_publish(visit)?;
    let (version, mut form) = (visit.segment("version"), Form::typed(&visit.form));
    let mend = visit.t("Di desde cuándo: día y hora.", "Say from when: a day and a time.");
    let from = local::read(&visit.form, &mut form, "in_force_at", mend);
    if from.is_none() && !form.is_wrong() {
        form.wrong("in_force_at", mend);
    }
    if form.is_wrong() {
        return page(visit, StatusCode::UNPROCESSABLE_ENTITY, None, form).await;
    }
    match policies::publish(visit.portal.app(), &visit.actor()?, version, revision(visit), from).await {
        Ok(_) => visit.redirect_with(&format!("{LIST}/{version}"), Notice::PoliciesPublished),
        Err(error) => {
            let status = unpublished(visit, &mut form, error)?;
            page(visit, status, None, form).await
        }
    }
}

/// `POST /console/policies/{version}/discard`
pub(crate) async fn discard(visit: &Visit<'_>) -> Outcome {
    match policies::discard(visit.portal.app(), &visit.actor()?, visit.segment("version"), revision(visit)).await {
        Ok(()) => visit.redirect_with(LIST, Notice::DraftDiscarded),
        Err(error) => {
            let mut form = Form::new();
            let status = unpublished(visit, &mut form, error)?;
            page(visit, status, None, form).await
        }
    }
}

fn typed(visit: &Visit<'_>) -> Draft {
    let text = |name: &str| visit.form.raw(name).to_owned();
    Draft {
        version: String::new(),
        spanish: text("spanish"),
        english: text("english"),
        changed_spanish: text("changed_spanish"),
        changed_english: text("changed_english"),
    }
}

async fn blank(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    let (frame, _) = frame(visit, visit.t("Versión nueva de las políticas", "New version of the policies")).await?;
    visit.page_with(status, &New { frame, form })
}

/// The page; `refused` keeps what was typed of the text, `publishing` what is wrong with anything else.
async fn page(visit: &Visit<'_>, status: StatusCode, refused: Option<Form>, mut publishing: Form) -> Outcome {
    let (app, actor) = (visit.portal.app(), visit.actor()?);
    let one = policies::find(app, &actor, visit.segment("version")).await?;
    let all = policies::list(app, &actor).await?;
    let recipients = policies::recipients(app, &actor).await?;
    let (frame, _) = frame(visit, format!("{} {}", visit.t("Políticas de uso, versión", "Usage policies, version"), one.version)).await?;
    let state = state(&one, in_force(&all, visit).as_deref(), visit);
    let read = |language: Language| {
        let changed = Prose::read(one.changed(language), policies::LONGEST_CHANGE);
        (language.as_str(), changed, Article::read(one.text(language), policies::LONGEST))
    };
    if publishing.value("in_force_at").is_empty() {
        let soon = local::written(visit.at + AHEAD);
        let midnight = format!("{}T00:00", soon.split('T').next().unwrap_or_default());
        publishing = Form::with(&[("in_force_at", &midnight)]).blamed(publishing);
    }
    let editing = refused.is_some();
    let form = refused.unwrap_or_else(|| {
        Form::with(&[
            ("spanish", &one.spanish),
            ("english", &one.english),
            ("changed_spanish", &one.changed_spanish),
            ("changed_english", &one.changed_english),
        ])
    });
    visit.page_with(
        status,
        &Show {
            state,
            from: one.in_force_at.map(|from| Moment::new(*from, visit.language)),
            is_draft: one.published_at.is_none(),
            publishes: publishes(visit),
            recipients: frame.number(u64::try_from(recipients).unwrap_or(0)),
            read: [read(Language::Spanish), read(Language::English)],
            revision: one.revision,
            version: one.version,
            form,
            publishing,
            editing,
            frame,
        },
    )
}

/// The name of the version in force, among all.
fn in_force(all: &[Policies], visit: &Visit<'_>) -> Option<String> {
    let published = all.iter().filter(|one| one.in_force_at.is_some_and(|from| *from <= visit.at));
    published.max_by_key(|one| one.in_force_at).map(|one| one.version.clone())
}

fn state(one: &Policies, current: Option<&str>, visit: &Visit<'_>) -> State {
    let (class, word) = match one.in_force_at {
        None => ("warn", visit.language.pick("borrador", "draft")),
        Some(_) if current == Some(one.version.as_str()) => ("ok", visit.language.pick("en vigor", "in force")),
        Some(from) if *from > visit.at => ("", visit.language.pick("anunciada", "announced")),
        Some(_) => ("", visit.language.pick("sustituida", "superseded")),
    };
    State { class, word }
}
