//! ARCHITECTURE.md: the map and the import table name what is there.

use super::{
    Finding,
    imports::{EVERYTHING, ROOMS},
};

/// Checks the map and the table against the crates in the tree.
pub(super) fn check(path: &str, architecture: &str, rooms: &[&str]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for room in rooms {
        let entry = format!("{room}/ ");
        if !architecture.lines().any(|line| line.starts_with("  ") && line.trim_start().starts_with(&entry)) {
            findings.push(Finding::new(path, 1, format!("the map does not name crates/{room}"), "say there in a line what it holds"));
        }
    }
    for (room, allowed) in ROOMS {
        let row = row(room, allowed);
        if !architecture.lines().any(|line| line == row) {
            findings.push(Finding::new(path, 1, format!("the import table differs for {room}"), format!("it should have the row {row}")));
        }
    }
    findings
}

/// A room as the table in ARCHITECTURE.md shows it.
fn row(room: &str, allowed: &[&str]) -> String {
    let allowed = match allowed {
        _ if room == EVERYTHING => "everything".to_owned(),
        [] => "nothing of ours".to_owned(),
        rooms => rooms.iter().map(|room| format!("`{room}`")).collect::<Vec<_>>().join(", "),
    };
    format!("| `{room}` | {allowed} |")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> String {
        let map = ROOMS.iter().map(|(room, _)| format!("  {room}/   what it holds\n"));
        let table = ROOMS.iter().map(|(room, allowed)| row(room, allowed) + "\n");
        map.chain(table).collect()
    }

    #[test]
    fn a_true_map_passes() {
        assert_eq!(check("ARCHITECTURE.md", &whole(), &["domain", "store"]), []);
    }

    #[test]
    fn a_crate_that_the_map_does_not_name_is_refused() {
        let findings = check("ARCHITECTURE.md", &whole(), &["domain", "cellar"]);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].what.contains("crates/cellar"));
    }

    #[test]
    fn a_table_that_says_otherwise_is_refused() {
        let findings = check("ARCHITECTURE.md", &whole().replace("| `web` | `domain` |", "| `web` | everything |"), &["web"]);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].mend.contains("| `web` | `domain` |"));
    }
}
