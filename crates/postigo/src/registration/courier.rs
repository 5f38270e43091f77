//! Hands text messages and calls to the carrier's own sender. The protocol stands in `docs/registration.md`.

use std::time::Duration;

use anyhow::Result;
use app::{
    App,
    messages::{self, Outgoing},
};
use http::Method;
use serde_json::json;
use tokio::sync::watch;

use crate::{config, outbound::Outbound, postman::farewell};

/// How often the table of messages is looked at: whoever waits for a PIN waits before a screen.
const LOOK: Duration = Duration::from_secs(1);
/// How long one hand-over may take: less than another node waits for ours.
const PATIENCE: Duration = Duration::from_secs(10);

/// Hands messages over, one at a time.
pub struct Courier {
    app: App,
    outbound: Outbound,
    url: String,
}

impl Courier {
    /// The courier of this configuration; `None`: there is nobody to hand them to.
    ///
    /// # Errors
    /// One line with the mend.
    pub fn of(config: &config::Registration, app: &App) -> Result<Option<Self>> {
        let Some(url) = config.messages_url.clone() else { return Ok(None) };
        Ok(Some(Self { app: app.clone(), outbound: Outbound::new(config.messages_token_file.as_deref(), PATIENCE)?, url }))
    }

    /// Hands over what is due until the node stops.
    pub async fn deliver(self, mut stopping: watch::Receiver<bool>) {
        while !*stopping.borrow() {
            match messages::claim(&self.app).await {
                Ok(Some(outgoing)) => {
                    tokio::select! {
                        () = self.hand_over(&outgoing) => continue,
                        // Another node tries again when the claim has run out.
                        () = farewell(stopping.clone()) => return,
                    }
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "messages that wait cannot be read"),
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                _ = stopping.changed() => {}
            }
        }
    }

    async fn hand_over(&self, outgoing: &Outgoing) {
        let message = &outgoing.message;
        let body = json!({
            "id": message.id, "channel": message.channel, "to": message.recipient, "language": message.language,
            "text": outgoing.text.expose(), "expires_at": message.expires_at,
        });
        let answer = self.outbound.exchange(Method::POST, &self.url, Some(body.to_string())).await;
        let noted = match answer {
            Ok((status, _)) if status.is_success() => messages::sent(&self.app, outgoing).await,
            other => {
                let why = other.map_or_else(|error| error, |(status, _)| format!("status {status}"));
                tracing::warn!(message = %message.id, why, "a message could not be handed over");
                messages::failed(&self.app, outgoing, &why).await.map(drop)
            }
        };
        if let Err(error) = noted {
            tracing::warn!(message = %message.id, %error, "how a message fared could not be noted");
        }
    }
}
