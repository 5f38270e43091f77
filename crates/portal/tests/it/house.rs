//! The pages about the house itself: whom to turn to, how it stands, under which rules.

use super::*;

#[tokio::test]
async fn the_status_tells_what_the_portal_sees_and_when() {
    let test = testkit::sqlite().await;
    let portal = portal(&test).await;
    let (status, _, page) = get(&portal, "/status", "en").await;
    assert_eq!(status, StatusCode::OK);
    for part in ["https://sandbox.example", "https://production.example", "issued", "<time datetime=\""] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
}

#[tokio::test]
async fn support_shows_what_the_operator_configured_and_says_when_that_is_nothing() {
    let test = testkit::sqlite().await;
    let settings = |support| portal::Settings { support, ..Default::default() };
    let none = portal_of(&test, Vec::new(), settings(portal::Support::default())).await;
    let (_, _, page) = get(&none, "/support", "en").await;
    assert!(page.contains("support_email") && page.contains("X-Request-Id"), "{page}");
    let some = portal::Support { email: "api@<b>.example".into(), phone: "+34 900 11-22".into(), hours: String::new() };
    let some = portal_of(&test, Vec::new(), settings(some)).await;
    let (_, _, page) = get(&some, "/support", "en").await;
    assert!(page.contains("href=\"tel:+349001122\"") && !page.contains("<b>") && !page.contains("support_email"), "{page}");
}

#[tokio::test]
async fn the_policies_have_a_version_and_speak_of_both_environments() {
    let test = testkit::sqlite().await;
    let portal = portal(&test).await;
    // The version that is accepted is the one that is read.
    let version = format!(" {} ·", app::policies::FIRST);
    for language in ["es", "en"] {
        let (_, _, page) = get(&portal, "/policies", language).await;
        assert!(page.contains("id=\"sandbox\"") && page.contains("id=\"production\"") && page.contains(&version), "{page}");
    }
}
