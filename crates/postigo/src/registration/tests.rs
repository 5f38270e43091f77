//! Against services of the carrier's that we are ourselves.

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use app::{
    Actor, App, Settings,
    mail::Delivery,
    registration::{HolderService as _, Holders, Outcome, Platform, Registration, Unreachable},
};
use domain::{CustomerType, Environment::Sandbox, holder::Channel, wrapping::MasterKey};
use serde_json::{Value, json};
use store::testkit::{self, TestDb};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
};

use super::{Courier, holders::Service};
use crate::config;

/// A service that notes what it is asked and says what it was given for it.
struct Carrier {
    url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    /// While it is `true` nobody is answered.
    silent: watch::Sender<bool>,
    _directory: tempfile::TempDir,
    token_file: PathBuf,
}

#[derive(Debug, Clone)]
struct Asked {
    line: String,
    bearer: String,
    body: String,
}

type Says = Arc<dyn Fn(&str, usize) -> (u16, String) + Send + Sync>;

impl Carrier {
    /// `says`: status and body for the last part of a path, the how many-th question it is, from 1.
    async fn new(says: impl Fn(&str, usize) -> (u16, String) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
        let directory = tempfile::tempdir().expect("a directory");
        let token_file = directory.path().join("token");
        std::fs::write(&token_file, "s3cret\n").expect("writes");
        let (silent, hears) = watch::channel(false);
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (notes, says): (_, Says) = (asked.clone(), Arc::new(says));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, notes.clone(), says.clone(), hears.clone()));
            }
        });
        Self { url, asked, silent, _directory: directory, token_file }
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no panic").clone()
    }

    fn config(&self) -> config::Registration {
        let (url, file) = (Some(self.url.clone()), Some(self.token_file.clone()));
        config::Registration { holders_url: url.clone(), holders_token_file: file.clone(), messages_url: url, messages_token_file: file }
    }

    fn holders(&self) -> Arc<Service> {
        Arc::new(Service::new(&self.url, &self.config()).expect("opens"))
    }
}

async fn answer(mut stream: TcpStream, notes: Arc<Mutex<Vec<Asked>>>, says: Says, mut hears: watch::Receiver<bool>) {
    let (reader, mut writer) = stream.split();
    let mut reader = BufReader::new(reader);
    let mut asked = Asked { line: String::new(), bearer: String::new(), body: String::new() };
    reader.read_line(&mut asked.line).await.expect("a line");
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).await.expect("a line");
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => value.clone_into(&mut asked.bearer),
            "content-length" => length = value.parse().expect("a number"),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).await.expect("a body");
    asked.body = String::from_utf8(body).expect("text");
    let last = asked.line.split(' ').nth(1).and_then(|path| path.rsplit('/').next()).unwrap_or_default().to_owned();
    let number = {
        let mut notes = notes.lock().expect("no panic");
        notes.push(asked);
        notes.len()
    };
    hears.wait_for(|silent| !silent).await.expect("the test lives");
    let (status, body) = says(&last, number);
    let head = format!("HTTP/1.1 {status} Word\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    // Whoever asked may be gone.
    let _ = writer.write_all(format!("{head}{body}").as_bytes()).await;
}

/// An account holder as the carrier writes it: what it does not know is empty.
fn written(account_number: &str) -> Value {
    let address = json!({"streetLines": ["C/ Mayor 1"], "city": "León", "postalCode": "24001", "countryCode": "ES"});
    json!({"account_number": account_number, "customer_name": "Ana", "address": address, "email": "", "phone": "", "language": "", "pin": "", "invoices": null})
}

#[tokio::test]
async fn what_the_service_says_of_one_account_is_no_other_accounts_trouble() {
    let carrier = Carrier::new(|account, _| match account {
        "1" => (200, written("1").to_string()),
        "2" => (200, written("1").to_string()),
        "3" => (200, "{\"account_number\": \"3\", \"email\": \"nobody\"".into()),
        "4" => (200, "x".repeat(300 * 1024)),
        "400" | "401" | "404" | "422" | "429" | "500" => (account.parse().expect("a status"), "no".into()),
        other => panic!("nobody asks for {other}"),
    })
    .await;
    let holders = carrier.holders();
    let holder = holders.find(Sandbox, "1").await.expect("answers").expect("is there");
    assert!(
        holder.email.is_none() && holder.phone.is_none() && holder.language.is_none() && holder.pin.is_none(),
        "empty is absent: {holder:?}"
    );
    let asked = carrier.asked().remove(0);
    assert_eq!((asked.line.trim_end(), asked.bearer.as_str()), ("GET /v1/sandbox/1 HTTP/1.1", "Bearer s3cret"));
    for account in ["2", "3", "4", "400", "404", "422"] {
        for _ in 0..6 {
            assert_eq!(holders.find(Sandbox, account).await, Ok(None), "{account}: like an account that does not exist");
        }
    }
    for _ in 0..6 {
        assert_eq!(holders.find(Sandbox, "401").await, Err(Unreachable), "our own token");
    }
    assert!(holders.find(Sandbox, "1").await.expect("answers").is_some(), "everybody else is answered");
    for ill in ["500", "429", "500", "429", "500"] {
        assert_eq!(holders.find(Sandbox, ill).await, Err(Unreachable));
    }
    let before = carrier.asked().len();
    assert_eq!(holders.find(Sandbox, "1").await, Err(Unreachable), "it is left alone");
    assert_eq!(carrier.asked().len(), before);
}

#[tokio::test]
async fn no_more_than_32_ask_at_once_and_who_hangs_up_changes_nothing() {
    let carrier = Carrier::new(|_, _| (500, String::new())).await;
    carrier.silent.send_replace(true);
    let holders = carrier.holders();
    let asking: Vec<_> = (0..32)
        .map(|_| {
            let holders = holders.clone();
            tokio::spawn(async move { holders.find(Sandbox, "1").await })
        })
        .collect();
    let until = |number: usize| {
        let asked = carrier.asked.clone();
        async move {
            while asked.lock().expect("no panic").len() < number {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), until(32)).await.expect("all of them ask");
    asking.iter().for_each(tokio::task::JoinHandle::abort);
    assert_eq!(holders.find(Sandbox, "1").await, Err(Unreachable));
    assert_eq!(carrier.asked().len(), 32, "one more is not asked, though nobody waits for the others any more");
    carrier.silent.send_replace(false);
    while holders.asking() > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(holders.find(Sandbox, "1").await, Err(Unreachable));
    assert_eq!(carrier.asked().len(), 32, "their failures were counted");
}

async fn app(test: &TestDb) -> (App, testkit::Hands) {
    let (entropy, hands) = (testkit::entropy(3), testkit::Hands::new());
    let master = Arc::new(MasterKey::parse(&MasterKey::draw(&entropy)).expect("a master key"));
    let settings = Settings { messages: Delivery::Smtp, ..Settings::default() };
    (App::open(test.db.clone(), master, hands.clock(), entropy).await.expect("opens").with(settings), hands)
}

#[tokio::test]
async fn a_pin_goes_to_the_carriers_sender_until_it_is_taken() {
    let test = testkit::sqlite().await;
    let (app, hands) = app(&test).await;
    let founded =
        app::organisations::create(&app, &Actor::Operator("ana".into()), "Envíos", CustomerType::Integrator, "Uno").await.expect("founds");
    let (client, project) = (founded.first.client.client.id, founded.first.project.id);
    let platform = Platform { client, project, environment: Sandbox, address: String::new() };
    let register = Carrier::new(|account, _| {
        let mut holder = written(account);
        holder["phone"] = json!("+34 600 123 456");
        (200, holder.to_string())
    })
    .await;
    let registration = Registration::open(app.clone(), Holders::Service(register.holders()), true).await.expect("opens");
    let address = serde_json::from_value(written("1")["address"].clone()).expect("an address");
    let outcome = registration.by_address(&platform, "1", "Ana", &address).await.expect("is right");
    let Outcome::Options(options) = outcome else { panic!("a key, though there is a telephone") };
    registration.send_pin(&platform, options.account_token.expose(), Channel::Sms, None).await.expect("queues");

    let verdicts = Mutex::new(VecDeque::from([503, 202]));
    let sender = Carrier::new(move |_, _| (verdicts.lock().expect("no panic").pop_front().expect("no third try"), String::new())).await;
    let (stop, stopping) = watch::channel(false);
    let courier = Courier::of(&sender.config(), &app).expect("reads").expect("a courier");
    let delivering = tokio::spawn(courier.deliver(stopping));
    let state = async |wanted: &str| {
        tokio::time::timeout(Duration::from_secs(20), async {
            loop {
                let message = store::messages::latest(app.db(), 1).await.expect("reads").remove(0);
                if message.state == wanted && message.attempts > 0 {
                    return message;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await
        .expect("in time")
    };
    state("waiting").await;
    while sender.asked().len() < 2 {
        hands.advance(5);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let message = state("sent").await;
    assert!(message.body.is_empty(), "its text is forgotten");
    stop.send_replace(true);
    tokio::time::timeout(Duration::from_secs(20), delivering).await.expect("stops").expect("without a panic");
    let asked = sender.asked();
    assert_eq!(asked.len(), 2, "{asked:?}");
    let body: Value = serde_json::from_str(&asked[1].body).expect("JSON");
    assert_eq!(
        (body["id"].as_str(), &body["channel"], &body["to"]),
        (Some(message.id.to_string().as_str()), &json!("sms"), &json!("+34600123456"))
    );
    assert!(body["text"].as_str().is_some_and(|text| text.contains("Envíos")) && asked.iter().all(|asked| asked.bearer == "Bearer s3cret"));
    assert_eq!(asked[0].body, asked[1].body, "the same once more");
}
