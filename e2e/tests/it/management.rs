//! The management API from outside: the demo's client does what an operator's program would, and a fuzzer that knows its document alone
//! holds every answer against it.

use std::process::Command;

use http::Method;
use postigo_e2e::{
    call::{call, get, post},
    credentials::text,
    demo::Demo,
    ports,
    program::{run, workspace},
};
use serde_json::json;

/// What every answer is held against.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,\
                      response_headers_conformance,negative_data_rejection,unsupported_method,ignored_auth";

/// What ends the very client, key or token that the fuzzer works with: it comes last, for as long as the token lives.
const ENDING: [&str; 7] =
    ["archiveProject", "revokeSecret", "revokeGrant", "setClientStatus", "setOrganisationStatus", "setCustomerType", "revokeToken"];

async fn token(demo: &Demo) -> String {
    let member = |name: &str| text(&demo.written, &format!("/management/{name}"));
    let form = [("grant_type", "client_credentials"), ("client_id", &*member("client_id")), ("client_secret", &*member("client_secret"))];
    let answer = post(member("token_url")).form(&form).send().await;
    assert_eq!(answer.status, 200, "{answer:?}");
    text(&answer.json(), "/access_token")
}

#[tokio::test]
async fn the_demos_client_decides_what_waits_and_the_gateway_routes_none_of_it() {
    let demo = Demo::start().await;
    let (token, root) = (token(&demo).await, format!("{}/api/v1", demo.portal()));
    let waiting = get(format!("{root}/access-requests")).bearer(&token).send().await.json();
    let request = text(&waiting, "/items/0/id");
    let approved = post(format!("{root}/access-requests/{request}/approve")).bearer(&token).json(&json!({"reason": "fine"})).send().await;
    assert_eq!((approved.status, text(&approved.json(), "/status")), (200, "approved".to_owned()));
    let path = format!("{root}/access-requests/{request}");
    assert_eq!(call(Method::POST, format!("{path}/approve")).bearer(&token).send().await.status, 409, "once");
    let routed = get(format!("{}/api/v1/organisations", demo.base("production"))).bearer(&token).send().await;
    assert_eq!(routed.status, 404, "no gateway routes it");
    let shop = demo.shop().token("").await;
    assert_eq!(get(format!("{root}/organisations")).bearer(&shop).send().await.status, 401, "a token of the sandbox");
}

#[tokio::test]
async fn an_upstream_is_tried_from_where_the_program_runs() {
    let demo = Demo::start().await;
    let (token, root) = (token(&demo).await, format!("{}/api/v1", demo.portal()));
    let nobody = format!("http://127.0.0.1:{}", ports::four());
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "Tried", "version": "1"},
        "paths": {"/tried": {"get": {"security": [{"oauth": ["TRY"]}], "responses": {"200": {"description": "Done"}}}}},
        "components": {"securitySchemes": {"oauth": {
            "type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/oauth2/token", "scopes": {"TRY": "All"}}},
        }}},
        "x-postigo": {"name": "tried", "upstreams": {"sandbox": [demo.portal(), nobody], "production": ["service:paloma"]}},
    });
    let put = call(Method::PUT, format!("{root}/apis/tried")).bearer(&token).header("if-none-match", "*").json(&document).send().await;
    assert_eq!(put.status, 201, "{put:?}");
    let attempt = async |body: serde_json::Value| post(format!("{root}/apis/tried/try")).bearer(&token).json(&body).send().await;
    let answered = attempt(json!({"environment": "sandbox", "path": "/status"})).await.json();
    assert_eq!((text(&answered, "/outcome"), &answered["status"]), ("answered".to_owned(), &json!(200)), "{answered}");
    assert!(answered["milliseconds"].is_u64(), "{answered}");
    let silent = attempt(json!({"environment": "sandbox", "upstream": 1, "path": "/"})).await.json();
    assert_eq!((text(&silent, "/outcome"), &silent["status"]), ("unreachable".to_owned(), &json!(null)));
    for (body, status, why) in [
        (json!({"environment": "sandbox", "upstream": 2, "path": "/"}), 404, "the document names two"),
        (json!({"environment": "production", "path": "/"}), 404, "what is inside the program is not tried"),
        (json!({"environment": "sandbox", "path": "/else where"}), 400, "no path"),
    ] {
        assert_eq!(attempt(body).await.status, status, "{why}");
    }
}

#[tokio::test]
async fn a_fuzzer_that_knows_the_document_finds_no_answer_outside_it() {
    let demo = Demo::start().await;
    let token = token(&demo).await;
    let lived = fuzz(&demo, &token, "120", "--exclude-operation-id");
    assert!(!lived.contains("Authentication failed"), "{lived}");
    let still = get(format!("{}/api/v1/organisations", demo.portal())).bearer(&token).send().await;
    assert_eq!(still.status, 200, "it worked to the end with a token that lives: {still:?}");
    fuzz(&demo, &token, "10", "--include-operation-id");
}

/// Runs the fuzzer for at most so many seconds with or without what is [`ENDING`]; what it said.
fn fuzz(demo: &Demo, token: &str, seconds: &str, which: &str) -> String {
    let python = std::env::var_os("POSTIGO_E2E_PYTHON").expect("POSTIGO_E2E_PYTHON names no Python: run the tests through ./test");
    let mut command = Command::new(workspace().join(python));
    command.current_dir(demo.folder()).env("PYTHONDONTWRITEBYTECODE", "1");
    // The seed is fixed: what it finds, it finds again.
    command.args(["-m", "schemathesis.cli", "run", "--no-color", "--phases", "examples,coverage,fuzzing", "--seed", "1"]);
    command.args(["--generation-database", "none", "--suppress-health-check", "all", "--max-examples", "4", "--max-time", seconds]);
    command.args(["--checks", CHECKS, "--header", &format!("Authorization: Bearer {token}")]);
    for operation in ENDING {
        command.args([which, operation]);
    }
    let outcome = run(command.arg(format!("{}/api/v1/openapi.json", demo.portal())));
    let lines: Vec<String> = outcome.stdout.lines().map(|line| line.chars().take(300).collect()).collect();
    assert!(outcome.code == 0 && outcome.stdout.contains(" passed"), "{}\n{}", lines.join("\n"), outcome.stderr);
    let number = |word: &str| {
        let told = outcome.stdout.lines().find_map(|line| line.trim().strip_prefix(word)).unwrap_or_default();
        told.split('/').next().and_then(|number| number.trim().parse::<u32>().ok())
    };
    let (selected, tested) = (number("Selected:"), number("Tested:"));
    assert!(selected.is_some() && tested == selected, "time went out before every operation was tried: {tested:?} of {selected:?}");
    outcome.stdout
}
