//! What the operator's staff tell each other of an organisation.

use domain::OrganisationId;
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{Db, Moment, Result, Tx};

sql! {
    INSERT = "INSERT INTO organisation_notes (id, organisation_id, author, text, created_at) VALUES ($1, $2, $3, $4, $5)";
    OF_ORGANISATION = "SELECT id, organisation_id, author, text, created_at FROM organisation_notes WHERE organisation_id = $1
        ORDER BY created_at DESC, id DESC LIMIT $2";
    BY_ID = "SELECT id, organisation_id, author, text, created_at FROM organisation_notes WHERE id = $1";
    COUNT = "SELECT COUNT(*) FROM organisation_notes WHERE organisation_id = $1";
    REMOVE = "DELETE FROM organisation_notes WHERE id = $1";
}

/// A note.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Note {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: NoteId,
    /// Of which organisation.
    #[sqlx(try_from = "String")]
    pub organisation_id: OrganisationId,
    /// The actor who wrote it, as the audit log names actors.
    pub author: String,
    /// What it says.
    pub text: String,
    /// When.
    pub created_at: Moment,
}

/// The id of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct NoteId(pub Uuid);

impl std::fmt::Display for NoteId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for NoteId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> std::result::Result<Self, uuid::Error> {
        text.parse().map(Self)
    }
}

impl TryFrom<String> for NoteId {
    type Error = uuid::Error;
    fn try_from(text: String) -> std::result::Result<Self, uuid::Error> {
        text.parse()
    }
}

/// Adds a note.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert(tx: &mut Tx, note: &Note) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(note.id.to_string()).bind(note.organisation_id.to_string()).bind(&note.author)
        .bind(&note.text).bind(note.created_at).execute(on).await.map(drop))?;
    Ok(())
}

/// The notes on an organisation, newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_organisation(db: &Db, organisation: OrganisationId, limit: i64) -> Result<Vec<Note>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_ORGANISATION).bind(organisation.to_string()).bind(limit).fetch_all(on).await)?)
}

/// The note with this id.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, id: NoteId) -> Result<Option<Note>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_ID).bind(id.to_string()).fetch_optional(on).await)?)
}

/// How many notes an organisation has.
///
/// # Errors
/// When the database cannot be read.
pub async fn count(tx: &mut Tx, organisation: OrganisationId) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(COUNT).bind(organisation.to_string()).fetch_one(on).await)?)
}

/// Removes a note. `false`: there is none.
///
/// # Errors
/// When the database cannot be written.
pub async fn remove(tx: &mut Tx, id: NoteId) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(REMOVE).bind(id.to_string()).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}
