//! A server in a process of its own: ended when dropped, and what it used of the machine.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use serde::Serialize;

/// How often a second the kernel counts processor time for `/proc`: 100 on every architecture of Linux this runs on.
const TICKS: f64 = 100.0;

/// A running server.
pub struct Server {
    process: Child,
    /// Where it answers.
    pub address: SocketAddr,
}

impl Server {
    /// Starts one of our own servers: it gets its settings as a line on standard input, says its port in a line on standard output, and
    /// ends when standard input does.
    pub fn own(mut command: Command, settings: &impl Serialize) -> Result<Self> {
        let process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().with_context(|| format!("cannot run {command:?}"))?;
        let mut server = Self { process, address: local(0) };
        let mut line = serde_json::to_string(settings)?;
        line.push('\n');
        let (Some(stdin), Some(stdout)) = (server.process.stdin.as_mut(), server.process.stdout.take()) else {
            bail!("{command:?} has no pipes")
        };
        stdin.write_all(line.as_bytes())?;
        line.clear();
        BufReader::new(stdout).read_line(&mut line)?;
        server.address = local(line.trim().parse().with_context(|| format!("{command:?} did not start"))?);
        Ok(server)
    }

    /// Starts any other server, which is there once `ready` accepts a connection.
    pub async fn other(mut command: Command, address: SocketAddr, ready: SocketAddr) -> Result<Self> {
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().with_context(|| format!("cannot run {command:?}"))?;
        let mut server = Self { process, address };
        for _ in 0..100 {
            if let Some(status) = server.process.try_wait()? {
                bail!("{command:?} ended at once: {status}");
            }
            if tokio::net::TcpStream::connect(ready).await.is_ok() {
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("{command:?} did not listen on {ready} within ten seconds")
    }

    /// The processor time it used so far, its threads' and the kernel's for it, in seconds.
    pub fn processor_seconds(&self) -> Result<f64> {
        let stat = self.proc("stat")?;
        // The name in parentheses may hold anything; the fields after it are numbers (proc_pid_stat(5): 14 utime, 15 stime).
        let fields = stat.rsplit_once(')').map(|(_, rest)| rest.split_ascii_whitespace().skip(11).take(2));
        let ticks: Option<Vec<u32>> = fields.and_then(|fields| fields.map(|field| field.parse().ok()).collect());
        Ok(ticks.context("/proc/PID/stat has another form")?.into_iter().map(f64::from).sum::<f64>() / TICKS)
    }

    /// The most memory it ever held, in MiB.
    pub fn peak_mib(&self) -> Result<f64> {
        let status = self.proc("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("/proc/PID/status has no VmHWM")?;
        let kib: u32 = line.trim().trim_end_matches(" kB").parse().context("VmHWM is no number")?;
        Ok(f64::from(kib) / 1024.0)
    }

    fn proc(&self, file: &str) -> Result<String> {
        let path = format!("/proc/{}/{file}", self.process.id());
        std::fs::read_to_string(&path).with_context(|| format!("cannot read {path}; did the server end?"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing it holds is worth a farewell: its folder is removed next.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// A port of the loopback interface.
pub fn local(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

/// Ports that are free now.
pub fn free_ports<const N: usize>() -> Result<[SocketAddr; N]> {
    // All are held until the last is found, so that no two are one.
    let mut addresses = [local(0); N];
    let mut held = Vec::with_capacity(N);
    for address in &mut addresses {
        let listener = TcpListener::bind(local(0)).context("no free port")?;
        *address = listener.local_addr()?;
        held.push(listener);
    }
    Ok(addresses)
}
