//! The plans an API offers: written in its document, or named there and written once for the house.

use serde::Deserialize;
use serde_json::Value;

use super::Reader;
use crate::plan::{Approval, Plan};

/// A plan of the house with what this API adds to it. Without additions its name alone does.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reference {
    plan: String,
    #[serde(default)]
    approval: Approval,
}

impl Reader<'_> {
    /// The plans of `x-postigo`, in their order; the first is the default.
    pub(super) fn plans(&mut self, written: &[Value]) -> Vec<Plan> {
        let mut plans: Vec<Plan> = Vec::new();
        for (i, entry) in written.iter().enumerate() {
            let at = format!("/x-postigo/plans/{i}");
            match self.plan(&at, entry) {
                // A plan of the house beside another of its name: nobody could say which of the two is meant.
                Some(plan) if plans.iter().any(|other| other.name == plan.name && (other.of_house || plan.of_house)) => {
                    let name = plan.name;
                    self.fault(at, format!("«{name}» ya se ofrece"), format!("{name:?} is offered already"));
                }
                Some(plan) => plans.push(plan),
                None => {}
            }
        }
        if written.is_empty() { vec![unlimited()] } else { plans }
    }

    fn plan(&mut self, at: &str, entry: &Value) -> Option<Plan> {
        let reference = match entry {
            Value::String(name) => Ok(Reference { plan: name.clone(), approval: Approval::None }),
            entry if entry.get("plan").is_some() => Reference::deserialize(entry),
            entry => return self.inline(at, entry),
        };
        let reference = reference.map_err(|error| self.fault(at, format!("no se puede leer: {error}"), error.to_string())).ok()?;
        let plan = self.house.find(&reference.plan);
        if plan.is_none() {
            let known: Vec<_> = self.house.iter().take(50).map(|plan| plan.name.as_str()).collect();
            let (tiene, has) = match known.join(", ") {
                none if none.is_empty() => ("todavía no tiene ninguno".to_owned(), "it has none yet".to_owned()),
                known => (format!("tiene {known}"), format!("it has {known}")),
            };
            let name = reference.plan.as_str();
            self.fault(at, format!("«{name}» no es un plan de la casa; {tiene}"), format!("{name:?} is not a plan of the house; {has}"));
        }
        plan.map(|plan| plan.offer(reference.approval))
    }

    fn inline(&mut self, at: &str, entry: &Value) -> Option<Plan> {
        let plan =
            Plan::deserialize(entry).map_err(|error| self.fault(at, format!("no se puede leer: {error}"), error.to_string())).ok()?;
        if plan.rate.is_some_and(|rate| rate.requests == 0 || rate.window_seconds == 0) {
            self.fault(
                at,
                "un ritmo necesita al menos una petición en al menos un segundo",
                "a rate needs at least one request in at least one second",
            );
        }
        Some(plan)
    }
}

fn unlimited() -> Plan {
    Plan {
        name: "unlimited".to_owned(),
        title: crate::plan::Title::default(),
        rate: None,
        quota: None,
        approval: Approval::None,
        of_house: false,
    }
}

/// The names of the plans of the house that a document offers, without reading the rest of it; none where it cannot be read.
pub(super) fn named(document: &str) -> Vec<String> {
    #[derive(Deserialize)]
    struct Document {
        #[serde(rename = "x-postigo")]
        extension: Extension,
    }
    #[derive(Deserialize)]
    struct Extension {
        #[serde(default)]
        plans: Vec<Value>,
    }
    let Ok(document) = serde_json::from_str::<Document>(document) else { return Vec::new() };
    let name = |entry: &Value| entry.as_str().or_else(|| entry.get("plan").and_then(Value::as_str)).map(str::to_owned);
    document.extension.plans.iter().filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        openapi::{plans_named, read},
        plan::{Approval, HousePlan, Plans, Rate, Title},
    };

    fn document(plans: Value) -> Value {
        json!({
            "openapi": "3.1.0", "info": {"title": "Labels", "version": "1"},
            "paths": {"/labels": {"get": {"security": [{"oauth": ["LBS"]}]}}},
            "components": {"securitySchemes": {"oauth": {"type": "oauth2"}}},
            "x-postigo": {"name": "labels", "upstreams": {}, "plans": plans}
        })
    }

    fn house() -> Plans {
        let gold = HousePlan {
            name: "gold".into(),
            title: Title { es: "Oro".into(), en: "Gold".into() },
            rate: Some(Rate { requests: 100, window_seconds: 10 }),
            quota: None,
        };
        [gold].into_iter().collect()
    }

    #[test]
    fn a_plan_of_the_house_is_named_and_what_is_written_inline_still_works() {
        let entries = json!(["gold", {"name": "tiny", "quota": {"requests": 5}, "approval": "required"}]);
        let api = read(&document(entries), &house()).expect("an API");
        assert_eq!((api.plans[0].rate.map(|rate| rate.requests), api.plans[0].of_house), (Some(100), true));
        assert_eq!((api.plans[1].approval, api.plans[1].of_house), (Approval::Required, false));
        let api = read(&document(json!([{"plan": "gold", "approval": "required"}])), &house()).expect("an API");
        assert_eq!((api.plans[0].title.es.as_str(), api.plans[0].approval), ("Oro", Approval::Required));
    }

    #[test]
    fn names_the_house_does_not_know_are_faults_at_their_place() {
        let entries = json!(["gold", "silver", {"plan": "gold", "approvals": "none"}, {"name": "x", "rates": 1}, 7, "gold"]);
        let faults: Vec<_> = read(&document(entries), &house()).expect_err("faults").iter().map(ToString::to_string).collect();
        assert_eq!(faults.len(), 5, "{faults:?}");
        assert_eq!(faults[0], "/x-postigo/plans/1: \"silver\" is not a plan of the house; it has gold");
        assert!(faults[1].starts_with("/x-postigo/plans/2: ") && faults[1].contains("approvals"), "{faults:?}");
        assert!(faults[2].starts_with("/x-postigo/plans/3: ") && faults[2].contains("rates"), "{faults:?}");
        assert!(faults[3].starts_with("/x-postigo/plans/4: "), "{faults:?}");
        assert_eq!(faults[4], "/x-postigo/plans/5: \"gold\" is offered already");
    }

    #[test]
    fn which_plans_a_document_names_is_read_without_the_rest_of_it() {
        let entries = json!(["gold", {"name": "inline"}, {"plan": "silver"}]);
        assert_eq!(plans_named(&document(entries).to_string()), ["gold", "silver"]);
        assert_eq!(plans_named("{}"), [""; 0]);
    }
}
