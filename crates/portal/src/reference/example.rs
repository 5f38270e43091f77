//! Example values: the document's own, else one made from the schema.

use serde_json::{Map, Value, json};

use super::{
    cut, deref,
    schema::{Budget, weight},
};

/// How deep an invented example goes, and how many values it has at most.
const DEEPEST: usize = 8;
const MOST: usize = 300;

/// The longest example that is shown, in bytes.
const LONGEST: usize = 6_000;

/// An example, printed, and what it is an example of.
pub(crate) struct Example {
    pub(crate) summary: String,
    pub(crate) text: String,
}

/// The examples of a media type object, printed as far as there is room, and the value of the first.
pub(crate) fn of_media(document: &Value, media: &Value, budget: &mut Budget) -> (Vec<Example>, Option<Value>) {
    let found = values(document, media);
    let mut printed = Vec::new();
    for (summary, value) in &found {
        let text = match value {
            Value::String(text) => cut(text, LONGEST),
            other => cut(&serde_json::to_string_pretty(other).unwrap_or_default(), LONGEST),
        };
        if weight(&text) > budget.examples {
            break;
        }
        budget.examples -= weight(&text);
        printed.push(Example { summary: summary.clone(), text });
    }
    (printed, found.into_iter().next().map(|(_, value)| value))
}

/// The document's own examples with their names, at most three, else an invented one.
fn values(document: &Value, media: &Value) -> Vec<(String, Value)> {
    if let Some(value) = media.get("example") {
        return vec![(String::new(), value.clone())];
    }
    let named = media["examples"].as_object().into_iter().flatten().take(3).map(|(name, example)| {
        let example = deref(document, example);
        (cut(example["summary"].as_str().unwrap_or(name), 120), example["value"].clone())
    });
    let named: Vec<_> = named.collect();
    match media.get("schema") {
        Some(schema) if named.is_empty() => vec![(String::new(), invented(document, schema))],
        _ => named,
    }
}

/// A value that has the shape of the schema, made of its examples, defaults and first choices.
pub(crate) fn invented(document: &Value, schema: &Value) -> Value {
    invent(document, schema, 0, &mut MOST.clone())
}

fn invent(document: &Value, schema: &Value, depth: usize, left: &mut usize) -> Value {
    let resolved = deref(document, schema);
    if *left == 0 || depth > DEEPEST {
        return Value::Null;
    }
    *left -= 1;
    let given = [schema, resolved].into_iter().find_map(|schema| {
        let first = |name: &str| schema[name].get(0);
        schema
            .get("example")
            .or_else(|| first("examples"))
            .or_else(|| schema.get("const"))
            .or_else(|| schema.get("default"))
            .or_else(|| first("enum"))
    });
    if let Some(value) = given {
        return value.clone();
    }
    for word in ["oneOf", "anyOf"] {
        if let Some(first) = resolved[word].get(0).filter(|_| !resolved["properties"].is_object()) {
            return invent(document, first, depth + 1, left);
        }
    }
    let kind = match &resolved["type"] {
        Value::Array(kinds) => kinds.first().and_then(Value::as_str).unwrap_or_default(),
        kind => kind.as_str().unwrap_or_default(),
    };
    match kind {
        "string" => json!("string"),
        "integer" | "number" => resolved.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        "boolean" => json!(true),
        "null" => Value::Null,
        "array" => Value::Array(resolved.get("items").map(|items| invent(document, items, depth + 1, left)).into_iter().collect()),
        _ => {
            let mut members = Map::new();
            for part in resolved["allOf"].as_array().into_iter().flatten().take(20) {
                if let Value::Object(more) = invent(document, part, depth + 1, left) {
                    members.extend(more);
                }
            }
            let required: Vec<&str> = resolved["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            for (name, member) in resolved["properties"].as_object().into_iter().flatten() {
                let told = !deref(document, member)["example"].is_null() || deref(document, member)["examples"].is_array();
                if *left > 0 && (required.contains(&name.as_str()) || told) {
                    members.insert(cut(name, 100), invent(document, member, depth + 1, left));
                }
            }
            Value::Object(members)
        }
    }
}
