//! `postigo access`.

use anyhow::{Context as _, Result};
use app::{
    Actor, App,
    access::{self, Outcome, Wish},
};
use clap::Subcommand;
use domain::{AccessRequestId, ApiName, Environment, ProjectId, ScopeSet};
use serde_json::json;
use store::access_requests::Status;

use super::Plain;
use crate::output::Output;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Ask for access to an API; approved at once where the API's rules say so
    #[command(
        visible_alias = "request",
        after_help = "Example:\n  postigo access create --project 0197… --environment sandbox --api preregister"
    )]
    Create {
        #[arg(long)]
        project: ProjectId,
        /// sandbox or production
        #[arg(long)]
        environment: Environment,
        /// The API's name in the catalogue
        #[arg(long)]
        api: String,
        /// Space-separated; leave out for all of the API
        #[arg(long, value_parser = ScopeSet::parse)]
        scopes: Option<ScopeSet>,
        /// Leave out for the plan that the project holds, or else the API's first
        #[arg(long)]
        plan: Option<String>,
        #[arg(long, default_value = "")]
        reason: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// List the access requests of a project, or all in one state
    #[command(after_help = "Example:\n  postigo access list --status pending")]
    List {
        #[arg(long, conflicts_with = "status")]
        project: Option<ProjectId>,
        /// pending, approved, rejected or revoked
        #[arg(long, default_value = "pending")]
        status: Status,
        #[command(flatten)]
        plain: Plain,
    },
    /// Show an access request
    #[command(after_help = "Example:\n  postigo access show 0197…")]
    Show {
        id: AccessRequestId,
        #[command(flatten)]
        plain: Plain,
    },
    /// List the grants of a project
    #[command(after_help = "Example:\n  postigo access grants --project 0197…")]
    Grants {
        #[arg(long)]
        project: ProjectId,
        #[command(flatten)]
        plain: Plain,
    },
    /// Approve a waiting request
    #[command(after_help = "Example:\n  postigo access approve 0197…")]
    Approve {
        id: AccessRequestId,
        #[arg(long)]
        reason: Option<String>,
        #[command(flatten)]
        plain: Plain,
    },
    /// Refuse a waiting request, with a reason its project will read
    #[command(after_help = "Example:\n  postigo access reject 0197… --reason 'Ask for the starter plan first'")]
    Reject {
        id: AccessRequestId,
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        plain: Plain,
    },
}

impl Command {
    pub async fn run(self, app: &App, actor: &Actor) -> Result<()> {
        match self {
            Self::Create { project, environment, api, scopes, plan, reason, plain } => {
                let wish = Wish { project, environment, api: ApiName::from(api), scopes, plan, reason };
                show(plain.output(), &access::request(app, actor, wish).await?)
            }
            Self::List { project, status, plain } => {
                let requests = match project {
                    Some(project) => store::access_requests::of_project(app.db(), project).await?,
                    None => store::access_requests::with_status(app.db(), status).await?,
                };
                let columns = ["id", "project_id", "environment", "api", "scopes", "plan", "status", "created_at"];
                plain.output().many(&requests, &columns, "No access request here.")
            }
            Self::Show { id, plain } => {
                let found = store::access_requests::find(app.db(), id).await?;
                plain.output().one(&found.with_context(|| format!("there is no access request {id}"))?)
            }
            Self::Grants { project, plain } => {
                let grants = store::grants::of_project(app.db(), project).await?;
                let columns = ["id", "environment", "api", "scopes", "plan", "created_at", "revoked_at"];
                plain.output().many(
                    &grants,
                    &columns,
                    "No grant yet: postigo access create --project PROJECT --environment sandbox --api API",
                )
            }
            Self::Approve { id, reason, plain } => show(plain.output(), &access::approve(app, actor, id, reason.as_deref()).await?),
            Self::Reject { id, reason, plain } => plain.output().one(&access::reject(app, actor, id, &reason).await?),
        }
    }
}

fn show(output: Output, outcome: &Outcome) -> Result<()> {
    let mut thing = serde_json::to_value(&outcome.request)?;
    thing["grant"] = json!(outcome.grant.as_ref().map(|grant| grant.id));
    match &outcome.api_credential {
        None => output.one(&thing),
        Some(issued) => {
            thing["api_client_id"] = json!(issued.record.id);
            super::issued(output, thing, "api_client_secret", &issued.secret)
        }
    }
}
