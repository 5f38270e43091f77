//! `POST /labels/print/documents`: the customs declarations DCAF (5) and DDP (6). They are not drawn yet; the answer has the
//! form of a label that could not be printed, which the plug-in shows to its user.

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    Answer, Call, body,
    respond::{Refusal, answer as json_answer},
};

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let request = body::object(call.body)?;
    if body::text(&request, "application").is_none() {
        return Err(Refusal::Malformed("Falta application / application is missing".into()));
    }
    let error = "La documentación no está disponible en el entorno de pruebas / Not available in the sandbox";
    Ok(json_answer(StatusCode::OK, &json!({ "pdf": Value::Null, "error": error })))
}
