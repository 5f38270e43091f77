//! Who is let in to pages that are for somebody.

use crate::desk::Desk;
use app::accounts;
use domain::role::Staff;
use http::StatusCode;

store::on_both_engines! {
    async fn a_cookie_that_was_signed_out_or_made_up_is_nobodys(test: TestDb) {
        let desk = Desk::open(&test).await;
        let mut ana = desk.signed_in("ana@shop.example", None).await;
        assert!(ana.get("/").await.page.contains("/sign-out"));
        let cookie = ana.cookies["postigo-session"].clone();
        accounts::sign_out(&desk.app, &cookie).await.expect("signs out");
        assert!(!ana.get("/").await.page.contains("/sign-out"));
        ana.cookies.insert("postigo-session".into(), "x".repeat(43));
        assert!(!ana.get("/").await.page.contains("/sign-out"));
    }
}

#[tokio::test]
async fn staff_without_a_second_factor_are_nobody_until_they_have_one() {
    let test = store::testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut olga = desk.signed_in("olga@carrier.example", Some(Staff::Administrator)).await;
    let page = olga.get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.page.contains("/console") && page.page.contains("/sign-out"), "half a session may only end: {}", page.page);
}
