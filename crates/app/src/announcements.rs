//! What the operator tells everybody: notices, planned work, incidents. Written as a draft, published, added to while it goes on, ended.
//!
//! Everybody reads them from memory: publishing puts them on the change feed.

use domain::{
    AnnouncementId, Environment, Timestamp,
    announcement::{Kind, Stage},
    role::Duty,
};
use serde_json::json;
use store::{
    Moment,
    announcements::{self as stored, Announcement, Update},
};

use crate::{
    Actor, App, Error, Result, circulars, name, permission,
    policies::{changed_meanwhile, text},
};

/// The longest title, in characters.
pub const LONGEST_TITLE: usize = 120;
/// The longest text, in bytes.
pub const LONGEST: usize = 4000;
/// How many updates an announcement has at most.
pub const MOST_UPDATES: usize = 40;
/// How many rows a page of the console has at most.
pub const PAGE: i64 = 200;

/// An announcement as it is written.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Of what kind it is.
    pub kind: Kind,
    /// The environment concerned; `None`: all.
    pub environment: Option<Environment>,
    /// The name of the API concerned; empty: all.
    pub api: String,
    /// Its title in Spanish, on one line, at most [`LONGEST_TITLE`] characters.
    pub title_spanish: String,
    /// The same in English.
    pub title_english: String,
    /// Its text in Spanish, in Markdown, at most [`LONGEST`] bytes.
    pub text_spanish: String,
    /// The same in English.
    pub text_english: String,
    /// From when on; `None`: from now on.
    pub starts_at: Option<Timestamp>,
    /// Until when; `None`: until somebody ends it. Work that is planned has an end.
    pub ends_at: Option<Timestamp>,
}

/// What is said of an announcement later.
#[derive(Debug, Clone)]
pub struct News {
    /// How far it has come; resolved ends it.
    pub stage: Stage,
    /// In Spanish, at most [`LONGEST`] bytes.
    pub spanish: String,
    /// The same in English.
    pub english: String,
    /// When it ends, where that is another moment than before.
    pub ends_at: Option<Timestamp>,
}

/// Those that start before `before` (a moment and an id, from a page before; `None`: from the last on), the latest first, drafts too.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn list(app: &App, actor: &Actor, before: Option<(Timestamp, AnnouncementId)>, limit: i64) -> Result<Vec<Announcement>> {
    permission::staff(app, actor, Duty::See).await?;
    let id = before.map(|(_, id)| id.to_string()).unwrap_or_default();
    let at = Moment(before.map_or(Timestamp::MAX, |(at, _)| at));
    Ok(stored::page(app.db(), (at, &id), limit.clamp(1, PAGE)).await?)
}

/// The announcement with this id, drafts too.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(app: &App, actor: &Actor, id: AnnouncementId) -> Result<Announcement> {
    permission::staff(app, actor, Duty::See).await?;
    stored::find(app.db(), id).await?.ok_or_else(|| Error::not_found("announcement", id))
}

/// Writes a draft. Nobody but staff sees it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`]; [`Error::Invalid`] naming the field.
pub async fn create(app: &App, actor: &Actor, draft: &Draft) -> Result<AnnouncementId> {
    permission::staff(app, actor, Duty::Publish).await?;
    let fresh = Announcement {
        id: AnnouncementId::from(app.uuid()),
        revision: 1,
        created_at: app.moment(),
        created_by: actor.to_string(),
        published_at: None,
        updates: Vec::new(),
        ..blank(app)
    };
    let one = written(app, fresh, draft).await?;
    let mut tx = app.begin().await?;
    stored::insert(&mut tx, &one).await?;
    app.commit(tx, actor, "announcement.create", one.id, json!({"kind": one.kind})).await?;
    Ok(one.id)
}

/// Writes over a draft in the revision that was read.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`]; [`Error::Invalid`] naming the field; [`Error::Refused`] for a published one, or when somebody
/// else changed the draft since.
pub async fn change(app: &App, actor: &Actor, id: AnnouncementId, revision: i64, draft: &Draft) -> Result<()> {
    permission::staff(app, actor, Duty::Publish).await?;
    let known = drafted(find(app, actor, id).await?)?;
    let one = Announcement { revision, ..written(app, known, draft).await? };
    let mut tx = app.begin().await?;
    if !stored::change(&mut tx, &one).await? {
        return Err(changed_meanwhile());
    }
    app.commit(tx, actor, "announcement.change", id, json!({"kind": one.kind})).await
}

/// Removes a draft.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`]; [`Error::Refused`] for a published one, or when somebody else changed the draft since.
pub async fn discard(app: &App, actor: &Actor, id: AnnouncementId, revision: i64) -> Result<()> {
    permission::staff(app, actor, Duty::Publish).await?;
    drafted(find(app, actor, id).await?)?;
    let mut tx = app.begin().await?;
    if !stored::discard(&mut tx, id, revision).await? {
        return Err(changed_meanwhile());
    }
    app.commit(tx, actor, "announcement.discard", id, json!({})).await
}

/// Publishes a draft in the revision that was read. With `by_mail`, the owners and admins of organisations that may use what is concerned
/// are written to, some at once and the others as [`upkeep`](crate::upkeep) goes by.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`]; [`Error::Refused`] for one that is published or over, or when somebody else changed the draft
/// since.
pub async fn publish(app: &App, actor: &Actor, id: AnnouncementId, revision: i64, by_mail: bool) -> Result<()> {
    permission::staff(app, actor, Duty::Publish).await?;
    let one = drafted(find(app, actor, id).await?)?;
    if one.is_over(app.now()) {
        return Err(Error::refused(
            "Ya habría terminado: cambia la fecha de fin antes de publicarlo.",
            "it would be over already: change its end before you publish it",
        ));
    }
    let mut tx = app.begin().await?;
    if !stored::publish(&mut tx, id, revision, app.moment()).await? {
        return Err(changed_meanwhile());
    }
    if by_mail {
        circulars::begin(app, &mut tx, &circulars::About::Announcement(&one)).await?;
    }
    app.commit(tx, actor, "announcement.publish", id, json!({"kind": one.kind, "by_mail": by_mail})).await
}

/// How many people [`publish`] would write to.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn recipients(app: &App, actor: &Actor, id: AnnouncementId) -> Result<i64> {
    let one = find(app, actor, id).await?;
    Ok(store::circulars::users_count(app.db(), &one.api, &one.environment).await?)
}

/// Says more of a published announcement, in the revision that was read; [`Stage::Resolved`] ends it now.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`]; [`Error::Invalid`] naming the field; [`Error::Refused`] for a draft, one that is over or has
/// [`MOST_UPDATES`], or when somebody else was faster.
pub async fn update(app: &App, actor: &Actor, id: AnnouncementId, revision: i64, news: &News) -> Result<()> {
    permission::staff(app, actor, Duty::Publish).await?;
    let one = going_on(app, find(app, actor, id).await?)?;
    let (spanish, english) = (text("spanish", &news.spanish, 1, LONGEST)?, text("english", &news.english, 1, LONGEST)?);
    if one.updates.len() >= MOST_UPDATES {
        return Err(Error::refused(
            "Ya tiene demasiadas novedades: termínalo y publica otro.",
            "it has too many updates: end it and publish another",
        ));
    }
    let end = match news.stage {
        Stage::Resolved => Some(app.moment()),
        _ => news.ends_at.map(Moment),
    };
    if end.is_some_and(|end| end < app.moment().max(one.starts_at) && news.stage != Stage::Resolved) {
        return Err(too_early());
    }
    let number = one.updates.last().map_or(1, |last| last.number + 1);
    let mut tx = app.begin().await?;
    if !stored::touch(&mut tx, id, revision).await? {
        return Err(changed_meanwhile());
    }
    let said = Update { announcement_id: id, number, at: app.moment(), stage: news.stage, spanish, english };
    stored::add_update(&mut tx, &said).await?;
    if end.is_some() {
        stored::set_end(&mut tx, id, end).await?;
    }
    app.commit(tx, actor, "announcement.update", id, json!({"stage": news.stage, "ends_at": end})).await
}

/// Ends a published announcement now, or calls it off when it has not begun.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`]; [`Error::Refused`] for a draft or one that is over, or when somebody else was faster.
pub async fn end(app: &App, actor: &Actor, id: AnnouncementId) -> Result<()> {
    permission::staff(app, actor, Duty::Publish).await?;
    let one = going_on(app, find(app, actor, id).await?)?;
    let mut tx = app.begin().await?;
    if !stored::touch(&mut tx, id, one.revision).await? {
        return Err(changed_meanwhile());
    }
    stored::set_end(&mut tx, id, Some(app.moment())).await?;
    app.commit(tx, actor, "announcement.end", id, json!({})).await
}

fn blank(app: &App) -> Announcement {
    Announcement {
        id: AnnouncementId(uuid::Uuid::nil()),
        kind: Kind::Notice,
        environment: String::new(),
        api: String::new(),
        title_spanish: String::new(),
        title_english: String::new(),
        text_spanish: String::new(),
        text_english: String::new(),
        starts_at: app.moment(),
        ends_at: None,
        revision: 1,
        created_at: app.moment(),
        created_by: String::new(),
        published_at: None,
        updates: Vec::new(),
    }
}

/// The announcement with what a draft says, checked.
async fn written(app: &App, known: Announcement, draft: &Draft) -> Result<Announcement> {
    let api = draft.api.trim();
    if !api.is_empty() && store::apis::find(app.db(), &api.into()).await?.is_none() {
        return Err(Error::invalid("api", "No hay ninguna API con ese nombre.", "there is no API of that name"));
    }
    let starts_at = draft.starts_at.map_or(app.moment(), Moment);
    let ends_at = draft.ends_at.map(Moment);
    if ends_at.is_some_and(|end| end <= starts_at.max(app.moment())) {
        return Err(too_early());
    }
    if draft.kind == Kind::Maintenance && ends_at.is_none() {
        return Err(Error::invalid("ends_at", "Di hasta cuándo dura el mantenimiento.", "say until when the maintenance lasts"));
    }
    Ok(Announcement {
        kind: draft.kind,
        environment: draft.environment.map(|environment| environment.to_string()).unwrap_or_default(),
        api: api.to_owned(),
        title_spanish: name("title_spanish", &draft.title_spanish, LONGEST_TITLE)?,
        title_english: name("title_english", &draft.title_english, LONGEST_TITLE)?,
        text_spanish: text("text_spanish", &draft.text_spanish, 1, LONGEST)?,
        text_english: text("text_english", &draft.text_english, 1, LONGEST)?,
        starts_at,
        ends_at,
        ..known
    })
}

fn too_early() -> Error {
    Error::invalid("ends_at", "El fin va después del principio, y no antes de ahora.", "it ends after it begins, and not before now")
}

fn drafted(one: Announcement) -> Result<Announcement> {
    if one.published_at.is_none() {
        return Ok(one);
    }
    Err(Error::refused(
        "Ya está publicado: añade una novedad en lugar de cambiarlo.",
        "it is published already: add an update instead of changing it",
    ))
}

fn going_on(app: &App, one: Announcement) -> Result<Announcement> {
    if one.published_at.is_none() {
        return Err(Error::refused("Es un borrador: publícalo antes.", "it is a draft: publish it first"));
    }
    if one.is_over(app.now()) {
        return Err(Error::refused("Ya ha terminado.", "it is over already"));
    }
    Ok(one)
}
