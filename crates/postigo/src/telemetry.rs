//! `/healthz`, `/readyz` and `/metrics`, on a listener of their own.

use std::net::SocketAddr;

use directory::{Directory, Lost};
use domain::{Entropy, request_id::RequestId};
use http::{HeaderValue, Method, Request, StatusCode};
use hyper::body::Incoming;
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;
use web::{Response, respond};

use crate::listen::Surface;

/// The telemetry surface.
#[derive(Clone)]
pub struct Telemetry {
    pub directory: Directory,
    pub lost: Lost,
    pub metrics: PrometheusHandle,
    pub entropy: Entropy,
}

impl Surface for Telemetry {
    async fn answer(&self, request: Request<Incoming>, _peer: SocketAddr, _secure: bool) -> Response {
        let id = RequestId::new(self.directory.clock().now(), &self.entropy);
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return respond::json(StatusCode::METHOD_NOT_ALLOWED, &json!({"error": "use GET"}), id);
        }
        match request.uri().path() {
            "/healthz" => respond::json(StatusCode::OK, &json!({"status": "ok"}), id),
            // Degraded is still ready: a dead database would drain every node, and tokens can be checked without it.
            "/readyz" => {
                let status = if self.directory.is_degraded() { "degraded" } else { "ok" };
                let silence = u64::try_from(self.directory.silence().as_millis()).unwrap_or(u64::MAX);
                respond::json(StatusCode::OK, &json!({"status": status, "feed_silence_ms": silence}), id)
            }
            "/metrics" => {
                metrics::counter!("postigo_ledger_lost_total").absolute(self.lost.count());
                metrics::gauge!("postigo_feed_silence_seconds").set(self.directory.silence().as_secs_f64());
                let text = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
                respond::answer(StatusCode::OK, text, self.metrics.render(), id)
            }
            _ => respond::json(StatusCode::NOT_FOUND, &json!({"error": "there are /healthz, /readyz and /metrics"}), id),
        }
    }
}
