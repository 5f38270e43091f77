//! `postigo client`.

use std::{io::Read as _, path::PathBuf};

use anyhow::{Context as _, Result};
use app::{Actor, App, client_methods, clients, public_keys};
use clap::Subcommand;
use domain::{ClientId, Environment, ProjectId, client::GrantType, client_method::ClientMethod, contract::Standing, public_key};
use serde_json::json;

use super::Plain;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create a client of a project; production needs an active contract
    #[command(after_help = "Example:\n  postigo client create --project 0197… --environment production")]
    Create {
        #[arg(long)]
        project: ProjectId,
        /// sandbox or production
        #[arg(long)]
        environment: Environment,
        #[command(flatten)]
        plain: Plain,
    },
    /// List the clients of a project
    #[command(after_help = "Example:\n  postigo client list --project 0197…")]
    List {
        #[arg(long)]
        project: ProjectId,
        #[command(flatten)]
        plain: Plain,
    },
    /// Show a client with its secrets (never the secrets themselves), its public keys and how it proves itself
    #[command(after_help = "Example:\n  postigo client show sbx_ci_…")]
    Show {
        #[arg(value_parser = client_id)]
        id: ClientId,
        #[command(flatten)]
        plain: Plain,
    },
    /// List the clients that used a method within 90 days, the latest use first. The old one is query_token
    #[command(after_help = "Example:\n  postigo client methods query_token --limit 1000")]
    Methods {
        /// query_token, client_secret_post, client_secret_basic or private_key_jwt
        method: ClientMethod,
        /// How many clients at most: 1 to 100000
        #[arg(long, default_value_t = 100)]
        limit: usize,
        #[command(flatten)]
        plain: Plain,
    },
    /// Stop a client and its tokens
    #[command(after_help = "Example:\n  postigo client suspend sbx_ci_…")]
    Suspend {
        #[arg(value_parser = client_id)]
        id: ClientId,
        #[command(flatten)]
        plain: Plain,
    },
    /// Let a client act again
    #[command(after_help = "Example:\n  postigo client resume sbx_ci_…")]
    Resume {
        #[arg(value_parser = client_id)]
        id: ClientId,
        #[command(flatten)]
        plain: Plain,
    },
    /// Narrow the grants of a client, or change the life of its tokens
    #[command(after_help = "Example:\n  postigo client set sbx_ci_… --grant-types client_credentials --token-lifetime 30m")]
    Set {
        #[arg(value_parser = client_id)]
        id: ClientId,
        /// Comma-separated; leave out to allow all of its customer type
        #[arg(long, value_delimiter = ',')]
        grant_types: Option<Vec<GrantType>>,
        /// 1m to 24h
        #[arg(long, value_parser = super::seconds, default_value = "1h")]
        token_lifetime: u32,
        #[command(flatten)]
        plain: Plain,
    },
    /// Register a public key (a JWK: P-256 or Ed25519), with which the client may authenticate instead of with its secret
    #[command(after_help = "Example:\n  postigo client add-public-key sbx_ci_… public.jwk")]
    AddPublicKey {
        #[arg(value_parser = client_id)]
        id: ClientId,
        /// The file with the JWK; `-` for standard input
        file: PathBuf,
        #[command(flatten)]
        plain: Plain,
    },
    /// Remove a public key; its tokens stop, and customer keys bound to it get no more
    #[command(after_help = "Example:\n  postigo client remove-public-key sbx_ci_… kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")]
    RemovePublicKey {
        #[arg(value_parser = client_id)]
        id: ClientId,
        /// As `add-public-key` printed it
        #[arg(allow_hyphen_values = true)]
        thumbprint: String,
        #[command(flatten)]
        plain: Plain,
    },
}

/// A public key as text, from a file or from standard input. One that is too long is read far enough to be refused.
fn jwk(file: &PathBuf) -> Result<String> {
    let most = u64::try_from(public_key::LONGEST).unwrap_or(u64::MAX).saturating_add(1);
    let mut text = String::new();
    if file.as_os_str() == "-" {
        std::io::stdin().lock().take(most).read_to_string(&mut text).context("the key cannot be read from standard input")?;
    } else {
        let cannot = || format!("cannot read {}", file.display());
        std::fs::File::open(file).with_context(cannot)?.take(most).read_to_string(&mut text).with_context(cannot)?;
    }
    Ok(text)
}

/// How many clients one command lists at most.
const MOST: usize = 100_000;

async fn methods(app: &App, actor: &Actor, method: ClientMethod, limit: usize, plain: Plain) -> Result<()> {
    let limit = limit.clamp(1, MOST);
    let (mut users, mut after) = (Vec::new(), None);
    loop {
        let (rows, next) = client_methods::users(app, actor, method, after.as_ref(), client_methods::PAGE).await?;
        users.extend(rows);
        after = next;
        if after.is_none() || users.len() >= limit {
            break;
        }
    }
    let more = after.is_some() || users.len() > limit;
    users.truncate(limit);
    let columns = ["client_id", "environment", "organisation", "project", "last_used_at", "last_used_address", "last_used_agent"];
    plain.output().many(&users, &columns, &format!("No client used {method} within {} days.", client_methods::DAYS))?;
    if more { plain.output().say("There are more: raise --limit.") } else { Ok(()) }
}

/// A client identifier as an argument.
#[expect(clippy::unnecessary_wraps, reason = "the form of a value parser")]
pub fn client_id(text: &str) -> Result<ClientId, std::convert::Infallible> {
    Ok(ClientId::from(text))
}

impl Command {
    pub async fn run(self, app: &App, actor: &Actor) -> Result<()> {
        match self {
            Self::Create { project, environment, plain } => {
                let created = clients::create(app, actor, project, environment).await?;
                let thing = json!({"client_id": created.client.id, "project_id": project, "environment": environment});
                super::issued(plain.output(), thing, "client_secret", &created.secret.secret)
            }
            Self::List { project, plain } => {
                let clients = store::clients::of_project(app.db(), project).await?;
                plain.output().many(&clients, &["id", "environment", "status", "token_lifetime"], "No client in this project.")
            }
            Self::Show { id, plain } => {
                let mut thing = serde_json::to_value(clients::find(app, actor, &id).await?)?;
                thing["secrets"] = serde_json::to_value(store::clients::secrets(app.db(), &id).await?)?;
                thing["public_keys"] = serde_json::to_value(store::public_keys::of_client(app.db(), &id).await?)?;
                thing["methods"] = serde_json::to_value(store::client_methods::of_client(app.db(), &id).await?)?;
                plain.output().one(&thing)
            }
            Self::Methods { method, limit, plain } => methods(app, actor, method, limit, plain).await,
            Self::Suspend { id, plain } => {
                clients::set_status(app, actor, &id, Standing::Suspended).await?;
                plain.output().done(&format!("Client {id} is suspended: its tokens stop within a second."))
            }
            Self::Resume { id, plain } => {
                clients::set_status(app, actor, &id, Standing::Active).await?;
                plain.output().done(&format!("Client {id} may act again."))
            }
            Self::Set { id, grant_types, token_lifetime, plain } => {
                clients::set_rules(app, actor, &id, grant_types.as_deref(), token_lifetime).await?;
                plain.output().done(&format!("Client {id}: tokens live {token_lifetime} s."))
            }
            Self::AddPublicKey { id, file, plain } => {
                let key = public_keys::add(app, actor, &id, &jwk(&file)?).await?;
                plain.output().one(&json!({"client_id": id, "thumbprint": key.thumbprint, "created_at": key.created_at}))
            }
            Self::RemovePublicKey { id, thumbprint, plain } => {
                public_keys::remove(app, actor, &id, &thumbprint).await?;
                plain.output().done(&format!("Public key {thumbprint} is removed: the tokens it got stop within a second."))
            }
        }
    }
}
