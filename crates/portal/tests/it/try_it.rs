//! The console: what its frame may do, and what its route lets through.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex},
};

use app::{Actor, access, try_it};
use domain::{ApiName, ClientId, Environment, ProjectId, role::Role};
use http::{Method, StatusCode};
use portal::try_it::{Calling, Line, Sandbox};
use store::testkit;
use web::{Request, Response};

use crate::desk::{Browser, Desk};

/// What arrived where the sandbox would be: the client, the method and URI, the names of the headers.
#[derive(Default)]
struct Arrivals(Mutex<Vec<(String, String, Vec<String>)>>);

impl Sandbox for Arrivals {
    fn call<'s>(&'s self, client: &'s ClientId, request: Request, _: IpAddr) -> Calling<'s> {
        let headers = request.headers().keys().map(ToString::to_string).collect();
        self.0.lock().expect("a lock").push((client.to_string(), format!("{} {}", request.method(), request.uri()), headers));
        let mut response = Response::new("<script>alert(1)</script>".into());
        response.headers_mut().insert("set-cookie", "postigo-session=planted".parse().expect("a value"));
        response.headers_mut().insert("content-type", "text/html".parse().expect("a value"));
        response.headers_mut().insert("cache-control", "public, max-age=60".parse().expect("a value"));
        response.headers_mut().insert("clear-site-data", "\"*\"".parse().expect("a value"));
        response.headers_mut().insert("service-worker-allowed", "/".parse().expect("a value"));
        Box::pin(async move { Some(response) })
    }
}

/// A sandbox where the client was stopped meanwhile.
struct Stopped;

impl Sandbox for Stopped {
    fn call<'s>(&'s self, _: &'s ClientId, _: Request, _: IpAddr) -> Calling<'s> {
        Box::pin(async { None })
    }
}

struct Scene {
    desk: Desk,
    arrivals: Arc<Arrivals>,
    dora: Browser,
    project: ProjectId,
    client: ClientId,
}

async fn scene(test: &testkit::TestDb) -> Scene {
    let arrivals = Arc::new(Arrivals::default());
    let line = Line::to(Arc::clone(&arrivals) as Arc<dyn Sandbox>);
    let desk = Desk::open_with(test, |settings| settings.sandbox = line).await;
    let founded = desk.founded("Librería").await;
    let dora = desk.member(founded.organisation.id, "dora@shop.example", Role::Developer).await;
    Scene { desk, arrivals, dora, project: founded.first.project.id, client: founded.first.client.client.id }
}

async fn granted(scene: &Scene) {
    let wish = access::Wish {
        project: scene.project,
        environment: Environment::Sandbox,
        api: ApiName::from("labels"),
        scopes: None,
        plan: None,
        reason: String::new(),
    };
    access::request(&scene.desk.app, &Actor::System, wish).await.expect("granted");
}

/// The ticket in a frame's configuration.
fn ticket(page: &str) -> &str {
    let at = page.find("pgx_").expect("a ticket");
    page[at..].split('"').next().expect("an end")
}

#[tokio::test]
async fn the_page_chooses_a_project_and_its_frame_has_no_origin_of_ours() {
    let test = testkit::sqlite().await;
    let mut scene = scene(&test).await;
    let page = scene.dora.get("/apis/labels/console").await;
    assert!(
        page.page.contains(&format!("/projects/{}/access/new?api=labels", scene.project)),
        "who may not yet is told how: {}",
        page.page
    );
    assert!(!page.page.contains("<iframe"));
    granted(&scene).await;
    let page = scene.dora.get("/apis/labels/console").await;
    let source = format!("/apis/labels/console/frame?project={}", scene.project);
    assert!(page.page.contains(&source), "{}", page.page);
    assert!(!page.page.contains("allow-same-origin"));
    let frame = scene.dora.get(&source).await;
    assert_eq!(frame.status, StatusCode::OK);
    let policy = frame.headers["content-security-policy"].to_str().expect("text");
    assert!(policy.starts_with("sandbox allow-scripts") && !policy.contains("allow-same-origin"), "{policy}");
    assert!(policy.contains("connect-src http://portal.example/apis/labels/console/call/;") && !policy.contains("unsafe-eval"), "{policy}");
    assert!(policy.contains("script-src http://portal.example/assets/;"), "no inline script: {policy}");
}

#[tokio::test]
async fn a_call_goes_on_in_the_projects_name_and_without_anything_of_the_browser() {
    let test = testkit::sqlite().await;
    let mut scene = scene(&test).await;
    granted(&scene).await;
    let frame = scene.dora.get(&format!("/apis/labels/console/frame?project={}", scene.project)).await;
    let bearer = format!("Bearer {}", ticket(&frame.page));
    let headers = [("authorization", bearer.as_str()), ("origin", "null"), ("sec-fetch-site", "cross-site"), ("x-mine", "1")];
    let answer = scene.dora.ask(Method::PUT, "/apis/labels/console/call/labels/7?a=b", &headers, "{}".into()).await;
    assert_eq!(answer.status, StatusCode::OK);
    let arrived = scene.arrivals.0.lock().expect("a lock").pop().expect("it arrived");
    assert_eq!((arrived.0, arrived.1), (scene.client.to_string(), "PUT /labels/7?a=b".to_owned()));
    assert!(arrived.2.contains(&"x-mine".to_owned()));
    for gone in ["authorization", "cookie", "origin", "sec-fetch-site"] {
        assert!(!arrived.2.contains(&gone.to_owned()), "{gone} went on");
    }
    // What comes back is data: it sets no cookie, says nothing about the portal's host, and is no page of the portal's.
    for gone in ["set-cookie", "clear-site-data", "service-worker-allowed"] {
        assert!(!answer.headers.contains_key(gone), "{gone} came through");
    }
    assert_eq!(answer.headers["cache-control"], "no-store", "a cache in front would hand it to who has no ticket");
    assert_eq!(answer.headers["content-security-policy"], "sandbox; default-src 'none'");
    assert_eq!(answer.headers["access-control-allow-origin"], "null");
}

#[tokio::test]
async fn without_a_ticket_nothing_goes_on_and_no_other_site_is_answered() {
    let test = testkit::sqlite().await;
    let mut scene = scene(&test).await;
    granted(&scene).await;
    let path = "/apis/labels/console/call/labels";
    for headers in [vec![], vec![("authorization", "Bearer pgx_AAAA")], vec![("authorization", "Basic eDp5")]] {
        let answer = scene.dora.ask(Method::GET, path, &headers, String::new()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "the cookie of the session opens nothing here");
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
    }
    let preflight = scene.dora.ask(Method::OPTIONS, path, &[("origin", "https://evil.example")], String::new()).await;
    assert!(!preflight.headers.contains_key("access-control-allow-origin"));
    let preflight = scene.dora.ask(Method::OPTIONS, path, &[("origin", "null")], String::new()).await;
    assert_eq!(
        (preflight.status, &preflight.headers["access-control-allow-origin"]),
        (StatusCode::NO_CONTENT, &"null".parse().expect("a value"))
    );
    assert!(scene.arrivals.0.lock().expect("a lock").is_empty());
    // The pages beside it stay without.
    let page = scene.dora.ask(Method::GET, "/apis/labels", &[("origin", "null")], String::new()).await;
    assert!(!page.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn a_refusal_of_the_consoles_route_names_its_page_and_its_request() {
    let test = testkit::sqlite().await;
    let desk = Desk::open_with(&test, |settings| settings.sandbox = Line::to(Arc::new(Stopped))).await;
    let founded = desk.founded("Librería").await;
    let mut dora = desk.member(founded.organisation.id, "dora@shop.example", Role::Developer).await;
    let frame = dora.get(&format!("/apis/labels/console/frame?project={}", founded.first.project.id)).await;
    let good = format!("Bearer {}", ticket(&frame.page));
    for (bearer, status, code) in [(good.as_str(), 403, "client-stopped"), ("Bearer pgx_AAAA", 401, "401")] {
        let answer = dora.ask(Method::GET, "/apis/labels/console/call/labels", &[("authorization", bearer)], String::new()).await;
        let body: serde_json::Value = serde_json::from_str(&answer.page).expect("JSON");
        assert_eq!(
            (answer.status.as_u16(), &answer.headers["content-type"]),
            (status, &"application/problem+json".parse().expect("a value"))
        );
        assert_eq!(body["type"], format!("http://portal.example/errors/{code}"));
        assert_eq!(body["instance"], format!("urn:uuid:{}", answer.headers["x-request-id"].to_str().expect("text")));
        assert_eq!(dora.get(&format!("/errors/{code}")).await.status, StatusCode::OK, "the page is there");
    }
}

#[tokio::test]
async fn the_frame_is_for_those_who_build_and_a_document_cannot_break_out_of_it() {
    let test = testkit::sqlite().await;
    let mut scene = scene(&test).await;
    granted(&scene).await;
    let source = format!("/apis/labels/console/frame?project={}", scene.project);
    assert_eq!(scene.desk.browser().get(&source).await.status, StatusCode::SEE_OTHER);
    let mut stranger = scene.desk.signed_in("otto@elsewhere.example", None).await;
    assert_eq!(stranger.get(&source).await.status, StatusCode::NOT_FOUND);
    let organisation = app::view::project(&scene.desk.app, &Actor::System, scene.project).await.expect("reads").organisation.id;
    let mut viewer = scene.desk.member(organisation, "vera@shop.example", Role::Viewer).await;
    assert_eq!(viewer.get(&source).await.status, StatusCode::FORBIDDEN);
    let page = viewer.get("/apis/labels/console").await;
    assert!(page.status == StatusCode::OK && !page.page.contains("<iframe"));
    let frame = scene.dora.get(&source).await;
    assert_eq!(frame.page.matches("</script>").count(), 4, "{}", frame.page);
    // Whatever is published later stays text too.
    let evil = serde_json::json!({
        "openapi": "3.1.0",
        "info": {"title": "</script><script>alert(1)</script>", "version": "<!--"},
        "paths": {"/labels": {"get": {"summary": "</SCRIPT >", "security": [{"oauth": ["LBS"]}]}}},
        "components": {"securitySchemes": {"oauth": {"type": "oauth2"}}},
        "x-postigo": {"name": "labels", "upstreams": {"sandbox": ["service:paloma"], "production": ["service:paloma"]}, "api_credential": "required",
            "plans": [{"name": "standard"}, {"name": "starter", "quota": {"requests": 10}}]}
    });
    let document = app::catalogue::Document { file: "labels.yaml".into(), content: evil };
    app::catalogue::apply(&scene.desk.app, &Actor::System, vec![document], false).await.expect("applies");
    scene.desk.directory.catch_up().await.expect("hears of it");
    let frame = scene.dora.get(&source).await;
    assert_eq!(frame.page.to_lowercase().matches("</script").count(), 4, "{}", frame.page);
    let configuration =
        frame.page.split("id=\"configuration\">").nth(1).and_then(|rest| rest.split("</script>").next()).expect("a configuration");
    let configuration: serde_json::Value = serde_json::from_str(configuration).expect("JSON");
    assert_eq!(configuration["content"]["info"]["title"], "</script><script>alert(1)</script>");
    let who = try_it::redeem(&scene.desk.app, ticket(&frame.page)).await.expect("a client");
    assert_eq!(who, scene.client);
}

#[tokio::test]
async fn the_consoles_script_travels_compressed_and_for_ever() {
    let test = testkit::sqlite().await;
    let mut scene = scene(&test).await;
    granted(&scene).await;
    let frame = scene.dora.get(&format!("/apis/labels/console/frame?project={}", scene.project)).await;
    let address = frame.page.split('"').find(|text| text.ends_with("/scalar.js")).expect("its address").to_owned();
    let request = http::Request::builder().uri(&address).header("accept-encoding", "gzip").body(web::Body::Empty).expect("a request");
    let response = scene.desk.portal.handle(request, IpAddr::from([127, 0, 0, 1])).await;
    assert_eq!(response.headers()["content-encoding"], "gzip");
    assert!(response.headers()["cache-control"].to_str().expect("text").contains("immutable"));
    let size = response.into_body().read(4 << 20).await.expect("whole").len();
    assert!((100_000..2_000_000).contains(&size), "{size} bytes");
}
