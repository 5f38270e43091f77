//! The configuration: one TOML file, every key also as an environment variable, everything checked before anything starts.

mod keys;
mod mail;
mod registration;
mod sign_on;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use domain::Environment;
use serde::{Deserialize, Serialize};
use web::address::Network;

pub use mail::Mail;
pub use registration::Registration;
pub use sign_on::StaffSignOn;

/// The portal's port; sandbox, production and telemetry have the three after it.
pub const DEFAULT_PORT: u16 = 8080;

/// The port of `postigo carrier`.
const CARRIER_PORT: u16 = 8090;

/// The longest that decisions may be kept, in days.
const LONGEST_RETENTION: u32 = 3650;

/// The file that is read when none is named.
const DEFAULT_FILE: &str = "postigo.toml";

/// What a node must know to start.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// `sqlite://FILE` or `postgres://...`.
    pub database_url: String,
    /// The file with the key that wraps all others.
    pub master_key_file: PathBuf,
    /// Proxies whose `X-Forwarded-For` is believed: addresses or ranges.
    pub trusted_proxies: Vec<String>,
    /// After how many seconds of a silent change feed requests are refused; absent: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_stale_seconds: Option<u64>,
    /// For how many days decisions are kept.
    pub decision_retention_days: u32,
    /// One in so many passed requests keeps its decision; refused ones always do.
    pub decision_sample: u32,
    /// How many records of each kind a node keeps in memory, for each environment.
    pub directory_capacity: u64,
    /// How many threads serve; absent: one for each processor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker_threads: Option<usize>,
    /// `text` or `json`.
    pub log_format: LogFormat,
    pub sandbox: Sandbox,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub portal: Option<Listener>,
    pub environments: Environments,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telemetry: Option<Listener>,
    /// Where `postigo carrier` listens, the sandbox carrier alone; `serve` does not open it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier: Option<Listener>,
    #[serde(skip_serializing_if = "Mail::is_unset")]
    pub mail: Mail,
    #[serde(skip_serializing_if = "Registration::is_unset")]
    pub registration: Registration,
}

/// The sandbox carrier.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sandbox {
    /// CSV file with the Event Matrix, in place of the one that is built in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_matrix: Option<PathBuf>,
    /// Whether webhooks of tracking events may lead to addresses that are not of the public Internet, this machine among them. For
    /// development: where strangers register webhooks, they could reach whatever the node can.
    pub webhook_private_addresses: bool,
}

/// The environments this node serves.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Environments {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sandbox: Option<Listener>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub production: Option<Listener>,
}

/// Where something listens and under which URL others reach it.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Listener {
    /// Address and port; absent: the default of its table.
    #[serde(default = "unset")]
    pub listen: SocketAddr,
    /// The URL others use; of an environment, its issuer. Absent: `http://` and the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// PEM file with the certificate chain: TLS is on when it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<PathBuf>,
    /// PEM file with the certificate's private key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_key: Option<PathBuf>,
    /// The e-mail address of the operator's support, shown on the page `/support`. Of the portal only; the list of keys knows these
    /// three nowhere else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support_email: Option<String>,
    /// Its telephone number, as people write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support_phone: Option<String>,
    /// When somebody answers, in the operator's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support_hours: Option<String>,
    /// Whether the operator's staff must have a second factor; absent: yes. No is refused where others than this machine reach the portal. Of the
    /// portal only; the list of keys knows it nowhere else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_second_factor: Option<bool>,
    /// Whether the page `/mailbox` shows everybody the mails that nothing sends, for development: their links open accounts. Refused beside
    /// `[mail] smtp`; absent: no. Of the portal only; the list of keys knows it nowhere else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailbox: Option<bool>,
    /// The operator's own provider, by which staff sign on. Of the portal only; the list of keys knows it nowhere else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_sign_on: Option<StaffSignOn>,
    /// The `public_url` of production, for a node that serves the portal and not production: the management API takes production's tokens.
    /// Absent, and without `[environments.production]`: such a node has no management API. Of the portal only, as above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub production_url: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

/// Stands for "not said" until [`Config::fill`] knows which table it is.
fn unset() -> SocketAddr {
    ([0, 0, 0, 0], 0).into()
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database_url: "sqlite://postigo-data/postigo.db".into(),
            master_key_file: "postigo-data/master.key".into(),
            trusted_proxies: Vec::new(),
            max_stale_seconds: None,
            decision_retention_days: 7,
            decision_sample: 100,
            directory_capacity: 100_000,
            worker_threads: None,
            log_format: LogFormat::Text,
            sandbox: Sandbox::default(),
            portal: None,
            environments: Environments::default(),
            telemetry: None,
            carrier: None,
            mail: Mail::default(),
            registration: Registration::default(),
        }
    }
}

impl Listener {
    /// A listener on the loopback interface.
    pub fn local(port: u16) -> Self {
        Self {
            listen: ([127, 0, 0, 1], port).into(),
            public_url: None,
            certificate: None,
            private_key: None,
            support_email: None,
            support_phone: None,
            support_hours: None,
            staff_second_factor: None,
            mailbox: None,
            staff_sign_on: None,
            production_url: None,
        }
    }

    /// Whom the portal's pages send people to.
    pub fn support(&self) -> portal::Support {
        let text = |key: &Option<String>| key.clone().unwrap_or_default();
        portal::Support { email: text(&self.support_email), phone: text(&self.support_phone), hours: text(&self.support_hours) }
    }

    /// Whether the portal has a page with the mails that nothing sends.
    pub fn has_mailbox(&self) -> bool {
        self.mailbox == Some(true)
    }

    /// Whether only browsers on this machine come here. A proxy may stand before a loopback address; then there is an address with TLS.
    fn is_for_this_machine(&self) -> bool {
        self.listen.ip().is_loopback() && !self.public_url().starts_with("https:")
    }

    /// The URL others use, without a slash at its end.
    pub fn public_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("{}://{}", if self.certificate.is_some() { "https" } else { "http" }, self.listen),
        }
    }
}

impl Environments {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.sandbox.is_none() && self.production.is_none()
    }

    pub fn of(&self, environment: Environment) -> Option<&Listener> {
        match environment {
            Environment::Sandbox => self.sandbox.as_ref(),
            Environment::Production => self.production.as_ref(),
        }
    }
}

impl Config {
    /// Reads `file`, or `./postigo.toml` when it exists, or takes the development defaults; then the environment variables
    /// `POSTIGO__SECTION__KEY`.
    ///
    /// # Errors
    /// One line that names the file, the line and the mend.
    pub fn read(file: Option<&Path>, variables: impl Iterator<Item = (String, String)>) -> Result<Self> {
        let path = match file {
            Some(path) => Some(path),
            None => Some(Path::new(DEFAULT_FILE)).filter(|path| path.exists()),
        };
        let text = match path {
            Some(path) => std::fs::read_to_string(path).with_context(|| format!("cannot read the configuration {}", path.display()))?,
            None => String::new(),
        };
        let name = path.map_or_else(|| DEFAULT_FILE.to_owned(), |path| path.display().to_string());
        Self::parse(&name, &text, variables)
    }

    fn parse(name: &str, text: &str, variables: impl Iterator<Item = (String, String)>) -> Result<Self> {
        keys::check(name, text)?;
        let mut table: toml::Table = toml::from_str(text).map_err(|error| anyhow::anyhow!("{name}: {error}"))?;
        // Read once as it stands, so that a wrong type is reported with its line.
        if let Err(error) = toml::from_str::<Self>(text) {
            bail!("{name}:{}: {}", keys::line(text, error.span()), error.message());
        }
        keys::serve_everything_unless_told(&mut table);
        let mut named = Vec::new();
        for (variable, value) in variables.filter(|(variable, _)| variable.starts_with(keys::PREFIX)) {
            keys::set(&mut table, &variable, &value)?;
            named.push(variable);
        }
        let mut config: Self = table.try_into().map_err(|error: toml::de::Error| {
            anyhow::anyhow!("the environment variables {} do not fit: {}", named.join(", "), error.message())
        })?;
        config.fill();
        config.check(name)?;
        Ok(config)
    }

    /// Gives each listener that does not say where it listens the default port of its table.
    fn fill(&mut self) {
        let listeners = [&mut self.portal, &mut self.environments.sandbox, &mut self.environments.production, &mut self.telemetry];
        for (listener, port) in listeners.into_iter().zip(DEFAULT_PORT..) {
            if let Some(listener) = listener
                && listener.listen == unset()
            {
                listener.listen = ([127, 0, 0, 1], port).into();
            }
        }
        if let Some(listener) = self.carrier.as_mut().filter(|listener| listener.listen == unset()) {
            listener.listen = ([127, 0, 0, 1], CARRIER_PORT).into();
        }
    }

    /// Where the sandbox carrier alone listens.
    pub fn carrier(&self) -> Listener {
        self.carrier.clone().unwrap_or_else(|| Listener::local(CARRIER_PORT))
    }

    /// Puts the four listeners on four ports in a row.
    pub fn listen_from(&mut self, base: u16) {
        self.portal = Some(Listener::local(base));
        self.environments.sandbox = Some(Listener::local(base + 1));
        self.environments.production = Some(Listener::local(base + 2));
        self.telemetry = Some(Listener::local(base + 3));
    }

    /// Every listener of a node under the name of its table.
    pub fn listeners(&self) -> Vec<(&'static str, &Listener)> {
        let all = [
            ("portal", self.portal.as_ref()),
            ("environments.sandbox", self.environments.sandbox.as_ref()),
            ("environments.production", self.environments.production.as_ref()),
            ("telemetry", self.telemetry.as_ref()),
        ];
        all.into_iter().filter_map(|(name, listener)| Some((name, listener?))).collect()
    }

    /// The proxies that are believed.
    ///
    /// # Errors
    /// For a text that is no address.
    pub fn trusted_proxies(&self) -> Result<Vec<Network>> {
        self.trusted_proxies.iter().map(|text| text.parse().map_err(|error| anyhow::anyhow!("trusted_proxies: {error}"))).collect()
    }

    /// What the use cases must know of it.
    pub fn settings(&self) -> app::Settings {
        let standard = app::Settings::default();
        let portal = self.portal.as_ref();
        app::Settings {
            portal_url: portal.map_or(standard.portal_url, |portal| portal.public_url().into()),
            staff_second_factor: portal.and_then(|portal| portal.staff_second_factor).unwrap_or(true),
            messages: if self.registration.messages_url.is_some() { app::mail::Delivery::Smtp } else { app::mail::Delivery::Mailbox },
            delivery: if self.mail.smtp.is_some() { app::mail::Delivery::Smtp } else { app::mail::Delivery::Mailbox },
            ..standard
        }
    }

    fn check(&self, name: &str) -> Result<()> {
        if !["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| self.database_url.starts_with(scheme)) {
            bail!("{name}: database_url must start with sqlite:// or postgres://");
        }
        if self.decision_sample == 0 {
            bail!("{name}: decision_sample must be at least 1 (1 keeps the decision of every request)");
        }
        if !(1..=LONGEST_RETENTION).contains(&self.decision_retention_days) {
            bail!("{name}: decision_retention_days must be 1 to {LONGEST_RETENTION}");
        }
        self.trusted_proxies().with_context(|| name.to_owned())?;
        self.mail.check().with_context(|| format!("{name}: [mail]"))?;
        self.registration.check().with_context(|| format!("{name}: [registration]"))?;
        if self.mail.smtp.is_some() && self.portal.as_ref().is_some_and(Listener::has_mailbox) {
            bail!(
                "{name}: [portal] mailbox shows everybody mails with links that open accounts, and is for houses that send none; remove it, or [mail] smtp"
            );
        }
        if self.portal.as_ref().is_some_and(|portal| portal.staff_second_factor == Some(false) && !portal.is_for_this_machine()) {
            bail!(
                "{name}: [portal] staff_second_factor = false lets a password alone open the console, and is for a portal that nobody else reaches: \
                 one that listens on 127.0.0.1 and has no https address; remove it"
            );
        }
        if let Some(named) = self.portal.as_ref().and_then(|portal| portal.staff_sign_on.as_ref()) {
            named.check().with_context(|| format!("{name}: [portal.staff_sign_on]"))?;
        }
        let mut seen: Vec<(&str, SocketAddr)> = Vec::new();
        for (table, listener) in self.listeners().into_iter().chain(self.carrier.iter().map(|listener| ("carrier", listener))) {
            if listener.certificate.is_some() != listener.private_key.is_some() {
                bail!("{name}: [{table}] needs both certificate and private_key for TLS, or neither");
            }
            check_url(&listener.public_url()).with_context(|| format!("{name}: [{table}] public_url"))?;
            if let Some((other, _)) = seen.iter().find(|(_, address)| *address == listener.listen && listener.listen.port() != 0) {
                bail!("{name}: [{table}] and [{other}] both listen on {}; give each its own port", listener.listen);
            }
            seen.push((table, listener.listen));
        }
        if let (Some(sandbox), Some(production)) = (&self.environments.sandbox, &self.environments.production)
            && sandbox.public_url() == production.public_url()
        {
            bail!("{name}: sandbox and production have the same public_url; tokens of one must never be good in the other");
        }
        Ok(())
    }
}

/// An origin with an optional path: `https`, or `http` for development.
fn check_url(url: &str) -> Result<()> {
    let uri: http::Uri = url.parse().map_err(|error| anyhow::anyhow!("{url:?} is not a URL: {error}"))?;
    let scheme = uri.scheme_str().unwrap_or_default();
    if !matches!(scheme, "http" | "https") || uri.host().is_none_or(str::is_empty) || uri.query().is_some() || url.contains('#') {
        bail!("{url:?} must look like https://api.example.com, without query or fragment");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
