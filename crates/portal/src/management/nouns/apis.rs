//! The catalogue: OpenAPI documents under their names.

use app::{Error, Rule, catalogue as cases, catalogue::Before, records::ApiRow};
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
