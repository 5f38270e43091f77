//! The verdict without the route: for a surface of this program that other programs call with tokens of this environment.

use std::sync::Arc;

use domain::{
    CustomerType, ScopeSet,
    api::Dialect,
    decision::{Outcome, Refusal},
};
use http::request::Parts;
use tokio::time::Instant;
use web::{Response, Visit};

use crate::{Gateway, Line, answer, decide::Seen, route::Served};

/// A request that may be answered. Whoever answers it says so with [`Admission::answered`], which keeps the decision.
pub struct Admission {
    gateway: Gateway,
    seen: Seen,
    served: Arc<Served>,
    line: Line,
    visit: Visit,
    started: Instant,
    client: domain::ClientId,
}

/// A request that may not.
pub struct Declined {
    /// The word of the refusal, which is the page `/errors/{code}`.
    pub code: &'static str,
    /// The answer: problem details with what RFC 6750 wants beside them.
    pub response: Response,
}

impl Gateway {
    /// Judges a call of `operation` of the management API, which needs `scopes`: every check a routed request meets but those of route and
    /// upstream, and its plan's limits. The decision is recorded under the id of the visit, whichever it is.
    ///
    /// # Errors
    /// [`Declined`]. A token that was obtained with a customer key is declined: it acts for a customer, who has no business here. So is one of
    /// an organisation that is not the operator's own any more, whatever it was granted before.
    pub async fn judge(&self, parts: &Parts, visit: &Visit, operation: &str, scopes: &ScopeSet) -> Result<Admission, Declined> {
        let started = Instant::now();
        let line = Line { method: parts.method.clone(), path: parts.uri.path_and_query().cloned(), transaction: None };
        let served = self.table().management.clone();
        let mut seen = Seen { served: served.clone(), operation: Some(operation.into()), ..Seen::default() };
        let admitted = match &served {
            Some(served) => self.admit(parts, visit, &mut seen, served, std::slice::from_ref(scopes)).await,
            None => Err(Refusal::Unavailable),
        };
        let refusal = match (admitted, served) {
            (Ok(admitted), Some(served))
                if admitted.verified.customer_key().is_none() && admitted.client.customer_type == CustomerType::Internal =>
            {
                let client = admitted.client.id.clone();
                return Ok(Admission { gateway: self.clone(), seen, served, line, visit: *visit, started, client });
            }
            (Ok(_), _) => Refusal::ApiNotApproved,
            (Err(refusal), _) => refusal,
        };
        let standings = seen.take_standings();
        let decision = self.decision(seen, &line, visit, started, Outcome::Refused(refusal.clone()));
        let mut response = answer::refuse(&decision, &refusal, Dialect::Problem, &self.0.settings, None);
        answer::add_standings(&mut response, standings);
        self.0.meter.refused(decision);
        Err(Declined { code: refusal.code(), response })
    }
}

impl Admission {
    /// Whose token it is.
    #[must_use]
    pub fn client(&self) -> &domain::ClientId {
        &self.client
    }

    /// Says how the caller stands against its plan, and keeps the decision with the status of the answer.
    pub fn answered(mut self, response: &mut Response) {
        answer::add_standings(response, self.seen.take_standings());
        let project = self.seen.caller.as_ref().map(|caller| caller.project);
        let outcome = Outcome::Passed(response.status().as_u16());
        let Self { gateway, seen, served, line, visit, started, .. } = self;
        gateway.0.meter.passed(&served.passed, project, visit.at, || gateway.decision(seen, &line, &visit, started, outcome));
    }
}
