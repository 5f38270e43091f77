//! Acting for others: one project, many accounts.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::Method;
use postigo_e2e::{
    call::{Answer, get},
    credentials::{CustomerKey, Project, claims, text},
    demo::Demo,
    moments::{eventually, within_a_second},
    shipment::{DELIVERED, TRACK, tracked},
    visitor::Visitor,
};
use serde_json::json;

const ROUTES: [&str; 3] = ["/oauth2/token", "/oauth/token", "/Api/Authorize/Token"];

/// What an answer says, less what is different every time.
fn said(answer: &Answer) -> (u16, String, Vec<(String, String)>) {
    let headers = answer.headers.iter().filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().expect("text").to_owned()));
    (answer.status, answer.text().replace(answer.id(), "ID"), headers.collect())
}

fn pair(key: &CustomerKey) -> (&str, &str) {
    (&key.key, &key.secret)
}

/// What the gateway says to a token of a platform.
async fn tracks(project: &Project, token: &str) -> u16 {
    project.api(Method::POST, TRACK, token).json(&tracked(DELIVERED)).send().await.status
}

#[tokio::test]
async fn platforms_and_parents_act_for_each_of_their_accounts() {
    let demo = Demo::start().await;
    for (project, grant_type) in [(demo.platform(), "csp_credentials"), (demo.parent(), "client_pc_credentials")] {
        assert_eq!(project.customer_keys.len(), 2);
        for key in &project.customer_keys {
            for path in ROUTES {
                let answer = project.knocks_for(path, grant_type, pair(key)).await;
                assert_eq!(answer.status, 200, "{path} {answer:?}");
                let token = answer.json()["access_token"].as_str().expect("a token").to_owned();
                let claims = claims(&token);
                assert_eq!(
                    (&claims["sub"], &claims["account"], &claims["client_id"]),
                    (&json!(key.key), &json!(key.account), &json!(project.client_id))
                );
                assert_eq!(claims["act"], json!({"sub": project.client_id}));
                assert_eq!(tracks(&project, &token).await, 200);
            }
            for spelling in ["child_key", "child_Key", "child_id"] {
                let answer = project
                    .asks("/oauth/token", &[("grant_type", grant_type), (spelling, &key.key), ("child_secret", &key.secret)])
                    .send()
                    .await;
                assert_eq!((answer.status, &answer.json()["token_type"]), (200, &json!("bearer")), "{spelling} {answer:?}");
            }
        }
        let [one, other] = [&project.customer_keys[0], &project.customer_keys[1]];
        let contradicting = [("grant_type", grant_type), ("child_key", &one.key), ("child_Key", &other.key), ("child_secret", &one.secret)];
        assert_eq!(project.asks("/oauth/token", &contradicting).send().await.status, 400);
    }
}

#[tokio::test]
async fn each_customer_type_has_its_grant_and_no_other() {
    let demo = Demo::start().await;
    let (shop, platform, parent) = (demo.shop(), demo.platform(), demo.parent());
    for (project, grant_type, key) in [
        (&platform, "client_pc_credentials", &platform.customer_keys[0]),
        (&parent, "csp_credentials", &parent.customer_keys[0]),
        (&shop, "csp_credentials", &platform.customer_keys[0]),
        (&shop, "client_pc_credentials", &parent.customer_keys[0]),
    ] {
        let oauth = project.knocks_for("/oauth2/token", grant_type, pair(key)).await;
        assert_eq!((oauth.status, &oauth.json()["error"]), (400, &json!("unauthorized_client")), "{grant_type} {project:?}");
        let fedex = project.knocks_for("/oauth/token", grant_type, pair(key)).await;
        assert_eq!((fedex.status, &fedex.json()["errors"][0]["code"]), (401, &json!("NOT.AUTHORIZED.ERROR")), "{grant_type}");
        assert_eq!(project.knocks_for("/Api/Authorize/Token", grant_type, pair(key)).await.status, 403, "{grant_type}");
    }
}

#[tokio::test]
async fn a_foreign_customer_key_looks_exactly_like_an_unknown_one() {
    let demo = Demo::start().await;
    let (platform, parent) = (demo.platform(), demo.parent());
    let (own, foreign) = (&platform.customer_keys[0], &parent.customer_keys[0]);
    let near = &own.secret[..own.secret.len() - 1];
    for path in ROUTES {
        let unknown = platform.knocks_for(path, "csp_credentials", ("sbx_ck_0000000000000000000000", &foreign.secret)).await;
        assert_eq!(unknown.status, 401, "{unknown:?}");
        for (what, key) in [
            ("another platform's, with its right secret", pair(foreign)),
            ("its own, with a wrong secret", (own.key.as_str(), foreign.secret.as_str())),
            ("its own, with a secret cut short", (own.key.as_str(), near)),
            ("its own client, as if it were a customer", (platform.client_id.as_str(), platform.client_secret.as_str())),
        ] {
            let answer = platform.knocks_for(path, "csp_credentials", key).await;
            assert_eq!(said(&answer), said(&unknown), "{path}: {what}");
        }
        let mut stranger = platform.clone();
        stranger.client_secret = parent.client_secret.clone();
        let answer = stranger.knocks_for(path, "csp_credentials", pair(own)).await;
        assert_eq!(said(&answer), said(&unknown), "{path}: a wrong client secret");
    }
    // A customer alone is nobody.
    let mut child = platform.clone();
    (child.client_id, child.client_secret) = (own.key.clone(), own.secret.clone());
    assert_eq!(child.knocks().await.status, 401);
}

#[tokio::test]
async fn a_suspended_customer_key_stops_alone_and_comes_back() {
    let demo = Demo::start().await;
    let (platform, operator) = (demo.platform(), demo.operator());
    let [one, other] = [&platform.customer_keys[0], &platform.customer_keys[1]];
    let (token, others) = (platform.token_for("csp_credentials", one).await, platform.token_for("csp_credentials", other).await);
    let own = platform.token("CXS").await;
    assert_eq!(tracks(&platform, &token).await, 200);
    operator.does(&["customer-key", "suspend", &one.key]);
    within_a_second("a suspended key at the gateway", 401, async || tracks(&platform, &token).await).await;
    within_a_second("a suspended key at the token endpoint", 401, async || {
        platform.knocks_for("/oauth/token", "csp_credentials", pair(one)).await.status
    })
    .await;
    let unknown = platform.knocks_for("/oauth/token", "csp_credentials", ("sbx_ck_0000000000000000000000", "x")).await;
    assert_eq!(
        said(&platform.knocks_for("/oauth/token", "csp_credentials", pair(one)).await),
        said(&unknown),
        "it looks like an unknown one"
    );
    assert_eq!((tracks(&platform, &others).await, tracks(&platform, &own).await), (200, 200), "nobody else is touched");
    operator.does(&["customer-key", "resume", &one.key]);
    within_a_second("a resumed key", 200, async || tracks(&platform, &token).await).await;
    assert_eq!(platform.knocks_for("/oauth/token", "csp_credentials", pair(one)).await.status, 200);
}

#[tokio::test]
async fn a_customer_key_that_asks_for_too_much_waits_alone_and_its_use_is_told() {
    let demo = Demo::start().await;
    let (platform, operator) = (demo.platform(), demo.operator());
    let [one, other] = [&platform.customer_keys[0], &platform.customer_keys[1]];
    let (token, others) = (platform.token_for("csp_credentials", one).await, platform.token_for("csp_credentials", other).await);
    operator.does(&["customer-key", "limit-all", "--project", &platform.id, "--environment", "sandbox", "--quota", "100000"]);
    operator.does(&["customer-key", "limit", &one.key, "--quota", "2"]);
    within_a_second("the key that is limited", 429, async || tracks(&platform, &token).await).await;
    let answer = platform.api(Method::POST, TRACK, &token).json(&tracked(DELIVERED)).send().await;
    assert_eq!((answer.status, &answer.json()["errors"][0]["code"]), (429, &json!("TOO.MANY.REQUESTS.ERROR")), "{answer:?}");
    assert!(answer.headers.contains_key("retry-after"), "{answer:?}");
    assert_eq!(tracks(&platform, &others).await, 200, "the other key of the project goes on");
    operator.does(&["customer-key", "limit", &one.key, "--as-project"]);
    within_a_second("the project's limits again", 200, async || tracks(&platform, &token).await).await;
    let shown = || operator.reads(&["customer-key", "show", &one.key]);
    assert_eq!(shown()["limits"], json!({"own": null, "of_project": {"rate": null, "quota": {"requests": 100_000}}}));
    let written = eventually(Duration::from_secs(30), async || {
        let day = &shown()["usage"]["days"][0];
        let enough = |what: &str, least| day[what].as_u64().is_some_and(|number| number >= least);
        (enough("passed", 3) && enough("refused", 2)).then_some(())
    });
    assert!(written.await.is_some(), "what was counted is written within ten seconds: {}", shown());
}

#[tokio::test]
async fn an_issued_customer_key_acts_at_once_and_is_shown_once() {
    let demo = Demo::start().await;
    let (platform, operator) = (demo.platform(), demo.operator());
    let issued =
        operator.reads(&["customer-key", "create", "--project", &platform.id, "--environment", "sandbox", "--account-number", "123456789"]);
    let text = |member: &str| issued[member].as_str().expect("text").to_owned();
    let key = CustomerKey { account: text("account_number"), key: text("child_key"), secret: text("child_secret") };
    assert_eq!(claims(&platform.token_for("csp_credentials", &key).await)["account"], "123456789");
    for words in [&["customer-key", "show", &key.key][..], &["customer-key", "list", "--project", &platform.id], &["audit", "list"]] {
        let printed = operator.reads(words).to_string();
        assert!(printed.contains(&key.key) && !printed.contains(&key.secret), "{words:?}: {printed}");
    }
}

/// Calls with a token until it is told to stop; how many passed and the statuses of those that did not.
fn loads(project: &Project, token: &str, ends: &Arc<AtomicBool>, passed: &Arc<AtomicUsize>) -> tokio::task::JoinHandle<Vec<u16>> {
    let (project, token, ends, passed) = (project.clone(), token.to_owned(), Arc::clone(ends), Arc::clone(passed));
    tokio::spawn(async move {
        let mut failed = Vec::new();
        while !ends.load(Ordering::Relaxed) {
            match tracks(&project, &token).await {
                200 => drop(passed.fetch_add(1, Ordering::Relaxed)),
                other => failed.push(other),
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        failed
    })
}

#[tokio::test]
async fn the_holder_of_an_account_stops_one_platform_under_load_and_no_other_call_fails() {
    let demo = Demo::start().await;
    let (platform, parent, operator) = (demo.platform_in_production(), demo.parent_in_production(), demo.operator());
    let [of_shop, of_another] = [&platform.customer_keys[0], &platform.customer_keys[1]];
    let of_parent = &parent.customer_keys[0];
    assert!(of_shop.account == of_parent.account && of_shop.account != of_another.account);
    let stopped = platform.token_for("csp_credentials", of_shop).await;
    let others = [
        (&platform, platform.token_for("csp_credentials", of_another).await),
        (&parent, parent.token_for("client_pc_credentials", of_parent).await),
    ];
    let owner = demo.written["portal"]["accounts"].as_array().expect("accounts").iter().find(|account| account["role"] == "owner");
    let owner = owner.expect("the shop's owner");
    let mut lucia = Visitor::signed_in(&demo.portal(), &text(owner, "/email"), &text(owner, "/password")).await;
    let organisations = lucia.opens("/organisations").await.text();
    let id =
        organisations.split("href=\"/organisations/").find(|rest| rest.starts_with(|c: char| c.is_ascii_hexdigit()) && rest.len() > 36);
    let acting = format!("/organisations/{}/acting", &id.expect("her organisation")[..36]);
    let listed = lucia.opens(&acting).await.text();
    assert!(listed.contains(&platform.organisation) && listed.contains(&parent.organisation), "{listed}");
    assert!(!listed.contains(&of_another.account) && !listed.contains(&platform.client_id), "nothing else of the platform: {listed}");

    let (ends, passed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let running: Vec<_> = others.iter().map(|(project, token)| loads(project, token, &ends, &passed)).collect();
    assert_eq!(tracks(&platform, &stopped).await, 200);
    let done = lucia.submits(&format!("{acting}/{}/stop", of_shop.key), &[("reason", "we ship ourselves")]).await;
    assert_eq!(done.status, 303, "{done:?}");
    within_a_second("a key that the holder stopped", 401, async || tracks(&platform, &stopped).await).await;
    within_a_second("its way to tokens", 401, async || platform.knocks_for("/oauth/token", "csp_credentials", pair(of_shop)).await.status)
        .await;
    let before = passed.load(Ordering::Relaxed);
    let more = async || (passed.load(Ordering::Relaxed) > before + 20).then_some(());
    assert!(eventually(Duration::from_secs(20), more).await.is_some(), "the others go on");
    ends.store(true, Ordering::Relaxed);
    for load in running {
        assert_eq!(load.await.expect("runs"), Vec::<u16>::new(), "no call with another key failed");
    }
    let refused = operator.types(&["customer-key", "resume", &of_shop.key]);
    assert_ne!(refused.code, 0, "nobody resumes it: {refused:?}");
    let of_account = operator.reads(&["customer-key", "list", "--account", &of_shop.account, "--environment", "production"]);
    let of_account = of_account.as_array().expect("a list");
    let row = |key: &CustomerKey| of_account.iter().find(|row| row["id"] == key.key.as_str()).expect("listed").clone();
    assert_eq!(
        (of_account.len(), row(of_shop)["status"].as_str(), row(of_parent)["status"].as_str()),
        (2, Some("revoked"), Some("active"))
    );
    assert_eq!(row(of_shop)["stop_reason"], "we ship ourselves");
    assert!(row(of_parent)["last_used_at"].is_string(), "it got a token a moment ago: {of_account:#?}");
    let mailbox = get(format!("{}/mailbox", demo.portal())).send().await.text();
    assert!(mailbox.contains("pau@enviosunidos.example"), "the platform is told: {mailbox}");

    operator.does(&[
        "customer-key",
        "create",
        "--project",
        &platform.id,
        "--environment",
        "production",
        "--account-number",
        &of_shop.account,
    ]);
    let mailbox = get(format!("{}/mailbox", demo.portal())).send().await.text();
    assert!(
        mailbox.contains(&text(owner, "/email")) && mailbox.contains(&format!("act for your account {}", of_shop.account)),
        "{mailbox}"
    );
}
