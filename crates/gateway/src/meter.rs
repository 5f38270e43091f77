//! What becomes of decisions: counted, logged, kept.

use std::sync::atomic::{AtomicU64, Ordering};

use directory::Ledger;
use domain::{
    ClientId, Environment, ProjectId, Timestamp,
    client_method::ClientMethod,
    decision::{Caller, Decision, Outcome},
};
use http::{HeaderMap, header::USER_AGENT};
use metrics::Counter;
use web::Visit;

/// Requests, by environment, API and verdict (`passed`, or the code of the refusal).
const REQUESTS: &str = "postigo_gateway_requests_total";
/// Refusals of nobody in particular that were not kept, because there were too many.
const NOT_KEPT: &str = "postigo_gateway_decisions_not_kept_total";

/// How many refusals of requests that name nobody are kept in a second. Anybody can cause them; nobody may fill the database with them.
const STRANGERS: u64 = 20;
/// How many refusals of one project are kept in a second: a loop gone wild is seen, not archived.
const OF_A_PROJECT: u64 = 100;
/// How many passed requests of one project are kept in a second in the sandbox, whatever the sample: there people wait to see the
/// very call they made.
const SANDBOX_PASSES: u64 = 5;
/// Two projects may share a budget; then a decision of one is kept a little less often.
const BUDGETS: usize = 4096;

/// The counter of an API's requests that passed.
pub(crate) fn passed(environment: Environment, api: &str) -> Counter {
    metrics::counter!(REQUESTS, "environment" => environment.as_str(), "api" => api.to_owned(), "verdict" => "passed")
}

/// Counts, logs and keeps.
pub(crate) struct Meter {
    ledger: Ledger,
    environment: Environment,
    /// One in so many requests that passed is kept; 0: none.
    sample: u64,
    passes: AtomicU64,
    strangers: Budget,
    projects: Box<[Budget]>,
    /// Of passed requests; only the sandbox has it.
    newcomers: Option<Box<[Budget]>>,
    not_kept: Counter,
}

impl Meter {
    pub(crate) fn new(ledger: Ledger, environment: Environment, sample: u32) -> Self {
        let not_kept = metrics::counter!(NOT_KEPT, "environment" => environment.as_str());
        Self {
            ledger,
            environment,
            sample: sample.into(),
            passes: AtomicU64::new(0),
            strangers: Budget::default(),
            projects: budgets(),
            newcomers: (environment == Environment::Sandbox && sample != 0).then(budgets),
            not_kept,
        }
    }

    /// Counts a request of `project` that passed at `at`. `decision` is asked for only when it is to be kept.
    pub(crate) fn passed(&self, counter: &Counter, project: Option<ProjectId>, at: Timestamp, decision: impl FnOnce() -> Decision) {
        counter.increment(1);
        let sampled = self.sample != 0 && self.passes.fetch_add(1, Ordering::Relaxed).is_multiple_of(self.sample);
        let watched = || match (&self.newcomers, project) {
            (Some(budgets), Some(project)) => of(budgets, project).spend(SANDBOX_PASSES, at),
            _ => false,
        };
        if sampled || watched() {
            self.ledger.decision(decision());
        }
    }

    /// Counts a request for the customer key it came with, if any.
    pub(crate) fn used(&self, caller: Option<&Caller>, at: Timestamp, passed: bool) {
        if let Some(key) = caller.and_then(|caller| caller.customer_key.as_ref()) {
            self.ledger.key_called(key, at, passed);
        }
    }

    /// Notes that a client may still send its token in the address, so that staff know whom to tell before none may.
    pub(crate) fn token_in_query(&self, client: &ClientId, headers: &HeaderMap, visit: &Visit) {
        let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
        self.ledger.method_used(client, ClientMethod::QueryToken, visit.at, visit.address, agent);
    }

    /// Counts, logs and keeps a refusal.
    pub(crate) fn refused(&self, decision: Decision) {
        let Outcome::Refused(refusal) = &decision.outcome else { return };
        let api = decision.api.as_ref().map_or("", |api| api.as_str());
        metrics::counter!(REQUESTS, "environment" => self.environment.as_str(), "api" => api.to_owned(), "verdict" => refusal.code())
            .increment(1);
        self.used(decision.caller.as_ref(), decision.at, false);
        let (id, status, code, path) = (decision.id, refusal.status(), refusal.code(), &decision.path);
        match &decision.caller {
            Some(caller) => tracing::info!(%id, status, code, api, path, project = %caller.project, client = %caller.client, "refused"),
            None => tracing::debug!(%id, status, code, api, path, "refused"),
        }
        if self.has_room(&decision) {
            self.ledger.decision(decision);
        } else {
            self.not_kept.increment(1);
        }
    }

    /// Counts a request whose sender went away before there was a verdict.
    fn abandoned(&self) {
        metrics::counter!(REQUESTS, "environment" => self.environment.as_str(), "api" => "", "verdict" => "abandoned").increment(1);
    }

    fn has_room(&self, decision: &Decision) -> bool {
        match &decision.caller {
            None => self.strangers.spend(STRANGERS, decision.at),
            Some(caller) => of(&self.projects, caller.project).spend(OF_A_PROJECT, decision.at),
        }
    }
}

fn budgets() -> Box<[Budget]> {
    (0..BUDGETS).map(|_| Budget::default()).collect()
}

/// A project's budget among `budgets`.
fn of(budgets: &[Budget], project: ProjectId) -> &Budget {
    // The last bytes of a UUID of version 7 are random.
    let [.., high, low] = *project.0.as_bytes();
    &budgets[usize::from(u16::from_be_bytes([high, low])) % BUDGETS]
}

/// So many a second: the second in the upper half, the count in the lower.
#[derive(Default)]
struct Budget(AtomicU64);

impl Budget {
    fn spend(&self, most: u64, now: Timestamp) -> bool {
        #[expect(clippy::cast_sign_loss, reason = "only equality matters")]
        let second = (now.as_second() as u64) << 32;
        let step = |old: u64| {
            let count = if old & !0xFFFF_FFFF == second { old & 0xFFFF_FFFF } else { 0 };
            (count < most).then_some(second | (count + 1))
        };
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).is_ok()
    }
}

/// Notices when the future of a request is dropped before its verdict.
pub(crate) struct Watch<'a>(Option<&'a Meter>);

impl<'a> Watch<'a> {
    pub(crate) fn over(meter: &'a Meter) -> Self {
        Self(Some(meter))
    }

    /// There is a verdict.
    pub(crate) fn ends(mut self) {
        self.0 = None;
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if let Some(meter) = self.0 {
            meter.abandoned();
        }
    }
}
