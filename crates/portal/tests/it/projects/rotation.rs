//! Secrets and keys are replaced with an overlap, and shown once.

use domain::client_method::ClientMethod;

use super::*;

fn rotate(founded: &Founded) -> String {
    path(founded, &format!("/clients/{}/rotate", founded.first.client.client.id))
}

/// The secret that a page shows; empty when it shows none.
fn secret_on(page: &str) -> String {
    let at = ["pgs_sbx_", "pgs_prd_", "pga_sbx_"].iter().find_map(|prefix| {
        page.match_indices(prefix)
            .map(|(at, _)| at)
            .find(|at| page[*at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').count() > 20)
    });
    at.map(|at| page[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()).unwrap_or_default()
}

#[tokio::test]
async fn a_new_secret_is_in_one_answer_and_the_one_before_goes_on_until_the_overlap_ends() {
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    let form = developer.get(&rotate(&founded)).await;
    assert!(form.page.contains("value=\"24h\" checked") && form.page.contains("in 30 days"), "{}", form.page);
    let answer = developer.post(&rotate(&founded), &[("overlap", "24h")]).await;
    assert_eq!((answer.status.as_u16(), &answer.headers["cache-control"]), (200, &http::HeaderValue::from_static("no-store")));
    let secret = secret_on(&answer.page);
    assert!(!secret.is_empty() && answer.page.contains("it will not be shown again"), "{}", answer.page);
    assert!(answer.page.contains("goes on working until"), "{}", answer.page);

    let overview = developer.get(&path(&founded, "")).await.page;
    assert!(!overview.contains(&secret) && overview.contains(&secret[..12]), "{overview}");
    assert_eq!(overview.matches("not used yet").count(), 2, "both live: {overview}");
    assert!(overview.contains("stops working on"), "{overview}");
    desk.hands.advance(86_400 + 1);
    let mut developer = desk.member(founded.organisation.id, "leo@shop.example", Role::Developer).await;
    let overview = developer.get(&path(&founded, "")).await.page;
    assert!(overview.contains("the only live one") && !overview.contains("not used yet"), "{overview}");
}

#[tokio::test]
async fn the_verdict_says_safe_once_the_new_one_has_taken_over() {
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    developer.post(&rotate(&founded), &[("overlap", "30d")]).await;
    let actor = Actor::System;
    let seen = app::view::project(&desk.app, &actor, founded.first.project.id).await.expect("sees");
    let used = async |which: usize| {
        let now = store::Moment(desk.app.now());
        let mut tx = desk.app.db().begin().await.expect("begins");
        let id = seen.clients[0].secrets[which].secret.id;
        testkit::note_use(&mut tx, id, now, Some("shop/1.0")).await.expect("notes");
        tx.commit(*now).await.expect("commits");
    };
    used(0).await;
    assert!(developer.get(&path(&founded, "")).await.page.contains("in use"));
    desk.hands.advance(3600);
    used(1).await;
    desk.hands.advance(26 * 3600);
    let mut developer = desk.member(founded.organisation.id, "leo@shop.example", Role::Developer).await;
    let page = developer.get(&path(&founded, "")).await.page;
    assert!(page.contains("safe to retire") && page.contains("shop/1.0") && page.contains("192.0.2.1"), "{page}");
}

#[tokio::test]
async fn a_third_secret_comes_only_when_both_before_end() {
    let test = testkit::sqlite().await;
    let (_desk, founded, mut developer) = at_work(&test).await;
    assert_eq!(developer.post(&rotate(&founded), &[("overlap", "7d")]).await.status, 200);
    for overlap in ["24h", "", "never"] {
        let answer = developer.post(&rotate(&founded), &[("overlap", overlap)]).await;
        assert_eq!((answer.status.as_u16(), secret_on(&answer.page)), (422, String::new()), "{overlap}");
    }
    let answer = developer.post(&rotate(&founded), &[("overlap", "now")]).await;
    assert!(answer.status == 200 && answer.page.contains("works no more"), "{}", answer.page);
    let page = developer.get(&path(&founded, "")).await.page;
    assert!(page.contains("the only live one"), "{page}");
}

#[tokio::test]
async fn a_secret_ends_in_its_time_or_at_once() {
    let test = testkit::sqlite().await;
    let (_desk, founded, mut developer) = at_work(&test).await;
    developer.post(&rotate(&founded), &[("overlap", "30d")]).await;
    let old = founded.first.client.secret.record.id;
    let at = |verb: &str| path(&founded, &format!("/secrets/{old}/{verb}"));
    assert!(developer.get(&at("retire")).await.page.contains("stops getting tokens"));
    assert_eq!(developer.post(&at("retire"), &[("overlap", "tomorrow")]).await.status, 422);
    assert_eq!(developer.post(&at("retire"), &[("overlap", "24h")]).await.status, 303);
    let later = developer.post(&at("retire"), &[("overlap", "30d")]).await;
    assert_eq!(later.status, 422, "it stops earlier already");
    assert!(developer.get(&at("revoke")).await.page.contains("within a second"));
    let done = developer.post(&at("revoke"), &[]).await;
    assert_eq!(done.location(), format!("{}?done=secret-revoked", path(&founded, "")));
    assert_eq!(developer.get(&at("revoke")).await.status, 404, "there is nothing left to revoke");
}

#[tokio::test]
async fn the_key_itself_is_replaced_with_an_overlap() {
    let test = testkit::sqlite().await;
    let (_desk, founded, mut developer) = at_work(&test).await;
    let old = founded.first.client.client.id.to_string();
    let replace = path(&founded, &format!("/clients/{old}/replace"));
    assert!(developer.get(&replace).await.page.contains("has not got any token yet"));
    assert_eq!(developer.post(&replace, &[]).await.status, 422);
    let answer = developer.post(&replace, &[("overlap", "7d")]).await;
    assert!(answer.status == 200 && !secret_on(&answer.page).is_empty() && !answer.page.contains(&format!(">{old}<")), "{}", answer.page);
    let page = developer.get(&path(&founded, "")).await.page;
    assert!(page.contains(&old) && page.contains("being replaced") && page.matches("sbx_ci_").count() > 2, "{page}");
}

#[tokio::test]
async fn an_api_credential_is_shown_once_two_live_and_one_is_revoked() {
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    let first = granted(&desk, founded.first.project.id, "labels").await;
    let new = path(&founded, "/api-credentials/new");
    assert_eq!(developer.get(&new).await.status, 404, "of no environment");
    assert!(developer.get(&format!("{new}?environment=sandbox")).await.page.contains("labels"));
    let answer = developer.post(&new, &[("environment", "sandbox")]).await;
    let secret = secret_on(&answer.page);
    assert!(secret.starts_with("pga_sbx_"), "{}", answer.page);
    assert_eq!(developer.post(&new, &[("environment", "sandbox")]).await.status, 422, "a third");
    assert!(!developer.get(&path(&founded, "")).await.page.contains(&secret));
    let revoke = path(&founded, &format!("/api-credentials/{first}/revoke"));
    assert!(developer.get(&revoke).await.page.contains("Another one is live"));
    assert_eq!(developer.post(&revoke, &[]).await.status, 303);
    assert_eq!(developer.post(&revoke, &[]).await.status, 404);
}

#[tokio::test]
async fn a_client_that_uses_an_old_method_is_told_what_to_do_instead() {
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    let used = async |method| {
        let now = store::Moment(desk.app.now());
        let mut tx = desk.app.db().begin().await.expect("begins");
        let client = &founded.first.client.client.id;
        store::client_methods::note(&mut tx, client, method, now, "192.0.2.44", Some("cart/1.0")).await.expect("notes");
        tx.commit(*now).await.expect("commits");
    };
    assert!(developer.get(&path(&founded, "")).await.page.contains("it has not yet"));
    used(ClientMethod::SecretBasic).await;
    let page = developer.get(&path(&founded, "")).await.page;
    assert!(page.contains("client_secret_basic") && page.contains("192.0.2.44") && !page.contains("old method"), "{page}");
    used(ClientMethod::QueryToken).await;
    let page = developer.get(&path(&founded, "")).await.page;
    assert!(page.contains("old method") && page.contains("take access_token out of the URL"), "{page}");
    assert!(page.contains("/guides/credentials#proof"), "{page}");
}
