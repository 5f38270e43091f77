//! The operator's door: every command is held against the one table of roles (`crates/app/tests/it/permissions/table.rs`), which is tried there
//! on the use cases. `crates/portal/tests/it/roles.rs` does so for the console and the management API.

use std::{collections::HashMap, fs, path::Path};

use clap::CommandFactory as _;

use crate::cli::Cli;

/// The table, as it is written.
const TABLE: &str = include_str!("../../../app/tests/it/permissions/table.rs");

/// The columns of the operator, and of a program that only sees: what it may is looking.
const OPERATOR: usize = 9;
const SEES: usize = 11;

/// Each command with the rows of the use cases it asks. What it reads without them, as whoever has the database can, stands under the row
/// of the use case that tells others the same.
const COMMANDS: &[(&str, &[&str])] = &[
    ("apply", &["catalogue::apply", "catalogue::apply of targets and rules", "catalogue::apply of words to reject"]),
    ("export", &["catalogue::export"]),
    ("organisation create", &["organisations::create"]),
    ("organisation list", &["organisations::list"]),
    ("organisation show", &["organisations::find", "view::organisation"]),
    ("organisation suspend", &["organisations::find", "organisations::set_status"]),
    ("organisation resume", &["organisations::find", "organisations::set_status"]),
    (
        "organisation note",
        &["organisations::find", "organisations::dossier", "organisations::add_note", "organisations::remove_note of another"],
    ),
    ("organisation set-type", &["organisations::find", "organisations::set_customer_type"]),
    ("plan list", &["plans::list"]),
    ("plan show", &["plans::find"]),
    ("plan put", &["plans::find", "plans::put"]),
    ("plan remove", &["plans::remove"]),
    ("contract create", &["organisations::find", "contracts::link"]),
    ("contract list", &["organisations::find", "view::organisation", "queues::contracts"]),
    ("contract show", &["contracts::find"]),
    ("contract activate", &["contracts::set_status"]),
    ("contract suspend", &["contracts::set_status"]),
    ("contract end", &["contracts::set_status"]),
    ("project create", &["organisations::find", "projects::create"]),
    ("project list", &["organisations::find", "view::organisation"]),
    ("project show", &["projects::find", "view::project"]),
    ("client create", &["clients::create in the sandbox", "clients::create in production"]),
    ("client list", &["view::project"]),
    ("client show", &["clients::find", "secrets::list", "public_keys::list", "view::project"]),
    ("client methods", &["client_methods::users"]),
    ("client suspend", &["clients::set_status"]),
    ("client resume", &["clients::set_status"]),
    ("client set", &["clients::set_rules"]),
    ("client add-public-key", &["public_keys::add"]),
    ("client remove-public-key", &["public_keys::remove"]),
    ("secret create", &["secrets::create"]),
    ("secret list", &["secrets::list"]),
    ("secret retire", &["secrets::retire"]),
    ("api-credential create", &["api_credentials::create"]),
    ("api-credential list", &["api_credentials::list"]),
    ("access create", &["access::request"]),
    ("access list", &["view::project", "queues::access"]),
    ("access show", &["access::find"]),
    ("access grants", &["view::project"]),
    ("access approve", &["access::approve"]),
    ("access reject", &["access::reject"]),
    ("account set-staff", &["staff::set_role", "staff::set_role back", "staff::is_linked"]),
    ("announcement list", &["announcements::list"]),
    ("announcement create", &["announcements::create", "announcements::publish", "announcements::find"]),
    ("announcement end", &["announcements::end"]),
    ("policies list", &["policies::list"]),
    ("policies publish", &["policies::put_draft", "policies::find", "policies::publish"]),
    ("customer-key create", &["customer_keys::create in the sandbox", "customer_keys::create in production"]),
    ("customer-key list", &["customer_keys::list", "acting::of_account"]),
    ("customer-key export", &["customer_keys::export"]),
    ("customer-key show", &["customer_keys::find", "consents::of_key", "acting::stopped", "customer_keys::limits", "customer_keys::usage"]),
    ("customer-key rotate", &["customer_keys::rotate"]),
    ("customer-key suspend", &["customer_keys::set_status"]),
    ("customer-key resume", &["customer_keys::set_status"]),
    ("customer-key revoke", &["customer_keys::set_status"]),
    ("customer-key stop", &["acting::stop", "acting::stop_all"]),
    ("customer-key limit", &["customer_keys::set_limits"]),
    ("customer-key limit-all", &["customer_keys::set_project_limits"]),
    ("customer-key bind", &["customer_keys::bind"]),
    ("customer-key unbind", &["customer_keys::unbind"]),
    ("holders import", &["holders::put"]),
    ("holders list", &["holders::list"]),
    ("holders show", &["holders::find"]),
    ("holders remove", &["holders::remove"]),
    ("revoke token", &["tokens::revoke"]),
    ("revoke secret", &["secrets::revoke"]),
    ("revoke client", &["clients::set_status"]),
    ("revoke customer-key", &["customer_keys::set_status"]),
    ("revoke api-credential", &["api_credentials::revoke"]),
    ("revoke grant", &["access::revoke_grant"]),
    ("revoke organisation", &["organisations::find", "organisations::set_status"]),
    ("keys list", &["signing_keys::list"]),
    ("keys rotate", &["signing_keys::rotate"]),
    ("keys retire", &["signing_keys::retire"]),
    ("decision", &["view::decision", "view::decision of nobody's request"]),
    ("audit list", &["audit::list"]),
    ("audit export", &["audit::export"]),
    ("audit verify", &["audit::verify"]),
];

const ACCOUNTS: &str = "the table leaves this module to tests of its own, crates/app/tests/it/accounts";

/// Commands without a row, with the reason.
const OWN: &[(&str, &str)] = &[
    ("demo", "it makes a house of its own"),
    ("serve", "it opens the doors, and each of them asks"),
    ("carrier", "it serves parcels without a house"),
    ("doctor", "it looks at what a node needs, which may not be there yet"),
    ("migrate", "it makes the tables that roles stand in"),
    ("account create", ACCOUNTS),
    ("account list", "no use case lists accounts, for anybody"),
    ("account show", ACCOUNTS),
    ("account verify", ACCOUNTS),
    ("account set-password", ACCOUNTS),
    ("account remove-second-factor", ACCOUNTS),
    ("account unlink-sign-on", ACCOUNTS),
    ("account delete", ACCOUNTS),
];

/// The rows of the table, by their names.
fn rows() -> HashMap<&'static str, Vec<char>> {
    let row = |line: &'static str| {
        let mut parts = line.trim().strip_prefix('"')?.split('"');
        let (name, _, expected) = (parts.next()?, parts.next()?, parts.next()?);
        let columns: Vec<char> = expected.chars().filter(|column| *column != ' ').collect();
        (columns.len() == 12).then_some((name, columns))
    };
    TABLE.lines().filter_map(row).collect()
}

/// Every command that does something, by its words. One that takes from a list what it is about (`revoke`) is one for each of the list.
fn leaves(above: &clap::Command, words: &str, found: &mut Vec<String>) {
    for command in above.get_subcommands() {
        let name = format!("{words} {}", command.get_name()).trim_start().to_owned();
        let kinds: Vec<_> = command.get_positionals().flat_map(clap::Arg::get_possible_values).collect();
        if command.has_subcommands() {
            leaves(command, &name, found);
        } else if kinds.is_empty() {
            found.push(name);
        } else {
            found.extend(kinds.iter().map(|kind| format!("{name} {}", kind.get_name())));
        }
    }
}

/// The use case that a row tries; what stands after its name tells rows apart.
fn use_case(row: &str) -> &str {
    row.split(' ').next().unwrap_or_default()
}

/// The file that a command is written in.
fn file(command: &str) -> String {
    match command.split(' ').next().unwrap_or_default() {
        "apply" | "export" => "catalogue".to_owned(),
        noun => noun.replace('-', "_"),
    }
}

/// The use cases that a file asks in the operator's name, those of accounts left out.
fn asked(source: &str) -> Vec<&str> {
    let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':');
    let calls = source.match_indices("(app, actor").map(|(at, _)| source[..at].rsplit(|c: char| !is_path(c)).next().unwrap_or_default());
    calls.filter(|path| path.contains("::") && !path.starts_with("accounts::")).collect()
}

#[test]
fn every_command_stands_for_what_the_table_lets_the_operator_do() {
    let mut found = Vec::new();
    leaves(&Cli::command(), "", &mut found);
    let known: Vec<&str> = COMMANDS.iter().map(|(command, _)| *command).chain(OWN.iter().map(|(command, _)| *command)).collect();
    let missing: Vec<_> = found.iter().filter(|command| !known.contains(&command.as_str())).collect();
    assert!(missing.is_empty(), "without a row in crates/app/tests/it/permissions/table.rs: {missing:?}");
    let gone: Vec<_> = known.iter().filter(|command| !found.iter().any(|found| found == *command)).collect();
    assert!(gone.is_empty(), "there is no such command: {gone:?}");
    assert_eq!(known.len(), found.len(), "a command is listed twice");
    let rows = rows();
    for (command, cases) in COMMANDS {
        assert!(!cases.is_empty(), "{command} stands for nothing");
        for case in *cases {
            let columns = rows.get(*case).unwrap_or_else(|| panic!("{command}: no row of the table is called {case}"));
            assert_eq!(columns[OPERATOR], 'y', "{command}: the operator may not {case}");
        }
    }
}

#[test]
fn the_commands_of_a_file_ask_for_what_they_stand_for_and_for_nothing_else() {
    let rows = rows();
    let mut wrong = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/commands")).expect("the sources") {
        let path = entry.expect("an entry").path();
        let noun = path.file_stem().expect("a name").to_string_lossy().into_owned();
        if noun == "tests" {
            continue;
        }
        let source = fs::read_to_string(&path).expect("reads");
        let asked = asked(&source);
        let of_file = COMMANDS.iter().filter(|(command, _)| file(command) == noun);
        let stands_for: Vec<&str> = of_file.flat_map(|(_, cases)| cases.iter().copied()).collect();
        let without = asked.iter().filter(|case| !stands_for.iter().any(|row| use_case(row) == **case));
        wrong.extend(without.map(|case| format!("{noun}.rs asks {case}, which none of its commands stands for")));
        let idle = stands_for.iter().filter(|row| rows[**row][SEES] != 'y' && !asked.contains(&use_case(row)));
        wrong.extend(idle.map(|row| format!("a command stands for {row}, which {noun}.rs never asks")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
