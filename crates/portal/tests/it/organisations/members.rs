use domain::role::Role::{self, Admin, Developer, Owner, Viewer};
use http::StatusCode;
use store::testkit;

use super::house;

#[tokio::test]
async fn who_invites_is_admin_and_who_invites_owners_is_one() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    let invite = |role| [("email", "new@shop.example"), ("role", role)];
    assert_eq!(house.statuses("/members", &invite("developer")).await, [404, 403, 403, 303, 303]);
    assert_eq!(house.statuses("/members", &invite("owner")).await, [404, 403, 403, 403, 303]);
    // Whether or not the form is well filled in, it is not theirs to send.
    assert_eq!(house.statuses("/members", &invite("king")).await, [404, 403, 403, 422, 422]);
    assert_eq!(house.shown("/members", "id=\"invite\"").await, [Admin, Owner]);
    assert_eq!(house.shown("/members", "value=\"owner\"").await, [Owner], "nobody is offered to give more than they have");
    assert_eq!(house.shown("/members", "new@shop.example").await, Role::ALL);
}

#[tokio::test]
async fn what_is_wrong_with_an_invitation_is_said_and_what_was_typed_stays() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    let path = format!("{}/members", house.path);
    let owner = house.somebody(Owner);
    owner.language = "es";
    let page = owner.post(&path, &[("email", "ana@"), ("role", "viewer")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.page.contains("value=\"ana@\"") && page.page.contains("Escribe una dirección"), "{}", page.page);
    assert!(page.page.contains("id=\"role-viewer\" name=\"role\" value=\"viewer\" checked"), "{}", page.page);
    let page = owner.post(&path, &[("email", "admin@shop.example"), ("role", "viewer")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.page.contains("ya es miembro"), "{}", page.page);
}

#[tokio::test]
async fn roles_are_changed_by_those_above_and_hold_at_once() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    let path = format!("/members/{}", house.account(Viewer));
    assert_eq!(house.shown(&path, "name=\"role\"").await, [Admin, Owner]);
    assert_eq!(house.statuses(&path, &[("role", "owner")]).await, [404, 403, 403, 403, 303]);
    // The viewer is an owner now, steps down by themselves, and is an admin's to change again.
    assert_eq!(house.statuses(&path, &[("role", "viewer")]).await, [404, 303, 403, 303, 303]);
    assert_eq!(house.statuses(&path, &[("role", "developer")]).await, [404, 403, 403, 303, 303]);
    let projects = format!("{}/projects/new", house.path);
    assert_eq!(house.somebody(Viewer).get(&projects).await.status, StatusCode::OK, "may build now");
    let member = format!("{}{path}", house.path);
    assert_eq!(house.somebody(Owner).post(&member, &[("role", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn somebody_is_removed_after_a_page_that_asks_and_sees_nothing_afterwards() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    let (path, of) = (format!("/members/{}/remove", house.account(Developer)), house.path.clone());
    let asked = house.somebody(Admin).get(&format!("{of}{path}")).await.page;
    assert!(asked.contains("go on working") && asked.contains(&format!("action=\"{of}{path}\"")), "{asked}");
    assert_eq!(house.somebody(Developer).get(&of).await.status, StatusCode::OK, "to ask is not to do");
    for role in [Viewer, Developer] {
        assert_eq!(house.somebody(role).get(&format!("{of}{path}")).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(house.statuses(&path, &[]).await, [404, 403, 403, 303, 404]);
    assert_eq!(house.somebody(Developer).get(&of).await.status, StatusCode::NOT_FOUND);
    let owner = format!("/members/{}/remove", house.account(Owner));
    assert_eq!(house.somebody(Admin).post(&format!("{of}{owner}"), &[]).await.status, StatusCode::FORBIDDEN, "owners are for owners");
}

#[tokio::test]
async fn everybody_may_leave_but_the_last_owner_who_hears_why() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    assert_eq!(house.shown("/members", "/leave\"").await, [Viewer, Developer, Admin]);
    assert_eq!(house.shown("/leave", "/leave\">").await, [Viewer, Developer, Admin]);
    assert_eq!(house.statuses("/leave", &[]).await, [404, 303, 303, 303, 409]);
    let of = house.path.clone();
    let owner = house.somebody(Owner);
    owner.language = "es";
    assert!(owner.post(&format!("{of}/leave"), &[]).await.page.contains("Toda organización necesita"));
    let me = format!("{of}/members/{}", house.account(Owner));
    let refused = house.somebody(Owner).post(&me, &[("role", "viewer")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "nor is the last one made something less");
    assert!(refused.page.contains("Toda organización necesita"), "{}", refused.page);
    assert!(house.somebody(Viewer).get("/organisations?done=left").await.page.contains("no longer a member"));
}

#[tokio::test]
async fn a_large_organisation_is_shown_in_light_pages() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    for number in 0..150 {
        let id = format!("00000000-0000-4000-8000-{number:012}").parse().expect("an id");
        testkit::account(house.desk.app.db(), id, &format!("a.rather.long.address.{number}@subsidiary.shop.example"), true, None).await;
        let mut tx = house.desk.app.db().begin().await.expect("begins");
        store::memberships::insert(&mut tx, house.id, id, Viewer, store::Moment(house.desk.app.now())).await.expect("a member");
        tx.commit(house.desk.app.now()).await.expect("commits");
    }
    for number in 0..60 {
        let email = format!("another.long.address.{number}@subsidiary.shop.example");
        app::invitations::invite(&house.desk.app, &app::Actor::System, house.id, &email, Viewer).await.expect("invites");
    }
    let path = format!("{}/members", house.path);
    let owner = house.somebody(Owner);
    let (first, second) = (owner.get(&path).await.page, owner.get(&format!("{path}?page=2")).await.page);
    assert!(first.contains("members?page=2") && !first.contains("rel=\"prev\"") && second.contains("rel=\"prev\""));
    assert!(!second.contains("rel=\"next\"") && first.contains("And older ones: 10"));
    assert!(first.len() < 84_000, "{} bytes", first.len());
    for odd in ["0", "-1", "99999999999999999999", "18446744073709551615", "x", "3"] {
        assert_eq!(owner.get(&format!("{path}?page={odd}")).await.status, StatusCode::OK, "{odd}");
    }
}
