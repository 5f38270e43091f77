use proptest::prelude::*;

use super::*;

fn map(pairs: &[(&str, &str)]) -> HeaderMap {
    let read = |(name, value): &(&str, &str)| (name.parse::<HeaderName>().expect("a name"), HeaderValue::from_str(value).expect("a value"));
    pairs.iter().map(read).collect()
}

fn left(pairs: &[(&str, &str)], version: Version) -> Vec<String> {
    let mut headers = map(pairs);
    strip_request(&mut headers, version);
    headers.keys().map(ToString::to_string).collect()
}

#[test]
fn credentials_and_what_only_we_may_say_stop_here_however_they_are_spelt() {
    for name in [
        "Authorization",
        "client_id",
        "client-id",
        "x_client_id",
        "X-Client-Secret",
        "client_secret",
        "Forwarded",
        "X-Forwarded-For",
        "x_forwarded_for",
        "X-Forwarded-Prefix",
        "X-Real-IP",
        "x_real_ip",
        "X-Original-URL",
        "X-Rewrite-URL",
        "X-Consumer-Username",
        "X_Consumer_Id",
        "X-Authenticated-Userid",
        "X-Scope",
        "X-HTTP-Method-Override",
        "X-HTTP-Method",
        "X-Method-Override",
        "X-Postigo-Client",
        "X_Postigo_Client",
        "x-postigo-",
        "X-Postigo_Anything-At-All-However-Long-The-Name-May-Be-Made-By-Somebody",
        "X-Request-Id",
        "x_request_id",
        "TE",
        "Upgrade",
        "Keep-Alive",
        "Transfer-Encoding",
        "Content-Length",
        "Expect",
        "Trailer",
        "Proxy-Authorization",
        "HTTP2-Settings",
        "X-SSL-Client-Cert",
        "X-Client-Cert",
        "Client-Cert",
    ] {
        assert!(left(&[(name, "x"), ("accept", "y")], Version::HTTP_11) == ["accept"], "{name}");
    }
}

#[test]
fn everything_else_passes() {
    let pairs = [
        ("x-customer-transaction-id", "1"),
        ("x-locale", "es"),
        ("idempotency-key", "k"),
        ("x-sandbox-scenario", "s"),
        ("content-type", "text/plain"),
        ("cookie", "a=b"),
        ("accountauthtoken", "t"),
        ("x-postigo", "no dash"),
    ];
    assert_eq!(left(&pairs, Version::HTTP_11).len(), pairs.len());
}

#[test]
fn what_connection_names_goes_with_it() {
    assert_eq!(
        left(
            &[
                ("connection", "close, X-One ,x-two"),
                ("connection", "x-three"),
                ("x-one", "1"),
                ("x-two", "2"),
                ("x-three", "3"),
                ("x-four", "4")
            ],
            Version::HTTP_11
        ),
        ["x-four"]
    );
}

#[test]
fn only_http2_may_ask_for_trailers() {
    assert_eq!(left(&[("te", "trailers")], Version::HTTP_2), ["te"]);
    assert!(left(&[("te", "trailers")], Version::HTTP_11).is_empty());
    assert!(left(&[("te", "gzip")], Version::HTTP_2).is_empty());
}

#[test]
fn an_answer_loses_its_connection_headers_and_a_length_beside_a_coding() {
    let mut headers = map(&[
        ("connection", "x-inner"),
        ("x-inner", "1"),
        ("transfer-encoding", "chunked"),
        ("content-length", "5"),
        ("x-request-id", "theirs"),
        ("set-cookie", "a"),
        ("set-cookie", "b"),
    ]);
    strip_response(&mut headers);
    assert_eq!(headers.len(), 2);
    assert_eq!(headers.get_all("set-cookie").iter().count(), 2);
}

#[test]
fn forwarded_quotes_what_must_be_quoted() {
    let host = HeaderValue::from_static("api.example:8081");
    assert_eq!(forwarded("192.0.2.7".parse().expect("ip"), Some(&host), "https"), "for=192.0.2.7;host=\"api.example:8081\";proto=https");
    assert_eq!(forwarded("2001:db8::7".parse().expect("ip"), None, "http"), "for=\"[2001:db8::7]\";proto=http");
}

#[test]
fn a_host_that_could_end_a_parameter_is_left_out() {
    for host in ["a\"b", "a;b", "a,b", "a b", "", "a\\b", "a/b", "ñ"] {
        assert!(!is_host(&HeaderValue::from_bytes(host.as_bytes()).expect("a value")), "{host}");
    }
    assert!(is_host(&HeaderValue::from_static("[::1]:8081")));
}

proptest! {
    #[test]
    fn no_spelling_of_a_reserved_name_survives(name in "[xX][-_](postigo|POSTIGO|forwarded|consumer|authenticated)[-_][a-zA-Z_-]{0,60}", value in "[ -~]{0,20}") {
        prop_assert!(left(&[(&name, &value)], Version::HTTP_11).is_empty());
    }

    #[test]
    fn stripping_twice_is_stripping_once(pairs in proptest::collection::vec(("[a-z_-]{1,20}", "[ -~]{0,20}"), 0..12), connection in "[a-z, -]{0,40}") {
        let mut pairs: Vec<_> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        pairs.push(("connection", &connection));
        let mut once = map(&pairs);
        strip_request(&mut once, Version::HTTP_11);
        let mut twice = once.clone();
        strip_request(&mut twice, Version::HTTP_11);
        prop_assert_eq!(once, twice);
    }
}
