//! The catalogue: OpenAPI documents under their names.

use domain::{
    ApiName,
    api::{Life, Status},
};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use crate::{
    Db, Error, Moment, Result, Tx, api_versions,
    changes::Change,
    locks::{self, Lock},
};

sql! {
    GO_LIVE = "INSERT INTO apis (name, document, updated_at, version, title, hidden) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (name) DO UPDATE SET document = excluded.document, updated_at = excluded.updated_at, version = excluded.version,
        title = excluded.title, hidden = excluded.hidden";
    /// One conditional update, so that of two who change its life at once only one does.
    SET_LIFE = "UPDATE apis SET status = $4, deprecated_at = $5, sunset_at = $6, retired_at = $7 WHERE name = $1 AND version = $2 AND status = $3";
    /// Of two nodes at once the second one waits for the first, finds what it wanted, and changes nothing.
    KEEP = "INSERT INTO apis (name, document, updated_at, title, hidden) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (name) DO UPDATE SET document = excluded.document, updated_at = excluded.updated_at, title = excluded.title, hidden = excluded.hidden
        WHERE apis.document <> excluded.document";
    REMOVE = "DELETE FROM apis WHERE name = $1";
    BY_NAME = "SELECT name, document, updated_at FROM apis WHERE name = $1";
    ALL = "SELECT name, document, updated_at FROM apis ORDER BY name";
    PAGE = "SELECT name, document, updated_at, status, version, deprecated_at, sunset_at, retired_at FROM apis WHERE name > $1 ORDER BY name LIMIT $2";
    ENTRY = "SELECT name, document, updated_at, status, version, deprecated_at, sunset_at, retired_at FROM apis WHERE name = $1";
    /// Without the documents, which are long.
    HEADS = "SELECT name, title, hidden, updated_at, status, version, sunset_at FROM apis ORDER BY name";
    ENTRIES = "SELECT name, document, updated_at, status, version, deprecated_at, sunset_at, retired_at FROM apis ORDER BY name";
}

/// A catalogue entry.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct ApiRow {
    /// Its name.
    #[sqlx(try_from = "String")]
    pub name: ApiName,
    /// Its OpenAPI document, as JSON text.
    pub document: String,
    /// When it last changed.
    pub updated_at: Moment,
}

/// A catalogue entry with its life.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Entry {
    /// What is live.
    #[sqlx(flatten)]
    #[serde(flatten)]
    pub row: ApiRow,
    /// Whether it may still be asked for and called.
    #[sqlx(try_from = "String")]
    pub status: Status,
    /// The number of the live version.
    pub version: i64,
    /// Since when it is deprecated.
    pub deprecated_at: Option<Moment>,
    /// From when on callers must not count on it.
    pub sunset_at: Option<Moment>,
    /// Since when nothing serves it.
    pub retired_at: Option<Moment>,
}

impl Entry {
    /// Its life, as the rules know it.
    #[must_use]
    pub fn life(&self) -> Life {
        Life {
            status: self.status,
            version: self.version,
            since: *self.row.updated_at,
            deprecated_at: self.deprecated_at.map(|moment| *moment),
            sunset_at: self.sunset_at.map(|moment| *moment),
            retired_at: self.retired_at.map(|moment| *moment),
        }
    }
}

/// A catalogue entry without its document.
#[derive(Debug, Clone, FromRow)]
pub struct Head {
    /// Its name.
    #[sqlx(try_from = "String")]
    pub name: ApiName,
    /// What people call it.
    pub title: String,
    /// Whether it is left out of the public list.
    pub hidden: bool,
    /// Since when it is live as it is.
    pub updated_at: Moment,
    /// Whether it may still be asked for and called.
    #[sqlx(try_from = "String")]
    pub status: Status,
    /// The number of the live version.
    pub version: i64,
    /// From when on callers must not count on it.
    pub sunset_at: Option<Moment>,
}

/// What of a document stands in columns of its own.
#[derive(Deserialize)]
struct Shown {
    info: Info,
    #[serde(rename = "x-postigo", default)]
    extension: Extension,
}

#[derive(Deserialize)]
struct Info {
    title: String,
}

#[derive(Default, Deserialize)]
struct Extension {
    #[serde(default)]
    hidden: bool,
}

impl Shown {
    /// Of a document that need not be one: whatever goes live was read before, but nothing is lost where somebody wrote another by hand.
    fn of(name: &ApiName, document: &str) -> (String, bool) {
        serde_json::from_str::<Self>(document)
            .map_or_else(|_| (name.to_string(), false), |shown| (shown.info.title, shown.extension.hidden))
    }
}

/// Adds or replaces an entry, by the program itself and without a word about what is new. See [`put_by`].
///
/// # Errors
/// When the database cannot be written.
pub async fn put(tx: &mut Tx, api: &ApiRow) -> Result<()> {
    put_by(tx, api, "system", "").await.map(drop)
}

/// Adds or replaces an entry and keeps what was before: the document becomes a version of its own, whose number is answered. What is
/// deprecated or retired stays so.
///
/// # Errors
/// When the database cannot be written.
pub async fn put_by(tx: &mut Tx, api: &ApiRow, by: &str, note: &str) -> Result<i64> {
    let number = api_versions::append(tx, &api.name, &api.document, by, note, api.updated_at).await?;
    if publish(tx, &api.name, number, note, api.updated_at).await? { Ok(number) } else { Err(Error::Corrupt("a version that vanished")) }
}

/// Makes a draft what is served: the one place that does. `false`: there is no such draft.
///
/// # Errors
/// When the database cannot be written.
pub async fn publish(tx: &mut Tx, name: &ApiName, number: i64, note: &str, at: Moment) -> Result<bool> {
    let Some(document) = api_versions::publish(tx, name, number, note, at).await? else { return Ok(false) };
    let (title, hidden) = Shown::of(name, &document);
    on_tx!(tx, on => sqlx::query(GO_LIVE).bind(name.as_str()).bind(&document).bind(at).bind(number).bind(&title).bind(hidden)
        .execute(on).await.map(drop))?;
    tx.change(Change::Catalogue);
    Ok(true)
}

/// Waits for whoever else is writing documents or plans, and holds both as they are to the end of the transaction: each sees what the others
/// left, also where there is no row yet. Taken before anything else.
///
/// # Errors
/// When the database cannot be written.
pub async fn hold(tx: &mut Tx) -> Result<()> {
    locks::hold(tx, Lock::Catalogue).await
}

/// Adds or replaces an entry that is not exactly so already. `false`: it was.
///
/// # Errors
/// When the database cannot be written.
pub async fn keep(tx: &mut Tx, api: &ApiRow) -> Result<bool> {
    let (title, hidden) = Shown::of(&api.name, &api.document);
    let done = on_tx!(tx, on => sqlx::query(KEEP).bind(api.name.as_str()).bind(&api.document).bind(api.updated_at).bind(&title).bind(hidden)
        .execute(on).await.map(|r| r.rows_affected()))?;
    if done == 1 {
        tx.change(Change::Catalogue);
    }
    Ok(done == 1)
}

/// Changes the life of an entry that is as `before` says. `false`: it is not so any more.
///
/// # Errors
/// When the database cannot be written.
pub async fn set_life(tx: &mut Tx, name: &ApiName, before: &Life, after: &Life) -> Result<bool> {
    let moment = |at: Option<domain::Timestamp>| at.map(Moment);
    let done = on_tx!(tx, on => sqlx::query(SET_LIFE).bind(name.as_str()).bind(before.version).bind(before.status.as_str())
        .bind(after.status.as_str()).bind(moment(after.deprecated_at)).bind(moment(after.sunset_at)).bind(moment(after.retired_at))
        .execute(on).await.map(|r| r.rows_affected()))?;
    tx.change(Change::Catalogue);
    Ok(done == 1)
}

/// Removes an entry with all its versions. `false`: there was none.
///
/// # Errors
/// [`Error::Dangling`] while access requests or grants name it.
pub async fn remove(tx: &mut Tx, name: &ApiName) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(REMOVE).bind(name.as_str()).execute(on).await.map(|r| r.rows_affected()))?;
    api_versions::forget(tx, name).await?;
    tx.change(Change::Catalogue);
    Ok(done == 1)
}

/// The entry of that name.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, name: &ApiName) -> Result<Option<ApiRow>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_NAME).bind(name.as_str()).fetch_optional(on).await)?)
}

/// The whole catalogue, by name: what is retired too.
///
/// # Errors
/// When the database cannot be read.
pub async fn all(db: &Db) -> Result<Vec<ApiRow>> {
    Ok(on_db!(db, on => sqlx::query_as(ALL).fetch_all(on).await)?)
}

/// Entries with their lives by name, those after `after`, at most `limit`.
///
/// # Errors
/// When the database cannot be read.
pub async fn page(db: &Db, after: &str, limit: i64) -> Result<Vec<Entry>> {
    Ok(on_db!(db, on => sqlx::query_as(PAGE).bind(after).bind(limit).fetch_all(on).await)?)
}

/// The entry of that name with its life.
///
/// # Errors
/// When the database cannot be read.
pub async fn entry(db: &Db, name: &ApiName) -> Result<Option<Entry>> {
    Ok(on_db!(db, on => sqlx::query_as(ENTRY).bind(name.as_str()).fetch_optional(on).await)?)
}

/// The whole catalogue without its documents, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn heads(db: &Db) -> Result<Vec<Head>> {
    Ok(on_db!(db, on => sqlx::query_as(HEADS).fetch_all(on).await)?)
}

/// The whole catalogue with its lives, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn entries(db: &Db) -> Result<Vec<Entry>> {
    Ok(on_db!(db, on => sqlx::query_as(ENTRIES).fetch_all(on).await)?)
}

/// The same, inside the transaction that holds it.
///
/// # Errors
/// When the database cannot be read.
pub async fn entries_held(tx: &mut Tx) -> Result<Vec<Entry>> {
    Ok(on_tx!(tx, on => sqlx::query_as(ENTRIES).fetch_all(on).await)?)
}
