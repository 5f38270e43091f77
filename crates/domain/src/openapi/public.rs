//! A document as everybody may read it.

use serde_json::Value;

/// The members of `x-postigo` that say how the operator runs an API and whom it trusts. They are for staff only.
const STAFFS_OWN: [&str; 5] = ["upstreams", "timeouts", "auto_approve", "open_to", "hidden"];

/// The document without what is for the operator's staff only: where requests go, who is approved at once, for whom it is.
#[must_use]
pub fn public(document: &Value) -> Value {
    let mut document = document.clone();
    if let Some(extension) = document.get_mut("x-postigo").and_then(Value::as_object_mut) {
        for name in STAFFS_OWN {
            extension.remove(name);
        }
    }
    document
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::public;

    #[test]
    fn everybody_reads_all_of_a_document_but_what_is_for_staff() {
        let document = json!({
            "openapi": "3.1.0",
            "paths": {"/x": {"get": {"upstreams": "a word like another"}}},
            "x-postigo": {
                "name": "x", "upstreams": {"production": ["https://10.0.0.1:8443"]}, "timeouts": {"connect_ms": 1},
                "auto_approve": {"production": "all"}, "open_to": ["large"], "hidden": true, "dialect": "correos", "plans": []
            }
        });
        let all = json!({
            "openapi": "3.1.0",
            "paths": {"/x": {"get": {"upstreams": "a word like another"}}},
            "x-postigo": {"name": "x", "dialect": "correos", "plans": []}
        });
        assert_eq!(public(&document), all);
        for strange in [json!(null), json!([]), json!({"x-postigo": 7})] {
            drop(public(&strange));
        }
    }
}
