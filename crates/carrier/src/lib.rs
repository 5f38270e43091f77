//! Paloma, the sandbox carrier: an upstream as real as a toy may be.
//!
//! One [`Paloma`] serves every project of both environments. It speaks on the carriers' own paths and in their own shapes,
//! trusts the identity headers its caller sets ([`Caller`](caller::Caller)) and keeps what it is told in `store`, apart for
//! each project. Time and randomness are handed in; codes come from a counter per project, so the same calls give the same
//! answers on both databases.

mod body;
mod calendar;
mod caller;
mod clock;
mod codes;
mod contracts;
mod countries;
mod declaration;
mod events;
mod fedex;
mod idempotency;
mod journeys;
mod labels;
pub mod openapi;
mod preregister;
mod products;
mod requests;
mod respond;
mod router;
mod scenarios;
mod shop;
mod tracking;

use std::sync::Arc;

pub use scenarios::Wire;

use bytes::Bytes;
use domain::{Clock, Entropy, event_matrix::Matrix};
use http::{HeaderValue, Request, Response, header::HeaderMap};
use jiff::Timestamp;
use store::Db;

use crate::{
    calendar::Calendar,
    caller::Caller,
    respond::{Envelope, Refusal},
    router::{Endpoint, Target},
};

/// The sandbox carrier. Cloning is cheap and shares everything.
#[derive(Debug, Clone)]
pub struct Paloma(Arc<House>);

#[derive(Debug)]
struct House {
    db: Db,
    clock: Clock,
    entropy: Entropy,
    /// Where the pages about refusals are: the portal's address, without a slash at its end; empty when there is none.
    links: Arc<str>,
    matrix: Arc<Matrix>,
    calendar: Calendar,
}

/// One call as an endpoint sees it.
struct Call<'a> {
    house: &'a House,
    caller: &'a Caller,
    envelope: &'a Envelope,
    /// The project's time, which in the sandbox it can move.
    now: Timestamp,
    headers: &'a HeaderMap,
    /// What stood in the path where the route has `{}`.
    argument: &'a str,
    path: &'a str,
    query: &'a str,
    body: &'a Bytes,
}

/// What an endpoint answers.
type Answer = Result<Response<Bytes>, Refusal>;

impl Paloma {
    /// A carrier that keeps its parcels in `db`, whose tables are at this version already. Its refusals link to the portal at
    /// `links`; an empty address leaves the links relative to wherever the portal is. What happens to parcels is told in the
    /// words of `matrix`.
    #[must_use]
    pub fn new(db: Db, clock: Clock, entropy: Entropy, links: Arc<str>, matrix: Arc<Matrix>) -> Self {
        let links = links.trim_end_matches('/').into();
        Self(Arc::new(House { db, clock, entropy, links, matrix, calendar: Calendar::madrid() }))
    }

    /// Answers one request. The body is collected and of a sane size; the `X-Postigo-*` headers can be trusted. An answer may carry a
    /// [`Wire`] among its extensions: what the server around this one shall do to it.
    pub async fn handle(&self, request: Request<Bytes>) -> Response<Bytes> {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path();
        let envelope = Envelope::of(path, &parts.headers, || self.0.entropy.uuid(self.0.clock.now()));
        let mut moved_to = None;
        let answer = async {
            let caller = Caller::of(&parts.headers).ok_or(Refusal::Unauthorised)?;
            let Target { endpoint, argument } = router::resolve(&parts.method, path)?;
            let (now, moved) = clock::read(&self.0, &caller, &parts.headers).await?;
            moved_to = moved.then_some(now);
            let call = Call {
                house: &self.0,
                caller: &caller,
                envelope: &envelope,
                now,
                headers: &parts.headers,
                argument,
                path,
                query: parts.uri.query().unwrap_or_default(),
                body: &body,
            };
            scenarios::answer(&call, endpoint).await
        };
        let mut response = match answer.await {
            Ok(response) => response,
            Err(refusal) => envelope.refuse(&refusal, &self.0.links),
        };
        if let Some(now) = moved_to.and_then(|now| HeaderValue::from_str(&clock::written(now)).ok()) {
            response.headers_mut().insert(clock::HEADER, now);
        }
        response
    }
}

impl Endpoint {
    // Boxed one by one: the futures differ much in size, and the largest would otherwise be everybody's.
    async fn answer(self, call: &Call<'_>) -> Answer {
        match self {
            Self::Preregister => Box::pin(preregister::create::answer(call)).await,
            Self::ValidatePreregistration => Box::pin(preregister::validate::answer(call)).await,
            Self::ReadPreregistration => Box::pin(preregister::read::answer(call)).await,
            Self::ModifyPreregistration => Box::pin(preregister::modify::answer(call)).await,
            Self::AnnulPreregistration => Box::pin(preregister::annul::answer(call)).await,
            Self::PrintLabels => Box::pin(labels::print::answer(call)).await,
            Self::CreateRequests => Box::pin(requests::create::answer(call)).await,
            Self::ReadRequest => Box::pin(requests::read::answer(call)).await,
            Self::ListRequests => Box::pin(requests::list::answer(call)).await,
            Self::CancelRequest => Box::pin(requests::cancel::answer(call)).await,
            Self::Search => Box::pin(tracking::search::answer(call)).await,
            Self::Expedition => Box::pin(tracking::expedition::answer(call)).await,
            Self::Trace => Box::pin(shop::trace::answer(call)).await,
            Self::Documents => Box::pin(shop::documents::answer(call)).await,
            Self::Lockers => shop::lockers::answer(call),
            Self::FedexTrack => Box::pin(fedex::track::answer(call)).await,
            Self::FedexCancel => Box::pin(fedex::cancel::answer(call)).await,
        }
    }
}
