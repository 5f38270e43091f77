//! `postigo demo`: from nothing to a parcel preregistered, in one command.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use postigo_e2e::{
    call::get,
    demo::Demo,
    ports,
    program::{PATIENCE, postigo, run},
};
use serde_json::Value;

/// `postigo demo --once` with everything in `folder`.
fn once(folder: &Path, port_base: u16) -> Command {
    let mut command = postigo(folder);
    command.args(["demo", "--once", "--data-dir", "data", "--json", "demo.json", "--port-base", &port_base.to_string()]);
    command
}

#[test]
fn the_tour_ends_well_and_so_does_a_second_one_on_the_same_folder() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let port_base = ports::four();
    let mut secrets = Vec::new();
    for _ in 0..2 {
        let outcome = run(&mut once(folder.path(), port_base));
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{outcome:?}");
        for told in [
            "/oauth2/token",
            "/oauth/token",
            "/Api/Authorize/Token",
            "packageCode",
            "\"expiresIn\": 60",
            "curl -X POST",
            "postigo decision ",
        ] {
            assert!(outcome.stdout.contains(told), "the tour tells of {told}: {}", outcome.stdout);
        }
        assert!(outcome.stdout.trim_end().ends_with("All steps passed."), "{}", outcome.stdout);
        let label = fs::read_dir(folder.path().join("data"))
            .expect("the folder")
            .flatten()
            .find(|file| file.path().extension().is_some_and(|ending| ending == "pdf"));
        let label = label.expect("the label is in a file").path();
        assert!(outcome.stdout.contains(&label.display().to_string()), "the tour says where the label is");
        let text = run(Command::new("pdftotext").arg(&label).arg("-"));
        let code =
            label.file_stem().and_then(|name| name.to_str()).and_then(|name| name.strip_prefix("label-")).expect("the code is in the name");
        assert!(text.stdout.contains(code), "{text:?}");

        let json = folder.path().join("demo.json");
        assert_eq!(fs::metadata(&json).expect("the credentials").permissions().mode() & 0o777, 0o600, "nobody else may read them");
        let written: Value = serde_json::from_slice(&fs::read(&json).expect("reads")).expect("JSON");
        secrets.push(written["projects"][0]["client_secret"].clone());
    }
    assert_ne!(secrets[0], secrets[1], "it was built anew");
}

#[tokio::test]
async fn the_credentials_file_has_everything_a_program_needs() {
    let demo = Demo::start().await;
    let written = &demo.written;
    for (name, port) in
        [("/portal/url", 0), ("/environments/sandbox/base_url", 1), ("/environments/production/base_url", 2), ("/telemetry/url", 3)]
    {
        assert_eq!(written.pointer(name), Some(&Value::from(format!("http://127.0.0.1:{}", demo.port_base + port))), "{name}");
    }
    let holders = written["account_holders"].as_array().expect("account holders");
    assert!(holders.iter().filter(|one| one["pin"].is_string() && one["invoice"]["amount"].is_string()).count() >= 2, "{holders:#?}");
    let projects = written["projects"].as_array().expect("projects");
    for project in projects {
        for member in ["organisation", "customer_type", "project", "environment", "client_id", "client_secret"] {
            assert!(project[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {project:#}");
        }
        let pair = &project["api_credentials"]["preregister"];
        assert!(pair["client_id"].is_string() && pair["client_secret"].is_string(), "{project:#}");
        let issued = [&project["client_id"], &project["client_secret"], &pair["client_id"], &pair["client_secret"]];
        for text in issued.iter().filter_map(|value| value.as_str()) {
            let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
            assert!(plain && (24..=64).contains(&text.len()), "survives every encoding: {text}");
        }
    }
    let of = |customer_type: &str, environment: &str| {
        projects.iter().filter(|p| p["customer_type"] == customer_type && p["environment"] == environment).collect::<Vec<_>>()
    };
    let all = serde_json::json!(["AP3", "CXS", "LBS", "RCG", "TPB"]);
    for environment in ["sandbox", "production"] {
        assert!(of("customer", environment).iter().any(|project| project["scopes"] == all), "a customer with every scope in {environment}");
    }
    for customer_type in ["integrator", "proprietary_parent"] {
        let keys = of(customer_type, "sandbox")[0]["customer_keys"].as_array().expect("customer keys");
        assert_eq!(keys.len(), 2, "{customer_type}");
        for member in ["account_number", "child_key", "child_secret"] {
            assert!(keys.iter().all(|key| key[member].is_string()) && keys[0][member] != keys[1][member], "{keys:#?}");
        }
    }
    let small = demo.small_shop();
    assert_ne!(small.api_credential, demo.shop().api_credential, "its own pair");
    let waiting = demo.operator().reads(&["contract", "list", "--status", "pending"]);
    assert!(!waiting.as_array().expect("a list").is_empty(), "a contract is pending");
    let waiting = demo.operator().reads(&["access", "list", "--status", "pending"]);
    assert!(!waiting.as_array().expect("a list").is_empty(), "an access request waits for the operator");
}

#[tokio::test]
async fn every_credential_in_the_file_opens_what_it_says() {
    let demo = Demo::start().await;
    for project in [demo.shop(), demo.shop_in_production(), demo.platform(), demo.parent(), demo.small_shop()] {
        let answer = project.knocks().await;
        assert_eq!((answer.status, &answer.json()["scope"]), (200, &Value::from(project.scopes.join(" "))), "{project:?}");
        let token = project.token("TPB").await;
        let tracked = project.api(http::Method::GET, "/support/trackpub/api/v2/search/PQXXX10000099990128001A", &token).send().await;
        assert_eq!(tracked.status, 200, "{project:?} {tracked:?}");
    }
}

#[test]
fn a_folder_that_the_demo_did_not_make_is_refused_and_left_as_it_was() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    fs::create_dir(&data).expect("makes");
    fs::write(data.join("letters.txt"), "Dear Lucía").expect("writes");
    let outcome = run(&mut once(folder.path(), ports::four()));
    let line = outcome.refusal();
    assert!(line.contains("data") && line.contains("--data-dir"), "{line}");
    let left: Vec<_> = fs::read_dir(&data).expect("the folder").flatten().map(|file| file.file_name()).collect();
    assert_eq!(left, ["letters.txt"]);
    assert_eq!(fs::read_to_string(data.join("letters.txt")).expect("reads"), "Dear Lucía");
    assert!(!folder.path().join("demo.json").exists(), "no credentials of a demo that does not run");
}

#[test]
fn what_lies_in_the_demos_own_folder_besides_its_files_is_not_taken_along() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let port_base = ports::four();
    assert_eq!(run(&mut once(folder.path(), port_base)).code, 0);
    let (inner, outside) = (folder.path().join("data/mine"), folder.path().join("outside"));
    fs::create_dir(&inner).expect("makes");
    fs::write(inner.join("kept.txt"), "mine").expect("writes");
    fs::write(&outside, "elsewhere").expect("writes");
    std::os::unix::fs::symlink(&outside, folder.path().join("data/link")).expect("links");
    assert_eq!(run(&mut once(folder.path(), port_base)).code, 0);
    assert_eq!(fs::read_to_string(inner.join("kept.txt")).ok().as_deref(), Some("mine"), "folders in it are not the demo's");
    assert_eq!(fs::read_to_string(&outside).ok().as_deref(), Some("elsewhere"), "a link is not followed");
}

#[test]
fn a_port_in_use_is_named_with_the_mend() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let port_base = ports::four();
    for after in 0..4 {
        let _taken = TcpListener::bind(("127.0.0.1", port_base + after)).expect("a free port");
        let outcome = run(&mut once(folder.path(), port_base));
        let line = outcome.refusal();
        assert!(line.contains(&(port_base + after).to_string()), "it names the port: {line}");
        assert!(line.contains("--port-base"), "it says what somebody who typed `postigo demo` can do: {line}");
    }
}

#[tokio::test]
async fn a_second_demo_on_the_same_folder_leaves_the_first_one_alone() {
    let demo = Demo::start().await;
    let mut second = postigo(demo.folder());
    second.args(["demo", "--once", "--port-base", &ports::four().to_string(), "--data-dir"]).arg(demo.data());
    let outcome = run(&mut second);
    let line = outcome.refusal();
    assert!(line.contains("postigo.db"), "{line}");
    assert_eq!(demo.shop().knocks().await.status, 200, "the first one goes on");
    demo.operator().does(&["audit", "verify"]);
}

#[tokio::test]
async fn other_commands_work_beside_it_with_its_configuration() {
    let demo = Demo::start().await;
    let operator = demo.operator();
    let organisations = operator.does(&["organisation", "list"]);
    for organisation in [demo.shop().organisation, demo.platform().organisation] {
        assert!(organisations.contains(&organisation), "{organisations}");
    }
    let doctor = operator.does(&["doctor"]);
    assert!(!doctor.contains("bad "), "{doctor}");
    let mode = fs::metadata(demo.data().join("postigo.toml")).expect("the configuration").permissions().mode();
    assert_eq!(mode & 0o077, 0, "the configuration is its owner's");
}

#[tokio::test]
async fn what_it_prints_to_a_file_is_plain_text_and_fits_its_invitation() {
    let mut demo = Demo::start().await;
    let printed = demo.process.stdout();
    assert!(!printed.contains('\u{1b}'), "no escapes where there is no terminal");
    assert_eq!(demo.process.stderr(), "", "nothing to complain of");
    for url in [demo.portal(), demo.telemetry() + "/readyz", demo.base("sandbox"), demo.base("production")] {
        assert!(printed.contains(&url), "it says what to open: {url}");
    }
    assert!(printed.contains("operator@postigo.example"), "it says whom to sign in as: {printed}");
    let portal = get(demo.portal() + "/apis").send().await;
    assert_eq!(portal.status, 200);
    for api in ["preregister", "labels", "requests", "tracking", "shop", "fedex-track", "fedex-ship", "registration"] {
        assert!(portal.text().contains(&format!("href=\"/apis/{api}\"")), "{api}: {}", portal.text());
        let document = get(format!("{}/apis/{api}/openapi.json", demo.portal())).send().await;
        assert_eq!(document.json()["x-postigo"]["name"], *api);
    }
    demo.process.signal("INT");
    assert_eq!(demo.process.end(PATIENCE).await.code(), Some(0), "Ctrl-C is how it is meant to end");
    assert!(get(demo.telemetry() + "/healthz").attempt().await.is_err(), "nobody listens any more");
}
