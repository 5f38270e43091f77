//! How the management API speaks, whatever it is about.

use http::StatusCode;
use serde_json::{Value, json};
use store::testkit;

use super::office::{Answer, Office, PORTAL};

const ORGANISATIONS: &str = "/api/v1/organisations";

fn new(name: &str) -> Value {
    json!({"name": name, "first_project": "Web"})
}

#[tokio::test]
async fn only_json_is_spoken_and_every_wrong_member_is_named_by_its_place() {
    let test = testkit::sqlite().await;
    let office = Office::open(&test).await;
    let token = office.token("").await;
    let post = || office.ask("POST", ORGANISATIONS).bearer(&token);
    assert_eq!(post().body("name=x").header("content-type", "text/plain").send().await.verdict(), "415 media-type");
    assert_eq!(post().body(new("x").to_string()).send().await.verdict(), "415 media-type", "unlabelled");
    assert_eq!(post().json(&new("x")).header("content-encoding", "gzip").send().await.verdict(), "415 media-type");
    assert_eq!(post().json(&new("x")).header("accept", "text/html").send().await.verdict(), "406 not-acceptable");
    assert_eq!(post().json(&new("x")).header("accept", "application/json;q=0").send().await.verdict(), "406 not-acceptable");
    let long = "x".repeat((1 << 20) + 1);
    assert_eq!(post().body(long).header("content-type", "application/json").send().await.verdict(), "413 body-too-large");
    let deep = "[".repeat(100_000);
    for broken in ["{", "", &deep, "nul"] {
        let answer = post().body(broken.to_owned()).header("content-type", "application/json").send().await;
        assert_eq!(answer.verdict(), "400 body-unfit", "{}", &broken[..broken.len().min(9)]);
    }
    let answer = post().json(&json!({"name": "", "owner": 1, "customer_type": "friend", "a/b": 2})).send().await;
    assert_eq!(answer.verdict(), "400 body-unfit");
    let mut named: Vec<_> = pointers(&answer);
    named.sort();
    named.dedup();
    assert_eq!(named, ["/a~1b", "/customer_type", "/first_project", "/name", "/owner"]);
    let nothing = office.ask("POST", &format!("/api/v1/projects/{}/archive", office.project)).bearer(&token).json(&json!({})).send().await;
    assert_eq!(nothing.verdict(), "400 body-unfit");
}

fn pointers(answer: &Answer) -> Vec<String> {
    let errors = answer.json()["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().filter_map(|error| error["pointer"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn parameters_that_do_not_exist_repeat_or_do_not_fit_are_refused_by_name() {
    let test = testkit::sqlite().await;
    let office = Office::open(&test).await;
    let token = office.token("").await;
    for query in [
        "limits=1",
        "limit=0",
        "limit=201",
        "limit=NaN",
        "limit=",
        "limit=-1",
        "limit=1&limit=2",
        "status=gone",
        "after=not-an-id",
        "name=%00",
        "access_token=x&limit=0",
    ] {
        let answer = office.ask("GET", &format!("{ORGANISATIONS}?{query}")).bearer(&token).send().await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}: {answer:?}");
    }
    let answer = office.ask("GET", &format!("{ORGANISATIONS}?limits=1")).bearer(&token).send().await;
    assert_eq!(answer.json()["errors"][0]["parameter"], "limits");
}

#[tokio::test]
async fn refusals_explain_themselves_in_the_callers_language_and_link_to_pages_that_exist() {
    let test = testkit::sqlite().await;
    let office = Office::open(&test).await;
    let token = office.token("").await;
    let ask = |language| office.ask("GET", "/api/v1/organisations/nope").bearer(&token).header("accept-language", language);
    let (spanish, english) = (ask("es").send().await, ask("en").send().await);
    assert_ne!(spanish.json()["detail"], english.json()["detail"]);
    assert_eq!((spanish.header("content-language"), english.header("content-language")), ("es", "en"));
    // The gateway's own refusals too.
    let nobody = office.ask("GET", ORGANISATIONS).header("accept-language", "es").send().await;
    assert!(nobody.json()["detail"].as_str().is_some_and(|detail| detail.contains("La petición no lleva token")), "{nobody:?}");
    for answer in [spanish, nobody] {
        let link = answer.json()["type"].as_str().expect("a link").to_owned();
        let page = office.ask("GET", link.strip_prefix(PORTAL).expect("ours")).send().await;
        assert_eq!(page.status, StatusCode::OK, "{link}");
    }
}

#[tokio::test]
async fn other_methods_are_told_which_there_are_and_head_and_options_are_answered() {
    let test = testkit::sqlite().await;
    let office = Office::open(&test).await;
    let token = office.token("").await;
    let answer = office.ask("DELETE", ORGANISATIONS).bearer(&token).send().await;
    assert_eq!((answer.verdict().as_str(), answer.header("allow")), ("405 method-not-allowed", "GET, HEAD, POST, OPTIONS"));
    let options = office.ask("OPTIONS", ORGANISATIONS).header("origin", "https://evil.example").send().await;
    assert_eq!((options.status, options.header("allow")), (StatusCode::NO_CONTENT, "GET, HEAD, POST, OPTIONS"));
    assert_eq!(options.header("access-control-allow-origin"), "");
    assert_eq!(office.ask("HEAD", ORGANISATIONS).bearer(&token).send().await.status, StatusCode::OK);
    assert_eq!(office.ask("HEAD", ORGANISATIONS).send().await.status, StatusCode::UNAUTHORIZED);
    for path in ["/api/v1", "/api/v1/", "/api/v1/nope", "/api/v1/organisations/"] {
        assert_eq!(office.ask("GET", path).bearer(&token).send().await.verdict(), "404 no-route", "{path}");
    }
}

#[tokio::test]
async fn a_change_names_the_state_it_was_decided_on() {
    let test = testkit::sqlite().await;
    let office = Office::open(&test).await;
    let token = office.token("").await;
    let path = format!("{ORGANISATIONS}/{}", office.organisation);
    let seen = office.ask("GET", &path).bearer(&token).send().await;
    let tag = seen.header("etag").to_owned();
    let rename = |name: &str| office.ask("PATCH", &path).bearer(&token).json(&json!({"name": name}));
    assert_eq!(rename("A").send().await.verdict(), "428 precondition-required");
    assert_eq!(rename("A").header("if-match", "another").send().await.verdict(), "400 bad-parameter", "no tag at all");
    assert_eq!(
        rename("A").header("if-match", &format!("W/{tag}")).send().await.verdict(),
        "412 precondition-failed",
        "a weak tag says nothing"
    );
    assert_eq!(rename("A").header("if-match", "\"another\"").send().await.verdict(), "412 precondition-failed");
    let renamed = rename("A").header("if-match", &tag).send().await;
    assert_eq!((renamed.status, &renamed.json()["name"]), (StatusCode::OK, &json!("A")));
    assert_eq!(rename("B").header("if-match", &tag).send().await.verdict(), "412 precondition-failed", "somebody was faster");
    let now = office.ask("GET", &path).bearer(&token).send().await;
    assert_eq!(now.header("etag"), renamed.header("etag"));
    assert_eq!(rename("B").header("if-match", &format!("\"x\", {}", now.header("etag"))).send().await.status, StatusCode::OK);
}

#[tokio::test]
async fn pages_lead_on_until_everything_was_shown_once() {
    let test = testkit::sqlite().await;
    let office = Office::open(&test).await;
    let token = office.token("").await;
    for name in ["Uno", "Dos", "Tres", "Cuatro"] {
        office.hands.advance(1);
        let made = office.ask("POST", ORGANISATIONS).bearer(&token).json(&new(name)).send().await;
        let location = made.header("location").strip_prefix(PORTAL).expect("ours").to_owned();
        let there = office.ask("GET", &location).bearer(&token).send().await;
        assert_eq!((there.json()["name"].clone(), there.header("etag")), (json!(name), made.header("etag")));
    }
    let (mut path, mut names) = (format!("{ORGANISATIONS}?limit=2"), Vec::new());
    loop {
        let page = office.ask("GET", &path).bearer(&token).send().await;
        let items = page.json()["items"].as_array().cloned().expect("items");
        assert!(items.len() <= 2);
        names.extend(items.iter().map(|item| item["name"].as_str().expect("a name").to_owned()));
        let Some(next) = page.header("link").strip_prefix(&format!("<{PORTAL}")).and_then(|rest| rest.strip_suffix(">; rel=\"next\""))
        else {
            assert_eq!(page.json()["next"], Value::Null);
            break;
        };
        assert!(next.contains(page.json()["next"].as_str().expect("a cursor")));
        path = next.to_owned();
    }
    assert_eq!(names, ["Operadora", "Uno", "Dos", "Tres", "Cuatro"]);
    let mut paths = vec![format!("{ORGANISATIONS}?limit=200&name=uatr")];
    paths.push(format!("{ORGANISATIONS}?customer_type=internal"));
    for (path, count) in paths.iter().zip([1, 1]) {
        let page = office.ask("GET", path).bearer(&token).send().await;
        assert_eq!(page.json()["items"].as_array().map(Vec::len), Some(count), "{path}");
    }
}

#[tokio::test]
async fn a_retry_under_its_key_is_answered_as_the_first_time_and_nothing_is_made_twice() {
    let test = testkit::sqlite().await;
    let office = Office::open(&test).await;
    let token = office.token("").await;
    let post = |key: &str, body: &Value| office.ask("POST", ORGANISATIONS).bearer(&token).header("idempotency-key", key).json(body);
    let (first, second) = (post("k-1", &new("Una")).send().await, post("k-1", &new("Una")).send().await);
    assert_eq!((first.status, second.status), (StatusCode::CREATED, StatusCode::CREATED));
    assert_eq!(first.json(), second.json(), "the secret that is shown once too");
    assert_eq!((first.header("location"), first.header("etag")), (second.header("location"), second.header("etag")));
    assert_eq!(post("k-1", &new("Otra")).send().await.verdict(), "422 idempotency-key-reused");
    assert_eq!(post("k-2", &new("Una")).send().await.verdict(), "409 rule", "without its key it is another one of that name");
    // What changed nothing may be mended under the same key.
    assert_eq!(post("k-2", &new("Dos")).send().await.status, StatusCode::CREATED);
    for wrong in ["", "a b", &"x".repeat(256)] {
        assert_eq!(post(wrong, &new("Tres")).send().await.verdict(), "400 bad-parameter", "{wrong:?}");
    }
    let secret = first.json()["project"]["client"]["secret"]["client_secret"].as_str().expect("a secret").to_owned();
    let kept = store::management_answers::find(office.db(), &office.client.0, "k-1").await.expect("reads").expect("kept");
    let body = kept.body.expect("a body");
    assert!(!body.windows(secret.len()).any(|part| part == secret.as_bytes()), "no secret stands in clear in the database");
    let claimed = app::management::claim(&office.app, &office.client.0, "k-9", &fingerprint("POST", ORGANISATIONS, &new("Nueve"))).await;
    assert!(matches!(claimed.expect("claims"), app::management::Claim::Fresh(_)));
    assert_eq!(post("k-9", &new("Nueve")).send().await.verdict(), "409 idempotency-key-busy");
}

fn fingerprint(method: &str, path: &str, body: &Value) -> String {
    domain::digest::hex(format!("{method} {path}\n{body}").as_bytes())
}

#[tokio::test]
async fn an_organisation_that_is_the_operators_no_more_is_let_in_no_more() {
    let test = testkit::sqlite().await;
    let office = Office::open(&test).await;
    let token = office.token("").await;
    assert_eq!(office.ask("GET", ORGANISATIONS).bearer(&token).send().await.status, StatusCode::OK);
    app::organisations::set_customer_type(&office.app, &app::Actor::System, office.organisation, domain::CustomerType::Customer)
        .await
        .expect("sets");
    office.directory.catch_up().await.expect("catches up");
    let refused = office.ask("GET", ORGANISATIONS).bearer(&token).send().await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{refused:?}");
}

#[tokio::test]
async fn the_catalogue_and_the_keys_of_a_project_are_read_page_by_page() {
    let test = testkit::sqlite().await;
    let office = Office::open(&test).await;
    let token = office.token("").await;
    for number in 0..=200 {
        let account = format!("{number}");
        app::customer_keys::create(&office.app, &app::Actor::System, office.project, domain::Environment::Sandbox, &account)
            .await
            .expect("a key");
    }
    let keys = format!("/api/v1/projects/{}/customer-keys", office.project);
    for (path, whole) in [(keys.as_str(), 201), ("/api/v1/apis", 2)] {
        let limit = if whole == 2 { 1 } else { 200 };
        let first = office.ask("GET", &format!("{path}?limit={limit}")).bearer(&token).send().await.json();
        let after = first["next"].as_str().unwrap_or_else(|| panic!("{path} goes on: {first}")).to_owned();
        let second = office.ask("GET", &format!("{path}?limit={limit}&after={after}")).bearer(&token).send().await.json();
        let count = |page: &Value| page["items"].as_array().map_or(0, Vec::len);
        assert_eq!((count(&first), count(&second), &second["next"]), (limit, whole - limit, &Value::Null), "{path}");
    }
}

#[tokio::test]
async fn a_parameter_is_named_as_the_caller_wrote_it_and_what_exists_says_so() {
    let test = testkit::sqlite().await;
    let office = Office::open(&test).await;
    let token = office.token("").await;
    let refused = office.ask("GET", "/api/v1/audit?actor=nobody%40nowhere.example").bearer(&token).send().await;
    assert_eq!((refused.verdict().as_str(), &refused.json()["errors"][0]["parameter"]), ("400 bad-parameter", &json!("actor")));
    let put = || {
        office.ask("PUT", "/api/v1/apis/labels").bearer(&token).json(&json!({"openapi": "3.1.0", "info": {}, "paths": {}, "x-postigo": {}}))
    };
    let there = put().header("if-none-match", "*").header("accept-language", "en").send().await;
    assert_eq!(there.verdict(), "412 precondition-failed");
    assert!(there.json()["detail"].as_str().is_some_and(|detail| detail.contains("exists already")), "{there:?}");
}

#[tokio::test]
async fn something_is_placed_where_it_may_be_and_as_both_conditions_say() {
    let test = testkit::sqlite().await;
    let office = Office::open(&test).await;
    let token = office.token("").await;
    let gold = json!({"title": {"es": "Oro", "en": "Gold"}});
    let put = |path: &str| office.ask("PUT", &format!("/api/v1{path}")).bearer(&token);
    // What can be called so never is there, whatever is said of its state.
    for (path, parameter) in
        [("/plans/G%C3%B3ld", "name"), ("/apis/9", "name"), ("/policies/x-2027", "version"), ("/policies/2027%20", "version")]
    {
        for condition in ["if-match", "if-none-match", "x-none"] {
            let refused = put(path).header(condition, if condition == "if-match" { "\"x\"" } else { "*" }).json(&gold).send().await;
            assert_eq!(refused.verdict(), "400 bad-parameter", "{path} {condition}");
            assert_eq!(refused.json()["errors"][0]["parameter"], json!(parameter), "{path} {condition}");
        }
    }
    let both = |tag: &str| put("/plans/gold").header("if-match", tag).header("if-none-match", "*").json(&gold);
    assert_eq!(both("no tag").send().await.verdict(), "400 bad-parameter", "what is no tag is said to be none first");
    assert_eq!(both("\"x\"").send().await.verdict(), "412 precondition-failed", "nothing that is not there is like that");
    let made = put("/plans/gold").header("if-none-match", "*").json(&gold).send().await;
    assert_eq!(made.status, StatusCode::CREATED);
    let tag = made.header("etag").to_owned();
    assert_eq!(both(&tag).send().await.verdict(), "412 precondition-failed", "it is there");
    assert_eq!(put("/plans/gold").header("if-match", &tag).json(&gold).send().await.status, StatusCode::OK);
}
