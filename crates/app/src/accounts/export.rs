//! Everything we hold on a person, for the person.

use serde_json::{Value, json};
use store::{accounts, audit, mail_links, mails, passkeys, recovery_codes, sessions, staff_identities};

use super::SignedIn;
use crate::{App, Error, Result};

/// How many entries of the audit log and how many mails are included, newest first.
const MOST: i64 = 10_000;

/// Everything we hold on the person: the account, its sessions, passkeys, memberships, accepted policies, links and mails sent, and what it did.
/// No proof is among it: hashes and wrapped secrets would help nobody but a thief.
///
/// # Errors
/// [`Error::Unproved`]: it is all there is to know.
pub async fn export(app: &App, who: &SignedIn) -> Result<Value> {
    who.must_be_proved(app)?;
    let (db, id) = (app.db(), who.id());
    let account = accounts::find(db, id).await?.ok_or_else(|| Error::not_found("account", id))?;
    // Those that expired and wait to be removed are held too.
    let ever = store::Moment(domain::Timestamp::UNIX_EPOCH);
    Ok(json!({
        "exported_at": app.moment(),
        "account": account,
        "organisations": accounts::member_of(db, id).await?,
        "sessions": sessions::of_account(db, id, ever, ever).await?,
        "passkeys": passkeys::of_account(db, id).await?,
        "provider_identities": staff_identities::of_account(db, id).await?,
        "recovery_codes_left": recovery_codes::left(db, id).await?,
        "accepted_policies": accounts::accepted_policies(db, id).await?,
        "links": mail_links::of_account(db, id).await?,
        "mails": mails::to(db, &account.email, MOST).await?,
        "audit": audit::about(db, &who.actor().to_string(), &id.to_string(), MOST).await?,
    }))
}
