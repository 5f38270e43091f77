//! What the operator's staff tell each other of an organisation. Its members never see it.

use app::{organisations as cases, records::NoteId};
use domain::OrganisationId;
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, written},
    problem::Problem,
    schema::{Named, closed, id, moment, object, reason, text},
};

pub(crate) fn schemas() -> Vec<Named> {
    vec![
        (
            "Note",
            object(&[
                ("id", id()),
                ("organisation_id", id()),
                ("author", json!({"type": "string", "description": "As the audit log names people and programs."})),
                ("text", text()),
                ("created_at", moment()),
            ]),
        ),
        ("NewNote", closed(&[("text", reason())])),
    ]
}

async fn all(call: &Call) -> Result<(OrganisationId, Vec<Value>), Problem> {
    let organisation = call.id("organisation")?;
    let notes = cases::notes(call.app(), &call.actor, organisation).await?;
    Ok((organisation, notes.iter().map(written).collect::<Result<_, _>>()?))
}

async fn now(call: &Call) -> Result<(OrganisationId, NoteId, Value), Problem> {
    let id: NoteId = call.id("note")?;
    let (organisation, notes) = all(call).await?;
    let found = notes.into_iter().find(|note| note["id"] == id.to_string()).ok_or_else(Problem::not_found)?;
    Ok((organisation, id, found))
}

/// `GET /organisations/{organisation}/notes`
pub(crate) async fn list(call: &Call) -> Outcome {
    call.page_of(all(call).await?.1, "id")
}

/// `POST /organisations/{organisation}/notes`
pub(crate) async fn create(call: &Call) -> Outcome {
    let made = cases::add_note(call.app(), &call.actor, call.id("organisation")?, call.text("text")).await?;
    let thing = written(&made)?;
    Ok(call.made(&format!("/organisations/{}/notes/{}", made.organisation_id, made.id), thing.clone()).tagged(&thing))
}

/// `GET /organisations/{organisation}/notes/{note}`
pub(crate) async fn show(call: &Call) -> Outcome {
    Ok(Answer::one(now(call).await?.2))
}

/// `DELETE /organisations/{organisation}/notes/{note}`
pub(crate) async fn remove(call: &Call) -> Outcome {
    let (organisation, id, present) = now(call).await?;
    call.must_match(&present)?;
    cases::remove_note(call.app(), &call.actor, organisation, id).await?;
    Ok(Answer::nothing())
}
