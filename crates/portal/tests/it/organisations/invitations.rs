use domain::role::Role::{Admin, Developer, Owner, Viewer};
use http::StatusCode;
use store::testkit;

use super::{House, house};

async fn link(house: &House, email: &str) -> String {
    let issued = app::invitations::invite(&house.desk.app, &app::Actor::System, house.id, email, Developer).await.expect("invites");
    issued.secret.expose().to_owned()
}

#[tokio::test]
async fn whoever_opens_the_link_unknown_is_sent_to_sign_in_and_comes_back() {
    let test = testkit::sqlite().await;
    let house = house(&test).await;
    let token = link(&house, "new@shop.example").await;
    let path = format!("/invitations/accept?token={token}");
    let mut nobody = house.desk.browser();
    let page = nobody.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    let next = format!("next=%2Finvitations%2Faccept%3Ftoken%3D{token}");
    assert!(page.page.contains(&format!("/sign-in?{next}")) && page.page.contains(&format!("/register?{next}")), "{}", page.page);
    assert!(page.page.contains("Librería") && page.page.contains("developer") && page.page.contains("new@shop.example"), "{}", page.page);
    // Whoever sends the form all the same comes back to it too.
    let sent = nobody.post("/invitations/accept", &[("token", &token)]).await;
    assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, format!("/sign-in?{next}").as_str()));

    drop(house.desk.signed_in("new@shop.example", None).await);
    let fields = [("email", "new@shop.example"), ("password", crate::desk::PASSWORD), ("next", path.as_str())];
    let signed_in = nobody.post("/sign-in", &fields).await;
    assert_eq!((signed_in.status, signed_in.location()), (StatusCode::SEE_OTHER, path.as_str()));
    assert!(nobody.get("/organisations").await.page.contains("You have an invitation to"));
    assert!(nobody.get(&path).await.page.contains("action=\"/invitations/accept\""));
    let accepted = nobody.post("/invitations/accept", &[("token", &token)]).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER);
    let landed = nobody.get(accepted.location()).await;
    assert!(landed.status == StatusCode::OK && landed.page.contains("You are a member of this organisation now"), "{}", landed.page);
    assert!(!nobody.get("/organisations").await.page.contains("You have an invitation to"));

    assert_eq!(nobody.get(&path).await.status, StatusCode::NOT_FOUND, "each link opens once");
    let again = nobody.post("/invitations/accept", &[("token", &token)]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.page.contains("href=\"/organisations\""), "{}", again.page);
}

#[tokio::test]
async fn the_link_is_good_for_nobody_else() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    let token = link(&house, "new@shop.example").await;
    let path = format!("/invitations/accept?token={token}");
    let page = house.stranger.get(&path).await.page;
    assert!(page.contains("owner@elsewhere.example") && page.contains("action=\"/sign-out\""), "{page}");
    assert!(!page.contains("action=\"/invitations/accept\""), "{page}");
    let refused = house.stranger.post("/invitations/accept", &[("token", &token)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.page.contains("signed in as owner@elsewhere.example"), "{}", refused.page);
    assert_eq!(house.stranger.get(&house.path).await.status, StatusCode::NOT_FOUND);
    house.stranger.language = "es";
    assert!(
        house.stranger.post("/invitations/accept", &[("token", &token)]).await.page.contains("has entrado como owner@elsewhere.example")
    );
    // The invitation is as good as before for whom it is.
    let mut new = house.desk.signed_in("new@shop.example", None).await;
    assert_eq!(new.post("/invitations/accept", &[("token", &token)]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_withdrawn_link_and_a_made_up_one_look_the_same() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    let token = link(&house, "new@shop.example").await;
    let id = app::invitations::open(&house.desk.app, &token).await.expect("opens").invitation.id;
    let (withdraw, of) = (format!("/invitations/{id}/withdraw"), house.path.clone());
    assert_eq!(house.shown("/members", &withdraw).await, [Admin, Owner]);
    let asked = house.somebody(Admin).get(&format!("{of}{withdraw}")).await;
    assert!(asked.status == StatusCode::OK && asked.page.contains("new@shop.example"), "{}", asked.page);
    assert!(app::invitations::open(&house.desk.app, &token).await.is_ok(), "to ask is not to do");
    assert_eq!(house.statuses(&withdraw, &[]).await, [404, 403, 403, 303, 409]);
    assert!(!house.somebody(Viewer).get(&format!("{of}/members")).await.page.contains("new@shop.example"));

    let mut new = house.desk.signed_in("new@shop.example", None).await;
    let withdrawn = new.get(&format!("/invitations/accept?token={token}")).await;
    let made_up = new.get("/invitations/accept?token=pgi_0000").await;
    let bare = |page: &str| page.split("<main").nth(1).expect("a page").split("</main>").next().expect("its work").to_owned();
    assert_eq!((withdrawn.status, bare(&withdrawn.page)), (made_up.status, bare(&made_up.page)));
    assert_eq!(withdrawn.status, StatusCode::NOT_FOUND);
    assert_eq!(new.get("/invitations/accept").await.status, StatusCode::NOT_FOUND);
    assert_eq!(new.post("/invitations/accept", &[("token", &token)]).await.status, StatusCode::CONFLICT);
}
