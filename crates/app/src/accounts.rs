//! Accounts: who signs in, and what proves it.
//!
//! What a person may do with an account is a function of what was proved. [`session`] turns a cookie into a [`Session`]: [`SignedIn`] may act,
//! [`Half`] may only bring what is missing. Use cases take the one they need, so that half a session cannot act as a whole one: it does not
//! compile. Dangerous ones also ask for a proof that is not older than ten minutes ([`Error::Unproved`], then [`prove`]).
//!
//! Nothing here tells strangers which addresses have an account: the answers are the same, the work is the same, and so are the waits.

mod administration;
mod codes;
mod email;
mod erasure;
mod export;
pub(crate) mod hashing;
mod links;
mod passkeys;
mod password;
mod profile;
mod recovery;
mod refusal;
mod register;
mod second_factor;
mod sessions;
mod sign_in;
mod sign_on;
mod totp;
mod tries;

use std::net::IpAddr;

use domain::{AccountId, Timestamp, account::PROOF_SECONDS, secret::Secret};
use jiff::SignedDuration;

use crate::{Actor, App, Error, Result};

pub use store::accounts::Account;

pub use crate::staff::set_role as set_staff;
pub use administration::{Created, create_verified, delete_by, find, remove_second_factor, set_password_by, unlink_sign_on, verify_by};
pub use codes::{codes_left, regenerate_codes};
pub use email::{change_email, confirm_email};
pub use erasure::delete;
pub use export::export;
pub use links::{Purpose, peek};
pub use passkeys::{
    Ceremony, list_passkeys, passkey_sign_in, passkey_sign_in_finish, passkeys_possible, prove_passkey, prove_passkey_finish,
    register_passkey, register_passkey_finish, remove_passkey, rename_passkey, second_factor_passkey, second_factor_passkey_finish,
};
pub use password::{Current, change_password};
pub use profile::{set_language, set_name};
pub use recovery::{recover, reset};
pub use refusal::Refusal;
pub use register::{Registration, Verified, register, resend, verify};
pub use second_factor::{Proof, prove, second_factor};
pub(crate) use sessions::has_session;
pub use sessions::{end_all_others, end_session, list_sessions, session, session_unused, sign_out};
pub use sign_in::sign_in;
pub use sign_on::{
    Answer, Arrived, Asking, CALLBACK, Line, Linking, Question, Returned, SignOn, SignOnRefusal, Terms, Unreachable, begin_sign_on,
    finish_sign_on, leave_provider, link_sign_on, linking, proves_by_sign_on, sign_on_logout,
};
pub use totp::{Confirmed, Enrolment, confirm_totp, disable_totp, enrol_totp};
pub(crate) use tries::letter;

/// Where a request came from.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'a> {
    /// The client's address.
    pub address: IpAddr,
    /// What it calls itself.
    pub agent: Option<&'a str>,
}

/// What a cookie stands for.
#[derive(Debug, Clone)]
pub enum Session {
    /// Somebody who proved all that is asked.
    Whole(SignedIn),
    /// Somebody who has not yet.
    Half(Half),
}

/// Somebody who proved all that is asked.
#[derive(Debug, Clone)]
pub struct SignedIn {
    account: Account,
    session: store::sessions::Session,
}

/// Somebody who proved something, and must bring the rest before acting.
#[derive(Debug, Clone)]
pub struct Half {
    account: Account,
    session: store::sessions::Session,
    needs: Needs,
}

/// What half a session lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// The second factor.
    SecondFactor {
        /// An authenticator app can give it.
        totp: bool,
        /// A passkey can give it.
        passkey: bool,
    },
    /// A second factor must be set up first: staff have one.
    Enrolment,
}

/// A session that has just begun or changed its value: the only moment at which its cookie can be set.
pub struct Opened {
    /// The cookie's value: 43 characters of base64url.
    pub cookie: Secret,
    /// What it stands for.
    pub session: Session,
}

/// Somebody who may set up a second factor: signed in and proved lately, or staff who have none yet.
pub struct Enroller<'a> {
    account: &'a Account,
    session: &'a store::sessions::Session,
    /// Whether setting it up makes the session whole.
    completes: bool,
}

impl Session {
    /// The account, whatever was proved: to greet it, not to act for it.
    #[must_use]
    pub fn account(&self) -> &Account {
        match self {
            Self::Whole(signed_in) => &signed_in.account,
            Self::Half(half) => &half.account,
        }
    }

    /// Somebody who may act.
    ///
    /// # Errors
    /// [`Refusal::Half`] when something is missing.
    pub fn whole(&self) -> Result<&SignedIn> {
        match self {
            Self::Whole(signed_in) => Ok(signed_in),
            Self::Half(_) => Err(Refusal::Half.into()),
        }
    }

    /// Somebody who may set up a second factor.
    ///
    /// # Errors
    /// [`Error::Unproved`] when the last proof is too old; [`Refusal::Half`] when there is a second factor, and it is awaited.
    pub fn enroller(&self, app: &App) -> Result<Enroller<'_>> {
        match self {
            Self::Whole(signed_in) => signed_in.enroller(app),
            Self::Half(Half { account, session, needs: Needs::Enrolment }) => Ok(Enroller { account, session, completes: true }),
            Self::Half(_) => Err(Refusal::Half.into()),
        }
    }
}

impl SignedIn {
    /// The account.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The account's id.
    #[must_use]
    pub fn id(&self) -> AccountId {
        self.account.id
    }

    /// The session.
    #[must_use]
    pub fn session(&self) -> &store::sessions::Session {
        &self.session
    }

    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Account(self.account.id)
    }

    /// Until when no proof is asked for again.
    #[must_use]
    pub fn proved_until(&self) -> Timestamp {
        *self.session.proved_at + SignedDuration::from_secs(PROOF_SECONDS)
    }

    /// Asks for a proof that is not older than ten minutes, before something dangerous.
    ///
    /// # Errors
    /// [`Error::Unproved`]: call [`prove`] and come again.
    pub fn must_be_proved(&self, app: &App) -> Result<()> {
        if app.now() < self.proved_until() { Ok(()) } else { Err(Error::Unproved) }
    }

    /// Somebody who may set up a second factor.
    ///
    /// # Errors
    /// [`Error::Unproved`] when the last proof is too old.
    pub fn enroller(&self, app: &App) -> Result<Enroller<'_>> {
        self.must_be_proved(app)?;
        Ok(Enroller { account: &self.account, session: &self.session, completes: false })
    }
}

impl Half {
    /// The account: to greet it, not to act for it.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// What is missing.
    #[must_use]
    pub fn needs(&self) -> Needs {
        self.needs
    }
}
