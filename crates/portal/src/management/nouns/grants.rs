//! Grants: what an approved access request allows.

use app::{
    access as cases, catalogue,
    records::{GrantRow, HeldGrant},
    view,
};
use domain::{ApiName, GrantId};
use serde_json::Value;

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, with, words, written},
    problem::Problem,
    schema::{Named, environment, id, list as list_of, moment, object, or_null, text},
};

pub(crate) fn schemas() -> Vec<Named> {
    let mut held = super::api_versions::holding();
    held.extend([("grant_id", id()), ("plan", text())]);
    vec![
        (
            "Grant",
            object(&[
                ("id", id()),
                ("access_request_id", id()),
                ("project_id", id()),
                ("environment", environment()),
                ("api", text()),
                ("scopes", list_of(text())),
                ("plan", text()),
                ("created_at", moment()),
                ("revoked_at", or_null(moment())),
            ]),
        ),
        ("HeldGrant", object(&held)),
    ]
}

fn shown(grant: &GrantRow) -> Result<Value, Problem> {
    Ok(with(written(grant)?, [("scopes", words(&grant.scopes.to_string()))]))
}

fn held(grant: &HeldGrant) -> Result<Value, Problem> {
    Ok(with(written(grant)?, [("scopes", words(&grant.holder.scopes.to_string()))]))
}

/// `GET /projects/{project}/grants`
pub(crate) async fn list(call: &Call) -> Outcome {
    let page = view::project(call.app(), &call.actor, call.id("project")?).await?;
    call.page_of(page.grants.iter().map(shown).collect::<Result<_, _>>()?, "id")
}

/// `GET /apis/{name}/grants`
pub(crate) async fn of_api(call: &Call) -> Outcome {
    let (name, after) = (ApiName::from(call.segment("name")), call.after()?);
    let (grants, next) = catalogue::grants(call.app(), &call.actor, &name, after.as_ref(), call.limit()).await?;
    let rows = grants.iter().map(held).collect::<Result<_, _>>()?;
    Ok(call.page_with(rows, next.map(|next| next.to_string())))
}

/// `GET /grants/{grant}`
pub(crate) async fn show(call: &Call) -> Outcome {
    let id: GrantId = call.id("grant")?;
    Ok(Answer::one(shown(&cases::find_grant(call.app(), &call.actor, id).await?)?))
}

/// `POST /grants/{grant}/revoke`
pub(crate) async fn revoke(call: &Call) -> Outcome {
    let id = call.id("grant")?;
    cases::revoke_grant(call.app(), &call.actor, id, call.optional("reason")).await?;
    show(call).await
}
