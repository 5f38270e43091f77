//! `postigo`: the developer portal, authorization server, gateway and sandbox carrier in one program.

mod alone;
mod cli;
mod commands;
mod config;
mod demo;
mod doctor;
mod guard;
mod house;
mod listen;
mod log;
mod node;
mod outbound;
mod output;
mod paloma;
mod postman;
mod registration;
mod sign_on;
mod system;
mod telemetry;
mod tls;
mod try_it;
mod upstreams;
mod webhooks;

use std::process::ExitCode;

use clap::Parser as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // clap answers `--help` with 0 and wrong usage with 2.
    let cli = cli::Cli::parse();
    match cli.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One line, with its causes; never a trace.
            eprintln!("postigo: {error:#}");
            ExitCode::FAILURE
        }
    }
}
