//! Bytes that no honest client sends.

use http_body_util::BodyExt as _;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::AsyncWriteExt as _;

use crate::{
    house::{api, house},
    origin,
    wire::{self, read_until, statuses},
};

#[tokio::test]
async fn headers_that_are_none_close_the_connection() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let listener = wire::listen(&house).await;
    let token = house.token(&house.shop, "READ");
    for line in ["x: a\0b", "x\0y: a", ": empty", "no colon", "x : space before", "x: a\rb", " folded: x", "x\t: a", "(x): a"] {
        let answer =
            listener.exchange(format!("GET /store/things HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\n{line}\r\n\r\n")).await;
        assert_eq!(statuses(&answer), [400], "{line:?}: {answer}");
    }
    for start in [
        "GET /store/things",
        "GET  /store/things HTTP/1.1",
        "GET /store/things HTTP/3.0",
        "/store/things HTTP/1.1",
        "G\0T /store/things HTTP/1.1",
        "GET /store/thi\0ngs HTTP/1.1",
        "GET /store/things HTTP/1.1 x",
    ] {
        let answer = listener.exchange(format!("{start}\r\nHost: h\r\nAuthorization: Bearer {token}\r\n\r\n")).await;
        assert_eq!(statuses(&answer), [400], "{start:?}: {answer}");
    }
    assert_eq!(origin.hits(), 0);
}

/// A request inside another, which a second reading of the length would bring to light.
const INNER: &str = "GET /store/admin HTTP/1.1\r\nHost: h\r\nx-smuggled: 1\r\n\r\n";

#[tokio::test]
async fn no_framing_smuggles_a_second_request() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let listener = wire::listen(&house).await;
    let token = house.token(&house.shop, "WRITE");
    let n = INNER.len();
    let framings: Vec<(String, String)> = vec![
        // Two lengths of one message.
        (format!("Content-Length: {}\r\nTransfer-Encoding: chunked", n + 5), format!("0\r\n\r\n{INNER}")),
        (format!("Transfer-Encoding: chunked\r\nContent-Length: {}", n + 5), format!("0\r\n\r\n{INNER}")),
        ("Content-Length: 0\r\nContent-Length: 60".into(), INNER.into()),
        ("Content-Length: 60\r\nContent-Length: 0".into(), INNER.into()),
        ("Content-Length: 0, 60".into(), INNER.into()),
        // Lengths that are none.
        ("Content-Length: +0".into(), INNER.into()),
        ("Content-Length: -1".into(), INNER.into()),
        ("Content-Length: 0x10".into(), INNER.into()),
        ("Content-Length: 1e1".into(), INNER.into()),
        ("Content-Length: 0 0".into(), INNER.into()),
        ("Content-Length: ".into(), INNER.into()),
        ("Content-Length: 99999999999999999999999".into(), INNER.into()),
        ("Content-Length : 0".into(), INNER.into()),
        // Codings that are none, or not the last.
        ("Transfer-Encoding: identity".into(), INNER.into()),
        ("Transfer-Encoding: gzip".into(), INNER.into()),
        ("Transfer-Encoding: chunked, gzip".into(), format!("0\r\n\r\n{INNER}")),
        ("Transfer-Encoding: xchunked".into(), format!("0\r\n\r\n{INNER}")),
        ("Transfer-Encoding: \"chunked\"".into(), format!("0\r\n\r\n{INNER}")),
        ("Transfer-Encoding : chunked".into(), format!("0\r\n\r\n{INNER}")),
        ("Transfer-Encoding:\u{b}chunked".into(), format!("0\r\n\r\n{INNER}")),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity".into(), format!("0\r\n\r\n{INNER}")),
        (" Transfer-Encoding: chunked".into(), format!("0\r\n\r\n{INNER}")),
        ("X: y\nTransfer-Encoding: chunked\rX: z".into(), format!("0\r\n\r\n{INNER}")),
        // Chunks that are none.
        ("Transfer-Encoding: chunked".into(), format!("-1\r\n\r\n{INNER}")),
        ("Transfer-Encoding: chunked".into(), format!("0x0\r\n\r\n{INNER}")),
        ("Transfer-Encoding: chunked".into(), format!("+0\r\n\r\n{INNER}")),
        ("Transfer-Encoding: chunked".into(), format!("ffffffffffffffffff\r\n{INNER}")),
        ("Transfer-Encoding: chunked".into(), format!("1\r\nab\r\n0\r\n\r\n{INNER}")),
        ("Transfer-Encoding: chunked".into(), format!("\r\n0\r\n\r\n{INNER}")),
    ];
    for (framing, body) in framings {
        let answer = listener
            .exchange(format!("POST /store/things HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\n{framing}\r\n\r\n{body}"))
            .await;
        let statuses = statuses(&answer);
        assert_eq!(statuses.len(), 1, "one answer, then the end: {framing:?} {body:?}: {answer}");
        let two_lengths = framing.contains("Transfer-Encoding") && framing.contains("Content-Length: ") && !framing.contains(" :");
        // RFC 9112, section 6.1: with both, the coding counts, and the connection ends with the answer.
        assert!(statuses[0] == 400 || (two_lengths && statuses[0] == 200), "{framing:?} {body:?}: {answer}");
        assert!(!answer.contains("x-smuggled"), "{framing:?}: {answer}");
    }
    let http10 = listener
        .exchange(format!(
            "POST /store/things HTTP/1.0\r\nAuthorization: Bearer {token}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{INNER}"
        ))
        .await;
    assert_eq!(statuses(&http10), [400]);
}

#[tokio::test]
async fn a_refused_request_with_a_body_has_one_answer() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let listener = wire::listen(&house).await;
    for body in [INNER.to_owned(), format!("{}{INNER}", "x".repeat(300_000))] {
        let mut client = listener.connect().await;
        let request = format!("POST /store/things HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let _ = client.write_all(request.as_bytes()).await;
        let first = read_until(&mut client, "no-token").await;
        assert_eq!(statuses(&first), [401]);
        // Whether the connection goes on or ends: the body was never a request.
        let _ = client.write_all(b"GET /nowhere HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await;
        let rest = wire::read_to_end(&mut client).await;
        assert!(statuses(&rest).is_empty() || statuses(&rest) == [404], "{rest}");
    }
    assert_eq!(origin.hits(), 0);
}

#[tokio::test]
async fn an_upgrade_is_not_forwarded_and_what_follows_is_a_request_of_its_own() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let listener = wire::listen(&house).await;
    let token = house.token(&house.shop, "READ WRITE");
    let upgrade = format!(
        "GET /store/things HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nGET /store/admin HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
    );
    let answer = listener.exchange(upgrade).await;
    assert_eq!(statuses(&answer), [200, 401], "{answer}");
    assert!(!answer.contains("\"upgrade\"") && !answer.contains("websocket"), "{answer}");
    assert_eq!(origin.hits(), 1);
    for upgrade in ["h2c", "websocket", "TLS/1.0"] {
        let request = format!(
            "POST /store/things HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: {upgrade}\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\nContent-Length: 5\r\n\r\nhello"
        );
        let answer = listener.exchange(request).await;
        assert_eq!(statuses(&answer), [200]);
        assert!(answer.contains("\"body\":\"hello\"") && !answer.contains("http2-settings"), "{answer}");
    }
}

#[tokio::test]
async fn a_sender_that_waits_for_leave_gets_it_only_when_its_body_is_wanted() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let listener = wire::listen(&house).await;
    let token = house.token(&house.shop, "WRITE");
    let mut client = listener.connect().await;
    client.write_all(format!("POST /store/things HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\n").as_bytes()).await.expect("writes");
    read_until(&mut client, "100 Continue").await;
    client.write_all(b"hello").await.expect("writes");
    let answer = wire::read_to_end(&mut client).await;
    assert!(answer.contains("\"body\":\"hello\"") && !answer.contains("expect"), "{answer}");
    let refused = listener
        .exchange("POST /store/things HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\n")
        .await;
    assert_eq!(statuses(&refused), [401]);
}

#[tokio::test]
async fn a_flood_of_resets_leaves_the_gateway_answering() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let listener = wire::listen(&house).await;
    let stream = TokioIo::new(listener.connect().await);
    let (sender, connection) =
        hyper::client::conn::http2::handshake::<_, _, http_body_util::Empty<bytes::Bytes>>(TokioExecutor::new(), stream)
            .await
            .expect("speaks HTTP/2");
    let connection = tokio::spawn(connection);
    let url = format!("http://{}/store/things", listener.address);
    for _ in 0..2000 {
        let request = http::Request::get(&url).body(http_body_util::Empty::new()).expect("a request");
        let mut sender = sender.clone();
        let asked = tokio::spawn(async move { sender.send_request(request).await.map(drop) });
        tokio::task::yield_now().await;
        // Dropped unanswered: HEADERS, then RST_STREAM.
        asked.abort();
    }
    drop(sender);
    connection.abort();
    let token = house.token(&house.shop, "READ");
    let answer = listener
        .exchange(format!("GET /store/things HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"))
        .await;
    assert_eq!(statuses(&answer), [200]);
    let fresh = TokioIo::new(listener.connect().await);
    let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), fresh).await.expect("speaks HTTP/2");
    tokio::spawn(connection);
    let request = http::Request::get(&url).body(http_body_util::Empty::<bytes::Bytes>::new()).expect("a request");
    let response = sender.send_request(request).await.expect("an answer");
    assert_eq!(response.status(), 401);
    response.into_body().collect().await.expect("a whole body");
}
