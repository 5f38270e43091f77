//! From a forgotten password to a new one.

use http::StatusCode;
use store::testkit;

use super::*;

const NEW: &str = "nueve nubes verdes";
const PATH: &str = "/recover/new-password";

store::on_both_engines! {
    async fn a_new_password_ends_the_old_one_and_every_session_and_signs_nobody_in(test: TestDb) {
        let desk = Desk::open(&test).await;
        let thief = desk.signed_in(ANA, None).await;
        let mut ana = desk.browser();
        ana.post("/recover", &[("email", ANA)]).await;
        let token = token(&desk, ANA, PATH).await;
        let page = ana.get(&format!("{PATH}?token={token}")).await;
        assert!(page.status == StatusCode::OK && page.page.contains("autocomplete=\"new-password\""), "{}", page.page);
        assert!(held(&thief, &desk).await.is_some(), "looking at the page changes nothing");
        let weak = ana.post(PATH, &[("token", &token), ("password", "corta")]).await;
        assert!(weak.status == StatusCode::UNPROCESSABLE_ENTITY && weak.page.contains(&token), "the link still works: {}", weak.page);
        assert_eq!(ana.post(PATH, &[("token", &token), ("password", NEW)]).await.location(), "/sign-in?done=password-set");
        assert!(held(&ana, &desk).await.is_none() && held(&thief, &desk).await.is_none());
        let twice = ana.post(PATH, &[("token", &token), ("password", "otra distinta aun")]).await;
        assert!(twice.status == StatusCode::NOT_FOUND && twice.page.contains("href=\"/recover\""), "{}", twice.page);
        assert_eq!(sign_in(&mut ana, ANA, PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY, "the old one");
        assert_eq!(sign_in(&mut ana, ANA, NEW).await.location(), "/organisations");
    }
}

#[tokio::test]
async fn a_link_for_one_thing_is_none_for_another_and_a_made_up_one_is_none_at_all() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut ana = desk.browser();
    register(&mut ana, ANA).await;
    let verify = token(&desk, ANA, "/verify").await;
    let odd = ["", "x", verify.as_str(), "%00", "a+b", "\u{e9}\u{10ffff}"];
    for token in odd {
        let query: String = form_urlencoded::byte_serialize(token.as_bytes()).collect();
        assert_eq!(ana.get(&format!("{PATH}?token={query}")).await.status, StatusCode::NOT_FOUND, "{token:?}");
        assert_eq!(ana.post(PATH, &[("token", token), ("password", NEW)]).await.status, StatusCode::NOT_FOUND, "{token:?}");
    }
    assert_eq!(ana.get(PATH).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ana.get("/verify").await.status, StatusCode::NOT_FOUND);
    desk.hands.advance(1);
    ana.post("/recover", &[("email", ANA)]).await;
    let recover = token(&desk, ANA, PATH).await;
    assert_eq!(ana.post("/verify", &[("token", &recover)]).await.status, StatusCode::NOT_FOUND);
    desk.hands.advance(30 * 60);
    assert_eq!(ana.post(PATH, &[("token", &recover), ("password", NEW)]).await.status, StatusCode::NOT_FOUND, "too old");
}

#[tokio::test]
async fn the_second_factor_outlives_the_password() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut ana = desk.signed_in(ANA, None).await;
    let (uri, _) = enrol(&desk, &ana).await;
    ana.post("/recover", &[("email", ANA)]).await;
    let token = token(&desk, ANA, PATH).await;
    ana.post(PATH, &[("token", &token), ("password", NEW)]).await;
    assert_eq!(sign_in(&mut ana, ANA, NEW).await.location(), "/sign-in/second-factor");
    assert!(held(&ana, &desk).await.expect("half").whole().is_err());
    let answer = ana.post("/sign-in/second-factor", &[("code", &code(&desk, &uri))]).await;
    assert_eq!(answer.location(), "/organisations");
}
