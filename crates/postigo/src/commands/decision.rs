//! `postigo decision`.

use std::time::Duration;

use anyhow::{Context as _, Result};
use app::App;
use clap::Args;
use serde_json::Value;
use tokio::time::Instant;
use uuid::Uuid;

use super::Plain;
use crate::output::line;

/// How long a decision may be on its way to the database.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  postigo decision 019a3c5e-7d1f-7c3a-9b2e-0123456789ab\n\nThe id is in the answer's X-Request-Id header (transactionId in FedEx' bodies)."
)]
pub struct Decision {
    /// The request id
    id: Uuid,
    #[command(flatten)]
    plain: Plain,
}

impl Decision {
    pub async fn run(self, app: &App) -> Result<()> {
        let kept = self.find(app).await?.with_context(|| {
            format!("no decision is kept under {}: refusals are kept for decision_retention_days, passed requests as decision_sample says; of token requests, refusals that name a client", self.id)
        })?;
        let report: Value = serde_json::from_str(&kept.detail)?;
        if self.plain.json {
            return line(&serde_json::to_string_pretty(&report)?);
        }
        print(&report)
    }
}

impl Decision {
    /// Nodes write decisions in batches: one that was made just now is there in a moment.
    async fn find(&self, app: &App) -> Result<Option<store::decisions::Kept>> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let found = store::decisions::find(app.db(), self.id).await?;
            if found.is_some() || Instant::now() >= deadline {
                return Ok(found);
            }
            tokio::time::sleep(PATIENCE / 10).await;
        }
    }
}

/// The report as people read it.
pub fn print(report: &Value) -> Result<()> {
    let text = |pointer: &str| report.pointer(pointer).and_then(Value::as_str).unwrap_or("-");
    line(&format!("{} {} {}", text("/request/method"), text("/request/path"), report["status"]))?;
    let took = report["micros"].as_u64().map(|micros| format!(", {micros} µs")).unwrap_or_default();
    line(&format!("  {} in {}, from {}{took}", text("/at"), text("/environment"), text("/request/address")))?;
    if report["caller"].is_object() {
        line(&format!("  project {}, client {}", text("/caller/project"), text("/caller/client_id")))?;
    }
    if report["api"].is_string() {
        line(&format!("  API {}, operation {}", text("/api"), text("/operation")))?;
    }
    for check in report["checks"].as_array().into_iter().flatten() {
        let sign = match check["verdict"].as_str() {
            Some("passed") => "✓",
            Some("refused") => "✗",
            _ => "·",
        };
        let name = check["check"].as_str().unwrap_or_default().replace('_', " ");
        line(&format!("  {sign} {name:15} {}", check["verdict"].as_str().unwrap_or_default()))?;
    }
    if let Some(explanation) = report["explanation"].as_str() {
        line(&format!("\n{explanation}"))?;
    }
    Ok(())
}
