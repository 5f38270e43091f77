//! An upstream inside the program.

use std::{future::Future, pin::Pin, sync::Mutex};

use bytes::Bytes;
use gateway::Service;
use http::HeaderMap;
use web::Body;

/// A service inside the program: says what it got, and keeps it.
#[derive(Default)]
pub struct Clerk(pub Mutex<Vec<(String, HeaderMap, Bytes)>>);

impl Service for Clerk {
    fn call(&self, request: web::Request) -> Pin<Box<dyn Future<Output = web::Response> + Send + '_>> {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.read(1 << 20).await.expect("a whole body");
            let said = format!("{} {} {}", parts.method, parts.uri, String::from_utf8_lossy(&body));
            self.0.lock().expect("not poisoned").push((said.clone(), parts.headers, body));
            http::Response::builder()
                .header("x-request-id", "the clerk's")
                .header("x-clerk", "yes")
                .body(Body::from(said))
                .expect("a response")
        })
    }
}
