//! Rules by which access requests need nobody.

use app::approval_rules::{self as cases, Wanted};
use domain::{ApiName, ApprovalRuleId, CustomerType, queue::ApprovalRule};
use serde_json::{Value, json};

use super::organisations::customer_types;
use crate::management::{
    answer::Answer,
    call::{Call, Outcome},
    problem::Problem,
    schema::{Named, closed, environment, id, list as list_of, object, one_of, or_null, path_name, text},
};

pub(crate) fn schemas() -> Vec<Named> {
    let name = json!({"type": "string", "minLength": 1, "maxLength": 80});
    let types = json!({"type": "array", "items": one_of(customer_types()), "uniqueItems": true});
    // A use case that reads lines and commas would find two domains in one.
    let domains = json!({"type": "array", "items": {"type": "string", "pattern": "^[^\\s,;]{1,255}$"}, "maxItems": 50});
    let boolean = json!({"type": "boolean"});
    vec![
        (
            "ApprovalRule",
            object(&[
                ("id", id()),
                ("name", text()),
                ("api", or_null(text())),
                ("environment", or_null(environment())),
                ("customer_types", list_of(one_of(customer_types()))),
                ("mail_domains", list_of(text())),
                ("active_contract", boolean.clone()),
            ]),
        ),
        (
            "PutApprovalRule",
            closed(&[
                ("name", name),
                ("api?", or_null(path_name())),
                ("environment?", or_null(environment())),
                ("customer_types?", types),
                ("mail_domains?", domains),
                ("active_contract?", boolean),
            ]),
        ),
    ]
}

fn shown(rule: &ApprovalRule) -> Value {
    json!({
        "id": rule.id, "name": rule.name, "api": rule.api, "environment": rule.environment, "customer_types": rule.customer_types,
        "mail_domains": rule.mail_domains, "active_contract": rule.active_contract,
    })
}

async fn now(call: &Call) -> Result<(ApprovalRuleId, Value), Problem> {
    let id: ApprovalRuleId = call.id("rule")?;
    let all = cases::list(call.app(), &call.actor).await?;
    let found = all.iter().find(|rule| rule.id == id).ok_or_else(Problem::not_found)?;
    Ok((id, shown(found)))
}

fn wanted(call: &Call) -> Result<Wanted, Problem> {
    let words = |member: &str| call.body.get(member).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let types: Vec<&str> = words("customer_types").collect();
    Ok(Wanted {
        name: call.text("name").to_owned(),
        api: call.optional("api").map(ApiName::from),
        environment: call.optional("environment").map(|_| call.choice("environment")).transpose()?,
        customer_types: CustomerType::ALL.iter().copied().filter(|kind| types.contains(&kind.as_str())).collect(),
        mail_domains: words("mail_domains").collect::<Vec<_>>().join("\n"),
        active_contract: call.flag("active_contract"),
    })
}

/// `GET /approval-rules`
pub(crate) async fn list(call: &Call) -> Outcome {
    let all = cases::list(call.app(), &call.actor).await?;
    call.page_of(all.iter().map(shown).collect(), "id")
}

/// `POST /approval-rules`
pub(crate) async fn create(call: &Call) -> Outcome {
    let made = cases::put(call.app(), &call.actor, None, &wanted(call)?).await?;
    let thing = shown(&made);
    Ok(call.made(&format!("/approval-rules/{}", made.id), thing.clone()).tagged(&thing))
}

/// `GET /approval-rules/{rule}`
pub(crate) async fn show(call: &Call) -> Outcome {
    Ok(Answer::one(now(call).await?.1))
}

/// `PUT /approval-rules/{rule}`
pub(crate) async fn change(call: &Call) -> Outcome {
    let (id, present) = now(call).await?;
    call.must_match(&present)?;
    Ok(Answer::one(shown(&cases::put(call.app(), &call.actor, Some(id), &wanted(call)?).await?)))
}

/// `DELETE /approval-rules/{rule}`
pub(crate) async fn remove(call: &Call) -> Outcome {
    let (id, present) = now(call).await?;
    call.must_match(&present)?;
    cases::remove(call.app(), &call.actor, id).await?;
    Ok(Answer::nothing())
}
