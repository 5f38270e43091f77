//! Rules that approve access requests.

use app::{
    Error,
    approval_rules::{self, Wanted},
};
use askama::Template;
use domain::{ApprovalRuleId, CustomerType, Environment, queue::ApprovalRule, role::Duty};
use http::StatusCode;

use super::super::{frame, has_duty};
use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Notice},
    visit::{Outcome, Visit},
    words,
};

const LIST: &str = "/console/queues";

#[derive(Template)]
#[template(path = "console/rule.html")]
struct Show<'v> {
    frame: Frame<'v>,
    form: Form,
    /// Where the form goes; a rule that is there can be removed too.
    action: String,
    is_new: bool,
    administers: bool,
    apis: Vec<(String, String)>,
    environments: Vec<(&'static str, &'static str)>,
    types: Vec<(&'static str, &'static str)>,
    contract: Vec<(&'static str, &'static str)>,
}

/// `GET /console/queues/rules/new`
pub(crate) async fn new(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, None, Form::with(&[("environment", Environment::Sandbox.as_str())])).await
}

/// `POST /console/queues/rules/new`
pub(crate) async fn create(visit: &Visit<'_>) -> Outcome {
    put(visit, None).await
}

/// `GET /console/queues/rules/{rule}`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let rule = find(visit).await?;
    let mut values = vec![
        ("name", rule.name.clone()),
        ("api", rule.api.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("environment", rule.environment.map(|environment| environment.to_string()).unwrap_or_default()),
        ("mail_domains", rule.mail_domains.join("\n")),
    ];
    values.extend(rule.customer_types.iter().map(|kind| ("customer_types", kind.to_string())));
    if rule.active_contract {
        values.push(("active_contract", "yes".to_owned()));
    }
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    page(visit, StatusCode::OK, Some(&rule), Form::with(&values)).await
}

/// `POST /console/queues/rules/{rule}`
pub(crate) async fn save(visit: &Visit<'_>) -> Outcome {
    let rule = find(visit).await?;
    put(visit, Some(&rule)).await
}

/// `POST /console/queues/rules/{rule}/remove`
pub(crate) async fn remove(visit: &Visit<'_>) -> Outcome {
    approval_rules::remove(visit.portal.app(), &visit.actor()?, visit.id_segment("rule")?).await?;
    visit.redirect_with(LIST, Notice::Removed)
}

async fn put(visit: &Visit<'_>, rule: Option<&ApprovalRule>) -> Outcome {
    let text = |name: &str| visit.form.text(name);
    // A word that nobody knows must not become no condition at all.
    let environment = Some(text("environment")).filter(|word| !word.is_empty()).map(str::parse::<Environment>).transpose();
    let customer_types = visit.form.all("customer_types").map(str::parse::<CustomerType>).collect::<Result<Vec<_>, _>>();
    let (Ok(environment), Ok(customer_types)) = (&environment, &customer_types) else {
        let mut form = Form::typed(&visit.form);
        if environment.is_err() {
            form.wrong("environment", visit.t("Elige un entorno de la lista.", "Choose an environment from the list."));
        }
        if customer_types.is_err() {
            form.wrong("customer_types", visit.t("Elige tipos de cliente de la lista.", "Choose customer types from the list."));
        }
        return page(visit, StatusCode::UNPROCESSABLE_ENTITY, rule, form).await;
    };
    let wanted = Wanted {
        name: text("name").to_owned(),
        api: Some(text("api")).filter(|api| !api.is_empty()).map(Into::into),
        environment: *environment,
        customer_types: customer_types.clone(),
        mail_domains: text("mail_domains").to_owned(),
        active_contract: !text("active_contract").is_empty(),
    };
    match approval_rules::put(visit.portal.app(), &visit.actor()?, rule.map(|rule| rule.id), &wanted).await {
        Ok(_) => visit.redirect_with(LIST, Notice::Saved),
        Err(error) => {
            let mut form = Form::typed(&visit.form);
            form.refused(error, visit.language)?;
            page(visit, StatusCode::UNPROCESSABLE_ENTITY, rule, form).await
        }
    }
}

async fn find(visit: &Visit<'_>) -> Result<ApprovalRule, Failure> {
    let id: ApprovalRuleId = visit.id_segment("rule")?;
    let rules = approval_rules::list(visit.portal.app(), &visit.actor()?).await?;
    rules.into_iter().find(|rule| rule.id == id).ok_or(Failure::Missing)
}

async fn page(visit: &Visit<'_>, status: StatusCode, rule: Option<&ApprovalRule>, form: Form) -> Outcome {
    if rule.is_none() && !has_duty(visit, Duty::Administer) {
        return Err(Error::StaffOnly { needs: Duty::Administer }.into());
    }
    let language = visit.language;
    let title = rule.map_or_else(|| visit.t("Regla nueva", "New rule").to_owned(), |rule| rule.name.clone());
    let (frame, _) = frame(visit, title).await?;
    let mut apis = vec![(String::new(), visit.t("cualquiera", "any").to_owned())];
    apis.extend(visit.portal.catalogue().apis.iter().map(|api| (api.name.to_string(), api.name.to_string())));
    let mut environments = vec![("", visit.t("los dos", "both"))];
    environments.extend(Environment::ALL.iter().map(|environment| (environment.as_str(), words::environment(*environment, language))));
    visit.page_with(
        status,
        &Show {
            frame,
            form,
            action: rule.map_or_else(|| format!("{LIST}/rules/new"), |rule| format!("{LIST}/rules/{}", rule.id)),
            is_new: rule.is_none(),
            administers: has_duty(visit, Duty::Administer),
            apis,
            environments,
            types: CustomerType::ALL.iter().map(|kind| (kind.as_str(), words::customer_type(*kind, language))).collect(),
            contract: vec![("yes", visit.t("Solo con un contrato activo", "Only with an active contract"))],
        },
    )
}
