//! Names and texts of source files.

use super::{
    Finding,
    lexer::{Kind, Piece},
};

/// Beyond this a file is noted.
const LONG: usize = 250;
/// Beyond this it is refused.
const TOO_LONG: usize = 400;

/// Files that may be longer, each with the reason.
const MAY_BE_LONGER: &[(&str, &str)] = &[];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["utils", "helpers", "common", "types", "manager"];

/// What must not be left in code. `concat!` keeps this file itself clean.
const UNFINISHED: &[(&str, &str)] = &[
    (concat!("#[", "ignore"), "make the test pass, or remove it"),
    (concat!("todo", "!"), "write it, or return an error that says what is not there yet"),
    (concat!("dbg", "!"), "remove it, or log with tracing"),
];

/// What must not be left in comments.
const PROMISE: &str = concat!("FIX", "ME");

/// Checks a path from the root.
pub(super) fn check_name(path: &str) -> Option<Finding> {
    let name = path.rsplit('/').next().unwrap_or(path);
    if name == "mod.rs" {
        let module = path.strip_suffix("/mod.rs").unwrap_or(path);
        return Some(Finding::new(path, 1, "a mod.rs", format!("name it {module}.rs")));
    }
    let empty = path.split('/').find(|part| EMPTY_NAMES.contains(&part.split('.').next().unwrap_or(part)))?;
    Some(Finding::new(path, 1, format!("the name {empty} says nothing"), "name the noun or the verb that is inside"))
}

/// What is wrong with a file's length.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Length {
    Long(Finding),
    TooLong(Finding),
}

/// Counts the lines of a Rust file that is not a file of tests.
pub(super) fn check_length(path: &str, text: &str) -> Option<Length> {
    let lines = text.lines().count();
    let tests = path.contains("/tests/") || path.ends_with("/tests.rs");
    if lines <= LONG || tests || MAY_BE_LONGER.iter().any(|(longer, _)| *longer == path) {
        return None;
    }
    let finding = |limit| Finding::new(path, lines, format!("{lines} lines, over {limit}"), "one thing, or two? split it by noun or verb");
    Some(if lines > TOO_LONG { Length::TooLong(finding(TOO_LONG)) } else { Length::Long(finding(LONG)) })
}

/// Looks for what is unfinished.
pub(super) fn check_text(path: &str, pieces: &[Piece<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for piece in pieces {
        for (at, text) in piece.text.lines().enumerate() {
            let line = piece.line + at;
            match piece.kind {
                Kind::Code => {
                    let left = UNFINISHED.iter().filter(|(word, _)| contains_word(text, word));
                    findings.extend(left.map(|(word, mend)| Finding::new(path, line, format!("{word} left in"), *mend)));
                }
                Kind::Comment if text.contains(PROMISE) => {
                    findings.push(Finding::new(path, line, format!("a {PROMISE}"), "mend it, or file an issue and say what holds today"));
                }
                _ => {}
            }
        }
    }
    findings
}

/// Whether `word` stands in `text` and is not the end of a longer one.
fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| !text[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_'))
}

#[cfg(test)]
mod tests {
    use super::{super::lexer::pieces, *};

    #[test]
    fn names_that_say_something_pass() {
        for path in ["crates/web/src/address.rs", "crates/authority/src/token_types_supported.rs", "e2e/tests/it/main.rs"] {
            assert_eq!(check_name(path), None, "{path}");
        }
    }

    #[test]
    fn names_that_say_nothing_are_refused() {
        for path in ["crates/web/src/utils.rs", "crates/web/tests/common/client.rs", "e2e/clients/helpers.py", "crates/web/src/body/mod.rs"]
        {
            assert!(check_name(path).is_some(), "{path}");
        }
    }

    #[test]
    fn length_is_noted_and_then_refused() {
        let text = |lines| "x\n".repeat(lines);
        assert_eq!(check_length("crates/a/src/b.rs", &text(250)), None);
        assert!(matches!(check_length("crates/a/src/b.rs", &text(251)), Some(Length::Long(_))));
        assert!(matches!(check_length("crates/a/src/b.rs", &text(401)), Some(Length::TooLong(_))));
        assert_eq!(check_length("crates/a/src/b/tests.rs", &text(401)), None);
        assert_eq!(check_length("crates/a/tests/it/b.rs", &text(401)), None);
    }

    #[test]
    fn what_is_unfinished_is_refused_where_it_stands() {
        let source =
            ["fn a() {", concat!("    todo", "!()"), "}", concat!("#[", "ignore]"), concat!("// FIX", "ME: x"), concat!("dbg", "!(1);")];
        let lines: Vec<usize> = check_text("a.rs", &pieces(&source.join("\n"))).into_iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [2, 4, 5, 6]);
    }

    #[test]
    fn what_is_only_spoken_of_passes() {
        let source = [concat!("// no todo", "!() here"), concat!("let a = \"dbg", "!\";"), "/// ```ignore", concat!("my_todo", "!();")];
        assert_eq!(check_text("a.rs", &pieces(&source.join("\n"))), []);
    }
}
