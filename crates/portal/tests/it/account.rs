//! Somebody's own account: proof, profile, address, sessions, data, the end.

use app::{accounts, mail};
use domain::role::Role;
use http::StatusCode;
use portal::routes::{ROUTES, Verb};

use crate::desk::{Browser, Desk, PASSWORD, URL};

const ANA: &str = "ana@shop.example";
const NEW: &str = "tres tristes tigres";

async fn desk() -> (store::testkit::TestDb, Desk) {
    let test = store::testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    (test, desk)
}

impl Desk {
    /// Another browser of somebody who has an account.
    pub async fn also(&self, email: &str, password: &str) -> Browser {
        let mut browser = self.browser();
        browser.post("/sign-in", &[("email", email), ("password", password)]).await;
        browser
    }

    /// The link in the newest mail to this address, as a path.
    async fn link_to(&self, email: &str) -> String {
        let mails = mail::mailbox(&self.app, 100).await.expect("reads");
        let text = mails.into_iter().find(|posted| posted.mail.recipient.as_str() == email).and_then(|posted| posted.text).expect("a mail");
        let (_, link) = text.expose().split_once(URL).expect("a link");
        link.split_whitespace().next().expect("its path").to_owned()
    }
}

#[tokio::test]
async fn nobody_sees_an_account_and_no_form_of_it_is_taken_from_elsewhere() {
    let (_test, desk) = desk().await;
    let mut ana = desk.signed_in(ANA, None).await;
    let mut routes = 0;
    for route in ROUTES.iter().filter(|route| route.path.starts_with("/account")) {
        let path = route.path.replace("{session}", "0197").replace("{passkey}", "x");
        let answer = match route.verb {
            Verb::Get => desk.browser().get(&path).await,
            Verb::Post => desk.browser().post(&path, &[]).await,
        };
        let open = path == "/account/email/confirm";
        let expected = if open { StatusCode::GONE } else { StatusCode::SEE_OTHER };
        assert_eq!(answer.status, expected, "{:?} {path}", route.verb);
        assert!(open || answer.location().starts_with("/sign-in?next="), "{path}: {}", answer.location());
        if route.verb == Verb::Post {
            let foreign = ana.post_only(&path, &[("form_token", "x")], &[("sec-fetch-site", "same-origin")]).await;
            assert_eq!(foreign.status, StatusCode::FORBIDDEN, "{path}");
        }
        routes += 1;
    }
    assert!(routes > 20, "{routes}");
}

#[tokio::test]
async fn a_proof_counts_for_ten_minutes_and_leads_back_to_a_page_of_ours_only() {
    let (_test, desk) = desk().await;
    let mut ana = desk.signed_in(ANA, None).await;
    assert_eq!(ana.get("/account/email").await.status, StatusCode::OK, "who has just signed in has proved it");
    desk.hands.advance(601);
    for path in ["/account/email", "/account/data/delete", "/account/security/app", "/account/security/codes", "/account/security/passkeys"]
    {
        let asked = ana.get(path).await;
        let proof = format!("/account/prove?next={}", path.replace('/', "%2F"));
        assert_eq!((asked.status, asked.location()), (StatusCode::SEE_OTHER, proof.as_str()));
    }
    assert_eq!(ana.get("/account/data/export").await.location(), "/account/prove?next=%2Faccount%2Fdata");
    for path in ["/account/data/delete", "/account/email", "/account/security/app"] {
        let asked = ana.post(path, &[("email", "new@shop.example")]).await;
        assert!(asked.location().starts_with("/account/prove?"), "{path}: {}", asked.location());
    }
    let wrong = ana.post("/account/prove", &[("password", "no es esta"), ("next", "/account/email")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.page.contains("name=\"next\" value=\"/account/email\""), "{}", wrong.page);
    let right = ana.post("/account/prove", &[("password", PASSWORD), ("next", "/account/email")]).await;
    assert_eq!((right.status, right.location()), (StatusCode::SEE_OTHER, "/account/email"));
    assert_eq!(ana.get("/account/email").await.status, StatusCode::OK);
    for next in ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", "evil"] {
        desk.hands.advance(601);
        let proved = ana.post("/account/prove", &[("password", PASSWORD), ("next", next)]).await;
        assert_eq!(proved.location(), "/account", "{next:?}");
        let asked = ana.get(&format!("/account/prove?next={}", next.replace('\t', "%09").replace('\\', "%5C"))).await;
        assert_eq!(asked.location(), "/account", "{next:?}");
    }
}

#[tokio::test]
async fn another_password_ends_the_other_sessions_and_needs_the_old_one() {
    let (_test, desk) = desk().await;
    let mut ana = desk.signed_in(ANA, None).await;
    let mut other = desk.also(ANA, PASSWORD).await;
    assert_eq!(other.get("/account").await.status, StatusCode::OK);
    for (current, new, field) in
        [("no es esta", NEW, "current-wrong"), (PASSWORD, "corta", "password-wrong"), (PASSWORD, "passwordpassword", "password-wrong")]
    {
        let refused = ana.post("/account", &[("change", "password"), ("current", current), ("password", new)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.page.contains(field) && !refused.page.contains(new), "{}", refused.page);
    }
    assert_eq!(other.get("/account").await.status, StatusCode::OK);
    let changed = ana.post("/account", &[("change", "password"), ("current", PASSWORD), ("password", NEW)]).await;
    assert_eq!((changed.status, changed.location()), (StatusCode::SEE_OTHER, "/account?done=password-changed"));
    assert!(other.get("/account").await.location().starts_with("/sign-in"), "another session");
    assert_eq!(ana.get("/account").await.status, StatusCode::OK, "this one");
    assert!(desk.also(ANA, PASSWORD).await.get("/account").await.location().starts_with("/sign-in"), "the old password");
    assert_eq!(desk.also(ANA, NEW).await.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_language_of_the_account_goes_with_it_and_may_be_left_to_the_browser() {
    let (_test, desk) = desk().await;
    let mut ana = desk.signed_in(ANA, None).await;
    ana.post("/account", &[("change", "language"), ("language", "es")]).await;
    assert_eq!(ana.cookies["postigo-language"], "es");
    assert!(ana.get("/account").await.page.contains("<html lang=\"es\">"));
    assert_eq!(desk.also(ANA, PASSWORD).await.cookies["postigo-language"], "es");
    ana.post("/account", &[("change", "language"), ("language", "")]).await;
    assert!(!ana.cookies.contains_key("postigo-language"));
    assert!(ana.get("/account").await.page.contains("<html lang=\"en\">"));
    assert_eq!(ana.post("/account", &[("change", "language"), ("language", "xx")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ana.post("/account", &[("change", "staff")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_link_to_a_new_address_shows_a_button_that_works_once() {
    let (_test, desk) = desk().await;
    let mut ana = desk.signed_in(ANA, None).await;
    for wrong in ["no es una", ANA, "Ana@Shop.example"] {
        assert_eq!(ana.post("/account/email", &[("email", wrong)]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    let asked = ana.post("/account/email", &[("email", "new@shop.example")]).await;
    assert_eq!(asked.location(), "/account?done=address-asked");
    let link = desk.link_to("new@shop.example").await;
    let mut anybody = desk.browser();
    for _ in 0..2 {
        let page = anybody.get(&link).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.page.contains(ANA), "whoever has the link learns no address from it");
    }
    assert!(ana.get("/account").await.page.contains(ANA), "opening it changes nothing");
    let token = link.split_once('=').expect("a token").1;
    let done = anybody.post("/account/email/confirm", &[("token", token)]).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/sign-in?done=address-moved"));
    assert!(ana.get("/account").await.page.contains("new@shop.example"));
    assert_eq!(anybody.post("/account/email/confirm", &[("token", token)]).await.status, StatusCode::GONE);
    assert_eq!(anybody.get(&link).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_owner_alone() {
    let (_test, desk) = desk().await;
    let (mut ana, mut eva) = (desk.signed_in(ANA, None).await, desk.signed_in("eva@shop.example", None).await);
    let mut phone = desk.also(ANA, PASSWORD).await;
    let mut tablet = desk.also(ANA, PASSWORD).await;
    let page = ana.get("/account/sessions").await.page;
    assert_eq!(page.matches("<tr>").count(), 4, "a head and three sessions: {page}");
    assert_eq!(page.matches(">this one<").count(), 1);
    let end = page.split('"').find(|text| text.ends_with("/end")).expect("a session to end").to_owned();
    assert_eq!(eva.post(&end, &[]).await.status, StatusCode::NOT_FOUND, "somebody else's");
    assert_eq!(ana.post("/account/sessions/x/end", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ana.post(&end, &[]).await.location(), "/account/sessions?done=session-ended");
    let mut left = [phone.get("/account").await.status, tablet.get("/account").await.status];
    left.sort();
    assert_eq!(left, [StatusCode::OK, StatusCode::SEE_OTHER], "one of them has ended");
    ana.post("/account/sessions/end-others", &[]).await;
    assert!(phone.get("/account").await.status == StatusCode::SEE_OTHER && tablet.get("/account").await.status == StatusCode::SEE_OTHER);
    assert_eq!(eva.get("/account").await.status, StatusCode::OK, "not those of others");
    let this = match accounts::session(&desk.app, &ana.cookies["postigo-session"]).await.expect("reads") {
        Some(accounts::Session::Whole(who)) => who.session().id,
        other => panic!("{other:?}"),
    };
    assert_eq!(ana.post(&format!("/account/sessions/{this}/end"), &[]).await.location(), "/?done=signed-out");
    assert!(!ana.cookies.contains_key("postigo-session"));
}

#[tokio::test]
async fn the_export_is_a_file_without_a_secret() {
    let (_test, desk) = desk().await;
    let mut ana = desk.signed_in(ANA, None).await;
    ana.post("/account/email", &[("email", "new@shop.example")]).await;
    let link = desk.link_to("new@shop.example").await;
    let export = ana.get("/account/data/export").await;
    assert_eq!(export.headers["content-disposition"], "attachment; filename=\"postigo-account.json\"");
    assert_eq!(
        (&export.headers["content-type"], &export.headers["cache-control"]),
        (&"application/json".parse().expect("a value"), &"no-store".parse().expect("a value"))
    );
    assert!(export.page.contains(ANA) && export.page.contains("account.sign_in"), "{}", export.page);
    for secret in [ana.cookies["postigo-session"].as_str(), link.split_once('=').expect("a token").1, "argon2", "hash"] {
        assert!(!export.page.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn the_only_owner_stays_and_who_goes_is_signed_out() {
    let (_test, desk) = desk().await;
    let founded = desk.founded("Librería <b>Sur</b>").await;
    let mut ana = desk.member(founded.organisation.id, ANA, Role::Owner).await;
    desk.hands.advance(601);
    let page = ana.get("/account/data/delete").await;
    assert!(
        page.status == StatusCode::OK && page.page.contains("Librería &#60;b&#62;Sur"),
        "what stops it is said before any proof: {}",
        page.page
    );
    assert!(!page.page.contains("action=\"/account/data/delete\""), "no button");
    ana.post("/account/prove", &[("password", PASSWORD)]).await;
    assert_eq!(ana.post("/account/data/delete", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ana.get("/account").await.status, StatusCode::OK);

    let mut eva = desk.member(founded.organisation.id, "eva@shop.example", Role::Owner).await;
    assert!(ana.get("/account/data/delete").await.page.contains("action=\"/account/data/delete\""));
    let gone = ana.post("/account/data/delete", &[]).await;
    assert_eq!((gone.status, gone.location()), (StatusCode::SEE_OTHER, "/?done=account-deleted"));
    assert!(!ana.cookies.contains_key("postigo-session"));
    assert!(ana.get("/?done=account-deleted").await.page.contains("Your account is gone"));
    assert!(desk.also(ANA, PASSWORD).await.get("/account").await.location().starts_with("/sign-in"));
    assert_eq!(eva.post("/account/data/delete", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "now she is the only one");
}
