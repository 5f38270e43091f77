//! The carrier's own service that knows its account holders. The protocol stands in `docs/registration.md`.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use anyhow::Result;
use app::registration::{Found, HolderService, Unreachable};
use domain::{Environment, holder::Holder};
use http::{Method, StatusCode};
use tokio::time::Instant;

use crate::{config, outbound::Outbound};

/// How long one look-up may take.
const PATIENCE: Duration = Duration::from_secs(3);
/// After so many failures in a row the service is left alone.
const FAILURES: u32 = 5;
/// For how long; then one look-up tries again.
const PAUSE: Duration = Duration::from_secs(30);

/// The service, with a breaker before it: while it is ill, nobody waits for it and nobody adds to its load.
pub struct Service {
    outbound: Outbound,
    url: String,
    breaker: Mutex<Breaker>,
}

#[derive(Default)]
struct Breaker {
    failures: u32,
    open_until: Option<Instant>,
}

impl Breaker {
    /// Whether one may ask now. Of those who come when the pause is over, one does.
    fn admits(&mut self, now: Instant) -> bool {
        match self.open_until {
            Some(until) if now < until => false,
            Some(_) => {
                self.open_until = Some(now + PAUSE);
                true
            }
            None => true,
        }
    }

    fn note(&mut self, good: bool, now: Instant) {
        if good {
            *self = Self::default();
            return;
        }
        self.failures = self.failures.saturating_add(1);
        if self.failures >= FAILURES {
            self.open_until = Some(now + PAUSE);
        }
    }
}

impl Service {
    /// The service at this URL.
    ///
    /// # Errors
    /// One line with the mend.
    pub fn new(url: &str, config: &config::Registration) -> Result<Self> {
        let outbound = Outbound::new(config.holders_token_file.as_deref(), PATIENCE)?;
        Ok(Self { outbound, url: url.trim_end_matches('/').to_owned(), breaker: Mutex::default() })
    }

    async fn ask(&self, environment: Environment, account_number: &str) -> Result<Option<Holder>, String> {
        let (status, body) = self.outbound.exchange(Method::GET, &format!("{}/{environment}/{account_number}", self.url), None).await?;
        match status {
            StatusCode::NOT_FOUND => Ok(None),
            StatusCode::OK => {
                let holder: Holder = serde_json::from_slice(&body).map_err(|error| format!("an answer that cannot be read: {error}"))?;
                // What it says of somebody else is no answer.
                if holder.account_number == account_number { Ok(Some(holder)) } else { Err("an answer about another account".into()) }
            }
            other => Err(format!("status {other}")),
        }
    }
}

impl HolderService for Service {
    fn find<'a>(&'a self, environment: Environment, account_number: &'a str) -> Found<'a> {
        Box::pin(async move {
            if !self.breaker.lock().unwrap_or_else(PoisonError::into_inner).admits(Instant::now()) {
                return Err(Unreachable);
            }
            let answer = self.ask(environment, account_number).await;
            self.breaker.lock().unwrap_or_else(PoisonError::into_inner).note(answer.is_ok(), Instant::now());
            answer.map_err(|error| {
                tracing::warn!(error, "the service of account holders did not answer");
                Unreachable
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_breaker_opens_after_five_failures_and_lets_one_try_after_the_pause() {
        let (mut breaker, start) = (Breaker::default(), Instant::now());
        for _ in 1..FAILURES {
            breaker.note(false, start);
            assert!(breaker.admits(start));
        }
        breaker.note(true, start);
        for _ in 0..FAILURES {
            assert!(breaker.admits(start), "a success forgets what was");
            breaker.note(false, start);
        }
        assert!(!breaker.admits(start + PAUSE - Duration::from_millis(1)));
        assert!(breaker.admits(start + PAUSE) && !breaker.admits(start + PAUSE), "one tries");
        breaker.note(false, start + PAUSE);
        assert!(!breaker.admits(start + PAUSE + PAUSE / 2), "and closes it again when it fails");
        assert!(breaker.admits(start + PAUSE * 2));
        breaker.note(true, start + PAUSE * 2);
        assert!(breaker.admits(start + PAUSE * 2) && breaker.admits(start + PAUSE * 2));
    }
}
