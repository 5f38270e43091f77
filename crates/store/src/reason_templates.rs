//! Words for a rejection, to begin with.

use domain::{ReasonTemplateId, queue::Queue};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx};

sql! {
    INSERT = "INSERT INTO reason_templates (id, queue, name, spanish, english, updated_at) VALUES ($1, $2, $3, $4, $5, $6)";
    UPDATE = "UPDATE reason_templates SET queue = $2, name = $3, spanish = $4, english = $5, updated_at = $6 WHERE id = $1";
    REMOVE = "DELETE FROM reason_templates WHERE id = $1";
    BY_ID = "SELECT id, queue, name, spanish, english, updated_at FROM reason_templates WHERE id = $1";
    ALL = "SELECT id, queue, name, spanish, english, updated_at FROM reason_templates ORDER BY queue, name";
    OF_QUEUE = "SELECT id, queue, name, spanish, english, updated_at FROM reason_templates WHERE queue = $1 ORDER BY name";
    COUNT = "SELECT COUNT(*) FROM reason_templates";
}

/// Words for rejecting what waits in one queue.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct ReasonTemplate {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: ReasonTemplateId,
    /// In which queue it helps.
    #[sqlx(try_from = "String")]
    pub queue: Queue,
    /// What staff call it.
    pub name: String,
    /// Its words in Spanish.
    pub spanish: String,
    /// Its words in English.
    pub english: String,
    /// When it last changed.
    pub updated_at: Moment,
}

/// Adds one.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) when another of the queue has its name.
pub async fn insert(tx: &mut Tx, template: &ReasonTemplate) -> Result<()> {
    put(tx, INSERT, template).await.map(drop)
}

/// Changes one. `false`: there is none.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) when another of the queue has its name.
pub async fn update(tx: &mut Tx, template: &ReasonTemplate) -> Result<bool> {
    put(tx, UPDATE, template).await
}

async fn put(tx: &mut Tx, statement: &'static str, template: &ReasonTemplate) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(statement).bind(template.id.to_string()).bind(template.queue.as_str()).bind(&template.name).bind(&template.spanish)
        .bind(&template.english).bind(template.updated_at).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Removes one. `false`: there is none.
///
/// # Errors
/// When the database cannot be written.
pub async fn remove(tx: &mut Tx, id: ReasonTemplateId) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(REMOVE).bind(id.to_string()).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// The one with this id.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, id: ReasonTemplateId) -> Result<Option<ReasonTemplate>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_ID).bind(id.to_string()).fetch_optional(on).await)?)
}

/// All of them, by queue and name; or those of one queue.
///
/// # Errors
/// When the database cannot be read.
pub async fn all(db: &Db, queue: Option<Queue>) -> Result<Vec<ReasonTemplate>> {
    Ok(match queue {
        None => on_db!(db, on => sqlx::query_as(ALL).fetch_all(on).await)?,
        Some(queue) => on_db!(db, on => sqlx::query_as(OF_QUEUE).bind(queue.as_str()).fetch_all(on).await)?,
    })
}

/// All of them, inside the transaction that holds how the queues are worked ([`queues::hold`](crate::queues::hold)).
///
/// # Errors
/// When the database cannot be read.
pub async fn held(tx: &mut Tx) -> Result<Vec<ReasonTemplate>> {
    Ok(on_tx!(tx, on => sqlx::query_as(ALL).fetch_all(on).await)?)
}

/// How many there are.
///
/// # Errors
/// When the database cannot be read.
pub async fn count(tx: &mut Tx) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(COUNT).fetch_one(on).await)?)
}
