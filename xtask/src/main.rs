//! `cargo xtask`: rules of the house as code, and a database server for the tests.

#![expect(clippy::print_stdout, reason = "a command for the terminal")]

mod postgres;
mod tidy;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

const USAGE: &str = "\
cargo xtask COMMAND

  tidy                      checks the rules of ARCHITECTURE.md; one line for each finding, exit code 1 when there is one
  postgres -- COMMAND...    runs COMMAND with POSTIGO_TEST_POSTGRES naming a PostgreSQL server that lives as long as it does
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["tidy"] => tidy::run(workspace()),
        ["postgres", "--", program, rest @ ..] => postgres::run(program, rest),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    done.unwrap_or_else(|error| {
        eprintln!("xtask: {error}");
        ExitCode::FAILURE
    })
}

/// The folder of the root `Cargo.toml`.
fn workspace() -> &'static Path {
    static ROOT: std::sync::OnceLock<PathBuf> = std::sync::OnceLock::new();
    ROOT.get_or_init(|| {
        // Cargo and nextest say it when the program runs; what stood here when it was compiled may have been another checkout.
        let package = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        package.parent().map_or_else(PathBuf::new, Path::to_path_buf)
    })
}
