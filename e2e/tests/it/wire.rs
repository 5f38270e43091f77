//! What no honest client sends, at the real listeners.

use std::time::Duration;

use http::Method;
use postigo_e2e::{
    call::get,
    demo::Demo,
    shipment::{DELIVERY, SEARCH, delivery},
    wire::{Wire, exchange, statuses},
};
use tokio::time::Instant;

/// How long a client may take to send the head of a request, with something for a busy machine.
const HEAD: Duration = Duration::from_secs(10 + 4);

/// A request inside another, which a second reading of the length would bring to light.
const INNER: &str = "GET /.well-known/jwks.json HTTP/1.1\r\nHost: h\r\n\r\n";

#[tokio::test]
async fn framings_that_can_be_read_in_two_ways_are_refused_and_nothing_after_them_is_served() {
    let demo = Demo::start().await;
    for base in [demo.base("sandbox"), demo.portal(), demo.telemetry()] {
        for (framing, body) in [
            (format!("Content-Length: {}\r\nTransfer-Encoding: chunked", INNER.len() + 5), format!("0\r\n\r\n{INNER}")),
            ("Transfer-Encoding: chunked\r\nContent-Length: 5".to_owned(), format!("0\r\n\r\n{INNER}")),
            ("Content-Length: 0\r\nContent-Length: 49".to_owned(), INNER.to_owned()),
            ("Content-Length: 0, 49".to_owned(), INNER.to_owned()),
            ("Content-Length: +0".to_owned(), INNER.to_owned()),
            ("Content-Length : 0".to_owned(), INNER.to_owned()),
            ("Transfer-Encoding: identity".to_owned(), INNER.to_owned()),
            ("Transfer-Encoding: chunked, identity".to_owned(), format!("0\r\n\r\n{INNER}")),
            ("Transfer-Encoding : chunked".to_owned(), format!("0\r\n\r\n{INNER}")),
            (" Transfer-Encoding: chunked".to_owned(), format!("0\r\n\r\n{INNER}")),
        ] {
            let said = exchange(&base, format!("POST /oauth2/token HTTP/1.1\r\nHost: h\r\n{framing}\r\n\r\n{body}")).await;
            let statuses = statuses(&said);
            assert_eq!(statuses.len(), 1, "one answer, then the end: {framing:?}: {said}");
            assert!((400..500).contains(&statuses[0]), "{framing:?}: {said}");
            assert!(!said.contains("\"keys\""), "{framing:?}: {said}");
        }
    }
}

#[tokio::test]
async fn heads_that_are_none_are_refused() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    let token = shop.token("TPB").await;
    let start = format!("GET {SEARCH}/X HTTP/1.1\r\n");
    let credentials = format!(
        "Authorization: Bearer {token}\r\nclient_id: {}\r\nclient_secret: {}\r\nConnection: close\r\n",
        shop.pair().0,
        shop.pair().1
    );
    let good = exchange(&shop.base, format!("{start}Host: h\r\n{credentials}\r\n")).await;
    assert_eq!(statuses(&good), [200], "{good}");
    for (what, head) in [
        ("two hosts", format!("{start}Host: h\r\nHost: g\r\n{credentials}\r\n")),
        ("the same host twice", format!("{start}Host: h\r\nHost: h\r\n{credentials}\r\n")),
        ("no host", format!("{start}{credentials}\r\n")),
        ("NUL in a value", format!("{start}Host: h\r\nX-A: a\0b\r\n{credentials}\r\n")),
        ("NUL in a name", format!("{start}Host: h\r\nX\0A: b\r\n{credentials}\r\n")),
        ("a bare CR", format!("{start}Host: h\r\nX-A: a\rb\r\n{credentials}\r\n")),
        ("an empty name", format!("{start}Host: h\r\n: a\r\n{credentials}\r\n")),
        ("a space before the colon", format!("{start}Host: h\r\nX-A : a\r\n{credentials}\r\n")),
        ("a folded line", format!("{start}Host: h\r\n {credentials}\r\n")),
        ("no colon", format!("{start}Host: h\r\nX-A\r\n{credentials}\r\n")),
        ("no such version", format!("GET {SEARCH}/X HTTP/3.0\r\nHost: h\r\n{credentials}\r\n")),
        ("a space in the target", format!("GET {SEARCH}/X Y HTTP/1.1\r\nHost: h\r\n{credentials}\r\n")),
        ("two tokens", format!("{start}Host: h\r\nAuthorization: Bearer {token}\r\n{credentials}\r\n")),
    ] {
        let said = exchange(&shop.base, head).await;
        assert_eq!(statuses(&said), [400], "{what}: {said}");
    }
}

#[tokio::test]
async fn heads_without_end_are_refused_before_they_fill_memory() {
    let demo = Demo::start().await;
    for base in [demo.base("sandbox"), demo.portal(), demo.telemetry()] {
        let long = "x".repeat(100_000);
        let many: String = (0..500).map(|n| format!("X-{n}: y\r\n")).collect();
        for (what, head) in [
            ("a header", format!("GET / HTTP/1.1\r\nHost: h\r\nX-Long: {long}\r\n\r\n")),
            ("a target", format!("GET /{long} HTTP/1.1\r\nHost: h\r\n\r\n")),
            ("a method", format!("{long} / HTTP/1.1\r\nHost: h\r\n\r\n")),
            ("many headers", format!("GET / HTTP/1.1\r\nHost: h\r\n{many}\r\n")),
            ("no end", "x".repeat(4_000_000)),
        ] {
            let said = exchange(&base, head).await;
            let statuses = statuses(&said);
            assert!(statuses.is_empty() || matches!(statuses.as_slice(), [400 | 405 | 414 | 431]), "{what}: {said}");
        }
        assert!(get(base + "/nowhere").send().await.status < 500, "it goes on");
    }
}

#[tokio::test]
async fn bodies_without_end_are_refused() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    let form = "grant_type=client_credentials&x=".to_owned() + &"y".repeat(2_000_000);
    for path in ["/oauth2/token", "/oauth/token", "/Api/Authorize/Token", "/oauth2/introspect"] {
        let head = format!("POST {path} HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n");
        let told = exchange(&shop.base, format!("{head}Content-Length: {}\r\nConnection: close\r\n\r\n", 5_000_000_000_u64)).await;
        assert_eq!(statuses(&told), [413], "{path} by its length: {told}");
        let counted = exchange(
            &shop.base,
            format!("{head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n{:x}\r\n{form}\r\n0\r\n\r\n", form.len()),
        )
        .await;
        assert_eq!(statuses(&counted), [413], "{path} as it comes: {counted}");
    }
    let token = shop.token("AP3").await;
    let mut order = delivery();
    order["shipments"][0]["shipmentNotes"] = "x".repeat(3_000_000).into();
    let answer = shop.api(Method::POST, DELIVERY, &token).json(&order).send().await;
    assert_eq!(answer.status, 413, "{answer:?}");
    let deep = "[".repeat(100_000);
    let answer = shop.api(Method::POST, DELIVERY, &token).body("application/json", deep).send().await;
    assert_eq!(answer.status, 400, "{answer:?}");
    assert_eq!(shop.knocks().await.status, 200, "it goes on");
}

/// Whoever takes too long to say what they want is not waited for. Each starts at once; nobody sleeps.
#[tokio::test]
async fn slow_heads_are_closed_within_the_header_timeout() {
    let demo = Demo::start().await;
    for base in [demo.base("sandbox"), demo.base("production"), demo.portal(), demo.telemetry()] {
        assert_eq!(get(base + "/nowhere").send().await.status, 404);
    }
    let started = Instant::now();
    let mut waiting = Vec::new();
    for base in [demo.base("sandbox"), demo.portal(), demo.telemetry()] {
        for (what, bytes) in [
            ("half a head", "GET / HTTP/1.1\r\nHost: h\r\nX-Slow: "),
            ("half a line", "GET / HT"),
            ("one letter", "G"),
            ("one letter that could be HTTP/2", "P"),
            ("half of HTTP/2's greeting", "PRI * HTTP/2.0\r\n\r\n"),
            ("nothing", ""),
            ("a whole request and no more", "GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n"),
        ] {
            let mut wire = Wire::connect(&base).await;
            wire.send(bytes).await;
            waiting.push((what, base.clone(), wire));
        }
    }
    let mut late = Vec::new();
    let closing = waiting.into_iter().map(|(what, base, mut wire)| {
        tokio::spawn(async move {
            let closed = tokio::time::timeout(HEAD, wire.read_to_end()).await;
            (what, base, closed.map(|(said, _)| said))
        })
    });
    for closed in closing.collect::<Vec<_>>() {
        match closed.await.expect("it waited") {
            (what, base, Err(_)) => late.push(format!("{what} at {base}")),
            (what, base, Ok(said)) => assert!(!said.contains("200 OK"), "{what} at {base}: {said}"),
        }
    }
    assert!(late.is_empty(), "still open after {:?}: {late:#?}", started.elapsed());
}

/// RFC 9112, section 2.2: some clients end a body with an empty line; and whoever pipelines may be slow with the next request.
#[tokio::test]
async fn an_answer_is_not_held_back_by_what_follows_its_request() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    let form = format!("grant_type=client_credentials&client_id={}&client_secret={}", shop.client_id, shop.client_secret);
    let request = format!(
        "POST /oauth2/token HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    for more in ["\r\n", "GET /nowh", "GET /nowhere HTTP/1.1\r\nHost: h\r\n"] {
        let mut wire = Wire::connect(&shop.base).await;
        wire.send(format!("{request}{more}")).await;
        let said = tokio::time::timeout(Duration::from_secs(5), wire.read_until("access_token")).await;
        assert!(said.is_ok(), "no answer while {more:?} waits for its rest");
    }
}

/// A byte a second keeps a head young and never finished.
#[tokio::test]
async fn slow_heads_that_drip_are_closed_within_the_header_timeout() {
    let demo = Demo::start().await;
    let mut wire = Wire::connect(&demo.base("sandbox")).await;
    wire.send("GET / HTTP/1.1\r\nHost: h\r\n").await;
    let started = Instant::now();
    let end = async {
        loop {
            wire.send("X: y\r\n").await;
            if let Ok((said, _)) = tokio::time::timeout(Duration::from_millis(500), wire.read_to_end()).await {
                return said;
            }
        }
    };
    let said = tokio::time::timeout(HEAD, end).await.unwrap_or_else(|_| panic!("still open after {:?}", started.elapsed()));
    assert!(!said.contains(" 200 "), "{said}");
}

#[tokio::test]
async fn slow_bodies_are_not_waited_for_at_the_token_endpoint() {
    let demo = Demo::start().await;
    let head = "POST /oauth2/token HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\nConnection: close\r\n\r\ngrant_type=";
    let mut wire = Wire::connect(&demo.base("sandbox")).await;
    wire.send(head).await;
    let (said, took) = wire.read_to_end().await;
    assert!((400..500).contains(&statuses(&said)[0]), "{said}");
    assert!(took < HEAD, "{took:?}: {said}");
}

#[tokio::test]
async fn http2_is_spoken_from_the_first_byte() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    for base in [demo.base("sandbox"), demo.base("production"), demo.portal(), demo.telemetry()] {
        assert_eq!(get(base + "/nowhere").http2().send().await.status, 404);
    }
    let token = shop.asks("/oauth2/token", &[("grant_type", "client_credentials")]).http2().send().await;
    assert_eq!(token.status, 200, "{token:?}");
    let token = token.json()["access_token"].as_str().expect("a token").to_owned();
    let made = shop.api(Method::POST, DELIVERY, &token).json(&delivery()).http2().send().await;
    assert_eq!(made.status, 201, "{made:?}");
    let refused = shop.api(Method::POST, DELIVERY, &shop.token("LBS").await).json(&delivery()).http2().send().await;
    assert_eq!((refused.status, refused.id().len()), (403, 36));
}

#[tokio::test]
async fn nobody_is_a_proxy_for_strangers() {
    let demo = Demo::start().await;
    for base in [demo.base("sandbox"), demo.portal(), demo.telemetry()] {
        for head in [
            format!("GET {}/healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", demo.telemetry()),
            "CONNECT 127.0.0.1:80 HTTP/1.1\r\nHost: 127.0.0.1:80\r\nConnection: close\r\n\r\n".to_owned(),
            "OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".to_owned(),
            "TRACE / HTTP/1.1\r\nHost: h\r\nX-Secret: s3cret\r\nConnection: close\r\n\r\n".to_owned(),
        ] {
            let said = exchange(&base, &head).await;
            let own = base == demo.telemetry() && head.starts_with("GET");
            assert!(own || matches!(statuses(&said).as_slice(), [400 | 401 | 404 | 405 | 501]), "{head}: {said}");
            assert!(!said.contains("s3cret"), "{said}");
        }
    }
}

#[tokio::test]
async fn an_upgrade_is_not_taken_up_and_what_follows_is_a_request_of_its_own() {
    let demo = Demo::start().await;
    let base = demo.base("sandbox");
    let upgrade = "GET /.well-known/jwks.json HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n";
    let said = exchange(&base, format!("{upgrade}GET /nowhere HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")).await;
    assert_eq!(statuses(&said), [200, 404], "{said}");
}
