//! What is different between the catalogue and its files.

use std::collections::{HashMap, HashSet};

use domain::{
    api::Api,
    openapi,
    plan::{HousePlan, Plans, Quota, Rate},
};
use serde::Serialize;
use serde_json::{Number, Value};
use store::{apis::ApiRow, plans::PlanRow};

use super::files::Kind;

/// One difference between the catalogue and the files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Of what.
    pub kind: Kind,
    /// `add`, `change` or `remove`.
    pub action: &'static str,
    /// The name of what differs.
    pub name: String,
    /// The same name where it is an API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// What is different, line by line.
    pub detail: Vec<String>,
}

impl Change {
    pub(crate) fn new(kind: Kind, action: &'static str, name: &str, detail: Vec<String>) -> Self {
        Self { kind, action, name: name.to_owned(), api: (kind == Kind::Api).then(|| name.to_owned()), detail }
    }
}

/// What must happen to the plans, in the order of the files; those that go last.
pub(super) fn plans(present: &[PlanRow], wanted: &[HousePlan]) -> Vec<Change> {
    let before: HashMap<&str, &HousePlan> = present.iter().map(|row| (row.plan.name.as_str(), &row.plan)).collect();
    let after: HashSet<&str> = wanted.iter().map(|plan| plan.name.as_str()).collect();
    let mut changes = Vec::new();
    for plan in wanted {
        match before.get(plan.name.as_str()) {
            None => changes.push(Change::new(Kind::Plan, "add", &plan.name, limits(plan))),
            Some(before) if *before != plan => changes.push(Change::new(Kind::Plan, "change", &plan.name, compare_plans(before, plan))),
            Some(_) => {}
        }
    }
    let gone = present.iter().filter(|row| !after.contains(row.plan.name.as_str()));
    changes.extend(gone.map(|row| Change::new(Kind::Plan, "remove", &row.plan.name, Vec::new())));
    changes
}

fn limits(plan: &HousePlan) -> Vec<String> {
    vec![format!("+ {}, {}", rate(plan.rate), quota(plan.quota))]
}

fn compare_plans(before: &HousePlan, after: &HousePlan) -> Vec<String> {
    let mut lines = Vec::new();
    if before.rate != after.rate {
        lines.push(format!("~ {} -> {}", rate(before.rate), rate(after.rate)));
    }
    if before.quota != after.quota {
        lines.push(format!("~ {} -> {}", quota(before.quota), quota(after.quota)));
    }
    if before.title != after.title {
        lines.push("~ other titles".to_owned());
    }
    lines
}

fn rate(rate: Option<Rate>) -> String {
    rate.map_or_else(|| "no rate".to_owned(), |rate| format!("{} requests in {} s", rate.requests, rate.window_seconds))
}

fn quota(quota: Option<Quota>) -> String {
    quota.map_or_else(|| "no quota".to_owned(), |quota| format!("{} requests a day", quota.requests))
}

/// What must happen to the APIs, in the order of the files; those that go last. `plans` are those that documents of before could name.
pub(super) fn apis(present: &[ApiRow], wanted: &[(Api, &Value)], plans: &Plans) -> Vec<Change> {
    let before: HashMap<&str, &ApiRow> = present.iter().map(|row| (row.name.as_str(), row)).collect();
    let after: HashSet<&str> = wanted.iter().map(|(api, _)| api.name.as_str()).collect();
    let mut changes = Vec::new();
    for (api, document) in wanted {
        match before.get(api.name.as_str()) {
            None => {
                let detail = api.operations.iter().map(|operation| format!("+ {} {}", operation.method, operation.path)).collect();
                changes.push(Change::new(Kind::Api, "add", api.name.as_str(), detail));
            }
            Some(row) => {
                let before: Value = serde_json::from_str(&row.document).unwrap_or_default();
                if !same(&before, document) {
                    changes.push(Change::new(Kind::Api, "change", api.name.as_str(), compare(&before, api, plans)));
                }
            }
        }
    }
    let gone = present.iter().filter(|row| !after.contains(row.name.as_str()));
    changes.extend(gone.map(|row| Change::new(Kind::Api, "remove", row.name.as_str(), Vec::new())));
    changes
}

/// Whether two documents say the same. A fraction that was written down and read again may differ in its last binary digit: that is no change.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, value)| b.get(name).is_some_and(|other| same(value, other)))
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Number(a), Value::Number(b)) => same_number(a, b),
        (a, b) => a == b,
    }
}

fn same_number(a: &Number, b: &Number) -> bool {
    if a == b {
        return true;
    }
    match (a.is_f64() && b.is_f64(), a.as_f64(), b.as_f64()) {
        (true, Some(a), Some(b)) => (a - b).abs() <= a.abs().max(b.abs()) * 2.0 * f64::EPSILON,
        _ => false,
    }
}

/// What an integrator would notice: operations gone or new, scopes changed, other plans.
fn compare(before: &Value, after: &Api, plans: &Plans) -> Vec<String> {
    let before = openapi::read(before, plans).ok();
    let old_operations = before.as_ref().map(|api| api.operations.as_slice()).unwrap_or_default();
    let key = |operation: &domain::api::Operation| (operation.method.clone(), operation.path.clone());
    let old: HashMap<_, _> = old_operations.iter().map(|operation| (key(operation), operation)).collect();
    let new: HashMap<_, _> = after.operations.iter().map(|operation| (key(operation), operation)).collect();
    let mut lines = Vec::new();
    for operation in old_operations {
        match new.get(&key(operation)) {
            None => lines.push(format!("- {} {}", operation.method, operation.path)),
            Some(new) if new.scopes != operation.scopes => {
                lines.push(format!("~ {} {}: other scopes", operation.method, operation.path));
            }
            Some(_) => {}
        }
    }
    for operation in after.operations.iter().filter(|operation| !old.contains_key(&key(operation))) {
        lines.push(format!("+ {} {}", operation.method, operation.path));
    }
    if before.is_some_and(|before| before.plans != after.plans) {
        lines.push(format!("~ plans: {}", after.plans.iter().map(|plan| plan.name.as_str()).collect::<Vec<_>>().join(", ")));
    }
    if lines.is_empty() {
        lines.push("~ texts, schemas or settings".to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::same;

    #[test]
    fn documents_that_say_the_same_differ_in_order_and_in_last_digits_only() {
        let read = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        assert!(same(&read(r#"{"a": 1, "b": [2.5]}"#), &read(r#"{"b": [2.5], "a": 1}"#)));
        assert!(same(&json!(0.1_f64 + 0.2_f64), &json!(0.300_000_000_000_000_1_f64)));
        for (a, b) in [("1", "2"), ("1", "\"1\""), ("[1, 2]", "[2, 1]"), ("0.3", "0.30001"), (r#"{"a": 1}"#, r#"{"a": 1, "b": null}"#)] {
            assert!(!same(&read(a), &read(b)), "{a} {b}");
        }
    }
}
