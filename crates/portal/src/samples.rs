//! The same call as code: get a token, call the operation. Secrets come from environment variables, never from a page.
//!
//! Every value that came from a document or a person is written by the quoting of its language, so that no text can end a string.

mod csharp;
mod curl;
mod java;
mod javascript;
mod php;
mod python;
mod rust;

use serde_json::Value;

use crate::{
    reference::{
        operation::{Operation, token_route},
        schema::weight,
    },
    visit::encoded,
};
use domain::api::Api;

/// Where code finds the secrets.
pub(crate) const CLIENT_SECRET: &str = "POSTIGO_CLIENT_SECRET";
pub(crate) const API_CLIENT_SECRET: &str = "POSTIGO_API_CLIENT_SECRET";
const CHILD_SECRET: &str = "POSTIGO_CHILD_SECRET";

/// The longest body that is put into code, in bytes as a page counts them: it stands there seven times.
const LONGEST_BODY: usize = 5_000;

/// Whose code it is. The public halves of the credentials; what is not known is a word to be replaced.
#[derive(Debug, Clone)]
pub(crate) struct Ids {
    pub(crate) client_id: String,
    /// Of the API credential.
    pub(crate) api_client_id: String,
    /// Of who acts for somebody else: the grant type and the customer key.
    pub(crate) customer: Option<(&'static str, String)>,
}

impl Default for Ids {
    fn default() -> Self {
        Self { client_id: "your-client-id".into(), api_client_id: "your-api-client-id".into(), customer: None }
    }
}

/// A call with its token, in no language yet.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) token_url: String,
    /// The member of the token's answer that holds it.
    pub(crate) token_member: &'static str,
    /// The form that asks for the token, in its order.
    pub(crate) form: Vec<(&'static str, Piece)>,
    pub(crate) method: String,
    pub(crate) url: String,
    /// The headers but `Authorization` and `Content-Type`.
    pub(crate) headers: Vec<(String, Piece)>,
    pub(crate) body: Option<Value>,
}

/// A value in code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Written out.
    Text(String),
    /// Read from this environment variable.
    Secret(&'static str),
}

/// Code in one language.
pub(crate) struct Sample {
    /// A word for addresses.
    pub(crate) word: &'static str,
    /// What people call the language, and what it needs.
    pub(crate) language: &'static str,
    pub(crate) needs: &'static str,
    pub(crate) text: String,
}

impl Call {
    /// The call of an operation at the environment `base_url`, as the owner of `ids` makes it.
    pub(crate) fn new(api: &Api, operation: &Operation<'_>, base_url: &str, ids: &Ids) -> Self {
        let (token_path, token_member) = token_route(api.dialect);
        let grant = ids.customer.as_ref().map_or("client_credentials", |(grant, _)| grant);
        let mut form = vec![
            ("grant_type", Piece::Text(grant.to_owned())),
            ("client_id", Piece::Text(ids.client_id.clone())),
            ("client_secret", Piece::Secret(CLIENT_SECRET)),
        ];
        if let Some((_, key)) = &ids.customer {
            form.push(("child_key", Piece::Text(key.clone())));
            form.push(("child_secret", Piece::Secret(CHILD_SECRET)));
        }
        form.push(("scope", Piece::Text(operation.scope())));
        let mut headers = Vec::new();
        if api.api_credential {
            headers.push(("client_id".to_owned(), Piece::Text(ids.api_client_id.clone())));
            headers.push(("client_secret".to_owned(), Piece::Secret(API_CLIENT_SECRET)));
        }
        let mut path = operation.listed.path.clone();
        let mut query = String::new();
        for parameter in &operation.parameters {
            let example = if parameter.example.is_empty() { &parameter.name } else { &parameter.example };
            match parameter.place.as_str() {
                "path" => path = path.replace(&format!("{{{}}}", parameter.name), &encoded(example)),
                "query" if parameter.required || !parameter.example.is_empty() => {
                    let joint = if query.is_empty() { '?' } else { '&' };
                    query.push_str(&format!("{joint}{}={}", encoded(&parameter.name), encoded(example)));
                }
                // A document cannot put a line of its own into a request, nor replace the credentials.
                "header"
                    if parameter.required && is_header(&parameter.name) && !headers.iter().any(|(name, _)| *name == parameter.name) =>
                {
                    headers.push((parameter.name.clone(), Piece::Text(example.replace(char::is_control, " "))));
                }
                _ => {}
            }
        }
        let body = operation.body.as_ref().map(|body| {
            let fits = serde_json::to_string_pretty(&body.value).is_ok_and(|text| weight(&text) <= LONGEST_BODY);
            if fits { body.value.clone() } else { Value::Object(serde_json::Map::new()) }
        });
        Self {
            token_url: format!("{base_url}{token_path}"),
            token_member,
            form,
            method: operation.listed.method.clone(),
            url: format!("{base_url}{path}{query}"),
            headers,
            body,
        }
    }

    /// The body as JSON over several lines.
    fn json(&self) -> Option<String> {
        self.body.as_ref().map(|body| serde_json::to_string_pretty(body).unwrap_or_default())
    }
}

fn is_header(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    !matches!(lower.as_str(), "authorization" | "content-type" | "accept")
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// The call for a shell.
pub(crate) fn in_a_shell(call: &Call) -> String {
    curl::write(call)
}

/// The call in every language.
pub(crate) fn of(call: &Call) -> Vec<Sample> {
    let sample = |word, language, needs, text| Sample { word, language, needs, text };
    vec![
        sample("curl", "curl", "sh, curl, jq", curl::write(call)),
        sample("python", "Python", "requests", python::write(call)),
        sample("javascript", "JavaScript", "Node 18", javascript::write(call)),
        sample("php", "PHP", "PHP 8, curl", php::write(call)),
        sample("java", "Java", "Java 17", java::write(call)),
        sample("csharp", "C#", ".NET 8", csharp::write(call)),
        sample("rust", "Rust", "reqwest, tokio, serde_json", rust::write(call)),
    ]
}

/// A text between double quotes as C, Java, C#, JavaScript and Python read it. What is no printable ASCII but a letter stays;
/// control characters become `\u` escapes.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            letter if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') => {
                out.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// Every line but the first moved in by so many spaces.
fn moved_in(text: &str, by: usize) -> String {
    text.replace('\n', &format!("\n{}", " ".repeat(by)))
}

#[cfg(test)]
pub(crate) mod tests;
