//! What a person may change about itself without more ado.

use domain::{Language, account::LONGEST_NAME};
use serde_json::json;
use store::accounts;

use super::{Refusal, SignedIn};
use crate::{App, Result, name};

/// Sets the person's name.
///
/// # Errors
/// [`Error::Invalid`](crate::Error::Invalid).
pub async fn set_name(app: &App, who: &SignedIn, new: &str) -> Result<()> {
    let new = name("name", new, LONGEST_NAME)?;
    let mut tx = app.begin().await?;
    if !accounts::set_name(&mut tx, who.id(), &new).await? {
        return Err(Refusal::Ended.into());
    }
    app.commit(tx, &who.actor(), "account.set_name", who.id(), json!({})).await
}

/// Sets the language of pages and mails; `None`: as the browser asks.
///
/// # Errors
/// When the database cannot be written.
pub async fn set_language(app: &App, who: &SignedIn, language: Option<Language>) -> Result<()> {
    let mut tx = app.begin().await?;
    if !accounts::set_language(&mut tx, who.id(), language).await? {
        return Err(Refusal::Ended.into());
    }
    app.commit(tx, &who.actor(), "account.set_language", who.id(), json!({"to": language})).await
}
