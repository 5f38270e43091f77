//! What becomes of an API once it is published, and the rules that are changed without its document.

use app::catalogue::{self as cases, Rules};
use domain::{
    CustomerType, Environment,
    api::{AutoApprove, Dialect, Status},
};
use serde_json::{Value, json};

use super::{
    api_versions::{api, made},
    organisations::customer_types,
};
use crate::management::{
    answer::Answer,
    call::{Call, Outcome},
    problem::Problem,
    schema::{Named, closed, moment, object, one_of, or_null, text},
};

fn rules() -> Vec<(&'static str, Value)> {
    let boolean = || json!({"type": "boolean"});
    let types = || json!({"type": "array", "items": one_of(customer_types()), "minItems": 1, "uniqueItems": true});
    let approval = || json!({"anyOf": [one_of(["all", "none"]), types()]});
    vec![
        ("open_to", json!({"anyOf": [one_of(["all"]), types()]})),
        ("hidden", boolean()),
        ("auto_approve", closed(&[("sandbox", approval()), ("production", approval())])),
        ("api_credential", boolean()),
        ("dialect", one_of(Dialect::ALL.iter().map(|dialect| dialect.as_str()))),
        ("token_in_query", boolean()),
        ("validate_requests", boolean()),
    ]
}

pub(crate) fn schemas() -> Vec<Named> {
    let changes: Vec<(String, Value)> = rules().into_iter().map(|(name, shape)| (format!("{name}?"), shape)).collect();
    let changes: Vec<(&str, Value)> = changes.iter().map(|(name, shape)| (name.as_str(), shape.clone())).collect();
    let mut changes = closed(&changes);
    changes["minProperties"] = 1.into();
    vec![
        (
            "ApiLife",
            object(&[
                ("name", text()),
                ("title", text()),
                ("status", one_of(Status::ALL.iter().map(|status| status.as_str()))),
                ("version", json!({"type": "integer"})),
                ("since", moment()),
                ("deprecated_at", or_null(moment())),
                ("sunset_at", or_null(moment())),
                ("retired_at", or_null(moment())),
            ]),
        ),
        ("Deprecation", closed(&[("sunset", moment())])),
        ("ApiRules", object(&rules())),
        ("ApiRulesChange", changes),
    ]
}

async fn now(call: &Call) -> Result<Value, Problem> {
    let found = cases::overview(call.app(), &call.actor, &api(call)).await?;
    let live = found.live.ok_or_else(Problem::not_found)?;
    let at = |moment: Option<domain::Timestamp>| moment.map(|at| at.to_string());
    Ok(json!({
        "name": found.name,
        "title": live.api.title,
        "status": live.life.status,
        "version": live.life.version,
        "since": live.life.since.to_string(),
        "deprecated_at": at(live.life.deprecated_at),
        "sunset_at": at(live.life.sunset_at),
        "retired_at": at(live.life.retired_at),
    }))
}

/// `GET /apis/{name}/life`
pub(crate) async fn show(call: &Call) -> Outcome {
    Ok(Answer::one(now(call).await?))
}

/// `POST /apis/{name}/deprecate`
pub(crate) async fn deprecate(call: &Call) -> Outcome {
    let sunset = call.moment("sunset")?.ok_or_else(Problem::not_found)?;
    cases::deprecate(call.app(), &call.actor, &api(call), sunset).await?;
    show(call).await
}

/// `POST /apis/{name}/restore`
pub(crate) async fn restore(call: &Call) -> Outcome {
    cases::keep(call.app(), &call.actor, &api(call)).await?;
    show(call).await
}

/// `POST /apis/{name}/retire`
pub(crate) async fn retire(call: &Call) -> Outcome {
    cases::retire(call.app(), &call.actor, &api(call)).await?;
    show(call).await
}

/// `GET /apis/{name}/versions/{number}/rules`
pub(crate) async fn rules_of(call: &Call) -> Outcome {
    let seen = cases::version(call.app(), &call.actor, &api(call), call.id("number")?).await?;
    let rules = Rules::of(&seen.api);
    let approval = |environment| match rules.auto_approve.of(environment) {
        AutoApprove::All => json!("all"),
        AutoApprove::None => json!("none"),
        AutoApprove::Types(types) => json!(types),
    };
    Ok(Answer::one(json!({
        "open_to": rules.open_to.as_ref().map_or_else(|| json!("all"), |types| json!(types)),
        "hidden": rules.hidden,
        "auto_approve": {"sandbox": approval(Environment::Sandbox), "production": approval(Environment::Production)},
        "api_credential": rules.api_credential,
        "dialect": rules.dialect,
        "token_in_query": rules.token_in_query,
        "validate_requests": rules.validate_requests,
    })))
}

/// `POST /apis/{name}/versions/{number}/rules`
pub(crate) async fn set_rules(call: &Call) -> Outcome {
    let (api, number) = (api(call), call.id("number")?);
    let mut rules = Rules::of(&cases::version(call.app(), &call.actor, &api, number).await?.api);
    let wanted = |member: &str| call.body.get(member);
    let flag = |member: &str, before: bool| wanted(member).and_then(Value::as_bool).unwrap_or(before);
    if let Some(open) = wanted("open_to") {
        rules.open_to = types(open);
    }
    if let Some(approve) = wanted("auto_approve") {
        rules.auto_approve.sandbox = approval(&approve["sandbox"]);
        rules.auto_approve.production = approval(&approve["production"]);
    }
    rules.hidden = flag("hidden", rules.hidden);
    rules.api_credential = flag("api_credential", rules.api_credential);
    rules.token_in_query = flag("token_in_query", rules.token_in_query);
    rules.validate_requests = flag("validate_requests", rules.validate_requests);
    if wanted("dialect").is_some() {
        rules.dialect = call.choice("dialect")?;
    }
    let draft = cases::set_rules(call.app(), &call.actor, &api, number, &rules).await?;
    made(call, &api, draft).await
}

/// The types that a list names, in their own order, so that the same ones are the same rule. `None`: a word stands there.
fn types(value: &Value) -> Option<Vec<CustomerType>> {
    let named: Vec<&str> = value.as_array()?.iter().filter_map(Value::as_str).collect();
    Some(CustomerType::ALL.iter().copied().filter(|kind| named.contains(&kind.as_str())).collect())
}

fn approval(value: &Value) -> AutoApprove {
    match (types(value), value.as_str()) {
        (Some(types), _) => AutoApprove::Types(types),
        (None, Some("all")) => AutoApprove::All,
        (None, _) => AutoApprove::None,
    }
}
