//! Java with its own HTTP client and nothing else.

use super::{Call, Piece, moved_in, quoted};

fn piece(piece: &Piece) -> String {
    match piece {
        Piece::Text(text) => quoted(text),
        Piece::Secret(variable) => format!("System.getenv(\"{variable}\")"),
    }
}

/// A text block: a backslash must be doubled, and three quotes in a row must not stand together.
fn block(text: &str, indent: usize) -> String {
    let text = text.replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"");
    let space = " ".repeat(indent);
    format!("\"\"\"\n{space}{}\n{space}\"\"\"", moved_in(&text, indent))
}

const HEAD: &str = "import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

public class Call {
    static String form(String name, String value) {
        return name + \"=\" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    public static void main(String[] args) throws Exception {
        var http = HttpClient.newHttpClient();

        var form = String.join(\"&\",
";

pub(super) fn write(call: &Call) -> String {
    let mut out = HEAD.to_owned();
    let fields: Vec<_> = call.form.iter().map(|(name, value)| format!("            form(\"{name}\", {})", piece(value))).collect();
    out.push_str(&fields.join(",\n"));
    out.push_str(&format!(");\n        var asked = HttpRequest.newBuilder(URI.create({}))\n", quoted(&call.token_url)));
    out.push_str(
        "            .header(\"Content-Type\", \"application/x-www-form-urlencoded\")\n            .POST(BodyPublishers.ofString(form))\n            .build();\n",
    );
    out.push_str("        // A JSON library of your choice does this better.\n        var token = Pattern.compile(\"\\\"");
    out.push_str(call.token_member);
    out.push_str("\\\"\\\\s*:\\\\s*\\\"([^\\\"]+)\\\"\")\n            .matcher(http.send(asked, BodyHandlers.ofString()).body());\n");
    out.push_str("        if (!token.find()) throw new IllegalStateException(\"no token\");\n\n");
    if let Some(json) = call.json() {
        out.push_str(&format!("        var body = {};\n", block(&json, 12)));
    }
    out.push_str(&format!("        var request = HttpRequest.newBuilder(URI.create({}))\n", quoted(&call.url)));
    out.push_str("            .header(\"Authorization\", \"Bearer \" + token.group(1))\n");
    for (name, value) in &call.headers {
        out.push_str(&format!("            .header({}, {})\n", quoted(name), piece(value)));
    }
    let publisher = if call.body.is_some() {
        out.push_str("            .header(\"Content-Type\", \"application/json\")\n");
        "BodyPublishers.ofString(body)"
    } else {
        "BodyPublishers.noBody()"
    };
    out.push_str(&format!("            .method(\"{}\", {publisher})\n            .build();\n", call.method));
    out.push_str(
        "        var answer = http.send(request, BodyHandlers.ofString());\n        System.out.println(answer.statusCode() + \" \" + answer.headers().firstValue(\"X-Request-Id\").orElse(\"\"));\n        System.out.println(answer.body());\n    }\n}\n",
    );
    out
}
