//! The data plane: route, check, limit, forward, meter.
//!
//! [`Gateway::handle`] takes one request through the checks in the order of [`domain::decision::Check`] and either passes it to the API
//! behind or refuses it. Both are a [`Decision`]; the answer, the log line, the metric and what the portal shows are made of it.

mod answer;
mod credential;
mod decide;
mod forward;
mod headers;
mod judge;
mod limit;
mod meter;
mod route;
mod schema;
mod sent;
mod upstream;
mod verify;

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use directory::{Directory, Ledger};
use domain::{
    Entropy, Environment,
    api::Dialect,
    decision::{Decision, Outcome},
};
use http::{HeaderValue, Method, StatusCode, request::Parts, uri::PathAndQuery};
use tokio::time::Instant;
use web::{Body, Request, Response, Visit, failures::Failures, respond::X_REQUEST_ID};

pub use judge::{Admission, Declined};

use crate::{
    answer::X_CUSTOMER_TRANSACTION_ID,
    decide::Seen,
    limit::Limits,
    meter::{Meter, Watch},
    route::Table,
    upstream::Pool,
    verify::Verifier,
};

/// How long the path of a kept decision may be, in characters.
const PATH: usize = 256;

/// How long a customer's transaction id may be to be echoed, in bytes; the token routes echo as much.
const TRANSACTION: usize = 64;

/// How a gateway is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The environment it serves; tokens of another are foreign to it.
    pub environment: Environment,
    /// The environment's public URL: issuer and audience of its tokens.
    pub issuer: Arc<str>,
    /// The portal's public URL, for links that explain refusals.
    pub portal: Arc<str>,
    /// One in so many decisions that let a request pass is kept; 0: none. Refusals are always kept.
    pub decision_sample: u32,
}

/// Stands among the extensions of a request whose caller is inside this program and was known without an API credential: the gateway asks it
/// for none. Nothing that comes over the network can put it there. Every other check is made.
#[derive(Debug, Clone, Copy)]
pub struct Vouched;

/// A service inside this program that can stand as an upstream (`service:paloma`).
pub trait Service: Send + Sync {
    /// Answers a request that passed every check. The identity headers in it can be trusted; its body is in memory.
    fn call(&self, request: Request) -> Pin<Box<dyn Future<Output = Response> + Send + '_>>;
}

/// The gateway of one environment. Cloning is cheap; all clones are one.
#[derive(Clone)]
pub struct Gateway(Arc<Inner>);

struct Inner {
    directory: Directory,
    entropy: Entropy,
    services: HashMap<String, Arc<dyn Service>>,
    settings: Settings,
    table: RwLock<Arc<Table>>,
    /// Held by the one who compiles.
    compiling: Mutex<()>,
    verifier: Verifier,
    limits: Limits,
    failures: Failures,
    pool: Pool,
    meter: Meter,
}

/// What is needed of a request after it has been passed on.
struct Line {
    method: Method,
    path: Option<PathAndQuery>,
    transaction: Option<HeaderValue>,
}

impl Gateway {
    /// A gateway over `directory` that leaves its decisions in `ledger`. `services` stand as upstreams under their names.
    #[must_use]
    pub fn new(
        directory: Directory,
        ledger: Ledger,
        entropy: Entropy,
        services: HashMap<String, Arc<dyn Service>>,
        settings: Settings,
    ) -> Self {
        let table = Arc::new(Table::compile(directory.catalogue(), settings.environment, None));
        let pool = Pool::new();
        pool.set_patience(patience(&table));
        Self(Arc::new(Inner {
            table: RwLock::new(table),
            compiling: Mutex::new(()),
            verifier: Verifier::new(Arc::clone(&settings.issuer), settings.environment),
            limits: Limits::default(),
            failures: Failures::default(),
            pool,
            meter: Meter::new(ledger, settings.environment, settings.decision_sample),
            directory,
            entropy,
            services,
            settings,
        }))
    }

    /// Checks a request and passes it on, or refuses it.
    pub async fn handle(&self, request: Request, visit: Visit) -> Response {
        let started = Instant::now();
        let (parts, body) = request.into_parts();
        let line = Line {
            method: parts.method.clone(),
            path: parts.uri.path_and_query().cloned(),
            transaction: parts.headers.get(X_CUSTOMER_TRANSACTION_ID).filter(|id| id.len() <= TRANSACTION).cloned(),
        };
        let mut seen = Seen::default();
        let watch = Watch::over(&self.0.meter);
        let served = self.serve(parts, body, &visit, &mut seen).await;
        watch.ends();

        let mut standings = seen.take_standings();
        let dialect = seen.served.as_ref().map_or(Dialect::Problem, |served| served.api.dialect);
        // Only who calls what is deprecated keeps hold of it.
        let ending = seen.served.as_ref().filter(|served| served.ending.is_some()).map(Arc::clone);
        let mut response = match served {
            Ok(response) => {
                // An API that refuses for a limit of its own says itself how long to wait: ours would contradict it.
                if response.status() == StatusCode::TOO_MANY_REQUESTS {
                    standings = Default::default();
                }
                if let Some(served) = seen.served.clone() {
                    let outcome = Outcome::Passed(response.status().as_u16());
                    let project = seen.caller.as_ref().map(|caller| caller.project);
                    self.0.meter.used(seen.caller.as_ref(), visit.at, true);
                    self.0.meter.passed(&served.passed, project, visit.at, || self.decision(seen, &line, &visit, started, outcome));
                }
                response
            }
            Err(refusal) => {
                let decision = self.decision(seen, &line, &visit, started, Outcome::Refused(refusal.clone()));
                let response = answer::refuse(&decision, &refusal, dialect, &self.0.settings, line.transaction.as_ref());
                self.0.meter.refused(decision);
                response
            }
        };
        answer::add_standings(&mut response, standings);
        let headers = response.headers_mut();
        if let Some(ending) = ending.as_ref().and_then(|served| served.ending.as_ref()) {
            ending.say(headers);
        }
        headers.insert(X_REQUEST_ID, web::respond::id_value(visit.id));
        if let (Dialect::Fedex, Some(transaction)) = (dialect, line.transaction) {
            headers.insert(X_CUSTOMER_TRANSACTION_ID, transaction);
        }
        response
    }

    async fn serve(&self, parts: Parts, mut body: Body, visit: &Visit, seen: &mut Seen) -> Result<Response, domain::decision::Refusal> {
        let pass = self.decide(&parts, visit, seen).await?;
        let limit = pass.endpoint.served.api.max_body_bytes;
        schema::fits(&body, limit)?;
        if let Some(schema) = &pass.endpoint.schema {
            let whole = schema::collect(body, limit).await?;
            schema.check(&parts.headers, &whole)?;
            body = Body::Whole(whole);
        }
        self.forward(parts, body, visit, pass).await
    }

    fn decision(&self, seen: Seen, line: &Line, visit: &Visit, started: Instant, outcome: Outcome) -> Decision {
        Decision {
            id: visit.id,
            at: visit.at,
            environment: self.0.settings.environment,
            method: line.method.as_str().chars().take(PATH).collect(),
            path: line.path.as_ref().map_or("", PathAndQuery::path).chars().take(PATH).collect(),
            api: seen.served.map(|served| served.api.name.clone()),
            operation: seen.operation,
            caller: seen.caller,
            address: visit.address,
            micros: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            outcome,
        }
    }

    /// The routes of the present catalogue.
    fn table(&self) -> Arc<Table> {
        let catalogue = self.0.directory.catalogue();
        let current = || Arc::clone(&self.0.table.read().unwrap_or_else(PoisonError::into_inner));
        let table = current();
        if Arc::ptr_eq(&table.catalogue, &catalogue) {
            return table;
        }
        // One compiles; whoever comes meanwhile is served by the routes of a moment ago.
        let Ok(_compiling) = self.0.compiling.try_lock() else { return table };
        let table = current();
        if Arc::ptr_eq(&table.catalogue, &catalogue) {
            return table;
        }
        let table = Arc::new(Table::compile(catalogue, self.0.settings.environment, Some(&table)));
        self.0.pool.set_patience(patience(&table));
        *self.0.table.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&table);
        table
    }
}

/// How long to wait for a connection to each origin: what the most patient of its APIs says.
fn patience(table: &Table) -> HashMap<http::uri::Authority, Duration> {
    let mut patience = HashMap::new();
    for (authority, connect_ms) in table.origins() {
        let longest = patience.entry(authority).or_insert(Duration::ZERO);
        *longest = (*longest).max(Duration::from_millis(connect_ms));
    }
    patience
}
