use serde_json::{Value, json};

use super::*;
use crate::{openapi::read, plan::Plans};

fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Labels", "version": "1"},
        "paths": {"/labels/{id}": {
            "get": {"security": [{"oauth": ["LBS"]}], "parameters": [{"name": "format", "in": "query", "schema": {"type": "string", "enum": ["pdf", "zpl"]}}],
                "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Label"}}}}}},
            "post": {"security": [{"oauth": ["LBS"]}], "requestBody": {"content": {"application/json": {"schema": {"type": "object", "required": ["code"],
                "properties": {"code": {"type": "string", "maxLength": 20}, "weight": {"type": "number"}, "parcels": {"type": "array", "items": {"type": "object", "properties": {"size": {"type": "integer"}}}}}}}}}}
        }},
        "components": {"securitySchemes": {"oauth": {"type": "oauth2"}},
            "schemas": {"Label": {"type": "object", "required": ["code"], "properties": {"code": {"type": "string"}, "parent": {"$ref": "#/components/schemas/Label"}}}}},
        "x-postigo": {"name": "labels", "upstreams": {"sandbox": ["service:paloma"], "production": ["https://labels.example"]}, "token_in_query": true}
    })
}

/// What is told of a change, as `kind place: words`.
fn told(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let (before, mut after) = (document(), document());
    change(&mut after);
    let (old, new) = (read(&before, &Plans::default()).expect("an API"), read(&after, &Plans::default()).expect("an API"));
    let found = compare(Document { api: &old, document: &before }, Document { api: &new, document: &after });
    found
        .iter()
        .map(|found| {
            let operation = found.operation.as_ref().map_or(String::new(), |(method, path)| format!("{method} {path} "));
            format!("{} {operation}{}: {}", found.kind, found.at, found.english)
        })
        .collect()
}

const LABEL: &str = "/components/schemas/Label";
const BODY: &str = "/paths/~1labels~1{id}/post/requestBody/content/application~1json/schema";

fn set(document: &mut Value, at: &str, member: &str, value: Value) {
    document.pointer_mut(at).expect("a place")[member] = value;
}

#[test]
fn equal_documents_have_no_difference_and_names_of_path_parameters_are_none() {
    assert_eq!(told(|_| {}), Vec::<String>::new());
    let renamed = told(|d| {
        let paths = d["paths"].as_object_mut().expect("paths");
        let item = paths.remove("/labels/{id}").expect("a path");
        paths.insert("/labels/{code}".into(), item);
    });
    assert_eq!(renamed, ["text : texts, examples or settings"]);
    assert_eq!(told(|d| d["info"]["description"] = json!("Words.")), ["text : texts, examples or settings"]);
}

#[test]
fn an_operation_that_goes_breaks_and_one_that_comes_does_not() {
    let found = told(|d| {
        let item = d["paths"]["/labels/{id}"].as_object_mut().expect("a path");
        let post = item.remove("post").expect("an operation");
        item.insert("put".into(), post);
    });
    assert_eq!(found, ["breaking POST /labels/{id} : the operation is gone", "addition PUT /labels/{id} : new operation"]);
}

#[test]
fn what_sufficed_must_suffice_still() {
    let get = "/paths/~1labels~1{id}/get";
    let scoped = |security: Value| told(|d| set(d, get, "security", security));
    assert_eq!(scoped(json!([{"oauth": ["LBS", "TPB"]}])), ["breaking GET /labels/{id} : scopes: LBS → LBS TPB"]);
    assert_eq!(scoped(json!([{"oauth": ["TPB"]}, {"oauth": ["LBS"]}])), ["addition GET /labels/{id} : scopes: LBS → TPB or LBS"]);
}

#[test]
fn what_is_sent_may_only_grow_more_lenient() {
    let broken = told(|d| {
        set(d, BODY, "required", json!(["code", "weight", "country"]));
        set(d, &format!("{BODY}/properties/code"), "type", json!("integer"));
        set(d, &format!("{BODY}/properties/code"), "maxLength", json!(10));
        set(d, &format!("{BODY}/properties/parcels/items/properties/size"), "enum", json!([1, 2]));
        set(d, &format!("{BODY}/properties"), "note", json!({"type": "string"}));
        set(d, "/paths/~1labels~1{id}/get/parameters/0/schema", "enum", json!(["pdf", "png"]));
    });
    for line in [
        "breaking GET /labels/{id} format: values not allowed any more: \"zpl\"",
        "breaking POST /labels/{id} code: another type: string → integer",
        "breaking POST /labels/{id} code: a tighter limit: maxLength 10",
        "breaking POST /labels/{id} parcels[].size: only these are allowed: 1, 2",
        "breaking POST /labels/{id} weight: the member becomes required",
        "breaking POST /labels/{id} country: new required member",
        "addition POST /labels/{id} note: new member",
        "addition GET /labels/{id} format: new values: \"png\"",
    ] {
        assert!(broken.iter().any(|found| found == line), "{line} is missing from {broken:#?}");
    }
    assert_eq!(broken.len(), 8, "{broken:#?}");
    // A number where an integer stood takes every integer.
    let wider = told(|d| set(d, &format!("{BODY}/properties/parcels/items/properties/size"), "type", json!("number")));
    assert_eq!(wider, ["addition POST /labels/{id} parcels[].size: another type: integer → number"]);
}

#[test]
fn what_is_received_may_only_grow_richer_and_a_schema_within_itself_ends() {
    let found = told(|d| {
        d.pointer_mut(LABEL).expect("a schema")["properties"].as_object_mut().expect("members").remove("code");
        set(d, LABEL, "required", json!([]));
        set(d, &format!("{LABEL}/properties"), "weight", json!({"type": "number"}));
    });
    assert_eq!(found[0], "breaking GET /labels/{id} 200.code: the member is gone from the answer");
    assert!(found.contains(&"addition GET /labels/{id} 200.weight: new member".to_owned()), "{found:?}");
    let optional = told(|d| set(d, LABEL, "required", json!([])));
    assert_eq!(optional[0], "breaking GET /labels/{id} 200.code: the member may be missing from the answer");
}

#[test]
fn rules_of_the_whole_api_are_compared() {
    let found = told(|d| {
        d["x-postigo"]["api_credential"] = json!("required");
        d["x-postigo"]["token_in_query"] = json!(false);
        d["x-postigo"]["validate_requests"] = json!(true);
        d["x-postigo"]["dialect"] = json!("correos");
        d["x-postigo"]["upstreams"]["production"] = json!([]);
        d["x-postigo"]["open_to"] = json!(["internal"]);
    });
    assert_eq!(found.iter().filter(|line| line.starts_with("breaking")).count(), 5, "{found:#?}");
    assert_eq!(found[5], "text : who may ask for it: internal");
}

#[test]
fn who_is_reached_is_told_by_operation_or_everybody() {
    let (before, mut after) = (document(), document());
    after["paths"]["/labels/{id}"].as_object_mut().expect("a path").remove("post");
    let (old, new) = (read(&before, &Plans::default()).expect("an API"), read(&after, &Plans::default()).expect("an API"));
    let found = compare(Document { api: &old, document: &before }, Document { api: &new, document: &after });
    let broken = broken_operations(&found, &old).expect("some operations");
    assert_eq!(broken.iter().map(|operation| operation.method.as_str()).collect::<Vec<_>>(), ["POST"]);
    after["x-postigo"]["validate_requests"] = json!(true);
    let new = read(&after, &Plans::default()).expect("an API");
    let found = compare(Document { api: &old, document: &before }, Document { api: &new, document: &after });
    assert!(broken_operations(&found, &old).is_none());
}

#[test]
fn every_difference_has_words_in_both_languages() {
    let (before, mut after) = (document(), document());
    after["x-postigo"]["hidden"] = json!(true);
    after["info"]["title"] = json!("Other");
    let (old, new) = (read(&before, &Plans::default()).expect("an API"), read(&after, &Plans::default()).expect("an API"));
    for found in compare(Document { api: &old, document: &before }, Document { api: &new, document: &after }) {
        assert!(!found.spanish.is_empty() && found.spanish != found.english, "{found:?}");
    }
}

#[test]
fn what_does_no_harm_hides_nothing_that_breaks() {
    let found = told(|d| {
        // Looked at before the operation that goes.
        let members = d.pointer_mut(&format!("{LABEL}/properties")).and_then(Value::as_object_mut).expect("there");
        members.extend((0..MOST - 2).map(|at| (format!("m{at}"), json!({}))));
        let parameters = d.pointer_mut("/paths/~1labels~1{id}/get/parameters").and_then(Value::as_array_mut).expect("there");
        parameters.extend((0..100).map(|at| json!({"name": format!("q{at}"), "in": "query"})));
        d["paths"]["/labels/{id}"].as_object_mut().expect("a path").remove("post");
    });
    assert_eq!(found.iter().filter(|line| line.starts_with("addition")).count(), MOST);
    assert_eq!(found[0], "breaking POST /labels/{id} : the operation is gone");
}

#[test]
fn parts_of_parts_are_read_up_to_a_bound() {
    let (mut before, mut after) = (document(), document());
    for document in [&mut before, &mut after] {
        // Fifty times fifty times fifty times fifty times fifty parts, twenty times over: without a bound this test never ends.
        for level in 0..5 {
            let part = json!({"$ref": format!("#/components/schemas/Part{}", level + 1)});
            document["components"]["schemas"][format!("Part{level}")] = json!({"allOf": vec![part; 50]});
        }
        document["components"]["schemas"]["Part5"] = json!({"type": "object"});
        let members: serde_json::Map<String, Value> =
            (0..20).map(|at| (format!("m{at}"), json!({"$ref": "#/components/schemas/Part0"}))).collect();
        set(document, BODY, "properties", Value::Object(members));
    }
    after["info"]["description"] = json!("Words.");
    let (old, new) = (read(&before, &Plans::default()).expect("an API"), read(&after, &Plans::default()).expect("an API"));
    let found = compare(Document { api: &old, document: &before }, Document { api: &new, document: &after });
    assert!(found.iter().all(|found| found.kind == Kind::Text), "what was cut is not told as gone: {found:?}");
}

#[test]
fn a_plan_that_is_not_offered_any_more_breaks_and_one_that_is_added_does_not() {
    let offering = |names: &[&str]| {
        let mut document = document();
        document["x-postigo"]["plans"] = names.iter().map(|name| json!({"name": name})).collect();
        document
    };
    let between = |was: &[&str], is: &[&str]| {
        let (before, after) = (offering(was), offering(is));
        let (old, new) = (read(&before, &Plans::default()).expect("an API"), read(&after, &Plans::default()).expect("an API"));
        compare(Document { api: &old, document: &before }, Document { api: &new, document: &after })
    };
    let found = between(&["small", "large"], &["small"]);
    assert_eq!((found[0].kind, found[0].spanish.as_str()), (Kind::Breaking, "el plan large deja de ofrecerse"));
    assert_eq!(found[0].english, "the plan large is not offered any more");
    assert!(between(&["small"], &["small", "large"]).iter().all(|found| found.kind == Kind::Text));
}
