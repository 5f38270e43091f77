//! Two schemas, member by member.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Found, Kind};

/// How deep members are followed, and how many pairs of schemas are looked at for one operation, each part of what several make up counted.
const DEEPEST: usize = 12;
const MOST_PAIRS: usize = 2_000;

/// Who writes what a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The caller.
    Sent,
    /// The API.
    Received,
}

/// A walk through the schemas of one operation in both documents.
pub(super) struct Walk<'d> {
    pub(super) old: &'d Value,
    pub(super) new: &'d Value,
    left: usize,
    /// The pairs that the walk is inside of: a schema within itself is told once.
    open: Vec<(&'d Value, &'d Value)>,
}

/// The value itself, or what its reference leads to, over a few steps and never out of the document.
pub(super) fn deref<'d>(document: &'d Value, mut value: &'d Value) -> &'d Value {
    for _ in 0..8 {
        let Some(reference) = value["$ref"].as_str() else { return value };
        let Some(there) = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer)) else { return &Value::Null };
        value = there;
    }
    &Value::Null
}

/// What several of its parts say together.
#[derive(Default)]
struct Shape<'d> {
    types: BTreeSet<&'d str>,
    properties: Vec<(&'d str, &'d Value)>,
    required: BTreeSet<&'d str>,
    values: Option<Vec<&'d Value>>,
    items: Option<&'d Value>,
    alternatives: Vec<&'d Value>,
    closed: bool,
    limits: Vec<(&'static str, f64)>,
    pattern: Option<&'d str>,
}

/// Limits under which a greater number is the more lenient one, and those under which a lesser is.
const UPPER: [&str; 3] = ["maxLength", "maximum", "maxItems"];
const LOWER: [&str; 3] = ["minLength", "minimum", "minItems"];

impl<'d> Shape<'d> {
    fn read(document: &'d Value, schema: &'d Value, left: &mut usize) -> Self {
        let mut shape = Self::default();
        shape.take(document, schema, 0, left);
        shape
    }

    fn take(&mut self, document: &'d Value, schema: &'d Value, depth: usize, left: &mut usize) {
        let schema = deref(document, schema);
        match &schema["type"] {
            Value::String(one) => drop(self.types.insert(one)),
            Value::Array(several) => self.types.extend(several.iter().filter_map(Value::as_str)),
            _ => {}
        }
        if schema["nullable"] == true {
            self.types.insert("null");
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten().take(500) {
            if !self.properties.iter().any(|(known, _)| known == name) {
                self.properties.push((name, property));
            }
        }
        self.required.extend(schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str));
        if let Some(values) = schema["enum"].as_array() {
            self.values = Some(values.iter().collect());
        } else if let Some(value) = schema.get("const") {
            self.values = Some(vec![value]);
        }
        if schema["items"].is_object() {
            self.items = Some(&schema["items"]);
        }
        for list in ["oneOf", "anyOf"] {
            self.alternatives.extend(schema[list].as_array().into_iter().flatten().take(50));
        }
        self.closed |= schema["additionalProperties"] == false;
        self.limits.extend(UPPER.into_iter().chain(LOWER).filter_map(|limit| Some((limit, schema[limit].as_f64()?))));
        self.pattern = schema["pattern"].as_str().or(self.pattern);
        if depth < 4 {
            for part in schema["allOf"].as_array().into_iter().flatten().take(50) {
                if *left == 0 {
                    return;
                }
                *left -= 1;
                self.take(document, part, depth + 1, left);
            }
        }
    }

    fn limit(&self, name: &str) -> Option<f64> {
        self.limits.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    fn types(&self, none: &str) -> String {
        if self.types.is_empty() { none.to_owned() } else { self.types.iter().copied().collect::<Vec<_>>().join(" | ") }
    }
}

/// Whether everything of these types is also of those.
fn within(types: &BTreeSet<&str>, those: &BTreeSet<&str>) -> bool {
    types.iter().all(|one| those.contains(one) || (*one == "integer" && those.contains("number")))
}

fn joined(at: &str, member: &str) -> String {
    if at.is_empty() { member.to_owned() } else { format!("{at}.{member}") }
}

impl<'d> Walk<'d> {
    pub(super) fn new(old: &'d Value, new: &'d Value) -> Self {
        Self { old, new, left: MOST_PAIRS, open: Vec::new() }
    }

    /// Notes what is different between two schemas; null stands for one that is not there.
    pub(super) fn schemas(&mut self, found: &mut Found, side: Side, at: &str, was: &'d Value, is: &'d Value) {
        self.pair(found, side, at, was, is, 0);
    }

    fn pair(&mut self, found: &mut Found, side: Side, at: &str, was: &'d Value, is: &'d Value, depth: usize) {
        if depth > DEEPEST || self.left == 0 || was.is_null() {
            return;
        }
        self.left -= 1;
        let (old_document, new_document) = (self.old, self.new);
        let pair = (deref(old_document, was), deref(new_document, is));
        if self.open.iter().any(|open| std::ptr::eq(open.0, pair.0) && std::ptr::eq(open.1, pair.1)) {
            return;
        }
        self.open.push(pair);
        let (old, new) = (Shape::read(old_document, was, &mut self.left), Shape::read(new_document, is, &mut self.left));
        // Of what was cut the rest would look as if it were gone.
        if self.left == 0 {
            self.open.pop();
            return;
        }
        types(found, side, at, &old, &new);
        values(found, side, at, &old, &new);
        if side == Side::Sent {
            limits(found, at, &old, &new);
        }
        let gone = old.alternatives.iter().any(|before| {
            let before = deref(old_document, before);
            !new.alternatives.iter().any(|now| deref(new_document, now) == before)
        });
        if gone {
            found.add(Kind::Breaking, at, "una de las alternativas cambia o desaparece", "one of the alternatives changes or is gone");
        }
        for (name, property) in &old.properties {
            let at = joined(at, name);
            match new.properties.iter().find(|(known, _)| known == name) {
                Some((_, now)) => self.pair(found, side, &at, property, now, depth + 1),
                None if side == Side::Received => {
                    found.add(Kind::Breaking, &at, "el campo desaparece de la respuesta", "the member is gone from the answer");
                }
                None if new.closed => found.add(Kind::Breaking, &at, "el campo ya no se admite", "the member is not allowed any more"),
                None => found.add(Kind::Text, &at, "el campo ya no se lee", "the member is not read any more"),
            }
        }
        members(found, side, at, &old, &new);
        if let (Some(before), Some(now)) = (old.items, new.items) {
            self.pair(found, side, &format!("{at}[]"), before, now, depth + 1);
        }
        self.open.pop();
    }
}

/// Members that are new, or needed now, or may be missing now.
fn members(found: &mut Found, side: Side, at: &str, old: &Shape<'_>, new: &Shape<'_>) {
    let is_new = |name: &str| !old.properties.iter().any(|(known, _)| *known == name);
    for (name, _) in &new.properties {
        let needed = side == Side::Sent && new.required.contains(name);
        if is_new(name) && !needed {
            found.add(Kind::Addition, &joined(at, name), "campo nuevo", "new member");
        }
    }
    match side {
        Side::Sent => {
            for name in new.required.difference(&old.required) {
                let (spanish, english) = if is_new(name) {
                    ("campo obligatorio nuevo", "new required member")
                } else {
                    ("el campo pasa a ser obligatorio", "the member becomes required")
                };
                found.add(Kind::Breaking, &joined(at, name), spanish, english);
            }
        }
        Side::Received => {
            for name in old.required.difference(&new.required) {
                if new.properties.iter().any(|(known, _)| known == name) {
                    found.add(
                        Kind::Breaking,
                        &joined(at, name),
                        "el campo puede faltar en la respuesta",
                        "the member may be missing from the answer",
                    );
                }
            }
        }
    }
}

fn types(found: &mut Found, side: Side, at: &str, old: &Shape<'_>, new: &Shape<'_>) {
    if new.types.is_empty() || (old.types.is_empty() && side == Side::Received) {
        return;
    }
    let breaks = match side {
        Side::Sent => old.types.is_empty() || !within(&old.types, &new.types),
        Side::Received => !within(&new.types, &old.types),
    };
    if breaks || old.types != new.types {
        let spanish = format!("otro tipo: {} → {}", old.types("cualquiera"), new.types("cualquiera"));
        let english = format!("another type: {} → {}", old.types("any"), new.types("any"));
        found.add(if breaks { Kind::Breaking } else { Kind::Addition }, at, spanish, english);
    }
}

fn values(found: &mut Found, side: Side, at: &str, old: &Shape<'_>, new: &Shape<'_>) {
    let words = |values: &[&Value]| values.iter().take(10).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match (&old.values, &new.values) {
        (Some(was), Some(is)) => {
            let gone: Vec<&Value> = was.iter().copied().filter(|value| !is.contains(value)).collect();
            let more: Vec<&Value> = is.iter().copied().filter(|value| !was.contains(value)).collect();
            if !gone.is_empty() && side == Side::Sent {
                found.add(
                    Kind::Breaking,
                    at,
                    format!("valores que ya no se admiten: {}", words(&gone)),
                    format!("values not allowed any more: {}", words(&gone)),
                );
            }
            if !more.is_empty() {
                found.add(Kind::Addition, at, format!("valores nuevos: {}", words(&more)), format!("new values: {}", words(&more)));
            }
        }
        (None, Some(is)) if side == Side::Sent => {
            found.add(Kind::Breaking, at, format!("solo se admiten: {}", words(is)), format!("only these are allowed: {}", words(is)));
        }
        _ => {}
    }
}

fn limits(found: &mut Found, at: &str, old: &Shape<'_>, new: &Shape<'_>) {
    let mut narrowed = |name: &str, tighter: fn(f64, f64) -> bool| {
        if let Some(now) = new.limit(name)
            && old.limit(name).is_none_or(|before| tighter(now, before))
        {
            found.add(Kind::Breaking, at, format!("límite más estrecho: {name} {now}"), format!("a tighter limit: {name} {now}"));
        }
    };
    UPPER.into_iter().for_each(|name| narrowed(name, |now, before| now < before));
    LOWER.into_iter().for_each(|name| narrowed(name, |now, before| now > before));
    if new.pattern.is_some() && new.pattern != old.pattern {
        found.add(Kind::Breaking, at, "otro patrón", "another pattern");
    }
}
