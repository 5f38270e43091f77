//! The authorization server: tokens for machines, in three dialects over one engine, and what verifiers need to trust them.
//!
//! A token request goes through these rooms: [`token`] reads it, `client_auth` says who asks, `grants` says for whom the token will be,
//! `scope` says what it may do, `domain` signs it, `dialect` writes the answer. Only the first and the last know which route it came by.

mod assertions;
mod basic;
mod client_auth;
mod customer_key;
mod dialect;
mod form;
mod grants;
mod introspect;
mod jwks;
mod metadata;
mod refusal;
pub mod registration;
mod resource_metadata;
mod respond;
mod revoke;
mod route;
mod scope;
mod submission;
mod token;

use std::sync::Arc;

use app::App;
use directory::{Directory, Ledger};
use domain::{ClientId, Entropy, Environment, secret::Secret};
use web::{Request, Response, Visit, failures::Failures};

use crate::{assertions::Assertions, dialect::Dialect, refusal::Refusal, respond::Counters, route::Route};

/// How an environment's authorization server is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whose tokens are issued here.
    pub environment: Environment,
    /// The environment's `public_url`, without a slash at the end. Never taken from a request.
    pub issuer: Arc<str>,
    /// The portal's `public_url`, without a slash at the end, for links to explanations.
    pub portal: Arc<str>,
}

/// The authorization server of one environment. Cloning is cheap; all clones are one.
#[derive(Clone)]
pub struct Authority(Arc<House>);

/// What every endpoint needs.
struct House {
    directory: Directory,
    ledger: Ledger,
    app: App,
    entropy: Entropy,
    settings: Settings,
    /// Where clients ask for tokens, as the metadata says it: for whom an assertion may be.
    token_endpoint: Box<str>,
    assertions: Assertions,
    failures: Failures,
    counters: Counters,
}

impl House {
    /// Whether anything may be decided with what is known here (`max_stale`).
    fn decides(&self, visit: &Visit) -> Result<(), Refusal> {
        if self.directory.is_too_stale() {
            return Err(Refusal::unavailable(visit, &"nothing has been heard from the change feed for longer than max_stale"));
        }
        Ok(())
    }
}

impl Authority {
    /// Sets up an environment's authorization server. The metrics recorder must be installed before, since the counters are fetched
    /// here, once.
    #[must_use]
    pub fn new(directory: Directory, ledger: Ledger, app: App, entropy: Entropy, settings: Settings) -> Self {
        let counters = Counters::new(settings.environment);
        let token_endpoint = format!("{}{}", settings.issuer, Dialect::Oauth.path()).into_boxed_str();
        let (assertions, failures) = (Assertions::default(), Failures::default());
        Self(Arc::new(House { directory, ledger, app, entropy, settings, token_endpoint, assertions, failures, counters }))
    }

    /// A token for a client, without its secret: for a caller inside this program that has decided itself who may act in the client's name, such
    /// as the portal's console. It must not leave the program. `None`: the client may not act, or nothing can sign here.
    pub async fn vouch(&self, client: &ClientId, visit: &Visit) -> Option<Secret> {
        token::vouch(&self.0, client, visit).await
    }

    /// Answers the request when its path is one of the authorization server's.
    ///
    /// # Errors
    /// The request itself, untouched, when its path belongs to somebody else.
    pub async fn handle(&self, request: Request, visit: Visit) -> Result<Response, Request> {
        let house = &*self.0;
        let Some(route) = Route::find(request.uri().path(), &house.settings.issuer) else { return Err(request) };
        Ok(match route {
            Route::Token(dialect) => token::answer(house, dialect, request, &visit).await,
            Route::Introspect => introspect::answer(house, request, &visit).await,
            Route::Revoke => revoke::answer(house, request, &visit).await,
            Route::Metadata => metadata::answer(house, request.method(), &visit),
            Route::Jwks => jwks::answer(house, request.method(), &visit),
            Route::ResourceMetadata => resource_metadata::answer(house, &request, &visit),
        })
    }
}
