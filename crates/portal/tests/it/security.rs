//! What signs an account in: authenticator app, recovery codes, passkeys.

use app::accounts;
use domain::role::Staff;
use http::StatusCode;
use portal::routes::{Audience, ROUTES, Verb};
use store::{Moment, passkeys::Passkey};

use crate::desk::{Answer, Browser, Desk, PASSWORD};

const ANA: &str = "ana@shop.example";
const APP: &str = "/account/security/app";
/// What a name must never become.
const MARKUP: &str = "\"><img src=x onerror=alert(1)>";

async fn desk() -> (store::testkit::TestDb, Desk) {
    let test = store::testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    (test, desk)
}

/// The `otpauth` link on a page, as an app reads it.
fn link(answer: &Answer) -> String {
    let link = answer.page.split('"').find(|text| text.starts_with("otpauth:")).expect("a link for the app");
    link.replace("&#38;", "&")
}

impl Desk {
    /// The code an app with this link shows now.
    fn code(&self, link: &str) -> String {
        let totp = totp_rs::Totp::from_url(link).expect("an app reads it");
        totp.generate(u64::try_from(self.app.now().as_second()).expect("after 1970")).to_string()
    }

    /// Sets up an app: its link, and the page that shows the recovery codes.
    async fn enrol(&self, browser: &mut Browser) -> (String, Answer) {
        let link = link(&browser.post(APP, &[("step", "begin")]).await);
        let answer = browser.post(APP, &[("step", "confirm"), ("code", &self.code(&link))]).await;
        (link, answer)
    }

    /// A passkey that nobody can use, under this name.
    async fn passkey(&self, browser: &Browser, id: &str, name: &str) {
        let passkey = Passkey {
            id: id.into(),
            account_id: browser.account.expect("an account"),
            name: name.into(),
            credential: "{}".into(),
            created_at: Moment(self.app.now()),
            last_used_at: None,
        };
        let mut tx = self.app.db().begin().await.expect("begins");
        assert!(store::passkeys::insert(&mut tx, &passkey, 20).await.expect("inserts"));
        tx.commit(self.app.now()).await.expect("commits");
    }
}

/// The recovery codes on a page.
fn codes(answer: &Answer) -> Vec<String> {
    let Some((_, rest)) = answer.page.split_once("id=\"recovery-codes\">") else { return Vec::new() };
    rest.split_once("</pre>").expect("an end").0.split_whitespace().map(str::to_owned).collect()
}

#[tokio::test]
async fn an_app_is_set_up_by_a_code_asked_for_at_the_next_sign_in_and_removed() {
    let (_test, desk) = desk().await;
    let mut ana = desk.signed_in(ANA, None).await;
    let begun = ana.post(APP, &[("step", "begin")]).await;
    assert!(begun.page.contains("<svg class=\"qr\"") && begun.page.contains("otpauth://totp/Postigo:"), "{}", begun.page);
    let link = link(&begun);
    let right = desk.code(&link);
    let wrong = ana.post(APP, &[("step", "confirm"), ("code", if right == "000000" { "000001" } else { "000000" })]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!wrong.page.contains("otpauth:") && !wrong.page.contains("class=\"qr\""), "the secret is shown once");
    assert_eq!(desk.also(ANA, PASSWORD).await.get("/account").await.status, StatusCode::OK, "until then nothing changes");

    let confirmed = ana.post(APP, &[("step", "confirm"), ("code", &right)]).await;
    assert_eq!((confirmed.status, codes(&confirmed).len()), (StatusCode::OK, 10));
    assert_eq!(confirmed.headers["cache-control"], "no-store");
    let page = ana.get("/account/security").await.page;
    assert!(page.contains("active") && page.contains("10"), "{page}");
    for code in codes(&confirmed) {
        assert!(!page.contains(&code), "shown once");
    }
    assert_eq!(ana.post(APP, &[("step", "confirm"), ("code", &right)]).await.status, StatusCode::CONFLICT, "there is one already");
    let mut other = desk.also(ANA, PASSWORD).await;
    assert!(other.get("/account/security").await.location().starts_with("/sign-in/second-factor"), "the password is not enough any more");

    desk.hands.advance(601);
    assert!(ana.get("/account/prove?next=/account").await.page.contains("one-time-code"));
    assert_eq!(ana.post("/account/prove", &[("code", &desk.code(&link))]).await.status, StatusCode::SEE_OTHER, "a code proves it as well");
    assert!(ana.get("/account/security/app/remove").await.page.contains("only second factor"));
    assert_eq!(ana.post("/account/security/app/remove", &[]).await.location(), "/account/security?done=app-removed");
    assert_eq!(desk.also(ANA, PASSWORD).await.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn new_recovery_codes_are_shown_once_and_end_the_old_ones() {
    let (_test, desk) = desk().await;
    let mut ana = desk.signed_in(ANA, None).await;
    assert_eq!(ana.get("/account/security/codes").await.location(), "/account/security", "there is nothing they could stand in for");
    assert_eq!(ana.post("/account/security/codes", &[]).await.status, StatusCode::CONFLICT);
    let old = codes(&desk.enrol(&mut ana).await.1);
    let new = codes(&ana.post("/account/security/codes", &[]).await);
    assert!(new.len() == 10 && new.iter().all(|code| !old.contains(code)));
    desk.hands.advance(601);
    assert!(ana.post("/account/security/codes", &[]).await.location().starts_with("/account/prove"));
    assert_eq!(ana.post("/account/prove", &[("code", &old[0])]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ana.post("/account/prove", &[("code", &new[0])]).await.status, StatusCode::SEE_OTHER);
    assert!(ana.get("/account/security").await.page.contains("left: 9"));
}

#[tokio::test]
async fn staff_without_a_second_factor_can_set_one_up_and_nothing_else() {
    let (_test, desk) = desk().await;
    let mut olga = desk.signed_in("olga@carrier.example", Some(Staff::Administrator)).await;
    let closed = ROUTES.iter().filter(|route| matches!(route.audience, Audience::Account | Audience::Staff));
    assert!(closed.clone().count() > 80, "there are many");
    for route in closed {
        let path = route.path.replace(['{', '}'], "");
        let answer = match route.verb {
            Verb::Get => olga.get(&path).await,
            Verb::Post => olga.post(&path, &[]).await,
        };
        assert!(answer.location().starts_with("/sign-in/second-factor"), "{path}: {} {}", answer.status, answer.location());
    }
    let page = olga.get("/account/security?next=/console").await;
    assert!(page.status == StatusCode::OK && page.page.contains("/account/security/app?next=%2Fconsole"), "{}", page.page);
    assert!(!page.page.contains("/account/sessions"), "no way to anything else");
    assert!(olga.get("/account/security/app?next=/console").await.page.contains("value=\"/console\""));
    assert_eq!(olga.get("/account/security/passkeys").await.status, StatusCode::OK);

    let link = link(&olga.post(APP, &[("step", "begin")]).await);
    let before = olga.cookies["postigo-session"].clone();
    let done = olga.post(APP, &[("step", "confirm"), ("code", &desk.code(&link)), ("next", "/console")]).await;
    assert_eq!((done.status, codes(&done).len()), (StatusCode::OK, 10));
    assert!(done.page.contains("href=\"/console\">I have") && done.page.contains("href=\"/account\""), "{}", done.page);
    assert_ne!(olga.cookies["postigo-session"], before, "the session is whole under another value");
    assert!(accounts::session(&desk.app, &before).await.expect("reads").is_none(), "and the old one is dead");
    assert_eq!(olga.get("/account").await.status, StatusCode::OK);
    let (_, token) = done.page.split_once("name=\"form_token\" value=\"").expect("the form that signs out");
    let token = token.split_once('"').expect("its end").0.to_owned();
    let out = olga.post_only("/sign-out", &[("form_token", &token)], &[]).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER, "the page belongs to the new session");
}

#[tokio::test]
async fn half_a_session_that_awaits_a_second_factor_cannot_set_up_another() {
    let (_test, desk) = desk().await;
    let mut ana = desk.signed_in(ANA, None).await;
    desk.enrol(&mut ana).await;
    let mut thief = desk.also(ANA, PASSWORD).await;
    for path in ["/account/security", APP, "/account/security/passkeys"] {
        assert!(thief.get(path).await.location().starts_with("/sign-in/second-factor"), "{path}");
    }
    for path in [APP, "/account/security/passkeys", "/account/security/passkeys/begin"] {
        assert!(thief.post(path, &[("step", "begin")]).await.location().starts_with("/sign-in/second-factor"), "{path}");
    }
}

#[tokio::test]
async fn passkeys_are_renamed_and_removed_by_their_owner_alone() {
    let (_test, desk) = desk().await;
    let (mut ana, mut eva) = (desk.signed_in(ANA, None).await, desk.signed_in("eva@shop.example", None).await);
    desk.passkey(&ana, "b25l", "Laptop").await;
    let (one, remove) = ("/account/security/passkeys/b25l", "/account/security/passkeys/b25l/remove");
    assert!(ana.get("/account/security").await.page.contains(one));
    for path in [one, remove] {
        assert_eq!(eva.get(path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(eva.post(path, &[("name", "Mine")]).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(ana.post(one, &[("name", " ")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ana.post(one, &[("name", "Blue key")]).await.location(), "/account/security?done=saved");
    assert!(ana.get("/account/security").await.page.contains("Blue key"));
    desk.hands.advance(601);
    assert!(ana.get(remove).await.location().starts_with("/account/prove"));
    assert!(ana.post(remove, &[]).await.location().starts_with("/account/prove"));
    ana.post("/account/prove", &[("password", PASSWORD)]).await;
    assert!(ana.get(remove).await.page.contains("only second factor"));
    assert_eq!(ana.post(remove, &[]).await.location(), "/account/security?done=passkey-removed");
    assert!(!ana.get("/account/security").await.page.contains("Blue key"));
}

#[tokio::test]
async fn what_an_authenticator_is_asked_goes_to_the_script_and_junk_is_refused() {
    let (_test, desk) = desk().await;
    let mut ana = desk.signed_in(ANA, None).await;
    let asked = ana.post("/account/security/passkeys/begin", &[]).await;
    assert_eq!(asked.headers["content-type"], "application/json");
    let asked: serde_json::Value = serde_json::from_str(&asked.page).expect("JSON");
    assert_eq!(asked["options"]["rp"]["id"], "portal.example");
    let ceremony = asked["ceremony"].as_str().expect("an id");
    for (ceremony, credential) in [(ceremony, "{}"), (ceremony, "{\"rawId\":\"AA\"}"), ("x", "{"), ("", "")] {
        let refused = ana.post("/account/security/passkeys", &[("name", "Key"), ("ceremony", ceremony), ("credential", credential)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{ceremony} {credential}");
    }
    assert_eq!(ana.post("/account/prove/passkey", &[]).await.status, StatusCode::CONFLICT, "she has none");
    assert_eq!(ana.post("/account/prove", &[("ceremony", "x"), ("credential", "{}")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_portal_without_a_name_says_why_there_are_no_passkeys() {
    let test = store::testkit::sqlite().await;
    let desk = Desk::open_under(&test, "http://192.0.2.1:8080", |_| {}).await;
    let mut ana = desk.signed_in(ANA, None).await;
    let page = ana.get("/account/security").await.page;
    assert!(page.contains("this portal has no name") && !page.contains("href=\"/account/security/passkeys\""), "{page}");
    assert_eq!(ana.get("/account/security/passkeys").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn markup_in_the_names_of_people_passkeys_and_browsers_is_text() {
    let (_test, desk) = desk().await;
    let mut ana = desk.signed_in(ANA, None).await;
    assert_eq!(ana.post("/account", &[("change", "name"), ("name", MARKUP)]).await.status, StatusCode::SEE_OTHER);
    desk.passkey(&ana, "b25l", MARKUP).await;
    let visit = accounts::Visit { address: [192, 0, 2, 9].into(), agent: Some(MARKUP) };
    accounts::sign_in(&desk.app, ANA, PASSWORD, visit).await.expect("signs in");
    let one = "/account/security/passkeys/b25l";
    for path in ["/account", "/account/security", one, &format!("{one}/remove"), "/account/sessions"] {
        let page = ana.get(path).await.page;
        assert!(page.contains("&#62;&#60;img src=x") || page.contains("&#34;&#62;&#60;img"), "{path} shows it: {page}");
        assert!(!page.contains("<img"), "{path}: {page}");
    }
    let typed = ana.post("/account", &[("change", "name"), ("name", &format!("{MARKUP}{}", "x".repeat(100)))]).await;
    assert!(typed.status == StatusCode::UNPROCESSABLE_ENTITY && !typed.page.contains("<img"), "{}", typed.page);
}
