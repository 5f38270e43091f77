//! Bodies as a connection brings them: in pieces, without a length, or never (trust §1 rows 61, 62).

use std::sync::Arc;

use domain::{Environment, request_id::RequestId};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use web::{Body, Visit};

use crate::{ask::form, house::House};

/// A connection to the sandbox's authorization server.
fn connect(house: &Arc<House>) -> DuplexStream {
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let house = Arc::clone(house);
    tokio::spawn(async move {
        let service = service_fn(move |request: http::Request<Incoming>| {
            let house = Arc::clone(&house);
            async move {
                let at = house.hands.clock().now();
                let visit = Visit { id: RequestId::new(at, &house.entropy), at, address: [192, 0, 2, 1].into(), secure: false };
                house.of(Environment::Sandbox).handle(request.map(Body::from), visit).await.map_err(|_| std::io::Error::other("not ours"))
            }
        });
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(theirs), service).await
    });
    ours
}

async fn head(connection: &mut DuplexStream) -> String {
    let mut read = Vec::new();
    while !read.windows(4).any(|bytes| bytes == b"\r\n\r\n") {
        let mut piece = [0; 1024];
        let length = connection.read(&mut piece).await.expect("reads");
        assert!(length > 0, "closed without an answer");
        read.extend_from_slice(&piece[..length]);
    }
    String::from_utf8_lossy(&read).into_owned()
}

fn start(framing: &str) -> String {
    format!("POST /oauth2/token HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n{framing}\r\n\r\n")
}

#[tokio::test]
async fn a_body_in_pieces_is_read_and_one_without_end_is_cut_off_at_the_limit() {
    let house = Arc::new(House::open(store::testkit::sqlite().await).await);
    let shop = house.shop().await;
    let body = form(&[("grant_type", "client_credentials"), ("client_id", shop.id.as_str()), ("client_secret", &shop.secret)]);
    let mut connection = connect(&house);
    connection.write_all(start("transfer-encoding: chunked").as_bytes()).await.expect("writes");
    for piece in body.as_bytes().chunks(7) {
        let chunk = [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat();
        connection.write_all(&chunk).await.expect("writes");
    }
    connection.write_all(b"0\r\n\r\n").await.expect("writes");
    assert!(head(&mut connection).await.starts_with("HTTP/1.1 200 "));

    let mut connection = connect(&house);
    connection.write_all(start("transfer-encoding: chunked").as_bytes()).await.expect("writes");
    let (mut reading, mut writing) = tokio::io::split(connection);
    let flood = tokio::spawn(async move { while writing.write_all(&[b"400\r\n", &[b'a'; 1024][..], b"\r\n"].concat()).await.is_ok() {} });
    let mut answer = [0; 12];
    reading.read_exact(&mut answer).await.expect("an answer while the body goes on");
    assert_eq!(&answer, b"HTTP/1.1 413");
    drop(reading);
    flood.abort();

    let mut connection = connect(&house);
    connection.write_all(start("content-length: 16385").as_bytes()).await.expect("writes");
    assert!(head(&mut connection).await.starts_with("HTTP/1.1 413 "), "refused by its length alone");
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_given_up() {
    let house = Arc::new(House::open(store::testkit::sqlite().await).await);
    let mut connection = connect(&house);
    connection.write_all(start("content-length: 100").as_bytes()).await.expect("writes");
    connection.write_all(b"grant_type=").await.expect("writes");
    tokio::time::pause();
    let started = tokio::time::Instant::now();
    assert!(head(&mut connection).await.starts_with("HTTP/1.1 408 "));
    assert!(started.elapsed() <= std::time::Duration::from_secs(11));
}
