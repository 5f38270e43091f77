//! curl in a POSIX shell.

use super::{Call, Piece};

/// A word that a shell takes as it stands.
fn word(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn pair(name: &str, joint: &str, piece: &Piece) -> String {
    match piece {
        Piece::Text(text) => word(&format!("{name}{joint}{text}")),
        Piece::Secret(variable) => format!("\"{name}{joint}${variable}\""),
    }
}

pub(super) fn write(call: &Call) -> String {
    let mut out = format!("TOKEN=$(curl -sf {}", word(&call.token_url));
    for (name, piece) in &call.form {
        out.push_str(&format!(" \\\n  --data-urlencode {}", pair(name, "=", piece)));
    }
    out.push_str(&format!(
        " | jq -r .{})\n\ncurl -si -X {} {} \\\n  -H \"Authorization: Bearer $TOKEN\"",
        call.token_member,
        call.method,
        word(&call.url)
    ));
    for (name, piece) in &call.headers {
        out.push_str(&format!(" \\\n  -H {}", pair(name, ": ", piece)));
    }
    // Printed JSON has no line that is this word, so nothing in it can end the document.
    if let Some(json) = call.json() {
        out.push_str(&format!(" \\\n  -H 'Content-Type: application/json' \\\n  --data-binary @- <<'JSON'\n{json}\nJSON"));
    }
    out.push('\n');
    out
}
