//! `postigo customer-key`.

use anyhow::{Context as _, Result};
use app::{Actor, App, customer_keys};
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
    /// List the customer keys of a project
    #[command(after_help = "Example:\n  postigo customer-key list --project 0197…")]
    List {
        #[arg(long)]
        project: ProjectId,
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
            Self::List { project, after, limit, plain } => {
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
