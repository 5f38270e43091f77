//! PHP with its curl extension.

use serde_json::Value;

use super::{Call, Piece};

/// Between single quotes PHP reads only the backslash and the quote itself.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

fn piece(piece: &Piece) -> String {
    match piece {
        Piece::Text(text) => quoted(text),
        Piece::Secret(variable) => format!("getenv('{variable}')"),
    }
}

/// One function for both calls: `null` for no body.
const SEND: &str = "<?php

function send(string $method, string $url, array $headers, ?string $body): string
{
    $curl = curl_init($url);
    curl_setopt_array($curl, [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 30,
    ]);
    if ($body !== null) {
        curl_setopt($curl, CURLOPT_POSTFIELDS, $body);
    }
    $answer = curl_exec($curl);
    if ($answer === false) {
        throw new RuntimeException(curl_error($curl));
    }
    echo curl_getinfo($curl, CURLINFO_RESPONSE_CODE), PHP_EOL;
    return $answer;
}

";

pub(super) fn write(call: &Call) -> String {
    let mut out = SEND.to_owned();
    out.push_str(&format!("$token = json_decode(send('POST', {}, [], http_build_query([\n", quoted(&call.token_url)));
    for (name, value) in &call.form {
        out.push_str(&format!("    '{name}' => {},\n", piece(value)));
    }
    out.push_str("])), true);\n\n");
    out.push_str(&format!("echo send('{}', {}, [\n", call.method, quoted(&call.url)));
    out.push_str(&format!("    'Authorization: Bearer ' . $token['{}'],\n", call.token_member));
    for (name, value) in &call.headers {
        let line = match value {
            Piece::Text(text) => quoted(&format!("{name}: {text}")),
            Piece::Secret(_) => format!("{} . {}", quoted(&format!("{name}: ")), piece(value)),
        };
        out.push_str(&format!("    {line},\n"));
    }
    match &call.body {
        Some(body) => {
            out.push_str("    'Content-Type: application/json',\n], json_encode(");
            literal(body, 0, &mut out);
            out.push_str(")), PHP_EOL;\n");
        }
        None => out.push_str("], null), PHP_EOL;\n"),
    }
    out
}

/// JSON as PHP writes it. An empty object must not become an empty list.
fn literal(value: &Value, indent: usize, out: &mut String) {
    let inside = " ".repeat(indent + 4);
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => out.push_str(&quoted(text)),
        Value::Array(items) if items.is_empty() => out.push_str("[]"),
        Value::Object(members) if members.is_empty() => out.push_str("new stdClass()"),
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
            out.push_str("[\n");
            for (name, member) in members {
                out.push_str(&format!("{inside}{} => ", quoted(name)));
                literal(member, indent + 4, out);
                out.push_str(",\n");
            }
            out.push_str(&format!("{}]", " ".repeat(indent)));
        }
    }
}
