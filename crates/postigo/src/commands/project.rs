//! `postigo project`.

use anyhow::Result;
use app::{Actor, App, organisations, projects};
use clap::Subcommand;
use domain::ProjectId;
use serde_json::json;

use super::Plain;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create a project with a sandbox client
    #[command(after_help = "Example:\n  postigo project create 'Web shop' --organisation 'Librería Cervantes'")]
    Create {
        name: String,
        /// Id or name
        #[arg(long)]
        organisation: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// List projects, of one organisation or all
    #[command(after_help = "Example:\n  postigo project list --organisation 'Librería Cervantes'")]
    List {
        #[arg(long)]
        organisation: Option<String>,
        /// Start after this project id
        #[arg(long, default_value = "")]
        after: String,
        #[arg(long, default_value_t = 100)]
        limit: i64,
        #[command(flatten)]
        plain: Plain,
    },
    /// Show a project with its clients, grants and API credentials
    #[command(after_help = "Example:\n  postigo project show 0197…")]
    Show {
        id: ProjectId,
        #[command(flatten)]
        plain: Plain,
    },
}

impl Command {
    pub async fn run(self, app: &App, actor: &Actor) -> Result<()> {
        match self {
            Self::Create { name, organisation, plain } => {
                let owner = organisations::find(app, actor, &organisation).await?;
                let created = projects::create(app, actor, owner.id, &name).await?;
                let thing = json!({
                    "project_id": created.project.id, "name": created.project.name, "organisation_id": owner.id,
                    "environment": created.client.client.environment, "client_id": created.client.client.id,
                });
                super::issued(plain.output(), thing, "client_secret", &created.client.secret.secret)
            }
            Self::List { organisation, after, limit, plain } => {
                let projects = match organisation {
                    Some(organisation) => {
                        store::projects::of_organisation(app.db(), organisations::find(app, actor, &organisation).await?.id).await?
                    }
                    None => store::projects::page(app.db(), &after, limit.clamp(1, 10_000)).await?,
                };
                plain.output().many(
                    &projects,
                    &["id", "name", "organisation_id", "created_at"],
                    "No project here: postigo project create NAME --organisation ORGANISATION",
                )
            }
            Self::Show { id, plain } => {
                let mut thing = serde_json::to_value(projects::find(app, actor, id).await?)?;
                thing["clients"] = serde_json::to_value(store::clients::of_project(app.db(), id).await?)?;
                thing["grants"] = serde_json::to_value(store::grants::of_project(app.db(), id).await?)?;
                thing["api_credentials"] = serde_json::to_value(store::api_credentials::of_project(app.db(), id).await?)?;
                plain.output().one(&thing)
            }
        }
    }
}
