use http::StatusCode;
use store::testkit;

use super::{MARKUP, credential, has_markup};
use crate::desk::Desk;

store::on_both_engines! {
    async fn founding_ends_with_credentials_that_no_later_page_shows(test: TestDb) {
        let desk = Desk::open(&test).await;
        let mut ana = desk.signed_in("ana@shop.example", None).await;
        let empty = ana.get("/organisations").await;
        assert!(empty.page.contains("class=\"empty\"") && empty.page.contains("/organisations/new"), "{}", empty.page);

        let founded = ana.post("/organisations/new", &[("name", "Librería"), ("project", "Tienda")]).await;
        assert_eq!((founded.status, &founded.headers["cache-control"]), (StatusCode::OK, &"no-store".parse().expect("a value")));
        let (id, secret) = (credential(&founded.page, "sbx_ci_"), credential(&founded.page, "pgs_sbx_"));
        assert!(founded.page.contains("class=\"stamp sandbox\"") && founded.page.contains("SANDBOX"), "{}", founded.page);
        assert!(founded.page.contains("not be shown again") && founded.page.contains("/first-call\""), "{}", founded.page);
        assert!(id.len() > 20 && secret.len() > 40, "{id} {secret}");

        let list = ana.get("/organisations").await.page;
        assert!(list.contains("Librería") && list.contains("<strong>owner</strong>"), "{list}");
        let at = list.find("/organisations/0").expect("a link");
        let path = &list[at..at + "/organisations/".len() + 36];
        for rest in ["", "/members", "/contracts", "/customer-type", "/settings", "/settings/close", "/projects/new"] {
            let page = ana.get(&format!("{path}{rest}")).await;
            assert_eq!(page.status, StatusCode::OK, "{path}{rest}");
            assert!(!page.page.contains(secret), "{path}{rest}");
        }
        assert!(!list.contains(secret));
        assert!(ana.get(path).await.page.contains("Tienda"));
        // Loading the answer again asks to send the form again: the name is taken then, and no second secret comes.
        let again = ana.post("/organisations/new", &[("name", "Librería"), ("project", "Tienda")]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!again.page.contains("pgs_sbx_"));
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_name_is_said_at_its_field_in_the_readers_language() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut ana = desk.signed_in("ana@shop.example", None).await;
    ana.language = "es";
    let page = ana.post("/organisations/new", &[("name", "Mía"), ("project", " ")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.page.contains("href=\"#project\"") && !page.page.contains("href=\"#name\""), "{}", page.page);
    assert!(page.page.contains("de 1 a 120 caracteres") && page.page.contains("value=\"Mía\""), "{}", page.page);
    let long = "x".repeat(121);
    let page = ana.post("/organisations/new", &[("name", &long), ("project", "a\nb")]).await;
    assert!(page.page.contains("href=\"#project\"") && page.page.contains("href=\"#name\""), "{}", page.page);
    desk.founded("Tomada").await;
    let page = ana.post("/organisations/new", &[("name", "Tomada"), ("project", "Web")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.page.contains("«Tomada» ya existe") && page.page.contains("id=\"name-wrong\""), "{}", page.page);
    assert!(ana.get("/organisations").await.page.contains("class=\"empty\""), "nothing was founded");
}

#[tokio::test]
async fn markup_in_names_stays_text_on_every_page() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut ana = desk.signed_in("ana@shop.example", None).await;
    let made =
        app::accounts::create_verified(&desk.app, &app::Actor::System, "bea@shop.example", MARKUP, Some(crate::desk::PASSWORD), None, None)
            .await
            .expect("an account");
    let page = ana.post("/organisations/new", &[("name", MARKUP), ("project", MARKUP)]).await;
    assert!(page.status == StatusCode::OK && !has_markup(&page.page), "{}", page.page);
    let list = ana.get("/organisations").await.page;
    assert!(!has_markup(&list) && list.contains("&#60;img"), "{list}");
    let at = list.find("/organisations/0").expect("a link");
    let path = list[at..at + "/organisations/".len() + 36].to_owned();
    let id = path.trim_start_matches("/organisations/").parse().expect("an id");
    let mut tx = desk.app.db().begin().await.expect("begins");
    store::memberships::insert(&mut tx, id, made.account.id, domain::role::Role::Developer, store::Moment(desk.app.now()))
        .await
        .expect("a member");
    tx.commit(desk.app.now()).await.expect("commits");
    let token = app::invitations::invite(&desk.app, &app::Actor::System, id, "new@shop.example", domain::role::Role::Viewer).await;
    let token = token.expect("invites").secret.expose().to_owned();
    let member = format!("/members/{}", made.account.id);
    let pages = ["", "/members", &member, &format!("{member}/remove"), "/settings", "/settings/close", "/contracts"];
    for rest in pages {
        let page = ana.get(&format!("{path}{rest}")).await;
        assert!(page.status == StatusCode::OK && !has_markup(&page.page), "{rest}: {}", page.page);
    }
    let page = desk.browser().get(&format!("/invitations/accept?token={token}")).await.page;
    assert!(!has_markup(&page) && page.contains("&#60;img"), "{page}");
}
