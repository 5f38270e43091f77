//! Access requests that need nobody: what the operator lets through by rule, beside what an API's own document says.

use domain::{
    ApiName, ApprovalRuleId, CustomerType, Email, Environment, OrganisationId,
    api::Api,
    queue::{Applicant, ApprovalRule},
    role::Duty,
};
use serde_json::json;

use crate::{Actor, App, Error, Result, access, contracts, name, permission};

/// How many rules there may be: each is looked at for every request.
pub(crate) const MOST: i64 = 100;
/// How many domains of mail a rule may name.
const MOST_DOMAINS: usize = 50;

/// What a rule shall be.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// What people call it.
    pub name: String,
    /// Only for this API.
    pub api: Option<ApiName>,
    /// Only in this environment.
    pub environment: Option<Environment>,
    /// Only for organisations of these types.
    pub customer_types: Vec<CustomerType>,
    /// Only when who asks has a verified address at one of these, as people write them: separated by spaces, commas or lines.
    pub mail_domains: String,
    /// Only for organisations with an active contract.
    pub active_contract: bool,
}

/// Every rule, by name.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<ApprovalRule>> {
    permission::staff(app, actor, Duty::See).await?;
    Ok(store::approval_rules::all(app.db()).await?)
}

/// Adds a rule (`id` is `None`) or changes one. It holds for requests from now on; what waits goes on waiting.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`]; [`Error::Invalid`] for a name, an API or a domain that is none, or when nothing is said about who
/// asks where the rule is about production; [`Error::Taken`] when the name is; [`Error::Refused`] when there are too many.
pub async fn put(app: &App, actor: &Actor, id: Option<ApprovalRuleId>, wanted: &Wanted) -> Result<ApprovalRule> {
    permission::staff(app, actor, Duty::Administer).await?;
    let rule = ApprovalRule {
        id: id.unwrap_or_else(|| app.uuid().into()),
        name: named(&wanted.name)?,
        api: wanted.api.clone(),
        environment: wanted.environment,
        customer_types: wanted.customer_types.clone(),
        mail_domains: domains(&wanted.mail_domains)?,
        active_contract: wanted.active_contract,
    };
    trusts_somebody(&rule)?;
    if let Some(api) = &rule.api
        && store::apis::find(app.db(), api).await?.is_none()
    {
        return Err(no_api(api));
    }
    let before = store::approval_rules::all(app.db()).await?.into_iter().find(|known| known.id == rule.id);
    if before.is_none() && id.is_some() {
        return Err(Error::not_found("rule", rule.id));
    }
    let mut tx = app.begin().await?;
    store::queues::hold(&mut tx).await?;
    let done = match id {
        None => store::approval_rules::insert(&mut tx, &rule, app.moment()).await.map(|()| true),
        Some(_) => store::approval_rules::update(&mut tx, &rule, app.moment()).await,
    };
    // What somebody removed in this moment does not come again.
    if !done.map_err(|error| Error::taken(error, "a rule of that name", &rule.name))? {
        return Err(Error::not_found("rule", rule.id));
    }
    if store::approval_rules::count(&mut tx).await? > MOST {
        return Err(Error::refused(
            format!("Puede haber {MOST} reglas como mucho: quita una que no haga falta."),
            format!("there may be {MOST} rules: remove one that is not needed"),
        ));
    }
    let action = if before.is_some() { "approval_rule.change" } else { "approval_rule.create" };
    app.commit(tx, actor, action, rule.id, json!({"from": before.as_ref().map(detail), "to": detail(&rule)})).await?;
    Ok(rule)
}

/// Removes a rule. What it approved stays approved.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`].
pub async fn remove(app: &App, actor: &Actor, id: ApprovalRuleId) -> Result<()> {
    permission::staff(app, actor, Duty::Administer).await?;
    let before = store::approval_rules::all(app.db()).await?.into_iter().find(|known| known.id == id);
    let before = before.ok_or_else(|| Error::not_found("rule", id))?;
    let mut tx = app.begin().await?;
    store::queues::hold(&mut tx).await?;
    if !store::approval_rules::remove(&mut tx, id).await? {
        return Err(Error::not_found("rule", id));
    }
    app.commit(tx, actor, "approval_rule.remove", id, detail(&before)).await
}

/// Why a request is approved at once, in words for the log and for the project; `None`: it waits for the operator.
///
/// `plan` is the one asked for, `held` the one the project holds. A rule leaves a project the plan it holds, or gives the one that an API offers
/// first, and no other: how much somebody may use is not what it was asked about.
pub(crate) async fn verdict(
    app: &App,
    actor: &Actor,
    organisation: &store::organisations::Organisation,
    api: &Api,
    environment: Environment,
    plan: Option<&str>,
    held: Option<&str>,
) -> Result<Option<String>> {
    if access::at_once(api, environment, organisation.customer_type, plan, held) {
        return Ok(Some(format!("{} approves this at once in {environment}", api.name)));
    }
    let first = api.plans.first();
    let is_new = plan.is_none() || plan != held;
    let is_more = is_new && first.is_some_and(|first| !first.approval.is_none() || plan.is_some_and(|plan| plan != first.name));
    // The program's own API is for the operator alone to open.
    if api.is_management() || is_more {
        return Ok(None);
    }
    let rules = store::approval_rules::all(app.db()).await?;
    if rules.is_empty() {
        return Ok(None);
    }
    let email = verified(app, actor).await?;
    let who = Applicant {
        api: &api.name,
        environment,
        customer_type: organisation.customer_type,
        mail_domain: email.as_deref().and_then(|email| email.split_once('@')).map(|(_, domain)| domain),
        active_contract: has_contract(app, organisation.id, &rules).await?,
    };
    Ok(rules.iter().find(|rule| rule.approves(who)).map(|rule| format!("rule \"{}\"", rule.name)))
}

/// The verified address of who asks.
async fn verified(app: &App, actor: &Actor) -> Result<Option<String>> {
    let Actor::Account(account) = actor else { return Ok(None) };
    Ok(store::memberships::person(app.db(), *account).await?.filter(|person| person.verified).map(|person| person.email))
}

async fn has_contract(app: &App, organisation: OrganisationId, rules: &[ApprovalRule]) -> Result<bool> {
    Ok(rules.iter().any(|rule| rule.active_contract) && contracts::any_active(app, organisation).await?)
}

/// What people may call a rule.
pub(crate) fn named(text: &str) -> Result<String> {
    name("name", text, 80)
}

/// Whether what it says of production says who asks.
pub(crate) fn trusts_somebody(rule: &ApprovalRule) -> Result<()> {
    if rule.environment == Some(Environment::Sandbox) || rule.is_about_somebody() {
        return Ok(());
    }
    Err(Error::invalid(
        "environment",
        "Así aprobaría a cualquiera en producción: di de quién se fía (tipo de cliente, dominio o contrato activo), o limítala al sandbox.",
        "this would approve anybody in production: say whom it trusts (customer type, domain or active contract), or limit it to the sandbox",
    ))
}

/// What is said of a rule about an API that is none.
pub(crate) fn no_api(api: &ApiName) -> Error {
    Error::invalid("api", format!("No hay ninguna API {api}."), format!("there is no API {api}"))
}

/// Domains as people write them, each once, in order.
fn domains(written: &str) -> Result<Vec<String>> {
    let words = written.split([' ', ',', ';', '\n', '\r', '\t']).filter(|word| !word.is_empty());
    in_order(words.map(domain).collect::<Result<_>>()?)
}

/// One domain as people write it.
pub(crate) fn domain(word: &str) -> Result<String> {
    // What no address can end with is no domain.
    let email: Option<Email> = format!("x@{}", word.trim_start_matches('@')).parse().ok();
    let domain = email.as_ref().and_then(|email| email.as_str().split_once('@')).map(|(_, domain)| domain.to_owned());
    domain.ok_or_else(|| {
        Error::invalid(
            "mail_domains",
            format!("«{word}» no es un dominio: escribe, por ejemplo, correos.es."),
            format!("{word:?} is no domain: write correos.es, for example"),
        )
    })
}

/// Each domain once, in order.
pub(crate) fn in_order(mut domains: Vec<String>) -> Result<Vec<String>> {
    domains.sort();
    domains.dedup();
    if domains.len() > MOST_DOMAINS {
        return Err(Error::invalid(
            "mail_domains",
            format!("{MOST_DOMAINS} dominios como mucho."),
            format!("at most {MOST_DOMAINS} domains"),
        ));
    }
    Ok(domains)
}

fn detail(rule: &ApprovalRule) -> serde_json::Value {
    json!({
        "name": rule.name, "api": rule.api, "environment": rule.environment, "customer_types": rule.customer_types,
        "mail_domains": rule.mail_domains, "active_contract": rule.active_contract,
    })
}
