//! The built program, as a command that ends and as a process that runs.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use crate::moments::eventually;

/// How long a process may take to start or to stop on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The root of the workspace.
#[must_use]
pub fn workspace() -> PathBuf {
    // Cargo and nextest say it when the program runs; what stood here when it was compiled may have been another checkout.
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// The command `postigo`, in `folder` and with nothing of the environment that would configure it.
///
/// # Panics
/// When `POSTIGO_BIN` names no program.
#[must_use]
pub fn postigo(folder: &Path) -> Command {
    let named = std::env::var_os("POSTIGO_BIN").expect("POSTIGO_BIN names no program: run the tests through ./test");
    let mut command = Command::new(workspace().join(named));
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("POSTIGO__") || name == "RUST_LOG") {
            command.env_remove(name);
        }
    }
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// What a command left behind.
#[derive(Debug)]
pub struct Outcome {
    /// Its exit code; -1 when a signal ended it.
    pub code: i32,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

impl Outcome {
    /// The one line of a refusal: exit code 1, nothing printed, one line of complaint.
    ///
    /// # Panics
    /// When it is anything else.
    #[must_use]
    pub fn refusal(&self) -> &str {
        assert_eq!((self.code, self.stdout.as_str()), (1, ""), "a refusal prints nothing and exits with 1: {self:?}");
        let lines: Vec<_> = self.stderr.lines().collect();
        assert_eq!(lines.len(), 1, "one line on standard error: {self:?}");
        lines[0].strip_prefix("postigo: ").unwrap_or_else(|| panic!("the line names the program: {self:?}"))
    }
}

/// Runs a command to its end.
///
/// # Panics
/// When it cannot be started.
#[must_use]
pub fn run(command: &mut Command) -> Outcome {
    let output = command.output().unwrap_or_else(|error| panic!("cannot run {:?}: {error}", command.get_program()));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("a program writes UTF-8");
    Outcome { code: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// A process under way. Ended and reaped when dropped.
pub struct Running {
    child: Child,
    stdout: PathBuf,
    stderr: PathBuf,
}

impl Running {
    /// Starts `command`; what it writes goes to files in `folder`.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn start(command: &mut Command, folder: &Path) -> Self {
        let (stdout, stderr) = (folder.join("stdout"), folder.join("stderr"));
        let file = |path: &Path| File::create(path).expect("a file for what the process writes");
        let child = command.stdout(file(&stdout)).stderr(file(&stderr)).spawn();
        Self { child: child.expect("the program starts"), stdout, stderr }
    }

    /// What it has printed so far.
    #[must_use]
    pub fn stdout(&self) -> String {
        read(&self.stdout)
    }

    /// What it has logged or complained of so far.
    #[must_use]
    pub fn stderr(&self) -> String {
        read(&self.stderr)
    }

    /// Asks it to stop, as an init system does.
    pub fn terminate(&self) {
        self.signal("TERM");
    }

    /// Sends it a signal.
    ///
    /// # Panics
    /// When that cannot be done.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("sh").args(["-c", "kill -\"$1\" \"$2\"", "kill", name]).arg(self.child.id().to_string()).status();
        assert!(sent.is_ok_and(|status| status.success()), "the process takes a signal");
    }

    /// How it ended, or `None` while it runs.
    ///
    /// # Panics
    /// When the system does not say.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a process of ours")
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it does not come in time.
    pub async fn end(&mut self, limit: Duration) -> ExitStatus {
        let ended = eventually(limit, async || self.ended()).await;
        ended.unwrap_or_else(|| panic!("it should have ended within {limit:?}; it wrote\n{}", self.stderr()))
    }

    /// Waits until `look` finds something, and fails at once when the process ends instead.
    ///
    /// # Panics
    /// When nothing is found in time.
    pub async fn wait_for<T>(&mut self, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
        let found = eventually(PATIENCE, async || {
            let ended = self.ended();
            let found = look().await;
            assert!(ended.is_none() || found.is_some(), "it ended before {what}: {ended:?}\n{}{}", self.stdout(), self.stderr());
            found
        });
        found.await.unwrap_or_else(|| panic!("no {what} within {PATIENCE:?}\n{}{}", self.stdout(), self.stderr()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended cannot be killed; it is reaped either way.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("what the process wrote is UTF-8")
}
