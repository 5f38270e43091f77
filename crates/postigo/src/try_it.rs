//! The sandbox handed to the portal's console, so that neither knows the other.

use std::{net::IpAddr, pin::Pin};

use authority::Authority;
use domain::{ClientId, Clock, Entropy, request_id::RequestId};
use gateway::{Gateway, Vouched};
use http::{HeaderValue, StatusCode, header::AUTHORIZATION};
use web::{Request, Response, Visit, respond};

/// The sandbox of this very node.
pub struct InHouse {
    pub authority: Authority,
    pub gateway: Gateway,
    pub clock: Clock,
    pub entropy: Entropy,
}

impl portal::try_it::Sandbox for InHouse {
    fn call<'s>(
        &'s self,
        client: &'s ClientId,
        mut request: Request,
        address: IpAddr,
    ) -> Pin<Box<dyn Future<Output = Response> + Send + 's>> {
        Box::pin(async move {
            let at = self.clock.now();
            let visit = Visit { id: RequestId::new(at, &self.entropy), at, address, secure: true };
            let token = self.authority.vouch(client, &visit).await;
            let Some(bearer) = token.and_then(|token| HeaderValue::from_str(&format!("Bearer {}", token.expose())).ok()) else {
                let detail = "{\"title\":\"Forbidden\",\"status\":403,\"detail\":\"no token can be had for this project: its client or its organisation is stopped\"}";
                return respond::answer(StatusCode::FORBIDDEN, HeaderValue::from_static("application/problem+json"), detail, visit.id);
            };
            request.headers_mut().insert(AUTHORIZATION, bearer);
            request.extensions_mut().insert(Vouched);
            self.gateway.handle(request, visit).await
        })
    }
}
