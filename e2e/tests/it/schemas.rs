//! The OpenAPI documents against a fuzzer that knows nothing else: Schemathesis sends what they allow and what they forbid, and holds every
//! answer against them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Mutex,
};

use http::Method;
use postigo_e2e::{
    call::{Call, call},
    carrier::Carrier,
    credentials::text,
    demo::Demo,
    program::{Outcome, run, workspace},
    shipment::{DELIVERY, REQUESTS, collection, delivery},
};

/// The codes that stand in the documents' examples: of a parcel, its shipment and a collection.
const CODES: [&str; 3] = ["PKXXX10000000010108013P", "PKXXX1000000001G", "SR1503202600001EG"];

/// What every answer is held against. Status codes, media types, bodies and headers are those of the document, and nothing is our fault.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,\
                      response_headers_conformance";

/// Besides: what the document forbids is refused, and what it allows is not. Not for the APIs that report errors inside a 200, whose look-ups
/// answer every code, and whose rules are more than a schema says.
const STRICT: &str = ",negative_data_rejection,positive_data_acceptance";

/// How many cases to try of each operation: fewer where there are many operations, or large bodies that take long to invent.
fn cases(document: &str) -> (u32, bool) {
    match document {
        "preregister.yaml" | "shop.yaml" => (8, false),
        "requests.yaml" => (12, false),
        "tracking.yaml" => (20, false),
        _ => (25, true),
    }
}

/// A document to try, with a folder of its own.
struct Trial {
    document: PathBuf,
    url: String,
    headers: Vec<(&'static str, String)>,
}

impl Trial {
    fn name(&self) -> &str {
        self.document.file_name().and_then(|name| name.to_str()).expect("a name")
    }

    /// Runs the fuzzer. The seed is fixed: what it finds, it finds again.
    fn run(&self) -> Outcome {
        let python = std::env::var_os("POSTIGO_E2E_PYTHON").expect("POSTIGO_E2E_PYTHON names no Python: run the tests through ./test");
        let (cases, strict) = cases(self.name());
        let mut command = Command::new(workspace().join(python));
        command.current_dir(self.document.parent().expect("a folder")).env("PYTHONDONTWRITEBYTECODE", "1");
        command.args(["-m", "schemathesis.cli", "run", "--no-color", "--phases", "examples,fuzzing", "--seed", "1"]);
        command.args(["--generation-database", "none", "--suppress-health-check", "too_slow", "--url", &self.url]);
        command.args(["--max-examples", &cases.to_string(), "--checks", &[CHECKS, if strict { STRICT } else { "" }].concat()]);
        for (name, value) in &self.headers {
            command.args(["--header", &format!("{name}: {value}")]);
        }
        run(command.arg(&self.document))
    }
}

/// Every document in a folder of its own, with codes in its examples that are known to whom `named` names.
async fn trials(folder: &Path, url: &str, headers: &[(&'static str, String)]) -> Vec<Trial> {
    let named = |call: Call| headers.iter().fold(call, |call, (name, value)| call.header(name, value));
    let made = async |path: &str, body: &serde_json::Value| {
        let answer = named(call(Method::POST, format!("{url}{path}"))).json(body).send().await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()
    };
    let mut trials = Vec::new();
    for file in fs::read_dir(workspace().join("crates/carrier/openapi")).expect("the documents").flatten().map(|file| file.path()) {
        let (parcel, collected) = (made(DELIVERY, &delivery()).await, made(REQUESTS, &collection()).await);
        let known = [
            text(&parcel, "/shipments/0/packages/0/packageCode"),
            text(&parcel, "/shipments/0/shipmentCode"),
            text(&collected, "/0/codRequest"),
        ];
        let document = fs::read_to_string(&file).expect("reads");
        let document = CODES.iter().zip(&known).fold(document, |document, (example, code)| document.replace(example, code));
        let own = folder.join(file.file_stem().expect("a name"));
        fs::create_dir(&own).expect("makes");
        let file = own.join(file.file_name().expect("a name"));
        fs::write(&file, document).expect("writes");
        trials.push(Trial { document: file, url: url.to_owned(), headers: headers.to_vec() });
    }
    assert!(trials.len() >= 7, "the documents of seven APIs");
    // What takes longest first, so that nobody waits for it alone.
    trials.sort_by_key(|trial| cases(trial.name()).0);
    trials
}

/// Runs them, two at once: the fuzzer is the slow one.
fn hold(trials: Vec<Trial>) {
    let (left, wrong) = (Mutex::new(trials.into_iter()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(trial) = { left.lock().expect("nobody panics").next() } {
                    let outcome = trial.run();
                    let tried = outcome.stdout.contains(" passed")
                        && outcome.stdout.contains("No issues found") | outcome.stdout.contains("warning");
                    if outcome.code != 0 || !tried {
                        // Its reports repeat whole bodies: the beginning of a line says what it is about.
                        let lines: Vec<String> = outcome.stdout.lines().map(|line| line.chars().take(300).collect()).collect();
                        let said = format!("{}:\n{}\n{}", trial.name(), lines.join("\n"), outcome.stderr);
                        wrong.lock().expect("nobody panics").push(said);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("nobody panics");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Whoever calls the carrier alone. It asks for no secret, but the documents do: without one every call breaks them.
fn alone() -> [(&'static str, String); 2] {
    [("client_id", "fuzzer".to_owned()), ("client_secret", "any".to_owned())]
}

#[tokio::test]
async fn the_carrier_alone_answers_as_its_documents_say() {
    let carrier = Carrier::start().await;
    hold(trials(carrier.folder(), &carrier.url, &alone()).await);
}

#[tokio::test]
async fn through_the_gateway_all_is_answered_as_the_documents_say() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    let (id, secret) = shop.pair();
    let bearer = format!("Bearer {}", shop.token("").await);
    let headers = [("Authorization", bearer), ("client_id", id.to_owned()), ("client_secret", secret.to_owned())];
    hold(trials(demo.folder(), &shop.base, &headers).await);
}

#[tokio::test]
async fn the_fuzzer_finds_a_fault_when_there_is_one() {
    let carrier = Carrier::start().await;
    let mut trials = trials(carrier.folder(), &carrier.url, &alone()).await;
    let mut trial = trials.remove(trials.iter().position(|trial| trial.name() == "fedex-ship.yaml").expect("the document"));
    trial.headers.push(("X-Sandbox-Scenario", "server-error".to_owned()));
    let outcome = trial.run();
    assert!(outcome.code == 1 && outcome.stdout.contains("Server error"), "{outcome:?}");
}
