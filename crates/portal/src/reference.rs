//! The OpenAPI documents of the catalogue as their readers see them.
//!
//! A document is whatever an operator published: everything taken from it is bounded, escaped by the templates and never followed
//! out of the document. A text may have a Spanish sister in `x-es` beside it; products stand in `info.x-products`, the history of
//! the API in `info.x-changelog`.

pub(crate) mod example;
pub(crate) mod operation;
pub(crate) mod prose;
pub(crate) mod schema;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use bytes::Bytes;
use directory::Catalogue;
use domain::{Environment, ScopeSet, api::Api, folding::folded, openapi};
use serde_json::Value;

use crate::{Settings, language::Language};

/// The most operations an overview lists; who has more searches.
pub(crate) const MOST_OPERATIONS: usize = 150;

/// How much text of one operation can be searched, in bytes.
const LONGEST_HAYSTACK: usize = 20_000;

/// Words that stand where an operation's own page would be.
const RESERVED: [&str; 4] = ["console", "openapi.json", "access", "changes"];

/// The documents that were read for one version of the catalogue.
#[derive(Default)]
pub(crate) struct Shelf(Mutex<Read>);

#[derive(Default)]
struct Read {
    version: i64,
    by_name: HashMap<String, Arc<Reference>>,
}

impl Shelf {
    /// The document of that name. Each is read once while it stays as it is; those that changed or went are let go.
    pub(crate) fn find(&self, catalogue: &Catalogue, name: &str) -> Option<Arc<Reference>> {
        let mut read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if read.version != catalogue.version {
            // An API that is the same one as before has the same document.
            read.by_name.retain(|name, known| catalogue.find(name).is_some_and(|api| Arc::ptr_eq(api, &known.api)));
            read.version = catalogue.version;
        }
        if let Some(known) = read.by_name.get(name) {
            return Some(Arc::clone(known));
        }
        let api = catalogue.find(name)?;
        let document = serde_json::from_str(catalogue.document(name)?).ok()?;
        let reference = Arc::new(Reference::new(Arc::clone(api), document));
        read.by_name.insert(name.to_owned(), Arc::clone(&reference));
        Some(reference)
    }

    /// Every document, in the order of the catalogue.
    pub(crate) fn all(&self, catalogue: &Catalogue) -> Vec<Arc<Reference>> {
        catalogue.apis.iter().filter_map(|api| self.find(catalogue, api.name.as_str())).collect()
    }
}

/// One API as its document tells it.
pub(crate) struct Reference {
    pub(crate) api: Arc<Api>,
    pub(crate) document: Value,
    pub(crate) operations: Vec<Listed>,
    /// What everybody may read of the document, as text, once somebody asked for it.
    public: OnceLock<Bytes>,
}

/// An operation in the overview.
pub(crate) struct Listed {
    /// Its name in addresses; no other operation of the API has it.
    pub(crate) slug: String,
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    /// Alternatives, each a set of scopes that suffices.
    pub(crate) scopes: Vec<ScopeSet>,
    /// The first of its tags; empty when it has none.
    tag: String,
    /// How much it takes to call it as its document has it, and how much harm that may do: the least is what to begin with.
    pub(crate) effort: u32,
    haystack: String,
}

/// A product family the API covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Products {
    National,
    International,
}

/// One step in the history of an API.
pub(crate) struct Change {
    pub(crate) version: String,
    pub(crate) date: String,
    pub(crate) what: Vec<String>,
}

/// Operations under one heading.
pub(crate) struct Group<'r> {
    pub(crate) name: String,
    pub(crate) description: prose::Prose,
    pub(crate) operations: Vec<Overview<'r>>,
}

/// An operation and what its document says in a line.
pub(crate) struct Overview<'r> {
    pub(crate) listed: &'r Listed,
    pub(crate) summary: String,
}

impl Reference {
    pub(crate) fn new(api: Arc<Api>, document: Value) -> Self {
        let mut operations: Vec<Listed> = Vec::new();
        for operation in &api.operations {
            let said = written(&document, &operation.path, &operation.method);
            let mut slug = slug(&operation.id);
            if RESERVED.contains(&slug.as_str()) {
                slug = format!("{}-{slug}", operation.method.to_ascii_lowercase());
            }
            let taken = |slug: &str| operations.iter().any(|known| known.slug == slug);
            if taken(&slug) {
                slug = (2..).map(|n| format!("{slug}-{n}")).find(|slug| !taken(slug)).unwrap_or_default();
            }
            let mut haystack = String::new();
            for text in [&operation.id, &operation.method, &operation.path] {
                haystack.push_str(&folded(text));
                haystack.push(' ');
            }
            for scopes in &operation.scopes {
                haystack.push_str(&folded(&scopes.to_string()));
                haystack.push(' ');
            }
            gather(&document, said, &mut haystack, &mut 400, 0);
            operations.push(Listed {
                slug,
                id: operation.id.clone(),
                method: operation.method.clone(),
                path: operation.path.clone(),
                scopes: operation.scopes.clone(),
                tag: said["tags"][0].as_str().unwrap_or_default().to_owned(),
                effort: effort(&document, &operation.path, &operation.method),
                haystack,
            });
        }
        Self { api, document, operations, public: OnceLock::new() }
    }

    /// The document as everybody may read it: without what is for the operator's staff.
    pub(crate) fn public(&self) -> Bytes {
        self.public.get_or_init(|| openapi::public(&self.document).to_string().into()).clone()
    }

    pub(crate) fn title(&self) -> &str {
        &self.api.title
    }

    pub(crate) fn version(&self) -> &str {
        self.document["info"]["version"].as_str().unwrap_or_default()
    }

    /// What the API is for, in a line.
    pub(crate) fn summary(&self, language: Language) -> String {
        let info = &self.document["info"];
        let summary = said(info, "summary", language);
        if summary.is_empty() { prose::first_line(said(info, "description", language)) } else { cut(summary, 300) }
    }

    /// The introduction, with the addresses of this house.
    pub(crate) fn description(&self, language: Language, settings: &Settings) -> prose::Prose {
        prose::Prose::read(&self.at_home(said(&self.document["info"], "description", language), settings), 12_000)
    }

    /// Replaces the servers the document names by those this house really has.
    fn at_home(&self, text: &str, settings: &Settings) -> String {
        let mut text = cut(text, 20_000);
        for server in self.document["servers"].as_array().into_iter().flatten().take(8) {
            let named = server["description"].as_str().unwrap_or_default().to_ascii_lowercase();
            let environment = Environment::ALL.iter().find(|environment| named.starts_with(environment.as_str()));
            if let (Some(url), Some(environment)) = (server["url"].as_str(), environment)
                && url.len() > "https://".len()
                && let Some(own) = settings.base_url(*environment)
            {
                text = text.replace(url.trim_end_matches('/'), own);
            }
        }
        text
    }

    /// Which parcels it is about, where the document says so.
    pub(crate) fn products(&self) -> Vec<Products> {
        let words: Vec<_> = self.document["info"]["x-products"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let known = [("national", Products::National), ("international", Products::International)];
        known.into_iter().filter(|(word, _)| words.contains(word)).map(|(_, products)| products).collect()
    }

    /// Its history, the newest first as the document has it.
    pub(crate) fn changelog(&self, language: Language) -> Vec<Change> {
        let entries = self.document["info"]["x-changelog"].as_array();
        let text = |value: &Value| cut(value.as_str().unwrap_or_default(), 500);
        let change = |entry: &Value| {
            let what = match language {
                Language::Spanish if entry["x-es"]["changes"].is_array() => &entry["x-es"]["changes"],
                _ => &entry["changes"],
            };
            Change {
                version: text(&entry["version"]),
                date: text(&entry["date"]),
                what: what.as_array().into_iter().flatten().take(20).map(text).collect(),
            }
        };
        entries.into_iter().flatten().take(20).map(change).collect()
    }

    /// The operations in which every word of `wanted` occurs, under the document's tags, and how many were left out for length.
    pub(crate) fn groups(&self, wanted: &str, language: Language) -> (Vec<Group<'_>>, usize) {
        let words: Vec<_> = folded(wanted).split_whitespace().take(10).map(str::to_owned).collect();
        let fits = |listed: &&Listed| words.iter().all(|word| listed.haystack.contains(word.as_str()));
        let found: Vec<_> = self.operations.iter().filter(fits).collect();
        let left_out = found.len().saturating_sub(MOST_OPERATIONS);
        let tags: Vec<_> = self.document["tags"].as_array().into_iter().flatten().take(100).collect();
        let mut groups: Vec<(&str, Group<'_>)> = Vec::new();
        for listed in found.into_iter().take(MOST_OPERATIONS) {
            let at = groups.iter().position(|(tag, _)| *tag == listed.tag).unwrap_or_else(|| {
                let tag = tags.iter().find(|tag| tag["name"] == listed.tag.as_str()).copied().unwrap_or(&Value::Null);
                let name = said(tag, "name", language);
                let name = cut(if name.is_empty() { &listed.tag } else { name }, 100);
                let description = prose::Prose::read(said(tag, "description", language), 500);
                groups.push((&listed.tag, Group { name, description, operations: Vec::new() }));
                groups.len() - 1
            });
            let summary = cut(said(written(&self.document, &listed.path, &listed.method), "summary", language), 200);
            groups[at].1.operations.push(Overview { listed, summary });
        }
        (groups.into_iter().map(|(_, group)| group).collect(), left_out)
    }

    pub(crate) fn operation(&self, slug: &str) -> Option<&Listed> {
        self.operations.iter().find(|listed| listed.slug == slug)
    }
}

/// The operation object of the document; null when it is not there.
fn written<'d>(document: &'d Value, path: &str, method: &str) -> &'d Value {
    &document["paths"][path][method.to_ascii_lowercase()]
}

/// A text of the document in the reader's language, else as it was written.
pub(crate) fn said<'d>(value: &'d Value, member: &str, language: Language) -> &'d str {
    let own = value[member].as_str().unwrap_or_default();
    match language {
        Language::Spanish => value["x-es"][member].as_str().unwrap_or(own),
        Language::English => own,
    }
}

/// At most so many bytes of a text, with a sign when some are missing.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    format!("{}…", &text[..text.floor_char_boundary(most)])
}

/// What reads comes before what creates, and that before what changes or removes; then what leaves fewest values to be made up.
fn effort(document: &Value, path: &str, method: &str) -> u32 {
    let harm = match method {
        "GET" => 0,
        "POST" => 10,
        _ => 100,
    };
    let asked = operation::asked(document, &document["paths"][path], written(document, path, method));
    let made_up = asked.iter().filter(|parameter| parameter.required && parameter.example.is_empty()).count();
    harm + u32::try_from(made_up).unwrap_or(100)
}

fn slug(id: &str) -> String {
    let mut slug = String::new();
    for letter in id.chars().take(80) {
        match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '.' => slug.push(letter),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    // A segment of dots alone would lead elsewhere in the tree.
    let slug = slug.trim_matches(['-', '.']);
    if slug.is_empty() { "operation".to_owned() } else { slug.to_owned() }
}

/// Gathers what people may search an operation for: its texts, and the names of parameters and members.
fn gather(document: &Value, value: &Value, into: &mut String, left: &mut usize, depth: usize) {
    if *left == 0 || depth > 12 || into.len() > LONGEST_HAYSTACK {
        return;
    }
    *left -= 1;
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter().take(100) {
                match (name.as_str(), member) {
                    ("summary" | "description" | "name" | "operationId", Value::String(text)) => {
                        into.push_str(&folded(&cut(text, 2_000)));
                        into.push(' ');
                    }
                    ("$ref", Value::String(reference)) => {
                        if let Some(there) = resolve(document, reference) {
                            gather(document, there, into, left, depth + 1);
                        }
                    }
                    ("properties", Value::Object(properties)) => {
                        for (name, property) in properties.iter().take(100) {
                            into.push_str(&folded(&cut(name, 100)));
                            into.push(' ');
                            gather(document, property, into, left, depth + 1);
                        }
                    }
                    // What every operation answers when it refuses is no reason to find one.
                    ("example" | "examples" | "security" | "responses", _) => {}
                    (_, member) => gather(document, member, into, left, depth + 1),
                }
            }
        }
        Value::Array(items) => items.iter().take(50).for_each(|item| gather(document, item, into, left, depth + 1)),
        _ => {}
    }
}

/// What a reference inside the document leads to; anything outside is not followed.
pub(crate) fn resolve<'d>(document: &'d Value, reference: &str) -> Option<&'d Value> {
    document.pointer(reference.strip_prefix('#')?)
}

/// The value itself, or what its reference leads to, over a few steps.
pub(crate) fn deref<'d>(document: &'d Value, mut value: &'d Value) -> &'d Value {
    for _ in 0..8 {
        let Some(reference) = value["$ref"].as_str() else { return value };
        let Some(there) = resolve(document, reference) else { return &Value::Null };
        value = there;
    }
    &Value::Null
}

#[cfg(test)]
mod tests;
