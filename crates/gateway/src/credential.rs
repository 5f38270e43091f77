//! Reading what a request carries to show who it is: the access token (RFC 6750) and the API credential.

use std::borrow::Cow;

use domain::decision::Refusal;
use http::{HeaderMap, header::AUTHORIZATION};

/// The name of the token in a query (RFC 6750, section 2.3).
const ACCESS_TOKEN: &str = "access_token";

/// The access token of a request, as it came.
pub(crate) struct Bearer<'a> {
    /// The token, with the form of a token and no more.
    pub(crate) token: Cow<'a, str>,
    /// Whether it came in the query, from where it must not reach the API.
    pub(crate) in_query: bool,
}

/// Finds the one token of a request. Cookies and form bodies are not looked at: a token there is none.
pub(crate) fn bearer<'a>(headers: &'a HeaderMap, query: Option<&'a str>, query_allowed: bool) -> Result<Bearer<'a>, Refusal> {
    let in_header = from_headers(headers)?;
    let mut in_query = query.into_iter().flat_map(pairs).filter(|(name, _)| is_token_name(name));
    match (in_header, in_query.next()) {
        (Some(token), None) => {
            let token = std::str::from_utf8(token).ok().filter(|token| is_b64token(token)).ok_or(Refusal::TokenMalformed)?;
            Ok(Bearer { token: Cow::Borrowed(token), in_query: false })
        }
        (None, None) => Err(Refusal::NoToken),
        (Some(_), Some(_)) => Err(Refusal::TwoTokens),
        (None, Some(_)) if !query_allowed => Err(Refusal::TokenInQuery),
        (None, Some(_)) if in_query.next().is_some() => Err(Refusal::TwoTokens),
        (None, Some((_, value))) => {
            let token = percent_decoded(value).filter(|token| is_b64token(token)).ok_or(Refusal::TokenMalformed)?;
            Ok(Bearer { token, in_query: true })
        }
    }
}

/// What stands after `Bearer` in the one `Authorization` header. Another scheme is no token of ours.
fn from_headers(headers: &HeaderMap) -> Result<Option<&[u8]>, Refusal> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Refusal::TwoTokens);
    }
    let value = value.as_bytes();
    // A list is how some programs write two headers as one; no token holds a comma.
    if value.contains(&b',') && value.split(|b| *b == b',').any(|part| after_scheme(part.trim_ascii()).is_some()) {
        return Err(Refusal::TwoTokens);
    }
    Ok(after_scheme(value))
}

fn after_scheme(value: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = value.split_at_checked(b"Bearer".len())?;
    if !scheme.eq_ignore_ascii_case(b"Bearer") || !matches!(rest.first(), None | Some(b' ' | b'\t')) {
        return None;
    }
    // 1*SP (RFC 9110, section 11.4); a tab is no space and stays, so that what follows is no token.
    let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
    Some(&rest[spaces..])
}

/// `b64token` of RFC 6750, section 2.1.
fn is_b64token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty() && body.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'+' | b'/'))
}

fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

fn is_token_name(name: &str) -> bool {
    // However it is spelt: the API would read it as well.
    name == ACCESS_TOKEN || (name.contains('%') && percent_decoded(name).is_some_and(|name| name == ACCESS_TOKEN))
}

fn percent_decoded(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

/// `query` without the token, every other byte as it was. `None` when nothing is left.
pub(crate) fn without_token(query: &str) -> Option<String> {
    let kept: Vec<_> = query.split('&').filter(|pair| !is_token_name(pair.split_once('=').map_or(*pair, |(name, _)| name))).collect();
    (!kept.is_empty()).then(|| kept.join("&"))
}

/// The headers in which the public half of an API credential may come.
const IDS: [&str; 3] = ["client_id", "client-id", "x-client-id"];
/// The headers in which its secret half may come.
const SECRETS: [&str; 3] = ["client_secret", "client-secret", "x-client-secret"];

/// The API credential of a request, both halves.
pub(crate) fn api_credential(headers: &HeaderMap) -> Result<(&str, &str), Refusal> {
    let (id, secret) = (one(headers, IDS)?, one(headers, SECRETS)?);
    match (id, secret) {
        (Some(id), Some(secret)) => Ok((id, secret)),
        _ => Err(Refusal::ApiCredentialMissing),
    }
}

/// The one value under these names. Two that differ are nobody's: which would count?
fn one<'a>(headers: &'a HeaderMap, names: [&str; 3]) -> Result<Option<&'a str>, Refusal> {
    let mut found: Option<&str> = None;
    for value in names.into_iter().flat_map(|name| headers.get_all(name)) {
        let value = value.to_str().map_err(|_| Refusal::ApiCredentialWrong)?;
        if value.is_empty() {
            continue;
        }
        if found.is_some_and(|first| first != value) {
            return Err(Refusal::ApiCredentialWrong);
        }
        found = Some(value);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn authorization(values: &[&str]) -> HeaderMap {
        values.iter().map(|v| (AUTHORIZATION, HeaderValue::from_bytes(v.as_bytes()).expect("a value"))).collect()
    }

    fn token(values: &[&str], query: Option<&str>, allowed: bool) -> Result<String, Refusal> {
        bearer(&authorization(values), query, allowed).map(|bearer| bearer.token.into_owned())
    }

    #[test]
    fn the_scheme_is_read_in_any_case_and_with_any_number_of_spaces() {
        for value in ["Bearer a.b-c_d~e+f/g==", "bearer a.b-c_d~e+f/g==", "bEaReR  a.b-c_d~e+f/g=="] {
            assert_eq!(token(&[value], None, false).as_deref(), Ok("a.b-c_d~e+f/g=="), "{value}");
        }
    }

    #[test]
    fn what_is_not_b64token_is_malformed() {
        for value in [
            "Bearer",
            "Bearer ",
            "Bearer a b",
            "Bearer \"a\"",
            "Bearer a=b",
            "Bearer =",
            "Bearer\ta",
            "Bearer a;b",
            "Bearer ñ",
            "Bearer a\u{a0}",
        ] {
            assert_eq!(token(&[value], None, false), Err(Refusal::TokenMalformed), "{value:?}");
        }
    }

    #[test]
    fn another_scheme_is_no_token() {
        for value in ["", "Basic YTpi", "Bearerx a", "Digest username=\"a\", realm=\"b\"", "DPoP abc"] {
            assert_eq!(token(&[value], None, false), Err(Refusal::NoToken), "{value:?}");
        }
    }

    #[test]
    fn more_than_one_token_is_refused_in_whatever_order_and_however_joined() {
        for values in [
            &["Bearer a", "Bearer b"][..],
            &["Bearer a", "Basic b"],
            &["Basic b", "Bearer a"],
            &["Bearer a, Bearer b"],
            &["Bearer a,b"],
            &["Basic b,Bearer a"],
        ] {
            assert_eq!(token(values, None, false), Err(Refusal::TwoTokens), "{values:?}");
        }
        assert_eq!(token(&["Bearer a"], Some("access_token=b"), true), Err(Refusal::TwoTokens));
        assert_eq!(token(&["Bearer a"], Some("x=1&access%5Ftoken=b"), false), Err(Refusal::TwoTokens));
        assert_eq!(token(&[], Some("access_token=a&access_token=b"), true), Err(Refusal::TwoTokens));
    }

    #[test]
    fn the_query_counts_only_where_the_api_says_so() {
        assert_eq!(token(&[], Some("a=1&access_token=t.o.k&b=2"), true).as_deref(), Ok("t.o.k"));
        assert_eq!(token(&[], Some("access_token=t%2Eo"), true).as_deref(), Ok("t.o"));
        assert_eq!(token(&[], Some("access_token=t.o.k"), false), Err(Refusal::TokenInQuery));
        assert_eq!(token(&[], Some("ACCESS_TOKEN=t.o.k"), true), Err(Refusal::NoToken));
        assert_eq!(token(&[], Some("access_token="), true), Err(Refusal::TokenMalformed));
        assert_eq!(token(&[], Some("access_token=%zz"), true), Err(Refusal::TokenMalformed));
    }

    #[test]
    fn taking_the_token_out_leaves_every_other_byte() {
        assert_eq!(without_token("access_token=x").as_deref(), None);
        assert_eq!(without_token("a=%20&access_token=x&&b").as_deref(), Some("a=%20&&b"));
        assert_eq!(without_token("access%5ftoken=x&a").as_deref(), Some("a"));
    }

    #[test]
    fn an_api_credential_may_come_under_any_of_its_names_but_not_as_two() {
        let headers = |pairs: &[(&'static str, &'static str)]| -> HeaderMap {
            pairs.iter().map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
        };
        for (id, secret) in [("client_id", "client_secret"), ("client-id", "x-client-secret"), ("x-client-id", "client-secret")] {
            assert_eq!(api_credential(&headers(&[(id, "i"), (secret, "s")])), Ok(("i", "s")));
        }
        assert_eq!(api_credential(&headers(&[("client_id", "i"), ("x-client-id", "i"), ("client_secret", "s")])), Ok(("i", "s")));
        assert_eq!(
            api_credential(&headers(&[("client_id", "i"), ("x-client-id", "j"), ("client_secret", "s")])),
            Err(Refusal::ApiCredentialWrong)
        );
        for missing in [&[][..], &[("client_id", "i")], &[("client_secret", "s")], &[("client_id", ""), ("client_secret", "s")]] {
            assert_eq!(api_credential(&headers(missing)), Err(Refusal::ApiCredentialMissing));
        }
    }

    proptest! {
        #[test]
        fn no_token_is_left_in_a_query_and_nothing_else_is_lost(pairs in proptest::collection::vec("(access_token|access%5[Ff]token|[a-z%0-9]{0,6})(=[a-z0-9%+]{0,6})?", 0..6)) {
            let query = pairs.join("&");
            let left = without_token(&query).unwrap_or_default();
            prop_assert!(!super::pairs(&left).any(|(name, _)| is_token_name(name)));
            let others: Vec<_> = query.split('&').filter(|pair| !is_token_name(pair.split('=').next().unwrap_or(pair))).collect();
            prop_assert_eq!(left, others.join("&"));
        }
    }
}
