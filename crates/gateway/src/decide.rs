//! May this request pass? The checks in their order; the first that fails decides.
//!
//! On the way that passes nothing is read but memory. What is allocated there: nothing, but a copy of what a token could not know before
//! (its organisation and project, once for each token) and the texts about the limits of the caller and its customer key.

use std::sync::Arc;

use directory::Unavailable;
use domain::{
    ApiName, ScopeSet,
    client::{Client, Grant},
    contract::Standing as May,
    customer_key::CustomerKey,
    decision::{Caller, Refusal},
    secret::SecretHash,
};
use http::{
    HeaderValue, Version,
    header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING},
    request::Parts,
};
use web::{Visit, failures::Verdict};

use crate::{
    Gateway, Vouched, credential,
    limit::{Offer, Standing},
    route::{Endpoint, Served},
    verify::{Verified, value},
};

/// What was learned of a request on its way, however far it came.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) served: Option<Arc<Served>>,
    pub(crate) operation: Option<Arc<str>>,
    pub(crate) caller: Option<Caller>,
    /// Against its plan.
    pub(crate) standing: Option<Standing>,
    /// Of the customer key it came with, against that key's limits.
    pub(crate) key_standing: Option<Standing>,
}

impl Seen {
    /// How the caller and its customer key stand, for the answer.
    pub(crate) fn take_standings(&mut self) -> [Option<Standing>; 2] {
        [self.standing.take(), self.key_standing.take()]
    }
}

/// A request that may pass.
pub(crate) struct Pass {
    pub(crate) endpoint: Arc<Endpoint>,
    pub(crate) verified: Arc<Verified>,
    pub(crate) client: Arc<Client>,
    /// The scopes of the token that are still granted.
    pub(crate) scope: HeaderValue,
    pub(crate) token_in_query: bool,
}

/// What is known of whoever may pass.
pub(crate) struct Admitted {
    pub(crate) verified: Arc<Verified>,
    pub(crate) client: Arc<Client>,
    pub(crate) scope: HeaderValue,
    pub(crate) token_in_query: bool,
}

impl Gateway {
    /// Every check that needs no body.
    pub(crate) async fn decide(&self, parts: &Parts, visit: &Visit, seen: &mut Seen) -> Result<Pass, Refusal> {
        let endpoint = self.route(parts, seen)?;
        let Admitted { verified, client, scope, token_in_query } =
            self.admit(parts, visit, seen, &endpoint.served, &endpoint.operation().scopes).await?;
        Ok(Pass { endpoint, verified, client, scope, token_in_query })
    }

    /// The checks that come after the route: may whoever sent this call something of `served` that needs one of `scopes`?
    pub(crate) async fn admit(
        &self,
        parts: &Parts,
        visit: &Visit,
        seen: &mut Seen,
        served: &Served,
        scopes: &[ScopeSet],
    ) -> Result<Admitted, Refusal> {
        let api = &served.api;
        let bearer = credential::bearer(&parts.headers, parts.uri.query(), api.token_in_query)?;
        let directory = &self.0.directory;
        let environment = self.0.settings.environment;
        let verified = self.0.verifier.verify(&bearer.token, &directory.keys(environment), visit.at)?;
        let token_in_query = bearer.in_query;

        let client = self.standing(&verified, seen).await?;
        check_scope(scopes, &verified.claims.scope, &client)?;
        if api.api_credential && parts.extensions.get::<Vouched>().is_none() {
            self.check_api_credential(parts, visit, &client, &api.name).await?;
        }
        // Two APIs may ask for a scope of one name. A grant for the other one opens nothing here.
        let grant = client.grant_for(&api.name);
        let covers = |grant: &Grant| scopes.iter().any(|needed| verified.claims.scope.covers(needed) && grant.scopes.covers(needed));
        if !grant.is_some_and(covers) {
            return Err(Refusal::ApiNotApproved);
        }
        if let Some(key) = self.check_customer_key(&verified, &client).await? {
            // Before the plan: what one customer has too much is not charged to all of the project's.
            let (standing, verdict) = self.0.limits.take_key(&key.id, key.limits.unwrap_or(client.key_limits), visit.at);
            seen.key_standing = standing;
            verdict?;
        }

        if let Some(offer) = Offer::find(&served.offers, grant.map(|grant| grant.plan.as_str())) {
            let (standing, verdict) = self.0.limits.take(client.project, &api.name, offer, visit.at);
            seen.standing = standing;
            verdict?;
        }
        if token_in_query {
            self.0.meter.token_in_query(&client.id, &parts.headers, visit);
        }
        let scope = still_granted(&verified, &client);
        Ok(Admitted { verified, client, scope, token_in_query })
    }

    fn route(&self, parts: &Parts, seen: &mut Seen) -> Result<Arc<Endpoint>, Refusal> {
        if is_malformed(parts) {
            return Err(Refusal::Malformed);
        }
        match self.table().find(parts) {
            Ok(endpoint) => {
                seen.served = Some(Arc::clone(&endpoint.served));
                seen.operation = Some(Arc::clone(&endpoint.id));
                Ok(endpoint)
            }
            Err((served, refusal)) => {
                seen.served = served;
                Err(refusal)
            }
        }
    }

    /// The client of a token, if both may still be used. Asked on every request: this is what makes a token of no state revocable.
    async fn standing(&self, verified: &Verified, seen: &mut Seen) -> Result<Arc<Client>, Refusal> {
        let directory = &self.0.directory;
        if directory.is_too_stale() {
            return Err(Refusal::Unavailable);
        }
        let claims = &verified.claims;
        let client = directory.client(claims.env, claims.client_id.as_str()).await.map_err(unavailable)?.ok_or(Refusal::ClientStopped)?;
        // From here on the decision is somebody's.
        seen.caller = Some(verified.caller(&client));
        if directory.is_revoked(claims.jti) {
            return Err(Refusal::TokenRevoked);
        }
        if client.standing != May::Active {
            return Err(Refusal::ClientStopped);
        }
        if !client.knows_secret(claims.secret_id) {
            return Err(Refusal::SecretRevoked);
        }
        Ok(client)
    }

    async fn check_api_credential(&self, parts: &Parts, visit: &Visit, client: &Client, api: &ApiName) -> Result<(), Refusal> {
        let (id, secret) = credential::api_credential(&parts.headers)?;
        let directory = &self.0.directory;
        let record = directory.api_credential(client.environment, id).await.map_err(unavailable)?;
        // Unknown and wrong cost the same: a hash is compared either way.
        let hash = directory.hash_key().hash(secret);
        let right = record.as_ref().map_or(&SecretHash::NOBODY, |record| &record.hash).matches(&hash);
        let Some(record) = record.filter(|record| right && record.standing == May::Active && record.organisation == client.organisation)
        else {
            return Err(match self.0.failures.count(id, visit.address, visit.at) {
                Verdict::Refuse => Refusal::ApiCredentialWrong,
                Verdict::Wait(seconds) => Refusal::TooManyFailures(seconds),
            });
        };
        if record.apis.contains(api) { Ok(()) } else { Err(Refusal::ApiNotApproved) }
    }

    /// The customer key of a token, if it has one and that may act.
    async fn check_customer_key(&self, verified: &Verified, client: &Client) -> Result<Option<Arc<CustomerKey>>, Refusal> {
        let Some(id) = verified.customer_key() else { return Ok(None) };
        // A token stands on the right to its grant too: who may not act for others any more does not, with a token of before.
        if !client.may_act_for_others() {
            return Err(Refusal::CustomerKeyStopped);
        }
        let key = self.0.directory.customer_key(client.environment, id).await.map_err(unavailable)?;
        match key {
            Some(key) if key.standing == May::Active && client.may_use_key(&key, verified.claims.secret_id) => Ok(Some(key)),
            _ => Err(Refusal::CustomerKeyStopped),
        }
    }
}

fn unavailable(_: Unavailable) -> Refusal {
    Refusal::Unavailable
}

/// A message that names two hosts, or none (RFC 9112, section 3.2), or two lengths (section 6.3), is read by different programs as
/// different messages.
fn is_malformed(parts: &Parts) -> bool {
    let count = |name| parts.headers.get_all(name).iter().take(2).count();
    let two_lengths = parts.headers.contains_key(TRANSFER_ENCODING) && parts.headers.contains_key(CONTENT_LENGTH);
    let hosts = count(HOST);
    two_lengths || hosts > 1 || (hosts == 0 && parts.version == Version::HTTP_11)
}

/// Some alternative must be held by the token and still be granted.
fn check_scope(scopes: &[ScopeSet], held: &ScopeSet, client: &Client) -> Result<(), Refusal> {
    let mut lost = None;
    for needed in scopes.iter().filter(|needed| held.covers(needed)) {
        if needed.iter().all(|scope| is_granted(client, scope.as_str())) {
            return Ok(());
        }
        lost.get_or_insert(needed);
    }
    Err(match lost {
        Some(needed) => Refusal::GrantRevoked(needed.clone()),
        None => Refusal::ScopeMissing(scopes.first().cloned().unwrap_or_default()),
    })
}

fn is_granted(client: &Client, scope: &str) -> bool {
    client.grants.iter().any(|grant| grant.scopes.contains(scope))
}

/// The scopes the upstream may rely on.
fn still_granted(verified: &Verified, client: &Client) -> HeaderValue {
    let scopes = &verified.claims.scope;
    if scopes.iter().all(|scope| is_granted(client, scope.as_str())) {
        verified.scope.clone()
    } else {
        value(&scopes.iter().filter(|scope| is_granted(client, scope.as_str())).cloned().collect::<ScopeSet>().to_string())
    }
}
