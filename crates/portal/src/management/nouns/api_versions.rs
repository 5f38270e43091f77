//! The versions of an API: drafts that wait, what they would change, and what was published.

use app::{
    catalogue::{self as cases, Compared, Draft, LookedAt},
    records::{Holder, Version},
};
use domain::{ApiName, openapi::compare};
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, with, words, written},
    problem::Problem,
    schema::{Named, Wrong, closed, environment, id, integer, list as list_of, moment, object, one_of, or_null, reason, text},
};

/// What is said of holders that are named.
const FIRST: &str = "The first 50; `listApiGrants` has everybody who holds the API.";

/// Who holds a grant, where, and of what.
pub(super) fn holding() -> Vec<(&'static str, Value)> {
    vec![
        ("organisation_id", id()),
        ("organisation", text()),
        ("project_id", id()),
        ("project", text()),
        ("environment", environment()),
        ("scopes", list_of(text())),
    ]
}

pub(crate) fn schemas() -> Vec<Named> {
    let number = || json!({"type": "integer"});
    let operation = object(&[("method", text()), ("path", text())]);
    let difference = object(&[
        ("kind", one_of(compare::Kind::ALL.iter().map(|kind| kind.as_str()))),
        ("operation", or_null(operation)),
        ("at", text()),
        ("spanish", text()),
        ("english", text()),
    ]);
    let holder = object(&holding());
    vec![
        (
            "ApiVersion",
            object(&[
                ("api", text()),
                ("number", number()),
                ("created_at", moment()),
                ("created_by", text()),
                ("published_at", or_null(moment())),
                ("note", text()),
            ]),
        ),
        (
            "ApiHolders",
            object(&[
                ("number", json!({"type": "integer", "description": "One for each project and environment."})),
                ("holders", json!({"type": "array", "items": holder.clone(), "description": FIRST})),
            ]),
        ),
        (
            "ApiComparison",
            object(&[
                ("version", json!({"$ref": "#/components/schemas/ApiVersion"})),
                ("over", json!({"type": "integer", "description": "The version it is compared with; 0: with nothing."})),
                ("differences", list_of(difference)),
                ("reached", json!({"type": "integer", "description": "How many projects hold grants that reach what breaks."})),
                ("holders", json!({"type": "array", "items": holder, "description": FIRST})),
                ("conflicts", list_of(object(&[("pointer", text()), ("spanish", text()), ("english", text())]))),
            ]),
        ),
        (
            "DraftPublication",
            closed(&[
                ("over", json!({"type": "integer", "minimum": 0, "description": "`over` of the comparison that was looked at."})),
                (
                    "created_at",
                    json!({"type": "string", "format": "date-time", "description": "`created_at` of the draft that was looked at."}),
                ),
                ("note?", reason()),
            ]),
        ),
        ("ApiDraftSource", closed(&[("number", integer(1, i64::MAX))])),
    ]
}

pub(super) fn api(call: &Call) -> ApiName {
    ApiName::from(call.segment("name"))
}

fn place(version: &Version) -> String {
    format!("/apis/{}/versions/{}", version.api, version.number)
}

/// A draft or version that was just made.
pub(super) async fn made(call: &Call, api: &ApiName, number: i64) -> Outcome {
    let seen = cases::version(call.app(), &call.actor, api, number).await?;
    let thing = written(&seen.version)?;
    Ok(call.made(&place(&seen.version), thing.clone()).tagged(&thing))
}

/// `GET /api-drafts`
pub(crate) async fn drafts(call: &Call) -> Outcome {
    let rows = cases::drafts(call.app(), &call.actor).await?.iter().map(written).collect::<Result<_, _>>()?;
    call.page_by(rows, |row| format!("{}.{}", row["api"].as_str().unwrap_or_default(), row["number"]))
}

/// `POST /api-drafts`
pub(crate) async fn write(call: &Call) -> Outcome {
    match cases::write(call.app(), &call.actor, None, &call.body.to_string()).await? {
        Draft::Kept(api, number) => made(call, &api, number).await,
        // Lines and columns would be those of our own writing: the pointers are the caller's.
        Draft::Faulty(placed) => {
            let wrong = placed.into_iter().take(100).map(|placed| Wrong::new(placed.fault.at, placed.fault.spanish, placed.fault.what));
            Err(Problem::body(wrong.collect()))
        }
    }
}

/// `GET /apis/{name}/versions`
pub(crate) async fn list(call: &Call) -> Outcome {
    let found = cases::overview(call.app(), &call.actor, &api(call)).await?;
    call.page_by(found.versions.iter().map(written).collect::<Result<_, _>>()?, |row| row["number"].to_string())
}

/// `POST /apis/{name}/versions`
pub(crate) async fn write_again(call: &Call) -> Outcome {
    let api = api(call);
    let number = cases::write_again(call.app(), &call.actor, &api, call.count("number")).await?;
    made(call, &api, number).await
}

/// `GET /apis/{name}/versions/{number}`
pub(crate) async fn show(call: &Call) -> Outcome {
    let seen = cases::version(call.app(), &call.actor, &api(call), call.id("number")?).await?;
    Ok(Answer::one(written(&seen.version)?))
}

/// `GET /apis/{name}/versions/{number}/document`
pub(crate) async fn document(call: &Call) -> Outcome {
    let seen = cases::version(call.app(), &call.actor, &api(call), call.id("number")?).await?;
    Ok(Answer::one(seen.document))
}

/// `GET /apis/{name}/versions/{number}/comparison`
pub(crate) async fn compare(call: &Call) -> Outcome {
    Ok(Answer::one(compared(&cases::compared(call.app(), &call.actor, &api(call), call.id("number")?).await?)?))
}

fn compared(found: &Compared) -> Result<Value, Problem> {
    let differences = found.differences.iter().map(|one| {
        let operation = one.operation.as_ref().map(|(method, path)| json!({"method": method, "path": path}));
        json!({"kind": one.kind, "operation": operation, "at": one.at, "spanish": one.spanish, "english": one.english})
    });
    let holders = found.holders.iter().map(holder);
    let conflicts = found.conflicts.iter().map(|fault| json!({"pointer": fault.at, "spanish": fault.spanish, "english": fault.what}));
    Ok(json!({
        "version": written(&found.seen.version)?,
        "over": found.over,
        "differences": differences.collect::<Vec<_>>(),
        "reached": found.reached,
        "holders": holders.collect::<Result<Vec<_>, Problem>>()?,
        "conflicts": conflicts.collect::<Vec<_>>(),
    }))
}

/// `POST /apis/{name}/versions/{number}/publish`
pub(crate) async fn publish(call: &Call) -> Outcome {
    let (api, number) = (api(call), call.id("number")?);
    let looked_at = call.moment("created_at")?.map(|at| LookedAt { over: call.count("over"), written: at.as_microsecond() });
    let looked_at = looked_at.ok_or_else(Problem::not_found)?;
    cases::publish(call.app(), &call.actor, &api, number, looked_at, call.text("note")).await?;
    show(call).await
}

/// `DELETE /apis/{name}/versions/{number}`
pub(crate) async fn discard(call: &Call) -> Outcome {
    let (api, number) = (api(call), call.id("number")?);
    let seen = cases::version(call.app(), &call.actor, &api, number).await?;
    call.must_match(&written(&seen.version)?)?;
    cases::discard(call.app(), &call.actor, &api, number).await?;
    Ok(Answer::nothing())
}

fn holder(holder: &Holder) -> Result<Value, Problem> {
    Ok(with(written(holder)?, [("scopes", words(&holder.scopes.to_string()))]))
}

/// `GET /apis/{name}/holders`
pub(crate) async fn holders(call: &Call) -> Outcome {
    let (number, first) = cases::holders(call.app(), &call.actor, &ApiName::from(call.segment("name"))).await?;
    let first = first.iter().map(holder).collect::<Result<Vec<_>, Problem>>()?;
    Ok(Answer::one(json!({"number": number, "holders": first})))
}
