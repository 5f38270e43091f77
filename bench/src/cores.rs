//! Which processor does what: the server under test has one to itself, and everything else shares another.

use std::{
    ffi::OsStr,
    process::{Command, Stdio},
};

/// The processors, as far as there are two and `taskset` is there.
#[derive(Clone, Copy)]
pub struct Cores {
    pair: Option<Pair>,
}

#[derive(Clone, Copy)]
struct Pair {
    server: u32,
    load: u32,
}

impl Cores {
    /// Chooses two processors and moves this process to the one of the load. Called while it has one thread; what it starts inherits.
    pub fn divide() -> Self {
        let pair = allowed().filter(|pair| pair.server != pair.load);
        let moved = pair.is_some_and(|pair| {
            let (core, own) = (pair.load.to_string(), std::process::id().to_string());
            let done = Command::new("taskset").args(["-c", "-p", &core, &own]).stdout(Stdio::null()).stderr(Stdio::null()).status();
            done.is_ok_and(|status| status.success())
        });
        Self { pair: pair.filter(|_| moved) }
    }

    /// A command that runs on the server's processor.
    pub fn of_server(self, program: impl AsRef<OsStr>) -> Command {
        match self.pair {
            Some(pair) => {
                let mut command = Command::new("taskset");
                command.args(["-c", &pair.server.to_string()]).arg(program);
                command
            }
            None => Command::new(program),
        }
    }

    /// Where things run, for the report.
    pub fn describe(self) -> String {
        match self.pair {
            Some(pair) => format!("server on processor {}, load on processor {}", pair.server, pair.load),
            None => "not pinned: there is one processor only, or no taskset".to_owned(),
        }
    }
}

/// The first and the last processor this process may use.
fn allowed() -> Option<Pair> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?;
    let mut numbers = list.split([',', '-']).filter_map(|number| number.trim().parse().ok());
    let server = numbers.next()?;
    Some(Pair { server, load: numbers.next_back().unwrap_or(server) })
}
