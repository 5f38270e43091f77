use domain::openapi;
use serde_json::json;

use super::{
    schema::{Budget, Tree},
    *,
};

fn reference(change: impl FnOnce(&mut Value)) -> Reference {
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Labels", "version": "2", "summary": "Prints labels.", "x-products": ["national"],
            "x-es": {"summary": "Imprime etiquetas."}},
        "servers": [{"url": "http://old.example:1", "description": "Sandbox. Nothing is real."}],
        "tags": [{"name": "Paper", "description": "What is glued."}],
        "paths": {"/labels/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}, "example": "A/1"}],
            "get": {"operationId": "readLabel", "tags": ["Paper"], "summary": "Read a label", "security": [{"oauth": ["LBS"]}],
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}, "example": "B/2"}],
                "responses": {"200": {"description": "It.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Label"}}}}}},
            "post": {"security": [{"oauth": ["LBS"]}], "responses": {}}
        }},
        "components": {"securitySchemes": {"oauth": {"type": "oauth2"}}, "schemas": {
            "Label": {"type": "object", "required": ["code"], "properties": {
                "code": {"type": "string", "description": "Número del envío", "examples": ["PK1"]},
                "inside": {"$ref": "#/components/schemas/Label"},
                "either": {"oneOf": [{"type": "object", "properties": {"x": {"const": 1}}}, {"type": "null"}]},
                "list": {"type": "array", "items": {"type": "object", "properties": {"deep": {"type": ["string", "null"], "enum": ["a", "b"]}}}}
            }}
        }},
        "x-postigo": {"name": "labels", "upstreams": {"sandbox": ["service:paloma"]}}
    });
    change(&mut document);
    let api = openapi::read(&document, &domain::plan::Plans::default()).expect("an API");
    Reference::new(Arc::new(api), document)
}

fn tree(document: &Value, schema: &Value) -> String {
    Tree::read(document, schema, Language::English, &mut Budget::of_a_page()).to_string()
}

#[test]
fn a_schema_is_shown_with_types_needs_values_and_its_own_repetition() {
    let reference = reference(|_| {});
    let html = tree(&reference.document, &json!({"$ref": "#/components/schemas/Label"}));
    for part in [
        "<code>code</code> <span class=\"small muted\">string</span> <strong class=\"small\">required</strong>",
        "example <code>PK1</code>",
        "list of object",
        "string or null",
        "<code>a</code> <code>b</code>",
        "object or null",
        "<code>x</code>",
        "as above",
    ] {
        assert!(html.contains(part), "{part} is missing in {html}");
    }
    assert_eq!(html.matches("<ul").count(), html.matches("</ul>").count());
    assert_eq!(html.matches("<li>").count(), html.matches("</li>").count());
}

#[test]
fn a_schema_that_goes_in_circles_or_out_of_the_document_comes_to_an_end() {
    let document = json!({
        "a": {"$ref": "#/a"},
        "b": {"allOf": [{"$ref": "#/b"}]},
        "c": {"anyOf": [{"$ref": "#/c"}, {"type": "array", "items": {"$ref": "#/c"}}]},
        "d": {"type": "array", "items": {"$ref": "#/d"}},
        "e": {"additionalProperties": {"$ref": "#/e"}},
        "f": {"$ref": "https://elsewhere.example/f"},
        "g": {"$ref": "#/nowhere"}, "h": {"properties": 7, "required": {}, "enum": "x", "allOf": {}, "items": []},
    });
    for name in ["a", "b", "c", "d", "e", "f", "g", "h"] {
        let html = tree(&document, &json!({"$ref": format!("#/{name}")}));
        assert!(html.len() < 20_000, "{name}: {}", html.len());
        example::invented(&document, &document[name]);
    }
}

#[test]
fn what_a_page_shows_of_a_huge_document_is_bounded() {
    let mut schema = json!({"type": "string"});
    for level in 0..60 {
        let members: serde_json::Map<_, _> =
            (0..40).map(|n| (format!("m{level}_{n}"), schema.clone())).take(if level < 2 { 40 } else { 1 }).collect();
        schema = json!({"type": "object", "description": "ñ".repeat(9_000), "properties": members});
    }
    let mut budget = Budget::of_a_page();
    let html = Tree::read(&json!({}), &schema, Language::Spanish, &mut budget).to_string();
    assert!(html.len() < 80_000, "{}", html.len());
    assert!(html.contains("Aquí no cabe todo"));
    let wide: serde_json::Map<_, _> =
        (0..5_000).map(|n| (format!("member{n}"), json!({"type": "string", "pattern": "x".repeat(500)}))).collect();
    let html =
        Tree::read(&json!({}), &json!({"type": "object", "properties": wide}), Language::English, &mut Budget::of_a_page()).to_string();
    assert!(html.len() < 90_000, "{}", html.len());
}

#[test]
fn every_operation_has_an_address_of_its_own() {
    let reference = reference(|document| {
        let operation = document["paths"]["/labels/{id}"]["get"].clone();
        for (path, id) in [("/a", "console"), ("/b", "console"), ("/c", "../../etc/passwd"), ("/d", "ñ"), ("/e", "read Label")] {
            document["paths"][path]["get"] = operation.clone();
            document["paths"][path]["get"]["operationId"] = json!(id);
        }
    });
    let mut slugs: Vec<_> = reference.operations.iter().map(|listed| listed.slug.as_str()).collect();
    assert!(slugs.iter().all(|slug| !slug.is_empty() && !slug.contains('/') && !slug.starts_with('.') && *slug != "console"), "{slugs:?}");
    assert!(slugs.contains(&"POST-labels-id") && slugs.contains(&"readLabel"), "{slugs:?}");
    slugs.sort_unstable();
    slugs.dedup();
    assert_eq!(slugs.len(), reference.operations.len());
}

#[test]
fn operations_are_found_by_what_they_say_and_by_the_names_of_their_members() {
    let reference = reference(|document| {
        let label = json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Label"}}}});
        document["paths"]["/labels/{id}"]["post"]["requestBody"] = label;
    });
    let found = |wanted: &str| -> Vec<String> {
        let (groups, _) = reference.groups(wanted, Language::English);
        groups.iter().flat_map(|group| &group.operations).map(|overview| overview.listed.slug.clone()).collect()
    };
    assert_eq!(found("").len(), 2);
    assert_eq!(found("read LABEL"), ["readLabel"]);
    assert_eq!(found("numero envío deep"), ["POST-labels-id"]);
    assert!(found("zebra").is_empty());
}

#[test]
fn the_nearer_parameter_counts_and_the_document_speaks_both_languages() {
    let reference = reference(|_| {});
    let operation = reference.read(reference.operation("readLabel").expect("it is there"), Language::English);
    assert_eq!(operation.parameters.iter().map(|parameter| parameter.example.as_str()).collect::<Vec<_>>(), ["B/2"]);
    assert_eq!(reference.summary(Language::Spanish), "Imprime etiquetas.");
    assert_eq!(reference.summary(Language::English), "Prints labels.");
    assert_eq!(reference.products(), [Products::National]);
}

#[test]
fn the_servers_of_the_document_become_those_of_the_house() {
    let reference = reference(|document| document["info"]["description"] = json!("`curl http://old.example:1/x`"));
    let settings = Settings { environments: vec![(Environment::Sandbox, "https://sandbox.here".into())], ..Settings::default() };
    let html = reference.description(Language::English, &settings).to_string();
    assert!(html.contains("<code>curl https://sandbox.here/x</code>"), "{html}");
}

#[test]
fn an_example_is_made_where_the_document_has_none() {
    let reference = reference(|_| {});
    let value = example::invented(&reference.document, &json!({"$ref": "#/components/schemas/Label"}));
    assert_eq!(value, json!({"code": "PK1"}));
}

#[test]
fn code_carries_the_ids_of_its_reader_and_the_customer_they_act_for() {
    use crate::samples::{self, Call, Ids};
    let reference = reference(|document| document["x-postigo"]["api_credential"] = json!("required"));
    let operation = reference.read(reference.operation("readLabel").expect("it is there"), Language::English);
    let ids = Ids {
        client_id: "sbx_ci_mine".into(),
        api_client_id: "sbx_ac_mine".into(),
        customer: Some(("csp_credentials", "sbx_ck_theirs".into())),
    };
    let call = Call::new(&reference.api, &operation, "https://sandbox.here", &ids);
    assert_eq!(call.url, "https://sandbox.here/labels/B%2F2");
    for sample in samples::of(&call) {
        for part in [
            "sbx_ci_mine",
            "sbx_ac_mine",
            "sbx_ck_theirs",
            "csp_credentials",
            "POSTIGO_CHILD_SECRET",
            "LBS",
            "https://sandbox.here/oauth2/token",
        ] {
            assert!(sample.text.contains(part), "{part} is missing in {}", sample.text);
        }
    }
}
