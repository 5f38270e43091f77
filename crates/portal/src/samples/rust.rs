//! Rust with reqwest.

use super::{Call, Piece};

/// A text as Rust reads it; its escapes of control characters differ from all others'.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.escape_debug().to_string().replace("\\'", "'"))
}

fn piece(piece: &Piece) -> String {
    match piece {
        Piece::Text(text) => quoted(text),
        Piece::Secret(variable) => format!("&std::env::var(\"{variable}\")?"),
    }
}

/// A raw text with one sign more than follow any quote in it.
pub(super) fn raw(text: &str) -> String {
    let longest = text.split('"').skip(1).map(|after| after.len() - after.trim_start_matches('#').len()).max().unwrap_or(0);
    let signs = "#".repeat(longest + 1);
    format!("r{signs}\"{text}\"{signs}")
}

pub(super) fn write(call: &Call) -> String {
    let mut out = "// reqwest = { version = \"0.13\", features = [\"form\", \"json\"] }, tokio = { version = \"1\", features = [\"full\"] }, serde_json = \"1\"\n\
        #[tokio::main]\nasync fn main() -> Result<(), Box<dyn std::error::Error>> {\n    let http = reqwest::Client::new();\n\n"
        .to_owned();
    out.push_str(&format!("    let token: serde_json::Value = http\n        .post({})\n        .form(&[\n", quoted(&call.token_url)));
    for (name, value) in &call.form {
        let value = match value {
            Piece::Text(text) => quoted(text),
            Piece::Secret(variable) => format!("std::env::var(\"{variable}\")?.as_str()"),
        };
        out.push_str(&format!("            (\"{name}\", {value}),\n"));
    }
    out.push_str("        ])\n        .send()\n        .await?\n        .error_for_status()?\n        .json()\n        .await?;\n\n");
    out.push_str(&format!("    let answer = http\n        .request(reqwest::Method::{}, {})\n", call.method, quoted(&call.url)));
    out.push_str(&format!("        .bearer_auth(token[\"{}\"].as_str().ok_or(\"no token\")?)\n", call.token_member));
    for (name, value) in &call.headers {
        out.push_str(&format!("        .header({}, {})\n", quoted(name), piece(value)));
    }
    if let Some(json) = call.json() {
        out.push_str(&format!("        .header(\"Content-Type\", \"application/json\")\n        .body({})\n", raw(&json)));
    }
    out.push_str(
        "        .send()\n        .await?;\n    println!(\"{} {:?}\", answer.status(), answer.headers().get(\"X-Request-Id\"));\n",
    );
    out.push_str("    println!(\"{}\", answer.text().await?);\n    Ok(())\n}\n");
    out
}
