//! Administration without a browser, beside a running node.

use http::Method;
use postigo_e2e::{
    call::get,
    credentials::{Project, header, text},
    demo::Demo,
    moments::within_a_second,
    program::run,
    shipment::{DELIVERY, PRINT, REQUESTS, collection, delivery, label},
};
use serde_json::{Value, json};

#[tokio::test]
async fn an_organisation_made_by_command_ends_with_a_working_credential() {
    let demo = Demo::start().await;
    let operator = demo.operator();
    let made = operator.reads(&["organisation", "create", "Mercería Luna", "--type", "customer"]);
    let mut project = Project {
        base: demo.base("sandbox"),
        organisation: text(&made, "/name"),
        id: text(&made, "/project_id"),
        client_id: text(&made, "/client_id"),
        client_secret: text(&made, "/client_secret"),
        scopes: Vec::new(),
        api_credential: (String::new(), String::new()),
        customer_keys: Vec::new(),
    };
    // Nothing is granted yet: the client is known, and there is nothing to give.
    let empty = project.knocks().await;
    assert_eq!((empty.status, &empty.json()["error"]), (400, &json!("invalid_scope")), "{empty:?}");
    let asked = operator.reads(&["access", "create", "--project", &project.id, "--environment", "sandbox", "--api", "preregister"]);
    assert_eq!(asked["status"], "approved", "the sandbox approves at once: {asked:#}");
    project.api_credential = (text(&asked, "/api_client_id"), text(&asked, "/api_client_secret"));
    within_a_second("the first grant", 200, async || project.knocks().await.status).await;
    project.parcel(&project.token("AP3").await).await;
    let labels = operator.reads(&["access", "create", "--project", &project.id, "--environment", "sandbox", "--api", "labels"]);
    assert!(labels.get("api_client_secret").is_none(), "one pair opens every API of the project: {labels:#}");
    let printed = async || {
        let token = project.token("").await;
        project.api(Method::POST, PRINT, &token).json(&label("PQXXX10000099990108013A", 2)).send().await.status
    };
    within_a_second("the second grant", 404, printed).await;

    let shown = operator.reads(&["project", "show", &project.id]).to_string();
    assert!(
        shown.contains(&project.client_id) && !shown.contains(&project.client_secret) && !shown.contains(&project.api_credential.1),
        "{shown}"
    );
    let again = operator.types(&["organisation", "create", "Mercería Luna"]);
    assert!(again.refusal().contains("Mercería Luna"), "{again:?}");
}

#[tokio::test]
async fn production_opens_with_an_active_contract_and_an_operators_approval() {
    let demo = Demo::start().await;
    let (small, operator) = (demo.small_shop(), demo.operator());
    let create = ["client", "create", "--project", &small.id, "--environment", "production"];
    let early = operator.types(&create);
    assert!(early.refusal().contains("contract"), "{early:?}");
    let pending = operator.reads(&["contract", "list", "--status", "pending"]);
    operator.does(&["contract", "activate", &text(&pending, "/0/id")]);
    assert_eq!(operator.reads(&["contract", "show", &text(&pending, "/0/id")])["status"], "active");
    let client = operator.reads(&create);
    let mut live = Project {
        base: demo.base("production"),
        client_id: text(&client, "/client_id"),
        client_secret: text(&client, "/client_secret"),
        ..small.clone()
    };
    let empty = live.knocks().await;
    assert_eq!((empty.status, &empty.json()["error"]), (400, &json!("invalid_scope")), "production is never approved by itself: {empty:?}");

    let waiting = operator.reads(&["access", "list", "--status", "pending"]);
    let request = waiting.as_array().expect("a list").iter().find(|one| one["project_id"] == small.id).expect("the demo's waiting request");
    let approved = operator.reads(&["access", "approve", &text(request, "/id"), "--reason", "Contract 54000002 is active"]);
    assert_eq!(approved["status"], "approved", "{approved:#}");
    live.api_credential = (text(&approved, "/api_client_id"), text(&approved, "/api_client_secret"));
    within_a_second("an approved request", 200, async || live.knocks().await.status).await;
    let token = live.token("").await;
    assert_eq!(live.knocks().await.json()["scope"], "LBS");
    let printed = live.api(Method::POST, PRINT, &token).json(&label("PQXXX10000099990108013A", 2)).send().await;
    assert_eq!(printed.status, 404, "it reaches the carrier, which has no such parcel: {printed:?}");
    let twice = operator.types(&["access", "approve", &text(request, "/id")]);
    assert!(twice.refusal().contains("not waiting"), "{twice:?}");
}

#[tokio::test]
async fn a_rejected_request_says_why_and_opens_nothing() {
    let demo = Demo::start().await;
    let (shop, operator) = (demo.small_shop(), demo.operator());
    let waiting = operator.reads(&["access", "list", "--status", "pending"]);
    let request = text(&waiting, "/0/id");
    assert_eq!(operator.types(&["access", "reject", &request]).code, 2, "without a reason it is wrong usage");
    let blank = operator.types(&["access", "reject", &request, "--reason", " "]);
    assert!(blank.refusal().contains("reason"), "{blank:?}");
    let rejected = operator.reads(&["access", "reject", &request, "--reason", "Ask for the starter plan first"]);
    assert_eq!((&rejected["status"], &rejected["decision_reason"]), (&json!("rejected"), &json!("Ask for the starter plan first")));
    assert!(operator.types(&["access", "approve", &request]).refusal().contains("not waiting"));
    let list = operator.reads(&["access", "list", "--project", &shop.id]);
    assert!(list.as_array().expect("a list").iter().any(|one| one["status"] == "rejected"), "{list:#}");
}

#[tokio::test]
async fn a_contract_counts_while_it_is_active() {
    let demo = Demo::start().await;
    let (shop, operator) = (demo.shop(), demo.operator());
    let made = operator.reads(&[
        "contract",
        "create",
        "--organisation",
        &shop.organisation,
        "--number",
        "54001234",
        "--client-number",
        "80001234",
        "--labeller",
        "LCE1",
    ]);
    let id = text(&made, "/id");
    let mut order = delivery();
    for (member, value) in [("contractNumber", "54001234"), ("clientNumber", "80001234"), ("labellerCode", "LCE1")] {
        order["shipments"][0][member] = json!(value);
    }
    let token = shop.token("AP3").await;
    let result = async || shop.api(Method::POST, DELIVERY, &token).json(&order).send().await.json()["result"].clone();
    assert_eq!(result().await, "0", "it waits for activation");
    operator.does(&["contract", "activate", &id]);
    within_a_second("an active contract", json!("1"), result).await;
    let mute = operator.types(&["contract", "suspend", &id]);
    assert!(mute.refusal().contains("say why"), "{mute:?}");
    operator.does(&["contract", "suspend", &id, "--reason", "invoices unpaid"]);
    within_a_second("a suspended contract", json!("0"), result).await;
    operator.does(&["contract", "end", &id, "--reason", "invoices unpaid"]);
    let revived = operator.types(&["contract", "activate", &id]);
    assert!(revived.refusal().contains("ended"), "{revived:?}");
}

#[tokio::test]
async fn a_new_signing_key_is_announced_before_it_signs() {
    let demo = Demo::start().await;
    let (shop, operator) = (demo.shop(), demo.operator());
    let token = shop.token("RCG").await;
    let kids = async || {
        let keys = get(format!("{}/.well-known/jwks.json", shop.base)).send().await.json();
        keys["keys"].as_array().expect("keys").iter().map(|key| text(key, "/kid")).collect::<Vec<_>>()
    };
    let before = kids().await;
    assert_eq!(before.len(), 1);
    operator.does(&["keys", "rotate", "--environment", "sandbox"]);
    within_a_second("the announced key", 2, async || kids().await.len()).await;
    assert!(kids().await.contains(&before[0]), "the old one stays");
    let listed = operator.reads(&["keys", "list", "--environment", "sandbox"]);
    let mut states: Vec<_> = listed.as_array().expect("a list").iter().map(|key| text(key, "/state")).collect();
    states.sort();
    assert_eq!(states, ["announced", "signing"], "{listed:#}");
    let used = async |token: &str| shop.api(Method::POST, REQUESTS, token).json(&collection()).send().await.status;
    assert_eq!(used(&token).await, 201, "old tokens pass");
    let fresh = shop.token("RCG").await;
    assert_eq!((header(&fresh)["kid"].as_str(), used(&fresh).await), (Some(before[0].as_str()), 201), "it does not sign yet");
    let again = operator.types(&["keys", "rotate", "--environment", "sandbox"]);
    assert!(again.refusal().contains("announced"), "{again:?}");
    assert_eq!(
        operator.reads(&["keys", "list", "--environment", "production"]).as_array().map(Vec::len),
        Some(1),
        "the other environment has keys of its own"
    );
}

#[tokio::test]
async fn a_leaked_signing_key_ends_at_once_everywhere_and_another_signs() {
    let demo = Demo::start().await;
    let (shop, operator) = (demo.shop(), demo.operator());
    let token = shop.token("RCG").await;
    let used = async |token: &str| shop.api(Method::POST, REQUESTS, token).json(&collection()).send().await.status;
    assert_eq!(used(&token).await, 201);
    let leaked = text(&header(&token), "/kid");
    assert_eq!(operator.types(&["keys", "retire", &leaked]).code, 1, "it takes --now");
    operator.does(&["keys", "retire", &leaked, "--now"]);
    within_a_second("the end of its tokens", 401, async || used(&token).await).await;
    let keys = get(format!("{}/.well-known/jwks.json", shop.base)).send().await.json();
    let kids: Vec<_> = keys["keys"].as_array().expect("keys").iter().map(|key| text(key, "/kid")).collect();
    assert!(kids.len() == 1 && kids[0] != leaked, "{kids:?}");
    let fresh = shop.token("RCG").await;
    assert_eq!((text(&header(&fresh), "/kid"), used(&fresh).await), (kids[0].clone(), 201), "another signs");
}

#[tokio::test]
async fn a_client_can_be_narrowed_and_its_tokens_shortened() {
    let demo = Demo::start().await;
    let (platform, operator) = (demo.platform(), demo.operator());
    let key = &platform.customer_keys[0];
    operator.does(&["client", "set", &platform.client_id, "--grant-types", "csp_credentials", "--token-lifetime", "15m"]);
    within_a_second("the narrowed client", json!("unauthorized_client"), async || platform.knocks().await.json()["error"].clone()).await;
    let answer = platform.knocks_for("/oauth2/token", "csp_credentials", (&key.key, &key.secret)).await;
    assert_eq!((answer.status, &answer.json()["expires_in"]), (200, &json!(900)), "{answer:?}");
    let minutes = platform.knocks_for("/Api/Authorize/Token", "csp_credentials", (&key.key, &key.secret)).await;
    assert_eq!(minutes.json()["expiresIn"], 15);
    for wrong in ["59s", "25h"] {
        assert_eq!(operator.types(&["client", "set", &platform.client_id, "--token-lifetime", wrong]).code, 1, "{wrong}");
    }
    assert_eq!(operator.types(&["client", "set", &platform.client_id, "--token-lifetime", "soon"]).code, 2);
}

#[tokio::test]
async fn the_audit_log_tells_who_did_what_and_whether_somebody_changed_it() {
    let demo = Demo::start().await;
    let (shop, operator) = (demo.shop(), demo.operator());
    let fresh = operator.reads(&["secret", "create", "--client", &shop.client_id]);
    operator.does(&["revoke", "client", &shop.client_id]);
    let entries = operator.reads(&["audit", "list", "--limit", "5"]);
    let entries = entries.as_array().expect("a list");
    assert_eq!((&entries[0]["action"], &entries[0]["subject"]), (&json!("client.set_status"), &json!(shop.client_id)), "{entries:#?}");
    assert_eq!(entries[1]["action"], "secret.create", "{entries:#?}");
    assert!(text(&entries[0], "/actor").starts_with("operator:"), "{entries:#?}");
    assert!(!Value::from(entries.clone()).to_string().contains(&text(&fresh, "/client_secret")), "no secret stands in it");
    assert!(operator.does(&["audit", "verify"]).contains("none changed"));

    // Somebody with the database's password and an SQL prompt.
    let python = std::env::var_os("POSTIGO_E2E_PYTHON").expect("POSTIGO_E2E_PYTHON names no Python: run the tests through ./test");
    let python = postigo_e2e::program::workspace().join(python);
    let statement = "UPDATE audit SET actor = 'operator:somebody' WHERE seq = (SELECT MAX(seq) - 1 FROM audit)";
    let script = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], timeout=10); db.execute(sys.argv[2]); db.commit()";
    let changed = run(std::process::Command::new(python).args(["-c", script]).arg(demo.data().join("postigo.db")).arg(statement));
    assert_eq!(changed.code, 0, "{changed:?}");
    let number = entries[1]["seq"].to_string();
    let verdict = operator.types(&["audit", "verify"]);
    assert!(verdict.refusal().contains(&number), "it names the entry: {verdict:?}");
}

#[tokio::test]
async fn many_hands_at_once_lose_nothing() {
    let demo = Demo::start().await;
    let operator = demo.operator();
    let names: Vec<_> = (0..6).map(|n| format!("Tienda {n}")).collect();
    let typed = names.iter().map(|name| {
        let (operator, name) = (operator.clone(), name.clone());
        tokio::task::spawn_blocking(move || operator.types(&["organisation", "create", &name]))
    });
    for outcome in typed.collect::<Vec<_>>() {
        let outcome = outcome.await.expect("it ran");
        assert_eq!(outcome.code, 0, "{outcome:?}");
    }
    let listed = operator.does(&["organisation", "list"]);
    assert!(names.iter().all(|name| listed.contains(name.as_str())), "{listed}");
    operator.does(&["audit", "verify"]);
}
