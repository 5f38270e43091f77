//! Which room may import which: the one table, compared with `cargo metadata`.

use serde_json::Value;

use super::{Finding, Result};

/// A room and the rooms it may import; dev-dependencies are free. ARCHITECTURE.md shows the same table.
pub(super) const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("store", &["domain"]),
    ("app", &["store", "domain"]),
    ("directory", &["store", "domain"]),
    ("web", &["domain"]),
    ("carrier", &["web", "store", "domain"]),
    ("gateway", &["web", "directory", "domain"]),
    ("authority", &["web", "directory", "app", "domain"]),
    ("portal", &["web", "directory", "app", "domain"]),
    (EVERYTHING, &[]),
];

/// The one room that sees all others.
pub(super) const EVERYTHING: &str = "postigo";

/// A member of the workspace.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Package {
    /// From the root, with `/`.
    pub(super) folder: String,
    /// Of its normal dependencies, those that are members too: the name in the manifest and the folder.
    imports: Vec<(String, String)>,
}

impl Package {
    /// Its name as a room: what comes after `crates/`.
    pub(super) fn room(&self) -> Option<&str> {
        room(&self.folder)
    }
}

fn room(folder: &str) -> Option<&str> {
    folder.strip_prefix("crates/")
}

/// The members of the workspace, from the answer of `cargo metadata --no-deps`.
pub(super) fn packages(metadata: &Value) -> Result<Vec<Package>> {
    let root = metadata["workspace_root"].as_str().ok_or("cargo metadata names no workspace_root")?;
    let relative = |path: &str| path.strip_prefix(root).unwrap_or(path).trim_start_matches('/').to_owned();
    let list = metadata["packages"].as_array().ok_or("cargo metadata lists no packages")?;
    let package = |package: &Value| {
        let manifest = package["manifest_path"].as_str().ok_or("a package without manifest_path")?;
        let folder = relative(manifest.trim_end_matches("/Cargo.toml"));
        // A normal dependency has no kind.
        let normal = package["dependencies"].as_array().into_iter().flatten().filter(|dependency| dependency["kind"].is_null());
        let imports = normal.filter_map(|dependency| {
            let name = dependency["rename"].as_str().or(dependency["name"].as_str())?;
            Some((name.to_owned(), relative(dependency["path"].as_str()?)))
        });
        let imports = imports.collect();
        Ok(Package { folder, imports })
    };
    list.iter().map(package).collect()
}

/// Compares one package with the table.
pub(super) fn check(package: &Package, path: &str, manifest: &str) -> Vec<Finding> {
    let Some(own) = package.room().filter(|own| *own != EVERYTHING) else { return Vec::new() };
    let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == own) else {
        return vec![Finding::new(path, 1, format!("{own} is not in the import table"), "add it to ROOMS in xtask/src/tidy/imports.rs")];
    };
    let foreign = package.imports.iter().filter(|(_, folder)| room(folder).is_none_or(|other| !allowed.contains(&other)));
    foreign
        .map(|(name, folder)| {
            let line = manifest.lines().position(|line| line.trim_start().starts_with(name.as_str())).map_or(1, |at| at + 1);
            let allowed = if allowed.is_empty() { "nothing of ours".to_owned() } else { allowed.join(", ") };
            Finding::new(
                path,
                line,
                format!("{own} imports {folder}"),
                format!("it may import {allowed}; move the code, or hand the value in"),
            )
        })
        .collect()
}

/// The table names rooms that are there, and no others.
pub(super) fn check_table(rooms: &[&str]) -> Vec<Finding> {
    let gone = ROOMS.iter().filter(|(name, _)| !rooms.contains(name));
    gone.map(|(name, _)| Finding::new("xtask/src/tidy/imports.rs", 1, format!("there is no crates/{name}"), "take it out of ROOMS"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(imports: &Value) -> Package {
        let metadata = serde_json::json!({"workspace_root": "/w", "packages": [
            {"manifest_path": "/w/crates/gateway/Cargo.toml", "dependencies": imports}]});
        packages(&metadata).unwrap().remove(0)
    }

    #[test]
    fn what_the_table_allows_passes() {
        let package = read(&serde_json::json!([
            {"name": "postigo-web", "rename": "web", "kind": null, "path": "/w/crates/web"},
            {"name": "bytes", "rename": null, "kind": null}]));
        assert_eq!(check(&package, "crates/gateway/Cargo.toml", ""), []);
    }

    #[test]
    fn a_sibling_is_refused_on_its_line() {
        let package =
            read(&serde_json::json!([{"name": "postigo-carrier", "rename": "carrier", "kind": null, "path": "/w/crates/carrier"}]));
        let findings = check(&package, "crates/gateway/Cargo.toml", "[dependencies]\nweb.workspace = true\ncarrier.workspace = true\n");
        assert_eq!(
            findings[0].to_string(),
            "crates/gateway/Cargo.toml:3: gateway imports crates/carrier - it may import web, directory, domain; move the code, or hand the value in"
        );
    }

    #[test]
    fn dev_dependencies_are_free() {
        let package = read(&serde_json::json!([{"name": "postigo-store", "rename": "store", "kind": "dev", "path": "/w/crates/store"}]));
        assert_eq!(check(&package, "crates/gateway/Cargo.toml", ""), []);
    }

    #[test]
    fn a_room_nobody_wrote_down_is_refused() {
        let package = Package { folder: "crates/cellar".into(), imports: Vec::new() };
        assert_eq!(check(&package, "crates/cellar/Cargo.toml", "").len(), 1);
    }

    #[test]
    fn the_binary_sees_everything_and_the_tools_are_no_rooms() {
        let imports = vec![("carrier".to_owned(), "crates/carrier".to_owned())];
        for folder in ["crates/postigo", "bench"] {
            assert_eq!(check(&Package { folder: folder.into(), imports: imports.clone() }, "", ""), []);
        }
    }

    #[test]
    fn a_row_without_a_room_is_refused() {
        let rooms: Vec<&str> = ROOMS.iter().map(|(name, _)| *name).collect();
        assert_eq!(check_table(&rooms), []);
        assert_eq!(check_table(&rooms[1..]).len(), 1);
    }

    #[test]
    fn the_table_has_one_direction() {
        let rank = |room: &str| ROOMS.iter().position(|(name, _)| *name == room);
        for (room, allowed) in ROOMS {
            assert!(allowed.iter().all(|other| rank(other) < rank(room)), "{room}");
        }
    }
}
