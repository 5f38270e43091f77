//! The command line itself: help, exit codes, one line on standard error.

use postigo_e2e::{
    program::{Outcome, postigo, run},
    site::Site,
};

/// Types a command that reads no configuration.
fn types(words: &[&str]) -> Outcome {
    let folder = tempfile::tempdir().expect("a temporary folder");
    run(postigo(folder.path()).args(words))
}

/// The subcommands that a help text lists.
fn listed(help: &str) -> Vec<String> {
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names =
        commands.filter(|line| line.starts_with("  ") && !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(ToOwned::to_owned).collect()
}

/// Every command, with its help.
fn leaves(above: &[String], found: &mut Vec<(Vec<String>, String)>) {
    let words: Vec<_> = above.iter().map(String::as_str).chain(["--help"]).collect();
    let outcome = types(&words);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{words:?}: {outcome:?}");
    let below = listed(&outcome.stdout);
    if below.is_empty() {
        found.push((above.to_vec(), outcome.stdout));
        return;
    }
    for name in below {
        leaves(&[above, &[name]].concat(), found);
    }
}

#[test]
fn every_command_explains_itself_with_an_example() {
    let mut found = Vec::new();
    leaves(&[], &mut found);
    let names: Vec<_> = found.iter().map(|(words, _)| words.join(" ")).collect();
    for name in [
        "demo",
        "serve",
        "carrier",
        "apply",
        "export",
        "doctor",
        "migrate",
        "revoke",
        "decision",
        "organisation create",
        "contract activate",
        "project create",
        "client create",
        "secret create",
        "access approve",
        "customer-key create",
        "keys rotate",
        "audit verify",
    ] {
        assert!(names.iter().any(|known| known == name), "{name} is in {names:?}");
    }
    for (words, help) in &found {
        let name = words.join(" ");
        let example =
            help.lines().skip_while(|line| !line.starts_with("Example")).nth(1).unwrap_or_else(|| panic!("{name} has an example:\n{help}"));
        assert!(example.trim().starts_with(&format!("postigo {name}")), "the example is of {name}: {example}");
        assert!(help.contains("--config"), "{name}:\n{help}");
        // What prints nothing but what it does as it goes, or a file in the format one asks for.
        if !["demo", "serve", "carrier", "migrate", "audit export", "customer-key export"].contains(&name.as_str()) {
            assert!(help.contains("--json"), "{name} prints data:\n{help}");
        }
    }
}

#[test]
fn wrong_usage_is_two_a_refusal_is_one_and_done_is_zero() {
    for words in [
        &["frobnicate"][..],
        &["secret"],
        &["demo", "--port-base", "many"],
        &["demo", "--port-base", "65534"],
        &["keys", "list"],
        &["revoke", "everything", "x"],
        &["decision", "7"],
        &["project", "show", "x"],
    ] {
        let outcome = types(words);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{words:?}: {outcome:?}");
        assert!(!outcome.stderr.is_empty(), "{words:?}");
    }
    let site = Site::on_sqlite();
    let operator = site.operator();
    operator.does(&["organisation", "list"]);
    let nobody = "01234567-89ab-7def-8123-456789abcdef";
    for words in [
        &["organisation", "show", "Nadie"][..],
        &["organisation", "suspend", "Nadie"],
        &["project", "create", "Tienda", "--organisation", "Nadie"],
        &["project", "show", nobody],
        &["client", "show", "sbx_ci_nobody"],
        &["client", "create", "--project", nobody, "--environment", "sandbox"],
        &["secret", "create", "--client", "sbx_ci_nobody"],
        &["secret", "retire", nobody],
        &["access", "show", nobody],
        &["access", "approve", nobody],
        &["access", "create", "--project", nobody, "--environment", "sandbox", "--api", "labels"],
        &["customer-key", "show", "sbx_ck_nobody"],
        &["customer-key", "suspend", "sbx_ck_nobody"],
        &["customer-key", "export", "--project", nobody],
        &["customer-key", "rotate", "sbx_ck_nobody", "--overlap", "now"],
        &["contract", "show", nobody],
        &["contract", "activate", nobody],
        &["contract", "create", "--organisation", "Nadie", "--number", "54000001", "--client-number", "80000001", "--labeller", "LCE1"],
        &["revoke", "secret", nobody],
        &["revoke", "secret", "x"],
        &["revoke", "client", "sbx_ci_nobody"],
        &["revoke", "customer-key", "sbx_ck_nobody"],
        &["revoke", "api-credential", "sbx_ac_nobody"],
        &["revoke", "grant", nobody],
        &["revoke", "organisation", "Nadie"],
        &["revoke", "token", "garbage"],
        &["decision", nobody],
    ] {
        let outcome = operator.types(words);
        let line = outcome.refusal();
        assert!(line.chars().count() > 15, "{words:?} says what is wrong: {line}");
    }
    // An alias of the same command.
    operator.does(&["organization", "list"]);
}

#[test]
fn what_is_printed_for_programs_is_json_and_nothing_else() {
    let site = Site::on_sqlite();
    let operator = site.operator();
    let made = operator.reads(&["organisation", "create", "Tienda", "--type", "integrator"]);
    let project = made["project_id"].as_str().expect("an id");
    for words in [
        &["organisation", "list"][..],
        &["organisation", "show", "Tienda"],
        &["project", "list"],
        &["project", "list", "--organisation", "Tienda"],
        &["project", "show", project],
        &["client", "list", "--project", project],
        &["client", "show", made["client_id"].as_str().expect("an id")],
        &["secret", "list", "--client", made["client_id"].as_str().expect("an id")],
        &["customer-key", "create", "--project", project, "--environment", "sandbox", "--account-number", "740561073"],
        &["customer-key", "list", "--project", project],
        &["access", "list"],
        &["access", "grants", "--project", project],
        &["api-credential", "list", "--project", project],
        &["contract", "list"],
        &["keys", "list", "--environment", "production"],
        &["audit", "list"],
        &["audit", "verify"],
        &["doctor"],
        &["organisation", "suspend", "Tienda", "--reason", "unpaid"],
    ] {
        let value = operator.reads(words);
        assert!(value.is_object() || value.is_array(), "{words:?}: {value}");
    }
    assert_eq!(operator.reads(&["organisation", "show", "Tienda"])["status"], "suspended");
}

#[test]
fn a_name_is_text_whatever_is_in_it() {
    let site = Site::on_sqlite();
    let operator = site.operator();
    for name in ["'; DROP TABLE organisations; --", "\"><img src=x onerror=alert(1)>", "{{7*7}}", "Ñandú & Söhne", "--"] {
        let words = ["organisation", "create", "--", name];
        let outcome = run(postigo(site.folder()).arg("--config").arg(site.config()).args(words));
        assert_eq!(outcome.code, 0, "{name}: {outcome:?}");
        let listed = operator.reads(&["organisation", "list"]);
        assert!(listed.as_array().expect("a list").iter().any(|one| one["name"] == name), "{name}: {listed:#}");
    }
    for name in ["", "  ", "a\nb", &"x".repeat(121)] {
        let outcome = operator.types(&["organisation", "create", name]);
        assert_eq!(outcome.code, 1, "{name:?}: {outcome:?}");
    }
}
