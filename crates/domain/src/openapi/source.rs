//! A document as people write it: YAML or JSON text, and where in it something stands.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;
use serde_saphyr::{Location, Spanned};

use super::Fault;

/// The longest document that is read, in bytes.
pub const LONGEST: usize = 2 * 1024 * 1024;

/// How deep a text is followed for the places of what stands in it.
const DEEPEST: usize = 64;

/// A fault with its place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Line and column, counted from one; `None` where the text has no such place.
    pub place: Option<(u64, u64)>,
    /// What is wrong there.
    pub fault: Fault,
}

/// Reads YAML or JSON; a text that begins with a brace is read as JSON.
///
/// # Errors
/// The one fault that keeps the text from being read, with its place.
pub fn parse(text: &str) -> Result<Value, Placed> {
    let fault = |place, spanish: String, english: String| Placed { place, fault: Fault { at: String::new(), what: english, spanish } };
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        return match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
            Ok(document) => Ok(document),
            Err(error) => {
                let place = (u64::try_from(error.line()).unwrap_or(0), u64::try_from(error.column()).unwrap_or(0));
                Err(fault(Some(place), format!("esto no es JSON: {error}"), format!("this is not JSON: {error}")))
            }
        };
    }
    let document: Value = serde_saphyr::from_str(text).map_err(|error| {
        let place = error.location().map(|place| (place.line(), place.column()));
        let said = error.without_snippet().to_string();
        fault(place, format!("esto no es YAML: {said}"), format!("this is not YAML: {said}"))
    })?;
    if document.is_object() {
        return Ok(document);
    }
    Err(fault(
        Some((1, 1)),
        "aquí no hay ningún documento OpenAPI: pega el texto o elige el fichero".to_owned(),
        "there is no OpenAPI document here: paste its text or choose its file".to_owned(),
    ))
}

/// Finds where the faults of a document stand in its text: at the member the pointer names, or at what is nearest around it.
#[must_use]
pub fn placed(text: &str, faults: Vec<Fault>) -> Vec<Placed> {
    // JSON is YAML but for a few texts; those have no lines, and pointers still.
    let root: Option<Node> = serde_saphyr::from_str(text.trim_start_matches('\u{feff}')).ok();
    let place = |fault: &Fault| root.as_ref().and_then(|root| root.find(&fault.at));
    faults.into_iter().map(|fault| Placed { place: place(&fault), fault }).collect()
}

/// A text as places alone.
struct Node {
    place: (u64, u64),
    inside: Inside,
}

enum Inside {
    Nothing,
    Members(Vec<(String, (u64, u64), Node)>),
    Items(Vec<Node>),
}

impl Node {
    fn find(&self, pointer: &str) -> Option<(u64, u64)> {
        let (mut node, mut place) = (self, self.place);
        for token in pointer.split('/').skip(1).take(DEEPEST) {
            let token = token.replace("~1", "/").replace("~0", "~");
            let next = match &node.inside {
                Inside::Nothing => None,
                Inside::Members(members) => members.iter().find(|(name, ..)| *name == token).map(|(_, place, node)| (*place, node)),
                Inside::Items(items) => token.parse::<usize>().ok().and_then(|at| items.get(at)).map(|node| (node.place, node)),
            };
            let Some((at, inner)) = next else { break };
            (place, node) = (at, inner);
        }
        (place.0 > 0).then_some(place)
    }
}

fn place(location: Location) -> (u64, u64) {
    (location.line(), location.column())
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Inside>::deserialize(deserializer)?;
        Ok(Self { place: place(spanned.referenced), inside: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Inside {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reads;
        macro_rules! nothing {
            ($($name:ident: $kind:ty),+) => { $(fn $name<E>(self, _: $kind) -> Result<Inside, E> { Ok(Inside::Nothing) })+ };
        }
        impl<'de> Visitor<'de> for Reads {
            type Value = Inside;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }
            nothing!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_i128: i128, visit_u128: u128, visit_f64: f64, visit_str: &str);
            fn visit_unit<E>(self) -> Result<Inside, E> {
                Ok(Inside::Nothing)
            }
            fn visit_none<E>(self) -> Result<Inside, E> {
                Ok(Inside::Nothing)
            }
            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Inside, D::Error> {
                IgnoredAny::deserialize(deserializer).map(|_| Inside::Nothing)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Inside, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Inside::Items(items))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Inside, A::Error> {
                let mut members = Vec::new();
                while let Some(key) = map.next_key::<Spanned<String>>()? {
                    members.push((key.value, place(key.referenced), map.next_value()?));
                }
                Ok(Inside::Members(members))
            }
        }
        deserializer.deserialize_any(Reads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YAML: &str = "openapi: 3.1.0\ninfo:\n  title: Labels\npaths:\n  /labels/{id}:\n    get:\n      security: []\n      responses:\n        200: {}\nx-postigo:\n  upstreams:\n    sandbox: [\"service:paloma\", \"ftp://x\"]\n";

    fn found(text: &str, pointer: &str) -> Option<(u64, u64)> {
        placed(text, vec![Fault { at: pointer.into(), what: String::new(), spanish: String::new() }])[0].place
    }

    #[test]
    fn a_pointer_leads_to_its_line_in_yaml_and_in_json() {
        assert_eq!(found(YAML, "/info/title"), Some((3, 3)));
        assert_eq!(found(YAML, "/paths/~1labels~1{id}/get/security"), Some((7, 7)));
        assert_eq!(found(YAML, "/paths/~1labels~1{id}/get/responses/200"), Some((9, 9)));
        assert_eq!(found(YAML, "/x-postigo/upstreams/sandbox/1"), Some((12, 33)));
        let json = "{\n\t\"info\": {\n\t\t\"title\": \"x\"\n\t}\n}";
        assert_eq!(found(json, "/info/title"), Some((3, 3)));
    }

    #[test]
    fn what_is_missing_is_found_where_it_should_stand() {
        assert_eq!(found(YAML, "/x-postigo/name"), Some((10, 1)));
        assert_eq!(found(YAML, "/paths/~1labels~1{id}/get/security/0"), Some((7, 7)));
        assert_eq!(found(YAML, "/components"), Some((1, 1)));
    }

    #[test]
    fn a_text_that_cannot_be_read_says_where_and_in_which_language_it_was_taken_for() {
        let yaml = parse("openapi: 3.1.0\ninfo:\n  title: \"open\npaths: {}\n").expect_err("a fault");
        assert!(yaml.fault.what.starts_with("this is not YAML") && yaml.place.is_some_and(|(line, _)| line >= 3), "{yaml:?}");
        let json = parse("{\n  \"openapi\": 3.1.0\n}").expect_err("a fault");
        assert!(json.fault.what.starts_with("this is not JSON") && json.place.is_some_and(|(line, _)| line == 2), "{json:?}");
        for nothing in ["", "   \n", "just words", "- a\n- b"] {
            assert!(parse(nothing).is_err(), "{nothing:?}");
        }
        assert_eq!(parse("a: {200: x}").expect("reads")["a"]["200"], "x");
    }
}
