//! Who acts for an account number, whosever project it is.

use app::acting as cases;
use domain::{ChildKey, Environment};
use serde_json::{Value, json};

use crate::management::{
    call::{Call, Outcome, written},
    problem::Problem,
    schema::{Named, environment, id, moment, object, one_of, or_null, standing, text},
};

pub(crate) fn schemas() -> Vec<Named> {
    let mut stop_reason = or_null(text());
    stop_reason["description"] = json!("Why the holder of the account number stopped it, as far as it said.");
    vec![(
        "Acting",
        object(&[
            ("id", text()),
            ("project_id", id()),
            ("project", text()),
            ("organisation_id", id()),
            ("organisation", text()),
            ("environment", environment()),
            ("account_number", text()),
            ("status", standing()),
            ("created_at", moment()),
            ("last_used_at", or_null(moment())),
            ("method", or_null(one_of(["address", "pin", "invoice"]))),
            ("agreement", or_null(text())),
            ("stopped_at", or_null(moment())),
            ("stop_reason", stop_reason),
        ]),
    )]
}

/// `GET /customer-keys?account_number=`
pub(crate) async fn list(call: &Call) -> Outcome {
    let account = call.parameter("account_number");
    if account.is_empty() {
        return Err(Problem::parameter("account_number", "Di de qué número de cuenta.", "say for which account number"));
    }
    let environment = call.word("environment").unwrap_or(Environment::Production);
    let after = Some(call.parameter("after")).filter(|after| !after.is_empty()).map(ChildKey::from);
    let (rows, next) = cases::of_account(call.app(), &call.actor, environment, account, after, call.limit()).await?;
    let rows: Vec<Value> = rows.iter().map(written).collect::<Result<_, _>>()?;
    Ok(call.page_with(rows, next.map(|next| next.to_string())))
}
