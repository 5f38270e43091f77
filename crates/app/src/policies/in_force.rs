//! Which version holds now.

use store::{
    Tx,
    policies::{self as stored, Published},
};

use crate::{App, Result};

const NONE_IN_FORCE: &str = "no policies that are in force";

/// The name of the version in force: what an account holder who lets a platform act agrees to.
pub(crate) async fn in_force(app: &App) -> Result<Published> {
    Ok(names(app).await?.0)
}

/// The same inside a transaction.
pub(crate) async fn agreed_to(app: &App, tx: &mut Tx) -> Result<String> {
    let current = stored::in_force(tx, app.moment()).await?;
    Ok(current.ok_or(store::Error::Corrupt(NONE_IN_FORCE))?.version)
}

/// What is in force, and what is announced to come after it.
pub(super) async fn names(app: &App) -> Result<(Published, Option<Published>)> {
    let (current, next) = stored::names(app.db(), app.moment()).await?;
    Ok((current.ok_or(store::Error::Corrupt(NONE_IN_FORCE))?, next))
}
