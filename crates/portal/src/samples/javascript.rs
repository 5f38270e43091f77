//! JavaScript with fetch, as a module of Node.

use super::{Call, Piece, moved_in, quoted};

fn piece(piece: &Piece) -> String {
    match piece {
        Piece::Text(text) => quoted(text),
        Piece::Secret(variable) => format!("process.env.{variable}"),
    }
}

pub(super) fn write(call: &Call) -> String {
    let mut out =
        format!("const token = await fetch({}, {{\n  method: \"POST\",\n  body: new URLSearchParams({{\n", quoted(&call.token_url));
    for (name, value) in &call.form {
        out.push_str(&format!("    {name}: {},\n", piece(value)));
    }
    out.push_str("  }),\n}).then((answer) => answer.json());\n\n");
    out.push_str(&format!("const answer = await fetch({}, {{\n  method: \"{}\",\n  headers: {{\n", quoted(&call.url), call.method));
    out.push_str(&format!("    Authorization: `Bearer ${{token.{}}}`,\n", call.token_member));
    for (name, value) in &call.headers {
        out.push_str(&format!("    {}: {},\n", quoted(name), piece(value)));
    }
    if call.body.is_some() {
        out.push_str("    \"Content-Type\": \"application/json\",\n");
    }
    out.push_str("  },\n");
    if let Some(json) = call.json() {
        out.push_str(&format!("  body: JSON.stringify({}),\n", moved_in(&json, 2)));
    }
    out.push_str("});\nconsole.log(answer.status, answer.headers.get(\"X-Request-Id\"));\nconsole.log(await answer.text());\n");
    out
}
