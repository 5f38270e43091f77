//! `postigo customer-key`.

use std::io::Write as _;

use anyhow::{Context as _, Result};
use app::{
    Actor, App, acting, consents,
    customer_keys::{self, Filter},
};
use clap::{Args, Subcommand};
use domain::{
    ChildKey, Environment, OrganisationId, ProjectId,
    contract::Standing,
    customer_key::Limits,
    plan::{Quota, Rate},
    rotation::Overlap,
};
use serde_json::json;

use super::Plain;

/// How much a customer key may ask for, of all APIs together.
#[derive(Debug, Args)]
pub struct Amount {
    /// Requests in a window; left out: no rate limit
    #[arg(long, value_name = "REQUESTS")]
    rate: Option<u32>,
    /// Seconds of the window: 1 to 86400
    #[arg(long, value_name = "SECONDS", default_value_t = 60, requires = "rate")]
    window: u32,
    /// Requests in a day that ends at 00:00 UTC; left out: no quota
    #[arg(long, value_name = "REQUESTS")]
    quota: Option<u32>,
}

impl From<Amount> for Limits {
    fn from(Amount { rate, window, quota }: Amount) -> Self {
        Self { rate: rate.map(|requests| Rate { requests, window_seconds: window }), quota: quota.map(|requests| Quota { requests }) }
    }
}

/// Which customer keys of the project.
#[derive(Debug, Args)]
pub struct Which {
    /// Only in this environment: sandbox or production
    #[arg(long)]
    environment: Option<Environment>,
    /// Only in this state: active, suspended or revoked
    #[arg(long)]
    status: Option<Standing>,
    /// Only for this account number, or the key with this public half
    #[arg(long, default_value = "")]
    account_number: String,
}

impl From<Which> for Filter {
    fn from(Which { environment, status, account_number }: Which) -> Self {
        Self { environment, status, text: account_number, after: None }
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Issue a customer key: the project may act for this account number
    #[command(after_help = "Example:\n  postigo customer-key create --project 0197… --environment sandbox --account-number 740561073")]
    Create {
        #[arg(long)]
        project: ProjectId,
        /// sandbox or production
        #[arg(long)]
        environment: Environment,
        #[arg(long)]
        account_number: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// List the customer keys of a project, or those that act for an account number, whosever they are; newest first
    #[command(
        group = clap::ArgGroup::new("whose").required(true).args(["project", "account"]),
        after_help = "Examples:\n  postigo customer-key list --project 0197…\n  postigo customer-key list --account 80000000 --environment production"
    )]
    List {
        #[arg(long)]
        project: Option<ProjectId>,
        /// Of every project
        #[arg(long, requires = "environment", conflicts_with_all = ["status", "account_number"])]
        account: Option<String>,
        #[command(flatten)]
        filter: Which,
        /// Start after this key
        #[arg(long, value_parser = child_key)]
        after: Option<ChildKey>,
        #[arg(long, default_value_t = 100)]
        limit: i64,
        #[command(flatten)]
        plain: Plain,
    },
    /// Write the customer keys of a project to standard output as CSV, newest first and without their secrets
    #[command(after_help = "Example:\n  postigo customer-key export --project 0197… --status active > keys.csv")]
    Export {
        #[arg(long)]
        project: ProjectId,
        #[command(flatten)]
        filter: Which,
    },
    /// Show a customer key
    #[command(after_help = "Example:\n  postigo customer-key show sbx_ck_…")]
    Show {
        #[arg(value_parser = child_key)]
        id: ChildKey,
        #[command(flatten)]
        plain: Plain,
    },
    /// Replace the secret of a customer key; the one before works on for the overlap you choose
    #[command(after_help = "Example:\n  postigo customer-key rotate sbx_ck_… --overlap 24h")]
    Rotate {
        #[arg(value_parser = child_key)]
        id: ChildKey,
        /// How long the secret before still works: now, 24h, 7d, 30d
        #[arg(long)]
        overlap: Overlap,
        #[command(flatten)]
        plain: Plain,
    },
    /// Stop a customer key and its tokens; no other key is touched
    #[command(after_help = "Example:\n  postigo customer-key suspend sbx_ck_…")]
    Suspend {
        #[arg(value_parser = child_key)]
        id: ChildKey,
        #[command(flatten)]
        plain: Plain,
    },
    /// Let a customer key act again
    #[command(after_help = "Example:\n  postigo customer-key resume sbx_ck_…")]
    Resume {
        #[arg(value_parser = child_key)]
        id: ChildKey,
        #[command(flatten)]
        plain: Plain,
    },
    /// Revoke a customer key for good
    #[command(after_help = "Example:\n  postigo customer-key revoke sbx_ck_…")]
    Revoke {
        #[arg(value_parser = child_key)]
        id: ChildKey,
        #[command(flatten)]
        plain: Plain,
    },
    /// Stop a customer key for good in the name of the organisation that holds its account number; the platform is told by mail
    #[command(after_help = "Example:\n  postigo customer-key stop prd_ck_… --organisation 0197… --reason \"They asked by telephone\"")]
    Stop {
        #[arg(value_parser = child_key)]
        id: ChildKey,
        /// Whose account number it is
        #[arg(long)]
        organisation: OrganisationId,
        /// What the platform reads
        #[arg(long)]
        reason: Option<String>,
        /// Every key of its project for the organisation's account numbers
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        plain: Plain,
    },
    /// Limit what may be asked for with a customer key, or with none of its options lift every limit of it; no other key is touched
    #[command(
        after_help = "Examples:\n  postigo customer-key limit sbx_ck_… --rate 100 --window 60 --quota 10000\n  postigo customer-key limit sbx_ck_… --as-project"
    )]
    Limit {
        #[arg(value_parser = child_key)]
        id: ChildKey,
        #[command(flatten)]
        amount: Amount,
        /// As the project says for each of its keys
        #[arg(long, conflicts_with_all = ["rate", "quota"])]
        as_project: bool,
        #[command(flatten)]
        plain: Plain,
    },
    /// Limit what may be asked for with each customer key of a project that has no limits of its own
    #[command(after_help = "Example:\n  postigo customer-key limit-all --project 0197… --environment production --quota 10000")]
    LimitAll {
        #[arg(long)]
        project: ProjectId,
        /// sandbox or production
        #[arg(long)]
        environment: Environment,
        #[command(flatten)]
        amount: Amount,
        #[command(flatten)]
        plain: Plain,
    },
    /// Bind a customer key to a public key of its project's client: no secret is enough for it any more
    #[command(after_help = "Example:\n  postigo customer-key bind sbx_ck_… --to kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")]
    Bind {
        #[arg(value_parser = child_key)]
        id: ChildKey,
        /// The public key's thumbprint
        #[arg(long, allow_hyphen_values = true)]
        to: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// Free a customer key: the client's secret is enough for it again
    #[command(after_help = "Example:\n  postigo customer-key unbind sbx_ck_…")]
    Unbind {
        #[arg(value_parser = child_key)]
        id: ChildKey,
        #[command(flatten)]
        plain: Plain,
    },
}

#[expect(clippy::unnecessary_wraps, reason = "the form of a value parser")]
fn child_key(text: &str) -> Result<ChildKey, std::convert::Infallible> {
    Ok(ChildKey::from(text))
}

impl Command {
    pub async fn run(self, app: &App, actor: &Actor) -> Result<()> {
        match self {
            Self::Create { project, environment, account_number, plain } => {
                let issued = customer_keys::create(app, actor, project, environment, &account_number).await?;
                let thing = json!({"child_key": issued.record.id, "project_id": project, "environment": environment, "account_number": issued.record.account_number});
                super::issued(plain.output(), thing, "child_secret", &issued.secret)
            }
            Self::List { account: Some(account), filter: Which { environment: Some(environment), .. }, after, limit, plain, .. } => {
                let (keys, _) = acting::of_account(app, actor, environment, &account, after, limit).await?;
                let columns = ["id", "organisation", "project", "status", "created_at", "last_used_at", "stopped_at"];
                plain.output().many(&keys, &columns, "No customer key for this account number.")
            }
            Self::List { project, filter, after, limit, plain, .. } => {
                let project = project.context("name a project or an account number")?;
                let filter = Filter { after, ..filter.into() };
                let keys = store::customer_keys::listed(app.db(), project, &filter, limit.clamp(1, 10_000)).await?;
                let columns = ["id", "environment", "account_number", "status", "created_at"];
                plain.output().many(&keys, &columns, "No customer key in this project.")
            }
            Self::Export { project, filter } => {
                let mut export = customer_keys::export(app, actor, project, &filter.into()).await?;
                while let Some(piece) = export.next(app).await? {
                    std::io::stdout().lock().write_all(piece.as_bytes())?;
                }
                Ok(())
            }
            Self::Show { id, plain } => {
                let found = store::customer_keys::find(app.db(), &id).await?.with_context(|| format!("there is no customer key {id}"))?;
                let mut shown = serde_json::to_value(found)?;
                if let Some(standing) = consents::of_key(app, actor, &id).await? {
                    shown["consent"] = serde_json::to_value(standing)?;
                }
                if let Some(stopped) = store::acting::stopped(app.db(), &id).await? {
                    shown["stopped"] = serde_json::to_value(stopped)?;
                }
                shown["limits"] = serde_json::to_value(customer_keys::limits(app, actor, &id).await?)?;
                shown["usage"] = serde_json::to_value(customer_keys::usage(app, actor, &id).await?)?;
                plain.output().one(&shown)
            }
            Self::Rotate { id, overlap, plain } => {
                let issued = customer_keys::rotate(app, actor, &id, overlap).await?;
                let thing = json!({"child_key": id, "account_number": issued.record.account_number, "previous_until": issued.record.previous_until});
                super::issued(plain.output(), thing, "child_secret", &issued.secret)
            }
            Self::Suspend { id, plain } => {
                customer_keys::set_status(app, actor, &id, Standing::Suspended).await?;
                plain.output().done(&format!("Customer key {id} is suspended: its tokens stop within a second."))
            }
            Self::Resume { id, plain } => {
                customer_keys::set_status(app, actor, &id, Standing::Active).await?;
                plain.output().done(&format!("Customer key {id} may act again."))
            }
            Self::Revoke { id, plain } => {
                customer_keys::set_status(app, actor, &id, Standing::Revoked).await?;
                plain.output().done(&format!("Customer key {id} is revoked: its tokens stop within a second."))
            }
            Self::Stop { id, organisation, reason, all: false, plain } => {
                acting::stop(app, actor, organisation, &id, reason.as_deref()).await?;
                plain.output().done(&format!("Customer key {id} is stopped for good, and its project's people are told."))
            }
            Self::Stop { id, organisation, reason, all: true, plain } => {
                let keys = acting::stop_all(app, actor, organisation, &id, reason.as_deref()).await?;
                plain.output().done(&format!("Customer keys stopped for good: {keys}. Their project's people are told."))
            }
            Self::Limit { id, amount, as_project, plain } => {
                let own = (!as_project).then(|| amount.into());
                customer_keys::set_limits(app, actor, &id, own).await?;
                plain.output().done(&format!("What may be asked for with customer key {id} holds within a second."))
            }
            Self::LimitAll { project, environment, amount, plain } => {
                customer_keys::set_project_limits(app, actor, project, environment, amount.into()).await?;
                plain.output().done("What may be asked for with each customer key holds within a second.")
            }
            Self::Bind { id, to, plain } => {
                customer_keys::bind(app, actor, &id, &to).await?;
                plain.output().done(&format!("Customer key {id} is bound to {to}: tokens that were got otherwise stop within a second."))
            }
            Self::Unbind { id, plain } => {
                customer_keys::unbind(app, actor, &id).await?;
                plain.output().done(&format!("Customer key {id} is free: the client's secret is enough for it."))
            }
        }
    }
}
