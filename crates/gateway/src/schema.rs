//! Request bodies: how long they may be and, where the API asks for it, what they must look like.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use domain::{
    api::{Api, Operation},
    decision::{Refusal, Unfit},
};
use http::{HeaderMap, header::CONTENT_ENCODING};
use http_body::Body as _;
use http_body_util::BodyExt as _;
use jsonschema::{Draft, Validator};
use serde_json::Value;
use web::Body;

/// How many places of a body are named at most.
const PLACES: usize = 10;
/// How long the name of a place, or what is wrong there, may be: names of members are the sender's.
const LONGEST: usize = 200;
/// How long a body may rest while it is being collected.
const REST: Duration = Duration::from_secs(30);

/// What the body of an operation must look like.
pub(crate) struct Schema {
    required: bool,
    validator: Validator,
}

impl Schema {
    /// The schema of an operation whose API wants its requests checked.
    pub(crate) fn compile(api: &Api, operation: &Operation) -> Option<Self> {
        let body = operation.body.as_ref().filter(|_| api.validate_requests)?;
        // `#/components/schemas/...` is resolved from the root, so the root gets the document's components.
        let mut root = match &body.schema {
            Value::Object(schema) => schema.clone(),
            Value::Bool(false) => serde_json::Map::from_iter([("not".to_owned(), Value::Object(serde_json::Map::new()))]),
            _ => serde_json::Map::new(),
        };
        root.insert("components".to_owned(), api.components.clone());
        let mut root = Value::Object(root);
        admit_null(&mut root);
        match jsonschema::options().with_draft(Draft::Draft202012).build(&root) {
            Ok(validator) => Some(Self { required: body.required, validator }),
            Err(error) => {
                // One bad schema must not close an API that worked yesterday; the API behind checks its input anyway.
                tracing::error!(api = %api.name, operation = operation.id, %error, "a request schema cannot be used; bodies are not checked");
                None
            }
        }
    }

    /// Checks a whole body.
    pub(crate) fn check(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), Refusal> {
        if body.is_empty() {
            return if self.required { Err(unfit("", "a JSON body is required")) } else { Ok(()) };
        }
        if headers.get(CONTENT_ENCODING).is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            return Err(unfit("", "a compressed body cannot be checked; send it as it is"));
        }
        // The reader gives up at 128 levels, so that depth costs nobody's stack.
        let value: Value = serde_json::from_slice(body).map_err(|error| unfit("", &format!("is not JSON ({})", position(&error))))?;
        if self.validator.is_valid(&value) {
            return Ok(());
        }
        let places = self.validator.iter_errors(&value).take(PLACES).map(|error| Unfit {
            at: cut(error.instance_path().as_str()),
            // Masked: what was sent may be secret, and this is kept with the decision.
            what: cut(&error.masked().to_string()),
        });
        Err(Refusal::BodyUnfit(places.collect()))
    }
}

fn position(error: &serde_json::Error) -> String {
    let why = if error.is_eof() { "it ends too early" } else { "wrong syntax or nested too deeply" };
    format!("{why}, line {} column {}", error.line(), error.column())
}

fn unfit(at: &str, what: &str) -> Refusal {
    Refusal::BodyUnfit(vec![Unfit { at: at.to_owned(), what: what.to_owned() }])
}

/// The sender stopped in the middle of its body, or sent it so that it cannot be read.
pub(crate) fn broken() -> Refusal {
    unfit("", "the request body broke off before its end")
}

/// The sender stopped sending.
pub(crate) fn stalled() -> Refusal {
    unfit("", "the request body did not arrive in time")
}

fn cut(text: &str) -> String {
    if text.chars().nth(LONGEST).is_none() { text.to_owned() } else { text.chars().take(LONGEST - 1).chain(['…']).collect() }
}

/// `nullable: true` of OpenAPI 3.0, as JSON Schema says it. In a 3.1 document the word means nothing and stands nowhere.
fn admit_null(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.get("nullable") == Some(&Value::Bool(true)) {
                if let Some(Value::String(kind)) = members.get("type").cloned() {
                    members.insert("type".to_owned(), serde_json::json!([kind, "null"]));
                }
                if let Some(Value::Array(values)) = members.get_mut("enum") {
                    values.push(Value::Null);
                }
            }
            members.values_mut().for_each(admit_null);
        }
        Value::Array(items) => items.iter_mut().for_each(admit_null),
        _ => {}
    }
}

/// Refuses a body that says beforehand that it is too long.
pub(crate) fn fits(body: &Body, limit: u64) -> Result<(), Refusal> {
    if body.size_hint().lower() > limit { Err(Refusal::BodyTooLarge(limit)) } else { Ok(()) }
}

/// The whole body, `limit` bytes at most.
pub(crate) async fn collect(mut body: Body, limit: u64) -> Result<Bytes, Refusal> {
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    loop {
        let frame = match tokio::time::timeout(REST, body.frame()).await {
            Ok(Some(Ok(frame))) => frame,
            Ok(Some(Err(_))) => return Err(broken()),
            Ok(None) => break,
            Err(_) => return Err(stalled()),
        };
        // Trailers are nobody's business here.
        let Ok(data) = frame.into_data() else { continue };
        if (first.len() + rest.len() + data.len()) as u64 > limit {
            return Err(Refusal::BodyTooLarge(limit));
        }
        if first.is_empty() {
            first = data;
        } else {
            rest.extend_from_slice(&data);
        }
    }
    if rest.is_empty() {
        return Ok(first);
    }
    let mut whole = BytesMut::with_capacity(first.len() + rest.len());
    whole.extend_from_slice(&first);
    whole.extend_from_slice(&rest);
    Ok(whole.freeze())
}
