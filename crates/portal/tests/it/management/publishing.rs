//! What publishers do over the wire: drafts and lives of APIs, plans, announcements, policies.

use http::StatusCode;
use serde_json::{Value, json};
use store::testkit;

use super::{
    nouns::{Desk, id},
    office::{PORTAL, api},
};

/// A notice as a program writes it.
pub fn announcement() -> Value {
    json!({
        "kind": "notice", "title_spanish": "Aviso", "title_english": "Notice", "text_spanish": "Algo pasa.", "text_english": "Something is up.",
    })
}

#[tokio::test]
async fn a_plan_is_written_once_changed_as_it_was_seen_and_kept_while_an_api_offers_it() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let gold = |requests: u32| json!({"title": {"es": "Oro", "en": "Gold"}, "rate": {"requests": requests, "window_seconds": 10}});
    let put = |path: &str| desk.office.ask("PUT", &format!("/api/v1{path}")).bearer(&desk.token);
    assert_eq!(put("/plans/gold").json(&gold(5)).send().await.verdict(), "428 precondition-required");
    let made = desk.place("/plans/gold", gold(5)).await;
    assert_eq!((made.status, made.header("location")), (StatusCode::CREATED, &*format!("{PORTAL}/api/v1/plans/gold")));
    assert_eq!(desk.place("/plans/gold", gold(6)).await.verdict(), "412 precondition-failed", "it is there");
    let seen = desk.get("/plans/gold").await;
    assert_eq!((seen.header("etag"), &seen.json()["rate"]["requests"]), (made.header("etag"), &json!(5)));
    let changed = desk.put("/plans/gold", "/plans/gold", gold(9)).await;
    assert_eq!((&changed.json()["rate"]["requests"], &changed.json()["version"]), (&json!(9), &json!(2)));
    let stale = put("/plans/gold").header("if-match", seen.header("etag")).json(&gold(1)).send().await;
    assert_eq!(stale.verdict(), "412 precondition-failed", "somebody was faster");

    let mut document = api("labels", "/labels", "LBS").content;
    document["x-postigo"]["plans"] = json!(["gold"]);
    assert_eq!(desk.put("/apis/labels", "/apis/labels", document).await.status, StatusCode::OK);
    let offered = desk.get("/plans/gold").await;
    assert_eq!(offered.json()["apis"], json!(["labels"]));
    assert_eq!(offered.header("etag"), changed.header("etag"), "who offers it is no change of the plan");
    assert_eq!(desk.delete("/plans/gold").await.verdict(), "409 rule", "an API offers it");
    desk.put("/apis/labels", "/apis/labels", api("labels", "/labels", "LBS").content).await;
    assert_eq!(desk.delete("/plans/gold").await.status, StatusCode::NO_CONTENT);
    assert!(desk.items("/plans").await.is_empty());

    let blank = desk.place("/plans/gold", json!({"title": {"es": " ", "en": "Gold"}})).await;
    assert_eq!(blank.json()["errors"][0]["pointer"], "/title/es", "{blank:?}");
    let reserved = desk.place("/plans/new", gold(5)).await;
    assert_eq!((reserved.verdict().as_str(), &reserved.json()["errors"][0]["parameter"]), ("400 bad-parameter", &json!("name")));
}

#[tokio::test]
async fn a_draft_names_its_faults_is_compared_and_goes_live_as_it_was_looked_at() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut faulty = api("labels", "/labels", "LBS").content;
    faulty["paths"]["/labels"]["get"]["security"] = json!([]);
    let refused = desk.post("/api-drafts", faulty).await;
    assert_eq!(refused.json()["errors"][0]["pointer"], "/paths/~1labels/get/security", "{refused:?}");
    assert!(desk.items("/api-drafts").await.is_empty(), "nothing is kept of it");
    let own = desk.post("/api-drafts", desk.office.document.clone()).await;
    assert_eq!(own.json()["errors"][0]["pointer"], "/x-postigo/name", "the program's own entry is nobody's to change: {own:?}");

    let written = desk.post("/api-drafts", api("labels", "/printing", "LBS").content).await;
    assert_eq!(written.status, StatusCode::CREATED, "{written:?}");
    let path = format!("/apis/labels/versions/{}", written.json()["number"]);
    assert!(written.header("location").ends_with(&path));
    assert_eq!(desk.items("/api-drafts").await.len(), 1);
    desk.post("/api-drafts", api("returns", "/returns", "RET").content).await;
    let names = |found: Vec<Value>| found.iter().map(|api| api["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>();
    assert_eq!(names(desk.items("/api-search?text=LABEL").await), ["labels"]);
    assert_eq!(names(desk.items("/api-search?state=published").await), ["labels"], "a draft is not published");
    let drafted = desk.items("/api-search?state=drafts").await;
    assert_eq!((&drafted[0]["drafts"][0]["number"], &drafted[1]["status"]), (&written.json()["number"], &Value::Null), "{drafted:?}");
    let first = desk.get("/api-search?limit=1").await.json();
    assert_eq!(names(desk.items(&format!("/api-search?after={}", first["next"].as_str().expect("more"))).await), ["returns"]);
    assert_eq!(desk.get("/api-search?state=open").await.verdict(), "400 bad-parameter");
    let compared = desk.get(&format!("{path}/comparison")).await.json();
    assert_eq!((&compared["differences"][0]["kind"], &compared["over"]), (&json!("breaking"), &json!(1)), "{compared}");
    assert_eq!((&compared["reached"], &compared["holders"][0]["scopes"]), (&json!(2), &json!(["LBS"])), "sandbox and production");

    let look = |over: i64| json!({"over": over, "created_at": written.json()["created_at"], "note": "Another path."});
    let publish = format!("{path}/publish");
    assert_eq!(desk.post(&publish, look(0)).await.verdict(), "409 rule", "it was compared with something else");
    let other = json!({"over": 1, "created_at": "2020-01-01T00:00:00Z"});
    assert_eq!(desk.post(&publish, other).await.verdict(), "409 rule", "another draft was looked at");
    let published = desk.post(&publish, look(1)).await;
    assert_eq!((published.status, &published.json()["note"]), (StatusCode::OK, &json!("Another path.")));
    assert!(desk.get("/apis/labels").await.json()["paths"]["/printing"].is_object());
    assert_eq!(desk.post(&publish, look(1)).await.status, StatusCode::CONFLICT, "it is no draft any more");
    assert_eq!(desk.delete(&path).await.verdict(), "404 not-found", "nor can it be thrown away");

    let again = desk.post("/apis/labels/versions", json!({"number": 1})).await;
    assert_eq!(again.status, StatusCode::CREATED);
    let draft = format!("/apis/labels/versions/{}", again.json()["number"]);
    assert_eq!(desk.get(&format!("{draft}/document")).await.json(), api("labels", "/labels", "LBS").content);
    let page = desk.get("/apis/labels/versions?limit=2").await.json();
    let rest = desk.items(&format!("/apis/labels/versions?limit=2&after={}", page["next"].as_str().expect("more"))).await;
    assert_eq!((page["items"].as_array().map(Vec::len), rest.len()), (Some(2), 1));
    assert_eq!(desk.delete(&draft).await.status, StatusCode::NO_CONTENT);
    assert_eq!(desk.get(&draft).await.verdict(), "404 not-found");
}

#[tokio::test]
async fn an_upstream_of_a_draft_is_tried_by_its_number() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut next = api("labels", "/labels", "LBS").content;
    next["x-postigo"]["upstreams"]["sandbox"] = json!(["https://next.example", "https://down.example"]);
    let draft = desk.post("/api-drafts", next).await.json();
    let attempt = async |number: Value, upstream: i64| {
        let mut body = json!({"environment": "sandbox", "upstream": upstream, "path": "/health"});
        if !number.is_null() {
            body["number"] = number;
        }
        desk.post("/apis/labels/try", body).await
    };
    let answered = attempt(draft["number"].clone(), 0).await.json();
    let told = |origin: &str, outcome: &str, status: Value, milliseconds: Value| json!({"origin": origin, "path": "/health", "outcome": outcome, "status": status, "milliseconds": milliseconds});
    assert_eq!(answered, told("https://next.example", "answered", json!(204), json!(7)));
    let silent = attempt(draft["number"].clone(), 1).await.json();
    assert_eq!(silent, told("https://down.example", "unreachable", Value::Null, Value::Null));
    for (number, verdict, why) in [
        (Value::Null, "404 not-found", "what is live is inside the program"),
        (json!(1), "404 not-found", "as its version is"),
        (json!(99), "404 not-found", "there is no such version"),
        (json!(0), "400 body-unfit", "versions are counted from one"),
    ] {
        assert_eq!(attempt(number, 0).await.verdict(), verdict, "{why}");
    }
}

#[tokio::test]
async fn everybody_who_holds_an_api_is_told_page_by_page() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let first = desk.get("/apis/labels/grants?limit=1").await;
    assert!(first.header("link").contains("rel=\"next\""), "{first:?}");
    let first = first.json();
    let last = desk.get(&format!("/apis/labels/grants?limit=1&after={}", first["next"].as_str().expect("more"))).await.json();
    assert_eq!(last["next"], Value::Null);
    let granted = desk.items(&format!("/projects/{}/grants", desk.office.project)).await;
    for (page, environment) in [(&first, "production"), (&last, "sandbox")] {
        let grant = granted.iter().find(|grant| grant["api"] == "labels" && grant["environment"] == environment).expect("granted");
        let expected = json!([{
            "grant_id": grant["id"], "organisation_id": desk.office.organisation, "organisation": "Operadora",
            "project_id": desk.office.project, "project": "Tools", "environment": environment, "scopes": ["LBS"], "plan": grant["plan"],
        }]);
        assert_eq!(page["items"], expected);
    }
    let revoked = first["items"][0]["grant_id"].as_str().expect("an id");
    desk.post(&format!("/grants/{revoked}/revoke"), Value::Null).await;
    assert_eq!(desk.items("/apis/labels/grants").await, last["items"].as_array().cloned().expect("items"));
    assert_eq!(desk.get("/apis/labels/grants?after=7").await.verdict(), "400 bad-parameter");
    assert_eq!(desk.get("/apis/nope/grants").await.verdict(), "404 not-found");
}

#[tokio::test]
async fn an_api_is_deprecated_restored_and_retired_and_a_rule_changes_by_a_draft_alone() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let past = desk.post("/apis/labels/deprecate", json!({"sunset": "2020-01-01T00:00:00Z"})).await;
    assert_eq!(past.json()["errors"][0]["pointer"], "/sunset");
    let told = desk.post("/apis/labels/deprecate", json!({"sunset": "2100-01-01T00:00:00Z"})).await.json();
    assert_eq!((&told["status"], &told["sunset_at"]), (&json!("deprecated"), &json!("2100-01-01T00:00:00Z")));
    assert_eq!(desk.post("/apis/labels/restore", Value::Null).await.json()["status"], "published");
    assert_eq!(desk.post("/apis/labels/restore", Value::Null).await.verdict(), "409 rule", "it is not deprecated");
    assert_eq!(desk.post("/apis/labels/retire", Value::Null).await.json()["status"], "retired");
    assert_eq!(desk.get("/apis/labels/life").await.json()["status"], "retired");
    assert_eq!(desk.post("/apis/management/retire", Value::Null).await.verdict(), "404 not-found", "nobody locks everybody out");

    let rules = "/apis/labels/versions/1/rules";
    let before = desk.get(rules).await.json();
    assert_eq!((&before["open_to"], &before["hidden"]), (&json!("all"), &json!(false)));
    assert_eq!(desk.post(rules, json!({})).await.verdict(), "400 body-unfit");
    assert_eq!(desk.post(rules, json!({"hidden": false})).await.verdict(), "409 rule", "they are these already");
    let wanted = json!({"open_to": ["integrator", "customer"], "auto_approve": {"sandbox": "all", "production": ["internal"]}});
    let draft = desk.post(rules, wanted).await.json();
    let after = desk.get(&format!("/apis/labels/versions/{}/rules", draft["number"])).await.json();
    let mut types: Vec<_> = after["open_to"].as_array().expect("types").iter().filter_map(Value::as_str).collect();
    types.sort_unstable();
    assert_eq!(types, ["customer", "integrator"]);
    assert_eq!((&after["auto_approve"]["production"], &after["hidden"]), (&json!(["internal"]), &json!(false)));
    let look = json!({"over": 1, "created_at": draft["created_at"]});
    desk.post(&format!("/apis/labels/versions/{}/publish", draft["number"]), look).await;
    assert_eq!(desk.get("/apis/labels/life").await.json()["status"], "published", "what was retired is served again");
}

#[tokio::test]
async fn an_announcement_is_drafted_published_added_to_and_ended() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut wrong = announcement();
    wrong["api"] = "nope".into();
    assert_eq!(desk.post("/announcements", wrong).await.json()["errors"][0]["pointer"], "/api");
    let made = desk.post("/announcements", announcement()).await;
    assert_eq!((made.status, &made.json()["environment"]), (StatusCode::CREATED, &Value::Null));
    let path = format!("/announcements/{}", id(&made));
    let mut text = announcement();
    text["title_english"] = "Heads up".into();
    text["environment"] = "sandbox".into();
    let changed = desk.put(&path, &path, text).await.json();
    assert_eq!(
        (&changed["title_english"], &changed["environment"], &changed["revision"]),
        (&json!("Heads up"), &json!("sandbox"), &json!(2))
    );
    let news = |revision: i64, stage: &str| json!({"revision": revision, "stage": stage, "spanish": "Va mejor.", "english": "Better."});
    let publish = format!("{path}/publish");
    assert_eq!(desk.post(&format!("{path}/updates"), news(2, "monitoring")).await.verdict(), "409 rule", "it is a draft");
    assert_eq!(desk.post(&publish, json!({"revision": 1})).await.verdict(), "409 rule", "it was changed since");
    assert!(desk.post(&publish, json!({"revision": 2})).await.json()["published_at"].is_string());
    assert_eq!(desk.delete(&path).await.verdict(), "409 rule", "what is published is not thrown away");
    let told = desk.post(&format!("{path}/updates"), news(2, "monitoring")).await.json();
    assert_eq!((&told["updates"][0]["stage"], &told["ends_at"]), (&json!("monitoring"), &Value::Null));
    assert_eq!(desk.post(&format!("{path}/updates"), news(2, "monitoring")).await.verdict(), "409 rule", "somebody was faster");
    assert!(desk.post(&format!("{path}/end"), Value::Null).await.json()["ends_at"].is_string());
    assert_eq!(desk.post(&format!("{path}/end"), Value::Null).await.verdict(), "409 rule", "it is over");

    for _ in 0..2 {
        desk.post("/announcements", announcement()).await;
    }
    let first = desk.get("/announcements?limit=2").await.json();
    let last = desk.get(&format!("/announcements?limit=2&after={}", first["next"].as_str().expect("more"))).await.json();
    assert_eq!((first["items"].as_array().map(Vec::len), last["items"].as_array().map(Vec::len)), (Some(2), Some(1)));
    assert_eq!(last["next"], Value::Null);
    assert_eq!(desk.get("/announcements?after=7").await.verdict(), "400 bad-parameter");
}

#[tokio::test]
async fn a_version_of_the_policies_is_drafted_published_once_and_says_who_accepted_it() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    // A version comes into force after the one that the house began with.
    desk.office.hands.advance(1);
    let text = |english: &str| json!({"spanish": "Nuevo texto.", "english": english});
    let path = "/policies/2099-01";
    let made = desk.place(path, text("New text.")).await;
    assert_eq!((made.status, &made.json()["published_at"]), (StatusCode::CREATED, &Value::Null));
    assert_eq!(desk.place(path, text("Another.")).await.verdict(), "412 precondition-failed", "it is there");
    assert_eq!(desk.put(path, path, text("Newer text.")).await.json()["revision"], 2);
    let publish = format!("{path}/publish");
    assert_eq!(desk.post(&publish, json!({"revision": 1})).await.verdict(), "409 rule", "it was changed since");
    let past = desk.post(&publish, json!({"revision": 2, "in_force_at": "2020-01-01T00:00:00Z"})).await;
    assert_eq!(past.json()["errors"][0]["pointer"], "/in_force_at");
    assert!(desk.post(&publish, json!({"revision": 2})).await.json()["in_force_at"].is_string());
    assert_eq!(desk.put(path, path, text("Other words.")).await.verdict(), "409 rule", "what is published stays as it is");
    assert_eq!(desk.delete(path).await.verdict(), "409 rule");
    let all = desk.items("/policies").await;
    assert_eq!((all.len(), &all[0]["version"], all[0].get("english")), (2, &json!("2099-01"), None));
    desk.place("/policies/2099-02", text("A draft.")).await;
    assert_eq!(desk.delete("/policies/2099-02").await.status, StatusCode::NO_CONTENT);

    let owner = domain::AccountId::from(uuid::Uuid::from_u128(7));
    testkit::account(desk.office.db(), owner, "owner@operator.example", true, None).await;
    let mut tx = desk.office.db().begin().await.expect("begins");
    let now = store::Moment(desk.office.app.now());
    store::memberships::insert(&mut tx, desk.office.organisation, owner, domain::role::Role::Owner, now).await.expect("a member");
    tx.commit(desk.office.app.now()).await.expect("commits");
    let environment = domain::Environment::Production;
    app::policies::accept(&desk.office.app, &app::Actor::Account(owner), desk.office.project, environment, "2099-01", "192.0.2.1")
        .await
        .expect("accepts");
    let accepted = desk.items(&format!("{path}/acceptances?organisation=oper")).await;
    assert_eq!((accepted.len(), &accepted[0]["environment"], &accepted[0]["account_id"]), (1, &json!("production"), &json!(owner)));
    assert!(desk.items(&format!("{path}/acceptances?organisation=nobody")).await.is_empty());
}
