//! What files say of how the queues are worked, read with every fault.

use std::{fmt, str::FromStr};

use domain::{
    ApiName, CustomerType,
    queue::{ApprovalRule, Queue},
};
use serde_json::{Map, Value};
use store::reason_templates::ReasonTemplate;

use super::{
    Targets,
    files::{Listed, Wanted},
    working::LONGEST,
};
use crate::{App, Error, Result, approval_rules, catalogue::Document, reason_templates};

/// The members of each thing.
const PARTS: &[&str] = &["targets", "rules", "templates"];
const TARGETS: &[&str] = &[Queue::Access.as_str(), Queue::Contracts.as_str(), Queue::CustomerTypes.as_str()];
const RULE: &[&str] = &["name", "api", "environment", "customer_types", "mail_domains", "active_contract"];
const TEMPLATE: &[&str] = &["queue", "name", "spanish", "english"];

/// Reads documents; every fault goes to `faults`. `None`: there are none, and nothing is said.
pub(crate) fn read(app: &App, documents: &[&Document], faults: &mut Vec<String>) -> Option<Wanted> {
    let mut wanted = Wanted::default();
    for document in documents {
        let file = &document.file;
        for member in document.content.as_object().into_iter().flat_map(|members| members.keys()).filter(|member| *member != "queues") {
            faults.push(format!("{file}: /{member}: is not known beside `queues`"));
        }
        let at = format!("{file}: /queues");
        let Some(members) = Place::of(&document.content["queues"], &at, PARTS, faults).map(|place| place.members) else { continue };
        let part = |name: &str| members.get(name).map(|value| (format!("{at}/{name}"), value));
        let (hours, list, words) = (part("targets"), part("rules"), part("templates"));
        if let Some((at, value)) = hours {
            targets(value, file, at, &mut wanted, faults);
        }
        if let Some((at, value)) = list {
            rules(app, value, file, &at, wanted.rules.get_or_insert_default(), faults);
        }
        if let Some((at, value)) = words {
            templates(app, value, file, &at, wanted.templates.get_or_insert_default(), faults);
        }
    }
    (!documents.is_empty()).then_some(wanted)
}

fn targets(value: &Value, file: &str, at: String, wanted: &mut Wanted, faults: &mut Vec<String>) {
    if let Some(other) = &wanted.targets {
        faults.push(format!("{at}: are also in {}", other.file));
    }
    let Some(mut place) = Place::of(value, &at, TARGETS, faults) else { return };
    let [access, contracts, customer_types] =
        [Queue::Access, Queue::Contracts, Queue::CustomerTypes].map(|queue| place.hours(queue).unwrap_or_default());
    wanted.targets = Some(Listed { what: Targets { access, contracts, customer_types }, file: file.to_owned(), at });
}

fn rules(app: &App, value: &Value, file: &str, at: &str, list: &mut Vec<Listed<ApprovalRule>>, faults: &mut Vec<String>) {
    for (at, entry) in entries(value, at, faults) {
        let Some(what) = rule(app, entry, &at, faults) else { continue };
        if let Some(other) = list.iter().find(|other| other.what.name == what.name) {
            faults.push(format!("{at}/name: {} is also a rule in {}", what.name, other.file));
        }
        list.push(Listed { what, file: file.to_owned(), at });
    }
    few(list.len(), approval_rules::MOST, at, faults);
}

fn rule(app: &App, entry: &Value, at: &str, faults: &mut Vec<String>) -> Option<ApprovalRule> {
    let before = faults.len();
    let mut place = Place::of(entry, at, RULE, faults)?;
    let mut rule = ApprovalRule {
        id: app.uuid().into(),
        name: place.text("name").and_then(|text| place.sound("name", approval_rules::named(text))).unwrap_or_default(),
        api: place.optional("api").map(ApiName::from),
        environment: place.optional("environment").and_then(|word| place.word("environment", word)),
        customer_types: place.list("customer_types", |word| word.parse::<CustomerType>().map_err(|error| error.to_string())),
        mail_domains: place.list("mail_domains", |word| approval_rules::domain(word).map_err(|error| mend(&error))),
        active_contract: place.flag("active_contract"),
    };
    rule.customer_types.sort();
    rule.customer_types.dedup();
    rule.mail_domains = place.sound("mail_domains", approval_rules::in_order(rule.mail_domains)).unwrap_or_default();
    // What it asks is known only when all of it could be read.
    if place.faults.len() == before {
        place.sound("environment", approval_rules::trusts_somebody(&rule));
    }
    (place.faults.len() == before).then_some(rule)
}

fn templates(app: &App, value: &Value, file: &str, at: &str, list: &mut Vec<Listed<ReasonTemplate>>, faults: &mut Vec<String>) {
    for (at, entry) in entries(value, at, faults) {
        let Some(what) = template(app, entry, &at, faults) else { continue };
        if let Some(other) = list.iter().find(|other| (other.what.queue, &other.what.name) == (what.queue, &what.name)) {
            faults.push(format!("{at}/name: {} is also a template of {} in {}", what.name, what.queue, other.file));
        }
        list.push(Listed { what, file: file.to_owned(), at });
    }
    few(list.len(), reason_templates::MOST, at, faults);
}

fn template(app: &App, entry: &Value, at: &str, faults: &mut Vec<String>) -> Option<ReasonTemplate> {
    let mut place = Place::of(entry, at, TEMPLATE, faults)?;
    let queue = place.text("queue").and_then(|word| place.word("queue", word));
    let name = place.text("name").and_then(|text| place.sound("name", reason_templates::named(text)));
    let spanish = place.text("spanish").and_then(|text| place.sound("spanish", reason_templates::words("spanish", text)));
    let english = place.text("english").and_then(|text| place.sound("english", reason_templates::words("english", text)));
    Some(ReasonTemplate {
        id: app.uuid().into(),
        queue: queue?,
        name: name?,
        spanish: spanish?,
        english: english?,
        updated_at: app.moment(),
    })
}

/// The entries of a list, each with its place.
fn entries<'d>(value: &'d Value, at: &str, faults: &mut Vec<String>) -> Vec<(String, &'d Value)> {
    let Some(entries) = value.as_array() else {
        faults.push(format!("{at}: must be a list"));
        return Vec::new();
    };
    entries.iter().enumerate().map(|(i, entry)| (format!("{at}/{i}"), entry)).collect()
}

fn few(number: usize, most: i64, at: &str, faults: &mut Vec<String>) {
    if i64::try_from(number).is_ok_and(|number| number > most) {
        faults.push(format!("{at}: there may be {most}"));
    }
}

/// What is wrong with a value.
fn mend(error: &Error) -> String {
    match error {
        Error::Invalid { mend, .. } => mend.english.clone(),
        other => other.to_string(),
    }
}

/// The members of something in a file.
struct Place<'d, 'f> {
    at: &'f str,
    members: &'d Map<String, Value>,
    faults: &'f mut Vec<String>,
}

impl<'d, 'f> Place<'d, 'f> {
    /// `None`, which is a fault: it has none. Those that are not `known` are faults.
    fn of(value: &'d Value, at: &'f str, known: &[&str], faults: &'f mut Vec<String>) -> Option<Self> {
        let Some(members) = value.as_object() else {
            faults.push(format!("{at}: must have members: {}", known.join(", ")));
            return None;
        };
        for member in members.keys().filter(|member| !known.contains(&member.as_str())) {
            faults.push(format!("{at}/{member}: is not known here: there are {}", known.join(", ")));
        }
        Some(Self { at, members, faults })
    }

    fn fault(&mut self, member: &str, what: impl fmt::Display) {
        self.faults.push(format!("{}/{member}: {what}", self.at));
    }

    /// A text that must be there.
    fn text(&mut self, member: &str) -> Option<&'d str> {
        if self.members.get(member).is_none_or(Value::is_null) {
            self.fault(member, "is missing");
        }
        self.optional(member)
    }

    /// A text that may be left out, or be null, as the management API has it.
    fn optional(&mut self, member: &str) -> Option<&'d str> {
        match self.members.get(member)? {
            Value::String(text) => Some(text),
            Value::Null => None,
            _ => {
                self.fault(member, "must be a text");
                None
            }
        }
    }

    fn word<T: FromStr<Err: fmt::Display>>(&mut self, member: &str, word: &str) -> Option<T> {
        word.parse().map_err(|error| self.fault(member, error)).ok()
    }

    fn sound<T>(&mut self, member: &str, checked: Result<T>) -> Option<T> {
        checked.map_err(|error| self.fault(member, mend(&error))).ok()
    }

    fn flag(&mut self, member: &str) -> bool {
        match self.members.get(member) {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.fault(member, "must be true or false");
                false
            }
        }
    }

    fn hours(&mut self, queue: Queue) -> Option<i64> {
        let hours = self.members.get(queue.as_str()).and_then(Value::as_i64).filter(|hours| (1..=LONGEST).contains(hours));
        if hours.is_none() {
            self.fault(queue.as_str(), format_args!("must be a number of hours, 1 to {LONGEST}"));
        }
        hours
    }

    /// A list of texts that may be left out, each of which is read.
    fn list<T>(&mut self, member: &str, read: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
        let Some(value) = self.members.get(member) else { return Vec::new() };
        let mut list = Vec::new();
        for (at, entry) in entries(value, &format!("{}/{member}", self.at), self.faults) {
            match entry.as_str().map_or_else(|| Err("must be a text".to_owned()), &read) {
                Ok(one) => list.push(one),
                Err(what) => self.faults.push(format!("{at}: {what}")),
            }
        }
        list
    }
}
