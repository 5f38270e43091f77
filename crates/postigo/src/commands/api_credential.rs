//! `postigo api-credential`.

use anyhow::Result;
use app::{Actor, App, api_credentials};
use clap::Subcommand;
use domain::{Environment, ProjectId};

use super::Plain;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Issue another API credential, to replace the one before
    #[command(after_help = "Example:\n  postigo api-credential create --project 0197… --environment sandbox")]
    Create {
        #[arg(long)]
        project: ProjectId,
        /// sandbox or production
        #[arg(long)]
        environment: Environment,
        #[command(flatten)]
        plain: Plain,
    },
    /// List the API credentials of a project (never their secrets)
    #[command(after_help = "Example:\n  postigo api-credential list --project 0197…")]
    List {
        #[arg(long)]
        project: ProjectId,
        #[command(flatten)]
        plain: Plain,
    },
}

impl Command {
    pub async fn run(self, app: &App, actor: &Actor) -> Result<()> {
        match self {
            Self::Create { project, environment, plain } => {
                let issued = api_credentials::create(app, actor, project, environment).await?;
                super::issued(plain.output(), serde_json::to_value(&issued.record)?, "client_secret", &issued.secret)
            }
            Self::List { project, plain } => {
                let credentials = store::api_credentials::of_project(app.db(), project).await?;
                let columns = ["id", "environment", "prefix", "created_at", "revoked_at"];
                plain.output().many(&credentials, &columns, "None yet: the first comes with the first approved API that asks for it.")
            }
        }
    }
}
