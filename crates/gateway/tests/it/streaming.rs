//! Bodies go through as they come, in both directions; requests of both versions of HTTP.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    sync::{mpsc, oneshot},
};

use crate::{
    house::{api, house},
    origin,
    wire::{self, read_until},
};

#[tokio::test]
async fn the_first_part_of_a_request_arrives_before_the_last_is_sent() {
    let (parts, mut arrived) = mpsc::unbounded_channel();
    let origin = origin::raw(move |mut stream| {
        let parts = parts.clone();
        async move {
            let mut seen = Vec::new();
            let mut buffer = [0; 1024];
            while !seen.ends_with(b"0\r\n\r\n") {
                let Ok(n @ 1..) = stream.read(&mut buffer).await else { return };
                seen.extend_from_slice(&buffer[..n]);
                let _ = parts.send(String::from_utf8_lossy(&seen).into_owned());
            }
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
        }
    })
    .await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let listener = wire::listen(&house).await;
    let mut client = listener.connect().await;
    let token = house.token(&house.shop, "WRITE");
    let head = format!(
        "POST /store/things HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n"
    );
    client.write_all(head.as_bytes()).await.expect("writes");
    // Nothing more is sent until this has been seen at the other end.
    while !arrived.recv().await.expect("arrives").contains("first") {}
    client.write_all(b"4\r\nlast\r\n0\r\n\r\n").await.expect("writes");
    assert!(read_until(&mut client, "ok").await.starts_with("HTTP/1.1 200 OK"));
    let mut all = String::new();
    while let Ok(seen) = arrived.try_recv() {
        all = seen;
    }
    assert!(all.contains("last") && all.to_ascii_lowercase().contains("transfer-encoding: chunked"), "{all}");
}

#[tokio::test]
async fn the_first_part_of_an_answer_arrives_before_the_last_is_sent() {
    let (go, wait) = oneshot::channel::<()>();
    let wait = Arc::new(Mutex::new(Some(wait)));
    let origin = origin::raw(move |mut stream| {
        let wait = wait.lock().expect("not poisoned").take();
        async move {
            origin::read_head(&mut stream).await;
            stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n").await.expect("writes");
            wait.expect("one request").await.expect("told");
            stream.write_all(b"4\r\nlast\r\n0\r\n\r\n").await.expect("writes");
        }
    })
    .await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let listener = wire::listen(&house).await;
    let mut client = listener.connect().await;
    let token = house.token(&house.shop, "READ");
    client
        .write_all(format!("GET /store/things HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\n\r\n").as_bytes())
        .await
        .expect("writes");
    read_until(&mut client, "first").await;
    go.send(()).expect("sends");
    read_until(&mut client, "last").await;
}

#[tokio::test]
async fn http2_requests_go_through_and_their_trailers_do_not() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let listener = wire::listen(&house).await;
    let stream = TokioIo::new(listener.connect().await);
    let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), stream).await.expect("speaks HTTP/2");
    let connection = tokio::spawn(connection);
    let token = house.token(&house.shop, "WRITE");
    let trailers =
        http::HeaderMap::from_iter([(http::HeaderName::from_static("x-postigo-client"), http::HeaderValue::from_static("spoofed"))]);
    let frames: Vec<Result<_, std::convert::Infallible>> =
        vec![Ok(http_body::Frame::data(Bytes::from_static(b"{}"))), Ok(http_body::Frame::trailers(trailers))];
    let request = Request::post(format!("http://{}/store/things?a=b", listener.address))
        .header("authorization", format!("Bearer {token}"))
        .header("te", "trailers")
        .body(Frames(frames.into_iter()).boxed())
        .expect("a request");
    let response = sender.send_request(request).await.expect("an answer");
    assert_eq!(response.status(), 200);
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    let seen: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!((&seen["target"], &seen["body"], &seen["trailers"]), (&"/store/things?a=b".into(), &"{}".into(), &serde_json::Value::Null));
    let headers = seen["headers"].to_string();
    assert!(
        headers.contains(&format!("[\"x-forwarded-host\",\"{}\"]", listener.address)) && headers.contains("[\"te\",\"trailers\"]"),
        "{headers}"
    );
    assert!(headers.contains("[\"via\",\"2 postigo\"]") && !headers.contains("spoofed"), "{headers}");

    // A refusal on the same connection leaves it as it is.
    let refused = Request::get(format!("http://{}/store/things", listener.address))
        .body(Full::<Bytes>::default().map_err(|e| match e {}).boxed())
        .expect("a request");
    assert_eq!(sender.send_request(refused).await.expect("an answer").status(), 401);
    drop(sender);
    connection.await.expect("joins").expect("ends well");
}

/// A body of these frames.
struct Frames(std::vec::IntoIter<Result<http_body::Frame<Bytes>, std::convert::Infallible>>);

impl http_body::Body for Frames {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        std::task::Poll::Ready(self.0.next())
    }
}
