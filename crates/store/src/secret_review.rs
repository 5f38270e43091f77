//! Secrets and projects across the house that somebody should look at, in pages, each by one query that walks one index.

use domain::{Environment, OrganisationId, ProjectId};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result};

/// Live secrets of live clients, with whose they are; `$1` is now, `$2` and `$3` where the page begins, `$4` how many rows.
macro_rules! secrets {
    ($at:literal, $which:literal) => {
        concat!(
            $at,
            " AS at, s.id, s.prefix, s.created_at, s.retires_at, s.last_used_at, c.id AS client, c.environment, p.id AS project_id,
            p.name AS project, o.id AS owner_id, o.name AS owner
            FROM client_secrets s JOIN clients c ON c.id = s.client_id JOIN projects p ON p.id = c.project_id
            JOIN organisations o ON o.id = p.organisation_id
            WHERE s.revoked_at IS NULL AND c.status <> 'revoked' AND (",
            $at,
            ", s.id) > ($2, $3) AND ",
            $which,
            " ORDER BY ",
            $at,
            ", s.id LIMIT $4"
        )
    };
}

sql! {
    /// They end by `$5`, and somebody used them after `$6`.
    ENDING = concat!("SELECT ", secrets!("s.retires_at", "s.retires_at > $1 AND s.retires_at <= $5 AND s.last_used_at > $6"));
    /// They are from before `$5`, and somebody used them after `$6`.
    OLD = concat!("SELECT ", secrets!("s.created_at", "(s.retires_at IS NULL OR s.retires_at > $1) AND s.created_at < $5 AND s.last_used_at > $6"));
    /// Nobody used them after `$5` but somebody did after `$6`, and another live one of their client was used since: then one may go. It looks only
    /// at those that [`crate::uses`] saw superseded.
    SUPERSEDED = concat!("SELECT ", secrets!("s.created_at", "s.superseded_at IS NOT NULL AND s.retires_at IS NULL
            AND s.last_used_at < $5 AND s.last_used_at > $6 AND EXISTS (
                SELECT 1 FROM client_secrets n WHERE n.client_id = s.client_id AND n.id <> s.id AND n.revoked_at IS NULL
                AND (n.retires_at IS NULL OR n.retires_at > $1) AND n.last_used_at > s.last_used_at)"));
    /// From before `$1`, and no token was asked for after it, as far as [`crate::uses`] knows. SQLite finds the place by the first comparison
    /// with `$2` alone: it does not see an index's expression in a pair.
    QUIET = "SELECT COALESCE(p.last_token_at, p.created_at) AS at, p.created_at, p.id, p.name AS project, o.id AS owner_id, o.name AS owner,
            p.last_token_at AS last_used_at
        FROM projects p JOIN organisations o ON o.id = p.organisation_id
        WHERE p.archived_at IS NULL AND COALESCE(p.last_token_at, p.created_at) < $1
            AND COALESCE(p.last_token_at, p.created_at) >= $2 AND (COALESCE(p.last_token_at, p.created_at), p.id) > ($2, $3)
        ORDER BY COALESCE(p.last_token_at, p.created_at), p.id LIMIT $4";
}

/// A secret with whose it is.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Reviewed {
    /// The moment the list is ordered by.
    #[serde(skip)]
    pub at: Moment,
    /// Its id.
    pub id: String,
    /// Its first characters.
    pub prefix: String,
    /// Since when.
    pub created_at: Moment,
    /// When it stops opening anything.
    pub retires_at: Option<Moment>,
    /// When it last got a token.
    pub last_used_at: Option<Moment>,
    /// Its client.
    pub client: String,
    /// Where it is good.
    #[sqlx(try_from = "String")]
    pub environment: Environment,
    /// Its project.
    #[sqlx(try_from = "String")]
    pub project_id: ProjectId,
    /// The project's name.
    pub project: String,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub owner_id: OrganisationId,
    /// The name of that organisation.
    pub owner: String,
}

/// A project that nobody uses.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Quiet {
    /// Since when nobody uses it: the moment the list is ordered by.
    #[serde(skip)]
    pub at: Moment,
    /// Since when it exists.
    pub created_at: Moment,
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: ProjectId,
    /// Its name.
    pub project: String,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub owner_id: OrganisationId,
    /// The name of that organisation.
    pub owner: String,
    /// When it last got a token, to the hour.
    pub last_used_at: Option<Moment>,
}

/// Which secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// They end soon, and somebody uses them.
    Ending,
    /// They are old, and somebody uses them.
    Old,
    /// Another took their place.
    Superseded,
}

/// Where a page begins, and how many rows it has.
#[derive(Debug, Clone)]
pub struct Place {
    /// After the row of this moment
    pub at: Moment,
    /// and this id.
    pub id: String,
    /// So many rows.
    pub limit: i64,
}

/// The secrets of one kind, in the order of their moments. `edge` is the moment by which they end, before which they were made, or after which
/// nobody used them; `used` the one after which somebody did.
///
/// # Errors
/// When the database cannot be read.
pub async fn secrets(db: &Db, which: Which, now: Moment, edge: Moment, used: Moment, place: &Place) -> Result<Vec<Reviewed>> {
    let statement = match which {
        Which::Ending => ENDING,
        Which::Old => OLD,
        Which::Superseded => SUPERSEDED,
    };
    Ok(on_db!(db, on => sqlx::query_as(statement).bind(now).bind(place.at).bind(&place.id).bind(place.limit).bind(edge).bind(used)
        .fetch_all(on).await)?)
}

/// The projects that are from before `since` and got no token from then on, those that are unused the longest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn quiet(db: &Db, since: Moment, place: &Place) -> Result<Vec<Quiet>> {
    Ok(on_db!(db, on => sqlx::query_as(QUIET).bind(since).bind(place.at).bind(&place.id).bind(place.limit).fetch_all(on).await)?)
}
