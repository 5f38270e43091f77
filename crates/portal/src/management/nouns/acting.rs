//! Who acts for an account number, whosever project it is; and what the organisation that holds the number does about it.

use app::acting as cases;
use domain::{ChildKey, Environment, OrganisationId};
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, written},
    nouns::customer_keys,
    problem::Problem,
    schema::{Named, environment, id, integer, moment, object, one_of, or_null, standing, text},
};

pub(crate) fn schemas() -> Vec<Named> {
    let mut stop_reason = or_null(text());
    stop_reason["description"] = json!("Why the holder of the account number stopped it, as far as it said.");
    let seen = vec![
        ("id", text()),
        ("project", text()),
        ("organisation", text()),
        ("account_number", text()),
        ("status", standing()),
        ("created_at", moment()),
        ("last_used_at", or_null(moment())),
        ("method", or_null(one_of(["address", "pin", "invoice"]))),
        ("agreement", or_null(text())),
        ("stopped_at", or_null(moment())),
        ("stop_reason", stop_reason),
    ];
    let whole = [&seen[..], &[("project_id", id()), ("organisation_id", id()), ("environment", environment())]].concat();
    vec![("Acting", object(&whole)), ("ActingForOne", object(&seen)), ("StoppedKeys", object(&[("stopped", integer(1, i64::MAX))]))]
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

/// `GET /organisations/{organisation}/acting`
pub(crate) async fn list_for_one(call: &Call) -> Outcome {
    let filter = cases::Filter {
        account_number: call.parameter("account_number").to_owned(),
        status: call.word("status"),
        after: Some(call.parameter("after")).filter(|after| !after.is_empty()).map(ChildKey::from),
    };
    let organisation: OrganisationId = call.id("organisation")?;
    let page = cases::list(call.app(), &call.actor, organisation, &filter, call.limit()).await?;
    let rows: Vec<Value> = page.rows.iter().map(written).collect::<Result<_, _>>()?;
    Ok(call.page_with(rows, page.next.map(|next| next.to_string())))
}

/// `POST /organisations/{organisation}/acting/{key}/stop`
pub(crate) async fn stop(call: &Call) -> Outcome {
    let organisation: OrganisationId = call.id("organisation")?;
    cases::stop(call.app(), &call.actor, organisation, &ChildKey::from(call.segment("key")), call.optional("reason")).await?;
    customer_keys::show(call).await
}

/// `POST /organisations/{organisation}/acting/{key}/stop-all`
pub(crate) async fn stop_all(call: &Call) -> Outcome {
    let organisation: OrganisationId = call.id("organisation")?;
    let key = ChildKey::from(call.segment("key"));
    let stopped = cases::stop_all(call.app(), &call.actor, organisation, &key, call.optional("reason")).await?;
    Ok(Answer::one(json!({"stopped": stopped})))
}
