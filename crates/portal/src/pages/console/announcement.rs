//! One announcement: written, looked at in both languages, published, added to, ended.

use app::{
    announcements::{self, Draft, News},
    records::Announcement,
};
use askama::Template;
use domain::{
    AnnouncementId, Language,
    announcement::{Kind, Stage},
};
use http::StatusCode;

use super::{announcements::state, frame, must_publish, publishes, revision, unpublished};
use crate::{
    form::{Form, Values},
    frame::{Frame, Notice},
    local,
    told::Told,
    visit::{Outcome, Visit},
    words::{self, State},
};

const LIST: &str = "/console/announcements";

/// Pairs of value and text, as lists that open show them.
type Options = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "console/announcement_new.html")]
struct New<'v> {
    frame: Frame<'v>,
    form: Form,
    choices: Choices,
}

#[derive(Template)]
#[template(path = "console/announcement.html")]
struct Show<'v> {
    frame: Frame<'v>,
    one: Announcement,
    state: State,
    /// In Spanish and in English, as everybody reads it.
    told: [Told; 2],
    form: Form,
    choices: Choices,
    stages: Options,
    publishes: bool,
    is_draft: bool,
    is_over: bool,
    /// How many people a mail would go to.
    recipients: String,
    /// Whether the form for writing is open: something in it is wrong.
    editing: bool,
}

impl Show<'_> {
    fn path(&self, verb: &str) -> String {
        format!("{LIST}/{}{verb}", self.one.id)
    }
}

/// What the lists of the form offer.
struct Choices {
    kinds: Options,
    places: Options,
    apis: Options,
}

impl Choices {
    fn of(visit: &Visit<'_>) -> Self {
        let language = visit.language;
        let place = |environment| words::announcement_place(environment, language).to_owned();
        let environments = domain::Environment::ALL.iter().map(|one| (one.to_string(), place(Some(*one))));
        let catalogue = visit.portal.catalogue();
        let apis = catalogue.apis.iter().map(|api| (api.name.to_string(), api.name.to_string()));
        let all = |text: &str| std::iter::once((String::new(), text.to_owned()));
        Self {
            kinds: Kind::ALL.iter().map(|kind| (kind.to_string(), words::announcement_kind(*kind, language).to_owned())).collect(),
            places: all(&place(None)).chain(environments).collect(),
            apis: all(visit.t("todas", "all")).chain(apis).collect(),
        }
    }
}

/// `GET /console/announcements/new`
pub(crate) async fn new(visit: &Visit<'_>) -> Outcome {
    must_publish(visit)?;
    let now = local::written(visit.at);
    blank(visit, StatusCode::OK, Form::with(&[("kind", "incident"), ("starts_at", &now)])).await
}

/// `POST /console/announcements/new`
pub(crate) async fn create(visit: &Visit<'_>) -> Outcome {
    must_publish(visit)?;
    let mut form = Form::typed(&visit.form);
    let Some(draft) = read(visit, &mut form) else { return blank(visit, StatusCode::UNPROCESSABLE_ENTITY, form).await };
    match announcements::create(visit.portal.app(), &visit.actor()?, &draft).await {
        Ok(id) => visit.redirect_with(&format!("{LIST}/{id}"), Notice::DraftSaved),
        Err(error) => {
            let status = unpublished(visit, &mut form, error)?;
            blank(visit, status, form).await
        }
    }
}

/// `GET /console/announcements/{announcement}`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, None).await
}

/// `POST /console/announcements/{announcement}`: the draft anew.
pub(crate) async fn change(visit: &Visit<'_>) -> Outcome {
    must_publish(visit)?;
    let id: AnnouncementId = visit.id_segment("announcement")?;
    let mut form = Form::typed(&visit.form);
    let Some(draft) = read(visit, &mut form) else { return page(visit, StatusCode::UNPROCESSABLE_ENTITY, Some(form)).await };
    let done = announcements::change(visit.portal.app(), &visit.actor()?, id, revision(visit), &draft).await;
    turned(visit, done, &format!("{LIST}/{id}"), Notice::DraftSaved, form).await
}

/// `POST /console/announcements/{announcement}/publish`
pub(crate) async fn publish(visit: &Visit<'_>) -> Outcome {
    let id: AnnouncementId = visit.id_segment("announcement")?;
    let by_mail = visit.form.text("by_mail") == "yes";
    let done = announcements::publish(visit.portal.app(), &visit.actor()?, id, revision(visit), by_mail).await;
    turned(visit, done, &format!("{LIST}/{id}"), Notice::AnnouncementPublished, Form::new()).await
}

/// `POST /console/announcements/{announcement}/update`
pub(crate) async fn update(visit: &Visit<'_>) -> Outcome {
    must_publish(visit)?;
    let id: AnnouncementId = visit.id_segment("announcement")?;
    let mut form = Form::typed(&visit.form);
    let ends_at = local::read(&visit.form, &mut form, "ends_at", no_moment(visit));
    let stage: Option<Stage> = visit.form.text("stage").parse().ok();
    let Some(stage) = stage.filter(|_| !form.is_wrong()) else {
        if stage.is_none() {
            form.wrong("stage", visit.t("Di cómo va.", "Say how it goes."));
        }
        return page(visit, StatusCode::UNPROCESSABLE_ENTITY, Some(form)).await;
    };
    let text = |name: &str| visit.form.raw(name).to_owned();
    let news = News { stage, spanish: text("spanish"), english: text("english"), ends_at };
    let done = announcements::update(visit.portal.app(), &visit.actor()?, id, revision(visit), &news).await;
    turned(visit, done, &format!("{LIST}/{id}"), Notice::AnnouncementUpdated, form).await
}

/// `POST /console/announcements/{announcement}/end`
pub(crate) async fn end(visit: &Visit<'_>) -> Outcome {
    let id: AnnouncementId = visit.id_segment("announcement")?;
    let done = announcements::end(visit.portal.app(), &visit.actor()?, id).await;
    turned(visit, done, &format!("{LIST}/{id}"), Notice::AnnouncementEnded, Form::new()).await
}

/// `POST /console/announcements/{announcement}/discard`
pub(crate) async fn discard(visit: &Visit<'_>) -> Outcome {
    let id: AnnouncementId = visit.id_segment("announcement")?;
    let done = announcements::discard(visit.portal.app(), &visit.actor()?, id, revision(visit)).await;
    turned(visit, done, LIST, Notice::DraftDiscarded, Form::new()).await
}

async fn turned(visit: &Visit<'_>, done: app::Result<()>, to: &str, notice: Notice, mut form: Form) -> Outcome {
    let Err(error) = done else {
        // Whoever published looks at the page next: it must know by then.
        let _ = visit.portal.directory().catch_up().await;
        return visit.redirect_with(to, notice);
    };
    let status = unpublished(visit, &mut form, error)?;
    page(visit, status, Some(form)).await
}

async fn blank(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    let (frame, _) = frame(visit, visit.t("Anuncio nuevo", "New announcement")).await?;
    visit.page_with(status, &New { frame, form, choices: Choices::of(visit) })
}

/// The page; a form is one that was refused, and keeps what was typed.
async fn page(visit: &Visit<'_>, status: StatusCode, refused: Option<Form>) -> Outcome {
    let (app, actor) = (visit.portal.app(), visit.actor()?);
    let one = announcements::find(app, &actor, visit.id_segment("announcement")?).await?;
    let recipients = announcements::recipients(app, &actor, one.id).await?;
    let (frame, _) = frame(visit, one.title(visit.language)).await?;
    let stage = |stage: &Stage| (stage.to_string(), words::announcement_stage(*stage, visit.language).to_owned());
    let editing = refused.is_some();
    let is_draft = one.published_at.is_none();
    let form = match refused {
        // A refused publication has nothing typed in it: the draft's own text is what the form shows.
        Some(form) if !is_draft || !form.value("kind").is_empty() => form,
        Some(form) => written(&one).blamed(form),
        None if is_draft => written(&one),
        None => Form::new(),
    };
    visit.page_with(
        status,
        &Show {
            state: state(&one, visit),
            told: [Language::Spanish, Language::English].map(|language| Told::new(&one, language, visit.at).unnamed()),
            choices: Choices::of(visit),
            stages: Stage::ALL.iter().map(stage).collect(),
            publishes: publishes(visit),
            is_draft,
            is_over: one.is_over(visit.at),
            recipients: frame.number(u64::try_from(recipients).unwrap_or(0)),
            editing,
            form,
            one,
            frame,
        },
    )
}

/// A draft as the form shows it.
fn written(one: &Announcement) -> Form {
    let end = one.ends_at.map(|end| local::written(*end)).unwrap_or_default();
    Form::with(&[
        ("kind", one.kind.as_str()),
        ("environment", &one.environment),
        ("api", &one.api),
        ("title_spanish", &one.title_spanish),
        ("title_english", &one.title_english),
        ("text_spanish", &one.text_spanish),
        ("text_english", &one.text_english),
        ("starts_at", &local::written(*one.starts_at)),
        ("ends_at", &end),
    ])
}

fn no_moment<'v>(visit: &Visit<'v>) -> &'v str {
    visit.language.pick("Escribe día y hora.", "Write a day and a time.")
}

/// What the form says; `None`, and noted on it, when it cannot be read.
fn read(visit: &Visit<'_>, form: &mut Form) -> Option<Draft> {
    let values: &Values = &visit.form;
    let (starts_at, ends_at) =
        (local::read(values, form, "starts_at", no_moment(visit)), local::read(values, form, "ends_at", no_moment(visit)));
    let kind = values.text("kind").parse().ok();
    if kind.is_none() {
        form.wrong("kind", visit.t("Elige de qué clase es.", "Choose of what kind it is."));
    }
    let text = |name: &str| values.raw(name).to_owned();
    let kind = kind.filter(|_| !form.is_wrong())?;
    Some(Draft {
        kind,
        environment: values.text("environment").parse().ok(),
        api: text("api"),
        title_spanish: text("title_spanish"),
        title_english: text("title_english"),
        text_spanish: text("text_spanish"),
        text_english: text("text_english"),
        starts_at,
        ends_at,
    })
}
