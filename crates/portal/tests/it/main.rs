//! The portal's pages over a real directory.

mod access;
mod account;
mod acting;
mod announcements;
mod apis;
mod console;
mod console_queues;
mod customer_keys;
mod desk;
mod doors;
mod event_matrix;
mod house;
mod links;
mod looks;
mod management;
mod operator;
mod organisations;
mod organisations_in_console;
mod plans;
mod policies;
mod projects;
mod publishing;
mod roles;
mod routes;
mod security;
mod sessions;
mod try_it;
mod upstreams;

use std::{net::IpAddr, sync::Arc};

use app::{Actor, App, catalogue, catalogue::Document};
use directory::{Directory, Settings};
use domain::{Environment, wrapping::MasterKey};
use http::{Method, StatusCode};
use portal::Portal;
use serde_json::{Value, json};
use store::testkit::{self, Hands, TestDb};
use web::{Body, Response};

const SOMEBODY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Labels <script>alert(1)</script>", "version": "1"},
        "paths": {"/labels/{id}": {"get": {"security": [{"oauth": ["LBS"]}]}}},
        "components": {"securitySchemes": {"oauth": {"type": "oauth2"}}},
        "x-postigo": {"name": "labels", "upstreams": {"sandbox": ["service:paloma"]}, "api_credential": "required"}
    })
}

async fn portal(test: &TestDb) -> Portal {
    portal_with(test, vec![Document { file: "labels.json".into(), content: document() }]).await
}

async fn portal_with(test: &TestDb, documents: Vec<Document>) -> Portal {
    let settings = portal::Settings {
        public_url: "http://portal.example".into(),
        environments: vec![
            (Environment::Sandbox, "https://sandbox.example".into()),
            (Environment::Production, "https://production.example".into()),
        ],
        ..Default::default()
    };
    portal_of(test, documents, settings).await
}

async fn portal_of(test: &TestDb, documents: Vec<Document>, settings: portal::Settings) -> Portal {
    let (clock, entropy) = (Hands::new().clock(), testkit::entropy(1));
    let master = Arc::new(MasterKey::parse(&MasterKey::draw(&testkit::entropy(1))).expect("a master key"));
    let app = App::open(test.db.clone(), Arc::clone(&master), clock.clone(), entropy.clone()).await.expect("opens");
    catalogue::apply(&app, &Actor::System, documents, false).await.expect("applies");
    let directory = Directory::open(test.db.clone(), master, clock, Settings::default()).await.expect("opens");
    Portal::new(directory, app, entropy, settings)
}

async fn get(portal: &Portal, path: &str, language: &str) -> (StatusCode, Response, String) {
    let request = http::Request::builder().uri(path).header("accept-language", language).body(Body::Empty).expect("a request");
    let mut response = portal.handle(request, SOMEBODY).await;
    let body = std::mem::replace(response.body_mut(), Body::Empty).read(1 << 20).await.expect("whole");
    (response.status(), response, String::from_utf8(body.to_vec()).expect("text"))
}

store::on_both_engines! {
    async fn the_catalogue_is_listed_in_the_readers_language(test: TestDb) {
        let portal = portal(&test).await;
        let (status, response, page) = get(&portal, "/apis/labels", "es-ES").await;
        assert_eq!((status, &response.headers()["content-language"]), (StatusCode::OK, &"es".parse().expect("a value")));
        assert!(page.contains("Operaciones") && page.contains("<code>/labels/{id}</code>") && page.contains("LBS"), "{page}");
        let (_, _, page) = get(&portal, "/apis/labels", "en").await;
        assert!(page.contains("Operations") && page.contains("lang=\"en\""), "{page}");
        let (_, _, page) = get(&portal, "/apis?lang=es", "en").await;
        assert!(page.contains("lang=\"es\"") && page.contains("href=\"/apis/labels\""), "{page}");
    }

    async fn the_document_is_served_as_it_was_published_without_what_is_for_staff(test: TestDb) {
        let mut stored = document();
        let staffs_own = json!({
            "upstreams": {"sandbox": ["service:paloma"], "production": ["https://10.1.2.3:8443"]}, "timeouts": {"connect_ms": 77},
            "auto_approve": {"production": ["internal"]}, "open_to": "all", "hidden": false
        });
        for (name, value) in staffs_own.as_object().expect("members") {
            stored["x-postigo"][name] = value.clone();
        }
        let portal = portal_with(&test, vec![Document { file: "labels.json".into(), content: stored.clone() }]).await;
        let (status, response, text) = get(&portal, "/apis/labels/openapi.json", "").await;
        assert_eq!((status, &response.headers()["content-type"]), (StatusCode::OK, &"application/json".parse().expect("a value")));
        let extension = stored["x-postigo"].as_object_mut().expect("members");
        extension.retain(|name, _| staffs_own.get(name).is_none());
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), stored);
        assert!(!text.contains("10.1.2.3"), "{text}");
    }
}

#[tokio::test]
async fn markup_in_a_document_stays_text_and_nothing_could_run_if_it_did_not() {
    let test = testkit::sqlite().await;
    let portal = portal(&test).await;
    for path in ["/apis", "/apis/labels"] {
        let (_, response, page) = get(&portal, path, "en").await;
        assert!(!page.contains("<script>"), "{page}");
        let policy = response.headers()["content-security-policy"].to_str().expect("text").to_owned();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    }
}

#[tokio::test]
async fn every_error_page_exists_in_both_languages_and_unknown_ones_do_not() {
    let test = testkit::sqlite().await;
    let portal = portal(&test).await;
    for code in ["scope-missing", "token-expired", "invalid-client", "401"] {
        let (status, _, spanish) = get(&portal, &format!("/errors/{code}"), "es").await;
        let (_, _, english) = get(&portal, &format!("/errors/{code}"), "en").await;
        assert_eq!(status, StatusCode::OK, "{code}");
        assert_ne!(spanish, english);
    }
    for path in ["/errors/", "/errors/nope", "/apis/nope", "/apis/nope/openapi.json", "/nope", "/apis/"] {
        assert_eq!(get(&portal, path, "en").await.0, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn nothing_here_takes_anything_but_get_and_head() {
    let test = testkit::sqlite().await;
    let portal = portal(&test).await;
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let request = http::Request::builder()
            .method(method)
            .uri("/apis")
            .header("origin", "https://evil.example")
            .body(Body::Empty)
            .expect("a request");
        let response = portal.handle(request, SOMEBODY).await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(response.headers()["allow"], "GET, HEAD");
        assert!(!response.headers().contains_key("access-control-allow-origin"));
    }
}

#[tokio::test]
async fn what_others_may_keep_a_copy_of_gives_nobody_a_cookie() {
    let test = testkit::sqlite().await;
    let portal = portal(&test).await;
    let (_, page, html) = get(&portal, "/", "en").await;
    assert!(page.headers().contains_key("set-cookie") && page.headers()["cache-control"] == "no-store");
    let assets: Vec<_> = html.split('"').filter(|text| text.starts_with("/assets/")).collect();
    assert!(assets.len() >= 3, "{assets:?}");
    for asset in assets {
        let (status, response, _) = get(&portal, &format!("{asset}?lang=es"), "en").await;
        assert_eq!(status, StatusCode::OK, "{asset}");
        assert!(response.headers()["cache-control"].to_str().expect("text").starts_with("public"), "{asset}");
        assert!(!response.headers().contains_key("set-cookie"), "{asset}");
    }
}
