//! `postigo plan`.

use anyhow::{Result, bail};
use app::{Actor, App, plans};
use clap::Subcommand;
use domain::plan::{HousePlan, Quota, Rate, Title};
use serde_json::json;

use super::Plain;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the plans of the house, with the APIs that offer them and how many projects hold them
    #[command(after_help = "Example:\n  postigo plan list")]
    List {
        #[command(flatten)]
        plain: Plain,
    },
    /// Show a plan
    #[command(after_help = "Example:\n  postigo plan show standard")]
    Show {
        name: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// Make a plan, or change its limits: what is left out is not limited
    #[command(after_help = "Example:\n  postigo plan put standard --title-es Estándar --title-en Standard --rate 1400/10 --quota 500000")]
    Put {
        /// a-z, 0-9 and -
        name: String,
        /// What people call it in Spanish; left out: as it is
        #[arg(long)]
        title_es: Option<String>,
        /// What people call it in English; left out: as it is
        #[arg(long)]
        title_en: Option<String>,
        /// Requests in a window, for each project and API: REQUESTS/SECONDS
        #[arg(long, value_parser = rate)]
        rate: Option<Rate>,
        /// Requests a day, for each project and API
        #[arg(long)]
        quota: Option<u32>,
        /// Refuse unless the plan still has this version, as `plan show` says
        #[arg(long)]
        version: Option<i64>,
        #[command(flatten)]
        plain: Plain,
    },
    /// Remove a plan that no API offers
    #[command(after_help = "Example:\n  postigo plan remove trial")]
    Remove {
        name: String,
        #[command(flatten)]
        plain: Plain,
    },
}

impl Command {
    pub async fn run(self, app: &App, actor: &Actor) -> Result<()> {
        match self {
            Self::List { plain } => {
                let plans = plans::list(app, actor).await?;
                let output = plain.output();
                let none = "No plan of the house. Make one with `postigo plan put`.";
                if output.json {
                    return output.many(&plans, &[], none);
                }
                output.many(&plans.iter().map(brief).collect::<Vec<_>>(), &["name", "rate", "quota", "apis", "projects"], none)
            }
            Self::Show { name, plain } => plain.output().one(&plans::find(app, actor, &name).await?),
            Self::Put { name, title_es, title_en, rate, quota, version, plain } => {
                let present = match plans::find(app, actor, &name).await {
                    Ok(present) => Some(present),
                    Err(app::Error::NotFound { .. }) => None,
                    Err(error) => return Err(error.into()),
                };
                let title = present.as_ref().map(|present| present.plan.title.clone()).unwrap_or_default();
                let title = Title { es: title_es.unwrap_or(title.es), en: title_en.unwrap_or(title.en) };
                if title.es.is_empty() || title.en.is_empty() {
                    bail!("a new plan needs --title-es and --title-en: what people call it in both languages");
                }
                if present.is_none() && version.is_some() {
                    bail!("there is no plan {name}");
                }
                let plan = HousePlan { name, title, rate, quota: quota.map(|requests| Quota { requests }) };
                let version = present.map(|present| version.unwrap_or(present.version));
                let plan = plans::put(app, actor, plan, version).await?;
                plain.output().one(&plans::find(app, actor, &plan.name).await?)
            }
            Self::Remove { name, plain } => {
                plans::remove(app, actor, &name).await?;
                plain.output().done(&format!("The plan {name} is gone."))
            }
        }
    }
}

/// A plan on one line of a table.
fn brief(plan: &plans::PlanInUse) -> serde_json::Value {
    json!({
        "name": plan.plan.name,
        "rate": plan.plan.rate.map(|rate| format!("{}/{}", rate.requests, rate.window_seconds)),
        "quota": plan.plan.quota.map(|quota| quota.requests),
        "apis": plan.apis.iter().map(domain::ApiName::as_str).collect::<Vec<_>>().join(", "),
        "projects": plan.projects,
    })
}

/// A rate as it is typed: `1400/10`.
fn rate(text: &str) -> Result<Rate, String> {
    let wrong = || format!("{text:?} is not a rate; write requests and seconds: 1400/10");
    let (requests, window) = text.split_once('/').ok_or_else(wrong)?;
    Ok(Rate { requests: requests.parse().map_err(|_| wrong())?, window_seconds: window.parse().map_err(|_| wrong())? })
}
