//! What the doors answer is the same whether or not they know the address (trust section 1, row 53, and enumeration).

use http::{StatusCode, header::RETRY_AFTER};
use store::testkit;

use super::*;

/// All that arrives, but the ids of the request.
fn all(answer: &Answer) -> String {
    let id = answer.headers["x-request-id"].to_str().expect("text");
    let headers: Vec<_> = answer.headers.iter().filter(|(name, _)| *name != "x-request-id").collect();
    format!("{} {headers:?}\n{}", answer.status, answer.page.replace(id, "ID"))
}

#[tokio::test]
async fn registering_recovering_and_asking_again_answer_the_same_byte_for_byte() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut stranger = desk.browser();
    stranger.get("/register").await;
    let mut seen = Vec::new();
    // Nobody has the address; somebody registered it; somebody has it.
    for stage in 0..3 {
        let recovering = all(&stranger.post("/recover", &[("email", ANA)]).await);
        let again = all(&stranger.post("/register/again", &[("email", ANA), ("next", "/apis")]).await);
        desk.hands.advance(1);
        let registering = all(&register(&mut stranger, ANA).await);
        assert!(registering.starts_with("200") && recovering.starts_with("200") && again.starts_with("200"), "{registering}");
        seen.push([recovering, again, registering]);
        if stage == 1 {
            let token = token(&desk, ANA, "/verify").await;
            desk.browser().post("/verify", &[("token", &token)]).await;
            desk.hands.advance(1);
        }
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[1], seen[2]);
    let told = mailed(&desk, ANA).await;
    assert!(told.contains("there is one already"), "its owner is told: {told}");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_refused_alike_and_slowed_alike() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut stranger = desk.browser();
    stranger.get("/sign-in").await;
    let unknown = all(&sign_in(&mut stranger, ANA, "no es esta ni otra").await);
    desk.signed_in(ANA, None).await;
    let known = all(&sign_in(&mut stranger, ANA, "no es esta ni otra").await);
    assert!(unknown.starts_with("422") && !unknown.contains("postigo-session"), "{unknown}");
    assert_eq!(unknown, known);

    let mut last = Vec::new();
    for email in ["bea@shop.example", "nobody@shop.example"] {
        if email.starts_with("bea") {
            desk.signed_in(email, None).await;
        }
        for _ in 0..5 {
            assert_eq!(sign_in(&mut stranger, email, "no es esta ni otra").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        last.push(sign_in(&mut stranger, email, PASSWORD).await);
    }
    for answer in &last {
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "even the right password waits");
        let seconds: i64 = answer.headers[RETRY_AFTER].to_str().expect("text").parse().expect("seconds");
        assert!((1..=900).contains(&seconds), "{seconds}");
        assert!(answer.page.contains(&format!("in {seconds} seconds")), "{}", answer.page);
    }
    assert_eq!(all(&last[0]), all(&last[1]));
    desk.hands.advance(900);
    assert_eq!(sign_in(&mut stranger, "bea@shop.example", PASSWORD).await.location(), "/organisations", "and the wait ends");
}

#[tokio::test]
async fn that_an_address_waits_to_be_confirmed_is_told_to_who_knows_the_password() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut ana = desk.browser();
    register(&mut ana, ANA).await;
    let right = sign_in(&mut ana, ANA, PASSWORD).await;
    assert_eq!(right.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(right.page.contains("action=\"/register/again\"") && right.page.contains("not verified"), "{}", right.page);
    let wrong = sign_in(&mut ana, ANA, "no es esta ni otra").await;
    assert!(!wrong.page.contains("action=\"/register/again\""), "{}", wrong.page);
}
