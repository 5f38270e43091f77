//! The mails that nothing sends: only where the house says so, and as text.

use app::mail;
use http::StatusCode;
use store::testkit;

use super::*;

#[tokio::test]
async fn without_the_setting_there_is_no_mailbox_and_nothing_leads_to_one() {
    let test = testkit::sqlite().await;
    let desk = Desk::open_with(&test, |settings| settings.mailbox = false).await;
    let mut ana = desk.browser();
    let page = register(&mut ana, ANA).await.page;
    assert!(!page.contains("/mailbox"), "{page}");
    let id = mail::mailbox(&desk.app, 1).await.expect("reads")[0].mail.id;
    let mut olga = desk.signed_in("olga@carrier.example", Some(domain::role::Staff::Administrator)).await;
    for browser in [&mut ana, &mut olga] {
        assert_eq!(browser.get("/mailbox").await.status, StatusCode::NOT_FOUND);
        assert_eq!(browser.get(&format!("/mailbox/{id}")).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_mail_is_listed_newest_first_and_its_link_opens_what_it_says() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut ana = desk.browser();
    assert!(ana.get("/mailbox").await.page.contains("class=\"empty\""));
    register(&mut ana, ANA).await;
    desk.hands.advance(1);
    register(&mut ana, "bea@shop.example").await;
    let list = ana.get("/mailbox").await.page;
    let at = |text: &str| list.find(text).unwrap_or_else(|| panic!("{text} is not in {list}"));
    assert!(at("bea@shop.example") < at(ANA));
    let id = list.split("/mailbox/").nth(1).and_then(|rest| rest.split('"').next()).expect("a mail").to_owned();
    let page = ana.get(&format!("/mailbox/{id}")).await.page;
    let token = token(&desk, "bea@shop.example", "/verify").await;
    assert!(page.contains(&format!("<a href=\"{URL}/verify?token={token}\">")), "{page}");
    for odd in ["x", "00000000-0000-0000-0000-000000000000", "..%2f"] {
        assert_eq!(ana.get(&format!("/mailbox/{odd}")).await.status, StatusCode::NOT_FOUND, "{odd}");
    }
}

#[tokio::test]
async fn what_people_call_themselves_is_text_in_mails_and_pages() {
    const NAME: &str = "\"><img src=x onerror=alert(1)> http://portal.example@evil.example/ {{7*7}}";
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut ana = desk.browser();
    ana.post("/register", &[("email", ANA), ("name", NAME), ("password", PASSWORD)]).await;
    let verify = token(&desk, ANA, "/verify").await;
    let page = ana.get(&format!("/verify?token={verify}")).await.page;
    assert!(!page.contains("onerror"), "what a stranger typed is not shown to who opens the mail: {page}");
    ana.post("/verify", &[("token", &verify)]).await;
    desk.hands.advance(1);
    ana.post("/recover", &[("email", ANA)]).await;
    let id = mail::mailbox(&desk.app, 1).await.expect("reads")[0].mail.id;
    sign_in(&mut ana, ANA, PASSWORD).await;
    for path in [format!("/mailbox/{id}"), "/".to_owned()] {
        let page = ana.get(&path).await.page;
        assert!(page.contains("img src=x onerror") && !page.contains("<img"), "{path}: {page}");
        assert!(!page.contains("href=\"http://portal.example@") && page.contains("{{7*7}}"), "{path}: {page}");
    }
    let typed = ana.post("/sign-out", &[]).await;
    assert_eq!(typed.status, StatusCode::SEE_OTHER);
    let page = sign_in(&mut ana, NAME, PASSWORD).await.page;
    assert!(!page.contains("<img"), "{page}");
}
