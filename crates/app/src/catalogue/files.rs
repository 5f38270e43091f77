//! What the files of a catalogue are, by what they hold, and how each kind is read.
//!
//! Another kind is another [`Kind`] here, told by its content, a member of [`Wanted`], and a part of the difference.

use std::collections::HashMap;

use domain::{
    api::Api,
    openapi::{self, compare::shape},
    plan::{Flaw, HousePlan, LONGEST_TITLE, LONGEST_WINDOW, Plans},
};
use serde::{Deserialize as _, Serialize};
use serde_json::Value;

/// A document with the name people know it by.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file it came from, for messages.
    pub file: String,
    /// The document.
    pub content: Value,
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An OpenAPI document: it has `openapi`.
    Api,
    /// Plans of the house: it has `plans` and nothing else.
    Plan,
    /// Versions of the usage policies: it has `policies` and nothing else, or it is one of their texts.
    Policies,
    /// How the queues are worked: it has `queues` and nothing else.
    Queues,
}

impl Kind {
    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Plan => "plan",
            Self::Policies => "policies",
            Self::Queues => "queues",
        }
    }

    /// The kind of a document, by its content; `None`: it is none of those that a catalogue is made of.
    #[must_use]
    pub fn of(content: &Value) -> Option<Self> {
        if content.is_string() {
            return Some(Self::Policies);
        }
        let members = content.as_object()?;
        if members.contains_key("openapi") {
            Some(Self::Api)
        } else if members.contains_key("plans") {
            Some(Self::Plan)
        } else if members.contains_key("policies") {
            Some(Self::Policies)
        } else if members.contains_key("queues") {
            Some(Self::Queues)
        } else {
            None
        }
    }
}

/// What the files say. Of a kind that no file is of they say nothing, which is not the same as that there shall be none of it.
#[derive(Default)]
pub(super) struct Wanted<'d> {
    /// The plans, each with its file.
    pub plans: Option<Vec<(HousePlan, &'d str)>>,
    /// The OpenAPI documents, each with its file.
    pub documents: Option<Vec<(&'d str, &'d Value)>>,
    /// The lists of versions of the usage policies, and their texts.
    pub policies: Vec<&'d Document>,
    /// What is said of how the queues are worked.
    pub queues: Vec<&'d Document>,
}

/// Sorts documents by their kinds and reads what stands for itself; every fault goes to `faults`.
pub(super) fn sort<'d>(documents: &'d [Document], faults: &mut Vec<String>) -> Wanted<'d> {
    let mut wanted = Wanted::default();
    for document in documents {
        match Kind::of(&document.content) {
            Some(Kind::Api) => wanted.documents.get_or_insert_default().push((&document.file, &document.content)),
            Some(Kind::Plan) => plans(document, wanted.plans.get_or_insert_default(), faults),
            // A text is one of a version's only where those lie.
            Some(Kind::Policies) if document.content.is_object() || document.file.ends_with(".md") => wanted.policies.push(document),
            Some(Kind::Queues) => wanted.queues.push(document),
            Some(Kind::Policies) | None => faults.push(format!(
                "{}: is neither an API, which has `openapi`, nor a list of plans, which has `plans`, nor one of policies, which has `policies`, \
                 nor how the queues are worked, which has `queues`",
                document.file
            )),
        }
    }
    wanted
}

fn plans<'d>(document: &'d Document, plans: &mut Vec<(HousePlan, &'d str)>, faults: &mut Vec<String>) {
    let file = &document.file;
    for member in document.content.as_object().into_iter().flat_map(|members| members.keys()).filter(|member| *member != "plans") {
        faults.push(format!("{file}: /{member}: is not known beside `plans`"));
    }
    let Some(entries) = document.content["plans"].as_array() else {
        return faults.push(format!("{file}: /plans: must be a list"));
    };
    for (i, entry) in entries.iter().enumerate() {
        let at = format!("{file}: /plans/{i}");
        let plan = match HousePlan::deserialize(entry) {
            Ok(plan) => plan,
            Err(error) => {
                faults.push(format!("{at}: {error}"));
                continue;
            }
        };
        faults.extend(plan.flaws().into_iter().map(|flaw| {
            let (member, mend) = mend(flaw);
            format!("{at}/{member}: {mend}")
        }));
        if let Some((_, other)) = plans.iter().find(|(known, _)| known.name == plan.name) {
            faults.push(format!("{at}/name: {} is also a plan in {other}", plan.name));
        }
        plans.push((plan, file));
    }
}

/// Where a flaw is, and what would be right.
pub(crate) fn mend(flaw: Flaw) -> (&'static str, String) {
    match flaw {
        Flaw::Name => ("name", "1 to 64 characters of a-z, 0-9 and -, starting with a letter, and not `new`".to_owned()),
        Flaw::SpanishTitle => ("title/es", format!("1 to {LONGEST_TITLE} characters, without line breaks or space around them")),
        Flaw::EnglishTitle => ("title/en", format!("1 to {LONGEST_TITLE} characters, without line breaks or space around them")),
        Flaw::Rate => ("rate", format!("at least one request, in a window of 1 to {LONGEST_WINDOW} seconds")),
        Flaw::Quota => ("quota/requests", "at least one request; leave the quota out where there shall be none".to_owned()),
    }
}

/// Reads OpenAPI documents and checks them against each other, in a house with these plans.
pub(super) fn apis<'d>(documents: &[(&'d str, &'d Value)], plans: &Plans, faults: &mut Vec<String>) -> Vec<(Api, &'d Value)> {
    let mut wanted: Vec<(Api, &Value)> = Vec::new();
    let mut paths: HashMap<String, &str> = HashMap::new();
    let mut names: HashMap<String, &str> = HashMap::new();
    for (file, content) in documents.iter().copied() {
        match openapi::read(content, plans) {
            Err(found) => faults.extend(found.iter().map(|fault| format!("{file}: {fault}"))),
            Ok(api) if api.is_management() => {
                faults.push(format!(
                    "{file}: /x-postigo/name: {} is the program's own entry, which it writes itself; choose another name",
                    api.name
                ));
            }
            Ok(api) => {
                if let Some(other) = names.insert(api.name.to_string(), file) {
                    faults.push(format!("{file}: /x-postigo/name: {} is also the name in {other}", api.name));
                }
                for operation in &api.operations {
                    // A path belongs to one API. Two templates that differ in the names of their parameters only are one path.
                    let other = paths.insert(shape(&operation.path), file);
                    if let Some(other) = other.filter(|other| *other != file) {
                        faults.push(format!("{file}: {} is also a path of {other}; an API has its paths for itself", operation.path));
                    }
                }
                wanted.push((api, content));
            }
        }
    }
    wanted
}
