//! Credential registration as FedEx' public description has it, every branch of it, over the running program.

use http::Method;
use postigo_e2e::{
    call::{Answer, call},
    credentials::{CustomerKey, Project, header, text},
    demo::Demo,
    shipment::{DELIVERED, TRACK, tracked},
};
use serde_json::{Value, json};

const ADDRESS: &str = "/registration/v2/address/keysgeneration";
const SEND: &str = "/registration/v2/customerkeys/pingeneration";
const PIN: &str = "/registration/v2/pin/keysgeneration";
const INVOICE: &str = "/registration/v2/invoice/keysgeneration";

/// One of the sample holders, by what it has to prove itself with.
fn holder(demo: &Demo, account: &str) -> Value {
    let all = demo.written["account_holders"].as_array().expect("account holders");
    all.iter().find(|one| one["account_number"] == account).expect("the sample holder").clone()
}

/// The first step's body, as an integrator writes it: unknown members, `residential` as a text.
fn claim(holder: &Value) -> Value {
    let mut address = holder["address"].clone();
    address["residential"] = json!("false");
    json!({"accountNumber": {"value": holder["account_number"]}, "customerName": holder["customer_name"], "address": address, "extra": {"a": 1}})
}

struct Platform {
    project: Project,
    token: String,
}

impl Platform {
    async fn of(project: Project) -> Self {
        let token = project.token("CXS-REG").await;
        Self { project, token }
    }

    async fn asks(&self, path: &str, account_token: Option<&str>, body: &Value) -> Answer {
        let mut asked = call(Method::POST, format!("{}{path}", self.project.base)).bearer(&self.token).json(body);
        if let Some(token) = account_token {
            asked = asked.header("accountAuthToken", token);
        }
        asked.header("x-customer-transaction-id", "order-7").send().await
    }

    async fn account_token(&self, holder: &Value) -> String {
        let answer = self.asks(ADDRESS, None, &claim(holder)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        text(&answer.json(), "/output/mfaOptions/0/accountAuthToken")
    }
}

/// The code of a refusal, in FedEx' envelope and with no top-level `error`.
fn code(answer: &Answer) -> (u16, String) {
    let body = answer.json();
    assert_eq!((&body["customerTransactionId"], &body["transactionId"]), (&json!("order-7"), &json!(answer.id())), "{answer:?}");
    assert!(body.get("error").is_none() && !text(&body, "/errors/0/message").is_empty(), "{answer:?}");
    (answer.status, text(&body, "/errors/0/code"))
}

/// What an answer says, less what is different every time.
fn said(answer: &Answer) -> (u16, String) {
    (answer.status, answer.text().replace(answer.id(), "ID"))
}

fn key(answer: &Answer, account: &str) -> CustomerKey {
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    let body = answer.json();
    CustomerKey { account: account.to_owned(), key: text(&body, "/output/child_Key"), secret: text(&body, "/output/child_secret") }
}

#[tokio::test]
async fn a_customer_registers_by_address_pin_or_invoice_and_its_key_works_at_once() {
    let demo = Demo::start().await;
    let platform = Platform::of(demo.platform()).await;
    let (both, plain) = (holder(&demo, "700257037"), holder(&demo, "510087283"));
    assert!(plain.get("pin").is_none() && plain.get("invoice").is_none());
    let direct = key(&platform.asks(ADDRESS, None, &claim(&plain)).await, "510087283");

    let offered = platform.asks(ADDRESS, None, &claim(&both)).await;
    let one = &offered.json()["output"]["mfaOptions"][0];
    assert_eq!((&one["mfaRequired"], &one["options"]["invoice"]), (&json!(true), &json!("INVOICE")), "{offered:?}");
    assert_eq!(one["options"]["secureCode"], json!(["SMS", "CALL", "EMAIL"]));
    assert!(text(one, "/email").contains("***") && text(one, "/phoneNumber").contains("***"), "masked: {one:#}");
    let token = text(one, "/accountAuthToken");
    assert_eq!(header(&token)["alg"], "HS256");

    let sent = platform.asks(SEND, Some(&token), &json!({"option": "SMS", "locale": "es_ES"})).await;
    assert_eq!((sent.status, &sent.json()["output"]["status"]), (200, &json!("sent secured Pin")), "{sent:?}");
    let by_pin = key(&platform.asks(PIN, Some(&token), &json!({"secureCodePin": both["pin"]})).await, "700257037");
    let mut short = both["invoice"].clone();
    short["amount"] = json!("234");
    let by_invoice = key(&platform.asks(INVOICE, Some(&token), &json!({"invoiceDetail": short})).await, "700257037");
    let again = key(&platform.asks(INVOICE, Some(&token), &json!({"invoiceDetail": both["invoice"]})).await, "700257037");
    assert_ne!(by_invoice.key, again.key, "registering again gives another key, and the old one goes on");

    for key in [&direct, &by_pin, &by_invoice, &again] {
        let child = platform.project.token_for("csp_credentials", key).await;
        assert_eq!(platform.project.api(Method::POST, TRACK, &child).json(&tracked(DELIVERED)).send().await.status, 200);
        let reached = call(Method::POST, format!("{}{ADDRESS}", platform.project.base)).bearer(&child).json(&claim(&both)).send().await;
        assert_eq!((reached.status, &reached.json()["errors"][0]["code"]), (403, &json!("FORBIDDEN.ERROR")), "a customer makes no keys");
    }
    let mailbox = call(Method::GET, format!("{}/mailbox", demo.portal())).send().await;
    assert!(mailbox.text().contains("234560"), "the message can be read where nothing sends it");
}

#[tokio::test]
async fn what_is_wrong_is_refused_in_fedex_words() {
    let demo = Demo::start().await;
    let platform = Platform::of(demo.platform()).await;
    let other = Platform::of(demo.parent()).await;
    let both = holder(&demo, "740561073");
    let token = platform.account_token(&both).await;

    let mut elsewhere = claim(&both);
    elsewhere["address"]["city"] = json!("NASHVILLE");
    let mismatch = platform.asks(ADDRESS, None, &elsewhere).await;
    assert_eq!(code(&mismatch).1, "ACCOUNT.ADDRESS.MISMATCH");
    let mut unknown = claim(&both);
    unknown["accountNumber"]["value"] = json!("999999999");
    assert_eq!(said(&platform.asks(ADDRESS, None, &unknown).await), said(&mismatch), "an account that does not exist");

    let pin = json!({"secureCodePin": both["pin"]});
    assert_eq!(code(&other.asks(PIN, Some(&token), &pin).await), (401, "LOGIN.REAUTHENTICATE.ERROR".into()), "another project's");
    assert_eq!(code(&platform.asks(PIN, Some(&platform.token), &pin).await).0, 401, "an access token is no account token");
    let bearer = call(Method::POST, format!("{}{ADDRESS}", platform.project.base)).bearer(&token).json(&claim(&both)).send().await;
    assert_eq!((bearer.status, &bearer.json()["errors"][0]["code"]), (401, &json!("NOT.AUTHORIZED.ERROR")), "nor the other way round");

    let mut invoice = both["invoice"].clone();
    invoice["number"] = json!("1");
    assert_eq!(
        code(&platform.asks(INVOICE, Some(&token), &json!({"invoiceDetail": invoice})).await),
        (404, "INVOICEDETAILS.NUMBER.NOTEXIST".into())
    );
    for (path, body, named) in [
        (ADDRESS, json!({"customerName": "x"}), "accountNumber"),
        (ADDRESS, json!({"accountNumber": {"value": "1"}, "customerName": "x"}), "streetLines"),
        (PIN, json!({}), "secureCodePin"),
        (SEND, json!({"option": "PIGEON"}), "option"),
        (INVOICE, json!({"invoiceDetail": {"number": "1", "currency": "USD", "date": "2026-01-01"}}), "amount"),
    ] {
        let answer = platform.asks(path, Some(&token), &body).await;
        assert_eq!(answer.status, 400, "{path} {answer:?}");
        assert!(answer.text().contains(named), "{path} names {named}: {answer:?}");
    }
    let broken = call(Method::POST, format!("{}{ADDRESS}", platform.project.base))
        .bearer(&platform.token)
        .body("application/json", "{")
        .send()
        .await;
    assert_eq!(broken.status, 400);
    for gone in ["/irc/v2/customerkeys", "/registration/v1/address/keysgeneration"] {
        let answer = platform.asks(gone, None, &json!({})).await;
        assert_eq!(answer.status, 410, "{answer:?}");
        assert!(text(&answer.json(), "/errors/0/message").contains(ADDRESS), "{answer:?}");
    }
}

#[tokio::test]
async fn five_wrong_pins_lock_the_pin_and_leave_the_invoice_open() {
    let demo = Demo::start().await;
    let platform = Platform::of(demo.platform()).await;
    let both = holder(&demo, "700257037");
    let token = platform.account_token(&both).await;
    for _ in 0..5 {
        let wrong = platform.asks(PIN, Some(&token), &json!({"secureCodePin": "000000"})).await;
        assert_eq!(code(&wrong).1, "PIN.PINSECURECODE.INVALIDEXPIRED");
    }
    let locked = platform.asks(PIN, Some(&token), &json!({"secureCodePin": both["pin"]})).await;
    assert_eq!(code(&locked).1, "PINVALIDATION.MAXRETRY.EXCEEDED", "the right one too");
    assert!(locked.header("retry-after").parse::<u64>().is_ok_and(|seconds| (86_000..=86_400).contains(&seconds)), "{locked:?}");
    key(&platform.asks(INVOICE, Some(&token), &json!({"invoiceDetail": both["invoice"]})).await, "700257037");
    let other = Platform::of(demo.parent()).await;
    let theirs = other.account_token(&both).await;
    key(&other.asks(PIN, Some(&theirs), &json!({"secureCodePin": both["pin"]})).await, "700257037");
}
