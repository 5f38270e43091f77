//! The audit log: who did what to what, each entry chained to the one before.

use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx};

sql! {
    APPEND = "INSERT INTO audit (seq, at, actor, action, subject, detail, digest) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    LATEST = "SELECT seq, at, actor, action, subject, detail, digest FROM audit ORDER BY seq DESC LIMIT $1";
    PAGE = "SELECT seq, at, actor, action, subject, detail, digest FROM audit
        WHERE seq < $1 AND ($2 = '' OR actor = $2) AND ($3 = '' OR subject = $3) ORDER BY seq DESC LIMIT $4";
    /// What somebody did, and what was done to it.
    ABOUT = "SELECT seq, at, actor, action, subject, detail, digest FROM audit WHERE actor = $1 OR subject = $2 ORDER BY seq DESC LIMIT $3";
    AFTER = "SELECT seq, at, actor, action, subject, detail, digest FROM audit WHERE seq > $1 ORDER BY seq LIMIT 1000";
    HEAD = "SELECT audit_seq, digest FROM feed WHERE id = 1";
}

/// What an action leaves behind. No secret ever stands in it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Who: `operator:<name>`, `account:<id>`, `client:<id>` or `system`.
    pub actor: String,
    /// What: `<noun>.<verb>`.
    pub action: &'static str,
    /// To what: its id.
    pub subject: String,
    /// The particulars.
    pub detail: serde_json::Value,
}

/// An entry as it stands in the log.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Recorded {
    /// Its number, without gaps.
    pub seq: i64,
    /// When.
    pub at: Moment,
    /// Who.
    pub actor: String,
    /// What.
    pub action: String,
    /// To what.
    pub subject: String,
    /// The particulars, as JSON text.
    pub detail: String,
    /// SHA-256 over the digest before it and this entry, in hexadecimal.
    pub digest: String,
}

pub(crate) async fn append(tx: &mut Tx, seq: i64, at: Moment, previous: &str, entry: &Entry) -> Result<String> {
    let detail = entry.detail.to_string();
    let digest = digest(previous, seq, at, &entry.actor, entry.action, &entry.subject, &detail);
    on_tx!(tx, on => sqlx::query(APPEND).bind(seq).bind(at).bind(&entry.actor).bind(entry.action).bind(&entry.subject)
        .bind(&detail).bind(&digest).execute(on).await.map(drop))?;
    Ok(digest)
}

/// Every part is preceded by its length, so that no two entries are written alike.
fn digest(previous: &str, seq: i64, at: Moment, actor: &str, action: &str, subject: &str, detail: &str) -> String {
    let mut text = format!("{previous}\n{seq}\n{}\n", at.as_microsecond());
    for part in [actor, action, subject, detail] {
        text.push_str(&format!("{}:{part}\n", part.len()));
    }
    domain::digest::hex(text.as_bytes())
}

/// The newest entries, newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn latest(db: &Db, limit: i64) -> Result<Vec<Recorded>> {
    Ok(on_db!(db, on => sqlx::query_as(LATEST).bind(limit).fetch_all(on).await)?)
}

/// The entries with numbers below `before`, newest first; only those by `actor` and about `subject`, where these are not empty.
///
/// # Errors
/// When the database cannot be read.
pub async fn page(db: &Db, before: i64, actor: &str, subject: &str, limit: i64) -> Result<Vec<Recorded>> {
    Ok(on_db!(db, on => sqlx::query_as(PAGE).bind(before).bind(actor).bind(subject).bind(limit).fetch_all(on).await)?)
}

/// The newest entries by `actor` or about `subject`, newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn about(db: &Db, actor: &str, subject: &str, limit: i64) -> Result<Vec<Recorded>> {
    Ok(on_db!(db, on => sqlx::query_as(ABOUT).bind(actor).bind(subject).bind(limit).fetch_all(on).await)?)
}

/// Reads the whole log and checks the chain: the number of entries, or the number of the first one that does not fit.
///
/// # Errors
/// When the database cannot be read.
pub async fn verify(db: &Db) -> Result<std::result::Result<i64, i64>> {
    // Read first: what is written meanwhile is not looked at.
    let head: (i64, String) = on_db!(db, on => sqlx::query_as(HEAD).fetch_one(on).await)?;
    let (mut seq, mut last) = (0, String::new());
    while seq < head.0 {
        let entries: Vec<Recorded> = on_db!(db, on => sqlx::query_as(AFTER).bind(seq).fetch_all(on).await)?;
        if entries.is_empty() {
            break;
        }
        for entry in entries.into_iter().filter(|entry| entry.seq <= head.0) {
            let fits = digest(&last, entry.seq, entry.at, &entry.actor, &entry.action, &entry.subject, &entry.detail);
            if entry.seq != seq + 1 || entry.digest != fits {
                return Ok(Err(seq + 1));
            }
            (seq, last) = (entry.seq, entry.digest);
        }
    }
    Ok(if head == (seq, last) { Ok(seq) } else { Err(seq + 1) })
}
