use domain::role::Role::{self, Admin, Owner, Viewer};
use http::StatusCode;
use store::testkit;

use super::{MARKUP, has_markup, house};

const PATH: &str = "/customer-type";

#[tokio::test]
async fn one_request_at_a_time_waits_for_the_operator() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    assert_eq!(house.shown(PATH, "id=\"ask\"").await, [Admin, Owner]);
    assert_eq!(house.shown(PATH, "client_pc_credentials").await, Role::ALL, "what each type may do is for everybody to read");
    let fields = [("customer_type", "integrator"), ("reason", "a platform for shops")];
    assert_eq!(house.statuses(PATH, &fields).await, [404, 403, 403, 303, 422]);
    assert_eq!(house.shown(PATH, "The operator decides; it has been waiting since <time").await, Role::ALL);
    assert_eq!(house.shown(PATH, "id=\"ask\"").await, []);
    assert_eq!(house.shown("", "It asked to be").await, Role::ALL);
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_said_at_its_field() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    let path = format!("{}{PATH}", house.path);
    let admin = house.somebody(Admin);
    admin.language = "es";
    for (wanted, reason, said) in [
        ("internal", "because", "href=\"#customer_type\""),
        ("king", "because", "href=\"#customer_type\""),
        ("", "because", "href=\"#customer_type\""),
        ("integrator", "  ", "href=\"#reason\""),
        ("customer", "because", "ya es de este tipo"),
    ] {
        let page = admin.post(&path, &[("customer_type", wanted), ("reason", reason)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{wanted}");
        assert!(page.page.contains(said), "{wanted}: {}", page.page);
    }
    assert!(!admin.get(&path).await.page.contains("value=\"internal\""), "nobody is offered to be the carrier");
}

#[tokio::test]
async fn reasons_of_both_sides_are_text_and_a_decision_stays_in_view() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    let path = format!("{}{PATH}", house.path);
    let sent = house.somebody(Admin).post(&path, &[("customer_type", "integrator"), ("reason", MARKUP)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let page = house.somebody(Viewer).get(&path).await.page;
    assert!(!has_markup(&page) && page.contains("&#60;img"), "{page}");
    let asked = app::view::organisation(&house.desk.app, &app::Actor::System, house.id).await.expect("sees").customer_types;
    app::customer_types::reject(&house.desk.app, &app::Actor::System, asked[0].id, MARKUP).await.expect("rejects");
    let page = house.somebody(Admin).get(&path).await.page;
    assert!(!has_markup(&page) && page.contains("rejected") && page.contains("&#60;img"), "{page}");
    assert!(page.contains("id=\"ask\""), "and one may ask again: {page}");
}
