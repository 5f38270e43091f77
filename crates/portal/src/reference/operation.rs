//! One operation with everything a reader asks of it.

use domain::api::Dialect;
use http::StatusCode;
use serde_json::Value;

use super::{
    Listed, Reference, cut, deref,
    example::{self, Example},
    prose::Prose,
    said,
    schema::{self, Budget, Row, Tree},
};
use domain::Language;

/// The most parameters and answers of an operation that are shown.
const MOST: usize = 40;

/// An operation, read for its page.
pub(crate) struct Operation<'r> {
    pub(crate) listed: &'r Listed,
    pub(crate) summary: String,
    pub(crate) description: Prose,
    pub(crate) deprecated: bool,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) answers: Vec<Answer>,
}

/// Something beside the body that a call carries.
pub(crate) struct Parameter {
    pub(crate) name: String,
    /// `path`, `query`, `header` or `cookie`.
    pub(crate) place: String,
    pub(crate) required: bool,
    pub(crate) about: Row,
    pub(crate) description: Prose,
    /// What stands for it in examples; empty when the document gives nothing.
    pub(crate) example: String,
}

/// The request body.
pub(crate) struct Body {
    pub(crate) required: bool,
    pub(crate) media_type: String,
    pub(crate) description: Prose,
    pub(crate) tree: Tree,
    pub(crate) examples: Vec<Example>,
    /// The value of the first example, for samples of code.
    pub(crate) value: Value,
}

/// One of the answers.
pub(crate) struct Answer {
    /// A status, or `default`.
    pub(crate) status: String,
    /// Whether it is one of success.
    pub(crate) good: bool,
    pub(crate) description: Prose,
    pub(crate) headers: Vec<(String, Prose)>,
    pub(crate) media_type: String,
    pub(crate) tree: Option<Tree>,
    pub(crate) examples: Vec<Example>,
}

impl Reference {
    /// Everything about one operation of this document.
    pub(crate) fn read<'r>(&'r self, listed: &'r Listed, language: Language) -> Operation<'r> {
        let document = &self.document;
        let item = &document["paths"][&listed.path];
        let written = &item[listed.method.to_ascii_lowercase()];
        let mut budget = Budget::of_a_page();
        let summary = cut(said(written, "summary", language), 200);
        let description = budget.prose(said(written, "description", language), 6_000);
        let parameters = self.parameters(item, written, language, &mut budget);
        let body = written.get("requestBody").and_then(|body| self.body(body, language, &mut budget));
        let answers = written["responses"].as_object().into_iter().flatten().take(MOST);
        let answers = answers.map(|(status, answer)| self.answer(status, answer, language, &mut budget)).collect();
        Operation {
            listed,
            summary: if summary.is_empty() { listed.id.clone() } else { summary },
            description,
            deprecated: written["deprecated"] == true,
            parameters,
            body,
            answers,
        }
    }

    fn parameters(&self, item: &Value, written: &Value, language: Language, budget: &mut Budget) -> Vec<Parameter> {
        let document = &self.document;
        let read = |asked: Asked<'_>| Parameter {
            required: asked.required,
            about: schema::row(document, asked.schema, language, budget),
            description: budget.prose(said(asked.written, "description", language), 1_000),
            example: asked.example,
            name: asked.name,
            place: asked.place,
        };
        asked(document, item, written).into_iter().map(read).collect()
    }

    fn body(&self, body: &Value, language: Language, budget: &mut Budget) -> Option<Body> {
        let body = deref(&self.document, body);
        let (media_type, media) = json_first(&body["content"])?;
        let (examples, value) = example::of_media(&self.document, media, budget);
        Some(Body {
            required: body["required"] == true,
            media_type: cut(media_type, 100),
            description: budget.prose(said(body, "description", language), 1_000),
            tree: Tree::read(&self.document, &media["schema"], language, budget),
            examples,
            value: value.unwrap_or_default(),
        })
    }

    fn answer(&self, status: &str, answer: &Value, language: Language, budget: &mut Budget) -> Answer {
        let document = &self.document;
        let answer = deref(document, answer);
        let headers = answer["headers"].as_object().into_iter().flatten().take(20).map(|(name, header)| {
            let header = deref(document, header);
            (cut(name, 100), budget.prose(said(header, "description", language), 400))
        });
        let headers = headers.collect();
        let good = status.starts_with('2');
        let media = json_first(&answer["content"]);
        // Refusals share one shape, which the error guide explains; their trees would only repeat it.
        let tree = media.filter(|_| good).map(|(_, media)| Tree::read(document, &media["schema"], language, budget));
        Answer {
            status: cut(status, 20),
            good,
            description: budget.prose(said(answer, "description", language), 1_000),
            headers,
            media_type: media.map(|(media_type, _)| cut(media_type, 100)).unwrap_or_default(),
            tree: tree.filter(|tree| !tree.is_empty()),
            examples: media.map(|(_, media)| example::of_media(document, media, budget).0).unwrap_or_default(),
        }
    }
}

/// A parameter as its document has it, before its texts are read.
pub(super) struct Asked<'d> {
    written: &'d Value,
    schema: &'d Value,
    name: String,
    place: String,
    pub(super) required: bool,
    /// What stands for it in examples; empty when the document gives nothing.
    pub(super) example: String,
}

/// The parameters of an operation: `item` is its path, `written` the operation itself.
pub(super) fn asked<'d>(document: &'d Value, item: &'d Value, written: &'d Value) -> Vec<Asked<'d>> {
    let lists = [&written["parameters"], &item["parameters"]];
    let mut found: Vec<Asked<'_>> = Vec::new();
    for parameter in lists.into_iter().filter_map(Value::as_array).flatten().take(MOST) {
        let parameter = deref(document, parameter);
        let text = |member: &str| cut(parameter[member].as_str().unwrap_or_default(), 100);
        let (name, place) = (text("name"), text("in"));
        // What an operation says of a parameter takes precedence over what its path says.
        if name.is_empty() || found.iter().any(|known| known.name == name && known.place == place) {
            continue;
        }
        let schema = &parameter["schema"];
        let example = parameter.get("example").or_else(|| {
            let named = parameter["examples"].as_object()?.values().next()?;
            deref(document, named).get("value")
        });
        let resolved = deref(document, schema);
        let example = example.or_else(|| resolved.get("example")).or_else(|| resolved["examples"].get(0));
        let example = example.map(schema::short).unwrap_or_default();
        found.push(Asked { written: parameter, schema, name, place, required: parameter["required"] == true, example });
    }
    found
}

impl Answer {
    /// The status in words, as HTTP names it.
    pub(crate) fn reason(&self) -> &'static str {
        let status = self.status.parse().ok().and_then(|status: u16| StatusCode::from_u16(status).ok());
        status.and_then(|status| status.canonical_reason()).unwrap_or_default()
    }
}

impl Operation<'_> {
    /// The scopes that suffice, as they stand in a token request: the first alternative.
    pub(crate) fn scope(&self) -> String {
        self.listed.scopes.first().map(ToString::to_string).unwrap_or_default()
    }
}

/// Where a client of this dialect gets its token, and which member of the answer holds it.
pub(crate) const fn token_route(dialect: Dialect) -> (&'static str, &'static str) {
    match dialect {
        Dialect::Correos | Dialect::CorreosTracking => ("/Api/Authorize/Token", "idToken"),
        Dialect::Fedex => ("/oauth/token", "access_token"),
        Dialect::Problem => ("/oauth2/token", "access_token"),
    }
}

/// The JSON among several media types, else the first.
fn json_first(content: &Value) -> Option<(&str, &Value)> {
    let content = content.as_object()?;
    let found = content.iter().find(|(media_type, _)| media_type.contains("json")).or_else(|| content.iter().next())?;
    Some((found.0.as_str(), found.1))
}
