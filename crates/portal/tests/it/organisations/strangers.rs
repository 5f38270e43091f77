//! Ids of another organisation, in each position of each path (trust section 1, rows 45 and 46).

use domain::role::Role::{Owner, Viewer};
use http::{Method, StatusCode};
use portal::routes::{ROUTES, Verb};
use store::testkit;

use super::{House, house};

/// What every form of these pages would take.
const FIELDS: [(&str, &str); 9] = [
    ("email", "new@shop.example"),
    ("role", "viewer"),
    ("number", "54000001"),
    ("client_number", "80000001"),
    ("labeller", "LCE1"),
    ("customer_type", "integrator"),
    ("reason", "we ship"),
    ("name", "Taken over"),
    ("apis", "labels"),
];

async fn invitation(house: &House) -> String {
    let issued = app::invitations::invite(&house.desk.app, &app::Actor::System, house.id, "new@shop.example", Viewer).await;
    issued.expect("invites").record.id.to_string()
}

fn of_organisations() -> impl Iterator<Item = (Verb, &'static str)> {
    ROUTES.iter().filter(|route| route.path.starts_with("/organisations/{organisation}")).map(|route| (route.verb, route.path))
}

#[tokio::test]
async fn for_a_stranger_there_is_no_organisation_under_any_path() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    let (member, invitation) = (house.account(Viewer).to_string(), invitation(&house).await);
    let before = app::view::organisation(&house.desk.app, &app::Actor::System, house.id).await.expect("sees");
    let before = serde_json::to_string(&before).expect("text");
    let mut tried = 0;
    for (verb, path) in of_organisations() {
        let fill = |organisation: &str| {
            path.replace("{organisation}", organisation).replace("{account}", &member).replace("{invitation}", &invitation)
        };
        let nobodys = "00000000-0000-4000-8000-000000000001";
        for organisation in [house.id.to_string(), nobodys.to_owned(), "x".to_owned()] {
            let path = fill(&organisation);
            let answer = match verb {
                Verb::Get => house.stranger.get(&path).await,
                Verb::Post => house.stranger.post(&path, &FIELDS).await,
            };
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{verb:?} {path}");
            assert!(!answer.page.contains("Librería"), "{verb:?} {path}");
            tried += 1;
        }
        if verb == Verb::Get {
            assert_eq!(house.desk.browser().get(&fill(&house.id.to_string())).await.status, StatusCode::SEE_OTHER, "{path}");
            for method in [Method::PUT, Method::PATCH, Method::DELETE] {
                let answer = house.stranger.ask(method, &fill(&house.id.to_string()), &[], String::new()).await;
                assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
            }
        }
    }
    assert!(tried > 60, "{tried}");
    let after = app::view::organisation(&house.desk.app, &app::Actor::System, house.id).await.expect("sees");
    assert_eq!(before, serde_json::to_string(&after).expect("text"), "nothing changed");
}

#[tokio::test]
async fn a_form_from_another_page_or_another_session_changes_nothing() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    let (member, invitation) = (house.account(Viewer).to_string(), invitation(&house).await);
    let before = app::view::organisation(&house.desk.app, &app::Actor::System, house.id).await.expect("sees");
    let before = serde_json::to_string(&before).expect("text");
    let strangers = house.desk.app.form_token(&house.stranger.cookies["postigo-session"]);
    let (id, owner) = (house.id.to_string(), house.somebody(Owner));
    let forms: Vec<_> = of_organisations().filter(|(verb, _)| *verb == Verb::Post).collect();
    assert!(forms.len() >= 9, "{forms:?}");
    for (_, path) in forms {
        let path = path.replace("{organisation}", &id).replace("{account}", &member).replace("{invitation}", &invitation);
        for token in ["", "x", &strangers] {
            let mut fields = FIELDS.to_vec();
            fields.push(("form_token", token));
            let answer = owner.post_only(&path, &fields, &[("sec-fetch-site", "same-origin")]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        }
    }
    let after = app::view::organisation(&house.desk.app, &app::Actor::System, house.id).await.expect("sees");
    assert_eq!(before, serde_json::to_string(&after).expect("text"));
}

#[tokio::test]
async fn every_page_is_there_in_both_languages_and_light() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    let (member, invitation, id) = (house.account(Viewer).to_string(), invitation(&house).await, house.id.to_string());
    let admin = house.somebody(domain::role::Role::Admin);
    // What stops a customer key is there where one acts for the organisation: its own tests go there.
    let here = |path: &str| !path.ends_with("/close") && !path.contains("{child}");
    let pages: Vec<_> = of_organisations().filter(|(verb, path)| *verb == Verb::Get && here(path)).collect();
    assert!(pages.len() >= 9, "{pages:?}");
    for (_, path) in pages {
        let path = path.replace("{organisation}", &id).replace("{account}", &member).replace("{invitation}", &invitation);
        let title = |page: &str| page.split("</title>").next().expect("a title").split("<title>").nth(1).expect("a title").to_owned();
        admin.language = "en";
        let english = admin.get(&path).await;
        admin.language = "es";
        let spanish = admin.get(&path).await;
        assert_eq!((english.status, spanish.status), (StatusCode::OK, StatusCode::OK), "{path}");
        assert!(english.page.len() < 84_000 && spanish.page.contains("Contratos") && !english.page.contains("Contratos"), "{path}");
        // Pages whose title is somebody's name have it in both.
        if !path.ends_with(&id) && !path.ends_with(&member) {
            assert_ne!(title(&english.page), title(&spanish.page), "{path}");
        }
    }
}

#[tokio::test]
async fn what_belongs_to_another_organisation_is_not_reached_through_ones_own() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    let (member, invitation) = (house.account(Viewer).to_string(), invitation(&house).await);
    // The stranger owns an organisation, and is an admin of the other one too: it is the path that must be right then.
    let own = app::organisations::of_account(&house.desk.app, house.stranger.account.expect("signed in")).await.expect("reads")[0].id;
    let mut both = house.desk.member(own, "both@shop.example", Owner).await;
    let mut tx = house.desk.app.db().begin().await.expect("begins");
    let account = both.account.expect("signed in");
    store::memberships::insert(&mut tx, house.id, account, Owner, store::Moment(house.desk.app.now())).await.expect("a member");
    tx.commit(house.desk.app.now()).await.expect("commits");
    let mut tried = 0;
    for (verb, path) in of_organisations().filter(|(_, path)| path.contains("{account}") || path.contains("{invitation}")) {
        let path = path.replace("{organisation}", &own.to_string()).replace("{account}", &member).replace("{invitation}", &invitation);
        for browser in [&mut house.stranger, &mut both] {
            let answer = match verb {
                Verb::Get => browser.get(&path).await,
                Verb::Post => browser.post(&path, &FIELDS).await,
            };
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{verb:?} {path}");
            tried += 1;
        }
    }
    assert_eq!(tried, 12);
    let path = format!("{}/members", house.path);
    let page = house.somebody(Viewer).get(&path).await.page;
    assert!(page.contains("new@shop.example") && page.contains("viewer@shop.example"), "{page}");
}
