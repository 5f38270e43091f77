//! Text messages and calls: queued in the transaction that makes them true, handed to the carrier's own sender by whichever node claims them, or
//! read in the mailbox where nothing sends.

use domain::{Language, MessageId, secret::Secret};
use jiff::SignedDuration;
use store::{
    Moment, Tx,
    messages::{self, Message},
};

use crate::{App, Error, Result, mail::Delivery};

/// How long a node that claimed a message has for handing it over, in seconds.
const LEASE: i64 = 30;
/// How long to wait before the next try, in seconds.
const PAUSE: i64 = 5;
/// How many messages an hour one number gets: nobody is called out of bed through us.
const MOST_AN_HOUR: i64 = 10;
/// How much of an error is kept, in characters.
const ERROR: usize = 300;

/// A message that this node, and no other, is to hand over.
pub struct Outgoing {
    /// What it is.
    pub message: Message,
    /// Its text.
    pub text: Secret,
    attempt: i64,
}

/// A message in the mailbox.
pub struct Said {
    /// All but its text.
    pub message: Message,
    /// Its text; `None` once it was sent or given up.
    pub text: Option<Secret>,
}

/// Queues a message on `channel` (`sms`, `call`) that nobody needs after `expires_at`. `None`: the number has had as many as it may.
pub(crate) async fn queue(
    app: &App,
    tx: &mut Tx,
    (channel, recipient): (&'static str, &str),
    language: Language,
    text: &Secret,
    expires_at: Moment,
) -> Result<Option<()>> {
    let since = Moment(app.now() - SignedDuration::from_secs(3600));
    let (digits, recipient) = dialled(recipient);
    if messages::recent(tx, &digits, since).await? >= MOST_AN_HOUR {
        return Ok(None);
    }
    let id = MessageId(app.uuid());
    let message = Message {
        id,
        channel: channel.to_owned(),
        recipient,
        language,
        body: app.master.wrap(&wrapping(id), text.expose().as_bytes(), &app.entropy),
        state: if app.settings().messages == Delivery::Mailbox { "mailbox" } else { "waiting" }.to_owned(),
        created_at: app.moment(),
        expires_at,
        attempts: 0,
    };
    messages::insert(tx, &message).await?;
    Ok(Some(()))
}

/// The digits of a telephone number without what says that it is international, which `+` and `00` do, and the number as it is dialled: however it
/// is spelt, it is one telephone that rings.
fn dialled(number: &str) -> (String, String) {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    // No country's code begins with a nought, so that noughts behind a plus mean what they mean alone.
    let (is_international, digits) = match digits.strip_prefix("00") {
        Some(rest) => (true, rest.to_owned()),
        None => (number.trim_start().starts_with('+'), digits),
    };
    let dialled = if is_international { format!("+{digits}") } else { digits.clone() };
    (digits, dialled)
}

/// Claims a message that is due. It must be [`sent`] or [`failed`] within half a minute.
///
/// # Errors
/// When the database cannot be used.
pub async fn claim(app: &App) -> Result<Option<Outgoing>> {
    let now = app.now();
    for message in messages::due(app.db(), Moment(now), 8).await? {
        let mut tx = app.begin().await?;
        if !messages::claim(&mut tx, &message, Moment(now + SignedDuration::from_secs(LEASE))).await? {
            continue;
        }
        let attempt = message.attempts + 1;
        if *message.expires_at <= now {
            messages::failed(&mut tx, message.id, attempt, None, "nobody needs it any more").await?;
            tx.commit(now).await?;
            continue;
        }
        tx.commit(now).await?;
        match open(app, message) {
            Ok(Said { message, text: Some(text) }) => return Ok(Some(Outgoing { message, text, attempt })),
            Ok(_) => tracing::warn!("a message without a text waits to be sent"),
            Err(error) => tracing::warn!(%error, "a message cannot be read"),
        }
    }
    Ok(None)
}

/// Says that a claimed message was handed over; its text is forgotten.
///
/// # Errors
/// When the database cannot be written.
pub async fn sent(app: &App, outgoing: &Outgoing) -> Result<()> {
    let mut tx = app.begin().await?;
    messages::sent(&mut tx, outgoing.message.id, outgoing.attempt, app.moment()).await?;
    Ok(tx.commit(app.now()).await?)
}

/// Says why a claimed message could not be handed over. It is tried again every few seconds for as long as somebody needs it; whether it is.
///
/// # Errors
/// When the database cannot be written.
pub async fn failed(app: &App, outgoing: &Outgoing, error: &str) -> Result<bool> {
    let next = Moment(app.now() + SignedDuration::from_secs(PAUSE * outgoing.attempt.clamp(1, 12)));
    let next = (next < outgoing.message.expires_at).then_some(next);
    let error: String = error.chars().filter(|c| !c.is_control()).take(ERROR).collect();
    let mut tx = app.begin().await?;
    messages::failed(&mut tx, outgoing.message.id, outgoing.attempt, next, &error).await?;
    tx.commit(app.now()).await?;
    Ok(next.is_some())
}

/// The last messages, newest first. Who may see them is for the caller to decide.
///
/// # Errors
/// When the database cannot be read.
pub async fn mailbox(app: &App, limit: i64) -> Result<Vec<Said>> {
    messages::latest(app.db(), limit.clamp(1, 1000)).await?.into_iter().map(|message| open(app, message)).collect()
}

/// One message with its text.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(app: &App, id: MessageId) -> Result<Said> {
    let message = messages::find(app.db(), id).await?.ok_or_else(|| Error::not_found("message", id))?;
    open(app, message)
}

fn open(app: &App, message: Message) -> Result<Said> {
    if message.body.is_empty() {
        return Ok(Said { message, text: None });
    }
    let bytes = app.master.unwrap("the text of a message", &wrapping(message.id), &message.body)?;
    let text = String::from_utf8(bytes.to_vec()).map_err(|_| store::Error::Corrupt("a message that is no text"))?;
    Ok(Said { message, text: Some(Secret::new(text)) })
}

/// Under which name a message's text is wrapped.
fn wrapping(id: MessageId) -> String {
    format!("message:{id}")
}

#[cfg(test)]
mod tests {
    use super::dialled;

    #[test]
    fn one_telephone_is_one_however_its_number_is_spelt() {
        for spelt in ["+34 600 123 456", "0034600123456", " +34600-123-456", "00 34 600 12 34 56", "+0034 600123456"] {
            assert_eq!(dialled(spelt), ("34600123456".into(), "+34600123456".into()), "{spelt}");
        }
        assert_eq!(dialled("600 123 456"), ("600123456".into(), "600123456".into()), "in which country nobody says");
    }
}
