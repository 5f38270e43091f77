//! What is counted.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use authority::{Authority, Settings};
use domain::Environment;
use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};

use crate::{
    ask::{TOKEN_ROUTES, get, post, token},
    house::{House, PORTAL, SANDBOX},
};

#[derive(Default)]
struct Tally(Mutex<BTreeMap<String, Arc<AtomicU64>>>);

impl Recorder for Tally {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        let labels: Vec<_> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        let name = format!("{} {}", key.name(), labels.join(" "));
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Counter::from_arc(Arc::clone(known.entry(name).or_default()))
    }
    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }
    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

#[tokio::test]
async fn every_token_request_is_counted_once_under_its_dialect_and_outcome() {
    let mut house = House::open(store::testkit::sqlite().await).await;
    let shop = house.shop().await;
    let (platform, _) = house.platform().await;
    let tally = Tally::default();
    house.sandbox = metrics::with_local_recorder(&tally, || {
        let settings = Settings { environment: Environment::Sandbox, issuer: SANDBOX.into(), portal: PORTAL.into() };
        Authority::new(house.directory.clone(), house.ledger.clone(), house.app.clone(), house.entropy.clone(), settings)
    });
    for (_, path) in TOKEN_ROUTES {
        token(path, &[]).basic(shop.id.as_str(), &shop.secret).send(&house).await;
        token(path, &[]).basic(shop.id.as_str(), &shop.secret).send(&house).await;
        token(path, &[]).basic(shop.id.as_str(), "wrong").send(&house).await;
        token(path, &[("scope", "nope")]).basic(shop.id.as_str(), &shop.secret).send(&house).await;
        post(path).form(&[("grant_type", "nope")]).basic(shop.id.as_str(), &shop.secret).send(&house).await;
        post(path).form(&[("grant_type", "client_pc_credentials")]).basic(platform.id.as_str(), &platform.secret).send(&house).await;
        get(path).send(&house).await;
    }
    let counted = tally.0.into_inner().unwrap_or_else(PoisonError::into_inner);
    for (dialect, _) in TOKEN_ROUTES {
        for (outcome, expected) in [
            ("granted", 2),
            ("invalid-client", 1),
            ("invalid-scope", 1),
            ("unsupported-grant-type", 1),
            ("unauthorized-client", 1),
            ("invalid-request", 1),
            ("too-many-failures", 0),
            ("unavailable", 0),
            ("server-error", 0),
        ] {
            let name = format!("postigo_token_requests_total environment=sandbox dialect={dialect} outcome={outcome}");
            assert_eq!(counted[&name].load(Ordering::Relaxed), expected, "{name}");
        }
    }
    assert_eq!(counted.len(), 27);
}
