//! Paloma handed to the gateway as a service, so that neither knows the other.

use std::pin::Pin;

use bytes::Bytes;
use carrier::{Paloma, Wire};
use domain::request_id::RequestId;
use http::{Request, StatusCode};
use serde_json::json;
use web::{Body, Response, body::ReadError, respond};

/// The most a request to the carrier may hold, in bytes; the gateway's own limit is met first.
const LIMIT: usize = 8 * 1024 * 1024;

/// The carrier behind the gateway's idea of a service.
pub struct InProcess(pub Paloma);

impl gateway::Service for InProcess {
    fn call(&self, request: Request<Body>) -> Pin<Box<dyn Future<Output = Response> + Send + '_>> {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let id = head.headers.get(&respond::X_REQUEST_ID).and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
            let body = match body.read(LIMIT).await {
                Ok(body) => body,
                Err(error) => {
                    let status = match error {
                        ReadError::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
                        ReadError::Broken => StatusCode::BAD_REQUEST,
                    };
                    let refused = json!({"error": "the request body could not be read whole"});
                    return respond::json(status, &refused, RequestId(id.unwrap_or_default()));
                }
            };
            obeyed(self.0.handle(Request::from_parts(head, body)).await).await
        })
    }
}

/// The answer as the carrier wants it on the wire: late, or broken off.
async fn obeyed(mut response: http::Response<Bytes>) -> Response {
    let Some(Wire { after, cut_at }) = response.extensions_mut().remove() else { return response.map(Body::Whole) };
    tokio::time::sleep(after).await;
    response.map(|body| match cut_at {
        Some(at) => Body::cut(&body, at),
        None => Body::Whole(body),
    })
}
