//! Receiving a form: what every endpoint that takes one asks of the request before it looks at a parameter.

use std::time::Duration;

use bytes::Bytes;
use http::{
    HeaderMap, Method,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
    request::Parts,
};
use web::{Request, body::ReadError};

use crate::{
    form::{Fault, Form},
    refusal::Refusal,
};

/// The longest body, in bytes.
pub(crate) const LIMIT: usize = 16 * 1024;

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// Parameters that must not stand in a URL (RFC 6749, sections 2.3.1 and 3.2; RFC 9700, section 4.3.2): URLs end up in logs.
const NEVER_IN_A_URL: &[&str] = &[
    "grant_type",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "child_key",
    "child_Key",
    "child_id",
    "child_secret",
    "scope",
    "token",
    "token_type_hint",
    "access_token",
    "refresh_token",
    "subject_token",
    "actor_token",
    "username",
    "password",
    "code",
];

/// A form as it came.
pub(crate) struct Submission {
    pub(crate) head: Parts,
    body: Bytes,
}

impl Submission {
    /// Takes a `POST` of a form.
    pub(crate) async fn receive(request: Request) -> Result<Self, Refusal> {
        if request.method() != Method::POST {
            return Err(Refusal::Method("POST"));
        }
        if let Some(query) = request.uri().query() {
            check_query(query)?;
        }
        if !is_form(request.headers()) {
            return Err(Refusal::MediaType);
        }
        let (head, body) = request.into_parts();
        match tokio::time::timeout(PATIENCE, body.read(LIMIT)).await {
            Ok(Ok(body)) => Ok(Self { head, body }),
            Ok(Err(ReadError::TooLong)) => Err(Refusal::TooLong),
            Ok(Err(ReadError::Broken)) => Err(Refusal::Malformed("The body broke off.")),
            Err(_) => Err(Refusal::TooSlow),
        }
    }

    /// Its parameters.
    pub(crate) fn form(&self) -> Result<Form<'_>, Refusal> {
        Form::parse(&self.body).map_err(|fault| {
            Refusal::Malformed(match fault {
                Fault::Encoding => "The body is not a form in UTF-8: an encoding is broken.",
                Fault::Repeated => "A parameter is repeated. Send each parameter once.",
                Fault::TooMany => "The form has too many parameters.",
            })
        })
    }
}

fn check_query(query: &str) -> Result<(), Refusal> {
    match Form::parse(query.as_bytes()) {
        Ok(form) if !form.names_any(NEVER_IN_A_URL) => Ok(()),
        Ok(_) => Err(Refusal::Malformed(
            "Parameters belong in the body. What stands in a URL ends up in logs: replace a secret that was sent this way.",
        )),
        Err(_) => Err(Refusal::Malformed("The query of the URL cannot be read. Parameters belong in the body.")),
    }
}

/// Exactly one `Content-Type`, a form, with at most a `charset`; and no content encoding.
fn is_form(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let (Some(Ok(only)), None) = (types.next().map(|value| value.to_str()), types.next()) else { return false };
    let mut parts = only.split(';').map(str::trim);
    let is_form = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/x-www-form-urlencoded"));
    let plain = headers.get_all(CONTENT_ENCODING).iter().all(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
    is_form
        && plain
        && parts.all(|parameter| {
            parameter.is_empty() || parameter.split('=').next().is_some_and(|name| name.trim().eq_ignore_ascii_case("charset"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(headers: &[(http::HeaderName, &str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name, value.parse().expect("a value"));
        }
        is_form(&map)
    }

    #[test]
    fn a_form_may_name_its_charset_and_nothing_else() {
        for value in [
            "application/x-www-form-urlencoded",
            "Application/X-WWW-Form-URLencoded",
            "application/x-www-form-urlencoded; charset=UTF-8",
            "application/x-www-form-urlencoded;charset=\"utf-8\"",
            "application/x-www-form-urlencoded;",
        ] {
            assert!(accepted(&[(CONTENT_TYPE, value)]), "{value}");
        }
        for value in [
            "",
            "application/json",
            "text/plain",
            "text/xml",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded; boundary=x",
            "application/x-www-form-urlencodedx",
        ] {
            assert!(!accepted(&[(CONTENT_TYPE, value)]), "{value}");
        }
        assert!(!accepted(&[]));
    }

    #[test]
    fn two_types_or_a_compressed_body_are_refused() {
        let form = "application/x-www-form-urlencoded";
        assert!(!accepted(&[(CONTENT_TYPE, form), (CONTENT_TYPE, "application/json")]));
        assert!(!accepted(&[(CONTENT_TYPE, form), (CONTENT_ENCODING, "gzip")]));
        assert!(accepted(&[(CONTENT_TYPE, form), (CONTENT_ENCODING, "identity")]));
    }

    #[test]
    fn a_query_may_say_anything_but_parameters() {
        assert_eq!(check_query("lang=es&x"), Ok(()));
        for query in ["client_secret=x", "a=b&client%5Fsecret=x", "token=x", "grant_type=client_credentials", "child_Key", "a=1&a=2", "%zz"]
        {
            assert!(check_query(query).is_err(), "{query}");
        }
    }
}
