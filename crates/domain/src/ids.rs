//! Identifiers, one type for each noun, so that one cannot stand where another belongs.

use std::{borrow::Borrow, fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { Uuid::parse_str(text).map(Self) }
        }
        impl TryFrom<String> for $name {
            type Error = uuid::Error;
            fn try_from(text: String) -> Result<Self, Self::Error> { text.parse() }
        }
        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self { Self(id) }
        }
    )+};
}

uuid_id! {
    /// A company.
    OrganisationId,
    /// A transport contract.
    ContractId,
    /// An organisation's request to be another customer type.
    CustomerTypeRequestId,
    /// One application of an organisation.
    ProjectId,
    /// One secret of a client; tokens name the secret that got them.
    SecretId,
    /// A project's request for scopes of an API.
    AccessRequestId,
    /// What an approved access request allows.
    GrantId,
    /// A person who signs in to the portal.
    AccountId,
    /// One sign-in of an account.
    SessionId,
    /// An invitation into an organisation.
    InvitationId,
    /// A mail, waiting or sent.
    MailId,
    /// Something the operator tells everybody.
    AnnouncementId,
    /// A mail to many organisations.
    CircularId,
    /// A rule that approves access requests.
    ApprovalRuleId,
    /// That a platform may act for an account holder.
    ConsentId,
    /// A text message or a call.
    MessageId,
    /// Words for a rejection, to begin with.
    ReasonTemplateId,
}

macro_rules! text_id {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Arc<str>);

        impl $name {
            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.pad(&self.0) }
        }
        impl Borrow<str> for $name {
            fn borrow(&self) -> &str { &self.0 }
        }
        impl From<&str> for $name {
            fn from(text: &str) -> Self { Self(text.into()) }
        }
        impl From<String> for $name {
            fn from(text: String) -> Self { Self(text.into()) }
        }
    )+};
}

text_id! {
    /// A client's public identifier ("API key"), as sent in `client_id`.
    ClientId,
    /// The public half of a customer key, as sent in `child_key`.
    ChildKey,
    /// The public half of an API credential, as sent in the header `client_id` of every call.
    ApiCredentialId,
    /// The name of an API in the catalogue; also its path in the portal.
    ApiName,
    /// The id of a signing key, as in the header `kid` of a token.
    KeyId,
}
