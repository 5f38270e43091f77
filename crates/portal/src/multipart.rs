//! Forms that carry a file (`multipart/form-data`, RFC 7578). What a part says of its file's name and type is not believed, and not kept.

use http::{HeaderMap, header::CONTENT_TYPE};

use crate::{form::Values, header};

/// The most parts that are looked at.
const MOST_PARTS: usize = 20;

/// The boundary between the parts of a form, where it is one of these.
pub(crate) fn boundary(headers: &HeaderMap) -> Option<String> {
    let (kind, rest) = header(headers, CONTENT_TYPE).split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let parameter = rest.split(';').map(str::trim).find_map(|one| one.strip_prefix("boundary="))?;
    let boundary = parameter.trim_matches('"');
    (1..=70).contains(&boundary.len()).then(|| boundary.to_owned())
}

/// The parts by their names; a file is its text. What is no UTF-8 is read with signs in place of what is not.
pub(crate) fn read(boundary: &str, body: &[u8]) -> Values {
    let line = format!("--{boundary}");
    let mut values = Vec::new();
    // The first piece is what stands before the first boundary.
    for part in pieces(body, line.as_bytes()).into_iter().skip(1).take(MOST_PARTS) {
        let Some(part) = part.strip_prefix(b"\r\n") else { continue };
        let Some(end) = find(part, b"\r\n\r\n") else { continue };
        let (head, value) = (String::from_utf8_lossy(&part[..end]), &part[end + 4..]);
        let value = value.strip_suffix(b"\r\n").unwrap_or(value);
        let disposition = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim().eq_ignore_ascii_case("content-disposition").then(|| value.to_owned())
        });
        let name = disposition.as_deref().unwrap_or_default().split(';').map(str::trim).find_map(|one| one.strip_prefix("name="));
        if let Some(name) = name {
            values.push((name.trim_matches('"').to_owned(), String::from_utf8_lossy(value).into_owned()));
        }
    }
    Values::of(values)
}

/// What stands before each boundary, which begins a line. What no boundary closes was torn off somewhere, and is left out.
fn pieces<'b>(body: &'b [u8], line: &[u8]) -> Vec<&'b [u8]> {
    let (mut pieces, mut rest, mut from) = (Vec::new(), body, 0);
    while let Some(at) = find(&rest[from..], line).map(|at| at + from) {
        if at != 0 && !rest[..at].ends_with(b"\r\n") {
            from = at + line.len();
            continue;
        }
        pieces.push(&rest[..at]);
        (rest, from) = (&rest[at + line.len()..], 0);
        if pieces.len() > MOST_PARTS {
            break;
        }
    }
    pieces
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &[u8] = b"preamble\r\n--xX\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\ntoken\r\n--xX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"api.yaml\"\r\nContent-Type: application/yaml\r\n\r\na: 1\r\n\r\nb: --xX\r\n\r\n--xX--\r\n";

    #[test]
    fn parts_are_read_by_their_names_and_a_boundary_within_a_line_is_text() {
        let values = read("xX", FORM);
        assert_eq!((values.raw("form_token"), values.raw("file")), ("token", "a: 1\r\n\r\nb: --xX\r\n"));
    }

    #[test]
    fn what_is_torn_is_no_part_and_nothing_falls_over() {
        let closing = FORM.len() - "--\r\n".len();
        for end in 0..FORM.len() {
            let values = read("xX", &FORM[..end]);
            let whole = ["a: 1\r\n\r\nb: --xX\r\n", ""];
            assert_eq!(values.raw("file"), whole[usize::from(end < closing)], "torn at {end}");
            assert!(["token", ""].contains(&values.raw("form_token")), "torn at {end}");
        }
        assert_eq!(read("xX", b"--xX\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n--xX--").raw("file"), "");
    }

    #[test]
    fn only_a_form_with_files_has_a_boundary() {
        let of = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, text.parse().expect("a header"));
            boundary(&headers)
        };
        assert_eq!(of("multipart/form-data; boundary=abc"), Some("abc".into()));
        assert_eq!(of("Multipart/Form-Data; charset=utf-8; boundary=\"a b\""), Some("a b".into()));
        assert_eq!(of("application/x-www-form-urlencoded"), None);
        assert_eq!(of("multipart/form-data; boundary="), None);
    }
}
