//! The sandbox carrier's collection requests.
//!
//! A collection comes by itself from state to state as its project's time passes. What is kept is the state somebody brought
//! about, and the moments at which the usual ones after it are reached; where it stands is worked out when it is read.

use domain::Timestamp;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx, shipments::Owner};

sql! {
    INSERT = "INSERT INTO collections (environment, project_id, code, state, declaration, day, viable_at, assigned_at, out_at, done_at,
            created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)";
    INSERT_PARCEL = "INSERT INTO collection_parcels (environment, project_id, parcel_code, collection_code) VALUES ($1, $2, $3, $4)
        ON CONFLICT (environment, project_id, parcel_code, collection_code) DO NOTHING";
    BY_CODE = "SELECT code, state AS kept,
            CASE WHEN done_at <= $4 THEN 'REALIZADA' WHEN out_at <= $4 THEN 'EN_RUTA' WHEN assigned_at <= $4 THEN 'ASIGNADA'
                WHEN viable_at <= $4 THEN 'VIABLE' ELSE state END AS state,
            CASE WHEN done_at <= $4 THEN done_at WHEN out_at <= $4 THEN out_at WHEN assigned_at <= $4 THEN assigned_at
                WHEN viable_at <= $4 THEN viable_at ELSE updated_at END AS changed_at,
            declaration, created_at
        FROM collections WHERE environment = $1 AND project_id = $2 AND code = $3";
    /// An empty text of the filter means any.
    LIST = "SELECT code, kept, state, changed_at, declaration, created_at FROM (SELECT code, state AS kept, day,
            CASE WHEN done_at <= $3 THEN 'REALIZADA' WHEN out_at <= $3 THEN 'EN_RUTA' WHEN assigned_at <= $3 THEN 'ASIGNADA'
                WHEN viable_at <= $3 THEN 'VIABLE' ELSE state END AS state,
            CASE WHEN done_at <= $3 THEN done_at WHEN out_at <= $3 THEN out_at WHEN assigned_at <= $3 THEN assigned_at
                WHEN viable_at <= $3 THEN viable_at ELSE updated_at END AS changed_at,
            declaration, created_at
        FROM collections WHERE environment = $1 AND project_id = $2) AS standing
        WHERE ($4 = '' OR state = $4) AND ($5 = '' OR day >= $5) AND ($6 = '' OR day <= $6)
        ORDER BY created_at DESC, code DESC LIMIT $7 OFFSET $8";
    OF_PARCEL = "SELECT c.code, c.state AS kept,
            CASE WHEN c.done_at <= $4 THEN 'REALIZADA' WHEN c.out_at <= $4 THEN 'EN_RUTA' WHEN c.assigned_at <= $4 THEN 'ASIGNADA'
                WHEN c.viable_at <= $4 THEN 'VIABLE' ELSE c.state END AS state,
            CASE WHEN c.done_at <= $4 THEN c.done_at WHEN c.out_at <= $4 THEN c.out_at WHEN c.assigned_at <= $4 THEN c.assigned_at
                WHEN c.viable_at <= $4 THEN c.viable_at ELSE c.updated_at END AS changed_at,
            c.declaration, c.created_at
        FROM collection_parcels p
        JOIN collections c ON c.environment = p.environment AND c.project_id = p.project_id AND c.code = p.collection_code
        WHERE p.environment = $1 AND p.project_id = $2 AND p.parcel_code = $3
        ORDER BY c.created_at DESC, c.code DESC LIMIT $5";
    /// Conditional, so that of two conflicting changes at the same time exactly one happens.
    CHANGE = "UPDATE collections
        SET state = $5, declaration = $6, day = $7, viable_at = $8, assigned_at = $9, out_at = $10, done_at = $11, updated_at = $12
        WHERE environment = $1 AND project_id = $2 AND code = $3 AND state = $4";
}

/// A collection request as it stands at the moment it was read for.
#[derive(Debug, Clone, FromRow)]
pub struct Collection {
    /// Its code.
    pub code: String,
    /// The state somebody brought about; what [`change`] starts from.
    pub kept: String,
    /// Where it stands, time considered.
    pub state: String,
    /// As declared, JSON.
    pub declaration: String,
    /// When it was asked for.
    pub created_at: Moment,
    /// When it came to where it stands.
    pub changed_at: Moment,
}

/// The moments at which a collection comes to the states of its usual course; `None` for those behind it, or never reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Course {
    /// `VIABLE`.
    pub viable_at: Option<Moment>,
    /// `ASIGNADA`.
    pub assigned_at: Option<Moment>,
    /// `EN_RUTA`.
    pub out_at: Option<Moment>,
    /// `REALIZADA`.
    pub done_at: Option<Moment>,
}

/// What is written of a collection.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// Its code.
    pub code: &'a str,
    /// The state it is brought to.
    pub state: &'a str,
    /// As declared, JSON.
    pub declaration: &'a str,
    /// The day asked for, `YYYY-MM-DD`.
    pub day: &'a str,
    /// How it goes on from `state`.
    pub course: Course,
}

/// Which collections are listed; an empty text means any.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'a> {
    /// Those in this state.
    pub state: &'a str,
    /// Those for this day or later, `YYYY-MM-DD`.
    pub from: &'a str,
    /// Those for this day or earlier.
    pub to: &'a str,
}

/// Writes a new request.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) when the project has a request under that code.
pub async fn insert(tx: &mut Tx, owner: Owner, draft: &Draft<'_>, at: Timestamp) -> Result<()> {
    let course = draft.course;
    on_tx!(tx, on => sqlx::query(INSERT)
        .bind(owner.environment.as_str()).bind(owner.project.to_string())
        .bind(draft.code).bind(draft.state).bind(draft.declaration).bind(draft.day)
        .bind(course.viable_at).bind(course.assigned_at).bind(course.out_at).bind(course.done_at).bind(Moment(at))
        .execute(on).await.map(drop)?);
    Ok(())
}

/// Writes that a request names a parcel. Saying so twice is saying it once.
///
/// # Errors
/// [`Error::Dangling`](crate::Error::Dangling) when the project has no such request.
pub async fn insert_parcel(tx: &mut Tx, owner: Owner, code: &str, parcel: &str) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT_PARCEL)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(parcel).bind(code)
        .execute(on).await.map(drop)?);
    Ok(())
}

/// The project's request with that code, as it stands at `now`.
///
/// # Errors
/// What the database says.
pub async fn by_code(db: &Db, owner: Owner, code: &str, now: Timestamp) -> Result<Option<Collection>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_CODE)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(code).bind(Moment(now))
        .fetch_optional(on).await?))
}

/// The project's requests as they stand at `now`, newest first: `limit` of those that pass the filter, after the first `offset`.
///
/// # Errors
/// What the database says.
pub async fn list(db: &Db, owner: Owner, filter: Filter<'_>, now: Timestamp, limit: i64, offset: i64) -> Result<Vec<Collection>> {
    Ok(on_db!(db, on => sqlx::query_as(LIST)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(Moment(now))
        .bind(filter.state).bind(filter.from).bind(filter.to).bind(limit).bind(offset)
        .fetch_all(on).await?))
}

/// The project's requests that name a parcel, as they stand at `now`: the newest `limit` of them.
///
/// # Errors
/// What the database says.
pub async fn of_parcel(db: &Db, owner: Owner, parcel: &str, now: Timestamp, limit: i64) -> Result<Vec<Collection>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_PARCEL)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(parcel).bind(Moment(now)).bind(limit)
        .fetch_all(on).await?))
}

/// Brings a request from the state it was brought to before into another; `false` when it is not in the first any more.
///
/// # Errors
/// What the database says.
pub async fn change(tx: &mut Tx, owner: Owner, from: &str, to: &Draft<'_>, at: Timestamp) -> Result<bool> {
    let course = to.course;
    let rows = on_tx!(tx, on => sqlx::query(CHANGE)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(to.code).bind(from)
        .bind(to.state).bind(to.declaration).bind(to.day)
        .bind(course.viable_at).bind(course.assigned_at).bind(course.out_at).bind(course.done_at).bind(Moment(at))
        .execute(on).await?.rows_affected());
    Ok(rows == 1)
}
