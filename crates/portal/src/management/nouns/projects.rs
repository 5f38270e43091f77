//! Projects.

use app::{projects as cases, view};
use domain::{OrganisationId, ProjectId};
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, with, written},
    problem::Problem,
    schema::{Named, id, moment, object, or_null, text},
};

fn shape() -> Vec<(&'static str, Value)> {
    vec![("id", id()), ("organisation_id", id()), ("name", text()), ("created_at", moment()), ("archived_at", or_null(moment()))]
}

pub(crate) fn schemas() -> Vec<Named> {
    let mut created = shape();
    created.push(("client", json!({"$ref": "#/components/schemas/CreatedClient"})));
    vec![("Project", object(&shape())), ("CreatedProject", object(&created))]
}

/// A project that was just made, with its client and the one showing of its secret.
pub(super) fn created(created: &cases::Created) -> Result<Value, Problem> {
    Ok(with(written(&created.project)?, [("client", super::clients::created(&created.client)?)]))
}

async fn now(call: &Call) -> Result<(ProjectId, Value), Problem> {
    let id = call.id("project")?;
    Ok((id, written(&cases::find(call.app(), &call.actor, id).await?)?))
}

/// `GET /organisations/{organisation}/projects`
pub(crate) async fn list(call: &Call) -> Outcome {
    let page = view::organisation(call.app(), &call.actor, call.id("organisation")?).await?;
    call.page_of(page.projects.iter().map(written).collect::<Result<_, _>>()?, "id")
}

/// `POST /organisations/{organisation}/projects`
pub(crate) async fn create(call: &Call) -> Outcome {
    let organisation: OrganisationId = call.id("organisation")?;
    let made = cases::create(call.app(), &call.actor, organisation, call.text("name")).await?;
    let thing = written(&made.project)?;
    Ok(call.made(&format!("/projects/{}", made.project.id), created(&made)?).tagged(&thing))
}

/// `GET /projects/{project}`
pub(crate) async fn show(call: &Call) -> Outcome {
    Ok(Answer::one(now(call).await?.1))
}

/// `PATCH /projects/{project}`
pub(crate) async fn rename(call: &Call) -> Outcome {
    let (id, present) = now(call).await?;
    call.must_match(&present)?;
    cases::rename(call.app(), &call.actor, id, call.text("name")).await?;
    show(call).await
}

/// `POST /projects/{project}/archive`
pub(crate) async fn archive(call: &Call) -> Outcome {
    cases::archive(call.app(), &call.actor, call.id("project")?).await?;
    show(call).await
}
