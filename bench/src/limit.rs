//! The limits: bare servers that do the work named and nothing else. What Postigo costs beyond them is the price of everything it is.

pub mod gateway;
pub mod origin;
pub mod token;

use std::{
    convert::Infallible,
    io::{Write as _, stdin, stdout},
};

use anyhow::{Context as _, Result};
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use tokio::net::TcpListener;

use crate::server::local;

/// The settings that whoever started this program wrote to standard input.
fn settings<T: DeserializeOwned>() -> Result<T> {
    let mut line = String::new();
    stdin().read_line(&mut line)?;
    serde_json::from_str(&line).context("this server is started by the benchmark, which writes its settings to standard input")
}

/// Serves on a free port with one worker, says which, and ends when standard input does.
fn serve<A, F, B>(answer: A) -> Result<()>
where
    A: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
    F: Future<Output = Response<B>> + Send + 'static,
    B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    std::thread::spawn(|| {
        drop(std::io::copy(&mut stdin(), &mut std::io::sink()));
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(local(0)).await?;
        writeln!(stdout(), "{}", listener.local_addr()?.port())?;
        tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else { continue };
                drop(stream.set_nodelay(true));
                let answer = answer.clone();
                let service = service_fn(move |request| {
                    let answer = answer(request);
                    async { Ok::<_, Infallible>(answer.await) }
                });
                tokio::spawn(http1::Builder::new().pipeline_flush(true).serve_connection(TokioIo::new(stream), service));
            }
        })
        .await?
    })
}
