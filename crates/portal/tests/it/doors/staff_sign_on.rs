//! Staff sign on by a provider: what the pages say on the way there and back. What its word opens is tried in `app`.

use std::sync::Arc;

use app::{
    Actor,
    accounts::{Answer as Said, Asking, Line, Question, SignOn, Terms},
};
use domain::{role::Staff, secret::Secret};
use http::StatusCode;
use serde_json::json;
use store::testkit::{self, TestDb};

use super::*;

const ISSUER: &str = "https://login.operator.example";

/// A provider that publishes what it is and takes no code.
struct Deaf;

impl Line for Deaf {
    fn ask<'l>(&'l self, question: Question<'l>) -> Asking<'l> {
        Box::pin(async move {
            let about = json!({"issuer": ISSUER, "authorization_endpoint": format!("{ISSUER}/auth"), "token_endpoint": format!("{ISSUER}/token"),
                "jwks_uri": format!("{ISSUER}/keys")});
            let refusal = json!({"error": "server_error", "error_description": "<b>the provider's own words</b>"});
            let (status, body) = if question.url.ends_with("/openid-configuration") { (200, about) } else { (500, refusal) };
            Ok(Said { status, body: body.to_string().into_bytes() })
        })
    }
}

async fn desk(test: &TestDb) -> Desk {
    let terms = Terms {
        issuer: ISSUER.into(),
        client_id: "postigo".into(),
        client_secret: Secret::new("secret".into()),
        scopes: "openid email".into(),
        name: "Casa & Cía".into(),
        role_claim: "groups".into(),
        roles: vec![("all".into(), Staff::Viewer)],
        only: true,
        second_factor: true,
    };
    let told = app::Settings {
        portal_url: URL.into(),
        password_cost: app::Cost::TEST,
        sign_on: Some(SignOn::new(terms, Arc::new(Deaf))),
        ..Default::default()
    };
    Desk::open_told(test, told, |_| {}).await
}

/// The state that a browser was sent with.
async fn begun(browser: &mut Browser) -> String {
    let sent = browser.get("/sign-in/staff").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let url = sent.location();
    assert!(
        url.starts_with(&format!(
            "{ISSUER}/auth?response_type=code&client_id=postigo&redirect_uri=http%3A%2F%2Fportal.example%2Fsign-in%2Fstaff%2Fcallback&"
        )),
        "{url}"
    );
    assert!(url.contains("&code_challenge_method=S256"), "{url}");
    let (_, state) = url.split_once("&state=").expect("a state");
    state.split('&').next().expect("its end").to_owned()
}

#[tokio::test]
async fn the_button_is_there_where_there_is_a_provider_and_leads_to_it() {
    let test = testkit::sqlite().await;
    let desk = desk(&test).await;
    let mut browser = desk.browser();
    let page = browser.get("/sign-in?next=/console/access").await.page;
    assert!(page.contains(r#"href="/sign-in/staff?next=%2Fconsole%2Faccess">Sign in with Casa &#38; Cía (staff)"#), "{page}");
    browser.language = "es";
    assert!(browser.get("/sign-in").await.page.contains("Entrar con Casa &#38; Cía (personal)"));
    begun(&mut browser).await;

    let test = testkit::sqlite().await;
    let without = Desk::open(&test).await;
    assert!(!without.browser().get("/sign-in").await.page.contains("/sign-in/staff"));
    assert_eq!(without.browser().get("/sign-in/staff").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_comes_back_to_nothing_reads_what_to_do_and_nothing_the_provider_wrote() {
    let test = testkit::sqlite().await;
    let desk = desk(&test).await;
    let mut browser = desk.browser();
    let denied = format!("/sign-in/staff/callback?error=access_denied&error_description=%3Cb%3Eevil&state={}", begun(&mut browser).await);
    let answer = browser.get(&denied).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.page.contains("did not let you through") && !answer.page.contains("evil"), "{}", answer.page);
    let again = browser.get(&denied).await;
    assert!(again.page.contains("was used before"), "{}", again.page);

    let state = begun(&mut browser).await;
    let failed = browser.get(&format!("/sign-in/staff/callback?code=x&state={state}")).await;
    assert_eq!(failed.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!failed.page.contains("own words"));

    let state = begun(&mut browser).await;
    let mut other = desk.browser();
    other.get("/").await;
    let foreign = other.get(&format!("/sign-in/staff/callback?code=x&state={state}")).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    assert!(foreign.page.contains("another browser") && !other.cookies.contains_key("postigo-session"));
}

#[tokio::test]
async fn the_password_of_somebody_of_the_staff_is_not_enough_where_only_the_provider_counts() {
    let test = testkit::sqlite().await;
    let desk = desk(&test).await;
    accounts::create_verified(&desk.app, &Actor::System, "eva@operator.example", "Eva", Some(PASSWORD), None, Some(Staff::Support))
        .await
        .expect("makes");
    let mut eva = desk.browser();
    let refused = eva.post("/sign-in", &[("email", "eva@operator.example"), ("password", PASSWORD)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.page.contains("Staff sign on by their own provider here"), "{}", refused.page);
    desk.signed_in("shop@example.com", None).await;
}

#[tokio::test]
async fn who_holds_an_invitation_reads_by_what_staff_come_where_only_the_provider_counts() {
    let test = testkit::sqlite().await;
    let desk = desk(&test).await;
    let before = desk.app.clone().with(app::Settings { portal_url: URL.into(), password_cost: app::Cost::TEST, ..Default::default() });
    let invited = app::staff::invite(&before, &Actor::System, "sara@people.example", Staff::Viewer).await.expect("invites");
    let page = desk.browser().get(&format!("/staff/accept?token={}", invited.secret.expose())).await.page;
    assert!(page.contains("<strong>Casa &#38; Cía</strong> and by nothing else"), "{page}");
    assert!(!page.contains("/register?next"), "nobody opens an account that can do nothing");
}

#[tokio::test]
async fn what_is_posted_as_the_providers_word_is_not_believed_unsigned() {
    let test = testkit::sqlite().await;
    let desk = desk(&test).await;
    let mut nobody = desk.browser();
    let answer = nobody.post_only("/sign-in/staff/logout", &[("logout_token", "a.b.c")], &[("sec-fetch-site", "cross-site")]).await;
    // Its keys cannot be had, so nothing is believed; the provider may come again.
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers["cache-control"], "no-store");
}
