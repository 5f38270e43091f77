//! RFC 6749, sections 5.1 and 5.2.

use domain::ScopeSet;
use serde::Serialize;

use super::{Granted, json};

#[derive(Serialize)]
struct Token<'a> {
    access_token: &'a str,
    token_type: &'a str,
    expires_in: u32,
    scope: &'a ScopeSet,
}

#[derive(Serialize)]
struct Error<'a> {
    error: &'a str,
    error_description: &'a str,
}

/// `token_type` is the only thing in which FedEx differs.
pub(super) fn granted(granted: &Granted, token_type: &str) -> Vec<u8> {
    let token = Token { access_token: &granted.token, token_type, expires_in: granted.lifetime, scope: &granted.scope };
    json(granted.token.len() + 160, &token)
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
            let body = granted(&Granted { token: token.clone(), lifetime, scope: scope.clone() }, "Bearer");
            let read: Value = serde_json::from_slice(&body).expect("JSON");
            prop_assert_eq!(read, json!({"access_token": token, "token_type": "Bearer", "expires_in": lifetime, "scope": scope.to_string()}));
        }
    }
}
