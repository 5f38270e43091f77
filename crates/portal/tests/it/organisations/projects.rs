use domain::role::Role::{Admin, Developer, Owner, Viewer};
use http::StatusCode;
use store::testkit;

use super::{MARKUP, credential, has_markup, house};

#[tokio::test]
async fn a_project_is_created_with_its_apis_and_both_pairs_are_shown_once() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    let of = house.path.clone();
    let path = format!("{of}/projects/new");
    assert_eq!(house.shown("", "/projects/new").await, [Developer, Admin, Owner]);
    let developer = house.somebody(Developer);
    let form = developer.get(&path).await.page;
    assert!(form.contains("value=\"labels\"") && form.contains("value=\"tracking\"") && form.contains("LBS"), "{form}");
    let created = developer.post(&path, &[("name", "App"), ("apis", "labels"), ("apis", "tracking")]).await;
    assert_eq!(created.status, StatusCode::OK);
    let secrets = [credential(&created.page, "pgs_sbx_").to_owned(), credential(&created.page, "pga_sbx_").to_owned()];
    assert!(created.page.contains("sbx_ci_") && created.page.contains("sbx_ac_"), "{}", created.page);
    assert_eq!(created.page.matches("class=\"stamp sandbox\"").count(), 2, "one pair of each for the project: {}", created.page);
    assert_eq!(created.page.matches("You can call it in the sandbox now").count(), 2);
    for rest in ["", "/members", "/settings", "/projects/new"] {
        let page = developer.get(&format!("{of}{rest}")).await.page;
        assert!(secrets.iter().all(|secret| !page.contains(secret)), "{rest}");
    }
    let bare = developer.post(&path, &[("name", "Bare")]).await;
    assert_eq!(bare.page.matches("class=\"stamp sandbox\"").count(), 1, "without an API that asks for it there is no second pair");
}

#[tokio::test]
async fn viewers_and_strangers_create_none_and_wrong_forms_say_where() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    assert_eq!(house.statuses("/projects/new", &[("name", "App")]).await, [404, 403, 200, 422, 422], "and a name is used once");
    let path = format!("{}/projects/new", house.path);
    assert_eq!(house.somebody(Viewer).get(&path).await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.stranger.get(&path).await.status, StatusCode::NOT_FOUND);
    let developer = house.somebody(Developer);
    for odd in ["nope", "../labels", "", "LABELS"] {
        let page = developer.post(&path, &[("name", "Other"), ("apis", "labels"), ("apis", odd)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{odd}");
        assert!(page.page.contains("href=\"#apis\"") && page.page.contains("value=\"labels\" checked"), "{}", page.page);
    }
    let page = developer.post(&path, &[("name", ""), ("apis", "labels")]).await;
    assert!(page.page.contains("id=\"name-wrong\"") && page.page.contains("value=\"labels\" checked"), "{}", page.page);
    let page = developer.post(&path, &[("name", MARKUP)]).await;
    assert!(page.status == StatusCode::OK && !has_markup(&page.page), "{}", page.page);
}

#[tokio::test]
async fn archived_projects_stand_apart() {
    let test = testkit::sqlite().await;
    let mut house = house(&test).await;
    let made = app::projects::create(&house.desk.app, &app::Actor::System, house.id, "Old one").await.expect("creates");
    app::projects::archive(&house.desk.app, &app::Actor::System, made.project.id).await.expect("archives");
    let of = house.path.clone();
    let page = house.somebody(Viewer).get(&of).await.page;
    let (before, after) = page.split_once("<details>").expect("a fold");
    assert!(!before.contains("Old one") && after.contains("Old one") && before.contains(">Web</a>"), "{page}");
}
