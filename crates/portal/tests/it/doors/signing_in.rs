//! Signing in, the second factor, and what half a session may do.

use domain::{Language, role::Staff};
use http::{Method, StatusCode, header::RETRY_AFTER};
use portal::routes::{Audience, ROUTES, Verb};
use store::testkit;

use super::*;

const SECOND: &str = "/sign-in/second-factor";

/// Whatever a browser could read as another host, or as no address at all.
const ELSEWHERE: [&str; 16] = [
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\r\nlocation: //evil.example",
    "/ /evil.example",
    "evil.example",
    "@evil.example",
    "portal.example@evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
];

store::on_both_engines! {
    async fn the_cookie_changes_with_every_proof_and_the_one_before_is_dead(test: TestDb) {
        let desk = Desk::open(&test).await;
        let mut ana = desk.signed_in(ANA, None).await;
        let (uri, _) = enrol(&desk, &ana).await;
        let mut mallory = desk.signed_in("mallory@shop.example", None).await;
        let planted = mallory.cookies["postigo-session"].clone();

        // A value of the attacker's choosing, dead or alive, in the victim's browser.
        for value in ["x".repeat(43), planted.clone()] {
            ana.cookies.insert("postigo-session".into(), value.clone());
            sign_in(&mut ana, ANA, PASSWORD).await;
            let half = ana.cookies["postigo-session"].clone();
            assert_ne!(half, value);
            assert!(accounts::session(&desk.app, &value).await.expect("reads").is_none(), "what was planted opens nothing");
            assert_eq!(ana.post(SECOND, &[("code", &code(&desk, &uri))]).await.location(), "/organisations");
            assert_ne!(ana.cookies["postigo-session"], half);
            assert!(accounts::session(&desk.app, &half).await.expect("reads").is_none(), "and so does the half one");
            whole(&ana, &desk).await;
            desk.hands.advance(30);
        }
        assert_eq!(mallory.get("/").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn the_cookie_is_for_this_host_and_no_script() {
    let test = testkit::sqlite().await;
    let desk = Desk::open_with(&test, |settings| settings.public_url = "https://portal.example".into()).await;
    desk.signed_in(ANA, None).await;
    let mut ana = desk.browser();
    ana.get("/sign-in").await;
    let token = desk.app.form_token(&ana.cookies["__Host-postigo-visitor"]);
    let answer = ana.post_only("/sign-in", &[("email", ANA), ("password", PASSWORD), ("form_token", &token)], &[]).await;
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().expect("text")).collect();
    let cookie = cookies.iter().find(|cookie| cookie.starts_with("__Host-postigo-session=")).expect("a session");
    for attribute in ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"] {
        assert!(cookie.contains(attribute) && !cookie.contains("Domain"), "{cookie}");
    }
}

#[tokio::test]
async fn signing_in_leads_to_a_page_of_ours_whatever_next_says() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    desk.signed_in(ANA, None).await;
    for next in ELSEWHERE {
        let mut ana = desk.browser();
        let query: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let page = ana.get(&format!("/sign-in?next={query}")).await.page;
        // The link to the other language keeps the query, as it stands.
        assert!(page.contains("name=\"next\" value=\"/organisations\"") && page.contains("href=\"/register\""), "{next:?}: {page}");
        let fields = [("email", ANA), ("password", PASSWORD), ("next", next)];
        assert_eq!(ana.post("/sign-in", &fields).await.location(), "/organisations", "{next:?}");
    }
    let mut ana = desk.browser();
    let answer = ana.post("/sign-in", &[("email", ANA), ("password", PASSWORD), ("next", "/projects/1?tab=2")]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/projects/1?tab=2"));
}

#[tokio::test]
async fn next_is_as_safe_after_the_second_factor_and_is_kept_on_the_way_there() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let ana = desk.signed_in(ANA, None).await;
    let (uri, _) = enrol(&desk, &ana).await;
    let mut ana = desk.browser();
    let answer = ana.post("/sign-in", &[("email", ANA), ("password", PASSWORD), ("next", "/apis?x=1")]).await;
    assert_eq!(answer.location(), "/sign-in/second-factor?next=%2Fapis%3Fx%3D1");
    let page = ana.get("/sign-in/second-factor?next=%2Fapis%3Fx%3D1").await.page;
    assert!(page.contains("name=\"next\" value=\"/apis?x=1\"") && page.contains("autocomplete=\"one-time-code\""), "{page}");
    for next in ELSEWHERE {
        desk.hands.advance(30);
        sign_in(&mut ana, ANA, PASSWORD).await;
        let answer = ana.post(SECOND, &[("code", &code(&desk, &uri)), ("next", next)]).await;
        assert_eq!(answer.location(), "/organisations", "{next:?}");
    }
}

#[tokio::test]
async fn half_a_session_reaches_no_page_that_is_for_somebody() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut ana = desk.signed_in(ANA, None).await;
    enrol(&desk, &ana).await;
    sign_in(&mut ana, ANA, PASSWORD).await;
    let closed = ROUTES.iter().filter(|route| matches!(route.audience, Audience::Account | Audience::Staff));
    assert!(closed.clone().count() > 80, "there are many");
    for route in closed {
        let path: String = route.path.replace(['{', '}'], "");
        let method = if route.verb == Verb::Get { Method::GET } else { Method::POST };
        let answer = match method {
            Method::GET => ana.get(&path).await,
            _ => ana.post(&path, &[]).await,
        };
        assert!(answer.location().starts_with(SECOND), "{method} {path}: {} {}", answer.status, answer.location());
    }
    let page = ana.get("/").await.page;
    assert!(!page.contains("href=\"/account\"") && !page.contains("href=\"/organisations\""), "{page}");
    assert!(held(&ana, &desk).await.expect("half").whole().is_err());
}

#[tokio::test]
async fn the_second_factor_is_for_who_gave_the_password_and_staff_without_one_set_it_up_first() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut nobody = desk.browser();
    assert_eq!(nobody.get(SECOND).await.location(), "/sign-in");
    assert_eq!(nobody.post(SECOND, &[("code", "123456"), ("next", "/apis")]).await.location(), "/sign-in?next=%2Fapis");
    assert_eq!(nobody.post("/sign-in/second-factor/passkey/begin", &[]).await.location(), "/sign-in");
    let mut olga = desk.signed_in("olga@carrier.example", Some(Staff::Support)).await;
    for path in [SECOND, "/sign-in/second-factor/passkey", "/sign-in/second-factor/passkey/begin"] {
        assert_eq!(olga.post(path, &[("code", "123456")]).await.location(), "/account/security", "{path}");
    }
    assert_eq!(olga.get("/sign-in/second-factor?next=/console").await.location(), "/account/security?next=%2Fconsole");
    let mut again = desk.browser();
    assert_eq!(sign_in(&mut again, "olga@carrier.example", PASSWORD).await.location(), "/account/security");
}

#[tokio::test]
async fn a_code_works_once_a_wrong_one_is_not_shown_again_and_guessing_it_is_slowed() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut ana = desk.signed_in(ANA, None).await;
    let (uri, codes) = enrol(&desk, &ana).await;
    sign_in(&mut ana, ANA, PASSWORD).await;
    let fields = [("code", codes[0].as_str()), ("by", "recovery")];
    assert_eq!(ana.post(SECOND, &fields).await.location(), "/organisations");
    sign_in(&mut ana, ANA, PASSWORD).await;
    let twice = ana.post(SECOND, &fields).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!twice.page.contains(&codes[0]) && twice.page.contains("<details open>"), "{}", twice.page);
    let mut last = twice;
    for _ in 0..5 {
        last = ana.post(SECOND, &[("code", "000000")]).await;
    }
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(last.headers.contains_key(RETRY_AFTER));
    assert_eq!(ana.post(SECOND, &[("code", &code(&desk, &uri))]).await.status, StatusCode::TOO_MANY_REQUESTS, "even the right one");
    assert!(held(&ana, &desk).await.expect("half").whole().is_err());
}

#[tokio::test]
async fn the_language_of_the_account_follows_it_to_every_browser() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut ana = desk.signed_in(ANA, None).await;
    accounts::set_language(&desk.app, &whole(&ana, &desk).await, Some(Language::Spanish)).await.expect("sets");
    ana.post("/sign-out", &[]).await;
    let mut elsewhere = desk.browser();
    assert!(elsewhere.get("/sign-in").await.page.contains("<html lang=\"en\">"));
    sign_in(&mut elsewhere, ANA, PASSWORD).await;
    assert!(elsewhere.get("/").await.page.contains("<html lang=\"es\">"));
    assert!(elsewhere.get("/?lang=en").await.page.contains("<html lang=\"en\">"), "what the address says comes first");
}

#[tokio::test]
async fn a_passkey_is_asked_for_and_what_is_no_answer_opens_nothing() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut ana = desk.browser();
    let page = ana.get("/sign-in").await.page;
    assert!(page.contains("data-passkey=\"get\" data-begin=\"/sign-in/passkey/begin\""), "{page}");
    let asked = ana.post("/sign-in/passkey/begin", &[]).await;
    assert_eq!((asked.status, &asked.headers["content-type"]), (StatusCode::OK, &"application/json".parse().expect("a value")));
    let asked: serde_json::Value = serde_json::from_str(&asked.page).expect("JSON");
    assert_eq!((&asked["options"]["rpId"], &asked["options"]["userVerification"]), (&"portal.example".into(), &"required".into()));
    let ceremony = asked["ceremony"].as_str().expect("an id");
    for (ceremony, credential) in [("x", "{}"), (ceremony, "no JSON"), (ceremony, "{}"), (ceremony, "[[[[")] {
        let answer = ana.post("/sign-in/passkey", &[("ceremony", ceremony), ("credential", credential)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{credential}");
        assert!(answer.page.contains("That passkey was not recognised") && !ana.cookies.contains_key("postigo-session"));
    }
}
