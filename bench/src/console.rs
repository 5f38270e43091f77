//! `postigo-bench console`: how long staff wait for a list of a large house, on each engine, and how long a large catalogue takes in and out.

mod estate;
mod lists;
mod visitor;

use std::{path::PathBuf, time::Instant};

use anyhow::{Context as _, Result, ensure};
use clap::{Args, value_parser};
use serde::Serialize;
use serde_json::json;

use crate::cores::Cores;
use estate::Estate;
use visitor::{Answer, Visitor};

/// What a list may take until its first byte, in milliseconds.
const AIM: f64 = 100.0;
/// How often each is asked for before it is measured.
const WARM_UPS: u32 = 2;
/// How many times its next page is asked for to come to one in the middle.
const PAGES: u32 = 10;
/// The server that `cargo xtask postgres --` starts.
const POSTGRES: &str = "POSTIGO_TEST_POSTGRES";

/// How large the house is.
#[derive(Args)]
pub struct Size {
    /// Organisations; ten times as many access requests and audit entries come with them
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = value_parser!(i64).range(60_000..=1_000_000))]
    organisations: i64,
    /// APIs of the catalogue
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = value_parser!(i64).range(100..=10_000))]
    apis: i64,
    /// How often each list is asked for
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = value_parser!(u32).range(1..=1_000))]
    runs: u32,
    /// The program to measure [default: `postigo` beside this program]
    #[arg(long, value_name = "PATH")]
    pub postigo: Option<PathBuf>,
    /// Write every list's figures to this file too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// One list, in milliseconds to the first byte.
#[derive(Serialize)]
struct Waited {
    list: String,
    median: f64,
    worst: f64,
    bytes: usize,
}

/// Fills a house on every engine there is and asks it for every list.
pub async fn run(size: &Size, program: PathBuf, cores: Cores) -> Result<()> {
    println!("console, {} organisations, {} APIs, {} runs; {}", size.organisations, size.apis, size.runs, cores.describe());
    let mut all = serde_json::Map::new();
    let mut engines = vec![("SQLite", None)];
    match std::env::var(POSTGRES) {
        Ok(url) => engines.push(("PostgreSQL", Some(url))),
        Err(_) => println!(
            "without PostgreSQL: {POSTGRES} names no server; start with `cargo xtask postgres -- target/release/postigo-bench console`"
        ),
    }
    for (engine, url) in engines {
        let (estate, catalogue) = Estate::build(program.clone(), url.as_deref(), size.apis)?;
        println!("\n{engine}, a catalogue of {} APIs: {catalogue}", size.apis);
        estate.staff(cores).await?;
        let began = Instant::now();
        estate.fill(store::scale::Size { organisations: size.organisations, apis: size.apis }).await?;
        eprintln!("{engine}: filled in {:.0} s", began.elapsed().as_secs_f64());
        let waited = measure(&estate, size.runs, cores).await?;
        print(engine, &waited);
        all.insert(engine.to_owned(), json!({"catalogue_seconds": catalogue, "lists": waited}));
    }
    if let Some(file) = &size.json {
        std::fs::write(file, serde_json::to_string_pretty(&all)? + "\n").with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

async fn measure(estate: &Estate, runs: u32, cores: Cores) -> Result<Vec<Waited>> {
    let _server = estate.serve(cores).await?;
    let mut visitor = Visitor::sign_in(estate).await?;
    let pages = lists::CONSOLE.iter().map(|path| (*path).to_owned());
    let paths: Vec<String> = pages.chain(lists::MANAGEMENT.iter().map(|path| format!("/api/v1{path}"))).collect();
    let mut waited = Vec::new();
    for path in paths {
        waited.push(wait(&mut visitor, &path, path.clone(), runs).await?);
        let (mut middle, mut turned) = (path.clone(), 0);
        while turned < PAGES
            && let Some(next) = visitor.get(&middle).await?.next(&path)
        {
            middle = next;
            turned += 1;
        }
        if turned > 0 {
            waited.push(wait(&mut visitor, &middle, format!("{path} (page {})", turned + 1), runs).await?);
        }
    }
    waited.sort_by(|one, other| other.worst.total_cmp(&one.worst));
    Ok(waited)
}

async fn wait(visitor: &mut Visitor, path: &str, list: String, runs: u32) -> Result<Waited> {
    let mut times = Vec::new();
    let mut bytes = 0;
    for run in 0..WARM_UPS + runs {
        let answer: Answer = visitor.get(path).await?;
        ensure!(answer.status == 200, "{path} answered {}", answer.status);
        bytes = answer.body.len();
        if run >= WARM_UPS {
            times.push(answer.waited.as_secs_f64() * 1000.0);
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |at: usize| times.get(at).copied().unwrap_or(f64::NAN);
    Ok(Waited { list, median: at(times.len() / 2), worst: at(times.len().saturating_sub(1)), bytes })
}

fn print(engine: &str, waited: &[Waited]) {
    println!("\n| {engine}: list | median ms | worst ms | KiB | |\n| --- | ---: | ---: | ---: | --- |");
    for Waited { list, median, worst, bytes } in waited {
        println!("| {list} | {median:.1} | {worst:.1} | {} | {} |", bytes / 1024, if *worst > AIM { "over" } else { "" });
    }
    let over = waited.iter().filter(|list| list.worst > AIM).count();
    println!("\n{engine}: {} lists, {over} of them over {AIM} ms", waited.len());
}
