//! The error inside a 200, in the shape that each API has for it (wire-formats sections 3.4 and 5).

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    Answer, Call, body,
    fedex::result::unknown,
    preregister::{
        findings::{self, Finding, Kind},
        framed,
    },
    respond::{Refusal, answer as json_answer},
    router::Endpoint,
    scenarios::Deed,
    tracking::{UNKNOWN, untraced},
};

/// More than these are not answered one by one.
const MOST: usize = 100;

/// The answer of an operation that says by its status that all is well.
pub(super) fn answer(call: &Call<'_>, endpoint: Endpoint) -> Answer {
    let path = call.path;
    let request: Value = serde_json::from_slice(call.body).unwrap_or(Value::Null);
    let takes_shipments = ["/delivery", "/delivery/cn", "/delivery/validate"].iter().any(|end| path.ends_with(end));
    if path == "/track/v1/trackingnumbers" {
        return Ok(call.envelope.fedex(StatusCode::OK, "output", json!({ "completeTrackResults": untracked(&request) })));
    }
    if path == "/ship/v1/shipments/cancel" {
        return Ok(uncancelled(call));
    }
    let body = if takes_shipments || endpoint == Endpoint::ModifyPreregistration {
        refused(call, &request)
    } else if Deed::of(path) == Deed::Annul {
        unannulled(&request)
    } else if path.contains("/labels/print") || path.contains("/documents/print") {
        unprinted(&request, "No se ha podido generar la documentación / The documents could not be made")
    } else if path.contains("/trackpub/api/v2/search/") || path.contains("/trackpub/api/v2/expedition/") {
        let mut codes: Vec<Value> = call.argument.split(',').take(MOST).map(|code| untraceable(code, |error| json!([error]))).collect();
        if codes.len() == 1 { codes.remove(0) } else { Value::Array(codes) }
    } else if path.contains("/track/search-continuous-trace/") {
        json!([untraceable(call.argument, |error| error)])
    } else {
        return Err(Refusal::Malformed(
            "error-inside: esta operación nunca responde 200 con un error dentro / this operation never answers 200 with an error inside"
                .into(),
        ));
    };
    Ok(json_answer(StatusCode::OK, &body))
}

fn refused(call: &Call<'_>, request: &Value) -> Value {
    let finding = Finding::new(Kind::Contract, "contractNumber").describe(findings::language(request));
    let count = body::list(request, "shipments").len().clamp(1, MOST);
    let shipments: Vec<Value> = (0..count).map(|_| json!({ "validationErrorCount": 1, "packages": [], "error": [finding] })).collect();
    let mut body = framed(call, "0", &shipments);
    if call.path.ends_with("/delivery/cn") {
        body["totalShipments"] = json!(count);
    }
    body
}

/// What annulling answers when it could not.
pub(super) fn unannulled(request: &Value) -> Value {
    let language = findings::language(request);
    json!({
        "message": language.pick("El preregistro no se ha anulado", "The preregistration was not annulled"),
        "errors": [{
            "errorCode": 9900,
            "description": language.pick("La anulación ha fallado: se puede repetir", "The annulment failed: it can be repeated"),
            "errorFieldName": "packageCode",
        }],
    })
}

/// The same in FedEx' form.
pub(super) fn uncancelled(call: &Call<'_>) -> http::Response<bytes::Bytes> {
    let output = json!({
        "cancelledShipment": false,
        "cancelledHistory": true,
        "successMessage": "The shipment could not be cancelled. Please try again.",
    });
    call.envelope.fedex(StatusCode::OK, "output", output)
}

/// What printing answers when there is nothing to print.
pub(super) fn unprinted(request: &Value, reason: &str) -> Value {
    let mut answer = json!({ "pdf": Value::Null, "error": reason });
    match request.get("print").map(|print| body::whole(print, "labelFormat")) {
        Some(Ok(Some(1))) => answer["xml"] = Value::Null,
        Some(Ok(Some(3))) => answer["zpl"] = Value::Null,
        _ => {}
    }
    answer
}

fn untraceable(code: &str, wrapped: impl Fn(Value) -> Value) -> Value {
    let mut trace = untraced(code);
    trace["error"] = wrapped(json!({ "codError": UNKNOWN.0, "desError": UNKNOWN.1 }));
    trace
}

fn untracked(request: &Value) -> Vec<Value> {
    let number = |one: &Value| one.get("trackingNumberInfo").and_then(|info| body::text(info, "trackingNumber")).unwrap_or_default();
    let results = body::list(request, "trackingInfo").iter().take(MOST).map(number);
    results.map(|number| json!({ "trackingNumber": number, "trackResults": [unknown(&number)] })).collect()
}
