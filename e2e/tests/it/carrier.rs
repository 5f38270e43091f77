//! The sandbox carrier alone, as strangers and other gateways meet it.

use std::{fs, net::TcpListener};

use http::Method;
use postigo_e2e::{
    call::{Call, call, get, post},
    carrier::Carrier,
    credentials::text,
    demo::Demo,
    moments::within_a_second,
    program::{PATIENCE, postigo, run},
    shipment::{DELIVERED, DELIVERY, PRINT, SEARCH, TRACK, delivery, label, tracked},
    site::Site,
};
use serde_json::{Value, json};

/// Preregisters a parcel in somebody's name.
async fn parcel(carrier: &Carrier, named: impl Fn(Call) -> Call) -> String {
    let answer = named(post(format!("{}{DELIVERY}", carrier.url))).json(&delivery()).send().await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert!(!answer.id().is_empty());
    text(&answer.json(), "/shipments/0/packages/0/packageCode")
}

/// Whether somebody knows a parcel.
async fn knows(carrier: &Carrier, named: impl Fn(Call) -> Call, parcel: &str) -> bool {
    let trace = named(get(format!("{}{SEARCH}/{parcel}", carrier.url))).send().await.json();
    trace["events"].as_array().is_some_and(|events| !events.is_empty())
}

#[tokio::test]
async fn bare_calls_work_and_each_client_has_its_own_parcels() {
    let mut carrier = Carrier::start().await;
    let printed = carrier.process.stdout();
    assert!(printed.lines().count() == 1 && printed.contains(&carrier.url), "one line with the address: {printed}");
    let nobody = |call: Call| call;
    let one = |call: Call| call.header("client_id", "one");
    let parcel = parcel(&carrier, one).await;
    assert!(knows(&carrier, |call| call.header("x-client-id", "one").header("authorization", "Bearer x"), &parcel).await);
    assert!(!knows(&carrier, nobody, &parcel).await && !knows(&carrier, |call| call.header("client_id", "two"), &parcel).await);
    assert!(knows(&carrier, nobody, &self::parcel(&carrier, nobody).await).await);
    let label = one(post(format!("{}{PRINT}", carrier.url))).json(&label(&parcel, 2)).send().await.json();
    assert!(label["pdf"].is_string(), "{label}");
    let sample = post(format!("{}{TRACK}", carrier.url)).json(&tracked(DELIVERED)).send().await;
    assert_eq!(sample.json()["transactionId"], sample.id(), "{sample:?}");

    carrier.process.terminate();
    assert!(carrier.process.end(PATIENCE).await.success());
    assert!(carrier.folder().join("postigo-data/postigo.db").exists(), "where `serve` keeps its own");
    assert_eq!(carrier.process.stderr(), "");
}

#[tokio::test]
async fn a_gateway_in_front_says_for_whom_a_call_is() {
    let carrier = Carrier::start().await;
    let project = "0197f000-0000-7000-8000-000000000001";
    let named = |call: Call| call.header("x-postigo-project", project).header("client_id", "one");
    let parcel = parcel(&carrier, named).await;
    assert!(knows(&carrier, |call| call.header("x-postigo-project", project).header("client_id", "two"), &parcel).await);
    assert!(!knows(&carrier, |call| named(call).header("x-postigo-environment", "production"), &parcel).await);
    let strange = get(format!("{}{SEARCH}/X", carrier.url)).header("x-postigo-project", "everybody's").send().await;
    assert_eq!(strange.status, 401, "{strange:?}");
}

#[tokio::test]
async fn it_stands_behind_a_gateway_and_its_faults_reach_the_client() {
    let (carrier, demo) = (Carrier::start().await, Demo::start().await);
    let (shop, operator) = (demo.shop(), demo.operator());
    let folder = demo.folder().join("catalogue");
    let words = folder.to_str().expect("text");
    operator.does(&["export", words]);
    for file in fs::read_dir(&folder).expect("the folder").flatten().map(|file| file.path()) {
        let mut document: Value = serde_json::from_slice(&fs::read(&file).expect("reads")).expect("JSON");
        document["x-postigo"]["upstreams"]["sandbox"] = json!([carrier.url]);
        fs::write(&file, document.to_string()).expect("writes");
    }
    let token = shop.token("").await;
    let within = shop.parcel(&token).await;
    operator.does(&["apply", words]);
    let knows = async |parcel: &str| {
        let trace = shop.api(Method::GET, &format!("{SEARCH}/{parcel}"), &token).send().await.json();
        trace["events"].as_array().is_some_and(|events| !events.is_empty())
    };
    within_a_second("the parcels of the other carrier are gone", false, async || knows(&within).await).await;
    assert!(knows(&shop.parcel(&token).await).await);
    let ask = |word: &str| shop.api(Method::POST, DELIVERY, &token).header("x-sandbox-scenario", word).json(&delivery());
    ask("cut").attempt().await.expect_err("no whole answer comes");
    assert_eq!(ask("slow-1").send().await.status, 201);
    let bare = ask("throttled-bare").send().await;
    assert_eq!((bare.status, bare.header("retry-after"), bare.header("ratelimit")), (429, "", ""));
}

#[tokio::test]
async fn configuration_and_command_line_say_where_it_listens() {
    let site = Site::bare();
    let taken = TcpListener::bind(("127.0.0.1", site.port_base)).expect("a free port");
    let address = taken.local_addr().expect("an address");
    site.configure(&format!("database_url = \"sqlite://own.db\"\n[carrier]\nlisten = \"{address}\"\n"));
    let configured = run(postigo(site.folder()).arg("carrier"));
    let said = configured.refusal();
    assert!(said.contains("[carrier]") && said.contains(&address.to_string()), "{said}");
    drop(taken);
    let mut command = postigo(site.folder());
    let mut process = postigo_e2e::program::Running::start(command.args(["carrier", "--listen", "127.0.0.1:0"]), site.folder());
    let started = site.folder().join("stdout");
    let url = process
        .wait_for("address", async || {
            let printed = fs::read_to_string(&started).ok()?;
            printed.split_whitespace().find(|word| word.starts_with("http://127.0.0.1:")).map(ToOwned::to_owned)
        })
        .await;
    let answer = call(Method::DELETE, format!("{url}{DELIVERY}")).send().await;
    assert_eq!((answer.status, answer.header("allow")), (405, "POST"));
    assert!(site.folder().join("own.db").exists());
}
