//! When clients last got tokens: of each secret and public key, and what follows from it for the others of the client and for its project.
//!
//! Nothing is decided by it, so it is no change. What a list of the whole house is ordered by stands in a column of its own: such a list walks
//! one index, however large the house is.

use domain::SecretId;
use jiff::SignedDuration;

use crate::{Moment, Result, Tx, tx::Inner};

/// How far what a project or another secret knows of a use may be behind: a row that much is about is written once an hour, not with each use.
const BEHIND: SignedDuration = SignedDuration::from_hours(1);

/// Of client, the one whose secret or public key `$1` is.
macro_rules! client {
    () => {
        "(SELECT client_id FROM client_secrets WHERE id = $1 UNION ALL SELECT client_id FROM client_public_keys WHERE id = $1)"
    };
}

/// Among the secrets of the client of `$1` those that nobody used since `$3` and that are not known to be superseded.
macro_rules! superseded {
    ($of_engine:literal) => {
        concat!(
            "client_id = ",
            client!(),
            " AND id <> $1 AND last_used_at < $3 AND revoked_at IS NULL AND retires_at IS NULL AND superseded_at IS NULL",
            $of_engine
        )
    };
}

/// The project of the client of `$1`, when it knows of no use since `$3`.
macro_rules! project {
    ($of_engine:literal) => {
        concat!("c.id = ", client!(), " AND (p.last_token_at IS NULL OR p.last_token_at < $3)", $of_engine)
    };
}

sql! {
    SECRET = "UPDATE client_secrets SET last_used_at = $2, last_used_address = $3, last_used_agent = $4, superseded_at = NULL
        WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
    PUBLIC_KEY = "UPDATE client_public_keys SET last_used_at = $2, last_used_address = $3, last_used_agent = $4
        WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
    SUPERSEDED_SQLITE = concat!("UPDATE client_secrets SET superseded_at = $2 WHERE ", superseded!(""));
    /// Rows that another node is at are left to it, here and below: it writes the same, and nobody waits in a circle.
    SUPERSEDED_POSTGRES = concat!("UPDATE client_secrets SET superseded_at = $2 WHERE id IN (SELECT id FROM client_secrets WHERE ",
        superseded!(" FOR NO KEY UPDATE SKIP LOCKED"), ")");
    PROJECT_SQLITE = concat!("UPDATE projects SET last_token_at = $2 WHERE id IN (SELECT p.id FROM projects p JOIN clients c ON c.project_id = p.id
        WHERE ", project!(""), ")");
    PROJECT_POSTGRES = concat!("UPDATE projects SET last_token_at = $2 WHERE id IN (SELECT p.id FROM projects p JOIN clients c ON c.project_id = p.id
        WHERE ", project!(" FOR NO KEY UPDATE OF p SKIP LOCKED"), ")");
}

/// That a secret, or a public key, got a token.
#[derive(Debug, Clone)]
pub struct Use {
    /// Which.
    pub id: SecretId,
    /// When.
    pub at: Moment,
    /// From where.
    pub address: String,
    /// With what program.
    pub agent: Option<String>,
}

/// Notes uses. Those of a batch come in the order of their ids, so that two nodes that note the same do not wait for each other in a circle.
///
/// # Errors
/// When the database cannot be written.
pub async fn note(tx: &mut Tx, uses: &[Use]) -> Result<()> {
    for used in uses {
        // The id alone does not say which of the two it is.
        for statement in [SECRET, PUBLIC_KEY] {
            let done = on_tx!(tx, on => sqlx::query(statement).bind(used.id.to_string()).bind(used.at).bind(&used.address)
                .bind(used.agent.as_deref()).execute(on).await.map(|r| r.rows_affected()))?;
            if done > 0 {
                break;
            }
        }
    }
    // After all that may wait for another node.
    let (superseded, project) = match tx.inner() {
        Inner::Sqlite(_) => (SUPERSEDED_SQLITE, PROJECT_SQLITE),
        Inner::Postgres(_) => (SUPERSEDED_POSTGRES, PROJECT_POSTGRES),
    };
    for used in uses {
        let behind = Moment(used.at.checked_sub(BEHIND).unwrap_or(*used.at));
        for statement in [superseded, project] {
            on_tx!(tx, on => sqlx::query(statement).bind(used.id.to_string()).bind(used.at).bind(behind).execute(on).await.map(drop))?;
        }
    }
    Ok(())
}
