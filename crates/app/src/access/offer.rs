//! What an API offers to those who ask for access.

use domain::{
    ApiName, CustomerType, Environment,
    api::{Api, Status},
};

use crate::{App, Error, Result, Rule, catalogue};

/// Whether nobody has to decide: the API approves what such organisations ask for, and either leaves the plan to that rule too or the project holds
/// that plan already. Where no `plan` is named it is the one `held`, if the API still offers it, else the API's first.
#[must_use]
pub fn at_once(api: &Api, environment: Environment, customer_type: CustomerType, plan: Option<&str>, held: Option<&str>) -> bool {
    let plan = meant(api, plan, held).and_then(|name| api.plan(name));
    let plan_is_free = plan.is_none_or(|plan| plan.approval.is_none() || held == Some(plan.name.as_str()));
    plan_is_free && api.auto_approve.of(environment).approves(customer_type)
}

/// The plan that somebody means who holds this one: the one named, else what they hold, else the first.
pub(super) fn meant<'a>(api: &'a Api, named: Option<&'a str>, held: Option<&'a str>) -> Option<&'a str> {
    let held = held.filter(|held| api.plan(held).is_some());
    named.or(held).or_else(|| api.plans.first().map(|plan| plan.name.as_str()))
}

/// What is approved is what was asked for: a plan that went meanwhile is nobody's to give.
pub(super) fn still_offers(api: &Api, plan: &str) -> Result<()> {
    if plan.is_empty() || api.plan(plan).is_some() {
        return Ok(());
    }
    Err(Error::refused(
        format!("La API {} ya no ofrece el plan {plan}: rechaza la solicitud y di al proyecto que pida otro.", api.name),
        format!("{} does not offer the plan {plan} any more: reject the request and tell the project to ask for another", api.name),
    ))
}

/// The API, when organisations of this type may ask for it now.
pub(crate) async fn offered(app: &App, name: &ApiName, customer_type: CustomerType) -> Result<Api> {
    let (api, status) = entry(app, name).await?;
    match status {
        Status::Deprecated => Err(Rule::ApiDeprecated.into()),
        Status::Retired => Err(Rule::ApiRetired.into()),
        Status::Published if !api.is_open_to(customer_type) => Err(Rule::ApiNotOpen(customer_type).into()),
        Status::Published => Ok(api),
    }
}

/// The API, when anything serves it.
pub(super) async fn entry(app: &App, name: &ApiName) -> Result<(Api, Status)> {
    let found = store::apis::entry(app.db(), name).await?.ok_or_else(|| Error::not_found("API", name))?;
    if found.status == Status::Retired {
        return Err(Rule::ApiRetired.into());
    }
    let (api, _) = catalogue::read_text(&found.row.document, &store::plans::named(app.db()).await?)?;
    Ok((api, found.status))
}
