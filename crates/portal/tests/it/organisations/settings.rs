use domain::role::Role::{self, Admin, Owner, Viewer};
use http::StatusCode;
use store::testkit;

use super::house;

#[tokio::test]
async fn owners_rename_and_nobody_else() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    assert_eq!(house.shown("/settings", "name=\"name\"").await, [Owner]);
    assert_eq!(house.statuses("/settings", &[("name", "Papelería")]).await, [404, 403, 403, 403, 303]);
    assert_eq!(house.shown("", "<h1>Papelería</h1>").await, Role::ALL);
    let path = format!("{}/settings", house.path);
    let taken = house.somebody(Owner).post(&path, &[("name", "Elsewhere")]).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(taken.page.contains("id=\"name-wrong\"") && taken.page.contains("<dd>Papelería</dd>"), "{}", taken.page);
    assert_eq!(house.statuses("/settings", &[("name", " ")]).await, [404, 403, 403, 403, 422]);
}

#[tokio::test]
async fn to_close_takes_an_owner_a_fresh_proof_and_a_page_that_says_what_stops() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    let path = format!("{}/settings/close", house.path);
    for role in [Viewer, Role::Developer, Admin] {
        assert_eq!(house.somebody(role).get(&path).await.status, StatusCode::FORBIDDEN, "{role}");
    }
    let asked = house.somebody(Owner).get(&path).await;
    assert!(asked.status == StatusCode::OK && asked.page.contains("in both environments"), "{}", asked.page);

    house.desk.hands.advance(601);
    let sent = house.somebody(Owner).get(&path).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert!(sent.location().starts_with("/account/prove?next=%2Forganisations%2F"), "{}", sent.location());
    let sent = house.somebody(Owner).post(&path, &[]).await;
    assert!(sent.location().starts_with("/account/prove?"), "a form from a page of long ago closes nothing: {}", sent.location());
    let of = house.path.clone();
    assert!(!house.somebody(Owner).get(&of).await.page.contains("is closed"));
}

#[tokio::test]
async fn a_closed_organisation_is_read_and_nothing_of_it_changed() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    assert_eq!(house.statuses("/settings/close", &[]).await, [404, 403, 403, 403, 303]);
    for path in ["", "/members", "/contracts", "/customer-type", "/settings"] {
        assert_eq!(house.shown(path, "This organisation is closed").await, Role::ALL, "{path}");
    }
    for (path, buttons) in
        [("", "projects/new"), ("/members", "id=\"invite\""), ("/contracts", "id=\"link\""), ("/settings", "name=\"name\"")]
    {
        assert_eq!(house.shown(path, buttons).await, [], "{path}");
    }
    let (member, of) = (format!("/members/{}", house.account(Viewer)), house.path.clone());
    let posts: [(&str, &[(&str, &str)]); 7] = [
        ("/members", &[("email", "new@shop.example"), ("role", "viewer")]),
        (&member, &[("role", "developer")]),
        ("/contracts", &[("number", "54000001"), ("client_number", "80000001"), ("labeller", "LCE1")]),
        ("/customer-type", &[("customer_type", "integrator"), ("reason", "x")]),
        ("/settings", &[("name", "x")]),
        ("/settings/close", &[]),
        ("/projects/new", &[("name", "x")]),
    ];
    for (path, fields) in posts {
        let answer = house.somebody(Owner).post(&format!("{of}{path}"), fields).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{path}: {}", answer.page);
        assert!(answer.page.contains("organisation is closed"), "{path}: {}", answer.page);
    }
    assert!(house.somebody(Owner).get("/organisations").await.page.contains("closed"));
    assert_eq!(house.somebody(Viewer).post(&format!("{of}/leave"), &[]).await.status, StatusCode::SEE_OTHER);
}
