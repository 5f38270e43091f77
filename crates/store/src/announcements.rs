//! What the operator tells everybody, and what was said since.

use domain::{
    AnnouncementId, Environment, Language, Timestamp,
    announcement::{Kind, Stage},
};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx, changes::Change};

sql! {
    INSERT = "INSERT INTO announcements (id, kind, environment, api, title_spanish, title_english, text_spanish, text_english, starts_at, ends_at,
            revision, created_at, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    BY_ID = "SELECT id, kind, environment, api, title_spanish, title_english, text_spanish, text_english, starts_at, ends_at, revision, created_at,
            created_by, published_at
        FROM announcements WHERE id = $1";
    /// Newest first; a draft stands by the moment it shall start.
    PAGE = "SELECT id, kind, environment, api, title_spanish, title_english, text_spanish, text_english, starts_at, ends_at, revision, created_at,
            created_by, published_at
        FROM announcements WHERE (starts_at, id) < ($1, $2) ORDER BY starts_at DESC, id DESC LIMIT $3";
    /// What has not ended, however old it is, and what ended since. Within the bound, what has not ended is never pushed out by what has.
    STANDING = "SELECT id, kind, environment, api, title_spanish, title_english, text_spanish, text_english, starts_at, ends_at, revision,
            created_at, created_by, published_at
        FROM announcements WHERE published_at IS NOT NULL AND (ends_at IS NULL OR ends_at >= $1)
        ORDER BY CASE WHEN ends_at IS NULL OR ends_at > $2 THEN 0 ELSE 1 END, starts_at DESC, id DESC LIMIT 200";
    CHANGE = "UPDATE announcements SET kind = $3, environment = $4, api = $5, title_spanish = $6, title_english = $7, text_spanish = $8,
            text_english = $9, starts_at = $10, ends_at = $11, revision = revision + 1
        WHERE id = $1 AND revision = $2 AND published_at IS NULL";
    PUBLISH = "UPDATE announcements SET published_at = $3 WHERE id = $1 AND revision = $2 AND published_at IS NULL";
    DISCARD = "DELETE FROM announcements WHERE id = $1 AND revision = $2 AND published_at IS NULL";
    /// Takes the row: what is said of it gets its numbers in order.
    TOUCH = "UPDATE announcements SET revision = revision + 1 WHERE id = $1 AND revision = $2 AND published_at IS NOT NULL";
    SET_END = "UPDATE announcements SET ends_at = $2 WHERE id = $1";
    ADD_UPDATE = "INSERT INTO announcement_updates (announcement_id, number, at, stage, spanish, english) VALUES ($1, $2, $3, $4, $5, $6)";
    UPDATES = "SELECT announcement_id, number, at, stage, spanish, english FROM announcement_updates WHERE announcement_id = $1 ORDER BY number";
    /// In the order of those they belong to; the bound is what 200 of them may have.
    UPDATES_STANDING = "SELECT u.announcement_id, u.number, u.at, u.stage, u.spanish, u.english FROM announcement_updates u
        JOIN announcements a ON a.id = u.announcement_id
        WHERE a.published_at IS NOT NULL AND (a.ends_at IS NULL OR a.ends_at >= $1)
        ORDER BY CASE WHEN a.ends_at IS NULL OR a.ends_at > $2 THEN 0 ELSE 1 END, a.starts_at DESC, a.id DESC, u.number LIMIT 8000";
}

/// An announcement.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Announcement {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: AnnouncementId,
    /// Of what kind it is.
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    /// The environment concerned; empty: all.
    pub environment: String,
    /// The name of the API concerned; empty: all.
    pub api: String,
    /// Its title in Spanish.
    pub title_spanish: String,
    /// Its title in English.
    pub title_english: String,
    /// Its text in Spanish, in Markdown.
    pub text_spanish: String,
    /// Its text in English, in Markdown.
    pub text_english: String,
    /// From when on.
    pub starts_at: Moment,
    /// Until when; `None`: until somebody ends it.
    pub ends_at: Option<Moment>,
    /// Grows with each change.
    pub revision: i64,
    /// Since when it is written.
    pub created_at: Moment,
    /// Who began it, as the audit log names people.
    pub created_by: String,
    /// When it was published; `None`: it is a draft.
    pub published_at: Option<Moment>,
    /// What was said since, oldest first.
    #[sqlx(skip)]
    pub updates: Vec<Update>,
}

/// Something said of an announcement later.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Update {
    /// Of which.
    #[sqlx(try_from = "String")]
    #[serde(skip)]
    pub announcement_id: AnnouncementId,
    /// Its place, from 1.
    pub number: i64,
    /// When.
    pub at: Moment,
    /// How far it has come.
    #[sqlx(try_from = "String")]
    pub stage: Stage,
    /// In Spanish.
    pub spanish: String,
    /// In English.
    pub english: String,
}

impl Announcement {
    /// Its title in a language.
    #[must_use]
    pub fn title(&self, language: Language) -> &str {
        language.pick(&self.title_spanish, &self.title_english)
    }

    /// Its text in a language, in Markdown.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        language.pick(&self.text_spanish, &self.text_english)
    }

    /// The environment concerned; `None`: all.
    #[must_use]
    pub fn environment(&self) -> Option<Environment> {
        self.environment.parse().ok()
    }

    /// Whether it concerns an environment, alone or among all.
    #[must_use]
    pub fn concerns(&self, environment: Environment) -> bool {
        self.environment().is_none_or(|only| only == environment)
    }

    /// Whether it has begun and not ended.
    #[must_use]
    pub fn is_current(&self, now: Timestamp) -> bool {
        *self.starts_at <= now && !self.is_over(now)
    }

    /// Whether it is still to begin.
    #[must_use]
    pub fn is_planned(&self, now: Timestamp) -> bool {
        now < *self.starts_at && !self.is_over(now)
    }

    /// Whether it has ended, or was called off.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.ends_at.is_some_and(|end| *end <= now)
    }

    /// Whether it was ended before it began.
    #[must_use]
    pub fn is_called_off(&self) -> bool {
        self.ends_at.is_some_and(|end| end < self.starts_at)
    }

    /// When anything was last said of it.
    #[must_use]
    pub fn said_at(&self) -> Moment {
        let first = self.published_at.unwrap_or(self.created_at);
        self.updates.last().map_or(first, |update| update.at.max(first))
    }

    /// When it last became another for whoever reads it: something was said, or it was over.
    #[must_use]
    pub fn turned_at(&self, now: Timestamp) -> Moment {
        let said = self.said_at();
        self.ends_at.filter(|end| **end <= now).map_or(said, |end| end.max(said))
    }
}

impl Update {
    /// What was said, in a language.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        language.pick(&self.spanish, &self.english)
    }
}

/// Adds a draft.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert(tx: &mut Tx, one: &Announcement) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(one.id.to_string()).bind(one.kind.as_str()).bind(&one.environment).bind(&one.api)
        .bind(&one.title_spanish).bind(&one.title_english).bind(&one.text_spanish).bind(&one.text_english).bind(one.starts_at)
        .bind(one.ends_at).bind(one.revision).bind(one.created_at).bind(&one.created_by)
        .execute(on).await.map(drop))?;
    Ok(())
}

/// The announcement with this id, with what was said since.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, id: AnnouncementId) -> Result<Option<Announcement>> {
    let found: Option<Announcement> = on_db!(db, on => sqlx::query_as(BY_ID).bind(id.to_string()).fetch_optional(on).await)?;
    let Some(mut found) = found else { return Ok(None) };
    found.updates = on_db!(db, on => sqlx::query_as(UPDATES).bind(id.to_string()).fetch_all(on).await)?;
    Ok(Some(found))
}

/// Those that start before `before`, newest first, drafts too, without what was said since.
///
/// # Errors
/// When the database cannot be read.
pub async fn page(db: &Db, before: (Moment, &str), limit: i64) -> Result<Vec<Announcement>> {
    Ok(on_db!(db, on => sqlx::query_as(PAGE).bind(before.0).bind(before.1).bind(limit).fetch_all(on).await)?)
}

/// What is published and goes on at `now`, or ended at or after `since`: newest first, at most 200, with what was said of them. Where there
/// are more, what has ended is left out first, and of that what began longest ago.
///
/// # Errors
/// When the database cannot be read.
pub async fn standing(db: &Db, since: Moment, now: Moment) -> Result<Vec<Announcement>> {
    let mut found: Vec<Announcement> = on_db!(db, on => sqlx::query_as(STANDING).bind(since).bind(now).fetch_all(on).await)?;
    let updates: Vec<Update> = on_db!(db, on => sqlx::query_as(UPDATES_STANDING).bind(since).bind(now).fetch_all(on).await)?;
    for update in updates {
        if let Some(of) = found.iter_mut().find(|one| one.id == update.announcement_id) {
            of.updates.push(update);
        }
    }
    found.sort_by_key(|one| std::cmp::Reverse((one.starts_at, one.id.to_string())));
    Ok(found)
}

/// Writes a draft of this revision. `false`: it has another revision, or is no draft.
///
/// # Errors
/// When the database cannot be written.
pub async fn change(tx: &mut Tx, one: &Announcement) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(CHANGE).bind(one.id.to_string()).bind(one.revision).bind(one.kind.as_str())
        .bind(&one.environment).bind(&one.api).bind(&one.title_spanish).bind(&one.title_english).bind(&one.text_spanish)
        .bind(&one.text_english).bind(one.starts_at).bind(one.ends_at)
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Publishes a draft of this revision. `false`: it has another revision, or is no draft.
///
/// # Errors
/// When the database cannot be written.
pub async fn publish(tx: &mut Tx, id: AnnouncementId, revision: i64, now: Moment) -> Result<bool> {
    tx.change(Change::Announcements);
    let done = on_tx!(tx, on => sqlx::query(PUBLISH).bind(id.to_string()).bind(revision).bind(now)
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Removes a draft of this revision. `false`: it has another revision, or is no draft.
///
/// # Errors
/// When the database cannot be written.
pub async fn discard(tx: &mut Tx, id: AnnouncementId, revision: i64) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(DISCARD).bind(id.to_string()).bind(revision).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Takes a published one of this revision to say more of it. `false`: it has another revision, or is a draft.
///
/// # Errors
/// When the database cannot be written.
pub async fn touch(tx: &mut Tx, id: AnnouncementId, revision: i64) -> Result<bool> {
    tx.change(Change::Announcements);
    let done = on_tx!(tx, on => sqlx::query(TOUCH).bind(id.to_string()).bind(revision).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Sets when it ends. Whoever calls this has [`touch`]ed it.
///
/// # Errors
/// When the database cannot be written.
pub async fn set_end(tx: &mut Tx, id: AnnouncementId, ends_at: Option<Moment>) -> Result<()> {
    on_tx!(tx, on => sqlx::query(SET_END).bind(id.to_string()).bind(ends_at).execute(on).await.map(drop))?;
    Ok(())
}

/// Appends what is said of it. Whoever calls this has [`touch`]ed it.
///
/// # Errors
/// When the database cannot be written.
pub async fn add_update(tx: &mut Tx, update: &Update) -> Result<()> {
    on_tx!(tx, on => sqlx::query(ADD_UPDATE).bind(update.announcement_id.to_string()).bind(update.number).bind(update.at)
        .bind(update.stage.as_str()).bind(&update.spanish).bind(&update.english).execute(on).await.map(drop))?;
    Ok(())
}
