//! `postigo-bench`: what a token and a request through the gateway cost, beside a bare server that does the same work in the same run; and how
//! long a list of a large house takes.

#![expect(clippy::print_stdout, reason = "a command for the terminal")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures time")]

mod console;
mod contest;
mod cores;
mod gateway;
mod limit;
mod load;
mod nginx;
mod node;
mod report;
mod server;
mod token;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, Result, bail};
use clap::{Args, Parser, Subcommand, value_parser};

use crate::cores::Cores;

/// The allocator of the program that is measured, so that the limits differ from it in their work alone.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a token and a request through the gateway cost, beside a bare server that does the same work in the same run.
#[derive(Parser)]
#[command(name = "postigo-bench", max_term_width = 100, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Tokens by client_credentials, ES256
    #[command(after_help = "Example:\n  postigo-bench token --rounds 5 --seconds 5")]
    Token(Measure),
    /// Requests through the gateway: 256 tokens repeating, answers of 1 KiB
    #[command(after_help = "Example:\n  postigo-bench gateway --pass nginx")]
    Gateway {
        #[command(flatten)]
        measure: Measure,
        /// Measure this proxy too, passing requests on unchecked
        #[arg(long, value_enum)]
        pass: Option<Pass>,
    },
    /// Every list of the console and the management API of a large house, and a large catalogue in and out
    #[command(after_help = "Example:\n  cargo xtask postgres -- target/release/postigo-bench console")]
    Console(console::Size),
    /// The bare token server; started by `token`, reads its settings from standard input and ends with it
    #[command(hide = true)]
    LimitToken,
    /// The bare proxy; started by `gateway`
    #[command(hide = true)]
    LimitGateway,
    /// The API behind the proxies; started by `gateway`
    #[command(hide = true)]
    Origin,
}

/// How to measure.
#[derive(Args)]
struct Measure {
    /// Length of a round
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = value_parser!(u64).range(1..=60))]
    seconds: u64,
    /// How many rounds each server gets, in turns
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = value_parser!(u32).range(1..=50))]
    rounds: u32,
    /// Keep-alive connections
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = value_parser!(u16).range(1..=512))]
    connections: u16,
    /// The program to measure [default: `postigo` beside this program]
    #[arg(long, value_name = "PATH")]
    postigo: Option<PathBuf>,
    /// Write every round to this file too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Pass {
    Nginx,
}

impl Measure {
    /// The program to measure.
    fn program(&self) -> Result<PathBuf> {
        program(self.postigo.as_deref())
    }
}

fn program(named: Option<&Path>) -> Result<PathBuf> {
    let program = match named {
        Some(program) => program.to_owned(),
        None => std::env::current_exe().context("cannot find this program")?.with_file_name("postigo"),
    };
    if !program.is_file() {
        bail!("there is no {}: cargo build --release --package postigo, or name it with --postigo", program.display());
    }
    Ok(program.canonicalize()?)
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("postigo-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Token(measure) => {
            let cores = Cores::divide();
            interruptible(token::run(&measure, cores))
        }
        Command::Gateway { measure, pass } => {
            let cores = Cores::divide();
            interruptible(gateway::run(&measure, pass, cores))
        }
        Command::Console(size) => {
            let (program, cores) = (program(size.postigo.as_deref())?, Cores::divide());
            interruptible(console::run(&size, program, cores))
        }
        Command::LimitToken => limit::token::run(),
        Command::LimitGateway => limit::gateway::run(),
        Command::Origin => limit::origin::run(),
    }
}

/// Runs until done or told to stop; either way everything that was started is dropped, and so ended.
fn interruptible(benchmark: impl Future<Output = Result<()>>) -> Result<()> {
    // One thread: the load must not need a second processor.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("the runtime could not be started")?;
    runtime.block_on(async {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            // First, so that the signals are caught before anything is started.
            biased;
            _ = tokio::signal::ctrl_c() => bail!("interrupted"),
            _ = terminate.recv() => bail!("terminated"),
            done = benchmark => done,
        }
    })
}
