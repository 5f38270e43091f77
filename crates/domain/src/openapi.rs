//! From an OpenAPI 3.0 or 3.1 document to an [`Api`].
//!
//! Operations, scopes and body schemas come from the document's own members; what OpenAPI has no word for stands in its extension
//! object `x-postigo`. A document is read whole before it is judged: every fault is reported, each with its JSON pointer.

use std::fmt;

use serde::Deserialize as _;
use serde_json::Value;

use crate::{
    ApiName, ScopeSet,
    api::{Api, BodySchema, Dialect, Operation, PerEnvironment, Upstream},
    plan::Plans,
};
use extension::{Extension, Need};

pub mod compare;
mod extension;
mod offers;
mod public;
pub mod source;

pub use public::public;

/// Something wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where, as a JSON pointer (RFC 6901).
    pub at: String,
    /// What, and how to mend it.
    pub what: String,
    /// The same in Spanish.
    pub spanish: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", if self.at.is_empty() { "/" } else { &self.at }, self.what)
    }
}

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Paths the environment serves itself.
const RESERVED: [&str; 4] = ["/oauth2/", "/oauth/", "/api/authorize/", "/.well-known/"];

/// Reads a document in a house that has these plans for its APIs to name.
///
/// # Errors
/// Every [`Fault`] found; never an empty list.
pub fn read(document: &Value, house: &Plans) -> Result<Api, Vec<Fault>> {
    let mut reader = Reader { document, house, faults: Vec::new() };
    let api = reader.api();
    match api {
        Some(api) if reader.faults.is_empty() => Ok(api),
        _ => Err(reader.faults),
    }
}

/// The names of the plans of the house that a document offers, without reading the rest of it.
#[must_use]
pub fn plans_named(document: &str) -> Vec<String> {
    offers::named(document)
}

struct Reader<'a> {
    document: &'a Value,
    house: &'a Plans,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn fault(&mut self, at: impl Into<String>, spanish: impl Into<String>, what: impl Into<String>) {
        self.faults.push(Fault { at: at.into(), what: what.into(), spanish: spanish.into() });
    }

    fn api(&mut self) -> Option<Api> {
        let document = self.document;
        match document["openapi"].as_str() {
            Some(version) if version.starts_with("3.0.") || version.starts_with("3.1.") => {}
            _ => self.fault("/openapi", "debe decir qué versión sigue: 3.0.x o 3.1.x", "must say which version it follows: 3.0.x or 3.1.x"),
        }
        let title = document.pointer("/info/title").and_then(Value::as_str).unwrap_or_default().to_owned();
        if title.trim().is_empty() || title.chars().any(char::is_control) {
            self.fault("/info/title", "una API necesita un título que se pueda leer", "an API needs a title that people can read");
        }
        let operations = self.operations();
        let Some(extension) = document.get("x-postigo") else {
            self.fault(
                "/x-postigo",
                "falta; debe dar al menos `name` y `upstreams`",
                "is missing; it must give at least `name` and `upstreams`",
            );
            return None;
        };
        let extension: Extension = match Extension::deserialize(extension) {
            Ok(extension) => extension,
            Err(error) => {
                self.fault("/x-postigo", format!("no se entiende: {error}"), error.to_string());
                return None;
            }
        };
        // Where one of that name would be in the console, another is made.
        if !is_name(&extension.name) || extension.name == "new" {
            self.fault(
                "/x-postigo/name",
                "debe tener de 1 a 64 caracteres: a-z, 0-9 y -, empezando por una letra; «new» no vale",
                "must be 1 to 64 characters of a-z, 0-9 and -, starting with a letter, and not `new`",
            );
        }
        let plans = self.plans(&extension.plans);
        let upstreams = PerEnvironment {
            sandbox: self.upstreams("sandbox", &extension.upstreams.sandbox),
            production: self.upstreams("production", &extension.upstreams.production),
        };
        Some(Api {
            name: ApiName::from(extension.name),
            title,
            dialect: extension.dialect.unwrap_or(Dialect::Problem),
            upstreams,
            connect_ms: extension.timeouts.connect_ms,
            response_ms: extension.timeouts.response_ms,
            max_body_bytes: extension.max_body_bytes,
            api_credential: extension.api_credential == Need::Required,
            token_in_query: extension.token_in_query,
            open_to: extension.open_to.into(),
            hidden: extension.hidden,
            auto_approve: PerEnvironment {
                sandbox: extension.auto_approve.sandbox.into(),
                production: extension.auto_approve.production.into(),
            },
            plans,
            identity_jwt: extension.identity_jwt,
            validate_requests: extension.validate_requests,
            operations,
            components: document.get("components").cloned().unwrap_or(Value::Null),
        })
    }

    fn upstreams(&mut self, environment: &str, written: &[String]) -> Vec<Upstream> {
        let mut read = Vec::new();
        for (i, text) in written.iter().enumerate() {
            match upstream(text) {
                Some(upstream) => read.push(upstream),
                None => self.fault(
                    format!("/x-postigo/upstreams/{environment}/{i}"),
                    format!("{text:?} no es un origen; escribe http://host:puerto o https://host, sin ruta"),
                    format!("{text:?} is not an origin; write http://host:port or https://host without a path"),
                ),
            }
        }
        read
    }

    fn operations(&mut self) -> Vec<Operation> {
        let mut operations = Vec::new();
        let Some(paths) = self.document["paths"].as_object() else {
            self.fault("/paths", "falta: una API necesita al menos una operación", "is missing: an API needs at least one operation");
            return operations;
        };
        for (path, item) in paths {
            let at = format!("/paths/{}", escaped(path));
            if !path.starts_with('/') || path.contains(['?', '#', ' ']) || path.contains("//") {
                self.fault(
                    &at,
                    "una ruta empieza por / y no lleva consulta, fragmento, espacios ni tramos vacíos",
                    "a path starts with / and has no query, fragment, space or empty segment",
                );
            }
            if RESERVED.iter().any(|own| path.to_ascii_lowercase().starts_with(own)) {
                self.fault(
                    &at,
                    "la atiende el propio servidor de autorización; elige otra ruta",
                    "is served by the authorization server itself; choose another path",
                );
            }
            for method in METHODS {
                if let Some(operation) = item.get(method) {
                    let at = format!("{at}/{method}");
                    operations.push(self.operation(&at, path, method, operation));
                }
            }
        }
        if operations.is_empty() {
            self.fault("/paths", "una API necesita al menos una operación", "an API needs at least one operation");
        }
        operations
    }

    fn operation(&mut self, at: &str, path: &str, method: &str, operation: &Value) -> Operation {
        let method = method.to_ascii_uppercase();
        let id = operation["operationId"].as_str().map_or_else(|| format!("{method} {path}"), str::to_owned);
        let security = operation.get("security").or_else(|| self.document.get("security"));
        let scopes = self.security(at, security);
        let body = operation.get("requestBody").and_then(|body| self.body(at, body));
        Operation { id, method, path: path.to_owned(), scopes, body }
    }

    /// The alternatives of a `security` array, each as the scopes its OAuth schemes name.
    fn security(&mut self, at: &str, security: Option<&Value>) -> Vec<ScopeSet> {
        let at = format!("{at}/security");
        let Some(alternatives) = security.and_then(Value::as_array).filter(|list| !list.is_empty()) else {
            self.fault(
                at,
                "no nombra ningún permiso: cada operación necesita un esquema OAuth 2.0 con al menos un permiso",
                "names no scope: every operation needs an OAuth 2.0 scheme with at least one scope",
            );
            return Vec::new();
        };
        let mut sets = Vec::new();
        for (i, alternative) in alternatives.iter().enumerate() {
            let mut scopes = ScopeSet::EMPTY;
            for (scheme, words) in alternative.as_object().into_iter().flatten() {
                let kind = self.document.pointer(&format!("/components/securitySchemes/{}/type", escaped(scheme)));
                match kind.and_then(Value::as_str) {
                    Some("oauth2" | "openIdConnect") => {
                        let words: Vec<_> = words.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                        match ScopeSet::parse(&words.join(" ")) {
                            Ok(set) => scopes = scopes.union(&set),
                            Err(error) => self.fault(format!("{at}/{i}"), format!("eso no son permisos: {error}"), error.to_string()),
                        }
                    }
                    Some(_) => {}
                    None => self.fault(
                        format!("{at}/{i}"),
                        format!("el esquema {scheme:?} no está en components"),
                        format!("security scheme {scheme:?} is not in components"),
                    ),
                }
            }
            if scopes.is_empty() {
                self.fault(
                    format!("{at}/{i}"),
                    "no nombra ningún permiso: sin él, cualquier token abriría la operación",
                    "names no scope: without one, any token at all would open the operation",
                );
            }
            sets.push(scopes);
        }
        sets
    }

    fn body(&mut self, at: &str, body: &Value) -> Option<BodySchema> {
        let body = match body["$ref"].as_str() {
            None => body,
            Some(reference) => match reference.strip_prefix('#').and_then(|pointer| self.document.pointer(pointer)) {
                Some(body) => body,
                None => {
                    self.fault(
                        format!("{at}/requestBody/$ref"),
                        format!("{reference:?} no lleva a nada de este documento"),
                        format!("{reference:?} leads to nothing in this document"),
                    );
                    return None;
                }
            },
        };
        let content = body["content"].as_object()?;
        let (_, media) = content.iter().find(|(media, _)| media.contains("json"))?;
        Some(BodySchema { required: body["required"].as_bool().unwrap_or(false), schema: media.get("schema")?.clone() })
    }
}

fn upstream(text: &str) -> Option<Upstream> {
    if let Some(name) = text.strip_prefix("service:") {
        return is_name(name).then(|| Upstream::Service(name.to_owned()));
    }
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"))?;
    let origin = host.trim_end_matches('/');
    let fits = !origin.is_empty() && !origin.contains(['/', '?', '#', '@', ' ']) && origin.is_ascii();
    fits.then(|| Upstream::Origin(text.trim_end_matches('/').to_owned()))
}

/// Whether this can be the name of an API, a service or a plan of the house.
pub fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn escaped(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::CustomerType;

    fn document() -> Value {
        json!({
            "openapi": "3.1.0",
            "info": {"title": "Labels", "version": "1"},
            "paths": {"/labels/{id}": {
                "get": {"operationId": "read-label", "security": [{"oauth": ["LBS"], "id": []}, {"oauth": ["AP3", "LBS2"]}]},
                "post": {"security": [{"oauth": ["LBS"]}], "requestBody": {"required": true, "content": {"application/json": {"schema": {"type": "object"}}}}}
            }},
            "components": {"securitySchemes": {"oauth": {"type": "oauth2"}, "id": {"type": "apiKey"}}},
            "x-postigo": {"name": "labels", "dialect": "correos", "upstreams": {"sandbox": ["service:paloma"], "production": ["https://labels.example"]},
                "api_credential": "required", "auto_approve": {"production": ["internal"]}}
        })
    }

    fn faults(change: impl FnOnce(&mut Value)) -> Vec<String> {
        let mut document = document();
        change(&mut document);
        read(&document, &Plans::default()).expect_err("a fault").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_document_becomes_operations_with_their_scopes() {
        let api = read(&document(), &Plans::default()).expect("an API");
        assert_eq!(api.operations.len(), 2);
        assert_eq!(api.operations[0].id, "read-label");
        assert_eq!(api.operations[0].scopes.len(), 2);
        assert!(api.operations[0].open_to(&ScopeSet::parse("AP3 LBS2").expect("scopes")));
        assert!(!api.operations[0].open_to(&ScopeSet::parse("AP3").expect("scopes")));
        assert_eq!(api.operations[1].id, "POST /labels/{id}");
        assert!(api.operations[1].body.as_ref().is_some_and(|body| body.required));
        assert!(api.api_credential);
        assert!(api.auto_approve.production.approves(CustomerType::Internal));
        assert!(!api.auto_approve.production.approves(CustomerType::Customer));
        assert_eq!(api.scopes().to_string(), "AP3 LBS LBS2");
    }

    #[test]
    fn an_operation_that_asks_for_no_scope_is_refused() {
        for security in [json!([]), json!([{}]), json!([{"id": []}]), json!([{"oauth": []}]), Value::Null] {
            let found = faults(|d| d["paths"]["/labels/{id}"]["get"]["security"] = security);
            assert!(found[0].starts_with("/paths/~1labels~1{id}/get/security"), "{found:?}");
        }
    }

    #[test]
    fn no_api_has_the_name_of_the_page_where_one_is_made() {
        assert_eq!(faults(|d| d["x-postigo"]["name"] = json!("new")).len(), 1);
    }

    #[test]
    fn every_fault_is_reported_at_its_place() {
        let found = faults(|d| {
            d["openapi"] = json!("2.0");
            d["x-postigo"]["upstreams"]["production"] = json!(["ftp://x", "https://host/path", "https://user@host"]);
            d["x-postigo"]["name"] = json!("Etiquetas");
            d["paths"]["/oauth/token"] = d["paths"]["/labels/{id}"].clone();
        });
        let starts = [
            "/openapi",
            "/paths/~1oauth~1token",
            "/x-postigo/name",
            "/x-postigo/upstreams/production/0",
            "/x-postigo/upstreams/production/1",
            "/x-postigo/upstreams/production/2",
        ];
        assert_eq!(found.len(), starts.len(), "{found:?}");
        for (found, start) in found.iter().zip(starts) {
            assert!(found.starts_with(start), "{found}");
        }
    }

    #[test]
    fn an_unknown_member_of_the_extension_is_named() {
        let found = faults(|d| d["x-postigo"]["api_credentials"] = json!("required"));
        assert!(found[0].contains("api_credentials"), "{found:?}");
    }
}
