//! The carrier's own service that knows its account holders. The protocol stands in `docs/registration.md`.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Result;
use app::registration::{Found, HolderService, Unreachable};
use domain::{
    Email, Environment, Language,
    holder::{Holder, Invoice, PostalAddress},
};
use http::{Method, StatusCode};
use serde::{Deserialize, Deserializer, de::IntoDeserializer};
use tokio::{sync::Semaphore, time::Instant};

use crate::{config, outbound::Outbound};

/// How long one look-up may take.
const PATIENCE: Duration = Duration::from_secs(3);
/// After so many failures in a row the service is left alone.
const FAILURES: u32 = 5;
/// For how long; then one look-up tries again.
const PAUSE: Duration = Duration::from_secs(30);
/// How many look-ups there are at once. One more is told that nobody answers: it would only wait as well.
const AT_ONCE: usize = 32;

/// The service, with a breaker before it: while it is ill, nobody waits for it and nobody adds to its load.
pub struct Service(Arc<Line>);

struct Line {
    outbound: Outbound,
    url: String,
    breaker: Mutex<Breaker>,
    slots: Arc<Semaphore>,
}

/// What came of a look-up.
enum Answer {
    /// The holder, or that there is none.
    Holder(Option<Box<Holder>>),
    /// It works, and does not want to talk to us: it says 401, or sends us elsewhere.
    Unwilling(StatusCode),
    /// It does not work. This alone opens the breaker: what it says of one account is nobody else's trouble.
    Ill(String),
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
        let (url, slots) = (url.trim_end_matches('/').to_owned(), Arc::new(Semaphore::new(AT_ONCE)));
        Ok(Self(Arc::new(Line { outbound, url, breaker: Mutex::default(), slots })))
    }

    /// How many look-ups are under way.
    #[cfg(test)]
    pub(super) fn asking(&self) -> usize {
        AT_ONCE - self.0.slots.available_permits()
    }
}

impl Line {
    async fn ask(&self, environment: Environment, account_number: &str) -> Answer {
        let url = format!("{}/{environment}/{account_number}", self.url);
        let (status, body) = match self.outbound.exchange(Method::GET, &url, None).await {
            Ok(answer) => answer,
            Err(error) => return Answer::Ill(error),
        };
        match status {
            StatusCode::OK => Answer::Holder(read(&body, account_number).map(Box::new)),
            StatusCode::NOT_FOUND => Answer::Holder(None),
            // About this account and no other: whoever asks for it learns what they would of one that does not exist.
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
                tracing::warn!(%status, "the service of account holders refuses an account number");
                Answer::Holder(None)
            }
            StatusCode::TOO_MANY_REQUESTS => Answer::Ill(format!("status {status}")),
            other if other.is_server_error() => Answer::Ill(format!("status {other}")),
            other => Answer::Unwilling(other),
        }
    }

    fn breaker(&self) -> std::sync::MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks and notes how it went.
    async fn find(&self, environment: Environment, account_number: &str) -> Result<Option<Holder>, Unreachable> {
        let answer = self.ask(environment, account_number).await;
        self.breaker().note(!matches!(answer, Answer::Ill(_)), Instant::now());
        let why = match answer {
            Answer::Holder(holder) => return Ok(holder.map(|holder| *holder)),
            Answer::Unwilling(status) => format!("status {status}"),
            Answer::Ill(why) => why,
        };
        tracing::warn!(why, "the service of account holders did not answer");
        Err(Unreachable)
    }
}

impl HolderService for Service {
    fn find<'a>(&'a self, environment: Environment, account_number: &'a str) -> Found<'a> {
        Box::pin(async move {
            let Ok(slot) = self.0.slots.clone().try_acquire_owned() else {
                tracing::warn!("the service of account holders has as many questions as it gets at once");
                return Err(Unreachable);
            };
            if !self.0.breaker().admits(Instant::now()) {
                return Err(Unreachable);
            }
            let (line, account_number) = (self.0.clone(), account_number.to_owned());
            // To its end, also when whoever asked is gone: or a service at which everybody gives up would never be left alone, and whoever
            // hangs up on purpose could have it left alone.
            let asking = tokio::spawn(async move {
                let _slot = slot;
                line.find(environment, &account_number).await
            });
            asking.await.unwrap_or(Err(Unreachable))
        })
    }
}

/// A holder as the service writes it. What is empty is absent.
#[derive(Deserialize)]
struct Written {
    account_number: String,
    customer_name: String,
    address: PostalAddress,
    #[serde(default, deserialize_with = "filled")]
    email: Option<Email>,
    #[serde(default, deserialize_with = "filled")]
    phone: Option<String>,
    #[serde(default, deserialize_with = "filled")]
    language: Option<Language>,
    #[serde(default, deserialize_with = "filled")]
    pin: Option<String>,
    #[serde(default)]
    invoices: Option<Vec<Invoice>>,
}

fn filled<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?.filter(|text| !text.trim().is_empty());
    text.map(|text| T::deserialize(IntoDeserializer::<D::Error>::into_deserializer(text))).transpose()
}

/// The holder in an answer. One that cannot be read, or is about somebody else, is none: a slip in one account's data must close the register for
/// nobody else, and must not say that there is such an account.
fn read(body: &[u8], account_number: &str) -> Option<Holder> {
    let written: Written = match serde_json::from_slice(body) {
        Ok(written) => written,
        Err(error) => {
            // Where, and no more: the parser's own words quote what stands there, which is somebody's.
            tracing::warn!(line = error.line(), column = error.column(), "the service of account holders says what cannot be read");
            return None;
        }
    };
    let Written { account_number: about, customer_name, address, email, phone, language, pin, invoices } = written;
    if about != account_number {
        tracing::warn!("the service of account holders speaks of another account than it was asked for");
        return None;
    }
    let invoices = invoices.unwrap_or_default();
    Some(Holder { account_number: about, customer_name, address, email, phone, language, pin, invoices })
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
