//! How mail leaves the house.

use anyhow::{Context as _, Result, bail};
use lettre::{AsyncSmtpTransport, Tokio1Executor, message::Mailbox};
use serde::{Deserialize, Serialize};

/// The table `[mail]`. Without a server, mail stays in the mailbox, where the operator reads it. No `Debug`: the URL holds a password.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    /// `smtps://USER:PASSWORD@HOST:465` (TLS), `smtp://USER:PASSWORD@HOST:587?tls=required` (STARTTLS) or `smtp://HOST:25` (in clear).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp: Option<String>,
    /// From whom: `Postigo <no-reply@example.com>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail").field("from", &self.from).finish_non_exhaustive()
    }
}

impl Mail {
    pub fn is_unset(&self) -> bool {
        self.smtp.is_none() && self.from.is_none()
    }

    /// The server and the sender; `None`: nothing is sent.
    ///
    /// # Errors
    /// One line that never shows the URL.
    pub fn server(&self) -> Result<Option<(lettre::transport::smtp::AsyncSmtpTransportBuilder, Mailbox)>> {
        let Some(url) = &self.smtp else { return Ok(None) };
        let Some(from) = &self.from else { bail!("smtp needs from = \"Postigo <no-reply@example.com>\" beside it") };
        let from = from.parse().with_context(|| format!("from: {from:?} is not a sender; write Postigo <no-reply@example.com>"))?;
        let form = "smtp must look like smtps://USER:PASSWORD@HOST:465, smtp://USER:PASSWORD@HOST:587?tls=required or smtp://HOST:25";
        let uri: http::Uri = url.parse().map_err(|_| anyhow::anyhow!(form))?;
        if !matches!(uri.scheme_str(), Some("smtp" | "smtps")) {
            bail!(form);
        }
        let encrypted = uri.scheme_str() == Some("smtps") || uri.query() == Some("tls=required");
        let here = matches!(uri.host(), Some("localhost" | "127.0.0.1" | "[::1]"));
        if !encrypted && !here && url.contains('@') {
            bail!("smtp would send a password in clear; use smtps://, or add ?tls=required");
        }
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| anyhow::anyhow!(form))?;
        Ok(Some((server, from)))
    }

    /// # Errors
    /// As [`Mail::server`].
    pub fn check(&self) -> Result<()> {
        self.server().map(drop)
    }
}
