//! Upstreams on real sockets.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// An upstream. It ends with this value.
pub struct Origin {
    pub url: String,
    /// How many requests, or connections, it got.
    hits: Arc<AtomicUsize>,
    _tasks: JoinSet<()>,
}

impl Origin {
    pub fn hits(&self) -> usize {
        self.hits.load(Ordering::SeqCst)
    }
}

/// An upstream that answers each request with what it got, as JSON.
pub async fn echo() -> Origin {
    serving(async |request: Request<Incoming>| {
        let (parts, body) = request.into_parts();
        let collected = body.collect().await.expect("a whole body");
        let trailers = collected.trailers().cloned();
        let headers: Vec<Value> = parts.headers.iter().map(|(n, v)| json!([n.as_str(), String::from_utf8_lossy(v.as_bytes())])).collect();
        let said = json!({
            "method": parts.method.as_str(), "target": parts.uri.to_string(), "headers": headers,
            "body": String::from_utf8_lossy(&collected.to_bytes()), "trailers": trailers.map(|t| t.len()),
        });
        Response::builder()
            .header("content-type", "application/json")
            .header("x-request-id", "the upstream's")
            .header("set-cookie", "a=1")
            .header("set-cookie", "b=2")
            .header("connection", "x-inner")
            .header("x-inner", "only for the gateway")
            .body(Full::from(said.to_string()))
            .expect("a response")
    })
    .await
}

/// An upstream that answers with `answer`.
pub async fn serving<A, F>(answer: A) -> Origin
where
    A: Fn(Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<Full<Bytes>>> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let hits = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    let counted = Arc::clone(&hits);
    tasks.spawn(async move {
        let mut connections = JoinSet::new();
        loop {
            let (stream, _) = listener.accept().await.expect("accepts");
            let (answer, hits) = (answer.clone(), Arc::clone(&counted));
            connections.spawn(async move {
                let service = hyper::service::service_fn(move |request| {
                    hits.fetch_add(1, Ordering::SeqCst);
                    let answer = answer.clone();
                    async move { Ok::<_, std::convert::Infallible>(answer(request).await) }
                });
                let _ = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new())
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
    Origin { url, hits, _tasks: tasks }
}

/// An upstream that does with each connection what `handle` does.
pub async fn raw<H, F>(handle: H) -> Origin
where
    H: Fn(TcpStream) -> F + Send + Sync + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let hits = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    let counted = Arc::clone(&hits);
    tasks.spawn(async move {
        let mut connections = JoinSet::new();
        loop {
            let (stream, _) = listener.accept().await.expect("accepts");
            counted.fetch_add(1, Ordering::SeqCst);
            connections.spawn(handle(stream));
        }
    });
    Origin { url, hits, _tasks: tasks }
}

/// An upstream that answers every connection with these bytes as soon as a request's head is there, and then closes.
pub async fn saying(bytes: &'static [u8]) -> Origin {
    raw(move |mut stream| async move {
        read_head(&mut stream).await;
        let _ = stream.write_all(bytes).await;
        let _ = stream.shutdown().await;
    })
    .await
}

/// An upstream that reads everything and says nothing.
pub async fn mute() -> Origin {
    raw(|mut stream| async move {
        let mut buffer = [0; 1024];
        while let Ok(1..) = stream.read(&mut buffer).await {}
    })
    .await
}

/// Reads up to the empty line.
pub async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).await.is_ok_and(|n| n == 1) {
        head.push(byte[0]);
    }
    String::from_utf8_lossy(&head).into_owned()
}

/// An address where nobody listens.
pub async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    format!("http://{}", listener.local_addr().expect("an address"))
}
