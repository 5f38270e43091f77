//! What is done one after the other without a row that stands for it.

use crate::{Result, Tx, tx::Inner};

sql! {
    /// On SQLite a transaction that may write is the only one from its beginning on.
    HOLD_POSTGRES = "SELECT pg_advisory_xact_lock(CAST($1 AS INTEGER), CAST($2 AS INTEGER))";
}

/// The number of this program among all who may take such locks in a database.
const POSTIGO: i32 = 0x706f;

/// What is held. Never the row of the feed, which every transaction takes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub(crate) enum Lock {
    /// The documents of the catalogue, live and drafted, with the plans they name.
    Catalogue = 1,
    /// Who is staff.
    Staff = 2,
    /// How many signing keys there are.
    SigningKeys = 3,
    /// How the queues are worked: targets, rules of approval and words for rejections.
    Queues = 4,
}

/// Waits for whoever holds it, and holds it to the end of the transaction. What is read after this is what the others left.
pub(crate) async fn hold(tx: &mut Tx, lock: Lock) -> Result<()> {
    if let Inner::Postgres(tx) = tx.inner() {
        sqlx::query(HOLD_POSTGRES).bind(POSTIGO).bind(lock as i32).execute(&mut **tx).await?;
    }
    Ok(())
}
