use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::*;

/// A server that answers every request with `answer` and hands over what it read; without an answer it only reads.
async fn server(answer: Option<&'static str>) -> (u16, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let port = listener.local_addr().expect("an address").port();
    let (said, heard) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let said = said.clone();
            tokio::spawn(async move {
                let mut read = Vec::new();
                while !read.ends_with(b"}") && stream.read_buf(&mut read).await.is_ok_and(|count| count > 0) {}
                let _ = said.send(String::from_utf8_lossy(&read).into_owned());
                match answer {
                    Some(answer) => drop(stream.write_all(answer.as_bytes()).await),
                    None => std::future::pending().await,
                }
            });
        }
    });
    (port, heard)
}

fn post(private: bool) -> Post {
    Post::new(private, Duration::from_secs(20)).expect("makes")
}

#[tokio::test]
async fn a_body_is_posted_as_json_under_our_name() {
    let (port, mut heard) = server(Some("HTTP/1.1 204 No Content\r\n\r\n")).await;
    let sent = post(true).send(&format!("http://127.0.0.1:{port}/hook?a=1"), r#"{"type":"tracking.event"}"#.into()).await;
    assert_eq!(sent, (true, "204".into()));
    let request = heard.recv().await.expect("a request").to_ascii_lowercase();
    assert!(request.starts_with("post /hook?a=1 http/1.1\r\n"), "{request}");
    for line in ["content-type: application/json\r\n", "user-agent: postigo\r\n", "content-length: 25\r\n"] {
        assert!(request.contains(line), "{line} {request}");
    }
    assert!(request.ends_with(r#"{"type":"tracking.event"}"#), "{request}");
}

#[tokio::test]
async fn a_redirection_is_an_answer_and_not_followed() {
    let (inner, mut reached) = server(Some("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")).await;
    let redirect = format!("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:{inner}/\r\ncontent-length: 0\r\n\r\n");
    let (port, _heard) = server(Some(redirect.leak())).await;
    let sent = post(true).send(&format!("http://127.0.0.1:{port}/"), "{}".into()).await;
    assert_eq!(sent, (false, "302".into()));
    assert!(reached.try_recv().is_err());
}

#[tokio::test]
async fn a_private_address_is_not_connected_to_however_it_is_written() {
    let (port, mut heard) = server(Some("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")).await;
    for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0x7f000001", "2130706433", "127.1", "0.0.0.0", "[::]"] {
        for scheme in ["http", "https"] {
            let (good, result) = post(false).send(&format!("{scheme}://{host}:{port}/"), "{}".into()).await;
            // A resolver that does not know the odd spellings has no address for them, which is as good.
            assert!(!good && (result == "private address" || result == "no connection"), "{host}: {result}");
        }
    }
    assert!(heard.try_recv().is_err(), "nobody was spoken to");
    let (_, result) = post(false).send(&format!("http://localhost:{port}/"), "{}".into()).await;
    assert_eq!(result, "private address");
}

#[tokio::test]
async fn what_goes_wrong_is_said_in_a_few_words() {
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("binds").local_addr().expect("an address").port();
    assert_eq!(post(true).send(&format!("http://127.0.0.1:{closed}/"), "{}".into()).await, (false, "no connection".into()));
    let (silent, _heard) = server(None).await;
    let impatient = Post::new(true, Duration::from_millis(50)).expect("makes");
    assert_eq!(impatient.send(&format!("http://127.0.0.1:{silent}/"), "{}".into()).await, (false, "no answer within 0.05 s".into()));
    let (rude, _heard) = server(Some("")).await;
    assert_eq!(post(true).send(&format!("http://127.0.0.1:{rude}/"), "{}".into()).await, (false, "connection broken off".into()));
    let (refusing, _heard) = server(Some("HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n")).await;
    assert_eq!(post(true).send(&format!("http://127.0.0.1:{refusing}/"), "{}".into()).await, (false, "500".into()));
}
