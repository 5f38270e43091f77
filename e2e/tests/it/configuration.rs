//! The configuration is checked before anything starts: one clear line each, with the mend.

use std::{fs, net::TcpListener, time::Duration};

use postigo_e2e::{
    call::get,
    credentials::text,
    program::{Outcome, PATIENCE, postigo, run},
    site::Site,
};

/// What `serve` says before it gives up.
fn refused(site: &Site, variables: &[(&str, &str)]) -> String {
    let outcome = serve(site, variables);
    outcome.refusal().to_owned()
}

/// `serve` that must end by itself. What it logs on the way is not what it says in the end.
fn serve(site: &Site, variables: &[(&str, &str)]) -> Outcome {
    run(postigo(site.folder()).args(["serve", "--config", "postigo.toml"]).envs(variables.iter().copied()).env("RUST_LOG", "off"))
}

/// A site on SQLite whose database and key are there already.
fn house() -> Site {
    let site = Site::on_sqlite();
    site.operator().does(&["organisation", "list"]);
    site
}

#[test]
fn an_unknown_key_names_file_line_and_the_nearest_one() {
    let site = Site::bare();
    for (text, line, nearest) in [
        ("[environments.sandbox]\nlisten = \"127.0.0.1:8081\"\npublic_ulr = \"http://localhost\"\n", 3, "public_url"),
        ("databse_url = \"sqlite://x.db\"\n", 1, "database_url"),
        ("\n\n[enviroments.sandbox]\n", 3, "environments"),
        (
            "[portal]\nlisten = \"127.0.0.1:8080\"\n\n[telemetry]\nlisten = \"127.0.0.1:8083\"\ncertifcate = \"x\"\n",
            6,
            "telemetry.certificate",
        ),
    ] {
        site.configure(text);
        let said = refused(&site, &[]);
        assert!(said.contains(&format!("postigo.toml:{line}")), "{said}");
        assert!(said.contains(&format!("did you mean {nearest}")) || said.contains(nearest), "{said}");
    }
}

#[test]
fn values_that_do_not_fit_are_named_with_their_line() {
    let site = Site::bare();
    for (text, told) in [
        ("decision_sample = \"many\"\n", "postigo.toml:1"),
        ("\n[portal]\nlisten = \"localhost\"\n", "postigo.toml:3"),
        ("[portal\n", "postigo.toml:1"),
        ("log_format = \"xml\"\n", "postigo.toml:1"),
        ("decision_sample = 0\n", "decision_sample"),
        ("trusted_proxies = [\"10.0.0.0/99\"]\n", "trusted_proxies"),
        ("database_url = \"mysql://localhost/x\"\n", "database_url"),
        ("database_url = \"postigo.db\"\n", "sqlite://"),
        ("[environments.sandbox]\nlisten = \"127.0.0.1:8081\"\npublic_url = \"not a url\"\n", "public_url"),
        ("[environments.sandbox]\nlisten = \"127.0.0.1:8081\"\npublic_url = \"ftp://example.com\"\n", "public_url"),
        ("[environments.sandbox]\nlisten = \"127.0.0.1:8081\"\npublic_url = \"https://example.com/?a\"\n", "public_url"),
        ("[portal]\nlisten = \"127.0.0.1:8081\"\n[environments.sandbox]\nlisten = \"127.0.0.1:8081\"\n", "127.0.0.1:8081"),
        ("[portal]\nlisten = \"127.0.0.1:8081\"\ncertificate = \"x.pem\"\n", "private_key"),
        (
            "[environments.sandbox]\nlisten = \"127.0.0.1:8081\"\npublic_url = \"https://x.example\"\n[environments.production]\nlisten = \"127.0.0.1:8082\"\npublic_url = \"https://x.example\"\n",
            "public_url",
        ),
    ] {
        site.configure(text);
        let said = refused(&site, &[]);
        assert!(said.contains("postigo.toml") && said.contains(told), "{text:?}: {said}");
        let beside = site.operator().types(&["organisation", "list"]);
        assert_eq!(beside.code, 1, "no command runs on it: {beside:?}");
    }
    let mut missing = postigo(site.folder());
    let outcome = run(missing.args(["organisation", "list", "--config", "nowhere.toml"]));
    assert!(outcome.refusal().contains("nowhere.toml"), "{outcome:?}");
}

#[tokio::test]
async fn an_environment_variable_sets_any_key_and_a_wrong_one_is_an_error() {
    let site = house();
    let other = Site::bare();
    let portal = format!("127.0.0.1:{}", other.port_base);
    let mut command = postigo(site.folder());
    command
        .args(["serve", "--config", "postigo.toml"])
        .env("POSTIGO__PORTAL__LISTEN", &portal)
        .env("POSTIGO__ENVIRONMENTS__SANDBOX__PUBLIC_URL", "https://api.example.com");
    let mut node = postigo_e2e::program::Running::start(&mut command, site.folder());
    let home = node.wait_for("portal", async || get(format!("http://{portal}/")).attempt().await.ok()).await;
    assert_eq!(home.status, 200, "it listens where the variable says");
    assert!(get(site.url(0)).attempt().await.is_err(), "and no longer where the file says");
    let metadata = get(site.url(1) + "/.well-known/oauth-authorization-server").send().await.json();
    assert_eq!(text(&metadata, "/issuer"), "https://api.example.com");
    drop(node);
    for (name, value, told) in [
        ("POSTIGO__PORTAL__LISTENN", "127.0.0.1:1", "portal.listen"),
        ("POSTIGO__DATABASE", "sqlite://x", "database_url"),
        ("POSTIGO__DECISION_SAMPLE", "some", "POSTIGO__DECISION_SAMPLE"),
        ("POSTIGO__PORTAL__LISTEN", "nowhere", "POSTIGO__PORTAL__LISTEN"),
        ("POSTIGO__DATABASE_URL", "mysql://localhost/x", "database_url"),
    ] {
        let said = refused(&site, &[(name, value)]);
        assert!(said.contains(told), "{name}={value}: {said}");
    }
    // Without a file as well.
    let folder = tempfile::tempdir().expect("a temporary folder");
    let types = |words: &[&str]| {
        let variables = [("POSTIGO__DATABASE_URL", "sqlite://own/x.db"), ("POSTIGO__MASTER_KEY_FILE", "own/key")];
        run(postigo(folder.path()).args(words).envs(variables))
    };
    let migrated = types(&["migrate"]);
    assert_eq!(migrated.code, 0, "{migrated:?}");
    let outcome = types(&["organisation", "list", "--json"]);
    assert_eq!((outcome.code, outcome.stdout.trim()), (0, "[]"), "{outcome:?}");
    assert!(folder.path().join("own/x.db").exists() && folder.path().join("own/key").exists());
}

#[test]
fn a_command_in_the_wrong_folder_founds_no_installation_there() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for words in [
        &["organisation", "list"][..],
        &["organisation", "create", "Tienda"],
        &["audit", "verify"],
        &["keys", "rotate", "--environment", "sandbox"],
    ] {
        let outcome = run(postigo(folder.path()).args(words));
        assert!(outcome.refusal().contains("--config"), "{outcome:?}");
    }
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 0, "nothing was made");
}

#[test]
fn a_port_in_use_names_the_table_and_the_port() {
    let site = house();
    for (after, table) in [(0, "portal"), (1, "environments.sandbox"), (2, "environments.production"), (3, "telemetry")] {
        let _taken = TcpListener::bind(("127.0.0.1", site.port_base + after)).expect("a free port");
        let said = refused(&site, &[]);
        assert!(
            said.contains(&format!("[{table}]")) && said.contains(&(site.port_base + after).to_string()) && said.contains("listen"),
            "{said}"
        );
    }
}

#[test]
fn a_master_key_that_cannot_be_read_is_named() {
    let site = house();
    let key = site.folder().join("master.key");
    let kept = fs::read_to_string(&key).expect("the key");
    fs::remove_file(&key).expect("removes");
    fs::create_dir(&key).expect("makes");
    assert!(refused(&site, &[]).contains("master.key"), "a folder is no key");
    fs::remove_dir(&key).expect("removes");

    let said = refused(&site, &[]);
    assert!(said.contains("master.key") && said.contains("put it back"), "{said}");
    assert!(!key.exists(), "no other key is drawn for a database that was made with one");
    let beside = site.operator().types(&["organisation", "create", "Tienda"]);
    assert!(beside.refusal().contains("master.key") && !key.exists(), "{beside:?}");

    fs::write(&key, "not a key\n").expect("writes");
    assert!(refused(&site, &[]).contains("master.key"), "garbage is no key");
    let stranger = house();
    fs::copy(stranger.folder().join("master.key"), &key).expect("copies");
    let said = refused(&site, &[]);
    assert!(said.contains("master key") || said.contains("master_key"), "another house's key: {said}");
    let doctor = site.operator().types(&["doctor"]);
    assert_eq!(doctor.code, 1, "{doctor:?}");
    assert!(doctor.stdout.lines().any(|line| line.starts_with("bad")), "{doctor:?}");

    fs::write(&key, kept).expect("writes");
    site.operator().does(&["organisation", "list"]);
}

#[tokio::test]
async fn a_second_node_on_one_sqlite_file_is_refused_and_commands_are_not() {
    let site = house();
    let mut node = site.serve().await;
    // The same file from another configuration, so that nothing but the file is shared.
    let second = Site::with(&format!("database_url = \"sqlite://{}\"", site.folder().join("postigo.db").display()));
    fs::copy(site.folder().join("master.key"), second.folder().join("master.key")).expect("copies");
    let said = refused(&second, &[]);
    assert!(said.contains("postigo.db") && said.contains("postgres://"), "{said}");
    second.operator().does(&["organisation", "create", "Tienda"]);
    assert!(site.operator().does(&["organisation", "list"]).contains("Tienda"));
    assert_eq!(get(site.url(3) + "/readyz").send().await.status, 200, "the first one goes on");
    node.terminate();
    assert!(node.end(PATIENCE).await.success());
    let mut successor = second.serve().await;
    successor.terminate();
    assert!(successor.end(PATIENCE).await.success(), "a node that ended holds nothing");
}

#[tokio::test]
async fn a_node_that_was_killed_leaves_no_lock_and_loses_nothing_it_acknowledged() {
    let site = house();
    let node = site.serve().await;
    let made = site.operator().reads(&["organisation", "create", "Tienda"]);
    drop(node);
    let _node = site.serve().await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", made["client_id"].as_str().expect("an id")),
        ("client_secret", made["client_secret"].as_str().expect("a secret")),
    ];
    let answer = postigo_e2e::call::post(site.url(1) + "/oauth2/token").form(&form).send().await;
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (400, &"invalid_scope".into()),
        "the client is known, and nothing is granted: {answer:?}"
    );
    site.operator().does(&["audit", "verify"]);
}

#[test]
fn a_database_that_cannot_be_had_is_one_line_in_time() {
    let site = Site::bare();
    let nobody = format!("127.0.0.1:{}", site.port_base);
    let folder = site.folder().join("folder");
    fs::create_dir(&folder).expect("makes");
    let started = tokio::time::Instant::now();
    for (url, told) in [
        (format!("postgres://postigo@{nobody}/postigo"), "database_url"),
        ("postgres://:::".to_owned(), "database_url"),
        ("sqlite:///proc/postigo/x.db".to_owned(), "/proc/postigo"),
        (format!("sqlite://{}", folder.display()), "database_url"),
    ] {
        site.configure(&format!("database_url = \"{url}\"\n"));
        let said = refused(&site, &[]);
        assert!(said.contains(told), "{url}: {said}");
    }
    assert!(started.elapsed() < Duration::from_secs(40), "nobody waits for ever: {:?}", started.elapsed());
}

#[test]
fn certificates_that_are_none_are_named() {
    let site = house();
    fs::write(site.folder().join("garbage.pem"), "garbage").expect("writes");
    for (certificate, key) in [("missing.pem", "missing.pem"), ("garbage.pem", "garbage.pem"), (".", ".")] {
        let (certificate_variable, key_variable) = ("POSTIGO__PORTAL__CERTIFICATE", "POSTIGO__PORTAL__PRIVATE_KEY");
        let said = refused(&site, &[(certificate_variable, certificate), (key_variable, key)]);
        assert!(said.contains("[portal]") && said.contains(certificate), "{said}");
    }
}

#[test]
fn the_doctor_says_what_is_good_and_what_is_not() {
    let site = house();
    let well = site.operator().does(&["doctor"]);
    for check in [
        "configuration",
        "database",
        "migrations",
        "master key",
        "signing keys, sandbox",
        "signing keys, production",
        "clock",
        "second factor of staff",
        "[portal]",
        "[telemetry]",
    ] {
        assert!(well.lines().any(|line| line.starts_with("good") && line.contains(check)), "{check}: {well}");
    }
    let findings = site.operator().reads(&["doctor"]);
    assert!(findings.as_array().expect("a list").iter().all(|finding| finding["verdict"] != "bad"), "{findings:#}");
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(site.folder().join("master.key"), fs::Permissions::from_mode(0o644)).expect("sets");
    let ill = site.operator().types(&["doctor"]);
    assert_eq!(ill.code, 1, "{ill:?}");
    assert!(ill.stdout.contains("chmod 600"), "it says how to mend: {ill:?}");
    let text = fs::read_to_string(site.config()).expect("reads");
    site.configure(&text.replacen("[portal]\n", "[portal]\nstaff_second_factor = false\n", 1));
    let open = site.operator().types(&["doctor"]);
    assert!(open.stdout.contains("a password alone opens the console"), "{open:?}");
}
