//! From no account to one whose address is confirmed.

use http::{Method, StatusCode};
use store::testkit;

use super::*;

store::on_both_engines! {
    async fn a_link_is_looked_at_as_often_as_one_likes_and_works_once(test: TestDb) {
        let desk = Desk::open(&test).await;
        let mut ana = desk.browser();
        let answer = register(&mut ana, ANA).await;
        assert!(answer.status == StatusCode::OK && answer.page.contains(ANA) && answer.page.contains("/mailbox"), "{}", answer.page);
        let token = token(&desk, ANA, "/verify").await;
        let link = format!("/verify?token={token}");
        for method in [Method::GET, Method::GET, Method::HEAD] {
            assert_eq!(ana.ask(method, &link, &[], String::new()).await.status, StatusCode::OK);
        }
        assert_eq!(sign_in(&mut ana, ANA, PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY, "looking confirmed nothing");
        assert_eq!(ana.post("/verify", &[("token", &token)]).await.location(), "/sign-in?done=verified");
        assert!(!ana.cookies.contains_key("postigo-session"), "whoever has the link need not have the password");
        assert_eq!(ana.post("/verify", &[("token", &token)]).await.status, StatusCode::NOT_FOUND, "once");
        let dead = ana.get(&link).await;
        assert!(dead.status == StatusCode::NOT_FOUND && dead.page.contains("href=\"/register/again\""), "{}", dead.page);
        assert_eq!(sign_in(&mut ana, ANA, PASSWORD).await.location(), "/organisations");
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_in_the_readers_language_and_what_was_typed_stays() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut ana = desk.browser();
    let wrongs = [
        ("ana", "Ana", PASSWORD, "Escribe una dirección de correo", "E-mail address"),
        (ANA, " ", PASSWORD, "Escribe de 1 a 100", "1 to 100 characters"),
        (ANA, "Ana", "corta", "al menos 10 caracteres", "at least 10 characters"),
        (ANA, "Ana", "password1234", "de las primeras", "among the first"),
    ];
    for (email, name, password, spanish, english) in wrongs {
        for (language, says) in [("es", spanish), ("en", english)] {
            ana.language = language;
            let answer = ana.post("/register", &[("email", email), ("name", name), ("password", password)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.page.contains(says) && answer.page.contains(&format!("value=\"{email}\"")), "{says} is not in {}", answer.page);
            assert!(!answer.page.contains(password), "a password never comes back");
        }
    }
    assert_eq!(mails(&desk).await, 0);
    for path in ["/register/again", "/recover"] {
        assert_eq!(ana.post(path, &[("email", "no address")]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    }
}

#[tokio::test]
async fn where_somebody_was_going_is_kept_until_the_address_is_confirmed_and_only_inside() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut ana = desk.browser();
    assert!(ana.get("/sign-in?next=/apis?x=1").await.page.contains("/register?next=%2Fapis%3Fx%3D1"));
    let fields = [("email", ANA), ("name", "Ana"), ("password", PASSWORD), ("next", "/apis?x=1")];
    assert!(ana.post("/register", &fields).await.page.contains("/sign-in?next=%2Fapis%3Fx%3D1"));
    let first = token(&desk, ANA, "/verify").await;
    assert_eq!(ana.post("/verify", &[("token", &first)]).await.location(), "/sign-in?next=%2Fapis%3Fx%3D1&done=verified");
    assert!(!ana.cookies.contains_key("postigo-next"));

    let mut bea = desk.browser();
    for planted in ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example", "%2F%09%2Fevil.example", "%0D%0Ax%3A%20y"] {
        desk.hands.advance(3600);
        register(&mut bea, "bea@shop.example").await;
        let token = token(&desk, "bea@shop.example", "/verify").await;
        bea.cookies.insert("postigo-next".into(), planted.into());
        let location = bea.post("/verify", &[("token", &token)]).await.location().to_owned();
        assert_eq!(location, "/sign-in?done=verified", "{planted}");
        accounts::delete_by(&desk.app, &app::Actor::System, accounts::find(&desk.app, "bea@shop.example").await.expect("there").id)
            .await
            .expect("deletes");
    }
}

#[tokio::test]
async fn mails_speak_the_language_of_the_page_and_know_no_host_but_the_configured_one() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut ana = desk.browser();
    ana.language = "es";
    ana.get("/register").await;
    let token = desk.app.form_token(&ana.cookies["postigo-visitor"]);
    let evil =
        [("host", "evil.example"), ("x-forwarded-host", "evil.example"), ("forwarded", "host=evil.example"), ("x-original-url", "/x")];
    let fields = [("form_token", token.as_str()), ("email", ANA), ("name", "Ana"), ("password", PASSWORD)];
    assert_eq!(ana.post_only("/register", &fields, &evil).await.status, StatusCode::OK);
    let text = mailed(&desk, ANA).await;
    assert!(text.contains(&format!("{URL}/verify?token=")) && text.contains("Hola") && !text.contains("evil"), "{text}");
    desk.hands.advance(1);
    assert_eq!(ana.post_only("/recover", &fields[..2], &evil).await.status, StatusCode::OK);
    let text = mailed(&desk, ANA).await;
    assert!(text.contains(&format!("{URL}/recover/new-password?token=")) && !text.contains("evil"), "{text}");
}

#[tokio::test]
async fn who_wants_a_passkey_instead_of_a_password_is_let_in_by_the_link_to_set_it_up() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut ana = desk.browser();
    let answer = ana.post("/register", &[("email", ANA), ("name", "Ana"), ("password", ""), ("way", "passkey")]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(sign_in(&mut ana, ANA, "").await.status, StatusCode::UNPROCESSABLE_ENTITY, "no password is not the empty one");
    let token = token(&desk, ANA, "/verify").await;
    assert_eq!(ana.post("/verify", &[("token", &token)]).await.location(), "/account/security");
    assert_eq!(whole(&ana, &desk).await.account().email.as_str(), ANA);
}

#[tokio::test]
async fn nobody_is_asked_who_is_there_already() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut ana = desk.signed_in(ANA, None).await;
    for path in ["/register", "/sign-in", "/sign-in/second-factor"] {
        assert_eq!(ana.get(&format!("{path}?next=/apis")).await.location(), "/apis", "{path}");
        assert_eq!(ana.get(&format!("{path}?next=//evil.example")).await.location(), "/organisations", "{path}");
    }
}
