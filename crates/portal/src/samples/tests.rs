use std::process::{Command, Stdio};

use serde_json::json;

use super::*;

/// A call in which every text does its worst.
fn nasty() -> Call {
    let text = "a'b\"c\\d\n$(touch x)`id`${x}{y}%s\u{2028}ñ\"\"\"#'''JSON\nJSON?>*/<!--";
    Call {
        token_url: format!("https://example.com/{text}"),
        token_member: "idToken",
        form: vec![("client_id", Piece::Text(text.to_owned())), ("client_secret", Piece::Secret(CLIENT_SECRET))],
        method: "PATCH".to_owned(),
        url: format!("https://example.com/{text}"),
        headers: vec![
            ("client_id".to_owned(), Piece::Text(text.to_owned())),
            ("client_secret".to_owned(), Piece::Secret(API_CLIENT_SECRET)),
        ],
        body: Some(json!({text: [text, 1, 1.5, true, null, {}, []], "": "", "JSON": "\u{1}\u{7f}\\u0041"})),
    }
}

fn plain() -> Call {
    Call { body: None, method: "GET".to_owned(), ..nasty() }
}

/// Runs a program with a text on its input; what it printed. `None` where the machine does not have it.
fn run(program: &str, arguments: &[&str], input: &str) -> Option<String> {
    let mut child =
        Command::new(program).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().ok()?;
    std::io::Write::write_all(child.stdin.as_mut().expect("an input"), input.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{program}: {}\n{input}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).expect("text"))
}

#[test]
fn python_reads_the_code_and_the_body_it_holds() {
    for call in [nasty(), plain()] {
        run("python3", &["-c", "import ast,sys; ast.parse(sys.stdin.read())"], &python::write(&call));
    }
    let script = "import ast,json,sys\n\
        calls=[node for node in ast.walk(ast.parse(sys.stdin.read())) if isinstance(node, ast.Call)]\n\
        print(json.dumps([ast.literal_eval(word.value) for call in calls for word in call.keywords if word.arg=='json'][0]))";
    if let Some(printed) = run("python3", &["-c", script], &python::write(&nasty())) {
        assert_eq!(serde_json::from_str::<Value>(&printed).ok(), nasty().body);
    }
}

#[test]
fn node_reads_the_code_as_a_module() {
    for call in [nasty(), plain()] {
        run("node", &["--input-type=module", "--check", "-"], &javascript::write(&call));
    }
}

#[test]
fn a_shell_runs_the_two_calls_and_nothing_else() {
    // Both programs are functions that print what they are given, one argument a line.
    let stage = "jq() { cat >/dev/null; echo T; }; curl() { for one in \"$@\"; do printf '%s\\0' \"$one\"; done >&2; case \"$*\" in *@-*) cat >&2;; esac; }\n";
    let Some(_) = run("sh", &["-n"], &curl::write(&nasty())) else { return };
    let script = format!("{stage}exec 2>&1\n{}", curl::write(&nasty()));
    let printed = run("sh", &["-s"], &script).unwrap_or_default();
    let Piece::Text(text) = &nasty().form[0].1 else { unreachable!("it is a text") };
    assert!(printed.contains(&format!("client_id={text}\0")), "{printed}");
    assert!(printed.contains(&format!("client_id: {text}\0")), "{printed}");
    let body = printed.rsplit_once("@-\0").map(|(_, body)| serde_json::from_str::<Value>(body).expect("JSON"));
    assert_eq!(body, nasty().body);
}

#[test]
fn php_reads_the_code() {
    for call in [nasty(), plain()] {
        run("php", &["-l"], &php::write(&call));
    }
}

#[test]
fn raw_texts_end_where_they_should() {
    let text = "\"##\"\"\"\"####";
    assert_eq!(csharp::raw(text, 0).split('\n').next(), Some("\"\"\"\"\""), "one quote more than stand together");
    assert!(rust::raw(text).starts_with("r#####\"") && rust::raw(text).ends_with("\"#####"));
    assert_eq!(rust::raw("x"), "r#\"x\"#");
}

#[test]
fn secrets_come_from_the_environment_and_ids_from_whoever_reads() {
    for sample in of(&nasty()) {
        assert!(sample.text.contains(CLIENT_SECRET) && sample.text.contains(API_CLIENT_SECRET), "{}", sample.text);
    }
}
