//! JSON schemas as trees that people read.
//!
//! A schema may be as deep, as large and as circular as its author likes: what is shown of it is bounded by a [`Budget`] that
//! all trees of one page share. The tree is a flat list of marks, so that showing it needs no recursion.

use askama::{Template, filters::HtmlSafe};
use serde_json::Value;

use super::{cut, deref, prose::Prose, said};
use domain::Language;

/// How deep a tree goes.
const DEEPEST: usize = 9;

/// How much one page shows of its document.
pub(crate) struct Budget {
    /// Members of all its trees together.
    pub(crate) nodes: usize,
    /// Bytes of text, as [`weight`] counts them.
    pub(crate) bytes: usize,
    /// Bytes of examples, likewise.
    pub(crate) examples: usize,
}

impl Budget {
    pub(crate) const fn of_a_page() -> Self {
        Self { nodes: 330, bytes: 26_000, examples: 18_000 }
    }

    /// A text, as far as there is room for it.
    pub(crate) fn text(&mut self, text: &str, most: usize) -> String {
        let text = cut(text, most.min(self.bytes));
        self.bytes = self.bytes.saturating_sub(weight(&text));
        text
    }

    pub(crate) fn prose(&mut self, text: &str, most: usize) -> Prose {
        Prose::read(&self.text(text, most), most + 4)
    }
}

/// What a text weighs in a page, where some letters are written with five.
pub(crate) fn weight(text: &str) -> usize {
    text.len() + 4 * text.bytes().filter(|byte| matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\'')).count()
}

/// A schema, ready to be shown.
#[derive(Debug, Default, Template)]
#[template(path = "reference/tree.html")]
pub(crate) struct Tree {
    spanish: bool,
    marks: Vec<Mark>,
    /// Whether something was left out.
    cut: bool,
}

/// Its template escapes every text.
impl HtmlSafe for Tree {}

#[derive(Debug)]
enum Mark {
    /// A member begins.
    Item(Box<Row>),
    /// Its members begin.
    Down,
    /// They end.
    Up,
    /// The member ends.
    End,
}

/// What is said of one member or value.
#[derive(Debug, Default)]
pub(crate) struct Row {
    /// The member's name; empty for an alternative or the whole.
    pub(crate) name: String,
    /// Its type in words.
    pub(crate) kind: String,
    pub(crate) required: bool,
    pub(crate) deprecated: bool,
    pub(crate) description: Prose,
    /// The values it may have; all of them when they are few.
    pub(crate) values: Vec<String>,
    /// Bounds, pattern, default, example: what it is, and the value.
    pub(crate) rules: Vec<(&'static str, String)>,
}

impl Tree {
    /// The tree of a schema of this document.
    pub(crate) fn read(document: &Value, schema: &Value, language: Language, budget: &mut Budget) -> Self {
        let mut reader = Reader { document, language, budget, marks: Vec::new(), open: Vec::new(), cut: false };
        reader.whole(schema);
        Self { spanish: language == Language::Spanish, marks: reader.marks, cut: reader.cut }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }
}

/// What a single value must be, for a parameter.
pub(crate) fn row(document: &Value, schema: &Value, language: Language, budget: &mut Budget) -> Row {
    let mut reader = Reader { document, language, budget, marks: Vec::new(), open: Vec::new(), cut: false };
    reader.row(String::new(), false, schema, deref(document, schema))
}

struct Reader<'d, 'b> {
    document: &'d Value,
    language: Language,
    budget: &'b mut Budget,
    marks: Vec<Mark>,
    /// The schemas one is inside of, so that none is gone into twice.
    open: Vec<*const Value>,
    cut: bool,
}

impl<'d> Reader<'d, '_> {
    fn t(&self, spanish: &'static str, english: &'static str) -> &'static str {
        self.language.pick(spanish, english)
    }

    /// The outermost value: what it is, only if that says more than "an object", then its members.
    fn whole(&mut self, schema: &'d Value) {
        let resolved = deref(self.document, schema);
        let plain_object = is_object(resolved) && resolved["description"].is_null();
        if plain_object { self.below(resolved, 0) } else { self.item(String::new(), false, schema, 0) }
    }

    fn item(&mut self, name: String, required: bool, schema: &'d Value, depth: usize) {
        if self.budget.nodes == 0 || self.budget.bytes == 0 {
            self.cut = true;
            return;
        }
        self.budget.nodes -= 1;
        let resolved = deref(self.document, schema);
        let mut row = self.row(name, required, schema, resolved);
        let again = self.open.contains(&std::ptr::from_ref(resolved));
        if again {
            row.rules.push((self.t("se repite", "repeats"), self.t("como más arriba", "as above").to_owned()));
        }
        self.marks.push(Mark::Item(Box::new(row)));
        if !again && has_below(self.document, resolved) {
            if depth >= DEEPEST {
                self.cut = true;
            } else {
                self.marks.push(Mark::Down);
                self.below(resolved, depth + 1);
                self.marks.push(Mark::Up);
            }
        }
        self.marks.push(Mark::End);
    }

    /// What is inside a resolved schema: members, members of its items, alternatives, parts.
    fn below(&mut self, schema: &'d Value, depth: usize) {
        if self.open.len() > 4 * DEEPEST || self.open.contains(&std::ptr::from_ref(schema)) {
            self.cut = true;
            return;
        }
        self.open.push(std::ptr::from_ref(schema));
        let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (name, member) in schema["properties"].as_object().into_iter().flatten() {
            if self.budget.nodes == 0 {
                self.cut = true;
                break;
            }
            let shown = self.budget.text(name, 100);
            self.item(shown, required.contains(&name.as_str()), member, depth);
        }
        if schema["additionalProperties"].is_object() {
            let name = self.t("(cualquier otro nombre)", "(any other name)").to_owned();
            self.item(name, false, &schema["additionalProperties"], depth);
        }
        if let Some(items) = schema.get("items") {
            let items = deref(self.document, items);
            if is_object(items) || items["type"] == "array" {
                self.below(items, depth);
            } else if has_below(self.document, items) {
                self.item("[ ]".to_owned(), false, items, depth);
            }
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            let part = deref(self.document, part);
            // A condition among the parts says nothing that a tree could show.
            if has_below(self.document, part) {
                self.below(part, depth);
            }
        }
        for alternative in alternatives(schema) {
            let resolved = deref(self.document, alternative);
            let says_something = resolved.get("type").is_some() || has_below(self.document, resolved);
            if resolved["type"] != "null" && says_something {
                self.item(String::new(), false, alternative, depth);
            }
        }
        self.open.pop();
    }

    fn row(&mut self, name: String, required: bool, schema: &'d Value, resolved: &'d Value) -> Row {
        // Since OpenAPI 3.1 a description may stand beside a reference; the nearer one is about this very place.
        let near = said(schema, "description", self.language);
        let description = if near.is_empty() { said(resolved, "description", self.language) } else { near };
        let description = self.budget.prose(description, 800);
        Row {
            name,
            kind: self.kind(resolved, 0),
            required,
            deprecated: resolved["deprecated"] == true,
            description,
            values: self.values(resolved),
            rules: self.rules(schema, resolved),
        }
    }

    fn values(&mut self, schema: &Value) -> Vec<String> {
        let mut values: Vec<String> = schema["enum"].as_array().into_iter().flatten().take(40).map(short).collect();
        if let Some(constant) = schema.get("const") {
            values.push(short(constant));
        }
        values.into_iter().map(|value| self.budget.text(&value, 100)).filter(|value| !value.is_empty()).collect()
    }

    fn rules(&mut self, near: &Value, schema: &Value) -> Vec<(&'static str, String)> {
        let mut rules = Vec::new();
        let names = [
            ("minLength", "longitud mínima", "shortest"),
            ("maxLength", "longitud máxima", "longest"),
            ("minimum", "mínimo", "least"),
            ("maximum", "máximo", "most"),
            ("minItems", "elementos como mínimo", "fewest items"),
            ("maxItems", "elementos como máximo", "most items"),
            ("pattern", "patrón", "pattern"),
            ("default", "si falta", "default"),
        ];
        for (name, spanish, english) in names {
            if let Some(value) = schema.get(name).filter(|value| !value.is_object() && !value.is_array()) {
                let value = self.budget.text(&short(value), 160);
                rules.push((self.t(spanish, english), value));
            }
        }
        let example = [near, schema].into_iter().find_map(|schema| schema.get("example").or_else(|| schema["examples"].get(0)));
        if let Some(example) = example.filter(|value| !value.is_object() && !value.is_array()) {
            let value = self.budget.text(&short(example), 160);
            rules.push((self.t("ejemplo", "example"), value));
        }
        rules
    }

    /// The type in words.
    fn kind(&self, schema: &Value, depth: usize) -> String {
        if let Some(items) = schema.get("items").filter(|_| depth < 4) {
            return format!("{} {}", self.t("lista de", "list of"), self.kind(deref(self.document, items), depth + 1));
        }
        let mut words: Vec<&'static str> = match &schema["type"] {
            Value::String(word) => vec![self.word(word)],
            Value::Array(list) => list.iter().take(7).filter_map(Value::as_str).map(|word| self.word(word)).collect(),
            _ => Vec::new(),
        };
        if schema["nullable"] == true {
            words.push(self.word("null"));
        }
        if words.is_empty() {
            let branches: Vec<_> = alternatives(schema).filter(|branch| deref(self.document, branch)["type"].is_string()).collect();
            if schema["properties"].is_object() || schema["allOf"].is_array() {
                words.push(self.word("object"));
            } else if !branches.is_empty() && depth < 4 {
                let mut kinds: Vec<String> = Vec::new();
                for branch in branches.into_iter().take(7) {
                    let kind = self.kind(deref(self.document, branch), depth + 1);
                    if !kinds.contains(&kind) {
                        kinds.push(kind);
                    }
                }
                return kinds.join(self.t(" o ", " or "));
            } else {
                words.push(self.t("cualquier valor", "any value"));
            }
        }
        let mut kind = words.join(self.t(" o ", " or "));
        if let Some(format) = schema["format"].as_str() {
            kind.push_str(&format!(" ({})", cut(format, 40)));
        }
        kind
    }

    fn word(&self, word: &str) -> &'static str {
        match word {
            "string" => self.t("texto", "string"),
            "integer" => self.t("entero", "integer"),
            "number" => self.t("número", "number"),
            "boolean" => self.t("booleano", "boolean"),
            "object" => self.t("objeto", "object"),
            "array" => self.t("lista", "list"),
            "null" => "null",
            _ => self.t("cualquier valor", "any value"),
        }
    }
}

fn alternatives(schema: &Value) -> impl Iterator<Item = &Value> {
    ["oneOf", "anyOf"].into_iter().flat_map(|word| schema[word].as_array().into_iter().flatten()).take(20)
}

fn is_object(schema: &Value) -> bool {
    schema["properties"].is_object()
}

/// Whether there is anything to show under a resolved schema.
fn has_below(document: &Value, schema: &Value) -> bool {
    let mut inner = schema;
    // A list is as deep as what it is a list of.
    for _ in 0..8 {
        match inner.get("items") {
            Some(items) => inner = deref(document, items),
            None => break,
        }
    }
    is_object(inner)
        || inner["additionalProperties"].is_object()
        || inner["allOf"].is_array()
        || alternatives(inner).any(|branch| {
            let branch = deref(document, branch);
            is_object(branch) || branch.get("items").is_some() || branch.get("const").is_some() || branch.get("enum").is_some()
        })
}

/// A value in one line, as JSON has it, but texts without their quotes.
pub(crate) fn short(value: &Value) -> String {
    match value {
        Value::String(text) => cut(text, 160),
        other => cut(&other.to_string(), 160),
    }
}
