//! Credential registration handed to the gateway as a service, so that neither knows the other.

mod courier;
mod holders;

use std::{pin::Pin, sync::Arc};

use anyhow::{Context as _, Result};
use app::registration::{Holders, Registration};
use authority::registration::Endpoints;
use http::Request;
use web::{Body, Response};

pub use courier::Courier;

use crate::{config::Config, house::House, paloma};

/// The endpoints behind the gateway's idea of a service.
#[derive(Clone)]
pub struct InProcess(Endpoints);

impl InProcess {
    /// Opens what the configuration says: the register in the database, or the carrier's own service.
    ///
    /// # Errors
    /// One line with the mend.
    pub async fn open(config: &Config, house: &House) -> Result<Self> {
        let holders = match &config.registration.holders_url {
            Some(url) => Holders::Service(Arc::new(holders::Service::new(url, &config.registration)?)),
            None => Holders::Table,
        };
        let registration = Registration::open(house.app.clone(), holders, telephones(config)).await;
        Ok(Self(Endpoints::new(registration.context("credential registration cannot start")?)))
    }
}

/// Whether text messages and calls reach anybody: the carrier's sender, or whoever reads the mailbox.
fn telephones(config: &Config) -> bool {
    config.registration.messages_url.is_some() || config.portal.as_ref().is_some_and(crate::config::Listener::has_mailbox)
}

impl gateway::Service for InProcess {
    fn call(&self, request: Request<Body>) -> Pin<Box<dyn Future<Output = Response> + Send + '_>> {
        Box::pin(async move {
            match paloma::whole(request).await {
                Ok(request) => self.0.handle(request).await.map(Body::Whole),
                Err(refused) => refused,
            }
        })
    }
}

#[cfg(test)]
mod tests;
