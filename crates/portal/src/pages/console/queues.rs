//! How the queues are worked: targets, words for rejections, and rules that need nobody.

mod rules;
mod templates;

use app::{
    Error, approval_rules,
    queues::{self, Targets},
    reason_templates,
};
use askama::Template;
use domain::queue::{ApprovalRule, Queue};
use http::StatusCode;

pub(crate) use {
    rules::{create as create_rule, new as new_rule, remove as remove_rule, save as save_rule, show as rule},
    templates::{create as create_template, new as new_template, remove as remove_template, save as save_template, show as template},
};

use super::frame;
use crate::{
    form::Form,
    frame::{Frame, Notice},
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "console/queues.html")]
struct Queues<'v> {
    frame: Frame<'v>,
    form: Form,
    decides: bool,
    administers: bool,
    /// Name of the field, and the queue's name.
    targets: Vec<(&'static str, &'static str)>,
    rules: Vec<(String, String, Vec<String>)>,
    templates: Vec<(String, String, &'static str)>,
}

/// `GET /console/queues`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, None).await
}

/// `POST /console/queues`: sets the targets.
pub(crate) async fn save_targets(visit: &Visit<'_>) -> Outcome {
    // What is no number is as wrong as one out of bounds.
    let hours = |queue: Queue| visit.form.text(queue.as_str()).parse().unwrap_or(0);
    let wanted = Targets { access: hours(Queue::Access), contracts: hours(Queue::Contracts), customer_types: hours(Queue::CustomerTypes) };
    match queues::set_targets(visit.portal.app(), &visit.actor()?, &wanted).await {
        Ok(()) => visit.redirect_with("/console/queues", Notice::Saved),
        Err(error) => {
            let mut form = Form::typed(&visit.form);
            if let Error::Invalid { mend, .. } = &error {
                // The first one is named; what mends it mends the others.
                wanted.wrong().for_each(|queue| form.wrong(queue.as_str(), mend.in_language(visit.language)));
            } else {
                form.refused(error, visit.language)?;
            }
            page(visit, StatusCode::UNPROCESSABLE_ENTITY, Some(form)).await
        }
    }
}

async fn page(visit: &Visit<'_>, status: StatusCode, form: Option<Form>) -> Outcome {
    let (app, actor) = (visit.portal.app(), visit.actor()?);
    let (frame, _) = frame(visit, visit.t("Cómo se trabajan las colas", "How queues are worked")).await?;
    let targets = queues::targets(app, &actor).await?;
    let hours = Queue::ALL.iter().map(|queue| (queue.as_str(), targets.of(*queue).to_string())).collect::<Vec<_>>();
    let hours: Vec<(&str, &str)> = hours.iter().map(|(name, hours)| (*name, hours.as_str())).collect();
    let rules = approval_rules::list(app, &actor).await?;
    let templates = reason_templates::list(app, &actor, None).await?;
    visit.page_with(
        status,
        &Queues {
            form: form.unwrap_or_else(|| Form::with(&hours)),
            decides: super::decides(visit),
            administers: super::administers(visit),
            targets: Queue::ALL.iter().map(|queue| (queue.as_str(), words::queue(*queue, visit.language))).collect(),
            rules: rules.into_iter().map(|rule| (rule.id.to_string(), rule.name.clone(), conditions(visit, &rule))).collect(),
            templates: templates
                .into_iter()
                .map(|template| (template.id.to_string(), template.name, words::queue(template.queue, visit.language)))
                .collect(),
            frame,
        },
    )
}

/// What must hold, each as a clause.
fn conditions(visit: &Visit<'_>, rule: &ApprovalRule) -> Vec<String> {
    let mut conditions = Vec::new();
    if let Some(api) = &rule.api {
        conditions.push(format!("API {api}"));
    }
    if let Some(environment) = rule.environment {
        conditions.push(words::environment(environment, visit.language).to_owned());
    }
    if !rule.customer_types.is_empty() {
        let types: Vec<_> = rule.customer_types.iter().map(|kind| words::customer_type(*kind, visit.language)).collect();
        conditions.push(types.join(visit.t(" o ", " or ")));
    }
    if !rule.mail_domains.is_empty() {
        conditions.push(format!("{} {}", visit.t("correo verificado en", "verified mail at"), rule.mail_domains.join(", ")));
    }
    if rule.active_contract {
        conditions.push(visit.t("contrato activo", "active contract").to_owned());
    }
    conditions
}
