//! Credential registration behind the gateway, in FedEx' form: a service that platforms call with a token of their own.
//!
//! The gateway has checked the token and its scope; who calls is in the headers that it alone can set. One endpoint, one file.

mod address_keys;
mod body;
mod caller;
mod gone;
mod invoice_keys;
mod pin_generation;
mod pin_keys;
mod respond;

use app::registration::Registration;
use bytes::Bytes;
use http::{Method, Request, Response, header::HeaderMap};

use self::{
    body::Body,
    caller::Caller,
    respond::{Envelope, Refused},
};

/// The document of this API, as the catalogue publishes it: file name and text.
pub const DOCUMENT: (&str, &str) = ("registration.yaml", include_str!("../openapi/registration.yaml"));

/// The endpoints. Cloning is cheap.
#[derive(Clone)]
pub struct Endpoints(Registration);

/// One call as an endpoint sees it.
struct Call<'a> {
    registration: &'a Registration,
    caller: &'a Caller,
    headers: &'a HeaderMap,
    body: &'a Bytes,
}

impl Endpoints {
    /// Endpoints over a register.
    #[must_use]
    pub fn new(registration: Registration) -> Self {
        Self(registration)
    }

    /// Answers one request that passed the gateway: its `X-Postigo-*` headers can be trusted, and its body is whole.
    pub async fn handle(&self, request: Request<Bytes>) -> Response<Bytes> {
        let (parts, body) = request.into_parts();
        let envelope = Envelope::of(&parts.headers);
        let answer = async {
            let caller = Caller::of(&parts.headers).ok_or(Refused::Forbidden)?;
            let call = Call { registration: &self.0, caller: &caller, headers: &parts.headers, body: &body };
            let path = parts.uri.path();
            let known = matches!(path, address_keys::PATH | pin_generation::PATH | pin_keys::PATH | invoice_keys::PATH);
            if known && parts.method != Method::POST {
                return Err(Refused::Method);
            }
            match path {
                address_keys::PATH => address_keys::answer(&call).await,
                pin_generation::PATH => pin_generation::answer(&call).await,
                pin_keys::PATH => pin_keys::answer(&call).await,
                invoice_keys::PATH => invoice_keys::answer(&call).await,
                path => Err(gone::refusal(path)),
            }
        };
        match answer.await {
            Ok(output) => envelope.output(output),
            Err(refused) => envelope.refuse(&refused, self.0.now()),
        }
    }
}

impl Call<'_> {
    /// What the caller sent.
    fn body(&self) -> Result<Body, Refused> {
        Body::read(self.body)
    }

    /// The account token, which has a header of its own.
    fn account_token(&self) -> Result<&str, Refused> {
        let value = self.headers.get("accountauthtoken").and_then(|value| value.to_str().ok()).map(str::trim);
        value.filter(|value| !value.is_empty()).ok_or(Refused::Missing("accountAuthToken"))
    }
}
