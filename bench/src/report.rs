//! What came out: a table for people, everything for programs.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Serialize;
use serde_json::json;

use crate::{
    Measure,
    contest::{Round, Score},
    cores::Cores,
};

/// The name of the server that does nothing but the work itself.
pub const LIMIT: &str = "limit";

/// The middle of some values, with their ends.
#[derive(Clone, Copy, Serialize)]
struct Spread {
    median: f64,
    lowest: f64,
    highest: f64,
}

impl Spread {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        let at = |at: usize| values.get(at).copied().unwrap_or(f64::NAN);
        let middle = values.len() / 2;
        let median = if values.len() % 2 == 1 { at(middle) } else { f64::midpoint(at(middle.wrapping_sub(1)), at(middle)) };
        Self { median, lowest: at(0), highest: at(values.len().wrapping_sub(1)) }
    }

    fn print(self, digits: usize) -> String {
        format!("{:.digits$} ({:.digits$}-{:.digits$})", self.median, self.lowest, self.highest)
    }
}

/// One figure of a round.
type Figure = fn(&Round) -> f64;

/// What is compared of two rounds.
const COMPARED: [(&str, Figure); 4] = [
    ("cpu_us", |round| round.cpu_us),
    ("requests_per_second", |round| round.requests_per_second),
    ("p50_ms", |round| round.p50_ms),
    ("p99_ms", |round| round.p99_ms),
];

/// Prints the table and the ratios, and writes the file when one is asked for.
pub fn give(benchmark: &str, measure: &Measure, cores: Cores, scores: &[Score]) -> Result<()> {
    let machine = machine();
    let Measure { seconds, rounds, connections, .. } = measure;
    println!(
        "{benchmark}: {connections} connections, {rounds} rounds of {seconds} s in turns; medians, in parentheses the lowest and highest round"
    );
    println!("{machine}; {}\n", cores.describe());

    println!("{:8} {:>26} {:>22} {:>22} {:>22} {:>5} {:>9}", "", "CPU us/request", "requests/s", "p50 ms", "p99 ms", "busy", "peak MiB");
    for score in scores {
        let spread = |read: Figure| Spread::of(score.rounds.iter().map(read));
        println!(
            "{:8} {:>26} {:>22} {:>22} {:>22} {:>5.2} {:>9.1}",
            score.name,
            spread(|round| round.cpu_us).print(1),
            spread(|round| round.requests_per_second).print(0),
            spread(|round| round.p50_ms).print(2),
            spread(|round| round.p99_ms).print(2),
            spread(|round| round.busy).median,
            score.peak_mib
        );
    }

    let mut ratios = serde_json::Map::new();
    if let Some(limit) = scores.iter().find(|score| score.name == LIMIT) {
        println!();
        for score in scores.iter().filter(|score| score.name != LIMIT) {
            let mut own = serde_json::Map::new();
            for (what, read) in COMPARED {
                // Each round against the one beside it, which met the same noise.
                let ratio = Spread::of(score.rounds.iter().zip(&limit.rounds).map(|(own, limit)| read(own) / read(limit)));
                println!("{} / {LIMIT}, {what:20} {}", score.name, ratio.print(2));
                own.insert(what.to_owned(), json!(ratio));
            }
            ratios.insert(format!("{}/{LIMIT}", score.name), own.into());
        }
    }
    if let Some(file) = &measure.json {
        let everything = json!({
            "benchmark": benchmark, "connections": connections, "seconds": seconds, "machine": machine, "placement": cores.describe(),
            "contenders": scores, "ratios": ratios,
        });
        write(file, &everything)?;
    }
    Ok(())
}

fn write(file: &Path, everything: &serde_json::Value) -> Result<()> {
    std::fs::write(file, serde_json::to_string_pretty(everything)? + "\n").with_context(|| format!("cannot write {}", file.display()))
}

fn machine() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':')).map_or("unknown processor", |(_, name)| name.trim());
    let count = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    // After pinning this process itself may use one only.
    let count = text.lines().filter(|line| line.starts_with("processor")).count().max(count);
    format!("{count} x {model}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_in_the_middle_of_an_odd_or_even_number_of_values() {
        let spread = |values: &[f64]| Spread::of(values.iter().copied());
        assert_eq!(spread(&[3.0, 1.0, 2.0]).print(1), "2.0 (1.0-3.0)");
        assert_eq!(spread(&[4.0, 1.0, 2.0, 3.0]).print(1), "2.5 (1.0-4.0)");
        assert_eq!(spread(&[7.0]).print(0), "7 (7-7)");
    }
}
