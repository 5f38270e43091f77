//! Rounds in turns: A B A B ... What slows the machine down for a while then slows all of them.

use std::time::Duration;

use anyhow::{Context as _, Result};
use serde::Serialize;

use crate::{
    Measure,
    load::{Requests, Standing},
    server::Server,
};

/// How long each server is warmed up before anything counts.
const WARM_UP: Duration = Duration::from_secs(1);

/// One of those who are compared.
pub struct Contender {
    pub name: &'static str,
    pub server: Server,
    pub requests: Requests,
}

/// What was measured in a round.
#[derive(Clone, Copy, Serialize)]
pub struct Round {
    pub requests_per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// Processor time of the server, user and system, for each request, in microseconds.
    pub cpu_us: f64,
    /// The part of the round in which the server was running. Well below 1, somebody else had its processor, or the load was slower.
    pub busy: f64,
}

/// What one contender reached.
#[derive(Serialize)]
pub struct Score {
    pub name: &'static str,
    pub rounds: Vec<Round>,
    pub peak_mib: f64,
}

/// Lets them run in turns.
pub async fn hold(contenders: &[Contender], measure: &Measure) -> Result<Vec<Score>> {
    let mut scores: Vec<_> = contenders.iter().map(|contender| Score { name: contender.name, rounds: Vec::new(), peak_mib: 0.0 }).collect();
    for contender in contenders {
        round(contender, measure.connections, WARM_UP).await?;
    }
    for turn in 1..=measure.rounds {
        for (contender, score) in contenders.iter().zip(&mut scores) {
            let round = round(contender, measure.connections, Duration::from_secs(measure.seconds)).await?;
            eprintln!(
                "round {turn}: {:8} {:8.0} req/s, {:6.1} us of processor each",
                contender.name, round.requests_per_second, round.cpu_us
            );
            score.rounds.push(round);
            score.peak_mib = contender.server.peak_mib()?;
        }
    }
    Ok(scores)
}

async fn round(contender: &Contender, connections: u16, length: Duration) -> Result<Round> {
    let measured = async {
        let standing = Standing::open(contender.server.address, &contender.requests, connections).await?;
        let before = contender.server.processor_seconds()?;
        let outcome = standing.run(length).await?;
        let used = contender.server.processor_seconds()? - before;
        let at = |part: usize| outcome.latencies.get(outcome.latencies.len() * part / 100).map(|micros| f64::from(*micros) / 1000.0);
        let count = f64::from(u32::try_from(outcome.latencies.len())?);
        let elapsed = outcome.elapsed.as_secs_f64();
        anyhow::Ok(Round {
            requests_per_second: count / elapsed,
            p50_ms: at(50).context("no request was answered")?,
            p99_ms: at(99).context("no request was answered")?,
            cpu_us: used * 1e6 / count,
            busy: used / elapsed,
        })
    };
    measured.await.with_context(|| contender.name)
}
