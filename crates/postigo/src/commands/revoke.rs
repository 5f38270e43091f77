//! `postigo revoke`.

use anyhow::{Context as _, Result, bail};
use app::{Actor, App, access, api_credentials, clients, customer_keys, organisations, secrets, tokens};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use clap::{Args, ValueEnum};
use domain::{contract::Standing, token::MAX_LIFETIME};
use uuid::Uuid;

use super::Plain;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  postigo revoke secret 0197…\n  postigo revoke token eyJ0eXAi…\n  postigo revoke organisation 'Librería Cervantes' --reason 'contract ended'"
)]
pub struct Revoke {
    what: What,
    /// Its id (of a token: the token itself, or its jti)
    id: String,
    /// Kept in the audit log
    #[arg(long)]
    reason: Option<String>,
    #[command(flatten)]
    plain: Plain,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    Token,
    Secret,
    Client,
    CustomerKey,
    ApiCredential,
    Grant,
    Organisation,
}

impl Revoke {
    pub async fn run(self, app: &App, actor: &Actor) -> Result<()> {
        let Self { what, id, reason, plain } = self;
        let sentence = match what {
            What::Token => {
                let jti = token_id(&id)?;
                // Nobody says how long it would have lived: no token lives longer than this.
                let until = app.now() + jiff::SignedDuration::from_secs(i64::from(MAX_LIFETIME));
                tokens::revoke(app, actor, jti, None, until).await?;
                format!("Token {jti} is revoked.")
            }
            What::Secret => {
                secrets::revoke(app, actor, parsed(&id)?).await?;
                format!("Secret {id} and every token it got are revoked.")
            }
            What::Client => {
                clients::set_status(app, actor, &id.as_str().into(), Standing::Revoked).await?;
                format!("Client {id} and its tokens are revoked for good.")
            }
            What::CustomerKey => {
                customer_keys::set_status(app, actor, &id.as_str().into(), Standing::Revoked).await?;
                format!("Customer key {id} and its tokens are revoked for good.")
            }
            What::ApiCredential => {
                api_credentials::revoke(app, actor, &id.as_str().into()).await?;
                format!("API credential {id} is revoked.")
            }
            What::Grant => {
                let grant = access::revoke_grant(app, actor, parsed(&id)?, reason.as_deref()).await?;
                format!("The scopes {} of {} are gone from the project's tokens.", grant.scopes, grant.api)
            }
            What::Organisation => {
                let found = organisations::find(app, actor, &id).await?;
                organisations::set_status(app, actor, found.id, Standing::Revoked, reason.as_deref()).await?;
                format!("{} and all its clients are revoked for good.", found.name)
            }
        };
        plain.output().done(&sentence)
    }
}

fn parsed<T: std::str::FromStr>(id: &str) -> Result<T> {
    id.parse().ok().with_context(|| format!("{id:?} is not an id; ids look like 019a3c5e-7d1f-7c3a-9b2e-0123456789ab"))
}

/// The id of a token: itself, or read from the token's payload. What is revoked this way need not verify here.
fn token_id(text: &str) -> Result<Uuid> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let payload = text.split('.').nth(1).and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok());
    let claims: Option<serde_json::Value> = payload.and_then(|payload| serde_json::from_slice(&payload).ok());
    match claims.as_ref().and_then(|claims| claims["jti"].as_str()).and_then(|jti| jti.parse().ok()) {
        Some(id) => Ok(id),
        None => bail!("that is neither a token of ours nor the id (jti) of one"),
    }
}
