//! Upstreams that do not behave.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::{
    house::{House, api, get, house, post},
    origin::{self, Origin},
    wire::{self, read_until, statuses},
};

async fn behind(origin: &Origin) -> House {
    house(vec![api("store", &[&origin.url])]).await
}

async fn impatient(origin: &Origin) -> House {
    let mut api = api("store", &[&origin.url]);
    api["x-postigo"]["timeouts"]["response_ms"] = json!(100);
    house(vec![api]).await
}

async fn verdicts(house: &House) -> (String, String) {
    let token = house.token(&house.shop, "READ WRITE");
    let post = house.send(post("/store/things", "{}").bearer(&token)).await.verdict();
    (post, house.send(get("/store/things").bearer(&token)).await.verdict())
}

#[tokio::test]
async fn an_upstream_that_nobody_answers_at_is_a_502() {
    let house = house(vec![api("store", &[&origin::nobody().await])]).await;
    assert_eq!(verdicts(&house).await, ("502 upstream-unreachable".into(), "502 upstream-unreachable".into()));
}

#[tokio::test]
async fn an_upstream_that_does_not_answer_in_time_is_a_504_and_is_asked_once() {
    let origin = origin::mute().await;
    let house = impatient(&origin).await;
    assert_eq!(verdicts(&house).await, ("504 upstream-too-slow".into(), "504 upstream-too-slow".into()));
    assert_eq!(origin.hits(), 2);
}

#[tokio::test]
async fn a_post_that_may_have_arrived_is_never_sent_again_and_a_get_once() {
    let origin = origin::raw(|mut stream| async move {
        origin::read_head(&mut stream).await;
        // Closing with unread bytes resets the connection.
    })
    .await;
    let house = behind(&origin).await;
    let token = house.token(&house.shop, "READ WRITE");
    assert_eq!(house.send(post("/store/things", "{\"a\":1}").bearer(&token)).await.verdict(), "502 upstream-unreachable");
    assert_eq!(origin.hits(), 1);
    assert_eq!(house.send(get("/store/things").bearer(&token)).await.verdict(), "502 upstream-unreachable");
    assert_eq!(origin.hits(), 3);
}

#[tokio::test]
async fn a_get_survives_a_connection_that_closed_just_then() {
    // Answers the first request of a connection, then closes as soon as the second has come.
    let origin = origin::raw(|mut stream| async move {
        origin::read_head(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
        origin::read_head(&mut stream).await;
    })
    .await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let token = house.token(&house.shop, "READ");
    for _ in 0..4 {
        assert_eq!(house.send(get("/store/things").bearer(&token)).await.verdict(), "200 -");
    }
}

#[tokio::test]
async fn when_one_upstream_cannot_be_reached_the_next_gets_the_request_whatever_it_is() {
    let alive = origin::echo().await;
    let house = house(vec![api("store", &[&origin::nobody().await, &alive.url, &origin::nobody().await])]).await;
    for _ in 0..3 {
        assert_eq!(verdicts(&house).await, ("200 -".into(), "200 -".into()));
    }
    assert_eq!(alive.hits(), 6);
    // A body that comes from the wire was not touched by the tries that failed.
    let listener = wire::listen(&house).await;
    let token = house.token(&house.shop, "WRITE");
    for _ in 0..3 {
        let request = format!(
            "POST /store/things HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
        );
        let answer = listener.exchange(request).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.contains("\"body\":\"hello\""), "{answer}");
    }
}

#[tokio::test]
async fn an_upstream_that_should_speak_tls_and_does_not_never_sees_the_request() {
    let (plain, mute) = (origin::saying(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await, origin::mute().await);
    for origin in [&plain, &mute] {
        let (alive, https) = (origin::echo().await, origin.url.replace("http://", "https://"));
        let mut alone = api("alone", &[&https]);
        let mut paired = api("paired", &[&https, &alive.url]);
        for api in [&mut alone, &mut paired] {
            api["x-postigo"]["timeouts"] = json!({"connect_ms": 500, "response_ms": 5000});
        }
        let house = house(vec![alone, paired]).await;
        let token = house.token(&house.shop, "WRITE");
        assert_eq!(house.send(post("/alone/things", "{}").bearer(&token)).await.verdict(), "502 upstream-unreachable");
        for _ in 0..2 {
            assert_eq!(house.send(post("/paired/things", "{}").bearer(&token)).await.verdict(), "200 -");
        }
        assert_eq!(alive.hits(), 2, "what was never sent may go to another");
    }
}

#[tokio::test]
async fn answers_that_are_none_are_a_502_and_nothing_of_them_gets_through() {
    let huge: &'static [u8] = Box::leak(format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "y".repeat(1_000_000)).into_bytes().into_boxed_slice());
    for bytes in [
        &b""[..],
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 999999 X\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
        huge,
    ] {
        let origin = origin::saying(bytes).await;
        let house = behind(&origin).await;
        let token = house.token(&house.shop, "WRITE");
        let answer = house.send(post("/store/things", "{}").bearer(&token)).await;
        assert_eq!(answer.verdict(), "502 upstream-unreachable", "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(60)]));
        assert_eq!(origin.hits(), 1);
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(!said.contains("127.0.0.1") && !said.contains("hyper") && !said.contains("SSH"), "{said}");
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_breaks_off_for_the_caller_too() {
    for bytes in [
        &b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"[..],
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\nZZ\r\n",
    ] {
        let origin = origin::saying(bytes).await;
        let house = behind(&origin).await;
        let listener = wire::listen(&house).await;
        let token = house.token(&house.shop, "READ");
        let answer = listener.exchange(format!("GET /store/things HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\n\r\n")).await;
        assert_eq!(statuses(&answer), [200]);
        assert!(!answer.ends_with("0\r\n\r\n"), "it must not look whole: {answer}");
    }
}

#[tokio::test]
async fn both_a_length_and_a_coding_in_an_answer_leave_one_framing() {
    let origin = origin::saying(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n").await;
    let house = behind(&origin).await;
    let listener = wire::listen(&house).await;
    let token = house.token(&house.shop, "READ");
    let answer = listener
        .exchange(format!("GET /store/things HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"))
        .await;
    assert!(answer.contains("hello") && !answer.to_ascii_lowercase().contains("content-length"), "{answer}");
}

#[tokio::test]
async fn an_upstream_that_answers_before_it_has_read_everything_is_believed() {
    let origin = origin::raw(|mut stream| async move {
        origin::read_head(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 422 Unprocessable\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno").await;
        let mut buffer = [0; 1024];
        while let Ok(1..) = stream.read(&mut buffer).await {}
    })
    .await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let listener = wire::listen(&house).await;
    let mut client = listener.connect().await;
    let token = house.token(&house.shop, "WRITE");
    let head = format!("POST /store/things HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\nContent-Length: 1000\r\n\r\nfirst");
    client.write_all(head.as_bytes()).await.expect("writes");
    assert!(read_until(&mut client, "no").await.starts_with("HTTP/1.1 422"));
}

#[tokio::test]
async fn a_sender_that_stops_in_the_middle_is_told_so_and_the_upstream_is_not_blamed() {
    let origin = origin::echo().await;
    let house = impatient(&origin).await;
    let listener = wire::listen(&house).await;
    let mut client = listener.connect().await;
    let token = house.token(&house.shop, "WRITE");
    let head = format!("POST /store/things HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\nContent-Length: 1000\r\n\r\nfirst");
    client.write_all(head.as_bytes()).await.expect("writes");
    let answer = read_until(&mut client, "in time").await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
}

#[tokio::test]
async fn a_body_that_breaks_its_framing_is_the_senders_fault() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let listener = wire::listen(&house).await;
    let token = house.token(&house.shop, "WRITE");
    let request = format!(
        "POST /store/things HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nZZZ\r\n"
    );
    let answer = listener.exchange(request).await;
    assert_eq!(statuses(&answer), [400], "{answer}");
}

#[tokio::test]
async fn a_slow_upstream_keeps_nobody_else_waiting() {
    let slow = origin::mute().await;
    let quick = origin::echo().await;
    let mut stuck = api("stuck", &[&slow.url]);
    stuck["x-postigo"]["timeouts"] = json!({"connect_ms": 1000, "response_ms": 2000});
    let house = std::sync::Arc::new(house(vec![stuck, api("store", &[&quick.url])]).await);
    let token = house.token(&house.shop, "READ");
    let waiting: Vec<_> = (0..50)
        .map(|_| {
            let (house, token) = (std::sync::Arc::clone(&house), token.clone());
            tokio::spawn(async move { house.send(get("/stuck/things").bearer(&token)).await.status.as_u16() })
        })
        .collect();
    while slow.hits() < 50 {
        tokio::task::yield_now().await;
    }
    #[expect(clippy::disallowed_methods, reason = "how long it really took")]
    let started = Instant::now();
    for _ in 0..20 {
        assert_eq!(house.send(get("/store/things").bearer(&token)).await.status, 200);
    }
    assert!(started.elapsed() < Duration::from_secs(2));
    for task in waiting {
        assert_eq!(task.await.expect("joins"), 504);
    }
}
