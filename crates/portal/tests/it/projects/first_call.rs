//! The first call's page and its light.

use http_body_util::BodyExt as _;
use web::{Body, Response};

use super::*;

/// What the stream says next, comments left out; `None` when it has ended.
pub async fn next(stream: &mut Response) -> Option<String> {
    loop {
        let frame = stream.body_mut().frame().await?.expect("whole");
        let text = String::from_utf8(frame.into_data().expect("data").to_vec()).expect("text");
        if !text.starts_with(':') {
            return Some(text);
        }
    }
}

#[tokio::test]
async fn the_page_has_the_ids_in_clear_the_secrets_as_variables_and_a_call_ready() {
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    let before = developer.get(&path(&founded, "/first-call")).await.page;
    assert!(before.contains("class=\"empty\"") && before.contains("/access/new"), "{before}");
    let credential = granted(&desk, founded.first.project.id, "labels").await;
    let page = developer.get(&path(&founded, "/first-call")).await.page;
    let client = &founded.first.client;
    for part in [
        &format!("client_id={}", client.client.id),
        &format!("client_id: {credential}"),
        "$POSTIGO_CLIENT_SECRET",
        "$POSTIGO_API_CLIENT_SECRET",
        "https://sandbox.example/oauth2/token",
        "https://sandbox.example/labels",
        "scope=LBS",
        "No token request has arrived yet",
        "<noscript><meta http-equiv=\"refresh\"",
    ] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
    assert!(!page.contains(client.secret.secret.expose()));
    let now = store::Moment(desk.app.now());
    let mut tx = desk.app.db().begin().await.expect("begins");
    testkit::note_use(&mut tx, client.secret.record.id, now, None).await.expect("notes");
    tx.commit(*now).await.expect("commits");
    assert!(developer.get(&path(&founded, "/first-call")).await.page.contains("A token was got"));
}

#[tokio::test]
async fn the_light_waits_turns_red_with_the_layer_and_green_with_the_call() {
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    let other = desk.founded("Papelería").await;
    let mut stream = developer.listen(&path(&founded, "/first-call/light")).await;
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let first = next(&mut stream).await.expect("an event");
    assert!(first.starts_with("event: light\ndata: ") && first.ends_with("\n\n") && first.trim_end().lines().count() == 2, "{first}");
    assert!(first.contains("light waiting"), "{first}");
    decided(&desk, &other, "/somebody-elses", Outcome::Passed(200)).await;
    let refused = decided(&desk, &founded, "/labels", lacks_a_scope()).await;
    let red = next(&mut stream).await.expect("an event");
    assert!(red.contains("light red") && red.contains("Scope") && red.contains("/errors/scope-missing") && red.contains(&refused), "{red}");
    decided(&desk, &founded, "/la\r\nbels", Outcome::Passed(200)).await;
    let green = next(&mut stream).await.expect("an event");
    assert!(green.contains("light green") && green.contains("GET /la  bels") && !green.contains("somebody"), "{green}");
    // The page without script says the same and does not reload itself any more.
    let page = developer.get(&path(&founded, "/first-call")).await.page;
    assert!(page.contains("light green") && !page.contains("http-equiv"), "{page}");
    desk.hands.advance(300);
    assert_eq!(next(&mut stream).await, None, "five minutes are over");
}

#[tokio::test]
async fn busy_production_does_not_hide_what_the_sandbox_saw() {
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    decided(&desk, &founded, "/labels", Outcome::Passed(200)).await;
    for _ in 0..60 {
        decided_for(&desk, Some(&founded), Environment::Production, "/live", Outcome::Passed(200)).await;
    }
    let page = developer.get(&path(&founded, "/first-call")).await.page;
    assert!(page.contains("light green") && page.contains("GET /labels"), "{page}");
}

#[tokio::test]
async fn a_refused_token_request_makes_it_red_until_a_token_is_got() {
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    let (project, client) = (&founded.first.project, &founded.first.client);
    let now = desk.app.now();
    let refusal = domain::token_refusal::TokenRefusal {
        id: RequestId::new(now, &testkit::entropy(5)),
        at: now,
        environment: Environment::Sandbox,
        path: "/oauth2/token",
        address: [192, 0, 2, 9].into(),
        caller: Caller { organisation: project.organisation_id, project: project.id, client: client.client.id.clone(), customer_key: None },
        step: domain::token_refusal::Step::Client,
        code: "invalid-client",
        status: 401,
        explanation: "The credentials were not accepted.",
    };
    let mut tx = desk.app.db().begin().await.expect("begins");
    store::decisions::insert_token_refusal(&mut tx, &refusal).await.expect("keeps");
    tx.commit(now).await.expect("commits");
    let page = developer.get(&path(&founded, "/first-call")).await.page;
    assert!(page.contains("light red") && page.contains("/errors/invalid-client") && page.contains("«Client»"), "{page}");
    desk.hands.advance(1);
    let now = store::Moment(desk.app.now());
    let mut tx = desk.app.db().begin().await.expect("begins");
    testkit::note_use(&mut tx, client.secret.record.id, now, None).await.expect("notes");
    tx.commit(*now).await.expect("commits");
    let page = developer.get(&path(&founded, "/first-call")).await.page;
    assert!(page.contains("light waiting") && page.contains("A token was got"), "{page}");
}

#[tokio::test]
async fn the_light_goes_out_for_who_was_removed_or_signed_out_and_when_the_portal_closes() {
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    let light = path(&founded, "/first-call/light");
    let mut removed = developer.listen(&light).await;
    assert!(next(&mut removed).await.is_some());
    let account = developer.account.expect("signed in");
    app::members::remove(&desk.app, &Actor::System, founded.organisation.id, account).await.expect("removes");
    assert_eq!(next(&mut removed).await, None);

    let mut leaving = desk.member(founded.organisation.id, "leo@shop.example", Role::Viewer).await;
    let mut stream = leaving.listen(&light).await;
    assert!(next(&mut stream).await.is_some());
    leaving.post("/sign-out", &[]).await;
    assert_eq!(next(&mut stream).await, None);

    let mut staying = desk.member(founded.organisation.id, "ana@shop.example", Role::Viewer).await;
    let mut stream = staying.listen(&light).await;
    assert!(next(&mut stream).await.is_some());
    desk.portal.close();
    assert_eq!(next(&mut stream).await, None);
    assert_eq!(staying.get(&light).await.status, 503);
}

#[tokio::test]
async fn a_light_that_nobody_watches_keeps_no_session_alive() {
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    let light = path(&founded, "/first-call/light");
    assert_eq!(developer.get(&path(&founded, "")).await.status, 200);
    let mut hours = 0;
    // As a browser that was left alone comes again and again.
    while developer.listen(&light).await.status() == 200 {
        hours += 1;
        assert!(hours < 24, "the light goes out with the session");
        desk.hands.advance(3600);
    }
    assert_eq!(hours, 12);
    assert_eq!(developer.get(&path(&founded, "")).await.status, 303);
}

#[tokio::test]
async fn the_light_goes_out_for_an_account_that_is_deleted() {
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    let mut stream = developer.listen(&path(&founded, "/first-call/light")).await;
    assert!(next(&mut stream).await.is_some());
    let account = developer.account.expect("signed in");
    app::accounts::delete_by(&desk.app, &Actor::System, account).await.expect("deletes");
    assert_eq!(next(&mut stream).await, None);
}

#[tokio::test]
async fn an_account_has_four_lights_and_gets_one_back_when_a_page_is_closed() {
    let test = testkit::sqlite().await;
    let (_desk, founded, mut developer) = at_work(&test).await;
    let light = path(&founded, "/first-call/light");
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(developer.listen(&light).await);
    }
    let fifth = developer.get(&light).await;
    assert_eq!((fifth.status.as_u16(), &fifth.headers["retry-after"]), (429, &http::HeaderValue::from_static("30")));
    open.pop();
    // Its place is free once its task has heard of it.
    let mut again = developer.listen(&light).await;
    while again.status() == 429 {
        tokio::task::yield_now().await;
        again = developer.listen(&light).await;
    }
    assert!(matches!(again.body(), Body::Made(_)));
}

#[tokio::test]
async fn code_on_the_pages_of_apis_has_the_ids_of_ones_own_project_and_of_no_other() {
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    let credential = granted(&desk, founded.first.project.id, "labels").await;
    let sister = app::projects::create(&desk.app, &Actor::System, founded.organisation.id, "Almacén").await.expect("a project");
    let other = desk.founded("Papelería").await;
    let operation = "/apis/labels/GET-labels".to_owned();
    assert!(desk.browser().get(&operation).await.page.contains("client_id=your-client-id"));
    let own = format!("{operation}?project={}", founded.first.project.id);
    let page = developer.get(&own).await.page;
    let client = &founded.first.client;
    assert!(page.contains(client.client.id.as_str()) && page.contains(&credential) && page.contains("Almacén"), "{page}");
    assert!(!page.contains(client.secret.secret.expose()));
    let page = developer.get(&format!("{operation}?project={}", sister.project.id)).await.page;
    assert!(page.contains(sister.client.client.id.as_str()), "{page}");
    for stranger in [other.first.project.id.to_string(), "nothing".into()] {
        assert_eq!(developer.get(&format!("{operation}?project={stranger}")).await.status, 404);
    }
    assert!(desk.browser().get(&own).await.page.contains("client_id=your-client-id"), "nobody has projects");
}
