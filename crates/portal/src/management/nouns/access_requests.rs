//! Access requests: what projects ask for and the operator decides.

use app::{access as cases, queues, records::AccessRequest, view};
use domain::{AccessRequestId, ApiName, ScopeSet};
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, with, words, written},
    problem::Problem,
    schema::{Named, Wrong, closed, environment, id, list as list_of, moment, object, one_of, or_null, path_name, reason, text},
};

pub(super) fn state() -> Value {
    one_of(["pending", "approved", "rejected", "revoked"])
}

pub(crate) fn schemas() -> Vec<Named> {
    let scopes = json!({"type": "array", "items": {"type": "string", "maxLength": 128, "pattern": "^[!#-\\[\\]-~]+$"}, "minItems": 1, "maxItems": 100,
        "description": "All of the API when they are left out."});
    let shape = vec![
        ("id", id()),
        ("project_id", id()),
        ("environment", environment()),
        ("api", text()),
        ("scopes", list_of(text())),
        ("plan", text()),
        ("reason", text()),
        ("status", state()),
        ("created_at", moment()),
        ("decided_at", or_null(moment())),
        ("decided_by", or_null(text())),
        ("decision_reason", or_null(text())),
    ];
    let mut requested = shape.clone();
    requested.push(("api_credential", or_null(super::api_credentials::issued_shape())));
    vec![
        ("AccessRequest", object(&shape)),
        ("RequestedAccess", object(&requested)),
        (
            "NewAccessRequest",
            closed(&[
                ("environment", environment()),
                ("api", path_name()),
                ("scopes?", scopes),
                ("plan?", path_name()),
                ("reason", reason()),
            ]),
        ),
        ("Decision", closed(&[("reason?", reason())])),
        ("Refusal", closed(&[("reason", reason())])),
    ]
}

pub(super) fn shown(request: &AccessRequest) -> Result<Value, Problem> {
    Ok(with(written(request)?, [("scopes", words(&request.scopes.to_string()))]))
}

/// `GET /access-requests`
pub(crate) async fn list(call: &Call) -> Outcome {
    let api = call.parameter("api");
    let query = queues::Query {
        organisation: call.parameter("organisation").to_owned(),
        api: (!api.is_empty()).then(|| ApiName::from(api)),
        environment: call.word("environment"),
        after: call.after()?,
        limit: call.limit(),
        ..Default::default()
    };
    let page = queues::access(call.app(), &call.actor, &query).await?;
    let rows = page.rows.iter().map(|row| shown(&row.what)).collect::<Result<_, _>>()?;
    Ok(call.page_with(rows, page.next.map(|next| next.to_string())))
}

/// `GET /projects/{project}/access-requests`
pub(crate) async fn of_project(call: &Call) -> Outcome {
    let page = view::project(call.app(), &call.actor, call.id("project")?).await?;
    call.page_of(page.access_requests.iter().map(shown).collect::<Result<_, _>>()?, "id")
}

/// `POST /projects/{project}/access-requests`
pub(crate) async fn create(call: &Call) -> Outcome {
    let scopes = call.body.get("scopes").and_then(Value::as_array);
    let scopes = scopes.map(|scopes| scopes.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "));
    let wish = cases::Wish {
        project: call.id("project")?,
        environment: call.choice("environment")?,
        api: ApiName::from(call.text("api")),
        scopes: scopes.as_deref().map(ScopeSet::parse).transpose().map_err(|_| {
            let wrong = Wrong::new(
                "/scopes",
                "contiene algo que no puede ser un scope (RFC 6749)",
                "has something that cannot be a scope (RFC 6749)",
            );
            Problem::body(vec![wrong])
        })?,
        plan: call.optional("plan").map(str::to_owned),
        reason: call.text("reason").to_owned(),
    };
    let cases::Outcome { request, api_credential, .. } = cases::request(call.app(), &call.actor, wish).await?;
    let thing = shown(&request)?;
    let issued = api_credential.as_ref().map(super::api_credentials::issued).transpose()?.unwrap_or(Value::Null);
    Ok(call.made(&format!("/access-requests/{}", request.id), with(thing.clone(), [("api_credential", issued)])).tagged(&thing))
}

/// `GET /access-requests/{request}`
pub(crate) async fn show(call: &Call) -> Outcome {
    let id: AccessRequestId = call.id("request")?;
    Ok(Answer::one(shown(&cases::find(call.app(), &call.actor, id).await?)?))
}

/// `POST /access-requests/{request}/approve`
pub(crate) async fn approve(call: &Call) -> Outcome {
    let outcome = cases::approve(call.app(), &call.actor, call.id("request")?, call.optional("reason")).await?;
    Ok(Answer::one(shown(&outcome.request)?))
}

/// `POST /access-requests/{request}/reject`
pub(crate) async fn reject(call: &Call) -> Outcome {
    let request = cases::reject(call.app(), &call.actor, call.id("request")?, call.text("reason")).await?;
    Ok(Answer::one(shown(&request)?))
}
