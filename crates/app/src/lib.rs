//! Use cases: one function, one transaction, one audit entry, and the changes that others must hear of.
//!
//! Who may do what is decided here and nowhere else; the command line, the portal and the management API all come through these
//! functions and get the same refusals.

pub mod access;
pub mod accounts;
pub mod acting;
pub mod announcements;
pub mod api_credentials;
pub mod approval_rules;
pub mod audit;
pub mod catalogue;
mod circulars;
pub mod client_methods;
pub mod clients;
pub mod consents;
pub mod contracts;
pub mod customer_keys;
pub mod customer_types;
mod error;
pub mod holders;
pub mod invitations;
pub mod mail;
pub mod management;
pub mod members;
pub mod messages;
pub mod notices;
pub mod organisations;
pub mod permission;
pub mod plans;
pub mod policies;
pub mod projects;
pub mod public_keys;
pub mod queues;
pub mod reason_templates;
pub mod records;
pub mod registration;
mod rule;
pub mod secret_review;
pub mod secrets;
mod settings;
pub mod signing_keys;
pub mod staff;
pub mod tokens;
pub mod try_it;
mod upkeep;
pub mod view;
mod words;

use std::{fmt, sync::Arc};

use domain::{
    AccountId, ClientId, Clock, Entropy, Timestamp, digest,
    role::Duty,
    secret::{HashKey, Secret},
    wrapping::{MasterKey, SECRET_HASH_KEY},
};
use store::{Db, Moment, Tx};
use uuid::Uuid;

pub use error::Error;
pub use rule::{Bounded, Rule};
pub use settings::{Cost, Settings};
pub use upkeep::{circulars, upkeep};
pub use words::{Words, role_spanish, staff_spanish};

/// What every use case answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Who does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Somebody at the command line of a node: whoever may read the master key may do everything.
    Operator(String),
    /// Somebody who signed in to the portal: a member of organisations by its role there, or staff by its duty.
    Account(AccountId),
    /// A client, over what is its own.
    Client(ClientId),
    /// A program of the operator's that calls the management API, with the one duty that the scope of the operation stands for. It is never
    /// a member of anything.
    Service {
        /// Its client.
        client: ClientId,
        /// What it may do: [`domain::management::duty`] of the scope.
        duty: Duty,
    },
    /// The program itself.
    System,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operator(name) => write!(f, "operator:{name}"),
            Self::Account(id) => write!(f, "account:{id}"),
            Self::Client(id) | Self::Service { client: id, .. } => write!(f, "client:{id}"),
            Self::System => f.write_str("system"),
        }
    }
}

/// Where use cases happen: the database, the present, randomness and the keys.
#[derive(Clone)]
pub struct App {
    db: Db,
    clock: Clock,
    entropy: Entropy,
    master: Arc<MasterKey>,
    hash_key: HashKey,
    arranged: Arc<settings::Arranged>,
}

/// A secret that has just been issued: the only moment at which it can be shown.
pub struct Issued<T> {
    /// What it belongs to.
    pub record: T,
    /// The secret in clear.
    pub secret: Secret,
}

impl App {
    /// Opens a migrated database with the master key. What every installation must have is made when it is missing: the key of
    /// secrets' hashes, the first signing key of each environment and the first version of the usage policies.
    ///
    /// # Errors
    /// When the database cannot be used, or was made with another master key.
    pub async fn open(db: Db, master: Arc<MasterKey>, clock: Clock, entropy: Entropy) -> Result<Self> {
        let hash_key = hash_key(&db, &master, &clock, &entropy).await?;
        let app = Self { db, clock, entropy, master, hash_key, arranged: settings::Arranged::new(Settings::default()) };
        for environment in domain::Environment::ALL {
            signing_keys::ensure(&app, *environment).await?;
        }
        policies::ensure(&app).await?;
        Ok(app)
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The present.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What a form carries so that it is known for a page of ours, shown to the holder of this cookie.
    #[must_use]
    pub fn form_token(&self, cookie: &str) -> String {
        digest::hex(self.hash_key.hash(&format!("form {cookie}")).as_bytes())
    }

    /// Whether `sent` is the token expected; how long it takes says nothing about either.
    #[must_use]
    pub fn is_form_token(&self, sent: &str, expected: &str) -> bool {
        self.hash_key.hash(sent).matches(&self.hash_key.hash(expected))
    }

    fn moment(&self) -> Moment {
        Moment(self.now())
    }

    fn uuid(&self) -> Uuid {
        self.entropy.uuid(self.now())
    }

    async fn begin(&self) -> Result<Tx> {
        Ok(self.db.begin().await?)
    }

    async fn commit(
        &self,
        mut tx: Tx,
        actor: &Actor,
        action: &'static str,
        subject: impl fmt::Display,
        detail: serde_json::Value,
    ) -> Result<()> {
        tx.audit(store::audit::Entry { actor: actor.to_string(), action, subject: subject.to_string(), detail });
        Ok(tx.commit(self.now()).await?)
    }
}

async fn hash_key(db: &Db, master: &MasterKey, clock: &Clock, entropy: &Entropy) -> Result<HashKey> {
    Ok(HashKey::new(&kept_key(db, master, clock, entropy, SECRET_HASH_KEY, "the key of secrets' hashes").await?))
}

/// The key of 32 bytes that lies in the vault under `name`; drawn when there is none yet.
async fn kept_key(
    db: &Db,
    master: &MasterKey,
    clock: &Clock,
    entropy: &Entropy,
    name: &'static str,
    what: &'static str,
) -> Result<[u8; 32]> {
    let wrapped = match store::vault::get(db, name).await? {
        Some(wrapped) => wrapped,
        None => {
            let mut tx = db.begin().await?;
            let fresh = master.wrap(name, &entropy.bytes::<32>(), entropy);
            store::vault::put(&mut tx, name, &fresh, Moment(clock.now())).await?;
            tx.commit(clock.now()).await?;
            // Another node may have been faster: what counts is what is there now.
            store::vault::get(db, name).await?.ok_or(store::Error::Corrupt("no key in the vault under its name"))?
        }
    };
    let bytes = master.unwrap(what, name, &wrapped)?;
    Ok(bytes.as_slice().try_into().map_err(|_| store::Error::Corrupt("a key of the wrong length"))?)
}

/// What is said to who gives a reason that is too long, or none where none is needed.
const REASON: (&str, &str) = ("Escribe de 1 a 2000 caracteres.", "1 to 2000 characters");

/// A reason as people write it: trimmed, 1 to 2000 characters, lines welcome. `mend` is what to do about another, in Spanish and English.
fn reason(text: &str, mend: (&'static str, &'static str)) -> Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 2000 || text.chars().any(|c| c.is_control() && c != '\n' && c != '\r' && c != '\t') {
        return Err(Error::invalid("reason", mend.0, mend.1));
    }
    Ok(text.to_owned())
}

/// A name as people write it: trimmed, 1 to `most` characters, no control characters.
fn name(field: &'static str, text: &str, most: usize) -> Result<String> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 || length > most || text.chars().any(char::is_control) {
        return Err(Error::invalid(
            field,
            format!("Escribe de 1 a {most} caracteres, sin saltos de línea."),
            format!("write 1 to {most} characters, without line breaks"),
        ));
    }
    Ok(text.to_owned())
}
