//! `POST /delivery/annulment`: a parcel is called off before it is handed in.

use domain::Language;
use http::StatusCode;
use serde_json::{Value, json};
use store::shipments::{self, Parcel};

use crate::{
    Answer, Call,
    body::{self, text},
    events,
    labels::FOREIGN,
    preregister::{
        findings::{self, Finding, Kind},
        read::find,
    },
    respond::{Refusal, answer as json_answer},
};

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let request = body::object(call.body)?;
    let language = findings::language(&request);
    let code = text(&request, "packageCode").ok_or_else(|| Refusal::Malformed("Falta packageCode / packageCode is missing".into()))?;
    let parcel = find(call, &code).await?.ok_or(Refusal::NotFound(FOREIGN))?;
    let parcels = [parcel];
    let errors: Vec<_> = annul_each(call, &parcels).await?.into_iter().flatten().collect();
    Ok(json_answer(StatusCode::OK, &told(language, errors.is_empty(), errors.iter().map(|why| describe(*why, language)))))
}

/// Annuls those parcels that can be, and says of each, in their order, why it stays as it was; nothing when it was annulled.
pub(crate) async fn annul_each(call: &Call<'_>, parcels: &[Parcel]) -> Result<Vec<Option<Kind>>, Refusal> {
    let now = call.now;
    let mut tx = call.house.db.begin().await?;
    let mut each = Vec::with_capacity(parcels.len());
    for parcel in parcels {
        each.push(if events::is_admitted(parcel, now) {
            Some(Kind::Admitted)
        } else if shipments::annul(&mut tx, call.caller.owner, &parcel.code, now).await? {
            None
        } else {
            Some(Kind::Annulled)
        });
    }
    tx.commit(now).await?;
    Ok(each)
}

/// The answer to an annulment: whether anything was annulled, and an entry for each parcel that stays as it was.
pub(super) fn told(language: Language, any: bool, errors: impl Iterator<Item = Value>) -> Value {
    let message = if any {
        language.pick("Preregistro Anulado con éxito", "Preregistration annulled successfully")
    } else {
        language.pick("El preregistro no se ha anulado", "The preregistration was not annulled")
    };
    json!({ "message": message, "errors": errors.collect::<Vec<_>>() })
}

/// Why a parcel stays as it was.
pub(super) fn describe(why: Kind, language: Language) -> Value {
    Finding::new(why, "packageCode").describe(language)
}
