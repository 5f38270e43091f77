//! `postigo carrier`: the sandbox carrier alone, as an upstream for somebody else's gateway, or for bare calls.

use std::net::SocketAddr;

use anyhow::{Context as _, Result};
use carrier::Paloma;
use clap::Args;
use domain::{Clock, Entropy, Environment, ProjectId, digest};
use gateway::Service as _;
use http::{HeaderMap, HeaderValue, Request};
use hyper::body::Incoming;
use tokio::sync::watch;
use web::{Body, Response, respond::X_REQUEST_ID};

use crate::{
    config::{Config, Listener},
    house,
    listen::{self, Surface},
    log, node,
    output::line,
    paloma::{self, InProcess},
    system, webhooks,
};

/// What names the project a call is for, and its environment, when a gateway in front says so.
const PROJECT: &str = "x-postigo-project";
const ENVIRONMENT: &str = "x-postigo-environment";

/// The public half of an API credential, in the spellings that the gateway takes.
const CLIENT_ID: [&str; 3] = ["client_id", "client-id", "x-client-id"];

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  postigo carrier
  postigo carrier --listen 127.0.0.1:9090 --config /etc/postigo/postigo.toml

Headers X-Postigo-Project, -Environment and -Organisation are believed: let nobody reach it but you or your gateway.
Without them each client_id is a project of its own, in the sandbox; so is the lack of one.")]
pub struct Arguments {
    /// Listen on this address and port [default: `listen` of [carrier], else 127.0.0.1:8090]
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
}

/// Serves until the process is told to stop.
///
/// # Errors
/// One line with the mend.
pub async fn run(arguments: Arguments, config: &Config) -> Result<()> {
    log::start(config.log_format, "warn");
    let mut listener = config.carrier();
    listener.listen = arguments.listen.unwrap_or(listener.listen);
    let matrix = paloma::event_matrix(config.sandbox.event_matrix.as_deref())?;
    let bound = listen::bind("carrier", &listener).await?;
    let db = house::database(config).await?;
    db.migrate().await.context("the tables of the database could not be brought to this version")?;
    let (clock, entropy) = (system::clock(), system::entropy());
    let portal = config.portal.as_ref().map(Listener::public_url).unwrap_or_default();
    let private = config.sandbox.webhook_private_addresses;
    let paloma = Paloma::new(db.clone(), clock.clone(), entropy.clone(), portal.into(), matrix).with_private_webhooks(private);
    line(&format!("Paloma, the sandbox carrier, is on {}", bound.url()?))?;
    let (stop, stopping) = watch::channel(false);
    let telling = tokio::spawn(webhooks::run(paloma.clone(), private, stopping.clone())?);
    let serving = tokio::spawn(listen::serve(bound, Alone { paloma: InProcess(paloma), clock, entropy }, stopping));
    node::stopped().await?;
    stop.send_replace(true);
    serving.await?;
    telling.await?;
    db.close().await;
    Ok(())
}

/// The carrier with nothing in front of it that could say who calls.
#[derive(Clone)]
struct Alone {
    paloma: InProcess,
    clock: Clock,
    entropy: Entropy,
}

impl Surface for Alone {
    async fn answer(&self, request: Request<Incoming>, _peer: SocketAddr, _secure: bool) -> Response {
        let mut request = request.map(Body::from);
        let id = request.headers().get(&X_REQUEST_ID).filter(|id| id.to_str().is_ok_and(|id| uuid::Uuid::try_parse(id).is_ok()));
        let id = match id {
            Some(id) => id.clone(),
            None => web::respond::id_value(domain::request_id::RequestId::new(self.clock.now(), &self.entropy)),
        };
        request.headers_mut().insert(X_REQUEST_ID, id.clone());
        identify(request.headers_mut());
        let mut response = self.paloma.call(request).await;
        response.headers_mut().insert(X_REQUEST_ID, id);
        response
    }
}

/// Names the project of a call that no gateway has named: the same one for the same client, and one for all without a name.
fn identify(headers: &mut HeaderMap) {
    if !headers.contains_key(PROJECT) {
        let client = CLIENT_ID.iter().find_map(|name| headers.get(*name)).map_or(&b""[..], HeaderValue::as_bytes);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest::sha256(client)[..16]);
        let project = ProjectId(uuid::Builder::from_custom_bytes(bytes).into_uuid());
        if let Ok(project) = HeaderValue::from_str(&project.to_string()) {
            headers.insert(PROJECT, project);
        }
    }
    if !headers.contains_key(ENVIRONMENT) {
        headers.insert(ENVIRONMENT, HeaderValue::from_static(Environment::Sandbox.as_str()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(headers: &[(&'static str, &'static str)]) -> (String, String) {
        let mut map: HeaderMap =
            headers.iter().map(|(name, value)| (name.parse().expect("a name"), HeaderValue::from_static(value))).collect();
        identify(&mut map);
        let text = |name: &str| map[name].to_str().expect("text").to_owned();
        (text(PROJECT), text(ENVIRONMENT))
    }

    #[test]
    fn each_client_has_a_project_of_its_own_under_every_spelling_and_nobody_has_one_too() {
        let one = project(&[("client_id", "one")]);
        assert_eq!(one.1, "sandbox");
        assert_eq!((&one, &one), (&project(&[("client-id", "one")]), &project(&[("x-client-id", "one")])));
        assert_ne!(one, project(&[("client_id", "two")]));
        assert_eq!(project(&[]), project(&[("client_id", "")]));
        assert_ne!(one, project(&[]));
    }

    #[test]
    fn what_a_gateway_says_stands() {
        let said = [("x-postigo-project", "p"), ("x-postigo-environment", "production"), ("client_id", "one")];
        assert_eq!(project(&said), ("p".into(), "production".into()));
        assert_eq!(project(&said[1..]).1, "production");
    }
}
