//! `postigo announcement`.

use anyhow::Result;
use app::{
    Actor, App,
    announcements::{self, Draft},
};
use clap::{Args, Subcommand};
use domain::{AnnouncementId, Environment, Timestamp, announcement::Kind};

use super::Plain;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the announcements, the latest first, drafts too
    #[command(after_help = "Example:\n  postigo announcement list")]
    List {
        #[arg(long, default_value_t = 50)]
        limit: i64,
        #[command(flatten)]
        plain: Plain,
    },
    /// Tell everybody something: it is published at once
    #[command(
        after_help = "Example:\n  postigo announcement create --kind incident --environment production --title-es 'Etiquetas con retraso' \\\n    --title-en 'Labels are late' --text-es 'Estamos en ello.' --text-en 'We are on it.'"
    )]
    Create(Create),
    /// End one that goes on, or call off one that is planned
    #[command(after_help = "Example:\n  postigo announcement end 0197…")]
    End {
        id: AnnouncementId,
        #[command(flatten)]
        plain: Plain,
    },
}

#[derive(Debug, Args)]
pub struct Create {
    /// notice, maintenance or incident
    #[arg(long)]
    kind: Kind,
    /// sandbox or production [default: both]
    #[arg(long)]
    environment: Option<Environment>,
    /// Name of the API concerned [default: all]
    #[arg(long, default_value = "", hide_default_value = true)]
    api: String,
    #[arg(long)]
    title_es: String,
    #[arg(long)]
    title_en: String,
    #[arg(long)]
    text_es: String,
    #[arg(long)]
    text_en: String,
    /// From when on [default: now]
    #[arg(long, value_name = "MOMENT")]
    starts_at: Option<Timestamp>,
    /// Until when [default: until it is ended]
    #[arg(long, value_name = "MOMENT")]
    ends_at: Option<Timestamp>,
    /// Only write a draft, for the console
    #[arg(long)]
    draft: bool,
    /// Mail it to owners and admins of organisations with access to what is concerned
    #[arg(long, conflicts_with = "draft")]
    by_mail: bool,
    #[command(flatten)]
    plain: Plain,
}

impl Command {
    pub async fn run(self, app: &App, actor: &Actor) -> Result<()> {
        match self {
            Self::List { limit, plain } => {
                let found = announcements::list(app, actor, None, limit).await?;
                plain.output().many(
                    &found,
                    &["id", "kind", "title_english", "starts_at", "ends_at", "published_at"],
                    "Nothing was announced.",
                )
            }
            Self::Create(create) => create.run(app, actor).await,
            Self::End { id, plain } => {
                announcements::end(app, actor, id).await?;
                plain.output().done(&format!("Announcement {id} is over."))
            }
        }
    }
}

impl Create {
    async fn run(self, app: &App, actor: &Actor) -> Result<()> {
        let draft = Draft {
            kind: self.kind,
            environment: self.environment,
            api: self.api,
            title_spanish: self.title_es,
            title_english: self.title_en,
            text_spanish: self.text_es,
            text_english: self.text_en,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
        };
        let id = announcements::create(app, actor, &draft).await?;
        if !self.draft {
            announcements::publish(app, actor, id, 1, self.by_mail).await?;
        }
        self.plain.output().one(&announcements::find(app, actor, id).await?)
    }
}
