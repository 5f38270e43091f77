//! Python with requests.

use serde_json::Value;

use super::{Call, Piece, quoted};

fn piece(piece: &Piece) -> String {
    match piece {
        Piece::Text(text) => quoted(text),
        Piece::Secret(variable) => format!("os.environ[\"{variable}\"]"),
    }
}

pub(super) fn write(call: &Call) -> String {
    let mut out = format!("import os\n\nimport requests\n\ntoken = requests.post(\n    {},\n    data={{\n", quoted(&call.token_url));
    for (name, value) in &call.form {
        out.push_str(&format!("        \"{name}\": {},\n", piece(value)));
    }
    out.push_str("    },\n    timeout=10,\n)\ntoken.raise_for_status()\n\nanswer = requests.request(\n");
    out.push_str(&format!("    \"{}\",\n    {},\n    headers={{\n", call.method, quoted(&call.url)));
    out.push_str(&format!("        \"Authorization\": \"Bearer \" + token.json()[\"{}\"],\n", call.token_member));
    for (name, value) in &call.headers {
        out.push_str(&format!("        \"{name}\": {},\n", piece(value)));
    }
    out.push_str("    },\n");
    if let Some(body) = &call.body {
        out.push_str("    json=");
        literal(body, 4, &mut out);
        out.push_str(",\n");
    }
    out.push_str("    timeout=30,\n)\nprint(answer.status_code, answer.headers[\"X-Request-Id\"])\nprint(answer.text)\n");
    out
}

/// JSON as Python writes it.
fn literal(value: &Value, indent: usize, out: &mut String) {
    let inside = " ".repeat(indent + 4);
    match value {
        Value::Null => out.push_str("None"),
        Value::Bool(true) => out.push_str("True"),
        Value::Bool(false) => out.push_str("False"),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => out.push_str(&quoted(text)),
        Value::Array(items) if items.is_empty() => out.push_str("[]"),
        Value::Object(members) if members.is_empty() => out.push_str("{}"),
        Value::Array(items) => {
            out.push_str("[\n");
            for item in items {
                out.push_str(&inside);
                literal(item, indent + 4, out);
                out.push_str(",\n");
            }
            out.push_str(&format!("{}]", " ".repeat(indent)));
        }
        Value::Object(members) => {
            out.push_str("{\n");
            for (name, member) in members {
                out.push_str(&format!("{inside}{}: ", quoted(name)));
                literal(member, indent + 4, out);
                out.push_str(",\n");
            }
            out.push_str(&format!("{}}}", " ".repeat(indent)));
        }
    }
}
