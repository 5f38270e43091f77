//! The change feed: what the hot path must forget, in commit order.

use domain::{ApiCredentialId, ChildKey, ClientId, Environment};
use uuid::Uuid;

use crate::{Db, Error, Moment, Result, Tx};

sql! {
    /// Takes the lock that puts commits in order.
    LOCK = "UPDATE feed SET seq = seq WHERE id = 1 RETURNING seq, audit_seq, digest";
    SETTLE = "UPDATE feed SET seq = $1, audit_seq = $2, digest = $3 WHERE id = 1";
    APPEND = "INSERT INTO changes (seq, at, kind, subject) VALUES ($1, $2, $3, $4)";
    HEAD = "SELECT seq FROM feed WHERE id = 1";
    AFTER = "SELECT seq, kind, subject FROM changes WHERE seq > $1 ORDER BY seq LIMIT 1000";
    /// The newest stays however old it is: a node that was away sees by its number that it missed others.
    PRUNE = "DELETE FROM changes WHERE at < $1 AND seq < (SELECT seq FROM feed WHERE id = 1)";
    NOTIFY_POSTGRES = "SELECT pg_notify('postigo', '')";
}

/// The channel on which PostgreSQL wakes the other nodes.
pub(crate) const CHANNEL: &str = "postigo";

/// Something the hot path may have in memory is not so any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A client, or what it stands on: its secrets, its project's grants, its organisation.
    Client(ClientId),
    /// A customer key.
    CustomerKey(ChildKey),
    /// An API credential, or the grants of its project.
    ApiCredential(ApiCredentialId),
    /// An API was added, changed or removed.
    Catalogue,
    /// The signing keys of an environment.
    SigningKeys(Environment),
    /// A token was revoked.
    RevokedToken(Uuid),
    /// What the operator tells everybody.
    Announcements,
}

impl Change {
    fn columns(&self) -> (&'static str, String) {
        match self {
            Self::Client(id) => ("client", id.to_string()),
            Self::CustomerKey(id) => ("customer_key", id.to_string()),
            Self::ApiCredential(id) => ("api_credential", id.to_string()),
            Self::Catalogue => ("catalogue", String::new()),
            Self::SigningKeys(environment) => ("signing_keys", environment.to_string()),
            Self::RevokedToken(id) => ("revoked_token", id.to_string()),
            Self::Announcements => ("announcements", String::new()),
        }
    }

    fn read(kind: &str, subject: &str) -> Option<Self> {
        Some(match kind {
            "client" => Self::Client(subject.into()),
            "customer_key" => Self::CustomerKey(subject.into()),
            "api_credential" => Self::ApiCredential(subject.into()),
            "catalogue" => Self::Catalogue,
            "signing_keys" => Self::SigningKeys(subject.parse().ok()?),
            "revoked_token" => Self::RevokedToken(subject.parse().ok()?),
            "announcements" => Self::Announcements,
            _ => return None,
        })
    }
}

/// The one row that gives out numbers.
#[derive(sqlx::FromRow)]
pub(crate) struct Feed {
    pub(crate) seq: i64,
    pub(crate) audit_seq: i64,
    pub(crate) digest: String,
}

pub(crate) async fn lock(tx: &mut Tx) -> Result<Feed> {
    Ok(on_tx!(tx, on => sqlx::query_as(LOCK).fetch_one(on).await)?)
}

pub(crate) async fn settle(tx: &mut Tx, feed: &Feed) -> Result<()> {
    on_tx!(tx, on => sqlx::query(SETTLE).bind(feed.seq).bind(feed.audit_seq).bind(&feed.digest).execute(on).await.map(drop))?;
    Ok(())
}

pub(crate) async fn append(tx: &mut Tx, seq: i64, at: Moment, change: &Change) -> Result<()> {
    let (kind, subject) = change.columns();
    on_tx!(tx, on => sqlx::query(APPEND).bind(seq).bind(at).bind(kind).bind(subject).execute(on).await.map(drop))?;
    Ok(())
}

/// PostgreSQL delivers the notification when the transaction commits, and only then.
pub(crate) async fn notify(tx: &mut sqlx::Transaction<'static, sqlx::Postgres>) -> Result<()> {
    sqlx::query(NOTIFY_POSTGRES).execute(&mut **tx).await?;
    Ok(())
}

/// The number of the newest change.
///
/// # Errors
/// When the database cannot be read.
pub async fn head(db: &Db) -> Result<i64> {
    Ok(on_db!(db, on => sqlx::query_scalar(HEAD).fetch_one(on).await)?)
}

/// The changes after `seq`, oldest first, at most 1000, each with its number. A kind that this version does not know is `None`:
/// a newer node wrote it, and whoever reads it must forget everything.
///
/// # Errors
/// When the database cannot be read.
pub async fn after(db: &Db, seq: i64) -> Result<Vec<(i64, Option<Change>)>> {
    let rows: Vec<(i64, String, String)> = on_db!(db, on => sqlx::query_as(AFTER).bind(seq).fetch_all(on).await)?;
    Ok(rows.into_iter().map(|(seq, kind, subject)| (seq, Change::read(&kind, &subject))).collect())
}

/// Removes changes older than `before`; a node that was away for longer starts anew.
///
/// # Errors
/// When the database cannot be written.
pub async fn prune(db: &Db, before: Moment, now: Moment) -> Result<()> {
    let mut tx = db.begin().await?;
    on_tx!(tx, on => sqlx::query(PRUNE).bind(before).execute(on).await.map(drop))?;
    tx.commit(now.0).await
}

impl From<uuid::Error> for Error {
    fn from(_: uuid::Error) -> Self {
        Self::Corrupt("an id that is not a UUID")
    }
}
