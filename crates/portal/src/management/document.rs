//! The OpenAPI 3.1 document of the management API, made from the table of its operations.

use domain::{ScopeSet, management};
use serde_json::{Map, Value, json};

use super::{
    ROOT, nouns,
    schema::{Named, id, integer, list, object, one_of, or_null, path_name, text},
    table::{Intake, OPERATIONS, Operation, Output, Verb},
};

/// Every shape of the document.
pub(crate) fn schemas() -> Vec<Named> {
    let mut all = nouns::schemas();
    all.push((
        "Problem",
        object(&[
            ("type", text()),
            ("title", text()),
            ("status", json!({"type": "integer"})),
            ("detail", text()),
            ("instance", text()),
            ("errors?", list(object(&[("pointer?", text()), ("parameter?", text()), ("detail", text())]))),
        ]),
    ));
    all
}

/// The document. Tokens are had at `token_url`; the API is served at the portal's address, which is `server`.
#[must_use]
pub fn document(server: &str, token_url: &str) -> Value {
    let mut paths = Map::new();
    for operation in OPERATIONS {
        let item = paths.entry(format!("{ROOT}{}", operation.path)).or_insert_with(|| item(operation));
        item[operation.verb.as_str().to_ascii_lowercase()] = described(operation);
    }
    let scopes: ScopeSet = OPERATIONS.iter().filter_map(|operation| operation.scope.parse().ok()).collect();
    let scopes: Map<String, Value> = scopes.iter().map(|scope| (scope.to_string(), meaning(scope.as_str()).into())).collect();
    let shapes: Map<String, Value> = schemas().into_iter().map(|(name, shape)| (name.to_owned(), shape)).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Management API",
            "version": "1",
            "summary": "Organisations, access, clients, customer keys, the catalogue, plans, policies, announcements, queues, staff and the audit log, for the operator's own programs.",
            "description": "Protected by tokens of the production environment, over the same use cases as the console and the command line. \
                Every answer carries X-Request-Id, under which the decision of a refusal can be read, and those of some of what passed.",
            "x-es": {
                "title": "API de gestión",
                "summary": "Organizaciones, accesos, clientes, claves de cliente, catálogo, planes, políticas, anuncios, colas, equipo y auditoría, para los programas de la propia operadora.",
            },
        },
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "schemas": shapes,
            "responses": {"Problem": {
                "description": "A refusal (RFC 9457), in Spanish or English by Accept-Language.",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }},
            "headers": {
                "ETag": {"description": "The state of the thing, for If-Match.", "required": true, "schema": {"type": "string"}},
                "Location": {"description": "Where the new thing is.", "required": true, "schema": {"type": "string", "format": "uri-reference"}},
                "Link": {"description": "The next page, as rel=\"next\" (RFC 8288).", "schema": {"type": "string"}},
            },
            "securitySchemes": {"oauth": {
                "type": "oauth2",
                "flows": {"clientCredentials": {"tokenUrl": token_url, "scopes": scopes}},
            }},
        },
        "x-postigo": {
            "name": management::NAME,
            "upstreams": {},
            "auto_approve": {"sandbox": "none", "production": "none"},
            "plans": [{"name": "standard", "rate": {"requests": 1000, "window_seconds": 10}}],
        },
    })
}

fn meaning(scope: &str) -> &'static str {
    use domain::role::Duty;
    match management::duty(scope) {
        Some(Duty::Decide) if scope.ends_with(":annotate") => "Write notes on them.",
        Some(Duty::See) => "Look at them.",
        Some(Duty::Decide) => "Decide what waits for the operator.",
        Some(Duty::Publish) => "Publish them.",
        Some(Duty::Administer) | None => "Change them, as an administrator may.",
    }
}

/// A path with the segments it leaves open.
fn item(operation: &Operation) -> Value {
    let open = operation.path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    let parameters: Vec<Value> = open
        .map(|name| {
            let schema = match name {
                "client" | "key" | "credential" => json!({"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}),
                "name" => path_name(),
                "number" => integer(1, i64::MAX),
                "queue" => one_of(nouns::queues::queues()),
                "thumbprint" => nouns::public_keys::thumbprint(),
                "version" => nouns::policies::version(),
                _ => id(),
            };
            json!({"name": name, "in": "path", "required": true, "schema": schema})
        })
        .collect();
    if parameters.is_empty() { json!({}) } else { json!({"parameters": parameters}) }
}

fn described(operation: &Operation) -> Value {
    let mut parameters: Vec<Value> = operation
        .query
        .iter()
        .map(|parameter| json!({"name": parameter.name, "in": "query", "description": parameter.what, "schema": parameter.kind.schema()}))
        .collect();
    if operation.verb.is_conditional() {
        let tag = json!({"type": "string", "pattern": "^(\\*|\"[!#-~]*\")$"});
        let placed = matches!(operation.output, Output::Placed(_));
        parameters.push(json!({"name": "If-Match", "in": "header", "required": !placed, "schema": tag,
            "description": "The ETag of the thing as the caller saw it."}));
        if placed {
            parameters.push(json!({"name": "If-None-Match", "in": "header", "schema": {"type": "string", "const": "*"},
                "description": "Make it only where there is none."}));
        }
    }
    if operation.verb == Verb::Post {
        parameters.push(json!({"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
            "description": "The same key with the same request is answered as the first time, for a day."}));
    }
    let tag = operation.scope.split(':').next().unwrap_or_default();
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [tag],
        "security": [{"oauth": [operation.scope]}],
        "responses": responses(operation),
    });
    if !parameters.is_empty() {
        described["parameters"] = parameters.into();
    }
    if let Intake::Takes(shape) | Intake::May(shape) = operation.intake {
        described["requestBody"] = json!({
            "required": matches!(operation.intake, Intake::Takes(_)),
            "content": {"application/json": {"schema": reference(shape)}},
        });
    }
    described
}

fn reference(shape: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{shape}")})
}

fn header(name: &str) -> Value {
    json!({"$ref": format!("#/components/headers/{name}")})
}

fn responses(operation: &Operation) -> Value {
    let json_of = |schema: Value| json!({"application/json": {"schema": schema}});
    let mut responses = Map::new();
    let mut add = |status: &str, description: &str, content: Option<Value>, headers: &[&str]| {
        let mut response = json!({"description": description});
        if let Some(content) = content {
            response["content"] = json_of(content);
        }
        if !headers.is_empty() {
            response["headers"] = headers.iter().map(|name| ((*name).to_owned(), header(name))).collect::<Map<_, _>>().into();
        }
        responses.insert(status.to_owned(), response);
    };
    match operation.output {
        Output::Page(shape) => {
            let page = object(&[("items", list(reference(shape))), ("next", or_null(text()))]);
            add("200", "A page of them.", Some(page), &["Link"]);
        }
        Output::One(shape) | Output::Did(shape) => add("200", "As it stands now.", Some(reference(shape)), &["ETag"]),
        Output::Made(shape) => add("201", "It was made.", Some(reference(shape)), &["ETag", "Location"]),
        Output::Placed(shape) => {
            add("200", "It was replaced.", Some(reference(shape)), &["ETag"]);
            add("201", "It was made.", Some(reference(shape)), &["ETag", "Location"]);
        }
        Output::Nothing => add("204", "It was done.", None, &[]),
    }
    let mut refused = vec!["400", "401", "403", "404", "406", "429", "503"];
    if operation.verb != Verb::Get {
        refused.extend(["409", "413", "415"]);
    }
    if operation.verb.is_conditional() {
        refused.extend(["412", "428"]);
    }
    if operation.verb == Verb::Post {
        refused.push("422");
    }
    refused.sort_unstable();
    for status in refused.into_iter().chain(["default"]) {
        responses.insert(status.to_owned(), json!({"$ref": "#/components/responses/Problem"}));
    }
    responses.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> Value {
        document("https://portal.example", "https://production.example/oauth2/token")
    }

    #[test]
    fn the_document_is_an_entry_of_the_catalogue_under_the_reserved_name() {
        let api = domain::openapi::read(&own(), &domain::plan::Plans::default()).expect("a document without faults");
        assert!(api.is_management());
        assert_eq!(api.operations.len(), OPERATIONS.len());
        assert!(api.upstreams.sandbox.is_empty() && api.upstreams.production.is_empty(), "no gateway routes it");
    }

    #[test]
    fn every_operation_has_a_scope_that_stands_for_a_duty_and_a_name_of_its_own() {
        for (at, operation) in OPERATIONS.iter().enumerate() {
            let duty = management::duty(operation.scope).unwrap_or_else(|| panic!("{}: no duty", operation.id));
            // What only looks needs no more than looking, and what changes something never does with that.
            assert_eq!(operation.verb == Verb::Get, duty == domain::role::Duty::See, "{}", operation.id);
            assert!(OPERATIONS[..at].iter().all(|other| other.id != operation.id), "{}", operation.id);
            assert!(OPERATIONS[..at].iter().all(|other| (other.verb, other.path) != (operation.verb, operation.path)), "{}", operation.id);
        }
    }

    #[test]
    fn every_shape_can_be_checked_with_and_every_reference_leads_somewhere() {
        assert!(super::super::schema::all_compile());
        let document = own();
        fn follow(document: &Value, value: &Value) {
            match value {
                Value::Object(members) => {
                    if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                        let pointer = reference.strip_prefix('#').expect("within the document");
                        assert!(document.pointer(pointer).is_some(), "{reference}");
                    }
                    members.values().for_each(|value| follow(document, value));
                }
                Value::Array(items) => items.iter().for_each(|value| follow(document, value)),
                _ => {}
            }
        }
        follow(&document, &document);
        for operation in OPERATIONS {
            if let Intake::Takes(shape) | Intake::May(shape) = operation.intake {
                assert!(schemas().iter().any(|(name, _)| *name == shape), "{shape}");
            }
        }
    }
}
