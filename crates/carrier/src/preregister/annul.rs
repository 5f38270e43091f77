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
    let admitted = events::is_admitted(&parcel, call.now);
    let body = if !admitted && annul(call, &[parcel.code]).await? {
        json!({
            "message": language.choose("Preregistro Anulado con éxito", "Preregistration annulled successfully"),
            "errors": [],
        })
    } else {
        json!({
            "message": language.choose("El preregistro no se ha anulado", "The preregistration was not annulled"),
            "errors": [Finding::new(if admitted { Kind::Admitted } else { Kind::Annulled }, "packageCode").describe(language)],
        })
    };
    Ok(json_answer(StatusCode::OK, &body))
}

/// Annuls parcels; `false` when none of them was alive.
pub(crate) async fn annul(call: &Call<'_>, parcels: &[String]) -> Result<bool, Refusal> {
    let now = call.now;
    let mut tx = call.house.db.begin().await?;
    let mut any = false;
    for code in parcels {
        any |= shipments::annul(&mut tx, call.caller.owner, code, now).await?;
    }
    tx.commit(now).await?;
    Ok(any)
}
