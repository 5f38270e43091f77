//! The line to the operator's OpenID Connect provider. The operator names it, so it may be inside the house; it is asked by TLS, or on this machine.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, Result};
use app::accounts::{Answer, Asking, Line, Question, SignOn, Unreachable};
use bytes::Bytes;
use domain::openid::{LONGEST_DOCUMENT, is_safe};
use http::{Method, Request, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::HttpsConnector;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::time::timeout;

use crate::{config::Config, tls};

/// How long the provider may take from the look-up of its name to the end of its answer: somebody waits for a page.
const PATIENCE: Duration = Duration::from_secs(5);

/// The provider of the configuration, where there is one.
///
/// # Errors
/// One line with the mend.
pub fn of(config: &Config) -> Result<Option<SignOn>> {
    let Some(named) = config.portal.as_ref().and_then(|portal| portal.staff_sign_on.as_ref()) else { return Ok(None) };
    let terms = named.terms().context("[portal.staff_sign_on]")?;
    Ok(Some(SignOn::new(terms, Arc::new(Wire::new()?))))
}

struct Wire(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl Wire {
    fn new() -> Result<Self> {
        let tls = tls::over(tls::tcp(), "the staff's provider cannot be asked over TLS")?;
        Ok(Self(Client::builder(TokioExecutor::new()).pool_idle_timeout(Duration::from_secs(30)).build(tls)))
    }

    async fn send(&self, question: Question<'_>) -> Result<Answer, Unreachable> {
        // What the provider publishes was looked at; this is the last place where it could matter.
        if !is_safe(question.url) {
            return Err(Unreachable("its address is neither https nor of this machine".into()));
        }
        let mut request =
            Request::builder().uri(question.url).header(header::ACCEPT, "application/json").header(header::USER_AGENT, "Postigo");
        if let Some(authorization) = question.authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        let request = match question.form {
            Some(form) => {
                request.method(Method::POST).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(Full::from(form))
            }
            None => request.method(Method::GET).body(Full::default()),
        };
        let request = request.map_err(|error| Unreachable(error.to_string()))?;
        // Redirections are not followed: they would lead past the look at the address.
        let response = self.0.request(request).await.map_err(|error| Unreachable(causes(&error)))?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), LONGEST_DOCUMENT).collect().await.map_err(|error| Unreachable(error.to_string()))?;
        Ok(Answer { status, body: body.to_bytes().into() })
    }
}

impl Line for Wire {
    fn ask<'l>(&'l self, question: Question<'l>) -> Asking<'l> {
        Box::pin(async move {
            let sent = timeout(PATIENCE, self.send(question)).await;
            sent.unwrap_or_else(|_| Err(Unreachable(format!("no answer within {} s", PATIENCE.as_secs()))))
        })
    }
}

/// An error with what it comes from: "client error" alone says nothing.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
