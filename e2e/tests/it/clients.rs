//! Programs that nobody here wrote: only the base URL is another.

use std::process::Command;

use postigo_e2e::{
    demo::Demo,
    program::{run, workspace},
};

fn passes(command: &mut Command, checks: usize) {
    let outcome = run(command);
    assert_eq!(outcome.code, 0, "{}\n{}", outcome.stdout, outcome.stderr);
    let passed = outcome.stdout.lines().filter(|line| line.starts_with("ok ")).count();
    assert!(passed >= checks, "only {passed} of at least {checks} checks ran:\n{}\n{}", outcome.stdout, outcome.stderr);
}

fn python(program: &str) -> Command {
    let python = std::env::var_os("POSTIGO_E2E_PYTHON").expect("POSTIGO_E2E_PYTHON names no Python: run the tests through ./test");
    let mut command = Command::new(workspace().join(python));
    command.arg(program).current_dir(workspace().join("e2e/clients/python")).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

#[tokio::test]
async fn karrios_fedex_connector_tracks_cancels_and_hears_of_a_wrong_secret() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    let parcel = shop.parcel(&shop.token("").await).await;
    passes(python("karrio_fedex.py").arg(&demo.json).arg(&parcel), 12);
}

#[tokio::test]
async fn authlib_discovers_asks_verifies_introspects_and_revokes() {
    let demo = Demo::start().await;
    passes(python("authlib_client.py").arg(&demo.json), 25);
}

#[tokio::test]
async fn openid_client_discovers_asks_verifies_introspects_and_revokes() {
    let demo = Demo::start().await;
    let mut node = Command::new("node");
    passes(node.arg("openid_client.mjs").arg(&demo.json).current_dir(workspace().join("e2e/clients/node")), 20);
}
