//! Who may do what, in one table: every use case by everybody.

mod stage;
mod table;

use app::Error;

use self::{
    stage::{PEOPLE, Stage},
    table::TABLE,
};

/// Use cases that nobody else's permission is asked for, with the reason.
const OWN: &[(&str, &str)] = &[
    ("organisations::create_by", "by an account for itself"),
    ("organisations::of_account", "by an account for itself"),
    ("members::leave", "by an account for itself"),
    ("members::owned_alone", "by an account for itself"),
    ("invitations::open", "whoever holds the link may read what it is for"),
    ("invitations::of_account", "by an account for itself"),
    ("invitations::accept", "by an account for itself, with the link"),
    ("try_it::projects_for", "by an account for itself"),
    ("try_it::ticket", "with the whole session, tried in try_it.rs"),
    ("try_it::redeem", "whoever holds the ticket, tried in try_it.rs"),
    ("policies::show", "everybody may read what is published"),
    ("catalogue::changes", "for everybody"),
    ("queues::weekly_letter", "by the program itself"),
    ("catalogue::keep_management", "by the program for its own entry, tried in management.rs"),
    ("management::claim", "of the client whose token was judged, tried in management.rs"),
    ("management::settle", "of the client whose token was judged, tried in management.rs"),
    ("management::release", "of the client whose token was judged, tried in management.rs"),
    ("staff::open", "whoever holds the link may read what it is for"),
    ("staff::accept", "by an account for itself, with the link"),
    ("permission::member", "it is the question"),
    ("permission::staff", "it is the question"),
];

/// Modules about the account itself and about nobody's in particular, which have tests of their own.
const ACCOUNT: &[&str] = &["accounts", "mail", "messages", "upkeep"];

store::on_both_engines! {
    async fn everybody_may_exactly_what_the_table_says(test: TestDb) {
        let stage = Stage::new(&test).await;
        let mut wrong = Vec::new();
        for case in TABLE {
            let expected: Vec<char> = case.expected.chars().filter(|c| *c != ' ').collect();
            assert_eq!(expected.len(), PEOPLE.len(), "{}: one column for each of {PEOPLE:?}", case.name);
            for (who, expected) in PEOPLE.iter().zip(expected) {
                let fresh = stage.fresh().await;
                let answer = (case.run)(&stage, &fresh, stage.actor(who)).await;
                let found = match &answer {
                    Ok(()) => 'y',
                    Err(Error::NotFound { .. }) => '-',
                    Err(Error::Forbidden { .. }) => 'f',
                    Err(Error::StaffOnly { .. }) => 's',
                    Err(Error::Rule(_)) => 'r',
                    Err(_) => '?',
                };
                if found != expected {
                    wrong.push(format!("{} by {who}: expected {expected}, found {found}: {:?}", case.name, answer.err().map(|error| error.to_string())));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

/// What the code has, the table must have: a new use case without a row fails here.
#[test]
fn no_use_case_is_missing_from_the_table() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for path in entries(&folder) {
        let module = path.file_stem().expect("a name").to_string_lossy().into_owned();
        if ACCOUNT.contains(&module.as_str()) {
            continue;
        }
        // What stands in the files of a module's folder is said to be the module's.
        let inside = if path.is_dir() { entries(&path) } else { vec![path] };
        for file in inside.iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs")) {
            let source = std::fs::read_to_string(file).expect("reads");
            let names =
                source.lines().filter_map(|line| line.strip_prefix("pub async fn ")).filter_map(|rest| rest.split(['(', '<']).next());
            found.extend(names.map(|name| format!("{module}::{name}")));
        }
    }
    assert!(found.len() > 50, "the sources are not read as they are written: {found:?}");
    // A row may say more after the name.
    let rows: Vec<&str> = TABLE.iter().map(|case| case.name.split(' ').next().unwrap_or_default()).collect();
    let own = |name: &str| OWN.iter().any(|(known, _)| *known == name);
    let missing: Vec<_> = found.iter().filter(|name| !rows.contains(&name.as_str()) && !own(name)).collect();
    assert!(missing.is_empty(), "without a row in crates/app/tests/it/permissions/table.rs: {missing:?}");
    let gone: Vec<_> = rows.iter().filter(|row| !found.iter().any(|name| name == *row)).collect();
    assert!(gone.is_empty(), "rows without a use case: {gone:?}");
}

fn entries(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    std::fs::read_dir(folder).expect("the sources").map(|entry| entry.expect("an entry").path()).collect()
}
