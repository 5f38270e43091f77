//! What is different between how the queues are worked and what files say of it, and what makes it equal.

use std::collections::{HashMap, HashSet};

use domain::{
    ApprovalRuleId, ReasonTemplateId,
    queue::{ApprovalRule, Queue},
};
use store::{
    Tx, approval_rules as rules, queue_targets,
    reason_templates::{self as templates, ReasonTemplate},
};

use super::{
    Targets,
    files::{Listed, Present, Wanted},
};
use crate::{
    App, Error, Result, approval_rules,
    catalogue::{Change, Kind},
};

/// The names of the APIs that there are, before the files and after them: what is retired and the program's own among them.
pub(crate) struct Apis {
    pub(crate) before: HashSet<String>,
    pub(crate) after: HashSet<String>,
}

/// What makes one thing as the files say.
pub(crate) enum Step {
    Targets(Targets),
    AddRule(ApprovalRule),
    ChangeRule(ApprovalRule),
    RemoveRule(ApprovalRuleId),
    AddTemplate(ReasonTemplate),
    ChangeTemplate(ReasonTemplate),
    RemoveTemplate(ReasonTemplateId),
}

/// What must happen, in the order of the files, with how it is told; of rules and of words those that go last. What names an API that the files leave
/// nobody is a fault.
pub(crate) fn compare(present: &Present, wanted: &Wanted, apis: &Apis, faults: &mut Vec<String>) -> Vec<(Change, Step)> {
    let mut changes = Vec::new();
    if let Some(Listed { what, .. }) = &wanted.targets
        && *what != present.targets
    {
        let other = |queue: &&Queue| present.targets.of(**queue) != what.of(**queue);
        let line = |queue: &Queue| format!("~ {queue}: {} -> {} hours", present.targets.of(*queue), what.of(*queue));
        let lines = Queue::ALL.iter().filter(other).map(line).collect();
        changes.push((told("change", "targets", lines), Step::Targets(*what)));
    }
    if let Some(list) = &wanted.rules {
        compare_rules(&present.rules, list, apis, faults, &mut changes);
    }
    if let Some(list) = &wanted.templates {
        compare_templates(&present.templates, list, &mut changes);
    }
    changes
}

/// A change is named as what it is of stands in the file.
fn told(action: &'static str, name: &str, detail: Vec<String>) -> Change {
    Change::new(Kind::Queues, action, name, detail)
}

fn compare_rules(
    present: &[ApprovalRule],
    wanted: &[Listed<ApprovalRule>],
    apis: &Apis,
    faults: &mut Vec<String>,
    changes: &mut Vec<(Change, Step)>,
) {
    let before: HashMap<&str, &ApprovalRule> = present.iter().map(|rule| (rule.name.as_str(), rule)).collect();
    let after: HashSet<&str> = wanted.iter().map(|listed| listed.what.name.as_str()).collect();
    let name = |rule: &ApprovalRule| format!("rules/{}", rule.name);
    for Listed { what, at, .. } in wanted {
        let known = before.get(what.name.as_str()).copied();
        let rule = ApprovalRule { id: known.map_or(what.id, |known| known.id), ..what.clone() };
        let is_same = known == Some(&rule);
        // A rule stays when its API goes; that it names none any more is no fault of a file that says what is there.
        if let Some(api) = rule.api.as_ref().filter(|api| !apis.after.contains(api.as_str()))
            && (!is_same || apis.before.contains(api.as_str()))
        {
            faults.push(format!("{at}/api: {}", approval_rules::no_api(api).words().english));
        }
        match known {
            _ if is_same => {}
            None => changes.push((told("add", &name(&rule), asks(&rule)), Step::AddRule(rule))),
            Some(known) => changes.push((told("change", &name(&rule), asks_otherwise(known, &rule)), Step::ChangeRule(rule))),
        }
    }
    let gone = present.iter().filter(|rule| !after.contains(rule.name.as_str()));
    changes.extend(gone.map(|rule| (told("remove", &name(rule), Vec::new()), Step::RemoveRule(rule.id))));
}

/// What a rule asks, by the members of the file; `None`: nothing.
fn conditions(rule: &ApprovalRule) -> [(&'static str, Option<String>); 5] {
    let types = rule.customer_types.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
    [
        ("api", rule.api.as_ref().map(ToString::to_string)),
        ("environment", rule.environment.as_ref().map(ToString::to_string)),
        ("customer_types", Some(types).filter(|types| !types.is_empty())),
        ("mail_domains", Some(rule.mail_domains.join(", ")).filter(|domains| !domains.is_empty())),
        ("active_contract", rule.active_contract.then(|| "true".to_owned())),
    ]
}

fn asks(rule: &ApprovalRule) -> Vec<String> {
    conditions(rule).into_iter().filter_map(|(member, value)| Some(format!("+ {member}: {}", value?))).collect()
}

fn asks_otherwise(before: &ApprovalRule, after: &ApprovalRule) -> Vec<String> {
    let told = |value: Option<String>| value.unwrap_or_else(|| "any".to_owned());
    let pairs = conditions(before).into_iter().zip(conditions(after)).filter(|((_, before), (_, after))| before != after);
    pairs.map(|((member, before), (_, after))| format!("~ {member}: {} -> {}", told(before), told(after))).collect()
}

fn compare_templates(present: &[ReasonTemplate], wanted: &[Listed<ReasonTemplate>], changes: &mut Vec<(Change, Step)>) {
    let key = |template: &ReasonTemplate| (template.queue, template.name.clone());
    let before: HashMap<(Queue, String), &ReasonTemplate> = present.iter().map(|template| (key(template), template)).collect();
    let after: HashSet<(Queue, String)> = wanted.iter().map(|listed| key(&listed.what)).collect();
    let name = |template: &ReasonTemplate| format!("templates/{}/{}", template.queue, template.name);
    for Listed { what, .. } in wanted {
        let Some(known) = before.get(&key(what)) else {
            changes.push((told("add", &name(what), Vec::new()), Step::AddTemplate(what.clone())));
            continue;
        };
        let mut lines = Vec::new();
        if known.spanish != what.spanish {
            lines.push("~ other Spanish words".to_owned());
        }
        if known.english != what.english {
            lines.push("~ other English words".to_owned());
        }
        if !lines.is_empty() {
            let template = ReasonTemplate { id: known.id, ..what.clone() };
            changes.push((told("change", &name(what), lines), Step::ChangeTemplate(template)));
        }
    }
    let gone = present.iter().filter(|template| !after.contains(&key(template)));
    changes.extend(gone.map(|template| (told("remove", &name(template), Vec::new()), Step::RemoveTemplate(template.id))));
}

/// Does it, in the transaction of whatever else the files change, which holds how the queues are worked.
pub(crate) async fn make(app: &App, tx: &mut Tx, step: &Step) -> Result<()> {
    let at = app.moment();
    match step {
        Step::Targets(targets) => {
            for queue in Queue::ALL {
                queue_targets::set(tx, *queue, targets.of(*queue)).await?;
            }
        }
        Step::AddRule(rule) => {
            rules::insert(tx, rule, at).await.map_err(|error| Error::taken(error, "a rule of that name", &rule.name))?;
        }
        Step::ChangeRule(rule) => rules::update(tx, rule, at).await.map(drop)?,
        Step::RemoveRule(id) => rules::remove(tx, *id).await.map(drop)?,
        Step::AddTemplate(template) => {
            let taken = |error| Error::taken(error, "a template of that name in this queue", &template.name);
            templates::insert(tx, template).await.map_err(taken)?;
        }
        Step::ChangeTemplate(template) => templates::update(tx, template).await.map(drop)?,
        Step::RemoveTemplate(id) => templates::remove(tx, *id).await.map(drop)?,
    }
    Ok(())
}
