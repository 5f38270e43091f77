//! Webhooks of tracking events, from registration to arrival.

use std::time::Duration;

use http::Method;
use postigo_e2e::{credentials::text, demo::Demo, shipment::DELIVERY};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

const WEBHOOKS: &str = "/support/trackpub/api/v2/webhooks";

/// Takes one delivery and answers 204.
async fn delivery(listener: &TcpListener) -> (String, Value) {
    let arrived = async {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut read = Vec::new();
        let (head, body) = loop {
            assert!(stream.read_buf(&mut read).await.expect("reads") > 0, "broken off");
            let text = String::from_utf8_lossy(&read).into_owned();
            if let Some((head, body)) = text.split_once("\r\n\r\n")
                && let Ok(body) = serde_json::from_str(body)
            {
                break (head.to_ascii_lowercase(), body);
            }
        };
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.expect("writes");
        (head, body)
    };
    tokio::time::timeout(Duration::from_secs(20), arrived).await.expect("a delivery within seconds")
}

#[tokio::test]
async fn what_happens_to_a_parcel_arrives_where_its_project_wants_to_hear_of_it() {
    let mut demo = Demo::start().await;
    let shop = demo.shop();
    let token = shop.token("").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
    let made = shop.api(Method::POST, WEBHOOKS, &token).json(&json!({"url": url})).send().await;
    assert_eq!(made.status, 201, "{made:?}");

    let parcel = shop.parcel(&token).await;
    let (head, body) = delivery(&listener).await;
    assert!(head.starts_with("post /hook http/1.1") && head.contains("user-agent: postigo"), "{head}");
    assert_eq!((&body["type"], &body["environment"]), (&json!("tracking.event"), &json!("sandbox")));
    assert_eq!((&body["packageCode"], &body["event"]["eventCode"]), (&json!(parcel), &json!("A090000V")));

    let annul = json!({"packageCode": parcel});
    shop.api(Method::POST, &format!("{DELIVERY}/annulment"), &token).json(&annul).send().await;
    assert_eq!(delivery(&listener).await.1["event"]["eventCode"], "A040000R");

    let noted = async || {
        let list = shop.api(Method::GET, WEBHOOKS, &token).send().await.json();
        (list[0]["lastResult"] == "204").then_some(())
    };
    demo.process.wait_for("a delivery to be noted", noted).await;
    let path = format!("{WEBHOOKS}/{}", text(&made.json(), "/id"));
    assert_eq!(shop.api(Method::DELETE, &path, &token).send().await.status, 204);
    assert_eq!(shop.api(Method::GET, WEBHOOKS, &token).send().await.json(), json!([]));
}
