//! A client as the hot path sees it: everything a token request or a call must know, in one value.

use jiff::Timestamp;

use crate::{
    ApiCredentialId, ApiName, ClientId, CustomerType, Environment, GrantId, OrganisationId, ProjectId, ScopeSet, SecretId,
    client_assertion::Assertion,
    contract::Standing,
    customer_key::{CustomerKey, Limits},
    public_key::PublicKey,
    secret::SecretHash,
    words::words,
};

words! {
    /// The grants of the token endpoint, as `grant_type` spells them.
    pub enum GrantType: "a grant type" {
        /// RFC 6749, section 4.4.
        ClientCredentials = "client_credentials",
        /// FedEx: integrators and compatible providers, with a customer key.
        CspCredentials = "csp_credentials",
        /// FedEx: proprietary parent and child, with a customer key.
        ClientPcCredentials = "client_pc_credentials",
        /// RFC 8693: a customer key handed over as the subject's token, by whoever may act for others.
        TokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange",
    }
}

impl GrantType {
    /// Whether the grant takes a customer key.
    #[must_use]
    pub const fn needs_customer_key(self) -> bool {
        !matches!(self, Self::ClientCredentials)
    }

    /// Whether organisations of this type may use the grant (FedEx guide, "Valid Values").
    #[must_use]
    pub const fn open_to(self, customer_type: CustomerType) -> bool {
        use CustomerType::{CompatibleProvider, Integrator, Internal, ProprietaryParent};
        match self {
            Self::ClientCredentials => true,
            Self::CspCredentials => matches!(customer_type, Integrator | CompatibleProvider | Internal),
            Self::ClientPcCredentials => matches!(customer_type, ProprietaryParent),
            // Whoever may use one of the two above.
            Self::TokenExchange => matches!(customer_type, Integrator | CompatibleProvider | Internal | ProprietaryParent),
        }
    }
}

/// A client with its project, its organisation, its live secrets and its grants.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its public identifier.
    pub id: ClientId,
    /// Where it is good.
    pub environment: Environment,
    /// Its project.
    pub project: ProjectId,
    /// The company behind it.
    pub organisation: OrganisationId,
    /// What that company is to the carrier.
    pub customer_type: CustomerType,
    /// Whether it may act: revoked or suspended when either it or its organisation is.
    pub standing: Standing,
    /// The grants it is narrowed to; `None`: all that its customer type may use.
    pub grant_types: Option<Vec<GrantType>>,
    /// The life of its tokens, in seconds.
    pub token_lifetime: u32,
    /// Every secret that is not revoked, retired ones included, since their tokens live out.
    pub secrets: Vec<ClientSecret>,
    /// Every public key that was not removed, those that ended in their time included, since their tokens live out.
    pub public_keys: Vec<ClientPublicKey>,
    /// What its project may do here.
    pub grants: Vec<Grant>,
    /// What each customer key of its project may ask for here, where the key has no limits of its own.
    pub key_limits: Limits,
}

/// A secret of a client, at rest.
#[derive(Debug, Clone)]
pub struct ClientSecret {
    /// Its id, which its tokens carry.
    pub id: SecretId,
    /// Its keyed hash.
    pub hash: SecretHash,
    /// When it stops opening anything; `None`: not planned.
    pub retires_at: Option<Timestamp>,
}

/// A public key of a client.
#[derive(Debug, Clone)]
pub struct ClientPublicKey {
    /// Its id, which its tokens carry as they carry that of a secret.
    pub id: SecretId,
    /// The key.
    pub key: PublicKey,
    /// When it stops opening anything; `None`: not planned.
    pub retires_at: Option<Timestamp>,
}

/// What an approved access request allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// The API.
    pub api: ApiName,
    /// The scopes of that API.
    pub scopes: ScopeSet,
    /// The plan's name.
    pub plan: String,
}

impl Client {
    /// Whether the client may use `grant_type`: its customer type allows it and nobody narrowed it away.
    #[must_use]
    pub fn may_use(&self, grant_type: GrantType) -> bool {
        grant_type.open_to(self.customer_type) && self.grant_types.as_ref().is_none_or(|list| list.contains(&grant_type))
    }

    /// Whether the client may use any grant that takes a customer key; tokens obtained with one stand on it.
    #[must_use]
    pub fn may_act_for_others(&self) -> bool {
        GrantType::ALL.iter().any(|grant| grant.needs_customer_key() && self.may_use(*grant))
    }

    /// Every scope its project holds here.
    #[must_use]
    pub fn granted(&self) -> ScopeSet {
        match self.grants.as_slice() {
            [only] => only.scopes.clone(),
            grants => grants.iter().flat_map(|grant| grant.scopes.iter().cloned()).collect(),
        }
    }

    /// The grant for `api`.
    #[must_use]
    pub fn grant_for(&self, api: &ApiName) -> Option<&Grant> {
        self.grants.iter().find(|grant| grant.api == *api)
    }

    /// The live secret whose hash is `presented`, if any. All live secrets are compared, whichever matches.
    #[must_use]
    pub fn secret(&self, presented: &SecretHash, now: Timestamp) -> Option<&ClientSecret> {
        let mut found = None;
        for secret in &self.secrets {
            if secret.hash.matches(presented) && secret.retires_at.is_none_or(|at| now < at) {
                found = Some(secret);
            }
        }
        found
    }

    /// The live public key that signed `assertion`, if any.
    #[must_use]
    pub fn signer(&self, assertion: &Assertion<'_>, now: Timestamp) -> Option<&ClientPublicKey> {
        let live = self.public_keys.iter().filter(|key| key.retires_at.is_none_or(|at| now < at));
        assertion.signer(live, |key| &key.key)
    }

    /// Whether tokens got with this secret, or with this public key, still count: it was retired at most, never revoked or removed.
    #[must_use]
    pub fn knows_secret(&self, id: SecretId) -> bool {
        self.secrets.iter().any(|secret| secret.id == id) || self.public_keys.iter().any(|key| key.id == id)
    }

    /// Whether this client may use a customer key after it proved itself with the secret or public key `by`: the key is its project's, and
    /// where it is bound, `by` is the public key that it is bound to.
    #[must_use]
    pub fn may_use_key(&self, key: &CustomerKey, by: SecretId) -> bool {
        let bound_to_it = |bound: &str| self.public_keys.iter().any(|own| own.id == by && own.key.thumbprint() == bound);
        key.project == self.project && key.bound_to.as_deref().is_none_or(bound_to_it)
    }
}

/// An API credential as the gateway sees it.
#[derive(Debug, Clone)]
pub struct ApiCredential {
    /// Its public identifier.
    pub id: ApiCredentialId,
    /// Where it is good.
    pub environment: Environment,
    /// Whose it is.
    pub project: ProjectId,
    /// The company of that project.
    pub organisation: OrganisationId,
    /// The keyed hash of its secret.
    pub hash: SecretHash,
    /// Whether it may open anything.
    pub standing: Standing,
    /// The APIs its project may use here.
    pub apis: Vec<ApiName>,
}
