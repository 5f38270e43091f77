//! Manifests: versions stand at the root, and only `store` knows the database driver.

use super::Finding;

/// Checks the dependencies of one member's manifest.
pub(super) fn check(path: &str, manifest: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for Dependency { name, line, value } in dependencies(manifest) {
        // A crate that switches on features of its own for its tests names itself by path.
        if !value.contains("workspace = true") && !value.contains("path = \".\"") {
            let mend = format!("write `{name}.workspace = true` and the version in the root Cargo.toml");
            findings.push(Finding::new(path, line, format!("{name} has a version or path of its own"), mend));
        }
        if (name == "sqlx" || name.starts_with("sqlx-") || value.contains("package = \"sqlx")) && path != "crates/store/Cargo.toml" {
            findings.push(Finding::new(path, line, "sqlx outside crates/store", "SQL lives in store: add a function there"));
        }
    }
    findings
}

struct Dependency<'a> {
    name: &'a str,
    line: usize,
    value: String,
}

/// The entries of every table of dependencies, as far as manifests are written here: an entry a line, lists over several, or a table
/// of its own.
fn dependencies(manifest: &str) -> Vec<Dependency<'_>> {
    let mut found: Vec<Dependency<'_>> = Vec::new();
    let mut inside = false;
    let mut single = false;
    let mut open = 0;
    for (at, text) in manifest.lines().enumerate() {
        let text = text.split(" #").next().unwrap_or_default().trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if let Some(header) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).filter(|_| open == 0) {
            let mut parts = header.rsplit('.');
            let last = parts.next().unwrap_or_default();
            single = parts.next().is_some_and(|part| part.ends_with("dependencies"));
            inside = single || last.ends_with("dependencies");
            if single {
                found.push(Dependency { name: last, line: at + 1, value: String::new() });
            }
            continue;
        }
        if !inside {
            continue;
        }
        if open > 0 || single {
            if let Some(last) = found.last_mut() {
                last.value.push_str(text);
            }
        } else if let Some((name, value)) = text.split_once('=') {
            let (name, member) = name.trim().split_once('.').unwrap_or((name.trim(), ""));
            found.push(Dependency { name: name.trim_matches('"'), line: at + 1, value: format!("{} ={value}", member.trim()) });
        }
        open += text.matches(['[', '{']).count();
        open -= text.matches([']', '}']).count().min(open);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, manifest: &str) -> Vec<usize> {
        check(path, manifest).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn versions_from_the_root_pass() {
        let manifest = "[package]\nversion.workspace = true\n[dependencies]\nbytes.workspace = true\n\
            store = { workspace = true, features = [\n  \"testkit\",\n] } # for tests\n[dev-dependencies.tokio]\nworkspace = true\n\
            [features]\ntestkit = [\"dep:tempfile\"]\n";
        assert!(lines("crates/app/Cargo.toml", manifest).is_empty());
    }

    #[test]
    fn versions_and_paths_of_ones_own_are_refused() {
        let manifest = "[dependencies]\nbytes = \"1\"\n[target.'cfg(unix)'.dependencies]\nlibc = { version = \"0.2\", features = [\n\"std\"] }\n\
            [build-dependencies.cc]\nversion = \"1\"\n[dev-dependencies]\nstore = { path = \"../store\" }\n";
        assert_eq!(lines("crates/app/Cargo.toml", manifest), [2, 4, 6, 9]);
    }

    #[test]
    fn a_crate_may_name_itself() {
        assert!(
            lines("crates/store/Cargo.toml", "[dev-dependencies]\npostigo-store = { path = \".\", features = [\"testkit\"] }\n").is_empty()
        );
    }

    #[test]
    fn sqlx_belongs_to_store() {
        let manifest = "[dependencies]\nsqlx.workspace = true\n";
        assert!(lines("crates/store/Cargo.toml", manifest).is_empty());
        assert_eq!(lines("crates/gateway/Cargo.toml", manifest), [2]);
    }
}
