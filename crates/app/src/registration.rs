//! Credential registration: a platform collects a customer key for each of its customers, who prove themselves by what only they know.
//!
//! The platform's project is the actor: the gateway has proved its token, and what it may do is decided here once more. Nothing says whether an
//! account number exists: an unknown one is compared with nobody, its failures are counted and lock alike.

mod address;
mod invoice;
mod pin;
mod source;

use std::sync::Arc;

use domain::{
    ClientId, ConsentId, Environment, Language, OrganisationId, ProjectId,
    account_token::{AccountToken, AccountTokenKey, key_name},
    contract::Standing,
    holder::{Channel, Holder},
    secret::{Secret, SecretHash},
};
use serde_json::json;
use store::{
    Moment, Tx, audit,
    consents::Consent,
    customer_keys::CustomerKeyRow,
    organisations::Organisation,
    registration_tries::{self, Try},
};

use crate::{Actor, App, Error, Issued, customer_keys, kept_key, policies};

pub use address::{Options, Outcome};
pub use source::{Found, HolderService, Holders, Unreachable};

/// After so many failures in a row a method is locked.
pub const MOST_FAILURES: i64 = 5;
/// For how long, in seconds.
pub const LOCK: i64 = 86_400;
/// How long a PIN is good, in seconds.
pub const PIN_LIFETIME: i64 = 600;
/// How many PINs are sent for an account to one organisation within [`SENDING_WINDOW`].
pub const MOST_PINS: usize = 3;
/// In which time, in seconds.
pub const SENDING_WINDOW: i64 = 3600;

/// Who asks, as the gateway proved it.
#[derive(Debug, Clone)]
pub struct Platform {
    /// Its client.
    pub client: ClientId,
    /// The client's project.
    pub project: ProjectId,
    /// Where.
    pub environment: Environment,
    /// The network address it came from; empty when that is not known.
    pub address: String,
}

/// What a customer proves itself by. Each is locked by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Name and address.
    Address,
    /// A PIN that was sent.
    Pin,
    /// An invoice.
    Invoice,
}

impl Method {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Pin => "pin",
            Self::Invoice => "invoice",
        }
    }
}

/// Why a platform gets no further. Nothing in it tells more than whoever asks may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The client may not register customers.
    Forbidden,
    /// There is no such account, or its address is another.
    Mismatch,
    /// The account token is none of this project's, or too old.
    SessionOver,
    /// The PIN is wrong, used, too old, or was never sent.
    WrongPin,
    /// There is no such invoice.
    NoInvoice,
    /// The invoice is too old, or of the future.
    InvoiceTooOld,
    /// The holder cannot be reached in this way.
    NotRegistered(Channel),
    /// The holder could prove more, but by nothing that works here.
    NoWay,
    /// There were too many failures; until when nobody may try.
    Locked(Method, Moment),
    /// There were too many PINs; when the next one may be asked for.
    TooManyPins(Moment),
    /// The platform has too many keys for this account.
    TooManyKeys,
    /// The register of account holders does not answer.
    Unavailable,
}

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A refusal.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// Our side.
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Self::Broken(error.into())
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// What every use case here answers.
type Result<T> = std::result::Result<T, Failure>;

/// Where customers register. Cloning is cheap; all clones are one.
#[derive(Clone)]
pub struct Registration {
    app: App,
    holders: Holders,
    keys: Arc<Keys>,
    telephones: bool,
}

/// What signs account tokens: each environment has a key of its own.
struct Keys {
    sandbox: AccountTokenKey,
    production: AccountTokenKey,
}

impl Keys {
    async fn kept(app: &App, environment: Environment) -> crate::Result<AccountTokenKey> {
        let (name, what) = (key_name(environment), "the key of account tokens");
        Ok(AccountTokenKey::new(&kept_key(&app.db, &app.master, &app.clock, &app.entropy, name, what).await?))
    }

    const fn of(&self, environment: Environment) -> &AccountTokenKey {
        match environment {
            Environment::Sandbox => &self.sandbox,
            Environment::Production => &self.production,
        }
    }
}

/// What is tried: to prove an account to a platform by one method.
#[derive(Clone, Copy)]
struct Proof<'a> {
    by: &'a Platform,
    /// The platform's organisation: it is what fails and is locked, or each of its projects would be some guesses more.
    organisation: OrganisationId,
    method: Method,
    account: &'a str,
}

impl Registration {
    /// Opens the register. `telephones`: whether somebody sends text messages and makes calls here.
    ///
    /// # Errors
    /// When the key of account tokens cannot be read or drawn.
    pub async fn open(app: App, holders: Holders, telephones: bool) -> crate::Result<Self> {
        let (sandbox, production) = (Keys::kept(&app, Environment::Sandbox).await?, Keys::kept(&app, Environment::Production).await?);
        Ok(Self { app, holders, keys: Arc::new(Keys { sandbox, production }), telephones })
    }

    /// The present.
    #[must_use]
    pub fn now(&self) -> domain::Timestamp {
        self.app.now()
    }

    /// Whether the platform may register customers; its organisation, if so.
    async fn admit(&self, by: &Platform) -> Result<Organisation> {
        let db = self.app.db();
        let client = store::clients::find(db, &by.client).await?;
        let ours = client.is_some_and(|client| {
            client.project_id == by.project && client.environment == by.environment && client.status == Standing::Active
        });
        let project = store::projects::find(db, by.project).await?.filter(|project| ours && project.archived_at.is_none());
        let organisation = match project {
            Some(project) => store::organisations::find(db, project.organisation_id).await?,
            None => None,
        };
        let takes_keys =
            |organisation: &Organisation| organisation.status == Standing::Active && organisation.customer_type.acts_for_others();
        Ok(organisation.filter(takes_keys).ok_or(Refusal::Forbidden)?)
    }

    /// What an account token says, when it is this platform's and still good.
    fn session(&self, by: &Platform, account_token: &str) -> Result<AccountToken> {
        let keys = self.keys.of(by.environment);
        Ok(keys.read(account_token, by.project, by.environment, self.app.now()).ok_or(Refusal::SessionOver)?)
    }

    /// The holder of the account that is to be proved; its invoices may be missing ([`Self::invoices`]). Whoever is locked out asks nobody: neither
    /// the register nor the carrier's service is a guesser's to keep busy.
    async fn holder(&self, proof: Proof<'_>) -> Result<Option<Holder>> {
        let now = self.app.moment();
        if let Some(until) = registration_tries::is_locked(self.app.db(), &self.tries(proof), MOST_FAILURES, LOCK, now).await? {
            return Err(Refusal::Locked(proof.method, until).into());
        }
        Ok(match self.holders.find(&self.app, proof.by.environment, proof.account).await? {
            Ok(holder) => holder,
            Err(Unreachable) => return Err(Refusal::Unavailable.into()),
        })
    }

    /// The holder with its invoices.
    async fn invoices(&self, by: &Platform, mut holder: Holder) -> Result<Holder> {
        self.holders.add_invoices(&self.app, by.environment, &mut holder).await?;
        Ok(holder)
    }

    /// Under what something of `whose` and an account is counted, so that the tables name neither.
    fn key(&self, by: &Platform, what: &str, whose: impl std::fmt::Display, account_number: &str) -> SecretHash {
        self.app.hash_key.hash(&format!("registration:{what}:{whose}:{}:{account_number}", by.environment))
    }

    fn tries(&self, proof: Proof<'_>) -> SecretHash {
        self.key(proof.by, proof.method.as_str(), proof.organisation, proof.account)
    }

    /// Counts a try at a method before it is checked. How many in a row by now.
    async fn count(&self, tx: &mut Tx, proof: Proof<'_>) -> Result<i64> {
        match registration_tries::take(tx, &self.tries(proof), MOST_FAILURES, LOCK, self.app.moment()).await? {
            Try::Now(failures) => Ok(failures),
            Try::Locked(until) => Err(Refusal::Locked(proof.method, until).into()),
        }
    }

    /// The try failed: it stays counted. The one that locks the method stands in the audit log.
    async fn wrong(&self, mut tx: Tx, proof: Proof<'_>, failures: i64) -> Result<()> {
        let Proof { by, method, account, .. } = proof;
        if failures >= MOST_FAILURES {
            let detail = json!({"project": by.project, "environment": by.environment, "method": method.as_str()});
            let (actor, subject) = (Actor::Client(by.client.clone()).to_string(), account.to_owned());
            tx.audit(audit::Entry { actor, action: "registration.lock", subject, detail });
        }
        Ok(tx.commit(self.app.now()).await?)
    }

    /// The try was right: the method's failures are forgotten.
    async fn right(&self, tx: &mut Tx, proof: Proof<'_>) -> Result<()> {
        Ok(registration_tries::clear(tx, &self.tries(proof)).await?)
    }

    /// Issues the key for the account that was proved.
    async fn register(&self, mut tx: Tx, proof: Proof<'_>) -> Result<Issued<CustomerKeyRow>> {
        let Proof { by, method, account: account_number, .. } = proof;
        let consent = Consent {
            id: ConsentId(self.app.uuid()),
            project_id: by.project,
            environment: by.environment,
            account_number: account_number.to_owned(),
            client_id: by.client.clone(),
            method: method.as_str().to_owned(),
            agreement: policies::agreed_to(&self.app, &mut tx).await?,
            address: by.address.clone(),
            created_at: self.app.moment(),
        };
        let issued = customer_keys::register(&self.app, &mut tx, &consent).await?.ok_or(Refusal::TooManyKeys)?;
        let detail = json!({
            "project": by.project, "environment": by.environment, "account_number": account_number, "method": method.as_str(),
            "consent": consent.id, "agreement": consent.agreement,
        });
        self.app.commit(tx, &Actor::Client(by.client.clone()), "customer_key.register", &issued.record.id, detail).await?;
        Ok(issued)
    }

    /// How a PIN can reach the holder. Where the sandbox has a fixed one, every way leads to it.
    fn channels(&self, environment: Environment, holder: &Holder) -> Vec<Channel> {
        let fixed = environment == Environment::Sandbox && holder.pin.is_some();
        let reaches = |channel: &Channel| match channel {
            Channel::Email => holder.email.is_some(),
            Channel::Sms | Channel::Call => self.telephones && holder.phone.is_some(),
        };
        Channel::ALL.iter().copied().filter(|channel| fixed || reaches(channel)).collect()
    }
}

/// The PIN that is always right for this holder: in the sandbox only.
fn fixed_pin(environment: Environment, holder: &Holder) -> Option<Secret> {
    holder.pin.clone().filter(|_| environment == Environment::Sandbox).map(Secret::new)
}

/// The language of a locale such as `es_ES`, or else the holder's.
fn language(locale: Option<&str>, holder: &Holder) -> Language {
    let asked = locale.and_then(|locale| locale.get(..2)).and_then(|tag| tag.to_ascii_lowercase().parse().ok());
    asked.or(holder.language).unwrap_or(crate::mail::DEFAULT_LANGUAGE)
}
