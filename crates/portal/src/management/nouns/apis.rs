//! The catalogue: OpenAPI documents under their names.

use app::{
    Error, Rule, catalogue as cases,
    catalogue::{Before, Listing, State},
    records::ApiRow,
};
use domain::{ApiName, api::Status};
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome},
    problem::Problem,
    schema::{Named, moment, object, one_of, or_null, text},
};

pub(crate) fn schemas() -> Vec<Named> {
    let any = json!({"type": "object"});
    vec![
        (
            "Api",
            object(&[
                ("name", text()),
                ("title", text()),
                ("version", text()),
                ("status", one_of(Status::ALL.iter().map(|status| status.as_str()))),
                ("number", json!({"type": "integer", "description": "Of the version that is live; 0: the program's own entry has none."})),
                ("hidden", json!({"type": "boolean"})),
                ("sunset_at", or_null(moment())),
                ("updated_at", moment()),
            ]),
        ),
        (
            "FoundApi",
            object(&[
                ("name", text()),
                ("title", text()),
                ("status", or_null(one_of(Status::ALL.iter().map(|status| status.as_str())))),
                ("number", json!({"type": "integer", "description": "Of the version that is live; 0: none is."})),
                ("hidden", json!({"type": "boolean"})),
                ("sunset_at", or_null(moment())),
                ("updated_at", or_null(moment())),
                (
                    "drafts",
                    json!({"type": "array", "items": {"$ref": "#/components/schemas/ApiVersion"}, "description": "The oldest first."}),
                ),
            ]),
        ),
        (
            "Document",
            object(&[
                ("openapi", json!({"type": "string", "pattern": "^3\\.[01]\\."})),
                ("info", any.clone()),
                ("paths", any.clone()),
                ("x-postigo", any),
            ]),
        ),
    ]
}

fn document(row: &ApiRow) -> Result<Value, Problem> {
    // It was read when it was put there.
    serde_json::from_str(&row.document).map_err(|_| Problem::not_found())
}

/// The entry as it is stored, and the document that it is.
async fn now(call: &Call) -> Result<Option<(ApiRow, Value)>, Problem> {
    match cases::find(call.app(), &call.actor, &ApiName::from(call.segment("name"))).await {
        Ok(row) => document(&row).map(|document| Some((row, document))),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// `GET /apis`
pub(crate) async fn list(call: &Call) -> Outcome {
    let mut rows = Vec::new();
    for entry in cases::list(call.app(), &call.actor, call.parameter("after"), call.limit() + 1).await? {
        let document = document(&entry.row)?;
        let info = |member: &str| document["info"][member].as_str().unwrap_or_default().to_owned();
        let (title, version) = (info("title"), info("version"));
        rows.push(json!({
            "name": entry.row.name, "title": title, "version": version, "status": entry.status, "number": entry.version,
            "hidden": document["x-postigo"]["hidden"] == true, "sunset_at": entry.sunset_at, "updated_at": entry.row.updated_at,
        }));
    }
    Ok(call.page(rows, "name"))
}

/// The word for APIs of which a draft waits.
const DRAFTED: &str = "drafts";

pub(crate) fn states() -> Vec<&'static str> {
    Status::ALL.iter().map(|status| status.as_str()).chain([DRAFTED]).collect()
}

/// `GET /api-search?text=&state=`
pub(crate) async fn search(call: &Call) -> Outcome {
    let state = match call.parameter("state") {
        DRAFTED => Some(State::Drafted),
        _ => call.word("state").map(State::Served),
    };
    let wanted = Listing {
        text: call.parameter("text").to_owned(),
        state,
        after: call.parameter("after").to_owned(),
        limit: usize::try_from(call.limit()).unwrap_or(0),
    };
    let page = cases::listed(call.app(), &call.actor, &wanted).await?;
    let rows = page.rows.iter().map(|api| {
        json!({
            "name": api.name, "title": api.title, "status": api.status, "number": api.version, "hidden": api.hidden,
            "sunset_at": api.sunset_at, "updated_at": api.since, "drafts": api.drafts,
        })
    });
    Ok(call.page_with(rows.collect(), page.next.map(|name| name.to_string())))
}

/// `GET /apis/{name}`
pub(crate) async fn show(call: &Call) -> Outcome {
    Ok(Answer::one(now(call).await?.ok_or_else(Problem::not_found)?.1))
}

/// `PUT /apis/{name}`
pub(crate) async fn put(call: &Call) -> Outcome {
    let seen = now(call).await?;
    match &seen {
        Some((_, present)) => call.must_match(present)?,
        None => call.must_be_new()?,
    }
    let name = ApiName::from(call.segment("name"));
    let before = seen.as_ref().map_or(Before::Nothing, |(row, _)| Before::Document(&row.document));
    cases::put(call.app(), &call.actor, &name, call.body.clone(), before).await.map_err(|error| match error {
        // Somebody was quicker since it was looked at.
        Error::Rule(Rule::AlreadyDecided) => Problem::changed(),
        error => error.into(),
    })?;
    let (_, written) = now(call).await?.ok_or_else(Problem::not_found)?;
    Ok(match seen {
        None => call.made(&format!("/apis/{name}"), written.clone()).tagged(&written),
        Some(_) => Answer::one(written),
    })
}

/// `DELETE /apis/{name}`
pub(crate) async fn delete(call: &Call) -> Outcome {
    let (_, present) = now(call).await?.ok_or_else(Problem::not_found)?;
    call.must_match(&present)?;
    cases::remove(call.app(), &call.actor, &ApiName::from(call.segment("name"))).await?;
    Ok(Answer::nothing())
}
