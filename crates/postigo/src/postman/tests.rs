//! Against a server of our own that speaks enough SMTP (RFC 5321) to be sent something.

use std::{collections::VecDeque, sync::Arc};

use app::{Cost, Settings, mail::Delivery};
use domain::wrapping::MasterKey;
use store::testkit::{self, TestDb};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpListener,
    sync::mpsc,
};

use super::*;

/// Answers each message with the next of `verdicts`, and hands out what it was sent.
async fn server(verdicts: &[&str]) -> (u16, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (out, received) = mpsc::channel(8);
    let mut verdicts: VecDeque<String> = verdicts.iter().map(|verdict| (*verdict).to_owned()).collect();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (reader, mut writer) = stream.into_split();
            let mut lines = BufReader::new(reader).lines();
            writer.write_all(b"220 here\r\n").await.expect("greets");
            while let Ok(Some(line)) = lines.next_line().await {
                let answer = match line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase().as_str() {
                    "DATA" => {
                        writer.write_all(b"354 go on\r\n").await.expect("writes");
                        let mut message = String::new();
                        while let Ok(Some(line)) = lines.next_line().await {
                            if line == "." {
                                break;
                            }
                            message.push_str(&line);
                            message.push('\n');
                        }
                        out.send(message).await.expect("somebody listens");
                        verdicts.pop_front().unwrap_or_else(|| "250 ok".to_owned())
                    }
                    "QUIT" => "221 bye".to_owned(),
                    _ => "250 ok".to_owned(),
                };
                if writer.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
                    break;
                }
            }
        }
    });
    (port, received)
}

async fn app(test: &TestDb) -> App {
    let entropy = testkit::entropy(3);
    let master = Arc::new(MasterKey::parse(&MasterKey::draw(&entropy)).expect("a master key"));
    let settings = Settings { delivery: Delivery::Smtp, password_cost: Cost::TEST, ..Settings::default() };
    let app = App::open(test.db.clone(), master, testkit::Hands::new().clock(), entropy).await.expect("opens").with(settings);
    let registration = app::accounts::Registration {
        email: "ana@example.com",
        name: "Ana",
        password: Some("caballo pila grapa"),
        language: Some(domain::Language::Spanish),
    };
    let visit = app::accounts::Visit { address: [192, 0, 2, 1].into(), agent: None };
    app::accounts::register(&app, registration, visit).await.expect("registers");
    app
}

fn postman(app: &App, port: u16) -> Postman {
    let config = Mail { smtp: Some(format!("smtp://127.0.0.1:{port}")), from: Some("Postigo <no-reply@example.com>".into()) };
    Postman::of(&config, app).expect("reads").expect("a postman")
}

async fn state(app: &App) -> (String, Option<String>) {
    let mail = store::mails::latest(app.db(), 1).await.expect("reads").remove(0);
    (mail.state, mail.last_error)
}

#[tokio::test]
async fn what_is_due_is_sent_once_with_its_link_whole_and_then_the_postman_stops_when_told() {
    let test = testkit::sqlite().await;
    let app = app(&test).await;
    let (port, mut received) = server(&[]).await;
    let (stop, stopping) = watch::channel(false);
    let delivering = tokio::spawn(postman(&app, port).deliver(stopping));
    let message = received.recv().await.expect("a message");
    for header in [
        "From: Postigo <no-reply@example.com>",
        "To: ana@example.com",
        "Subject: Confirma tu =?utf-8?b?",
        "Date: Mon, 01 Jun 2026 12:00:00",
    ] {
        assert!(message.contains(header), "{header}\n{message}");
    }
    let unfolded = message.replace("=\n", "").replace("=3D", "=");
    let (_, token) = unfolded.split_once("http://127.0.0.1:8080/verify?token=").expect("the link");
    assert_eq!(token.split_whitespace().next().map(str::len), Some(43), "{message}");
    while state(&app).await.0 != "sent" {
        tokio::task::yield_now().await;
    }
    stop.send_replace(true);
    delivering.await.expect("stops");
    assert!(received.try_recv().is_err(), "nothing else was sent");
}

#[tokio::test]
async fn a_server_that_says_not_now_is_asked_again_and_one_that_knows_no_such_mailbox_is_not() {
    for (verdict, expected) in [("451 later", "waiting"), ("554 policy", "waiting"), ("550 no such mailbox", "failed")] {
        let test = testkit::sqlite().await;
        let app = app(&test).await;
        let (port, mut received) = server(&[verdict]).await;
        let letter = mail::claim(&app).await.expect("claims").expect("due");
        postman(&app, port).send(&letter).await;
        received.recv().await.expect("a message");
        let (state, error) = state(&app).await;
        assert_eq!(state, expected, "{verdict}");
        assert!(error.is_some_and(|error| error.contains(&verdict[4..])), "{verdict}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_again_later() {
    let test = testkit::sqlite().await;
    let app = app(&test).await;
    let nobody = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = nobody.local_addr().expect("an address").port();
    drop(nobody);
    let letter = mail::claim(&app).await.expect("claims").expect("due");
    postman(&app, port).send(&letter).await;
    assert_eq!(state(&app).await.0, "waiting");
}
