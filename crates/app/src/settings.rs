//! What the configuration says to the use cases.

use std::sync::Arc;

use crate::{
    App,
    accounts::{SignOn, hashing::Desk},
    mail,
};

pub use crate::accounts::hashing::Cost;

/// What the house is told by its configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The portal's public URL, without a slash at its end: links in mails begin with it, whatever a request says.
    pub portal_url: Arc<str>,
    /// Whether the operator's staff must have a second factor.
    pub staff_second_factor: bool,
    /// The provider by which staff sign on, where there is one.
    pub sign_on: Option<SignOn>,
    /// What a mail waits for.
    pub delivery: mail::Delivery,
    /// What a text message or a call waits for.
    pub messages: mail::Delivery,
    /// What hashing a password costs.
    pub password_cost: Cost,
    /// How many passwords are hashed at once.
    pub password_workers: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            portal_url: "http://127.0.0.1:8080".into(),
            staff_second_factor: true,
            sign_on: None,
            delivery: mail::Delivery::Mailbox,
            messages: mail::Delivery::Mailbox,
            password_cost: Cost::OWASP,
            password_workers: 2,
        }
    }
}

/// The settings and what is made of them once.
pub(crate) struct Arranged {
    pub(crate) settings: Settings,
    pub(crate) desk: Desk,
}

impl Arranged {
    pub(crate) fn new(settings: Settings) -> Arc<Self> {
        let desk = Desk::new(settings.password_cost, settings.password_workers);
        Arc::new(Self { settings, desk })
    }
}

impl App {
    /// The same house with these settings instead of the default ones.
    #[must_use]
    pub fn with(mut self, settings: Settings) -> Self {
        self.arranged = Arranged::new(settings);
        self
    }

    /// What the configuration says.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.arranged.settings
    }
}
