//! How the queues are worked as a file: within what time, what needs nobody, and the words for rejections. Each of the three is said whole or not at
//! all.

use domain::{
    queue::{ApprovalRule, Queue},
    role::Duty,
};
use serde_json::{Map, Value, json};
use store::{
    Tx, approval_rules, queue_targets,
    reason_templates::{self, ReasonTemplate},
};

use super::Targets;
pub(crate) use super::{
    difference::{Apis, Step, compare, make},
    reading::read,
};
use crate::{Actor, App, Result, catalogue::Document, permission};

/// The file that it is written to.
const FILE: &str = "queues.yaml";

/// How they are worked here.
pub(crate) struct Present {
    pub(super) targets: Targets,
    pub(super) rules: Vec<ApprovalRule>,
    pub(super) templates: Vec<ReasonTemplate>,
}

impl Present {
    /// As it is.
    pub(crate) async fn read(app: &App) -> Result<Self> {
        let (set, rules) = (queue_targets::all(app.db()).await?, approval_rules::all(app.db()).await?);
        Ok(Self::of(&set, rules, reason_templates::all(app.db(), None).await?))
    }

    /// The same, inside the transaction that holds it.
    pub(crate) async fn held(tx: &mut Tx) -> Result<Self> {
        let (set, rules) = (queue_targets::held(tx).await?, approval_rules::held(tx).await?);
        Ok(Self::of(&set, rules, reason_templates::held(tx).await?))
    }

    fn of(set: &[(Queue, i64)], mut rules: Vec<ApprovalRule>, templates: Vec<ReasonTemplate>) -> Self {
        // Sets are compared in one order, however somebody ticked them.
        for rule in &mut rules {
            rule.customer_types.sort();
            rule.customer_types.dedup();
            rule.mail_domains.sort();
            rule.mail_domains.dedup();
        }
        Self { targets: Targets::among(set), rules, templates }
    }
}

/// Something that a file lists, with its place.
pub(super) struct Listed<T> {
    pub(super) what: T,
    pub(super) file: String,
    pub(super) at: String,
}

/// What the files say. Of what they do not speak is left as it is.
#[derive(Default)]
pub(crate) struct Wanted {
    pub(super) targets: Option<Listed<Targets>>,
    pub(super) rules: Option<Vec<Listed<ApprovalRule>>>,
    pub(super) templates: Option<Vec<Listed<ReasonTemplate>>>,
}

/// Whether the actor may do by files what it takes to do by hand: targets and rules are an administrator's, words for rejections are for who decides.
pub(crate) async fn permitted(app: &App, actor: &Actor, documents: &[&Document]) -> Result<()> {
    let says = |member: &str| documents.iter().any(|document| document.content["queues"].get(member).is_some());
    if says("targets") || says("rules") {
        permission::staff(app, actor, Duty::Administer).await?;
    }
    if says("templates") {
        permission::staff(app, actor, Duty::Decide).await?;
    }
    Ok(())
}

/// The file of this house, whole; `None`: it has neither rules nor words, and its targets are as the program has them.
pub(crate) async fn export(app: &App) -> Result<Option<Document>> {
    let Present { targets, rules, templates } = Present::read(app).await?;
    if rules.is_empty() && templates.is_empty() && targets == Targets::among(&[]) {
        return Ok(None);
    }
    let rules: Vec<Value> = rules.iter().map(written).collect();
    let words = |one: &ReasonTemplate| json!({"queue": one.queue, "name": one.name, "spanish": one.spanish, "english": one.english});
    let templates: Vec<Value> = templates.iter().map(words).collect();
    let content = json!({"queues": {"targets": targets, "rules": rules, "templates": templates}});
    Ok(Some(Document { file: FILE.to_owned(), content }))
}

/// A rule as a file has it: what it does not ask is left out.
fn written(rule: &ApprovalRule) -> Value {
    let mut members = Map::new();
    let mut put = |member: &str, value: Value| drop(members.insert(member.to_owned(), value));
    put("name", json!(rule.name));
    if let Some(api) = &rule.api {
        put("api", json!(api));
    }
    if let Some(environment) = rule.environment {
        put("environment", json!(environment));
    }
    if !rule.customer_types.is_empty() {
        put("customer_types", json!(rule.customer_types));
    }
    if !rule.mail_domains.is_empty() {
        put("mail_domains", json!(rule.mail_domains));
    }
    if rule.active_contract {
        put("active_contract", json!(true));
    }
    Value::Object(members)
}
