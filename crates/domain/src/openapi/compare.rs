//! What is different between two documents of an API, for those who call it.
//!
//! Both were read without a fault. What a caller sends may only grow more lenient, what a caller receives may only grow richer;
//! everything else breaks somebody. A comparison is bounded: what a document that is all references could unfold is cut.

use serde_json::Value;

use crate::{
    CustomerType, Environment, ScopeSet,
    api::{Api, Operation},
    words::words,
};
use schema::{Side, Walk};

mod schema;

/// The most differences of each kind that are told: however many do no harm, those that break something are.
const MOST: usize = 500;

words! {
    /// What a difference means to callers.
    pub enum Kind: "a kind of difference" {
        /// Calls that were right are refused, or answers lack what was there.
        Breaking = "breaking",
        /// More can be called, sent or read than before.
        Addition = "addition",
        /// Nothing that a program notices.
        Text = "text",
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it means.
    pub kind: Kind,
    /// The operation's method and path, in the older document where it is there; `None`: it is about the whole API.
    pub operation: Option<(String, String)>,
    /// Where in it: a parameter, or a member of the body or an answer. Empty: nowhere in particular.
    pub at: String,
    /// What, in Spanish.
    pub spanish: String,
    /// What, in English.
    pub english: String,
}

/// A document with what was read of it.
#[derive(Debug, Clone, Copy)]
pub struct Document<'d> {
    /// What was read.
    pub api: &'d Api,
    /// The document.
    pub document: &'d Value,
}

/// What is different in `new`: what breaks first, then what is new, then what is text. Empty: the documents are equal.
#[must_use]
pub fn compare(old: Document<'_>, new: Document<'_>) -> Vec<Difference> {
    let mut found = Found::default();
    whole(&mut found, old.api, new.api);
    for operation in &old.api.operations {
        match twin(operation, new.api) {
            Some(now) => both(&mut found, old, new, operation, now),
            None => found.of(operation, Kind::Breaking, "", "la operación desaparece", "the operation is gone"),
        }
    }
    for operation in &new.api.operations {
        if twin(operation, old.api).is_none() {
            found.of(operation, Kind::Addition, "", "operación nueva", "new operation");
        }
    }
    if found.differences.is_empty() && old.document != new.document {
        found.add(Kind::Text, "", "textos, ejemplos o ajustes", "texts, examples or settings");
    }
    found.differences.sort_by_key(|difference| difference.kind);
    found.differences
}

/// The scopes of the older document's operations that something breaks: whoever holds one alternative of them is reached. `None`: something
/// breaks for all who call the API.
#[must_use]
pub fn broken_operations<'a>(differences: &[Difference], old: &'a Api) -> Option<Vec<&'a Operation>> {
    let mut operations = Vec::new();
    for difference in differences.iter().filter(|difference| difference.kind == Kind::Breaking) {
        let (method, path) = difference.operation.as_ref()?;
        if let Some(operation) = old.operations.iter().find(|known| known.method == *method && known.path == *path)
            && !operations.iter().any(|known: &&Operation| known.method == *method && known.path == *path)
        {
            operations.push(operation);
        }
    }
    Some(operations)
}

#[derive(Default)]
struct Found {
    differences: Vec<Difference>,
    operation: Option<(String, String)>,
}

impl Found {
    fn add(&mut self, kind: Kind, at: &str, spanish: impl Into<String>, english: impl Into<String>) {
        if self.differences.iter().filter(|known| known.kind == kind).count() < MOST {
            let (spanish, english, operation) = (spanish.into(), english.into(), self.operation.clone());
            let difference = Difference { kind, operation, at: at.to_owned(), spanish, english };
            if !self.differences.contains(&difference) {
                self.differences.push(difference);
            }
        }
    }

    fn of(&mut self, operation: &Operation, kind: Kind, at: &str, spanish: &str, english: &str) {
        self.operation = Some((operation.method.clone(), operation.path.clone()));
        self.add(kind, at, spanish, english);
        self.operation = None;
    }
}

/// A path without the names of its parameters: templates that differ in them alone are one path.
#[must_use]
pub fn shape(path: &str) -> String {
    path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment }).collect::<Vec<_>>().join("/")
}

fn twin<'a>(operation: &Operation, of: &'a Api) -> Option<&'a Operation> {
    of.operations.iter().find(|other| other.method == operation.method && shape(&other.path) == shape(&operation.path))
}

/// What is about no operation in particular.
fn whole(found: &mut Found, old: &Api, new: &Api) {
    use Kind::{Addition, Breaking, Text};
    let mut turned = |was: bool, is: bool, on: Kind, off: Kind, words: [(&str, &str); 2]| match (was, is) {
        (false, true) => found.add(on, "", words[0].0, words[0].1),
        (true, false) => found.add(off, "", words[1].0, words[1].1),
        _ => {}
    };
    turned(
        old.api_credential,
        new.api_credential,
        Breaking,
        Addition,
        [
            ("cada llamada necesita ahora la credencial de API", "every call needs the API credential now"),
            ("ya no hace falta la credencial de API", "the API credential is not needed any more"),
        ],
    );
    turned(
        old.token_in_query,
        new.token_in_query,
        Addition,
        Breaking,
        [
            ("el token puede ir también en la consulta", "the token may come in the query too"),
            ("el token ya no puede ir en la consulta", "the token may not come in the query any more"),
        ],
    );
    turned(
        old.validate_requests,
        new.validate_requests,
        Breaking,
        Addition,
        [
            ("los cuerpos se comprueban ahora contra el documento", "request bodies are checked against the document now"),
            ("los cuerpos ya no se comprueban contra el documento", "request bodies are not checked against the document any more"),
        ],
    );
    turned(
        old.hidden,
        new.hidden,
        Text,
        Text,
        [("deja de estar en la lista pública", "it leaves the public list"), ("aparece en la lista pública", "it joins the public list")],
    );
    if old.dialect != new.dialect {
        let (was, is) = (old.dialect, new.dialect);
        found.add(
            Breaking,
            "",
            format!("los rechazos cambian de forma: {was} → {is}"),
            format!("refusals change their shape: {was} → {is}"),
        );
    }
    if new.max_body_bytes < old.max_body_bytes {
        let (was, is) = (old.max_body_bytes, new.max_body_bytes);
        found.add(
            Breaking,
            "",
            format!("el cuerpo puede tener menos bytes: {was} → {is}"),
            format!("bodies may be shorter only: {was} → {is} bytes"),
        );
    }
    for environment in Environment::ALL {
        let (was, is) = (old.upstreams.of(*environment).is_empty(), new.upstreams.of(*environment).is_empty());
        match (was, is) {
            (false, true) => {
                found.add(
                    Breaking,
                    "",
                    format!("deja de servirse en {environment}"),
                    format!("it is not served in {environment} any more"),
                );
            }
            (true, false) => {
                found.add(Addition, "", format!("se sirve también en {environment}"), format!("it is served in {environment} too"));
            }
            _ if old.upstreams.of(*environment) != new.upstreams.of(*environment) => {
                found.add(Text, "", format!("otro destino en {environment}"), format!("another upstream in {environment}"));
            }
            _ => {}
        }
        if old.auto_approve.of(*environment) != new.auto_approve.of(*environment) {
            found.add(
                Text,
                "",
                format!("otra aprobación automática en {environment}"),
                format!("another automatic approval in {environment}"),
            );
        }
    }
    if old.open_to != new.open_to {
        let kinds = |types: &Option<Vec<CustomerType>>, all: &str| match types {
            None => all.to_owned(),
            Some(types) => types.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(", "),
        };
        let (spanish, english) = (kinds(&new.open_to, "todas"), kinds(&new.open_to, "all"));
        found.add(Text, "", format!("pueden pedirla: {spanish}"), format!("who may ask for it: {english}"));
    }
    if old.title != new.title {
        found.add(Text, "", format!("otro título: {}", new.title), format!("another title: {}", new.title));
    }
    let is_gone = |name: &str| !new.plans.iter().any(|plan| plan.name == name);
    for plan in old.plans.iter().filter(|plan| is_gone(&plan.name)) {
        // Whoever holds it is counted against another one, and that may allow less.
        found.add(
            Breaking,
            "",
            format!("el plan {} deja de ofrecerse", plan.name),
            format!("the plan {} is not offered any more", plan.name),
        );
    }
    if old.plans != new.plans {
        found.add(Text, "", "otros planes", "other plans");
    }
}

/// An operation that both documents have.
fn both<'d>(found: &mut Found, old: Document<'d>, new: Document<'d>, was: &Operation, is: &Operation) {
    found.operation = Some((was.method.clone(), was.path.clone()));
    scopes(found, &was.scopes, &is.scopes);
    let mut walk = Walk::new(old.document, new.document);
    let (before, after) = (Asked::of(old.document, was), Asked::of(new.document, is));
    parameters(found, &mut walk, &before, &after);
    body(found, &mut walk, &before, &after);
    answers(found, &mut walk, before.written, after.written);
    found.operation = None;
}

fn scopes(found: &mut Found, was: &[ScopeSet], is: &[ScopeSet]) {
    let words = |sets: &[ScopeSet], or: &str| sets.iter().map(ToString::to_string).collect::<Vec<_>>().join(or);
    // What sufficed must suffice still.
    let holds = was.iter().all(|before| is.iter().any(|needed| before.covers(needed)));
    let spanish = format!("permisos: {} → {}", words(was, " o "), words(is, " o "));
    let english = format!("scopes: {} → {}", words(was, " or "), words(is, " or "));
    if !holds {
        found.add(Kind::Breaking, "", spanish, english);
    } else if was != is {
        found.add(Kind::Addition, "", spanish, english);
    }
}

/// An operation as it is written.
struct Asked<'d> {
    document: &'d Value,
    written: &'d Value,
    parameters: Vec<&'d Value>,
}

impl<'d> Asked<'d> {
    fn of(document: &'d Value, operation: &Operation) -> Self {
        let item = &document["paths"][operation.path.as_str()];
        let written = &item[operation.method.to_ascii_lowercase()];
        let mut parameters: Vec<&Value> = Vec::new();
        // The operation's own come before those of its path, which they stand for.
        for list in [&written["parameters"], &item["parameters"]] {
            for parameter in list.as_array().into_iter().flatten().take(200) {
                let parameter = schema::deref(document, parameter);
                let is_there = |known: &&Value| known["name"] == parameter["name"] && known["in"] == parameter["in"];
                // A path's parameters are its shape; their names are nobody's business but the document's.
                if parameter["in"] != "path" && !parameters.iter().any(is_there) {
                    parameters.push(parameter);
                }
            }
        }
        Self { document, written, parameters }
    }
}

fn parameters<'d>(found: &mut Found, walk: &mut Walk<'d>, old: &Asked<'d>, new: &Asked<'d>) {
    let required = |parameter: &Value| parameter["required"].as_bool().unwrap_or(false);
    for parameter in &new.parameters {
        let name = parameter["name"].as_str().unwrap_or_default();
        let before = old.parameters.iter().find(|known| known["name"] == parameter["name"] && known["in"] == parameter["in"]);
        match before {
            None if required(parameter) => {
                found.add(Kind::Breaking, name, "parámetro obligatorio nuevo", "new required parameter");
            }
            None => found.add(Kind::Addition, name, "parámetro nuevo", "new parameter"),
            Some(before) => {
                if required(parameter) && !required(before) {
                    found.add(Kind::Breaking, name, "el parámetro pasa a ser obligatorio", "the parameter becomes required");
                }
                walk.schemas(found, Side::Sent, name, &before["schema"], &parameter["schema"]);
            }
        }
    }
    for parameter in &old.parameters {
        if !new.parameters.iter().any(|known| known["name"] == parameter["name"] && known["in"] == parameter["in"]) {
            found.add(
                Kind::Text,
                parameter["name"].as_str().unwrap_or_default(),
                "el parámetro ya no se lee",
                "the parameter is not read any more",
            );
        }
    }
}

fn body<'d>(found: &mut Found, walk: &mut Walk<'d>, old: &Asked<'d>, new: &Asked<'d>) {
    let (was, is) = (schema::deref(old.document, &old.written["requestBody"]), schema::deref(new.document, &new.written["requestBody"]));
    let required = |body: &Value| body["required"].as_bool().unwrap_or(false);
    if required(is) && !required(was) {
        found.add(Kind::Breaking, "", "hace falta un cuerpo", "a body is needed");
    }
    media(found, walk, Side::Sent, "", &was["content"], &is["content"]);
}

fn answers<'d>(found: &mut Found, walk: &mut Walk<'d>, was: &'d Value, is: &'d Value) {
    let (old, new) = (walk.old, walk.new);
    for (status, answer) in was["responses"].as_object().into_iter().flatten().filter(|(status, _)| status.starts_with('2')) {
        match is["responses"].get(status) {
            None => found.add(Kind::Breaking, status, "esta respuesta desaparece", "this answer is gone"),
            Some(now) => {
                let (answer, now) = (schema::deref(old, answer), schema::deref(new, now));
                media(found, walk, Side::Received, status, &answer["content"], &now["content"]);
            }
        }
    }
    for status in is["responses"].as_object().into_iter().flatten().map(|(status, _)| status).filter(|status| status.starts_with('2')) {
        if was["responses"].get(status).is_none() {
            found.add(Kind::Addition, status, "respuesta nueva", "new answer");
        }
    }
}

/// The bodies of a request or an answer, by media type.
fn media<'d>(found: &mut Found, walk: &mut Walk<'d>, side: Side, at: &str, was: &'d Value, is: &'d Value) {
    for (kind, before) in was.as_object().into_iter().flatten() {
        match is.get(kind) {
            None => {
                found.add(Kind::Breaking, at, format!("{kind} ya no se admite"), format!("{kind} is not spoken any more"));
            }
            Some(now) => walk.schemas(found, side, at, &before["schema"], &now["schema"]),
        }
    }
    for kind in is.as_object().into_iter().flatten().map(|(kind, _)| kind) {
        if was.get(kind).is_none() && !was.is_null() {
            found.add(Kind::Addition, at, format!("también {kind}"), format!("{kind} too"));
        }
    }
}

#[cfg(test)]
mod tests;
