//! Secrets and projects across the house that somebody should look at.

use app::secret_review::{self as cases, Which};
use serde_json::Value;

use crate::management::{
    call::{Call, Outcome, written},
    schema::{Named, environment, id, moment, object, or_null, text},
};

pub(crate) fn kinds() -> Vec<&'static str> {
    vec!["ending", "old", "superseded"]
}

pub(crate) fn schemas() -> Vec<Named> {
    vec![
        (
            "ReviewedSecret",
            object(&[
                ("id", id()),
                ("prefix", text()),
                ("created_at", moment()),
                ("retires_at", or_null(moment())),
                ("last_used_at", or_null(moment())),
                ("client", text()),
                ("environment", environment()),
                ("project_id", id()),
                ("project", text()),
                ("owner_id", id()),
                ("owner", text()),
            ]),
        ),
        (
            "QuietProject",
            object(&[
                ("created_at", moment()),
                ("id", id()),
                ("project", text()),
                ("owner_id", id()),
                ("owner", text()),
                ("last_used_at", or_null(moment())),
            ]),
        ),
    ]
}

/// `GET /secret-review?kind=`
pub(crate) async fn secrets(call: &Call) -> Outcome {
    let which = match call.parameter("kind") {
        "old" => Which::Old,
        "superseded" => Which::Superseded,
        _ => Which::Ending,
    };
    let page = cases::secrets(call.app(), &call.actor, which, call.after()?.as_ref(), call.limit()).await?;
    let rows: Vec<Value> = page.rows.iter().map(written).collect::<Result<_, _>>()?;
    Ok(call.page_with(rows, page.next.map(|next| next.to_string())))
}

/// `GET /quiet-projects`
pub(crate) async fn quiet_projects(call: &Call) -> Outcome {
    let page = cases::quiet_projects(call.app(), &call.actor, call.after()?.as_ref(), call.limit()).await?;
    let rows: Vec<Value> = page.rows.iter().map(written).collect::<Result<_, _>>()?;
    Ok(call.page_with(rows, page.next.map(|next| next.to_string())))
}
