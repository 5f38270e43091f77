//! The work of a node that nobody waits for: sending mail, and removing what is too old.

use std::time::Duration;

use anyhow::Result;
use app::{
    App,
    mail::{self, Letter},
};
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::extension::ClientId,
};
use tokio::sync::watch;

use crate::config::Mail;

/// How often the table of mails is looked at.
const LOOK: Duration = Duration::from_secs(2);
/// How long one exchange with the server may take: far less than another node waits for ours ([`mail::claim`]).
const PATIENCE: Duration = Duration::from_secs(60);
/// How often old rows are removed.
const UPKEEP: Duration = Duration::from_secs(600);
/// How often mails to many go on in between: they wait for room among those that are to be sent.
const CIRCULARS: Duration = Duration::from_secs(30);
/// How long a node that stops waits for the mail it is sending.
const FAREWELL: Duration = Duration::from_secs(5);

/// Sends mails, one at a time.
pub struct Postman {
    app: App,
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    host: String,
}

impl Postman {
    /// The postman of this configuration; `None`: mails stay in the mailbox.
    ///
    /// # Errors
    /// One line with the mend.
    pub fn of(config: &Mail, app: &App) -> Result<Option<Self>> {
        let Some((server, from)) = config.server()? else { return Ok(None) };
        // Servers look at the name we greet with: the sender's domain is ours.
        let host = from.email.domain().to_owned();
        let server = server.timeout(Some(PATIENCE)).hello_name(ClientId::Domain(host.clone())).build();
        Ok(Some(Self { app: app.clone(), server, from, host }))
    }

    /// Sends what is due until the node stops.
    pub async fn deliver(self, mut stopping: watch::Receiver<bool>) {
        while !*stopping.borrow() {
            match mail::claim(&self.app).await {
                Ok(Some(letter)) => {
                    let sending = self.send(&letter);
                    tokio::select! {
                        () = sending => {}
                        // Another node, or this one at its next start, tries again when the claim has run out.
                        () = farewell(stopping.clone()) => return,
                    }
                }
                Ok(None) => pause(&mut stopping, LOOK).await,
                Err(error) => {
                    tracing::warn!(%error, "mails that wait cannot be read");
                    pause(&mut stopping, LOOK).await;
                }
            }
        }
    }

    async fn send(&self, letter: &Letter) {
        let outcome = match self.message(letter) {
            Ok(message) => match tokio::time::timeout(PATIENCE * 2, self.server.send(message)).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err((error.to_string(), error.status().is_some_and(|code| is_for_good(code.into())))),
                Err(_) => Err(("the server took too long".to_owned(), false)),
            },
            Err(error) => Err((error.to_string(), true)),
        };
        // What the server says may hold the address: it goes to the table, where it belongs, and not to the log.
        let noted = match &outcome {
            Ok(()) => mail::sent(&self.app, letter).await,
            Err((error, for_good)) => match mail::failed(&self.app, letter, error, *for_good).await {
                Ok(Some(next)) => {
                    tracing::warn!(mail = %letter.id, next = %next, "a mail could not be sent; it will be tried again");
                    Ok(())
                }
                Ok(None) => {
                    tracing::error!(mail = %letter.id, "a mail could not be sent, and will not be tried again");
                    Ok(())
                }
                Err(error) => Err(error),
            },
        };
        if let Err(error) = noted {
            tracing::warn!(mail = %letter.id, %error, "how a mail fared could not be noted");
        }
    }

    fn message(&self, letter: &Letter) -> Result<Message> {
        Ok(Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, letter.recipient.as_str().parse()?))
            .subject(letter.subject.clone())
            .date(letter.created_at.0.into())
            // The same however often it is tried, so that a mailbox that gets it twice shows it once.
            .message_id(Some(format!("<{}@{}>", letter.id, self.host)))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.expose().to_owned())?)
    }
}

/// No such mailbox (RFC 5321, section 4.2.3). What else is permanent (a rejected login, a policy) is often mended within the day.
const fn is_for_good(code: u16) -> bool {
    matches!(code, 550 | 551 | 553)
}

/// Removes what is too old, now and then, until the node stops.
pub async fn keep_house(app: App, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        match app::upkeep(&app).await {
            Ok(0) => {}
            Ok(removed) => tracing::debug!(removed, "old mails, sessions and links were removed"),
            Err(error) => tracing::warn!(%error, "what is too old could not be removed"),
        }
        match app::queues::weekly_letter(&app).await {
            Ok(false) => {}
            Ok(true) => tracing::info!("staff were written to about what waits too long"),
            Err(error) => tracing::warn!(%error, "nobody could be written to about what waits too long"),
        }
        for _ in 0..UPKEEP.as_secs() / CIRCULARS.as_secs() {
            pause(&mut stopping, CIRCULARS).await;
            if *stopping.borrow() {
                return;
            }
            if let Err(error) = app::circulars(&app).await {
                tracing::warn!(%error, "mails to many cannot be read");
            }
        }
    }
}

async fn pause(stopping: &mut watch::Receiver<bool>, length: Duration) {
    tokio::select! {
        () = tokio::time::sleep(length) => {}
        _ = stopping.changed() => {}
    }
}

/// Until a node that stops waits no longer for what it is sending.
pub(crate) async fn farewell(mut stopping: watch::Receiver<bool>) {
    // An error means that the node is gone: that is a stop too.
    let _ = stopping.wait_for(|stop| *stop).await;
    tokio::time::sleep(FAREWELL).await;
}

#[cfg(test)]
mod tests;
