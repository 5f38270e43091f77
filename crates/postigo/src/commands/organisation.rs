//! `postigo organisation`.

use anyhow::Result;
use app::{Actor, App, organisations, records::NoteId};
use clap::Subcommand;
use domain::{CustomerType, contract::Standing};
use serde_json::json;

use super::Plain;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create an organisation with a first sandbox project and its credentials
    #[command(after_help = "Example:\n  postigo organisation create 'Librería Cervantes' --type customer")]
    Create {
        name: String,
        /// customer, integrator, compatible_provider, proprietary_parent or internal
        #[arg(long = "type", default_value = "customer")]
        customer_type: CustomerType,
        /// Name of the first project
        #[arg(long, default_value = "First project")]
        project: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// List organisations by name
    #[command(after_help = "Example:\n  postigo organisation list --json")]
    List {
        /// Start after this name
        #[arg(long, default_value = "")]
        after: String,
        #[arg(long, default_value_t = 100)]
        limit: i64,
        #[command(flatten)]
        plain: Plain,
    },
    /// Show an organisation with its projects and contracts
    #[command(after_help = "Example:\n  postigo organisation show 'Librería Cervantes'")]
    Show {
        /// Id or name
        organisation: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// Stop all its clients within a second
    #[command(after_help = "Example:\n  postigo organisation suspend 'Librería Cervantes' --reason 'invoice overdue'")]
    Suspend {
        organisation: String,
        /// Its members read it in the portal, and its owners and admins by mail
        #[arg(long)]
        reason: Option<String>,
        #[command(flatten)]
        plain: Plain,
    },
    /// Let its clients act again
    #[command(after_help = "Example:\n  postigo organisation resume 'Librería Cervantes' --reason 'invoice paid'")]
    Resume {
        organisation: String,
        /// Kept in the audit log
        #[arg(long)]
        reason: Option<String>,
        #[command(flatten)]
        plain: Plain,
    },
    /// Write, list or remove what the operator's staff should know of it; its members never see it
    #[command(
        after_help = "Examples:\n  postigo organisation note 'Librería Cervantes' 'Pays late: ask Ana before suspending it'\n  postigo organisation note 'Librería Cervantes'\n  postigo organisation note 'Librería Cervantes' --remove 0197…"
    )]
    Note {
        organisation: String,
        /// What it says; without it the notes are listed
        #[arg(conflicts_with = "remove")]
        text: Option<String>,
        /// The note to remove
        #[arg(long, value_name = "NOTE")]
        remove: Option<NoteId>,
        #[command(flatten)]
        plain: Plain,
    },
    /// Change what it is to the carrier
    #[command(after_help = "Example:\n  postigo organisation set-type 'Envíos Unidos' integrator")]
    SetType {
        organisation: String,
        customer_type: CustomerType,
        #[command(flatten)]
        plain: Plain,
    },
}

impl Command {
    pub async fn run(self, app: &App, actor: &Actor) -> Result<()> {
        match self {
            Self::Create { name, customer_type, project, plain } => {
                let founded = organisations::create(app, actor, &name, customer_type, &project).await?;
                let client = &founded.first.client;
                let thing = json!({
                    "organisation_id": founded.organisation.id, "name": founded.organisation.name, "customer_type": customer_type,
                    "project_id": founded.first.project.id, "project": founded.first.project.name,
                    "environment": client.client.environment, "client_id": client.client.id,
                });
                super::issued(plain.output(), thing, "client_secret", &client.secret.secret)
            }
            Self::List { after, limit, plain } => {
                let organisations = store::organisations::page(app.db(), &after, limit.clamp(1, 10_000)).await?;
                plain.output().many(
                    &organisations,
                    &["id", "name", "customer_type", "status"],
                    "No organisation yet: postigo organisation create NAME",
                )
            }
            Self::Show { organisation, plain } => {
                let organisation = organisations::find(app, actor, &organisation).await?;
                let mut thing = serde_json::to_value(&organisation)?;
                thing["projects"] = serde_json::to_value(store::projects::of_organisation(app.db(), organisation.id).await?)?;
                thing["contracts"] = serde_json::to_value(store::contracts::of_organisation(app.db(), organisation.id).await?)?;
                thing["stopped"] = serde_json::to_value(store::organisations::stopped(app.db(), organisation.id).await?)?;
                plain.output().one(&thing)
            }
            Self::Suspend { organisation, reason, plain } => {
                let found = organisations::find(app, actor, &organisation).await?;
                organisations::set_status(app, actor, found.id, Standing::Suspended, reason.as_deref()).await?;
                plain.output().done(&format!("{} is suspended: its tokens and clients stop within a second.", found.name))
            }
            Self::Note { organisation, text, remove, plain } => {
                let found = organisations::find(app, actor, &organisation).await?;
                match (text, remove) {
                    (Some(text), _) => plain.output().one(&organisations::add_note(app, actor, found.id, &text).await?),
                    (None, Some(note)) => {
                        organisations::remove_note(app, actor, found.id, note).await?;
                        plain.output().done(&format!("Note {note} is gone."))
                    }
                    (None, None) => {
                        let notes = organisations::dossier(app, actor, found.id).await?.notes;
                        plain.output().many(&notes, &["id", "author", "text", "created_at"], "No note on this organisation.")
                    }
                }
            }
            Self::Resume { organisation, reason, plain } => {
                let found = organisations::find(app, actor, &organisation).await?;
                organisations::set_status(app, actor, found.id, Standing::Active, reason.as_deref()).await?;
                plain.output().done(&format!("{} may act again.", found.name))
            }
            Self::SetType { organisation, customer_type, plain } => {
                let found = organisations::find(app, actor, &organisation).await?;
                organisations::set_customer_type(app, actor, found.id, customer_type).await?;
                plain.output().done(&format!("{} is now a {customer_type}.", found.name))
            }
        }
    }
}
