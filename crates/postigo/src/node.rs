//! A running node: everything the configuration names, wired together and served.

use std::{collections::HashMap, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context as _, Result};
use app::catalogue;
use authority::Authority;
use carrier::Paloma;
use directory::{Directory, Ledger};
use domain::{Clock, Entropy, Environment, request_id::RequestId};
use gateway::Gateway;
use http::Request;
use hyper::body::Incoming;
use metrics_exporter_prometheus::PrometheusBuilder;
use portal::Portal;
use tokio::{sync::watch, task::JoinSet};
use web::{Body, Response, Visit, address, address::Network};

use crate::{
    config::{Config, Listener},
    guard,
    house::House,
    listen::{self, Bound, Surface},
    paloma::{self, InProcess},
    postman, registration, system,
    telemetry::Telemetry,
    try_it, upstreams, webhooks,
};

/// A node whose sockets are bound and whose surfaces are ready.
pub struct Node {
    directory: Directory,
    ledger: Ledger,
    writer: tokio::task::JoinHandle<()>,
    serving: JoinSet<()>,
    stop: watch::Sender<bool>,
}

impl Node {
    /// Binds every listener of the configuration and starts to serve.
    ///
    /// # Errors
    /// One line with the mend.
    pub async fn start(config: &Config, house: &House) -> Result<Self> {
        let matrix = paloma::event_matrix(config.sandbox.event_matrix.as_deref())?;
        let mut bound = HashMap::new();
        for (table, listener) in config.listeners() {
            bound.insert(table, listen::bind(table, listener).await?);
        }
        // Before anything is counted: the surfaces take hold of their counters when they are made.
        let metrics = match config.telemetry {
            Some(_) => Some(PrometheusBuilder::new().install_recorder().context("metrics cannot be gathered")?),
            None => None,
        };
        let (clock, entropy) = (system::clock(), system::entropy());
        let settings =
            directory::Settings { capacity: config.directory_capacity, max_stale: config.max_stale_seconds.map(Duration::from_secs) };
        let db = house.app.db();
        let directory = Directory::open(db.clone(), Arc::clone(&house.master), clock.clone(), settings).await?;
        let retention = Duration::from_secs(u64::from(config.decision_retention_days) * 86_400);
        let (ledger, writer) = Ledger::open(db.clone(), clock.clone(), retention);
        let (stop, stopping) = watch::channel(false);
        let mut node = Self { directory, ledger, writer, serving: JoinSet::new(), stop };

        let portal_url: Arc<str> = config.portal.as_ref().map(Listener::public_url).unwrap_or_default().into();
        let trusted: Arc<[Network]> = config.trusted_proxies()?.into();
        let private = config.sandbox.webhook_private_addresses;
        let carrier = Paloma::new(db.clone(), clock.clone(), entropy.clone(), Arc::clone(&portal_url), Arc::clone(&matrix))
            .with_private_webhooks(private);
        if !config.environments.is_empty() {
            node.serving.spawn(webhooks::run(carrier.clone(), private, stopping.clone())?);
        }
        let registration = registration::InProcess::open(config, house).await?;
        let mut sandbox = portal::try_it::Line::default();
        let mut management = portal::management::Gate::default();
        for environment in Environment::ALL.iter().copied() {
            let Some(listener) = config.environments.of(environment) else { continue };
            let services: [(&str, Arc<dyn gateway::Service>); 2] =
                [("paloma", Arc::new(InProcess(carrier.clone()))), ("registration", Arc::new(registration.clone()))];
            let surface = node.environment(environment, listener, &portal_url, &trusted, config, services, (&clock, &entropy), house);
            if environment == Environment::Sandbox {
                sandbox = portal::try_it::Line::to(Arc::new(try_it::InHouse {
                    authority: surface.authority.clone(),
                    gateway: surface.gateway.clone(),
                    clock: clock.clone(),
                    entropy: entropy.clone(),
                }));
            }
            if environment == Environment::Production {
                let guard = Arc::new(guard::InHouse(surface.gateway.clone()));
                management = portal::management::Gate::with(guard, token_url(&listener.public_url()));
            }
            node.serve(bound.remove(table(environment)), surface, &stopping);
        }
        // Where production is served by other nodes, its tokens are judged here all the same.
        let elsewhere = config.portal.as_ref().filter(|_| config.environments.production.is_none());
        if let Some(issuer) = elsewhere.and_then(|portal| portal.production_url.as_deref()) {
            let issuer = issuer.trim_end_matches('/');
            let settings = gateway::Settings {
                environment: Environment::Production,
                issuer: issuer.into(),
                portal: Arc::clone(&portal_url),
                decision_sample: config.decision_sample,
            };
            let judge = Gateway::new(node.directory.clone(), node.ledger.clone(), entropy.clone(), HashMap::new(), settings);
            management = portal::management::Gate::with(Arc::new(guard::InHouse(judge)), token_url(issuer));
        }
        if config.portal.is_some() {
            // A node that knows no production environment leaves the entry as those that do have written it.
            if !management.token_url().is_empty() {
                let document = portal::management::document(&portal_url, management.token_url());
                catalogue::keep_management(&house.app, &document).await.context("the management API's own entry of the catalogue")?;
                node.directory.catch_up().await.context("the catalogue")?;
            }
            let environments = Environment::ALL
                .iter()
                .filter_map(|environment| config.environments.of(*environment).map(|listener| (*environment, listener.public_url())));
            let settings = portal::Settings {
                public_url: portal_url.to_string(),
                environments: environments.collect(),
                sandbox,
                management,
                upstreams: portal::upstreams::Line::to(Arc::new(upstreams::Caller::new()?)),
                mailbox: config.portal.as_ref().is_some_and(Listener::has_mailbox),
                matrix: Arc::clone(&matrix),
                support: config.portal.as_ref().map(Listener::support).unwrap_or_default(),
            };
            let portal = Portal::new(node.directory.clone(), house.app.clone(), entropy.clone(), settings);
            let (closing, mut stopping_too) = (portal.clone(), stopping.clone());
            node.serving.spawn(async move {
                // Also when nobody can say any more that it is time.
                let _ = stopping_too.wait_for(|stop| *stop).await;
                closing.close();
            });
            node.serve(bound.remove("portal"), PortalSurface { portal, trusted: Arc::clone(&trusted) }, &stopping);
        }
        if let Some(postman) = postman::Postman::of(&config.mail, &house.app)? {
            node.serving.spawn(postman.deliver(stopping.clone()));
        }
        if let Some(courier) = registration::Courier::of(&config.registration, &house.app)? {
            node.serving.spawn(courier.deliver(stopping.clone()));
        }
        node.serving.spawn(postman::keep_house(house.app.clone(), stopping.clone()));
        if let Some(metrics) = metrics {
            let telemetry = Telemetry { directory: node.directory.clone(), lost: node.ledger.lost().clone(), metrics, entropy };
            node.serve(bound.remove("telemetry"), telemetry, &stopping);
        }
        Ok(node)
    }

    #[expect(clippy::too_many_arguments, reason = "wiring: each of them is needed once, here")]
    fn environment(
        &self,
        environment: Environment,
        listener: &Listener,
        portal: &Arc<str>,
        trusted: &Arc<[Network]>,
        config: &Config,
        services: [(&str, Arc<dyn gateway::Service>); 2],
        (clock, entropy): (&Clock, &Entropy),
        house: &House,
    ) -> EnvironmentSurface {
        let issuer: Arc<str> = listener.public_url().into();
        let settings = authority::Settings { environment, issuer: Arc::clone(&issuer), portal: Arc::clone(portal) };
        let authority = Authority::new(self.directory.clone(), self.ledger.clone(), house.app.clone(), entropy.clone(), settings);
        let services = services.into_iter().map(|(name, service)| (name.to_owned(), service)).collect();
        let settings = gateway::Settings { environment, issuer, portal: Arc::clone(portal), decision_sample: config.decision_sample };
        let gateway = Gateway::new(self.directory.clone(), self.ledger.clone(), entropy.clone(), services, settings);
        EnvironmentSurface { authority, gateway, clock: clock.clone(), entropy: entropy.clone(), trusted: Arc::clone(trusted) }
    }

    fn serve(&mut self, bound: Option<Bound>, surface: impl Surface, stopping: &watch::Receiver<bool>) {
        if let Some(bound) = bound {
            self.serving.spawn(listen::serve(bound, surface, stopping.clone()));
        }
    }

    /// Stops taking requests, lets those under way end, and writes what waits to be written.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.serving.join_next().await.is_some() {}
        self.directory.stop();
        drop(self.ledger);
        if tokio::time::timeout(Duration::from_secs(5), self.writer).await.is_err() {
            tracing::warn!("some decisions were not written");
        }
    }
}

/// Where tokens of an environment are had.
pub fn token_url(environment: &str) -> String {
    format!("{}/oauth2/token", environment.trim_end_matches('/'))
}

const fn table(environment: Environment) -> &'static str {
    match environment {
        Environment::Sandbox => "environments.sandbox",
        Environment::Production => "environments.production",
    }
}

/// An environment: its own routes are the authorization server's, all else is the gateway's.
#[derive(Clone)]
struct EnvironmentSurface {
    authority: Authority,
    gateway: Gateway,
    clock: Clock,
    entropy: Entropy,
    trusted: Arc<[Network]>,
}

impl Surface for EnvironmentSurface {
    async fn answer(&self, request: Request<Incoming>, peer: SocketAddr, secure: bool) -> Response {
        let at = self.clock.now();
        let address = address::client(peer.ip(), request.headers(), &self.trusted);
        let visit = Visit { id: RequestId::new(at, &self.entropy), at, address, secure };
        match self.authority.handle(request.map(Body::from), visit).await {
            Ok(response) => response,
            Err(request) => self.gateway.handle(request, visit).await,
        }
    }
}

/// The portal behind its listener.
#[derive(Clone)]
struct PortalSurface {
    portal: Portal,
    trusted: Arc<[Network]>,
}

impl Surface for PortalSurface {
    async fn answer(&self, request: Request<Incoming>, peer: SocketAddr, _secure: bool) -> Response {
        let address = address::client(peer.ip(), request.headers(), &self.trusted);
        self.portal.handle(request.map(Body::from), address).await
    }
}

/// Waits until the process is told to stop.
///
/// # Errors
/// When signals cannot be heard.
pub async fn stopped() -> Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
