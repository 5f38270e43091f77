//! Which expeditions there are: by what their owner calls them, by what they wait for, and how many.

use domain::Timestamp;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx, shipments::Owner, tx::Inner};

sql! {
    FORGET = "DELETE FROM shipment_references WHERE environment = $1 AND project_id = $2 AND shipment_code = $3";
    /// One statement however many references there are: an expedition of 99 parcels has up to 400.
    REFER_SQLITE = "INSERT INTO shipment_references (environment, project_id, shipment_code, reference)
        SELECT $1, $2, $3, value FROM json_each($4)";
    REFER_POSTGRES = "INSERT INTO shipment_references (environment, project_id, shipment_code, reference)
        SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), value
        FROM jsonb_array_elements_text(CAST(CAST($4 AS TEXT) AS JSONB))";
    BY_REFERENCE = "SELECT s.code FROM shipment_references r
        JOIN shipments s ON s.environment = r.environment AND s.project_id = r.project_id AND s.code = r.shipment_code
        WHERE r.environment = $1 AND r.project_id = $2 AND r.reference = $3
        ORDER BY s.created_at DESC, s.code DESC LIMIT $4";
    ALIVE = "SELECT s.code FROM shipments s
        WHERE s.environment = $1 AND s.project_id = $2 AND s.created_at >= $3 AND s.created_at < $4
            AND EXISTS (SELECT 1 FROM parcels p WHERE p.environment = s.environment AND p.project_id = s.project_id
                AND p.shipment_code = s.code AND p.annulled_at IS NULL)
        ORDER BY s.created_at DESC, s.code DESC LIMIT $5 OFFSET $6";
    TOTALS = "SELECT COUNT(DISTINCT s.code) AS shipments, COUNT(*) AS parcels, COUNT(p.annulled_at) AS annulled FROM shipments s
        JOIN parcels p ON p.environment = s.environment AND p.project_id = s.project_id AND p.shipment_code = s.code
        WHERE s.environment = $1 AND s.project_id = $2 AND s.created_at >= $3 AND s.created_at < $4";
    HANDED_OUT = "SELECT value FROM carrier_counters WHERE environment = $1 AND project_id = $2 AND name = $3";
    IN_USE = "SELECT COUNT(*) FROM shipments WHERE environment = $1 AND project_id = $2 AND code = $3";
}

/// A span of time: from its beginning up to but not including its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first moment in it.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
}

/// How much was preregistered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Totals {
    /// Expeditions.
    pub shipments: i64,
    /// Their parcels.
    pub parcels: i64,
    /// Those parcels that were annulled.
    pub annulled: i64,
}

/// Makes `references` the ones under which an expedition is found. Each stands there once, and none holds U+0000, which
/// PostgreSQL cannot keep; `references` is a JSON array of them.
///
/// # Errors
/// [`Error::Dangling`](crate::Error::Dangling) when the project has no such expedition.
pub async fn refer(tx: &mut Tx, owner: Owner, code: &str, references: &str) -> Result<()> {
    let (environment, project) = (owner.environment.as_str(), owner.project.to_string());
    on_tx!(tx, on => sqlx::query(FORGET).bind(environment).bind(&project).bind(code).execute(on).await.map(drop)?);
    match tx.inner() {
        Inner::Sqlite(tx) => {
            sqlx::query(REFER_SQLITE).bind(environment).bind(&project).bind(code).bind(references).execute(&mut **tx).await?;
        }
        Inner::Postgres(tx) => {
            sqlx::query(REFER_POSTGRES).bind(environment).bind(&project).bind(code).bind(references).execute(&mut **tx).await?;
        }
    }
    Ok(())
}

/// The codes of the expeditions with that reference, newest first, at most `many`.
///
/// # Errors
/// What the database says.
pub async fn by_reference(db: &Db, owner: Owner, reference: &str, many: i64) -> Result<Vec<String>> {
    Ok(on_db!(db, on => sqlx::query_scalar(BY_REFERENCE)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(reference).bind(many)
        .fetch_all(on).await?))
}

/// The codes of the expeditions preregistered within `span` that have a parcel left, newest first.
///
/// # Errors
/// What the database says.
pub async fn alive(db: &Db, owner: Owner, span: Span, limit: i64, offset: i64) -> Result<Vec<String>> {
    Ok(on_db!(db, on => sqlx::query_scalar(ALIVE)
        .bind(owner.environment.as_str()).bind(owner.project.to_string())
        .bind(Moment(span.from)).bind(Moment(span.until)).bind(limit).bind(offset)
        .fetch_all(on).await?))
}

/// How much was preregistered within `span`.
///
/// # Errors
/// What the database says.
pub async fn totals(db: &Db, owner: Owner, span: Span) -> Result<Totals> {
    Ok(on_db!(db, on => sqlx::query_as(TOTALS)
        .bind(owner.environment.as_str()).bind(owner.project.to_string())
        .bind(Moment(span.from)).bind(Moment(span.until))
        .fetch_one(on).await?))
}

/// The last number of the project's counter `name` that was handed out; 0 when none was.
///
/// # Errors
/// What the database says.
pub async fn handed_out(tx: &mut Tx, owner: Owner, name: &str) -> Result<i64> {
    let last: Option<i64> = on_tx!(tx, on => sqlx::query_scalar(HANDED_OUT)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(name)
        .fetch_optional(on).await?);
    Ok(last.unwrap_or(0))
}

/// Whether the project has an expedition under that code.
///
/// # Errors
/// What the database says.
pub async fn is_in_use(tx: &mut Tx, owner: Owner, code: &str) -> Result<bool> {
    let found: i64 = on_tx!(tx, on => sqlx::query_scalar(IN_USE)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(code)
        .fetch_one(on).await?);
    Ok(found > 0)
}
