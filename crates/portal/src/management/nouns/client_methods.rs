//! Which clients use a method.

use app::client_methods as cases;
use domain::client_method::ClientMethod;
use serde_json::Value;

use crate::management::{
    call::{Call, Outcome, written},
    schema::{Named, environment, id, moment, object, one_of, or_null, standing, text},
};

pub(crate) fn methods() -> Vec<&'static str> {
    ClientMethod::ALL.iter().map(|method| method.as_str()).collect()
}

pub(crate) fn schemas() -> Vec<Named> {
    vec![(
        "ClientMethod",
        object(&[
            ("client_id", text()),
            ("method", one_of(methods())),
            ("first_used_at", moment()),
            ("last_used_at", moment()),
            ("last_used_address", text()),
            ("last_used_agent", or_null(text())),
            ("environment", environment()),
            ("status", standing()),
            ("project_id", id()),
            ("project", text()),
            ("organisation_id", id()),
            ("organisation", text()),
        ]),
    )]
}

/// `GET /client-methods?method=`
pub(crate) async fn list(call: &Call) -> Outcome {
    let method = call.word("method").unwrap_or(ClientMethod::QueryToken);
    let after = call.after::<cases::Cursor>()?;
    let (users, next) = cases::users(call.app(), &call.actor, method, after.as_ref(), call.limit()).await?;
    let rows: Vec<Value> = users.iter().map(written).collect::<Result<_, _>>()?;
    Ok(call.page_with(rows, next.map(|next| next.to_string())))
}
