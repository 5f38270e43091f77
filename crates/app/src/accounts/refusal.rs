//! Why somebody is not let in, or not let do something with an account. Without words of any language: pages find their own.

use domain::password::Weak;

use super::SignOnRefusal;

/// A rule about accounts says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such account, no such password, or not that one: never told apart.
    #[error("that address and that password do not fit together")]
    Credentials,
    /// A code of an authenticator app or a recovery code that is wrong or was used.
    #[error("that code is not right, or was used before: wait for the next one, or use a recovery code")]
    Code,
    /// An answer of a passkey that does not fit what was asked.
    #[error("that passkey was not recognised: try again, or use another one")]
    Passkey,
    /// A link from a mail that was used, is too old, or is for something else.
    #[error("this link does not work any more: ask for a new one")]
    Link,
    /// The password was right, but the address is not known to be the person's.
    #[error("the address is not verified yet: open the link in the mail, or ask for another one")]
    Unverified,
    /// Something is missing in the session.
    #[error("the second factor comes first")]
    Half,
    /// The session ended meanwhile.
    #[error("this session has ended: sign in again")]
    Ended,
    /// Staff who sign on by the operator's provider, and by nothing else.
    #[error("staff sign on by their own provider here: use its button")]
    SignOnOnly,
    /// The word of the operator's provider does not let in.
    #[error(transparent)]
    SignOn(#[from] SignOnRefusal),
    /// A new password that would not protect anything.
    #[error(transparent)]
    Weak(#[from] Weak),
    /// There is one already.
    #[error("an authenticator app is set up already: remove it first")]
    HasTotp,
    /// There is none.
    #[error("there is no second factor")]
    NoSecondFactor,
    /// Without it, nobody could sign in to the account.
    #[error("it is the last way to sign in: set a password or add another passkey first")]
    LastWayIn,
    /// Organisations that would have no owner.
    #[error("it is the only owner of {}: make somebody else an owner there, or close it, first", .0.join(", "))]
    SoleOwner(Vec<String>),
}
