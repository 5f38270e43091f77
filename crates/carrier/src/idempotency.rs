//! `Idempotency-Key`: a retry is answered as the first call was, and does nothing again.
//!
//! The key is claimed in the very transaction that does the work: of many calls at once one does it and the others wait
//! for its row, then repeat its answer. Only what was created is kept; a refusal leaves the key free.
//!
//! An answer is kept for a day of real time, whatever time its project plays: a retry happens in the real world. Each call
//! that claims a key takes a few answers past their time away in the same transaction, whoever they belong to: more go
//! than come, so there is never a heap of them and nothing else has to tidy up.

use aws_lc_rs::digest;
use bytes::Bytes;
use http::{Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use store::{
    Tx,
    idempotency_keys::{self, Answered},
};

use crate::{
    Answer, Call,
    respond::{Refusal, encoded},
};

/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// How many old answers one call takes away: more than the one it adds.
const PRUNED_AT_ONCE: i64 = 8;

/// Where a call with a key stands.
pub(crate) enum Guard {
    /// It was made before: this was the answer.
    Answered(Response<Bytes>),
    /// It is to be made; with a key if it came with one.
    Open(Option<Key>),
}

/// The key of a call, and what the call was.
pub(crate) struct Key {
    key: String,
    fingerprint: String,
}

/// Reads the header and looks whether the call was answered before.
pub(crate) async fn guard(call: &Call<'_>) -> Result<Guard, Refusal> {
    let Some(header) = call.headers.get("idempotency-key") else {
        return Ok(Guard::Open(None));
    };
    let key = header.to_str().map(str::trim).unwrap_or_default();
    if key.is_empty() || key.len() > 255 {
        return Err(Refusal::Malformed("Idempotency-Key no es válida / Idempotency-Key is not valid".into()));
    }
    let key = Key { key: key.to_owned(), fingerprint: fingerprint(call) };
    match idempotency_keys::find(&call.house.db, call.caller.owner, &key.key, oldest(call)).await? {
        Some(answered) => key.repeat(answered).map(Guard::Answered),
        None => Ok(Guard::Open(Some(key))),
    }
}

impl Key {
    /// Claims the key for `tx`; `false` when another call was faster.
    pub(crate) async fn claim(&self, call: &Call<'_>, tx: &mut Tx) -> Result<bool, Refusal> {
        let (at, oldest) = (call.house.clock.now(), oldest(call));
        let ours = idempotency_keys::claim(tx, call.caller.owner, &self.key, &self.fingerprint, at, oldest).await?;
        if ours {
            idempotency_keys::prune(tx, oldest, PRUNED_AT_ONCE).await?;
        }
        Ok(ours)
    }

    /// Keeps the answer, in the transaction that made it true.
    pub(crate) async fn settle(&self, call: &Call<'_>, tx: &mut Tx, answer: &Response<Bytes>) -> Result<(), Refusal> {
        let status = i64::from(answer.status().as_u16());
        let body = std::str::from_utf8(answer.body()).map_err(|_| Refusal::Broken("an answer that is not text"))?;
        Ok(idempotency_keys::settle(tx, call.caller.owner, &self.key, status, body).await?)
    }

    /// The answer of the call that was faster.
    pub(crate) async fn replay(&self, call: &Call<'_>) -> Answer {
        match idempotency_keys::find(&call.house.db, call.caller.owner, &self.key, oldest(call)).await? {
            Some(answered) => self.repeat(answered),
            None => Err(Refusal::Conflict("La clave está en uso / The key is in use".into())),
        }
    }

    fn repeat(&self, answered: Answered) -> Answer {
        if answered.fingerprint != self.fingerprint {
            return Err(Refusal::Conflict(
                "Idempotency-Key ya se usó con otra petición / Idempotency-Key was used with another request".into(),
            ));
        }
        let status = u16::try_from(answered.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
        let status = status.ok_or(Refusal::Broken("a kept answer without a status"))?;
        Ok(encoded(status, answered.body))
    }
}

/// What was answered before this moment is forgotten.
fn oldest(call: &Call<'_>) -> Timestamp {
    call.house.clock.now().checked_sub(KEPT).unwrap_or(Timestamp::MIN)
}

/// What the call was: its path and its body, byte for byte.
fn fingerprint(call: &Call<'_>) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(call.path.as_bytes());
    context.update(b"\n");
    context.update(call.body);
    context.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
