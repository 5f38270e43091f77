//! The work of the node that sends: claim, then say how it went.

use domain::{Email, MailId, secret::Secret};
use jiff::SignedDuration;
use store::{
    Moment,
    mails::{self, LEASE_SECONDS},
};

use super::open;
use crate::{App, Result};

/// A mail is tried for so long, in seconds: a day.
const PATIENCE: i64 = 86_400;
/// How much of an error is kept, in characters.
const ERROR: usize = 300;

/// A mail that this node, and no other, is to send.
pub struct Letter {
    /// Its id; also good as the local part of its `Message-ID`.
    pub id: MailId,
    /// To whom.
    pub recipient: Email,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: Secret,
    /// Since when it waits.
    pub created_at: Moment,
    attempt: i64,
}

/// Claims a mail that is due. It must be [`sent`] or [`failed`] within ten minutes; a node that dies over it leaves it to the others after that, so a mail is
/// sent twice only when a node dies between sending it and saying so.
///
/// # Errors
/// When the database cannot be used.
pub async fn claim(app: &App) -> Result<Option<Letter>> {
    let now = app.now();
    let until = Moment(now + SignedDuration::from_secs(LEASE_SECONDS));
    // A few, in case other nodes are after the same.
    for mail in mails::due(app.db(), Moment(now), 8).await? {
        let mut tx = app.begin().await?;
        if !mails::claim(&mut tx, &mail, until).await? {
            continue;
        }
        tx.commit(now).await?;
        let attempt = mail.attempts + 1;
        match open(app, mail) {
            Ok(super::Posted { mail, text: Some(text) }) => {
                let (id, recipient, subject, created_at) = (mail.id, mail.recipient, mail.subject, mail.created_at);
                return Ok(Some(Letter { id, recipient, subject, text, created_at, attempt }));
            }
            // One that cannot be read must not keep the others from being sent.
            Ok(_) => tracing::warn!("a mail without a text waits to be sent"),
            Err(error) => tracing::warn!(%error, "a mail cannot be read"),
        }
    }
    Ok(None)
}

/// Says that a claimed mail was sent; its text is forgotten.
///
/// # Errors
/// When the database cannot be written.
pub async fn sent(app: &App, letter: &Letter) -> Result<()> {
    let mut tx = app.begin().await?;
    mails::sent(&mut tx, letter.id, letter.attempt, app.moment()).await?;
    Ok(tx.commit(app.now()).await?)
}

/// Says why a claimed mail could not be sent. It is tried again after a while that grows, for a day; not at all when the refusal is for good.
/// Answers when it is tried next.
///
/// # Errors
/// When the database cannot be written.
pub async fn failed(app: &App, letter: &Letter, error: &str, for_good: bool) -> Result<Option<Moment>> {
    let now = app.now();
    let next = Moment(now + SignedDuration::from_secs(pause(letter.attempt)));
    let over = for_good || next.duration_since(*letter.created_at).as_secs() > PATIENCE;
    let next = (!over).then_some(next);
    let error: String = error.chars().filter(|c| !c.is_control()).take(ERROR).collect();
    let mut tx = app.begin().await?;
    mails::failed(&mut tx, letter.id, letter.attempt, next, Moment(now), &error).await?;
    tx.commit(now).await?;
    Ok(next)
}

/// How long to wait after the try of this number, in seconds: 1, 3, 9, 27, 81 minutes, then 4 hours.
fn pause(attempt: i64) -> i64 {
    let exponent = u32::try_from(attempt - 1).unwrap_or(0).min(6);
    (60 * 3_i64.pow(exponent)).min(4 * 3600)
}

#[cfg(test)]
mod tests {
    use super::pause;

    #[test]
    fn the_pauses_grow_to_four_hours() {
        let minutes: Vec<_> = (1..=8).map(|attempt| pause(attempt) / 60).collect();
        assert_eq!(minutes, [1, 3, 9, 27, 81, 240, 240, 240]);
    }
}
