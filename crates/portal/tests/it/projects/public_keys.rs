//! Public keys of a client are registered and removed on a page of its project, and customer keys are bound to them.

use domain::{CustomerType, Environment::Sandbox};

use super::*;

/// RFC 8037, appendix A.2 and A.3.
const JWK: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
const THUMBPRINT: &str = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

fn keys(founded: &Founded) -> String {
    path(founded, &format!("/clients/{}/public-keys", founded.first.client.client.id))
}

#[tokio::test]
async fn a_public_key_is_registered_shown_by_its_thumbprint_and_removed_for_good() {
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    assert!(developer.get(&path(&founded, "")).await.page.contains(&keys(&founded)), "the overview leads there");
    assert!(developer.get(&keys(&founded)).await.page.contains("has no public key"));
    let done = developer.post(&keys(&founded), &[("public_key", JWK)]).await;
    assert_eq!((done.status.as_u16(), done.location()), (303, format!("{}?done=public-key-added", keys(&founded)).as_str()));
    assert!(developer.get(&keys(&founded)).await.page.contains(THUMBPRINT));
    let mut viewer = desk.member(founded.organisation.id, "vera@shop.example", Role::Viewer).await;
    let seen = viewer.get(&keys(&founded)).await.page;
    assert!(seen.contains(THUMBPRINT) && !seen.contains("<textarea"), "{seen}");
    let remove = format!("{}/{THUMBPRINT}/remove", keys(&founded));
    assert!(developer.get(&remove).await.page.contains("cannot be registered in the project again"));
    assert_eq!(developer.post(&remove, &[]).await.status, 303);
    assert_eq!(developer.post(&remove, &[]).await.status, 404, "there is nothing left to remove");
    let again = developer.post(&keys(&founded), &[("public_key", JWK)]).await;
    assert!(again.status == 422 && again.page.contains("does not come back"), "{}", again.page);
}

#[tokio::test]
async fn a_private_key_is_refused_and_not_shown_again() {
    let test = testkit::sqlite().await;
    let (_desk, founded, mut developer) = at_work(&test).await;
    let private = JWK.replace('}', r#","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#);
    let answer = developer.post(&keys(&founded), &[("public_key", &private)]).await;
    assert!(answer.status == 422 && answer.page.contains("private half") && !answer.page.contains("nWGxne"), "{}", answer.page);
}

#[tokio::test]
async fn a_customer_key_is_bound_and_freed_on_its_own_page() {
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    app::organisations::set_customer_type(&desk.app, &Actor::System, founded.organisation.id, CustomerType::Integrator)
        .await
        .expect("sets");
    let key = app::customer_keys::create(&desk.app, &Actor::System, founded.first.project.id, Sandbox, "740561073").await.expect("issues");
    let page = path(&founded, &format!("/customer-keys/{}", key.record.id));
    assert!(!developer.get(&page).await.page.contains("name=\"thumbprint\""), "there is nothing to bind it to");
    developer.post(&keys(&founded), &[("public_key", JWK)]).await;
    assert!(developer.get(&page).await.page.contains("name=\"thumbprint\""));
    let bound = developer.post(&format!("{page}/bind"), &[("thumbprint", THUMBPRINT)]).await;
    assert_eq!(bound.location(), format!("{page}?done=key-bound"));
    assert!(developer.get(&page).await.page.contains("Bound to the public key"));
    developer.post(&format!("{}/{THUMBPRINT}/remove", keys(&founded)), &[]).await;
    assert!(developer.get(&page).await.page.contains("not registered any more"));
    let gone = developer.post(&format!("{page}/bind"), &[("thumbprint", THUMBPRINT)]).await;
    assert!(gone.status == 422 && gone.page.contains("register it first"), "{}", gone.page);
    assert_eq!(developer.post(&format!("{page}/bind"), &[("thumbprint", "")]).await.location(), format!("{page}?done=key-unbound"));
    assert!(!developer.get(&page).await.page.contains("Bound to the public key"));
}
