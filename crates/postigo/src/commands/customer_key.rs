//! `postigo customer-key`.

use anyhow::{Context as _, Result};
use app::{Actor, App, acting, customer_keys};
use clap::Subcommand;
use domain::{ChildKey, Environment, ProjectId, contract::Standing};
use serde_json::json;

use super::Plain;

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
    /// List the customer keys of a project, or those that act for an account number, whosever they are
    #[command(
        group = clap::ArgGroup::new("whose").required(true).args(["project", "account"]),
        after_help = "Examples:\n  postigo customer-key list --project 0197…\n  postigo customer-key list --account 80000000 --environment production"
    )]
    List {
        #[arg(long)]
        project: Option<ProjectId>,
        /// Of every project, newest first
        #[arg(long, requires = "environment")]
        account: Option<String>,
        /// sandbox or production
        #[arg(long, conflicts_with = "project")]
        environment: Option<Environment>,
        /// Start after this key
        #[arg(long, default_value = "")]
        after: String,
        #[arg(long, default_value_t = 100)]
        limit: i64,
        #[command(flatten)]
        plain: Plain,
    },
    /// Show a customer key
    #[command(after_help = "Example:\n  postigo customer-key show sbx_ck_…")]
    Show {
        #[arg(value_parser = child_key)]
        id: ChildKey,
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
            Self::List { account: Some(account), environment: Some(environment), after, limit, plain, .. } => {
                let after = Some(after).filter(|after| !after.is_empty()).map(ChildKey::from);
                let (keys, _) = acting::of_account(app, actor, environment, &account, after, limit).await?;
                let columns = ["id", "organisation", "project", "status", "created_at", "last_used_at", "stopped_at"];
                plain.output().many(&keys, &columns, "No customer key for this account number.")
            }
            Self::List { project, after, limit, plain, .. } => {
                let project = project.context("name a project or an account number")?;
                let keys = store::customer_keys::page(app.db(), project, &after, limit.clamp(1, 10_000)).await?;
                let columns = ["id", "environment", "account_number", "status", "created_at"];
                plain.output().many(&keys, &columns, "No customer key in this project.")
            }
            Self::Show { id, plain } => {
                let found = store::customer_keys::find(app.db(), &id).await?.with_context(|| format!("there is no customer key {id}"))?;
                let mut shown = serde_json::to_value(found)?;
                if let Some(consent) = store::consents::of_key(app.db(), &id).await? {
                    shown["consent"] = serde_json::to_value(consent)?;
                }
                if let Some(stopped) = store::acting::stopped(app.db(), &id).await? {
                    shown["stopped"] = serde_json::to_value(stopped)?;
                }
                plain.output().one(&shown)
            }
            Self::Suspend { id, plain } => {
                customer_keys::set_status(app, actor, &id, Standing::Suspended).await?;
                plain.output().done(&format!("Customer key {id} is suspended: its tokens stop within a second."))
            }
            Self::Resume { id, plain } => {
                customer_keys::set_status(app, actor, &id, Standing::Active).await?;
                plain.output().done(&format!("Customer key {id} may act again."))
            }
        }
    }
}
