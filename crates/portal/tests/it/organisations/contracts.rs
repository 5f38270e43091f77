use domain::{
    contract::ContractStatus,
    role::Role::{self, Admin, Owner},
};
use http::StatusCode;
use store::testkit;

use super::{MARKUP, has_markup, house};

const FIELDS: [(&str, &str); 3] = [("number", "54000001"), ("client_number", "80000001"), ("labeller", "lce1")];

#[tokio::test]
async fn admins_link_contracts_and_everybody_sees_what_is_awaited_from_whom() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    assert_eq!(house.shown("/contracts", "id=\"link\"").await, [Admin, Owner]);
    // The second to link it hears that it is there.
    assert_eq!(house.statuses("/contracts", &FIELDS).await, [404, 403, 403, 303, 422]);
    let (of, waits) = (house.path.clone(), "The operator checks that it is the organisation");
    assert_eq!(house.shown("/contracts", waits).await, Role::ALL);
    assert_eq!(house.shown("", waits).await, Role::ALL);
    let page = house.somebody(Role::Viewer).get(&format!("{of}/contracts")).await.page;
    assert!(page.contains("LCE1") && page.contains("since <time datetime="), "{page}");
}

#[tokio::test]
async fn each_number_is_wrong_at_its_own_field_in_the_readers_language() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    let path = format!("{}/contracts", house.path);
    let admin = house.somebody(Admin);
    admin.language = "es";
    for (field, value, said) in
        [("number", "5400", "8 cifras, como 54000000"), ("client_number", "x", "8 cifras, como 80000000"), ("labeller", "TOOLONG", "XXX1")]
    {
        let fields: Vec<_> = FIELDS.iter().map(|(name, right)| (*name, if *name == field { value } else { *right })).collect();
        let page = admin.post(&path, &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(page.page.contains(&format!("<a href=\"#{field}\">")) && page.page.contains(said), "{}", page.page);
        assert!(page.page.contains(&format!("value=\"{value}\"")), "what was typed stays: {}", page.page);
    }
    let page = admin.post(&path, &[]).await.page;
    assert!(
        ["number", "client_number", "labeller"].iter().all(|field| page.contains(&format!("<a href=\"#{field}\">"))),
        "all at once: {page}"
    );
    assert!(admin.get(&path).await.page.contains("class=\"empty\""));
}

#[tokio::test]
async fn a_refused_contract_shows_the_reason_as_text_and_can_be_linked_again() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    let path = format!("{}/contracts", house.path);
    house.somebody(Admin).post(&path, &FIELDS).await;
    let contracts = app::view::organisation(&house.desk.app, &app::Actor::System, house.id).await.expect("sees").contracts;
    app::contracts::reject(&house.desk.app, &app::Actor::System, contracts[0].id, MARKUP).await.expect("rejects");
    let page = house.somebody(Role::Viewer).get(&path).await.page;
    assert!(!has_markup(&page) && page.contains("&#60;img") && page.contains("ended"), "{page}");
    assert!(!page.contains("#link"), "a viewer links nothing: {page}");
    let page = house.somebody(Admin).get(&path).await.page;
    let again = "contracts?number=54000001&#38;client_number=80000001&#38;labeller=LCE1#link";
    assert!(page.contains(again) || page.contains(&again.replace("&#38;", "&amp;")), "{page}");
    let filled = house.somebody(Admin).get(&format!("{path}?number=54000001&client_number=%22%3E%3Cimg%20src=x&labeller=LCE1")).await.page;
    assert!(filled.contains("value=\"54000001\"") && !has_markup(&filled), "{filled}");
    assert_eq!(house.somebody(Admin).post(&path, &FIELDS).await.status, StatusCode::SEE_OTHER);
    app::contracts::set_status(&house.desk.app, &app::Actor::System, contracts[0].id, ContractStatus::Active, None)
        .await
        .expect("activates");
    assert!(house.somebody(Role::Viewer).get(&path).await.page.contains("It is good for production"));
}
