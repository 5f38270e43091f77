//! What account holders agreed to: that a project may act for them, and how each was proved.

use app::consents as cases;
use serde_json::Value;

use crate::management::{
    call::{Call, Outcome, written},
    schema::{Named, environment, id, list as list_of, moment, object, one_of, text},
};

fn shape() -> Vec<(&'static str, Value)> {
    vec![
        ("id", id()),
        ("project_id", id()),
        ("environment", environment()),
        ("account_number", text()),
        ("client_id", text()),
        ("method", one_of(["address", "pin", "invoice"])),
        ("agreement", text()),
        ("address", text()),
        ("created_at", moment()),
    ]
}

/// The same with what became of it.
pub(super) fn whole() -> Value {
    let renewal = object(&[("version", text()), ("account_id", id()), ("address", text()), ("agreed_at", moment())]);
    let mut whole = shape();
    whole.push(("renewals", list_of(renewal)));
    object(&whole)
}

pub(crate) fn schemas() -> Vec<Named> {
    vec![("Consent", object(&shape()))]
}

/// `GET /projects/{project}/consents`
pub(crate) async fn list(call: &Call) -> Outcome {
    let page = cases::list(call.app(), &call.actor, call.id("project")?, call.after()?.as_ref(), call.limit()).await?;
    let rows = page.rows.iter().map(written).collect::<Result<_, _>>()?;
    Ok(call.page_with(rows, page.next.map(|next| next.to_string())))
}
