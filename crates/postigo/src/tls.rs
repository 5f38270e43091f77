//! TLS on the way out.

use anyhow::{Context as _, Result};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;

/// TLS for `https` addresses, with the roots that browsers trust, over what this connects; `http` ones go as they are. `what` is said when it
/// cannot be had.
pub fn over<C>(connector: C, what: &'static str) -> Result<HttpsConnector<C>> {
    let builder = HttpsConnectorBuilder::new().with_provider_and_webpki_roots(rustls::crypto::aws_lc_rs::default_provider());
    Ok(builder.context(what)?.https_or_http().enable_all_versions().wrap_connector(connector))
}

/// A connector that TLS can stand on.
pub fn tcp() -> HttpConnector {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp
}
