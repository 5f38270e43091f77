//! The sandbox handed to the portal's console, so that neither knows the other.

use std::net::IpAddr;

use authority::Authority;
use domain::{ClientId, Clock, Entropy, request_id::RequestId};
use gateway::{Gateway, Vouched};
use http::{HeaderValue, header::AUTHORIZATION};
use portal::try_it::{Calling, Sandbox};
use web::{Request, Visit};

/// The sandbox of this very node.
pub struct InHouse {
    pub authority: Authority,
    pub gateway: Gateway,
    pub clock: Clock,
    pub entropy: Entropy,
}

impl Sandbox for InHouse {
    fn call<'s>(&'s self, client: &'s ClientId, mut request: Request, address: IpAddr) -> Calling<'s> {
        Box::pin(async move {
            let at = self.clock.now();
            let visit = Visit { id: RequestId::new(at, &self.entropy), at, address, secure: true };
            let token = self.authority.vouch(client, &visit).await?;
            let bearer = HeaderValue::from_str(&format!("Bearer {}", token.expose())).ok()?;
            request.headers_mut().insert(AUTHORIZATION, bearer);
            request.extensions_mut().insert(Vouched);
            Some(self.gateway.handle(request, visit).await)
        })
    }
}
