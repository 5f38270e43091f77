//! The catalogue: OpenAPI documents under their names.

use app::{Error, catalogue as cases, records::ApiRow};
use domain::ApiName;
use http::StatusCode;
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, written},
    problem::Problem,
    schema::{Named, moment, object, text},
};

pub(crate) fn schemas() -> Vec<Named> {
    let any = json!({"type": "object"});
    vec![
        ("Api", object(&[("name", text()), ("title", text()), ("version", text()), ("updated_at", moment())])),
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

async fn now(call: &Call) -> Result<Option<Value>, Problem> {
    match cases::find(call.app(), &call.actor, &ApiName::from(call.segment("name"))).await {
        Ok(row) => document(&row).map(Some),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// `GET /apis`
pub(crate) async fn list(call: &Call) -> Outcome {
    let mut rows = Vec::new();
    for row in cases::list(call.app(), &call.actor, call.parameter("after"), call.limit() + 1).await? {
        let document = document(&row)?;
        let info = |member: &str| document["info"][member].as_str().unwrap_or_default().to_owned();
        let (title, version) = (info("title"), info("version"));
        rows.push(json!({"name": row.name, "title": title, "version": version, "updated_at": written(&row.updated_at)?}));
    }
    Ok(call.page(rows, "name"))
}

/// `GET /apis/{name}`
pub(crate) async fn show(call: &Call) -> Outcome {
    Ok(Answer::one(now(call).await?.ok_or_else(Problem::not_found)?))
}

/// `PUT /apis/{name}`
pub(crate) async fn put(call: &Call) -> Outcome {
    let status = match now(call).await? {
        Some(present) => {
            call.must_match(&present)?;
            StatusCode::OK
        }
        None => {
            call.must_be_new()?;
            StatusCode::CREATED
        }
    };
    let name = ApiName::from(call.segment("name"));
    cases::put(call.app(), &call.actor, &name, call.body.clone()).await?;
    let written = now(call).await?.ok_or_else(Problem::not_found)?;
    Ok(if status == StatusCode::CREATED {
        call.made(&format!("/apis/{name}"), written.clone()).tagged(&written)
    } else {
        Answer::one(written)
    })
}

/// `DELETE /apis/{name}`
pub(crate) async fn delete(call: &Call) -> Outcome {
    let present = now(call).await?.ok_or_else(Problem::not_found)?;
    call.must_match(&present)?;
    cases::remove(call.app(), &call.actor, &ApiName::from(call.segment("name"))).await?;
    Ok(Answer::nothing())
}
