//! Sends the carrier's tracking events to the URLs its projects registered.
//!
//! Every node that serves an environment looks once a second what there is to tell; the database says which of them tells it. Within a
//! project the webhooks are served side by side and each in order, so that one that never answers holds up nobody else.

mod connector;

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use bytes::Bytes;
use carrier::{
    Paloma,
    webhooks::{self, Due},
};
use http::{Method, Request, header};
use http_body_util::Full;
use hyper_rustls::HttpsConnector;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use tokio::{
    sync::{Semaphore, watch},
    task::JoinSet,
    time::{MissedTickBehavior, interval, timeout},
};

use crate::{
    tls,
    webhooks::connector::{Connector, PrivateAddress},
};

/// How often a node looks for something to tell.
const TICK: Duration = Duration::from_secs(1);
/// How long a server may take from the look-up of its name to the head of its answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many deliveries are under way at once.
const AT_ONCE: usize = 16;
/// How long what is under way may take once the node is told to stop; what was taken on and not sent then is lost.
const DRAIN: Duration = Duration::from_secs(10);

/// Sends until `stop` says so. Webhooks may lead to `private` addresses only when that is so.
///
/// # Errors
/// When nothing can be sent at all, before anything is.
pub fn run(paloma: Paloma, private: bool, mut stop: watch::Receiver<bool>) -> Result<impl Future<Output = ()> + Send + 'static> {
    let post = Arc::new(Post::new(private, PATIENCE)?);
    Ok(async move {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut tasks = JoinSet::new();
        let mut busy = Vec::new();
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                _ = ticks.tick() => {}
            }
            while tasks.try_join_next().is_some() {}
            busy.retain(|(_, task): &(_, tokio::task::AbortHandle)| !task.is_finished());
            let listeners = match webhooks::listeners(&paloma).await {
                Ok(listeners) => listeners,
                Err(error) => {
                    tracing::warn!(%error, "webhooks wait for the database");
                    continue;
                }
            };
            for listener in listeners {
                if busy.iter().all(|(owner, _)| *owner != listener.owner) {
                    let (paloma, post, stop) = (paloma.clone(), Arc::clone(&post), stop.clone());
                    let owner = listener.owner;
                    busy.push((owner, tasks.spawn(async move { tell(&paloma, &post, &listener, &stop).await })));
                }
            }
        }
        let ended = timeout(DRAIN, async { while tasks.join_next().await.is_some() {} }).await;
        if ended.is_err() {
            tracing::warn!("some webhooks were not sent");
        }
    })
}

/// Tells one project all there is to tell.
async fn tell(paloma: &Paloma, post: &Arc<Post>, listener: &store::carrier_webhooks::Listener, stop: &watch::Receiver<bool>) {
    while !*stop.borrow() {
        let claim = match webhooks::claim(paloma, listener).await {
            Ok(claim) => claim,
            Err(error) => {
                tracing::warn!(%error, project = %listener.owner.project, "webhooks wait for the database");
                return;
            }
        };
        let mut queues: Vec<Vec<Due>> = Vec::new();
        for due in claim.dues {
            match queues.iter_mut().find(|queue| queue.first().is_some_and(|first| first.webhook == due.webhook)) {
                Some(queue) => queue.push(due),
                None => queues.push(vec![due]),
            }
        }
        let mut sending = JoinSet::new();
        for queue in queues {
            let (paloma, post) = (paloma.clone(), Arc::clone(post));
            sending.spawn(async move {
                for due in queue {
                    let (good, result) = post.send(&due.url, due.body.clone()).await;
                    if let Err(error) = webhooks::told(&paloma, &due, good, &result).await {
                        tracing::warn!(%error, webhook = due.webhook, "what came of a delivery was not written");
                    }
                }
            });
        }
        while sending.join_next().await.is_some() {}
        if !claim.more {
            return;
        }
    }
}

/// Posts bodies.
struct Post {
    client: Client<HttpsConnector<Connector>, Full<Bytes>>,
    slots: Semaphore,
    patience: Duration,
}

impl Post {
    fn new(private: bool, patience: Duration) -> Result<Self> {
        let tls = tls::over(Connector { private }, "webhooks cannot be sent over TLS")?;
        // No connection outlives its delivery: whoever has the name next time is looked at again.
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(tls);
        Ok(Self { client, slots: Semaphore::new(AT_ONCE), patience })
    }

    /// Posts one body: whether the server took it, and its status or why there was none. Redirections are not followed: they would lead
    /// past the look at the address.
    async fn send(&self, url: &str, body: String) -> (bool, String) {
        let request = Request::builder()
            .method(Method::POST)
            .uri(url)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, "Postigo")
            .body(Full::from(body));
        let Ok(request) = request else { return (false, "not a URL".into()) };
        // Closed never: it lives as long as this.
        let _slot = self.slots.acquire().await;
        match timeout(self.patience, self.client.request(request)).await {
            Ok(Ok(response)) => (response.status().is_success(), response.status().as_u16().to_string()),
            Ok(Err(error)) if PrivateAddress::caused(&error) => (false, "private address".into()),
            Ok(Err(error)) if error.is_connect() => (false, "no connection".into()),
            Ok(Err(_)) => (false, "connection broken off".into()),
            Err(_) => (false, format!("no answer within {} s", self.patience.as_secs_f32())),
        }
    }
}

#[cfg(test)]
mod tests;
