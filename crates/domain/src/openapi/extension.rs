//! The extension object `x-postigo`, as it is written.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    CustomerType,
    api::{AutoApprove, Dialect},
};

/// The extension object as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Extension {
    pub(super) name: String,
    #[serde(default)]
    pub(super) dialect: Option<Dialect>,
    pub(super) upstreams: Upstreams,
    #[serde(default)]
    pub(super) timeouts: Timeouts,
    #[serde(default)]
    pub(super) api_credential: Need,
    #[serde(default)]
    pub(super) token_in_query: bool,
    #[serde(default = "everybody")]
    pub(super) open_to: Who,
    #[serde(default)]
    pub(super) hidden: bool,
    #[serde(default)]
    pub(super) auto_approve: AutoApproves,
    #[serde(default)]
    pub(super) plans: Vec<Value>,
    #[serde(default)]
    pub(super) identity_jwt: bool,
    #[serde(default)]
    pub(super) validate_requests: bool,
    #[serde(default = "two_mebibytes")]
    pub(super) max_body_bytes: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Upstreams {
    #[serde(default)]
    pub(super) sandbox: Vec<String>,
    #[serde(default)]
    pub(super) production: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Timeouts {
    pub(super) connect_ms: u64,
    pub(super) response_ms: u64,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect_ms: 2_000, response_ms: 30_000 }
    }
}

#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Need {
    Required,
    #[default]
    None,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AutoApproves {
    pub(super) sandbox: Who,
    pub(super) production: Who,
}

impl Default for AutoApproves {
    fn default() -> Self {
        Self { sandbox: Who::Word(WhoWord::All), production: Who::Word(WhoWord::None) }
    }
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "`all`, `none` or a list of customer types")]
pub(super) enum Who {
    Word(WhoWord),
    Types(Vec<CustomerType>),
}

impl Default for Who {
    fn default() -> Self {
        Self::Word(WhoWord::None)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum WhoWord {
    All,
    None,
}

impl From<Who> for AutoApprove {
    fn from(who: Who) -> Self {
        match who {
            Who::Word(WhoWord::All) => Self::All,
            Who::Word(WhoWord::None) => Self::None,
            Who::Types(types) => Self::Types(types),
        }
    }
}

impl From<Who> for Option<Vec<CustomerType>> {
    fn from(who: Who) -> Self {
        match who {
            Who::Word(WhoWord::All) => None,
            Who::Word(WhoWord::None) => Some(Vec::new()),
            Who::Types(types) => Some(types),
        }
    }
}

const fn everybody() -> Who {
    Who::Word(WhoWord::All)
}

const fn two_mebibytes() -> u64 {
    2 * 1024 * 1024
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        CustomerType,
        api::Dialect,
        openapi::{read, source},
        plan::{HousePlan, Plans, Title},
    };

    /// What operators read of the extension.
    const GUIDE: &str = include_str!("../../../../docs/x-postigo.md");

    /// The plans that the examples of the guide name.
    fn house() -> Plans {
        let plan = |name: &str| HousePlan { name: name.into(), title: Title::default(), rate: None, quota: None };
        ["standard", "gold"].into_iter().map(plan).collect()
    }

    /// An example of the guide, counted from zero.
    fn example(at: usize) -> Value {
        let text = GUIDE.split("```yaml\n").nth(at + 1).and_then(|rest| rest.split("```").next());
        source::parse(text.expect("there is an example")).expect("YAML")
    }

    /// The members of the object in which this extension has one that there is not, as the refusal lists them.
    fn members(extension: Value) -> Vec<String> {
        let mut document = example(0);
        document["x-postigo"] = extension;
        let faults = read(&document, &house()).expect_err("a member that there is not");
        let (_, known) = faults[0].what.split_once("unknown field ``, expected ").expect("a list of those that there are");
        known.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn every_member_of_the_extension_stands_in_the_guide() {
        let other = || json!({"": 0});
        let plan = |plan: Value| json!({"name": "returns", "upstreams": {}, "plans": [plan]});
        let places = [
            other(),
            json!({"upstreams": other()}),
            json!({"timeouts": other()}),
            json!({"auto_approve": other()}),
            plan(json!({"plan": "standard", "": 0})),
            plan(other()),
            plan(json!({"title": other()})),
            plan(json!({"rate": other()})),
            plan(json!({"quota": other()})),
        ];
        let words = Dialect::ALL.iter().map(|dialect| dialect.as_str()).chain(CustomerType::ALL.iter().map(|kind| kind.as_str()));
        let names = places.into_iter().flat_map(members).chain(words.map(str::to_owned));
        let missing: Vec<_> = names.filter(|name| !GUIDE.contains(&format!("`{name}`"))).collect();
        assert!(missing.is_empty(), "docs/x-postigo.md says nothing of {missing:?}");
    }

    #[test]
    fn the_examples_of_the_guide_have_no_fault_and_the_second_has_every_member() {
        let mut document = example(0);
        let api = read(&document, &house()).expect("the least that passes");
        assert_eq!(api.plans.len(), 1);
        document["x-postigo"] = example(1)["x-postigo"].take();
        let api = read(&document, &house()).expect("all of it");
        assert_eq!(api.plans.len(), 3);
        let mut written: Vec<_> = document["x-postigo"].as_object().expect("an object").keys().cloned().collect();
        let mut known = members(json!({"": 0}));
        written.sort();
        known.sort();
        assert_eq!(written, known);
    }
}
