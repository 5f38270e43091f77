//! The doors: registering, signing in, coming back; and what strangers learn from them, which is nothing.

mod answers;
mod forgery;
mod mailbox;
mod recovering;
mod registering;
mod signing_in;
mod staff_sign_on;

use app::{
    accounts::{self, Session, SignedIn},
    mail,
};

use crate::desk::{Answer, Browser, Desk, PASSWORD, URL};

const ANA: &str = "ana@shop.example";

/// The text of the newest mail to that address.
async fn mailed(desk: &Desk, email: &str) -> String {
    let mails = mail::mailbox(&desk.app, 100).await.expect("reads");
    let newest = mails.into_iter().find(|posted| posted.mail.recipient.as_str() == email).expect("a mail");
    newest.text.expect("a text").expose().to_owned()
}

/// How many mails there are.
async fn mails(desk: &Desk) -> usize {
    mail::mailbox(&desk.app, 1000).await.expect("reads").len()
}

/// The secret in the newest link to `path` that was mailed to that address.
async fn token(desk: &Desk, email: &str, path: &str) -> String {
    let mails = mail::mailbox(&desk.app, 100).await.expect("reads");
    let texts = mails.iter().filter(|posted| posted.mail.recipient.as_str() == email).filter_map(|posted| posted.text.as_ref());
    let link = format!("{URL}{path}?token=");
    let rest = texts.filter_map(|text| text.expose().split_once(&link)).map(|(_, rest)| rest).next().expect("a link to that path");
    rest.split_whitespace().next().expect("a token").to_owned()
}

/// Registers at a browser.
async fn register(browser: &mut Browser, email: &str) -> Answer {
    browser.post("/register", &[("email", email), ("name", "Ana"), ("password", PASSWORD)]).await
}

/// Registers and confirms.
async fn registered(desk: &Desk, browser: &mut Browser, email: &str) {
    register(browser, email).await;
    let token = token(desk, email, "/verify").await;
    assert!(browser.post("/verify", &[("token", &token)]).await.location().starts_with("/sign-in"));
    // Mails are ordered by their moments.
    desk.hands.advance(1);
}

/// Signs in at a browser.
async fn sign_in(browser: &mut Browser, email: &str, password: &str) -> Answer {
    browser.post("/sign-in", &[("email", email), ("password", password)]).await
}

/// Whom the browser's cookie stands for.
async fn held(browser: &Browser, desk: &Desk) -> Option<Session> {
    accounts::session(&desk.app, browser.cookies.get("postigo-session")?).await.expect("reads")
}

async fn whole(browser: &Browser, desk: &Desk) -> SignedIn {
    held(browser, desk).await.expect("a session").whole().expect("whole").clone()
}

/// The code of an authenticator app now.
fn code(desk: &Desk, uri: &str) -> String {
    let totp = totp_rs::Totp::from_url(uri).expect("an app reads it");
    totp.generate(u64::try_from(desk.app.now().as_second()).expect("after 1970")).to_string()
}

/// Sets an authenticator app up for whoever is signed in there: its link and the recovery codes. Its first code is used up afterwards.
async fn enrol(desk: &Desk, browser: &Browser) -> (String, Vec<String>) {
    let who = whole(browser, desk).await;
    let enroller = who.enroller(&desk.app).expect("proved");
    let uri = accounts::enrol_totp(&desk.app, &enroller).await.expect("begins").uri.expose().to_owned();
    let confirmed = accounts::confirm_totp(&desk.app, &enroller, &code(desk, &uri)).await.expect("confirms");
    desk.hands.advance(30);
    (uri, confirmed.codes.iter().map(|code| code.expose().to_owned()).collect())
}
