//! Answers of the management API under their `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): the same key with the same
//! request is answered as the first time, for a day.
//!
//! An answer may hold a secret that is shown once, so it is wrapped by the master key, as mails are. The request's own transaction and the
//! one that keeps its answer are two: when a node dies between them, or the second fails, the key is free again after [`GIVEN_UP`] and the
//! request may run twice. A request slower than that finds its key claimed anew and leaves it to its new holder.

use domain::ClientId;
use jiff::SignedDuration;
use store::{Moment, management_answers as stored};

use crate::{App, Error, Result};

/// For how long an answer is kept, in seconds.
pub const KEPT: i64 = 86_400;

/// After how many seconds a request without an answer is given up.
pub const GIVEN_UP: i64 = 120;

/// How many answers of one client are kept at once.
pub const MOST: i64 = 10_000;

/// A key that stands for one request as long as its answer is being made.
#[derive(Debug, PartialEq, Eq)]
pub struct Held {
    client: ClientId,
    key: String,
    /// When it was claimed: what tells this holder from one who came after it was given up.
    at: Moment,
}

/// What became of a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is this request's: answer it, then [`settle`] it or [`release`] it.
    Fresh(Held),
    /// The request was answered before, with this status and this body.
    Answered(u16, Vec<u8>),
    /// The same request is being answered at this moment.
    UnderWay,
    /// The key stands for another request.
    OtherRequest,
}

/// Claims a key for a request of a client, which `fingerprint` tells from all others. Of more than [`MOST`] keys the oldest answers are
/// forgotten early.
///
/// # Errors
/// [`Error::Busy`] when the client has [`MOST`] requests under way; when the database cannot be used.
pub async fn claim(app: &App, client: &ClientId, key: &str, fingerprint: &str) -> Result<Claim> {
    let now = app.now();
    let ago = |seconds| Moment(now - SignedDuration::from_secs(seconds));
    let mut tx = app.begin().await?;
    let held = Held { client: client.clone(), key: key.to_owned(), at: app.moment() };
    let fresh = stored::claim(&mut tx, client, key, fingerprint, held.at, ago(KEPT), ago(GIVEN_UP)).await?;
    if fresh {
        let surplus = stored::count(&mut tx, client).await? - MOST;
        if surplus > 0 && stored::forget_oldest(&mut tx, client, surplus).await? == 0 {
            return Err(Error::Busy);
        }
    }
    tx.commit(now).await?;
    if fresh {
        return Ok(Claim::Fresh(held));
    }
    let Some(kept) = stored::find(app.db(), client, key).await? else { return Ok(Claim::UnderWay) };
    if kept.fingerprint != fingerprint {
        return Ok(Claim::OtherRequest);
    }
    let (Some(status), Some(body)) = (kept.status, kept.body) else { return Ok(Claim::UnderWay) };
    let body = app.master.unwrap("a kept answer of the management API", &wrapping(client, key), &body)?;
    Ok(Claim::Answered(u16::try_from(status).unwrap_or(500), body.to_vec()))
}

/// Keeps the answer to a request whose key was claimed.
///
/// # Errors
/// When the database cannot be written.
pub async fn settle(app: &App, held: &Held, status: u16, body: &[u8]) -> Result<()> {
    let wrapped = app.master.wrap(&wrapping(&held.client, &held.key), body, &app.entropy);
    let mut tx = app.begin().await?;
    stored::settle(&mut tx, &held.client, &held.key, held.at, status.into(), &wrapped).await?;
    Ok(tx.commit(app.now()).await?)
}

/// Lets go of a key whose request changed nothing, so that it can be mended and sent again.
///
/// # Errors
/// When the database cannot be written.
pub async fn release(app: &App, held: &Held) -> Result<()> {
    let mut tx = app.begin().await?;
    stored::release(&mut tx, &held.client, &held.key, held.at).await?;
    Ok(tx.commit(app.now()).await?)
}

/// Under which name an answer is wrapped.
fn wrapping(client: &ClientId, key: &str) -> String {
    format!("management-answer {client} {key}")
}
