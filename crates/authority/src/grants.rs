//! The grants. Each says for whom a token will be; none knows on which route it was asked for.

mod client_credentials;
mod client_pc_credentials;
mod csp_credentials;
pub(crate) mod token_exchange;

use std::sync::Arc;

use domain::{
    ScopeSet, SecretId,
    client::{Client, GrantType},
    customer_key::CustomerKey,
    token::Actor,
};

use crate::{customer_key::Presented, refusal::Refusal};

/// What is known of a request once its credentials have been looked at.
pub(crate) struct Evidence<'a> {
    /// Who asks, proven.
    pub(crate) client: &'a Client,
    /// The secret or public key that proved it.
    pub(crate) proven_by: SecretId,
    /// What of a customer key came along.
    pub(crate) presented: Presented<'a>,
    /// That customer key, when its secret is right and it may act; not yet whether it is this client's.
    pub(crate) customer_key: Option<&'a CustomerKey>,
}

/// For whom a token will be.
pub(crate) struct Subject {
    /// `sub`.
    pub(crate) sub: Arc<str>,
    /// The account number acted for.
    pub(crate) account: Option<Arc<str>>,
    /// Who acts, when it is not the subject.
    pub(crate) act: Option<Actor>,
    /// Everything a token for it could allow.
    pub(crate) reach: ScopeSet,
}

/// Runs a grant.
pub(crate) fn subject(grant_type: GrantType, evidence: &Evidence<'_>) -> Result<Subject, Refusal> {
    if !evidence.client.may_use(grant_type) {
        return Err(Refusal::GrantNotAllowed);
    }
    match grant_type {
        GrantType::ClientCredentials => client_credentials::subject(evidence),
        GrantType::CspCredentials => csp_credentials::subject(evidence),
        GrantType::ClientPcCredentials => client_pc_credentials::subject(evidence),
        GrantType::TokenExchange => token_exchange::subject(evidence),
    }
}

/// A customer key makes customer keys for nobody: this scope is never in a token obtained with one.
const REGISTRATION: &str = "CXS-REG";

/// The subject of the grants that take a customer key.
fn customer(evidence: &Evidence<'_>) -> Result<Subject, Refusal> {
    if evidence.presented.key.is_none() || evidence.presented.secret.is_none() {
        return Err(Refusal::Malformed("This grant_type needs child_key and child_secret beside the client's own credentials."));
    }
    // Another project's is as good as none, and so is one that is bound to what the client did not prove itself with.
    let usable = |key: &&CustomerKey| evidence.client.may_use_key(key, evidence.proven_by);
    let key = evidence.customer_key.filter(usable).ok_or(Refusal::WrongCredentials)?;
    Ok(Subject {
        sub: Arc::clone(&key.id.0),
        account: Some(key.account_number.as_str().into()),
        act: Some(Actor { sub: evidence.client.id.clone() }),
        reach: evidence.client.granted().iter().filter(|scope| scope.as_str() != REGISTRATION).cloned().collect(),
    })
}
