//! `POST /delivery/annulment`: a parcel is called off before it is handed in.

use http::StatusCode;
use serde_json::json;
use store::shipments;

use crate::{
    Answer, Call,
    body::{self, text},
    events,
    labels::FOREIGN,
    preregister::{
        findings::{Finding, Kind, Language},
        read::find,
    },
    respond::{Refusal, answer as json_answer},
};

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let request = body::object(call.body)?;
    let language = Language::of(&request);
    let code = text(&request, "packageCode").ok_or_else(|| Refusal::Malformed("Falta packageCode / packageCode is missing".into()))?;
    let parcel = find(call, &code).await?.ok_or(Refusal::NotFound(FOREIGN))?;
    let body = if annul(call, &[parcel.code]).await? {
        json!({
            "message": language.choose("Preregistro Anulado con éxito", "Preregistration annulled successfully"),
            "errors": [],
        })
    } else {
        json!({
            "message": language.choose("El preregistro no se ha anulado", "The preregistration was not annulled"),
            "errors": [Finding::new(Kind::Annulled, "packageCode").describe(language)],
        })
    };
    Ok(json_answer(StatusCode::OK, &body))
}

/// Annuls parcels; `false` when none of them was alive.
pub(crate) async fn annul(call: &Call<'_>, parcels: &[String]) -> Result<bool, Refusal> {
    Ok(annul_each(call, parcels).await?.contains(&true))
}

/// Annuls parcels and says of each, in their order, whether it was alive.
pub(crate) async fn annul_each(call: &Call<'_>, parcels: &[String]) -> Result<Vec<bool>, Refusal> {
    let now = call.now;
    let mut tx = call.house.db.begin().await?;
    let mut each = Vec::with_capacity(parcels.len());
    for code in parcels {
        let alive = shipments::annul(&mut tx, call.caller.owner, code, now).await?;
        if alive {
            shipments::append_event(&mut tx, call.caller.owner, code, events::ANNULLED, now).await?;
        }
        each.push(alive);
    }
    tx.commit(now).await?;
    Ok(each)
}
