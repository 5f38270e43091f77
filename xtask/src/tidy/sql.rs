//! SQL lives in `store`, in its `sql!` blocks, where a test finds every statement and prepares it on both engines.

use std::ops::Range;

use super::{
    Finding,
    lexer::{Kind, Piece},
};

/// How a statement begins.
const VERBS: &[&str] = &["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];

/// The one file of `store` that makes statements up: databases for tests.
const TESTKIT: &str = "crates/store/src/testkit.rs";

/// Checks one Rust file.
pub(super) fn check(path: &str, pieces: &[Piece<'_>]) -> Vec<Finding> {
    if !path.starts_with("crates/store/") {
        return outside(path, pieces);
    }
    if !path.starts_with("crates/store/src/") || path == TESTKIT || path.ends_with("/tests.rs") {
        return Vec::new();
    }
    inside(path, pieces)
}

fn outside(path: &str, pieces: &[Piece<'_>]) -> Vec<Finding> {
    let code = pieces.iter().filter(|piece| piece.kind == Kind::Code);
    let lines = code.flat_map(|piece| piece.text.lines().enumerate().map(|(at, text)| (piece.line + at, text)));
    lines
        .filter(|(_, text)| text.contains("sqlx::"))
        .map(|(line, _)| Finding::new(path, line, "sqlx outside crates/store", "SQL lives in store: add a function there"))
        .collect()
}

fn inside(path: &str, pieces: &[Piece<'_>]) -> Vec<Finding> {
    let blocks = blocks(pieces);
    let mut findings = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let statement = piece.kind == Kind::Text && VERBS.iter().any(|verb| piece.text.trim_start().starts_with(verb));
        if statement && !blocks.iter().any(|block| block.contains(&at)) {
            let mend = "name it in the module's sql! block, so that the test prepares it on both engines";
            findings.push(Finding::new(path, piece.line, "a statement outside sql!", mend));
        } else if piece.kind == Kind::Text && at > 0 && is_query(pieces[at - 1].text) {
            findings.push(Finding::new(
                path,
                piece.line,
                "a literal handed to sqlx",
                "name it in the module's sql! block and pass the constant",
            ));
        }
        if piece.kind == Kind::Code && piece.text.contains("AssertSqlSafe") {
            let line = piece.line + piece.text[..piece.text.find("AssertSqlSafe").unwrap_or(0)].matches('\n').count();
            findings.push(Finding::new(path, line, "SQL made up at run time", "write the statements out in sql! and choose between them"));
        }
    }
    findings
}

/// Whether `code` ends where the first argument of a `sqlx::query*` begins.
fn is_query(code: &str) -> bool {
    let Some((_, call)) = code.rsplit_once("sqlx::query") else { return false };
    // The name may go on (`_as`, `_scalar`) and have types between `::<` and `>`; a string literal may be raw.
    let call = call.trim_end_matches(['r', '#']).trim_end();
    call.strip_suffix('(').is_some_and(|name| name.chars().all(|c| c.is_alphanumeric() || "_:<>,() ".contains(c)))
}

/// The pieces between the braces of each `sql!`.
fn blocks(pieces: &[Piece<'_>]) -> Vec<Range<usize>> {
    let mut blocks = Vec::new();
    // The piece where the open block begins and how deep its braces are.
    let mut open: Option<(usize, usize)> = None;
    for (at, piece) in pieces.iter().enumerate().filter(|(_, piece)| piece.kind == Kind::Code) {
        let mut rest = piece.text;
        while !rest.is_empty() {
            let Some((begin, depth)) = &mut open else {
                let Some((_, after)) = rest.split_once("sql!") else { break };
                rest = after;
                if after.trim_start().starts_with(['{', '(']) {
                    open = Some((at, 0));
                }
                continue;
            };
            let Some(brace) = rest.find(['{', '}', '(', ')']) else { break };
            match rest.as_bytes()[brace] {
                b'{' | b'(' => *depth += 1,
                _ => *depth = depth.saturating_sub(1),
            }
            rest = &rest[brace + 1..];
            if *depth == 0 {
                blocks.push(*begin..at);
                open = None;
            }
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::{super::lexer::pieces, *};

    fn lines(path: &str, source: &str) -> Vec<usize> {
        check(path, &pieces(source)).into_iter().map(|finding| finding.line).collect()
    }

    const NOUN: &str = "crates/store/src/clients.rs";

    #[test]
    fn statements_in_the_block_pass() {
        let source = "sql! {\n    /// One (1) {\n    A = \"SELECT 1\";\n    B = \"INSERT INTO x (y)\n VALUES ($1)\";\n}\n\
            fn f() { sqlx::query_as(A).bind(\"text\") }\nconst WHAT: &str = \"Updated\";\n";
        assert!(lines(NOUN, source).is_empty());
    }

    #[test]
    fn statements_before_and_after_the_block_are_refused() {
        let source = "const A: &str = \"SELECT 1\";\nsql! { B = \"SELECT 2\"; }\nconst C: &str = r#\"\n  DELETE FROM x\"#;\n";
        assert_eq!(lines(NOUN, source), [1, 3]);
    }

    #[test]
    fn a_literal_handed_to_sqlx_is_refused() {
        assert_eq!(lines(NOUN, "fn f() {\n sqlx::query(\"VACUUM\");\n sqlx::query_as::<_, (i64,)>(r#\"PRAGMA x\"#);\n}"), [2, 3]);
    }

    #[test]
    fn sql_made_up_at_run_time_is_refused() {
        let source = "fn f() {\n    sqlx::query(sqlx::AssertSqlSafe(text))\n}";
        assert_eq!(lines(NOUN, source), [2]);
        assert!(lines(TESTKIT, source).is_empty());
    }

    #[test]
    fn other_rooms_have_no_sqlx() {
        assert_eq!(lines("crates/app/src/clients.rs", "// sqlx::query\nuse sqlx::query;\n"), [2]);
        assert!(lines("crates/app/src/clients.rs", "let a = \"sqlx::query\";").is_empty());
    }
}
