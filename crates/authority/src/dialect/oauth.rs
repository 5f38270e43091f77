//! RFC 6749, sections 5.1 and 5.2; RFC 8693, section 2.2.1.

use domain::ScopeSet;
use serde::Serialize;

use super::{Granted, json};

#[derive(Serialize)]
struct Token<'a> {
    access_token: &'a str,
    /// For an exchange, where it is required.
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_token_type: Option<&'a str>,
    token_type: &'a str,
    expires_in: u32,
    scope: &'a ScopeSet,
}

#[derive(Serialize)]
struct Error<'a> {
    error: &'a str,
    error_description: &'a str,
}

/// `token_type` and what an exchange adds are all in which FedEx differs.
pub(super) fn granted(granted: &Granted, token_type: &str, issued_token_type: Option<&str>) -> Vec<u8> {
    let Granted { token, lifetime, scope, .. } = granted;
    let token = Token { access_token: token, issued_token_type, token_type, expires_in: *lifetime, scope };
    json(granted.token.len() + 240, &token)
}

pub(super) fn refused(code: &str, description: &str) -> Vec<u8> {
    json(256, &Error { error: code, error_description: description })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_one_error(code: String, description: String) {
            let read: Value = serde_json::from_slice(&refused(&code, &description)).expect("JSON");
            prop_assert_eq!(read, json!({"error": code, "error_description": description}));
        }

        #[test]
        fn any_token_is_one_answer(token: String, lifetime: u32, scopes in "[A-Z]{1,3}( [A-Z]{1,3}){0,4}") {
            let scope = ScopeSet::parse(&scopes).expect("scopes");
            let plain = Granted { token: token.clone(), lifetime, scope: scope.clone(), exchanged: false };
            let mut expected = json!({"access_token": token, "token_type": "Bearer", "expires_in": lifetime, "scope": scope.to_string()});
            let read = |issued| -> Value { serde_json::from_slice(&granted(&plain, "Bearer", issued)).expect("JSON") };
            prop_assert_eq!(read(None), expected.clone());
            expected["issued_token_type"] = "urn:x".into();
            prop_assert_eq!(read(Some("urn:x")), expected);
        }
    }
}
