//! A PostgreSQL server for as long as one command runs.
//!
//! Nothing survives it. A small shell, the keeper, waits at the other end of a pipe that this process holds open; when the pipe
//! closes - the command is done, or this process was interrupted, terminated or killed - the keeper ends the command if it still runs,
//! stops the server and removes its folder. So there is no signal to catch, and none that could be missed.

use std::{
    cmp::Reverse,
    fs::OpenOptions,
    io::Write as _,
    net::TcpListener,
    os::unix::process::{CommandExt as _, ExitStatusExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode, Stdio},
};

/// The variable under which tests find the server.
const VARIABLE: &str = "POSTIGO_TEST_POSTGRES";

const MISSING: &str = "no PostgreSQL server programs (initdb, pg_ctl) in /usr/lib/postgresql/*/bin or on PATH; \
    install the Debian package `postgresql`: apt-get install postgresql";

/// Reads the id of the command, then an empty line when it has ended; $1 is the folder, the rest stops the server.
const KEEPER: &str = r#"
trap '' HUP INT TERM
command=
while read -r line; do command=$line; done
if [ -n "$command" ]; then kill -TERM "$command" 2>/dev/null; fi
folder=$1; shift
cd /
"$@" >/dev/null 2>&1
rm -rf -- "$folder"
"#;

type Result<T> = std::result::Result<T, String>;

/// Runs `program` beside a fresh server and passes its exit code on.
pub(crate) fn run(program: &str, arguments: &[&str]) -> Result<ExitCode> {
    let programs = programs().ok_or(MISSING)?;
    let server = Server::start(&Runner::new(programs)?)?;
    let mut keeper = server.keeper;

    let mut command = Command::new(program);
    command.args(arguments).env(VARIABLE, format!("postgres://postgres@127.0.0.1:{}/postgres", server.port));
    // What `cargo run` tells us of our own package would be wrong for a cargo below.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            command.env_remove(name);
        }
    }
    let status = command.spawn().and_then(|mut child| {
        keeper.tell(&child.id().to_string());
        child.wait()
    });
    keeper.tell("");
    let status = status.map_err(|error| format!("cannot run {program}: {error}"))?;
    let code = status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0));
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

/// The folder of the newest server programs.
fn programs() -> Option<PathBuf> {
    let complete = |folder: &PathBuf| ["initdb", "pg_ctl", "postgres"].iter().all(|name| folder.join(name).is_file());
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).filter(complete).collect();
    debian.sort_by_key(|folder| Reverse(version(folder)));
    debian.into_iter().next().or_else(|| std::env::split_paths(&std::env::var_os("PATH")?).find(complete))
}

/// `/usr/lib/postgresql/15/bin` is version 15.
fn version(folder: &Path) -> u32 {
    folder.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse().ok()).unwrap_or(0)
}

/// How the server's programs are run: as ourselves, or as the user `postgres` when we are root, which PostgreSQL refuses.
struct Runner {
    programs: PathBuf,
    root: bool,
}

impl Runner {
    fn new(programs: PathBuf) -> Result<Self> {
        let id = Command::new("id").arg("-u").output().map_err(|error| format!("cannot run id: {error}"))?;
        let root = id.stdout.trim_ascii() == b"0";
        if root && !Command::new("id").args(["-u", "postgres"]).output().is_ok_and(|id| id.status.success()) {
            return Err("root may not run PostgreSQL and there is no user `postgres`; the Debian package `postgresql` makes one".into());
        }
        Ok(Self { programs, root })
    }

    /// The words of a command line that runs `program`.
    fn line(&self, program: &Path, arguments: &[&str]) -> Vec<String> {
        let user: &[&str] = if self.root { &["runuser", "-u", "postgres", "--"] } else { &[] };
        let program = program.to_string_lossy();
        user.iter().copied().chain([&*program]).chain(arguments.iter().copied()).map(String::from).collect()
    }

    /// Runs one of the server's programs; its output is the answer, or the error.
    fn output(&self, program: &Path, arguments: &[&str]) -> Result<String> {
        let line = self.line(program, arguments);
        // Not from here: that user may not be allowed to enter this folder.
        let answer = Command::new(&line[0]).args(&line[1..]).current_dir("/").stdin(Stdio::null()).output();
        let answer = answer.map_err(|error| format!("cannot run {}: {error}", line[0]))?;
        if answer.status.success() {
            return Ok(String::from_utf8_lossy(&answer.stdout).trim().to_owned());
        }
        Err(format!("{} failed: {}{}", line.join(" "), String::from_utf8_lossy(&answer.stderr), String::from_utf8_lossy(&answer.stdout)))
    }
}

struct Server {
    port: u16,
    keeper: Keeper,
}

impl Server {
    fn start(runner: &Runner) -> Result<Self> {
        // Under /tmp whatever TMPDIR says: the path of a socket may have no more than 107 bytes, and the other user must get there.
        let folder = PathBuf::from(runner.output(Path::new("mktemp"), &["-d", "/tmp/postigo-postgres.XXXXXX"])?);
        let data = folder.join("data");
        let data = data.to_string_lossy();
        let control = runner.programs.join("pg_ctl");
        let keeper = Keeper::new(&folder, &runner.line(&control, &["stop", "--mode=immediate", "--silent", "-D", &data]))?;

        // Byte order, as SQLite sorts.
        runner.output(
            &runner.programs.join("initdb"),
            &["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "-D", &data],
        )?;
        let log = folder.join("log");
        let log = log.to_string_lossy();
        let mut refusal = String::new();
        // Between asking for a free port and the server's taking it, another may.
        for _ in 0..3 {
            let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).map_err(|error| error.to_string())?.port();
            let settings = format!(
                "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{}'\nfsync = off\n\
                 synchronous_commit = off\nfull_page_writes = off\nmax_connections = 200\n",
                folder.display()
            );
            OpenOptions::new()
                .append(true)
                .open(folder.join("data/postgresql.conf"))
                .and_then(|mut file| file.write_all(settings.as_bytes()))
                .map_err(|error| format!("cannot write postgresql.conf: {error}"))?;
            match runner.output(&control, &["start", "--wait", "--timeout=60", "--silent", "-D", &data, "-l", &log, "-o", "-F"]) {
                Ok(_) => return Ok(Self { port, keeper }),
                Err(error) => refusal = format!("{error}{}", std::fs::read_to_string(folder.join("log")).unwrap_or_default()),
            }
        }
        Err(refusal)
    }
}

/// The shell that clears up. Dropping this tells it to, and waits for it.
struct Keeper(Child);

impl Keeper {
    fn new(folder: &Path, stop: &[String]) -> Result<Self> {
        let shell = Command::new("sh")
            .args(["-c", KEEPER, "keeper"])
            .arg(folder)
            .args(stop)
            .stdin(Stdio::piped())
            // A group of its own: Ctrl-C in a terminal goes to all of ours.
            .process_group(0)
            .spawn();
        shell.map(Self).map_err(|error| format!("cannot run sh: {error}"))
    }

    fn tell(&mut self, line: &str) {
        if let Some(pipe) = &mut self.0.stdin {
            // It ignores every signal that can be ignored; without it there is nobody to clear up and nothing to do about it.
            drop(writeln!(pipe, "{line}"));
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        drop(self.0.wait());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_15_is_newer_than_9() {
        assert!(version(Path::new("/usr/lib/postgresql/15/bin")) > version(Path::new("/usr/lib/postgresql/9/bin")));
    }

    #[test]
    fn root_hands_the_server_to_its_user() {
        let runner = |root| Runner { programs: PathBuf::from("/bin"), root };
        assert_eq!(runner(false).line(Path::new("/bin/initdb"), &["-D", "x"]), ["/bin/initdb", "-D", "x"]);
        assert_eq!(
            runner(true).line(Path::new("/bin/initdb"), &["-D", "x"]),
            ["runuser", "-u", "postgres", "--", "/bin/initdb", "-D", "x"]
        );
    }
}
