//! The catalogue as files: `postigo apply` and `postigo export`.

use std::{fs, path::Path};

use http::Method;
use postigo_e2e::{
    call::{get, post},
    credentials::text,
    demo::Demo,
    moments::within_a_second,
    shipment::SEARCH,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

fn read(file: &Path) -> Value {
    serde_json::from_slice(&fs::read(file).expect("reads")).expect("JSON")
}

fn write(file: &Path, document: &Value) {
    fs::write(file, document.to_string()).expect("writes");
}

#[tokio::test]
async fn what_is_exported_and_applied_again_changes_nothing() {
    let demo = Demo::start().await;
    let operator = demo.operator();
    let (first, second) = (demo.folder().join("first"), demo.folder().join("second"));
    let path = |folder: &Path| folder.to_str().expect("text").to_owned();
    operator.does(&["export", &path(&first)]);
    let mut files: Vec<_> =
        fs::read_dir(&first).expect("the folder").flatten().map(|file| file.file_name().into_string().expect("text")).collect();
    files.sort();
    assert_eq!(
        files,
        [
            "fedex-ship.json",
            "fedex-track.json",
            "labels.json",
            "preregister.json",
            "registration.json",
            "requests.json",
            "shop.json",
            "tracking.json"
        ]
    );
    for words in [&["apply", &path(&first), "--dry-run"][..], &["apply", &path(&first)], &["apply", &path(&first)]] {
        assert_eq!(operator.reads(words), json!({"changes": []}), "{words:?}");
    }
    operator.does(&["export", &path(&second)]);
    for file in &files {
        assert_eq!(read(&first.join(file)), read(&second.join(file)), "{file}");
    }
}

#[tokio::test]
async fn how_the_queues_are_worked_is_kept_as_a_file() {
    let demo = Demo::start().await;
    let operator = demo.operator();
    let (written, exported) = (demo.folder().join("written"), demo.folder().join("exported"));
    let path = |folder: &Path| folder.to_str().expect("text").to_owned();
    fs::create_dir(&written).expect("makes");
    let text = "queues:
  targets: {access: 12, contracts: 48, customer_types: 72}   # hours
  rules:
    - name: Own mail domain
      environment: sandbox
      mail_domains: [shop.example]
  templates:
    - {queue: access, name: Contrato, spanish: Falta el contrato., english: The contract is missing.}
";
    fs::write(written.join("queues.yaml"), text).expect("writes");
    let shown = operator.reads(&["apply", &path(&written), "--dry-run"]);
    let names: Vec<_> = shown["changes"].as_array().expect("a list").iter().map(|change| &change["name"]).collect();
    assert_eq!(names, ["targets", "rules/Own mail domain", "templates/access/Contrato"]);
    assert_eq!(operator.reads(&["apply", &path(&written)]), shown, "what was shown is what is done");
    operator.does(&["export", &path(&exported)]);
    for folder in [&written, &exported] {
        assert_eq!(operator.reads(&["apply", &path(folder)]), json!({"changes": []}), "{folder:?}");
    }
}

#[tokio::test]
async fn the_difference_is_shown_first_and_the_gateway_follows_the_files() {
    let demo = Demo::start().await;
    let (shop, operator) = (demo.shop(), demo.operator());
    let token = shop.token("TPB").await;
    let folder = demo.folder().join("catalogue");
    let words = folder.to_str().expect("text");
    operator.does(&["export", words]);
    let before = read(&folder.join("tracking.json"));
    let mut narrower = before.clone();
    let paths = narrower["paths"].as_object_mut().expect("paths");
    paths.remove(&format!("{SEARCH}/{{code}}")).expect("the path is there");
    write(&folder.join("tracking.json"), &narrower);
    let search = async || shop.api(Method::GET, &format!("{SEARCH}/X"), &token).send().await.status;

    let shown = operator.reads(&["apply", words, "--dry-run"]);
    assert_eq!((&shown["changes"][0]["action"], &shown["changes"][0]["api"]), (&json!("change"), &json!("tracking")), "{shown:#}");
    assert!(shown["changes"][0]["detail"].to_string().contains(&format!("- GET {SEARCH}/{{code}}")), "{shown:#}");
    assert!(operator.does(&["apply", words, "--dry-run"]).contains("Nothing was changed"));
    assert_eq!(search().await, 200, "a dry run changes nothing");
    assert_eq!(operator.reads(&["apply", words]), shown, "what was shown is what is done");
    within_a_second("an operation that is gone", 404, search).await;
    let published = get(format!("{}/apis/tracking/openapi.json", demo.portal())).send().await.json();
    let mut public = narrower;
    let extension = public["x-postigo"].as_object_mut().expect("members");
    for staffs_own in ["upstreams", "timeouts", "auto_approve", "open_to", "hidden"] {
        extension.remove(staffs_own);
    }
    assert_eq!(published, public, "the portal shows what is applied, and not what is for staff");

    write(&folder.join("tracking.json"), &before);
    operator.does(&["apply", words]);
    within_a_second("an operation that is back", 200, search).await;
}

#[tokio::test]
async fn files_with_faults_change_nothing() {
    let demo = Demo::start().await;
    let (shop, operator) = (demo.shop(), demo.operator());
    let folder = demo.folder().join("catalogue");
    let words = folder.to_str().expect("text");
    let missing = operator.types(&["apply", words]);
    assert!(missing.refusal().contains(words), "{missing:?}");
    fs::create_dir(&folder).expect("makes");
    let empty = operator.types(&["apply", words]);
    assert!(empty.refusal().contains("empty catalogue"), "{empty:?}");
    operator.does(&["export", words]);
    let good = read(&folder.join("tracking.json"));
    let refused = |what: &str| {
        let outcome = operator.types(&["apply", words]);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""), "{outcome:?}");
        assert!(outcome.stderr.contains(what), "{what}: {outcome:?}");
    };
    fs::write(folder.join("tracking.json"), "{\"openapi\": ").expect("writes");
    refused("tracking.json");
    let mut unknown = good.clone();
    unknown["x-postigo"]["dialekt"] = json!("correos");
    write(&folder.join("tracking.json"), &unknown);
    refused("dialekt");
    let mut open = good.clone();
    open["paths"][format!("{SEARCH}/{{code}}")]["get"]["security"] = json!([]);
    write(&folder.join("tracking.json"), &open);
    refused("tracking.json");
    write(&folder.join("tracking.json"), &good);
    let mut twin = good.clone();
    twin["x-postigo"]["name"] = json!("twin");
    write(&folder.join("twin.json"), &twin);
    refused("twin.json");
    fs::remove_file(folder.join("twin.json")).expect("removes");
    fs::remove_file(folder.join("tracking.json")).expect("removes");
    refused("tracking");
    let token = shop.token("TPB").await;
    assert_eq!(shop.api(Method::GET, &format!("{SEARCH}/X"), &token).send().await.status, 200, "all is as it was");
}

/// An API of somebody's own: it answers every request with what it was sent.
async fn upstream() -> (String, tokio::task::JoinHandle<()>) {
    let socket = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", socket.local_addr().expect("an address"));
    let serving = tokio::spawn(async move {
        while let Ok((mut stream, _)) = socket.accept().await {
            let mut request = Vec::new();
            while !request.ends_with(b"hello") {
                if stream.read_buf(&mut request).await.is_ok_and(|read| read == 0) {
                    break;
                }
            }
            let answer = json!(String::from_utf8_lossy(&request)).to_string();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                answer.len()
            );
            let _ = stream.write_all((head + &answer).as_bytes()).await;
        }
    });
    (url, serving)
}

#[tokio::test]
async fn an_api_published_from_a_file_gets_requests_that_are_checked_and_labelled() {
    let demo = Demo::start().await;
    let (shop, operator) = (demo.shop(), demo.operator());
    let (url, _serving) = upstream().await;
    let folder = demo.folder().join("catalogue");
    let words = folder.to_str().expect("text");
    operator.does(&["export", words]);
    // YAML as well as JSON.
    let document = format!(
        "openapi: 3.0.3\ninfo: {{title: Echo, version: '1'}}\npaths:\n  /echo/v1/things:\n    post:\n      operationId: echo\n      security: [{{oauth2: [ECHO]}}]\n      responses: {{'200': {{description: What came}}, default: {{description: A refusal}}}}\n\
         components:\n  securitySchemes:\n    oauth2: {{type: oauth2, flows: {{clientCredentials: {{tokenUrl: /oauth2/token, scopes: {{ECHO: To echo}}}}}}}}\n\
         x-postigo:\n  name: echo\n  upstreams: {{sandbox: ['{url}']}}\n  auto_approve: {{sandbox: all}}\n  plans: [{{name: narrow, rate: {{requests: 3, window_seconds: 10}}}}]\n"
    );
    fs::write(folder.join("echo.yaml"), document).expect("writes");
    let added = operator.reads(&["apply", words]);
    assert_eq!(
        (&added["changes"][0]["action"], &added["changes"][0]["detail"]),
        (&json!("add"), &json!(["+ POST /echo/v1/things"])),
        "{added:#}"
    );
    operator.does(&["access", "create", "--project", &shop.id, "--environment", "sandbox", "--api", "echo"]);
    let asked = async || shop.asks("/oauth2/token", &[("grant_type", "client_credentials"), ("scope", "ECHO")]).send().await;
    within_a_second("the new scope", 200, async || asked().await.status).await;
    let token = text(&asked().await.json(), "/access_token");

    let call = post(format!("{}/echo/v1/things?a=%20b", shop.base)).bearer(&token).pair(shop.pair()).body("text/plain", "hello");
    let spoofed = [
        "x-postigo-organisation",
        "X_Postigo_Client",
        "x-postigo-new",
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-real-ip",
        "x-original-url",
        "x-rewrite-url",
        "x-consumer-id",
        "x-authenticated-userid",
        "x-scope",
        "x-http-method-override",
        "te",
    ];
    let call = spoofed
        .iter()
        .fold(call, |call, name| call.header(name, "evil"))
        .header("connection", "x-request-id, x-postigo-project")
        .header("x-own", "kept");
    let sent = async || {
        let answer = call.send().await;
        (answer.status, answer)
    };
    let (status, answer) = sent().await;
    assert_eq!(status, 200, "{answer:?}");
    let (head, body) = {
        let received = answer.json().as_str().expect("text").to_lowercase();
        let (head, body) = received.split_once("\r\n\r\n").expect("a head and a body");
        (head.to_owned(), body.to_owned())
    };
    assert_eq!(body, "hello");
    assert!(head.starts_with("post /echo/v1/things?a=%20b http/1.1\r\n") && head.contains("\r\nx-own: kept"), "{head}");
    for gone in ["evil", "authorization:", &shop.client_secret.to_lowercase(), "client_secret", "client_id"] {
        assert!(!head.contains(gone), "{gone} stays outside: {head}");
    }
    let id = answer.id().to_owned();
    for (name, value) in [
        ("x-request-id", id.as_str()),
        ("x-postigo-project", &shop.id),
        ("x-postigo-client", &shop.client_id.to_lowercase()),
        ("x-postigo-environment", "sandbox"),
        ("x-postigo-scope", "echo"),
        ("x-forwarded-for", "127.0.0.1"),
        ("x-forwarded-proto", "http"),
    ] {
        assert_eq!(head.matches(&format!("\r\n{name}: ")).count(), 1, "{name} stands there once: {head}");
        assert!(head.contains(&format!("\r\n{name}: {value}")), "{name}: {value}: {head}");
    }
    assert!(head.contains("\r\nx-postigo-organisation: ") && head.contains("\r\nforwarded: for=127.0.0.1"), "{head}");

    // Three in ten seconds are in the plan; the window may end once in between.
    let mut limited = None;
    for _ in 0..7 {
        let (status, answer) = sent().await;
        assert!(matches!(status, 200 | 429), "{answer:?}");
        limited = limited.or_else(|| (status == 429).then_some(answer));
    }
    let limited = limited.expect("the plan is narrow");
    assert!((1..=10).contains(&limited.header("retry-after").parse::<u32>().expect("seconds")), "{limited:?}");
    assert!(!limited.header("ratelimit").is_empty() && !limited.header("ratelimit-policy").is_empty(), "{limited:?}");
    assert_eq!(asked().await.status, 200, "a token is never charged to an API");
}

#[tokio::test]
async fn an_api_whose_upstream_is_away_says_so_in_time() {
    let demo = Demo::start().await;
    let (shop, operator) = (demo.shop(), demo.operator());
    let folder = demo.folder().join("catalogue");
    let words = folder.to_str().expect("text");
    operator.does(&["export", words]);
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let nobody = format!("http://127.0.0.1:{}", postigo_e2e::ports::four());
    let away = [("gone", nobody), ("slow", format!("http://{}", silent.local_addr().expect("an address")))];
    for (name, url) in &away {
        let document = json!({
            "openapi": "3.1.0", "info": {"title": name, "version": "1"},
            "paths": {format!("/{name}"): {"get": {"operationId": name, "security": [{"oauth2": ["AWAY"]}], "responses": {"default": {"description": "Anything"}}}}},
            "components": {"securitySchemes": {"oauth2": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/oauth2/token", "scopes": {"AWAY": "To be away"}}}}}},
            "x-postigo": {"name": name, "upstreams": {"sandbox": [url]}, "timeouts": {"connect_ms": 500, "response_ms": 500}, "auto_approve": {"sandbox": "all"}},
        });
        write(&folder.join(format!("{name}.json")), &document);
    }
    operator.does(&["apply", words]);
    for name in ["gone", "slow"] {
        operator.does(&["access", "create", "--project", &shop.id, "--environment", "sandbox", "--api", name]);
    }
    within_a_second("the new scope", true, async || shop.knocks().await.json()["scope"].to_string().contains("AWAY")).await;
    let token = shop.token("AWAY").await;
    for ((name, url), status) in away.iter().zip([502, 504]) {
        let answer = shop.api(Method::GET, &format!("/{name}"), &token).send().await;
        assert_eq!((answer.status, answer.header("content-type")), (status, "application/problem+json"), "{answer:?}");
        let port = url.rsplit(':').next().expect("a port");
        assert!(!answer.text().contains(port), "the cause is nobody's business: {answer:?}");
    }
    // The operator's business it is.
    let doctor = operator.types(&["doctor"]);
    let finds = |verdict: &str, url: &str| doctor.stdout.lines().any(|line| line.starts_with(verdict) && line.contains(url));
    assert!(doctor.code == 1 && finds("bad", &away[0].1) && finds("good", &away[1].1), "{doctor:?}");
}
