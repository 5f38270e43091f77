//! C# with HttpClient, as a program of top-level statements.

use super::{Call, Piece, moved_in, quoted};

fn piece(piece: &Piece) -> String {
    match piece {
        Piece::Text(text) => quoted(text),
        Piece::Secret(variable) => format!("Environment.GetEnvironmentVariable(\"{variable}\")!"),
    }
}

/// A raw text between one quote more than stand together anywhere in it.
pub(super) fn raw(text: &str, indent: usize) -> String {
    let longest = text.split(|letter| letter != '"').map(str::len).max().unwrap_or(0);
    let quotes = "\"".repeat((longest + 1).max(3));
    let space = " ".repeat(indent);
    format!("{quotes}\n{space}{}\n{space}{quotes}", moved_in(text, indent))
}

pub(super) fn write(call: &Call) -> String {
    let mut out = "using System.Text;\nusing System.Text.Json;\n\nusing var http = new HttpClient();\n\n".to_owned();
    out.push_str("var form = new FormUrlEncodedContent(new Dictionary<string, string>\n{\n");
    for (name, value) in &call.form {
        out.push_str(&format!("    [\"{name}\"] = {},\n", piece(value)));
    }
    out.push_str(&format!(
        "}});\nvar asked = await http.PostAsync({}, form);\nasked.EnsureSuccessStatusCode();\n",
        quoted(&call.token_url)
    ));
    out.push_str("using var token = JsonDocument.Parse(await asked.Content.ReadAsStringAsync());\n\n");
    out.push_str(&format!("using var request = new HttpRequestMessage(new HttpMethod(\"{}\"), {});\n", call.method, quoted(&call.url)));
    out.push_str(&format!(
        "request.Headers.Add(\"Authorization\", \"Bearer \" + token.RootElement.GetProperty(\"{}\").GetString());\n",
        call.token_member
    ));
    for (name, value) in &call.headers {
        out.push_str(&format!("request.Headers.Add({}, {});\n", quoted(name), piece(value)));
    }
    if let Some(json) = call.json() {
        out.push_str(&format!("request.Content = new StringContent({}, Encoding.UTF8, \"application/json\");\n", raw(&json, 4)));
    }
    out.push_str("\nusing var answer = await http.SendAsync(request);\n");
    out.push_str("Console.WriteLine($\"{(int)answer.StatusCode} {string.Join(\"\", answer.Headers.GetValues(\"X-Request-Id\"))}\");\n");
    out.push_str("Console.WriteLine(await answer.Content.ReadAsStringAsync());\n");
    out
}
