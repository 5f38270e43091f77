//! Rust text cut into code, comments and string literals: as much of the language as the rules need.

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Code,
    Comment,
    /// The inside of a string literal; its quotes belong to no piece.
    Text,
}

/// A stretch of one kind, with the line it begins on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub(super) kind: Kind,
    pub(super) line: usize,
    pub(super) text: &'a str,
}

/// Cuts `source` into pieces, in order.
pub(super) fn pieces(source: &str) -> Vec<Piece<'_>> {
    let bytes = source.as_bytes();
    let mut pieces = Vec::new();
    let mut line = 1;
    let mut start = 0;
    let mut at = 0;
    let mut push = |kind, from: usize, to: usize, line: &mut usize| {
        let text = &source[from..to];
        if !text.is_empty() {
            pieces.push(Piece { kind, line: *line, text });
        }
        *line += text.bytes().filter(|byte| *byte == b'\n').count();
    };
    while at < bytes.len() {
        // The literal's or comment's inside and where the code goes on.
        let found = match &bytes[at..] {
            [b'/', b'/', ..] => {
                let end = source[at..].find('\n').map_or(bytes.len(), |length| at + length);
                Some((Kind::Comment, at, end, end))
            }
            [b'/', b'*', ..] => {
                let end = block_comment(bytes, at);
                Some((Kind::Comment, at, end, end))
            }
            [b'"', ..] => {
                let end = string(bytes, at + 1);
                Some((Kind::Text, at + 1, end, end + 1))
            }
            [b'r', b'"' | b'#', ..] if !is_word(bytes, at) => raw_string(source, at).map(|(from, to, next)| (Kind::Text, from, to, next)),
            [b'\'', ..] => {
                at = character(bytes, at);
                continue;
            }
            _ => None,
        };
        let Some((kind, from, to, next)) = found else {
            at += 1;
            continue;
        };
        push(Kind::Code, start, at, &mut line);
        push(kind, from, to.min(bytes.len()), &mut line);
        at = next.min(bytes.len());
        start = at;
    }
    push(Kind::Code, start, bytes.len(), &mut line);
    pieces
}

/// Whether the byte before `at` belongs to the same word; the `b` or `c` of a byte or C string does not count.
fn is_word(bytes: &[u8], at: usize) -> bool {
    let word = |at: usize| bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_';
    match at {
        0 => false,
        1 => word(0) && !matches!(bytes[0], b'b' | b'c'),
        _ => word(at - 1) && (!matches!(bytes[at - 1], b'b' | b'c') || word(at - 2)),
    }
}

/// Where the string whose inside begins at `at` ends.
fn string(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len())
}

/// The inside of the raw string at `at`, and what comes after it.
fn raw_string(source: &str, at: usize) -> Option<(usize, usize, usize)> {
    let hashes = source[at + 1..].bytes().take_while(|byte| *byte == b'#').count();
    let from = at + 1 + hashes + 1;
    if source.as_bytes().get(from - 1) != Some(&b'"') {
        // A raw identifier.
        return None;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let to = source[from..].find(&end).map_or(source.len(), |length| from + length);
    Some((from, to, to + end.len()))
}

/// Where the block comment at `at` ends; they nest.
fn block_comment(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0;
    while at < bytes.len() {
        match &bytes[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at.min(bytes.len())
}

/// What comes after the quote at `at`: a character literal, or a lifetime or label, which has no second quote.
fn character(bytes: &[u8], at: usize) -> usize {
    match &bytes[at..] {
        [_, b'\\', _, rest @ ..] => at + 3 + rest.iter().position(|byte| *byte == b'\'').map_or(0, |length| length + 1),
        // One character has at most four bytes.
        [_, first, rest @ ..] if !(first.is_ascii_alphanumeric() || *first == b'_') || rest.first() == Some(&b'\'') => {
            at + 2 + rest.iter().take(4).position(|byte| *byte == b'\'').map_or(0, |length| length + 1)
        }
        _ => at + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: Kind, source: &str) -> Vec<(usize, &str)> {
        pieces(source).into_iter().filter(|piece| piece.kind == kind).map(|piece| (piece.line, piece.text)).collect()
    }

    #[test]
    fn strings_of_every_kind_are_text() {
        let source = r####"f("a \" b", r"c\", br#"d " e"#, b"f", '"', "g")"####;
        let inside: Vec<&str> = of(Kind::Text, source).into_iter().map(|(_, text)| text).collect();
        assert_eq!(inside, [r#"a \" b"#, r"c\", r#"d " e"#, "f", "g"]);
    }

    #[test]
    fn quotes_in_comments_and_lifetimes_begin_nothing() {
        let source =
            "// it's \"quoted\nfn f<'a>(x: &'a str, y: char) { y == 'é' || y == '\\'' || y == '\\u{1F}' }\n/* a /* b */ \" */ \"in\"";
        assert_eq!(of(Kind::Text, source), [(3, "in")]);
        assert_eq!(of(Kind::Comment, source), [(1, "// it's \"quoted"), (3, "/* a /* b */ \" */")]);
    }

    #[test]
    fn a_raw_identifier_and_a_word_ending_in_r_are_code() {
        assert_eq!(of(Kind::Text, "let r#type = for\"x\";"), [(1, "x")]);
    }

    #[test]
    fn lines_are_counted_through_every_kind() {
        assert_eq!(of(Kind::Text, "/*\n\n*/\n\"one\ntwo\"\n\"three\""), [(4, "one\ntwo"), (6, "three")]);
    }

    #[test]
    fn what_is_cut_off_ends_with_the_file() {
        for source in ["\"abc", "r#\"abc", "/* abc", "'", "'\\", "\"\\", "r", "r#"] {
            pieces(source);
        }
    }
}
