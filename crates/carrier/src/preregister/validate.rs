//! `POST /delivery/validate`: what creating would say, without creating.

use http::StatusCode;
use serde_json::json;

use crate::{
    Answer, Call, body,
    preregister::{check_all, findings, framed, refused, shipments},
    respond,
};

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let request = body::object(call.body)?;
    let shipments = shipments(&request)?;
    let found = check_all(call, shipments).await?;
    if found.iter().any(|findings| !findings.is_empty()) {
        return Ok(refused(call, findings::language(&request), &found));
    }
    let clean: Vec<_> = shipments.iter().map(|_| json!({ "validationErrorCount": 0, "packages": [] })).collect();
    Ok(respond::answer(StatusCode::OK, &framed(call, "1", &clean)))
}
