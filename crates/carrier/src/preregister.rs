//! Preregister (wire-formats section 4): shipments announced before they are handed in.

pub(crate) mod annul;
pub(crate) mod annul_expedition;
pub(crate) mod back_office;
pub(crate) mod create;
pub(crate) mod create_some;
pub(crate) mod findings;
pub(crate) mod generate;
pub(crate) mod look_up;
pub(crate) mod modify;
pub(crate) mod read;
pub(crate) mod rules;
mod take;
pub(crate) mod validate;

use bytes::Bytes;
use domain::Language;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::{
    Call,
    body::list,
    declaration::Declaration,
    preregister::findings::Finding,
    respond::{Refusal, answer},
};

/// More than this in one call is more than a form sends, and would hold the database for too long.
const MOST_SHIPMENTS: usize = 100;

/// The shipments of a request, which must hold some.
fn shipments(request: &Value) -> Result<&[Value], Refusal> {
    let shipments = list(request, "shipments");
    if shipments.is_empty() {
        return Err(Refusal::Malformed("Falta shipments o está vacío / shipments is missing or empty".into()));
    }
    if shipments.len() > MOST_SHIPMENTS {
        return Err(Refusal::Malformed(format!("Máximo {MOST_SHIPMENTS} envíos / At most {MOST_SHIPMENTS} shipments")));
    }
    Ok(shipments)
}

/// What is wrong with each shipment, in their order.
async fn check_all(call: &Call<'_>, shipments: &[Value]) -> Result<Vec<Vec<Finding>>, Refusal> {
    let mut found = Vec::with_capacity(shipments.len());
    for shipment in shipments {
        found.push(rules::check(call, Declaration(shipment)).await?);
    }
    Ok(found)
}

/// The answer's frame: which file the call became, and whether it was taken.
pub(crate) fn framed(call: &Call<'_>, result: &str, shipments: &[Value]) -> Value {
    let now = call.now;
    json!({
        "fileIdentifier": format!("PALOMA_{}", call.house.calendar.stamp(now)),
        "result": result,
        "shipments": shipments,
    })
}

/// A refusal as Correos gives it: status 200 with the errors inside. Nothing of the call was kept.
fn refused(call: &Call<'_>, language: Language, found: &[Vec<Finding>]) -> Response<Bytes> {
    let shipments: Vec<Value> = found.iter().map(|findings| not_taken(language, findings)).collect();
    answer(StatusCode::OK, &framed(call, "0", &shipments))
}

/// What is said of one shipment that was not taken.
fn not_taken(language: Language, findings: &[Finding]) -> Value {
    let errors = described(language, findings);
    json!({ "validationErrorCount": errors.len(), "packages": [], "error": errors })
}

/// Findings as they stand in an answer.
fn described(language: Language, findings: &[Finding]) -> Vec<Value> {
    findings.iter().map(|finding| finding.describe(language)).collect()
}
