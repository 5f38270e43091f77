//! Revoking single tokens. What kills many at once - a secret, a client, a customer key, a grant - is a use case of that noun.

use domain::{ClientId, Timestamp, role::Duty, token::LEEWAY};
use serde_json::json;
use store::Moment;
use uuid::Uuid;

use crate::{Actor, App, Error, Result, permission};

/// How many revoked tokens that have not expired one client may have. Every node keeps them in memory, so no client can be allowed
/// to grow them without limit; whoever wants to stop more than this wants to revoke the secret.
pub const MOST: i64 = 10_000;

/// For how long after its expiry a token stays revoked, in seconds: whoever judges it may allow for [`LEEWAY`], with a clock of its own.
/// Without it a revoked token would come back to life in its last moments on a node that has just started.
const SPARE: i64 = LEEWAY + 60;

/// Revokes one token until it would have expired. `client`: whose token it is, where that is known; it is counted against [`MOST`].
/// Revoking it again changes nothing.
///
/// The id alone does not say whose token it is, so that a client may do this only with a token that the caller has verified to be the client's,
/// and an account only as an administrator of the staff: members revoke the secret, the client or the customer key it stands on.
///
/// # Errors
/// [`Error::Refused`] when the client has too many, [`Error::Store`] when nothing was done.
pub async fn revoke(app: &App, actor: &Actor, token: Uuid, client: Option<&ClientId>, expires_at: Timestamp) -> Result<()> {
    match actor {
        Actor::Client(own) if client == Some(own) => {}
        Actor::Client(_) => return Err(Error::not_found("token", token)),
        Actor::Account(_) | Actor::Operator(_) | Actor::Service { .. } | Actor::System => {
            permission::staff(app, actor, Duty::Administer).await?;
        }
    }
    if store::revoked_tokens::find(app.db(), token).await?.is_some() {
        return Ok(());
    }
    if let Some(client) = client
        && store::revoked_tokens::held(app.db(), client, app.moment()).await? >= MOST
    {
        return Err(Error::refused(
            format!("{client} tiene {MOST} tokens revocados que aún no han caducado: revoca mejor la clave secreta."),
            format!("{client} has {MOST} revoked tokens that have not expired; revoke the secret instead"),
        ));
    }
    let until = expires_at + jiff::SignedDuration::from_secs(SPARE);
    let mut tx = app.begin().await?;
    store::revoked_tokens::insert(&mut tx, token, client, Moment(until), app.moment()).await?;
    app.commit(tx, actor, "token.revoke", token, json!({ "client_id": client })).await
}
