//! Correos: camelCase, minutes, and the token under two names.

use http::StatusCode;
use serde::Serialize;

use super::{Context, Granted, json};
use crate::refusal::Refusal;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Token<'a> {
    id_token: &'a str,
    token_type: &'a str,
    /// In minutes, rounded down: a token must not seem to live longer than it does.
    expires_in: u32,
    /// Some clients read this name first.
    #[serde(rename = "access_token")]
    access_token: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Error<'a> {
    code: &'a str,
    message: &'a str,
    more_information: More<'a>,
}

#[derive(Serialize)]
struct More<'a> {
    description: &'a str,
    link: &'a str,
}

pub(super) fn granted(granted: &Granted) -> Vec<u8> {
    let token = Token { id_token: &granted.token, token_type: "Bearer", expires_in: granted.lifetime / 60, access_token: &granted.token };
    json(granted.token.len() * 2 + 128, &token)
}

pub(super) fn refused(status: StatusCode, refusal: Refusal, context: &Context<'_>) -> Vec<u8> {
    let message = match status {
        // Correos' own words for it; for the others it has published none.
        StatusCode::BAD_REQUEST => "Invalid Request",
        other => other.canonical_reason().unwrap_or("Error"),
    };
    error(status.as_str(), message, refusal.description(), &format!("{}/errors/{}", context.portal, refusal.word()))
}

fn error(code: &str, message: &str, description: &str, link: &str) -> Vec<u8> {
    json(512, &Error { code, message, more_information: More { description, link } })
}

#[cfg(test)]
mod tests {
    use domain::ScopeSet;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_one_error(code: String, message: String, description: String, link: String) {
            let read: Value = serde_json::from_slice(&error(&code, &message, &description, &link)).expect("JSON");
            prop_assert_eq!(read, json!({"code": code, "message": message, "moreInformation": {"description": description, "link": link}}));
        }

        #[test]
        fn minutes_never_promise_more_than_the_seconds(lifetime in 60u32..86_400, token in "[!-~]{1,64}") {
            let body = granted(&Granted { token: token.clone(), lifetime, scope: ScopeSet::EMPTY, exchanged: true });
            let read: Value = serde_json::from_slice(&body).expect("JSON");
            let minutes = read["expiresIn"].as_u64().expect("minutes");
            prop_assert!(minutes * 60 <= u64::from(lifetime) && u64::from(lifetime) < (minutes + 1) * 60);
            prop_assert_eq!(&read["idToken"], &token);
            prop_assert_eq!(&read["access_token"], &token);
        }
    }
}
