//! `postigo contract`.

use anyhow::{Context as _, Result};
use app::{Actor, App, contracts, organisations};
use clap::Subcommand;
use domain::{ContractId, contract::ContractStatus};

use super::Plain;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Link a contract to an organisation; it waits for activation
    #[command(
        after_help = "Example:\n  postigo contract create --organisation 'Librería Cervantes' --number 54000001 --client-number 80000001 --labeller LCE1"
    )]
    Create {
        /// Id or name
        #[arg(long)]
        organisation: String,
        /// 8 digits
        #[arg(long)]
        number: String,
        /// 8 digits
        #[arg(long)]
        client_number: String,
        /// 4 capital letters or digits
        #[arg(long)]
        labeller: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// List the contracts of an organisation, or all in one state
    #[command(after_help = "Example:\n  postigo contract list --status pending")]
    List {
        #[arg(long, conflicts_with = "status")]
        organisation: Option<String>,
        /// pending, active, suspended or ended
        #[arg(long, default_value = "pending")]
        status: ContractStatus,
        #[command(flatten)]
        plain: Plain,
    },
    /// Show a contract
    #[command(after_help = "Example:\n  postigo contract show 0197…")]
    Show {
        id: ContractId,
        #[command(flatten)]
        plain: Plain,
    },
    /// Confirm a contract: its organisation may create production clients
    #[command(after_help = "Example:\n  postigo contract activate 0197…")]
    Activate {
        id: ContractId,
        #[command(flatten)]
        plain: Plain,
    },
    /// Stop a contract for now
    #[command(after_help = "Example:\n  postigo contract suspend 0197… --reason 'invoices unpaid'")]
    Suspend {
        id: ContractId,
        /// Its organisation reads it in the portal and by mail
        #[arg(long)]
        reason: Option<String>,
        #[command(flatten)]
        plain: Plain,
    },
    /// End a contract for good
    #[command(after_help = "Example:\n  postigo contract end 0197… --reason 'invoices unpaid'")]
    End {
        id: ContractId,
        /// Its organisation reads it in the portal and by mail
        #[arg(long)]
        reason: Option<String>,
        #[command(flatten)]
        plain: Plain,
    },
}

impl Command {
    pub async fn run(self, app: &App, actor: &Actor) -> Result<()> {
        match self {
            Self::Create { organisation, number, client_number, labeller, plain } => {
                let owner = organisations::find(app, actor, &organisation).await?;
                plain.output().one(&contracts::link(app, actor, owner.id, &number, &client_number, &labeller).await?)
            }
            Self::List { organisation, status, plain } => {
                let contracts = match organisation {
                    Some(organisation) => {
                        store::contracts::of_organisation(app.db(), organisations::find(app, actor, &organisation).await?.id).await?
                    }
                    None => store::contracts::with_status(app.db(), status).await?,
                };
                plain.output().many(
                    &contracts,
                    &["id", "number", "client_number", "labeller", "status", "organisation_id"],
                    "No contract here.",
                )
            }
            Self::Show { id, plain } => {
                let found = store::contracts::find(app.db(), id).await?;
                plain.output().one(&found.with_context(|| format!("there is no contract {id}"))?)
            }
            Self::Activate { id, plain } => set(app, actor, id, ContractStatus::Active, None, plain).await,
            Self::Suspend { id, reason, plain } => set(app, actor, id, ContractStatus::Suspended, reason, plain).await,
            Self::End { id, reason, plain } => set(app, actor, id, ContractStatus::Ended, reason, plain).await,
        }
    }
}

async fn set(app: &App, actor: &Actor, id: ContractId, status: ContractStatus, reason: Option<String>, plain: Plain) -> Result<()> {
    contracts::set_status(app, actor, id, status, reason.as_deref()).await?;
    plain.output().done(&format!("Contract {id} is {status}."))
}
