//! What can be done with each noun, over the wire.

use http::StatusCode;
use serde_json::{Value, json};
use store::testkit;

use super::office::{Answer, Office, PORTAL, api};

/// An office with a token that may do everything.
pub struct Desk {
    pub office: Office,
    pub token: String,
}

impl Desk {
    pub async fn open(test: &testkit::TestDb) -> Self {
        let office = Office::open(test).await;
        let token = office.token("").await;
        Self { office, token }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.office.ask("GET", &format!("/api/v1{path}")).bearer(&self.token).send().await
    }

    pub async fn items(&self, path: &str) -> Vec<Value> {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {answer:?}");
        answer.json()["items"].as_array().cloned().expect("items")
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        let ask = self.office.ask("POST", &format!("/api/v1{path}")).bearer(&self.token);
        if body.is_null() { ask.send().await } else { ask.json(&body).send().await }
    }

    /// Changes something as it stands.
    pub async fn put(&self, path: &str, of: &str, body: Value) -> Answer {
        let tag = self.get(of).await.header("etag").to_owned();
        self.office.ask("PUT", &format!("/api/v1{path}")).bearer(&self.token).header("if-match", &tag).json(&body).send().await
    }

    /// Makes something where there is nothing.
    pub async fn place(&self, path: &str, body: Value) -> Answer {
        self.office.ask("PUT", &format!("/api/v1{path}")).bearer(&self.token).header("if-none-match", "*").json(&body).send().await
    }

    /// Takes something away as it stands.
    pub async fn delete(&self, path: &str) -> Answer {
        let tag = self.get(path).await.header("etag").to_owned();
        self.office.ask("DELETE", &format!("/api/v1{path}")).bearer(&self.token).header("if-match", &tag).send().await
    }
}

pub fn id(answer: &Answer) -> String {
    answer.json()["id"].as_str().unwrap_or_else(|| panic!("an id: {answer:?}")).to_owned()
}

#[tokio::test]
async fn an_organisation_is_made_stopped_and_given_a_type() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let made = desk.post("/organisations", json!({"name": "Envíos", "first_project": "Web", "customer_type": "integrator"})).await;
    assert_eq!(made.json()["customer_type"], "integrator");
    let path = format!("/organisations/{}", id(&made));
    let stopped = desk.put(&format!("{path}/status"), &path, json!({"status": "suspended", "reason": "unpaid"})).await;
    assert_eq!(stopped.json()["status"], "suspended");
    let typed = desk.put(&format!("{path}/customer-type"), &path, json!({"customer_type": "customer"})).await;
    assert_eq!(typed.json()["customer_type"], "customer");
    desk.put(&format!("{path}/status"), &path, json!({"status": "revoked"})).await;
    let again = desk.put(&format!("{path}/status"), &path, json!({"status": "active"})).await;
    assert_eq!(again.verdict(), "409 rule", "revoked is for good");
    assert!(desk.items(&format!("{path}/members")).await.is_empty());
}

#[tokio::test]
async fn a_contract_waits_is_activated_and_ends() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let of = format!("/organisations/{}/contracts", desk.office.organisation);
    let made = desk.post(&of, json!({"number": "54000077", "client_number": "80000077", "labeller": "ABC1"})).await;
    assert_eq!((made.status, &made.json()["status"]), (StatusCode::CREATED, &json!("pending")));
    assert_eq!(desk.items("/contracts").await.len(), 1, "one waits");
    let path = format!("/contracts/{}", id(&made));
    assert!(made.header("location").ends_with(&path) && made.header("location").starts_with(PORTAL));
    assert_eq!(desk.put(&format!("{path}/status"), &path, json!({"status": "active"})).await.json()["status"], "active");
    assert_eq!(desk.items("/contracts?status=active&organisation=oper").await.len(), 2);
    let taken = desk.post(&of, json!({"number": "54000077", "client_number": "80000077", "labeller": "ABC1"})).await;
    assert_eq!(taken.verdict(), "409 rule");
}

#[tokio::test]
async fn access_is_asked_for_decided_and_taken_back() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let office = &desk.office;
    let ask = async |environment, api: &str| {
        let wish =
            app::access::Wish { project: office.project, environment, api: api.into(), scopes: None, plan: None, reason: "because".into() };
        app::access::request(&office.app, &app::Actor::System, wish).await.expect("asks").request.id
    };
    let first = ask(domain::Environment::Production, "labels").await;
    let second = ask(domain::Environment::Production, "labels").await;
    let waiting = desk.items("/access-requests?api=labels&environment=production").await;
    assert_eq!((waiting.len(), &waiting[0]["scopes"]), (2, &json!(["LBS"])));
    let approved = desk.post(&format!("/access-requests/{first}/approve"), json!({"reason": "fine"})).await;
    assert_eq!(
        (&approved.json()["status"], approved.json()["decided_by"].as_str()),
        (&json!("approved"), Some(&*format!("client:{}", office.client.0)))
    );
    let rejected = desk.post(&format!("/access-requests/{second}/reject"), json!({"reason": "twice"})).await;
    assert_eq!(rejected.json()["decision_reason"], "twice");
    assert_eq!(desk.post(&format!("/access-requests/{second}/approve"), Value::Null).await.verdict(), "409 rule", "decided already");
    let grants = desk.items(&format!("/projects/{}/grants", office.project)).await;
    let live =
        grants.iter().find(|grant| grant["api"] == "labels" && grant["environment"] == "production" && grant["revoked_at"].is_null());
    let grant = live.and_then(|grant| grant["id"].as_str()).expect("granted");
    let revoked = desk.post(&format!("/grants/{grant}/revoke"), Value::Null).await;
    assert!(revoked.json()["revoked_at"].is_string(), "{revoked:?}");
    assert_eq!(desk.get(&format!("/access-requests/{first}")).await.json()["status"], "revoked");
}

#[tokio::test]
async fn customer_types_are_decided_with_a_reason() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let ask = async |kind| {
        let asked = app::customer_types::request(&desk.office.app, &app::Actor::System, desk.office.organisation, kind, "we ship").await;
        asked.expect("asks").id
    };
    let first = ask(domain::CustomerType::CompatibleProvider).await;
    assert_eq!(desk.items("/customer-type-requests?organisation=Oper").await.len(), 1);
    let rejected = desk.post(&format!("/customer-type-requests/{first}/reject"), json!({"reason": "not certified"})).await;
    assert_eq!(rejected.json()["status"], "rejected");
    let second = ask(domain::CustomerType::Customer).await;
    let approved = desk.post(&format!("/customer-type-requests/{second}/approve"), json!({})).await;
    assert_eq!(approved.json()["status"], "approved");
}

#[tokio::test]
async fn a_project_its_clients_and_secrets_live_and_end() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let of = format!("/organisations/{}/projects", desk.office.organisation);
    let made = desk.post(&of, json!({"name": "Almacén"})).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let path = format!("/projects/{}", id(&made));
    assert_eq!(desk.items(&of).await.len(), 2);
    let client = made.json()["client"]["id"].as_str().expect("a client").to_owned();
    let production = desk.post(&format!("{path}/clients"), json!({"environment": "production"})).await;
    assert_eq!(production.status, StatusCode::CREATED, "the organisation has an active contract: {production:?}");
    assert_eq!(desk.items(&format!("{path}/clients")).await.len(), 2);

    let secrets = format!("/clients/{client}/secrets");
    let second = desk.post(&secrets, json!({"overlap_seconds": 3600})).await;
    assert!(second.json()["client_secret"].as_str().is_some_and(|secret| secret.len() > 20), "{second:?}");
    assert_eq!(desk.post(&secrets, Value::Null).await.verdict(), "409 rule", "two live at once, no more");
    let listed = desk.items(&secrets).await;
    assert_eq!(listed.len(), 2);
    assert!(listed.iter().all(|secret| secret.get("client_secret").is_none() && secret.get("hash").is_none()), "never shown again");
    let first = listed[0]["id"].as_str().expect("an id");
    assert!(desk.post(&format!("/secrets/{first}/revoke"), Value::Null).await.json()["revoked_at"].is_string());
    let retired = desk.post(&format!("/secrets/{}/retire", id(&second)), json!({"in_seconds": 0})).await;
    assert!(retired.json()["retires_at"].is_string());

    let status = desk.put(&format!("/clients/{client}/status"), &format!("/clients/{client}"), json!({"status": "suspended"})).await;
    assert_eq!(status.json()["status"], "suspended");
    let archived = desk.post(&format!("{path}/archive"), Value::Null).await;
    assert!(archived.json()["archived_at"].is_string());
    assert_eq!(desk.post(&format!("{path}/clients"), json!({"environment": "sandbox"})).await.verdict(), "409 rule");
}

#[tokio::test]
async fn customer_keys_are_issued_once_listed_and_stopped() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let of = format!("/projects/{}/customer-keys", desk.office.project);
    for account in ["740561073", "700257037", "700257038"] {
        let made = desk.post(&of, json!({"environment": "sandbox", "account_number": account})).await;
        assert!(made.json()["child_secret"].is_string(), "{made:?}");
    }
    let page = desk.get(&format!("{of}?limit=2")).await.json();
    let rest = desk.items(&format!("{of}?limit=2&after={}", page["next"].as_str().expect("more"))).await;
    assert_eq!((page["items"].as_array().map(Vec::len), rest.len()), (Some(2), 1));
    for (query, found) in [("account_number=700257037", 1), ("environment=production", 0), ("status=active&environment=sandbox", 3)] {
        assert_eq!(desk.items(&format!("{of}?{query}")).await.len(), found, "{query}");
    }
    let path = format!("/customer-keys/{}", rest[0]["id"].as_str().expect("an id"));
    let rotated = desk.post(&format!("{path}/rotate"), json!({"overlap": "24h"})).await.json();
    assert!(rotated["child_secret"].is_string() && rotated["previous_until"].is_string(), "{rotated}");
    assert_eq!(desk.get(&path).await.json()["prefix"], rotated["child_secret"].as_str().expect("text")[..12]);
    assert_eq!(desk.post(&format!("{path}/rotate"), json!({"overlap": "7d"})).await.verdict(), "409 rule", "two live");
    assert_eq!(desk.post(&format!("{path}/rotate"), json!({"overlap": "1y"})).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(desk.put(&format!("{path}/status"), &path, json!({"status": "revoked"})).await.json()["status"], "revoked");
}

#[tokio::test]
async fn customer_keys_are_limited_one_by_one_and_by_project_and_say_how_much_they_were_used() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let project = format!("/projects/{}", desk.office.project);
    let made =
        desk.post(&format!("{project}/customer-keys"), json!({"environment": "sandbox", "account_number": "740561073"})).await.json();
    let key = format!("/customer-keys/{}", made["id"].as_str().expect("an id"));
    let (of_project, of_key) = (format!("{project}/customer-key-limits/sandbox"), format!("{key}/limits"));
    let none = json!({"rate": null, "quota": null});
    assert_eq!(desk.get(&of_key).await.json(), json!({"own": null, "of_project": none}));
    let some = json!({"rate": {"requests": 10, "window_seconds": 60}, "quota": {"requests": 1000}});
    assert_eq!(desk.put(&of_project, &of_project, some.clone()).await.json(), some);
    assert_eq!(desk.get(&format!("{project}/customer-key-limits/production")).await.json(), none);
    let set = desk.put(&of_key, &of_key, json!({"own": none})).await.json();
    assert_eq!(set, json!({"own": none, "of_project": some}), "no limit is a limit of its own");
    assert_eq!(desk.put(&of_key, &of_key, json!({"own": null})).await.json()["own"], Value::Null);
    for wrong in [
        json!({"rate": {"requests": 0, "window_seconds": 60}, "quota": null}),
        json!({"rate": {"requests": 1, "window_seconds": 86_401}, "quota": null}),
    ] {
        assert_eq!(desk.put(&of_project, &of_project, wrong.clone()).await.verdict(), "400 body-unfit", "{wrong}");
        assert_eq!(desk.put(&of_key, &of_key, json!({"own": wrong})).await.verdict(), "400 body-unfit");
    }
    assert_eq!(desk.get(&format!("{project}/customer-key-limits/nowhere")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(desk.get(&format!("{key}/usage")).await.json(), json!({"last_used_at": null, "days": []}));
}

#[tokio::test]
async fn a_document_is_published_replaced_and_taken_out() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let document = api("requests", "/requests", "RCG").content;
    let put = |name: &str| desk.office.ask("PUT", &format!("/api/v1/apis/{name}")).bearer(&desk.token);
    assert_eq!(put("requests").json(&document).send().await.verdict(), "428 precondition-required");
    let made = put("requests").header("if-none-match", "*").json(&document).send().await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    assert_eq!(put("requests").header("if-none-match", "*").json(&document).send().await.verdict(), "412 precondition-failed");
    assert_eq!(desk.get("/apis/requests").await.json(), document);
    let names: Vec<_> = desk.items("/apis").await.iter().map(|api| api["name"].clone()).collect();
    assert_eq!(names, ["labels", "management", "requests"]);
    let mut faulty = document.clone();
    faulty["paths"]["/requests"]["get"]["security"] = json!([]);
    let refused = put("requests").header("if-match", made.header("etag")).json(&faulty).send().await;
    assert_eq!(refused.json()["errors"][0]["pointer"], "/paths/~1requests/get/security", "{refused:?}");
    let own = put("management").header("if-match", "*").json(&desk.office.document).send().await;
    assert_eq!(own.status, StatusCode::BAD_REQUEST, "the program's own entry is nobody's to change: {own:?}");
    let gone = desk.office.ask("DELETE", "/api/v1/apis/requests").bearer(&desk.token).header("if-match", made.header("etag")).send().await;
    assert_eq!((gone.status, gone.text.as_str()), (StatusCode::NO_CONTENT, ""));
    let asked_for = desk.office.ask("DELETE", "/api/v1/apis/labels").bearer(&desk.token).header("if-match", "*").send().await;
    assert_eq!(asked_for.verdict(), "409 rule", "projects have it");
}

#[tokio::test]
async fn clients_of_an_old_method_are_listed_page_by_page() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let of = format!("/organisations/{}/projects", desk.office.organisation);
    let now = store::Moment(desk.office.app.now());
    let mut expected = Vec::new();
    for name in ["Almacén", "Tienda"] {
        let client = desk.post(&of, json!({"name": name})).await.json()["client"]["id"].as_str().expect("a client").to_owned();
        let mut tx = desk.office.db().begin().await.expect("begins");
        let (id, method) = (client.as_str().into(), domain::client_method::ClientMethod::QueryToken);
        store::client_methods::note(&mut tx, &id, method, now, "192.0.2.44", None).await.expect("notes");
        tx.commit(*now).await.expect("commits");
        expected.push(client);
    }
    expected.sort();
    let first = desk.get("/client-methods?limit=1").await.json();
    assert_eq!((&first["items"][0]["client_id"], &first["items"][0]["method"]), (&json!(expected[1]), &json!("query_token")));
    assert_eq!(first["items"][0]["last_used_address"], "192.0.2.44");
    let second = desk.items(&format!("/client-methods?limit=1&after={}", first["next"].as_str().expect("more"))).await;
    assert_eq!((second.len(), &second[0]["client_id"]), (1, &json!(expected[0])));
    assert!(desk.items("/client-methods?method=private_key_jwt").await.is_empty());
    assert_eq!(desk.get("/client-methods?method=smoke").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(desk.get("/client-methods?after=x").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn keys_are_rotated_and_never_shown_and_tokens_are_revoked() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    desk.office.hands.advance(u64::try_from(domain::signing_key::ANNOUNCED_FOR).expect("positive"));
    let rotated = desk.post("/signing-keys/rotate", json!({"environment": "sandbox"})).await;
    assert_eq!(rotated.status, StatusCode::OK, "{rotated:?}");
    let keys = desk.items("/signing-keys?environment=sandbox").await;
    assert_eq!(keys.len(), 2);
    assert!(keys.iter().all(|key| key.get("wrapped").is_none() && key["public_jwk"].get("d").is_none()));
    assert_eq!(desk.post("/signing-keys/rotate", json!({"environment": "sandbox"})).await.verdict(), "409 rule", "one is announced");

    let payload = desk.token.split('.').nth(1).expect("a payload");
    let claims = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, payload).expect("base64");
    let claims: Value = serde_json::from_slice(&claims).expect("claims");
    let revoked = desk.post("/tokens/revoke", json!({"jti": claims["jti"]})).await;
    assert_eq!(revoked.status, StatusCode::NO_CONTENT);
    desk.office.directory.catch_up().await.expect("catches up");
    assert_eq!(desk.get("/audit").await.verdict(), "401 token-revoked", "its own token, as it asked");
}

#[tokio::test]
async fn decisions_are_kept_of_this_api_too_and_read_by_the_id_of_the_answer() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let refused = desk.office.ask("GET", "/api/v1/audit").bearer(&desk.office.token("projects:read").await).send().await;
    let passed = desk.get("/audit").await;
    let app = desk.office.close().await;
    let kept = async |answer: &Answer| {
        let id: domain::request_id::RequestId = answer.header("x-request-id").parse().expect("an id");
        let kept = store::decisions::find(app.db(), id.0).await.expect("reads").expect("kept");
        serde_json::from_str::<Value>(&kept.detail).expect("JSON")
    };
    let report = kept(&refused).await;
    assert_eq!(
        (&report["operation"], &report["code"], &report["api"]),
        (&json!("listAudit"), &json!("scope-missing"), &json!("management"))
    );
    assert_eq!(kept(&passed).await["status"], 200);

    let id = refused.header("x-request-id").to_owned();
    let other = testkit::sqlite().await;
    let desk = Desk::open(&other).await;
    let mut tx = desk.office.db().begin().await.expect("begins");
    let decision = domain::decision::Decision {
        id: id.parse().expect("an id"),
        at: desk.office.app.now(),
        environment: domain::Environment::Sandbox,
        method: "GET".into(),
        path: "/labels".into(),
        api: None,
        operation: None,
        caller: None,
        address: super::office::ADDRESS,
        micros: 7,
        outcome: domain::decision::Outcome::Refused(domain::decision::Refusal::NoToken),
    };
    store::decisions::insert(&mut tx, &decision).await.expect("keeps");
    tx.commit(desk.office.app.now()).await.expect("commits");
    let report = desk.get(&format!("/decisions/{id}")).await.json();
    assert_eq!((&report["code"], &report["status"]), (&json!("no-token"), &json!(401)));
}

#[tokio::test]
async fn what_staff_look_up_in_the_console_is_told_by_the_management_api_too() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let organisation = desk.office.organisation;
    let found = desk.items("/organisation-search?text=operadora").await;
    assert!(found.iter().any(|one| one["id"] == json!(organisation) && one["matched"].is_string()), "{found:?}");
    assert!(desk.items("/organisation-search?text=nobodyatall").await.is_empty());
    desk.post("/organisations", json!({"name": "Zapatos", "first_project": "Web"})).await;
    let names = |found: Vec<Value>| found.iter().map(|one| one["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>();
    assert_eq!(names(desk.items("/organisation-search?order=name").await), ["Operadora", "Zapatos"]);
    assert_eq!(names(desk.items("/organisation-search").await), ["Zapatos", "Operadora"], "the newest first");
    let stake = desk.get(&format!("/organisations/{organisation}/stake")).await.json();
    assert!(stake["production"]["clients"].as_i64().is_some_and(|clients| clients >= 1), "{stake}");
    for kind in ["ending", "old", "superseded"] {
        assert!(desk.items(&format!("/secret-review?kind={kind}")).await.is_empty(), "{kind}");
    }
    assert_eq!(desk.get("/secret-review?kind=all").await.status, StatusCode::BAD_REQUEST);
    assert!(desk.items("/quiet-projects").await.is_empty(), "all are new");
    let verified = desk.get("/audit-verification").await.json();
    assert!(verified["entries"].as_i64().is_some_and(|entries| entries > 0) && verified["broken"].is_null(), "{verified}");
    let holders = desk.get("/apis/management/holders").await.json();
    assert_eq!((&holders["number"], &holders["holders"][0]["organisation_id"]), (&json!(1), &json!(organisation)));
}

#[tokio::test]
async fn a_contract_that_waits_is_rejected_with_a_reason_and_a_signing_key_is_ended() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let contract = json!({"number": "54000077", "client_number": "80000077", "labeller": "XXX7"});
    let made = desk.post(&format!("/organisations/{}/contracts", desk.office.organisation), contract).await.json();
    let path = format!("/contracts/{}", made["id"].as_str().expect("an id"));
    let rejected = desk.post(&format!("{path}/reject"), json!({"reason": "It is not theirs."})).await.json();
    assert_eq!((&rejected["status"], &rejected["reason"]), (&json!("ended"), &json!("It is not theirs.")));
    assert_eq!(desk.post(&format!("{path}/reject"), json!({"reason": "Again."})).await.verdict(), "409 rule");

    let keys = desk.items("/signing-keys?environment=sandbox").await;
    let key = keys[0]["id"].as_str().expect("an id").to_owned();
    let ended = desk.post(&format!("/signing-keys/{key}/retire"), Value::Null).await.json();
    assert_eq!(ended["id"], json!(key));
    assert!(ended["successor"].as_str().is_some_and(|successor| successor != key), "another signs in its place: {ended}");
    assert_eq!(desk.post(&format!("/signing-keys/{key}/retire"), Value::Null).await.verdict(), "409 rule", "it has ended");
}
