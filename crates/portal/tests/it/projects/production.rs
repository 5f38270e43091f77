//! Production takes a contract and the policies, in the version that was read.

use app::{contracts, policies};
use domain::contract::ContractStatus;

use super::*;

async fn with_contract(desk: &Desk, founded: &Founded) {
    let contract =
        contracts::link(&desk.app, &Actor::System, founded.organisation.id, "54000009", "80000009", "XXX1").await.expect("a contract");
    contracts::set_status(&desk.app, &Actor::System, contract.id, ContractStatus::Active, None).await.expect("active");
}

#[tokio::test]
async fn production_opens_once_nothing_is_missing_and_shows_its_secret_once() {
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    let mut admin = desk.member(founded.organisation.id, "ana@shop.example", Role::Admin).await;
    let (production, accept) = (path(&founded, "/production"), path(&founded, "/policies"));
    let refused = admin.post(&production, &[]).await;
    assert!(refused.status == 422 && refused.page.contains("active contract"), "{}", refused.page);
    with_contract(&desk, &founded).await;
    let refused = admin.post(&production, &[]).await;
    assert!(refused.status == 422 && refused.page.contains("usage policies accepted"), "{}", refused.page);

    let stale = admin.post(&accept, &[("environment", "production"), ("version", "2019-01")]).await;
    assert!(stale.status == 422 && stale.page.contains("changed since you read them"), "{}", stale.page);
    assert_eq!(admin.post(&production, &[]).await.status, 422);
    let current = [("environment", "production"), ("version", policies::FIRST)];
    assert_eq!(developer.post(&accept, &current).await.status, 403);
    let accepted = admin.post(&accept, &current).await;
    assert_eq!(accepted.location(), format!("{production}?done=policies-accepted"));

    assert_eq!(developer.post(&production, &[]).await.status, 403);
    let page = developer.get(&production).await.page;
    assert!(!page.contains("Create the production keys") && page.contains("the role admin or owner"), "{page}");
    let made = admin.post(&production, &[]).await;
    assert!(made.status == 200 && made.page.contains("prd_ci_") && made.page.contains("pgs_prd_"), "{}", made.page);
    assert_eq!(admin.post(&production, &[]).await.status, 303, "there is one, and no second");
    let overview = admin.get(&path(&founded, "")).await.page;
    assert_eq!(overview.matches("id=\"prd_ci_").count(), 1, "{overview}");
}

#[tokio::test]
async fn the_policies_of_the_sandbox_are_for_a_developer_to_accept_and_not_for_a_viewer() {
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    let mut viewer = desk.member(founded.organisation.id, "vera@shop.example", Role::Viewer).await;
    let accept = path(&founded, "/policies");
    let current = [("environment", "sandbox"), ("version", policies::FIRST)];
    assert!(!viewer.get(&path(&founded, "/first-call")).await.page.contains("action=\"/projects"));
    assert_eq!(viewer.post(&accept, &current).await.status, 403);
    assert!(developer.get(&path(&founded, "/first-call")).await.page.contains("and accept them"));
    assert_eq!(developer.post(&accept, &current).await.status, 303);
    assert!(!developer.get(&path(&founded, "/first-call")).await.page.contains("and accept them"));
    assert_eq!(developer.post(&accept, &[("environment", "moon"), ("version", policies::FIRST)]).await.status, 404);
}
