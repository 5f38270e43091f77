//! The usage policies, version by version, in both languages.

use domain::Language;
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx};

sql! {
    /// Of two nodes that start at once, one writes the first version.
    INSERT = "INSERT INTO policies (version, spanish, english, changed_spanish, changed_english, revision, created_at, created_by, published_at,
            published_by, in_force_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (version) DO NOTHING";
    BY_VERSION = "SELECT version, spanish, english, changed_spanish, changed_english, revision, created_at, created_by, published_at, published_by,
            in_force_at
        FROM policies WHERE version = $1";
    /// Drafts first, then what comes or came last.
    ALL = "SELECT version, spanish, english, changed_spanish, changed_english, revision, created_at, created_by, published_at, published_by,
            in_force_at
        FROM policies ORDER BY CASE WHEN in_force_at IS NULL THEN 0 ELSE 1 END, in_force_at DESC, version LIMIT 500";
    NEXT = "SELECT version, in_force_at FROM policies WHERE in_force_at > $1 ORDER BY in_force_at LIMIT 1";
    IN_FORCE_VERSION = "SELECT version, in_force_at FROM policies WHERE in_force_at <= $1 ORDER BY in_force_at DESC LIMIT 1";
    /// What another person saved meanwhile is not written over, and what was published never is.
    CHANGE = "UPDATE policies SET spanish = $3, english = $4, changed_spanish = $5, changed_english = $6, revision = revision + 1
        WHERE version = $1 AND revision = $2 AND published_at IS NULL";
    /// Takes the row of the version that came first: it is there, and stays, whatever comes into force meanwhile.
    HOLD = "UPDATE policies SET revision = revision WHERE in_force_at = (SELECT MIN(in_force_at) FROM policies)";
    /// Only after every version that has a moment already.
    PUBLISH = "UPDATE policies SET published_at = $3, published_by = $4, in_force_at = $5 WHERE version = $1 AND revision = $2 AND published_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM policies other WHERE other.in_force_at >= $5)";
    DISCARD = "DELETE FROM policies WHERE version = $1 AND revision = $2 AND published_at IS NULL";
}

/// A version.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Policies {
    /// Its name, such as `2026-06`.
    pub version: String,
    /// The text in Spanish, in Markdown.
    pub spanish: String,
    /// The text in English, in Markdown.
    pub english: String,
    /// What changed against the version before, in Spanish.
    pub changed_spanish: String,
    /// What changed against the version before, in English.
    pub changed_english: String,
    /// Grows with each change of a draft.
    pub revision: i64,
    /// Since when it is written.
    pub created_at: Moment,
    /// Who began it, as the audit log names people.
    pub created_by: String,
    /// When it was published; `None`: it is a draft.
    pub published_at: Option<Moment>,
    /// By whom.
    pub published_by: Option<String>,
    /// From when it is in force; `None`: it is a draft.
    pub in_force_at: Option<Moment>,
}

impl Policies {
    /// The text in a language.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        language.pick(&self.spanish, &self.english)
    }

    /// What changed, in a language.
    #[must_use]
    pub fn changed(&self, language: Language) -> &str {
        language.pick(&self.changed_spanish, &self.changed_english)
    }
}

/// A published version, without its text.
#[derive(Debug, Clone, FromRow, Serialize, PartialEq, Eq)]
pub struct Published {
    /// Its name.
    pub version: String,
    /// From when it is in force.
    pub in_force_at: Moment,
}

/// Adds a version. `false`: there is one of that name.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) when another comes into force at the same moment.
pub async fn insert(tx: &mut Tx, policies: &Policies) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(INSERT).bind(&policies.version).bind(&policies.spanish).bind(&policies.english)
        .bind(&policies.changed_spanish).bind(&policies.changed_english).bind(policies.revision).bind(policies.created_at)
        .bind(&policies.created_by).bind(policies.published_at).bind(&policies.published_by).bind(policies.in_force_at)
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// The version of that name.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, version: &str) -> Result<Option<Policies>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_VERSION).bind(version).fetch_optional(on).await)?)
}

/// Every version, drafts first, then the newest first; at most 500.
///
/// # Errors
/// When the database cannot be read.
pub async fn all(db: &Db) -> Result<Vec<Policies>> {
    Ok(on_db!(db, on => sqlx::query_as(ALL).fetch_all(on).await)?)
}

/// The name of the version in force at a moment, and of the one announced to come after it.
///
/// # Errors
/// When the database cannot be read.
pub async fn names(db: &Db, now: Moment) -> Result<(Option<Published>, Option<Published>)> {
    let current = on_db!(db, on => sqlx::query_as(IN_FORCE_VERSION).bind(now).fetch_optional(on).await)?;
    let next = on_db!(db, on => sqlx::query_as(NEXT).bind(now).fetch_optional(on).await)?;
    Ok((current, next))
}

/// The version in force at a moment, as the transaction sees it.
///
/// # Errors
/// When the database cannot be read.
pub async fn in_force(tx: &mut Tx, now: Moment) -> Result<Option<Published>> {
    Ok(on_tx!(tx, on => sqlx::query_as(IN_FORCE_VERSION).bind(now).fetch_optional(on).await)?)
}

/// Writes the texts of a draft of this revision. `false`: it has another revision, or is no draft.
///
/// # Errors
/// When the database cannot be written.
pub async fn change(tx: &mut Tx, policies: &Policies) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(CHANGE).bind(&policies.version).bind(policies.revision).bind(&policies.spanish)
        .bind(&policies.english).bind(&policies.changed_spanish).bind(&policies.changed_english)
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Keeps everybody else who publishes waiting until the transaction ends.
///
/// # Errors
/// When the database cannot be written.
pub async fn hold(tx: &mut Tx) -> Result<()> {
    on_tx!(tx, on => sqlx::query(HOLD).execute(on).await.map(drop))?;
    Ok(())
}

/// Publishes a draft of this revision. `false`: it has another revision, is no draft, or would come before another. Whoever calls this has
/// taken [`hold`].
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) when another comes into force at the same moment.
pub async fn publish(tx: &mut Tx, version: &str, revision: i64, now: Moment, by: &str, in_force_at: Moment) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(PUBLISH).bind(version).bind(revision).bind(now).bind(by).bind(in_force_at)
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Removes a draft of this revision. `false`: it has another revision, or is no draft.
///
/// # Errors
/// When the database cannot be written.
pub async fn discard(tx: &mut Tx, version: &str, revision: i64) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(DISCARD).bind(version).bind(revision).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}
