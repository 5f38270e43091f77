//! The shapes of bodies, as JSON Schema: one text for the document that is published and for the check of what comes.

use std::{collections::HashMap, sync::LazyLock};

use app::Words;
use jsonschema::{Draft, Validator, error::ValidationErrorKind};
use serde_json::{Map, Value, json};

/// How many wrong places of a body are named at most.
const PLACES: usize = 20;
/// How long the name of a place, or what is wrong there, may be, in characters: names of members are the sender's.
const LONGEST: usize = 200;

/// A shape under its name.
pub(crate) type Named = (&'static str, Value);

/// An object. A `?` at the end of a member's name says that it need not be there.
pub(crate) fn object(members: &[(&str, Value)]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, shape) in members {
        let bare = name.trim_end_matches('?');
        if bare == *name {
            required.push(Value::from(bare));
        }
        properties.insert(bare.to_owned(), shape.clone());
    }
    let mut object = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        object["required"] = required.into();
    }
    object
}

/// An object that holds these members and no others: what comes in.
pub(crate) fn closed(members: &[(&str, Value)]) -> Value {
    let mut object = object(members);
    object["additionalProperties"] = false.into();
    object
}

pub(crate) fn id() -> Value {
    json!({"type": "string", "format": "uuid"})
}

pub(crate) fn text() -> Value {
    json!({"type": "string"})
}

/// The name of an API or of a plan, as it stands in paths.
pub(crate) fn path_name() -> Value {
    json!({"type": "string", "pattern": "^[a-z][a-z0-9-]{0,63}$"})
}

/// A name as people write it; control characters are none.
pub(crate) fn name() -> Value {
    json!({"type": "string", "minLength": 1, "maxLength": 120, "pattern": "^[^\\x00-\\x20\\x7f-\\xa0]([^\\x00-\\x1f\\x7f-\\x9f]*[^\\x00-\\x20\\x7f-\\xa0])?$"})
}

/// A reason as people write it.
pub(crate) fn reason() -> Value {
    json!({"type": "string", "minLength": 1, "maxLength": 2000, "pattern": "^[^\\x00-\\x20\\x7f-\\xa0]([^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f]*[^\\x00-\\x20\\x7f-\\xa0])?$"})
}

pub(crate) fn moment() -> Value {
    json!({"type": "string", "format": "date-time"})
}

pub(crate) fn integer(least: i64, most: i64) -> Value {
    json!({"type": "integer", "minimum": least, "maximum": most})
}

pub(crate) fn list(of: Value) -> Value {
    json!({"type": "array", "items": of})
}

pub(crate) fn one_of<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> Value {
    let words: Vec<Value> = words.into_iter().map(|word| word.as_ref().into()).collect();
    json!({"type": "string", "enum": words})
}

/// The shape, or nothing.
pub(crate) fn or_null(mut shape: Value) -> Value {
    shape["type"] = json!([shape["type"], "null"]);
    if let Some(Value::Array(words)) = shape.get_mut("enum") {
        words.push(Value::Null);
    }
    shape
}

pub(crate) fn environment() -> Value {
    one_of(domain::Environment::ALL.iter().map(|environment| environment.as_str()))
}

pub(crate) fn standing() -> Value {
    one_of(domain::contract::Standing::ALL.iter().map(|standing| standing.as_str()))
}

/// A wrong place of a body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// JSON pointer (RFC 6901).
    pub(crate) at: String,
    pub(crate) what: Words,
}

impl Wrong {
    pub(crate) fn new(at: impl Into<String>, spanish: impl Into<String>, english: impl Into<String>) -> Self {
        Self { at: at.into(), what: Words::new(spanish, english) }
    }
}

static VALIDATORS: LazyLock<HashMap<&'static str, Validator>> = LazyLock::new(|| {
    let all = super::document::schemas();
    let components = json!({"schemas": Value::Object(all.iter().map(|(name, shape)| ((*name).to_owned(), shape.clone())).collect())});
    let compiled = all.into_iter().filter_map(|(name, mut shape)| {
        shape["components"] = components.clone();
        let validator = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true).build(&shape).ok()?;
        Some((name, validator))
    });
    compiled.collect()
});

/// What is wrong with a body that should have the shape of that name; every place, up to a bound.
pub(crate) fn wrong(name: &str, body: &Value) -> Vec<Wrong> {
    let Some(validator) = VALIDATORS.get(name) else {
        return vec![Wrong::new("", "tiene una forma que no se conoce", "has a shape that is not known")];
    };
    let mut found = Vec::new();
    for error in validator.iter_errors(body).take(PLACES) {
        let at = error.instance_path().as_str().to_owned();
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                found.extend(
                    unexpected
                        .iter()
                        .take(PLACES)
                        .map(|name| wrong_at(&at, name, "sobra: no es un miembro de este objeto", "is no member of this object")),
                );
            }
            ValidationErrorKind::Required { property } => {
                found.push(wrong_at(&at, property.as_str().unwrap_or_default(), "falta", "is missing"));
            }
            // Masked: what was sent may be secret. The schema's own words come in English alone.
            _ => {
                let what = cut(&error.masked().to_string());
                found.push(Wrong::new(cut(&at), format!("no encaja en el esquema: {what}"), what));
            }
        }
    }
    found.truncate(PLACES);
    found
}

fn wrong_at(at: &str, member: &str, spanish: &str, english: &str) -> Wrong {
    Wrong::new(cut(&format!("{at}/{}", member.replace('~', "~0").replace('/', "~1"))), spanish, english)
}

fn cut(text: &str) -> String {
    if text.chars().nth(LONGEST).is_none() { text.to_owned() } else { text.chars().take(LONGEST - 1).chain(['…']).collect() }
}

/// Whether every shape can be used to check with.
#[cfg(test)]
pub(crate) fn all_compile() -> bool {
    VALIDATORS.len() == super::document::schemas().len()
}
