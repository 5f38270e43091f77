//! Staff sign on by a provider that nobody here wrote (`oidc-provider`), in a real browser.

use std::process::Command;

use postigo_e2e::{
    call::get,
    ports,
    program::{Running, run, workspace},
    site::Site,
};

const SECRET: &str = "a secret of the client";

/// The provider under way, and what the portal's configuration says of it.
async fn provider(portal: &str, folder: &std::path::Path) -> (Running, String) {
    let port = ports::four();
    let mut node = Command::new("node");
    node.args(["staff_provider.mjs", &port.to_string(), portal, SECRET]).current_dir(workspace().join("e2e/clients/node"));
    std::fs::create_dir(folder).expect("a folder for what it writes");
    let mut process = Running::start(&mut node, folder);
    let issuer = format!("http://127.0.0.1:{port}");
    let metadata = format!("{issuer}/.well-known/openid-configuration");
    process.wait_for("its metadata", async || get(&metadata).attempt().await.ok().filter(|answer| answer.status == 200)).await;
    (process, issuer)
}

fn configured(site: &Site, issuer: &str) {
    let base = site.port_base;
    let folder = site.folder();
    std::fs::write(folder.join("secret"), format!("{SECRET}\n")).expect("writes");
    site.configure(&format!(
        r#"
        database_url = "sqlite://postigo.db"
        master_key_file = "master.key"
        [portal]
        listen = "127.0.0.1:{base}"
        [portal.staff_sign_on]
        issuer = "{issuer}"
        client_id = "postigo"
        client_secret_file = "secret"
        scopes = "openid profile email groups"
        name = "Casa"
        role_claim = "groups"
        second_factor = true
        [portal.staff_sign_on.roles]
        postigo-admins = "administrator"
        postigo-viewers = "viewer"
        [environments.sandbox]
        listen = "127.0.0.1:{}"
        [telemetry]
        listen = "127.0.0.1:{}"
        "#,
        base + 1,
        base + 3,
    ));
}

#[tokio::test]
async fn staff_sign_on_by_a_provider_of_somebody_elses_making() {
    let site = Site::bare();
    let portal = site.url(0);
    let (_provider, issuer) = provider(&portal, &site.folder().join("provider")).await;
    configured(&site, &issuer);
    let _node = site.serve().await;

    let account = site.operator().reads(&["account", "create", "bea@operator.example", "--name", "Bea"]);
    let account = serde_json::json!({"email": "bea@operator.example", "password": account["password"]});

    let json = site.folder().join("journey.json");
    std::fs::write(&json, serde_json::json!({"portal": {"url": portal, "account": account}}).to_string()).expect("writes");
    let mut node = Command::new("node");
    node.arg("journeys/staff_sign_on.mjs").arg(&json).current_dir(workspace().join("e2e/browser"));
    let outcome = run(&mut node);
    assert_eq!(outcome.code, 0, "{}\n{}", outcome.stdout, outcome.stderr);
    let seen = outcome.stdout.lines().filter(|line| line.starts_with("ok ")).count();
    assert!(seen >= 20, "only {seen} things were seen:\n{}\n{}", outcome.stdout, outcome.stderr);
}
