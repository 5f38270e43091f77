//! Listening: TCP, optional TLS, HTTP/1.1 and HTTP/2, and ending without cutting anybody off.

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    path::Path,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use anyhow::{Context as _, Result};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    time::Sleep,
};
use tokio_rustls::TlsAcceptor;
use web::{Body, Response};

use crate::config::Listener;

/// How long a client may take to send the head of a request, and a TLS client its handshake.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long requests under way may take once the node is told to stop.
const DRAIN: Duration = Duration::from_secs(20);
/// How many connections one listener holds at once; the next ones wait in the kernel's queue.
const CONNECTIONS: usize = 16_384;

/// A socket that is bound but not yet served: all are bound before any is served, so that a taken port stops the start.
pub struct Bound {
    socket: TcpListener,
    tls: Option<TlsAcceptor>,
}

impl Bound {
    /// The URL under which it can be reached on this machine.
    ///
    /// # Errors
    /// What the system says.
    pub fn url(&self) -> io::Result<String> {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        Ok(format!("{scheme}://{}", self.socket.local_addr()?))
    }
}

/// Binds a listener.
///
/// # Errors
/// One line that names the table, what is wrong, and the mend.
pub async fn bind(table: &str, listener: &Listener) -> Result<Bound> {
    let socket = TcpListener::bind(listener.listen).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            anyhow::anyhow!("[{table}] cannot listen on {}: another program does; stop it or change `listen`", listener.listen)
        }
        io::ErrorKind::PermissionDenied => anyhow::anyhow!(
            "[{table}] cannot listen on {}: ports below 1024 need a privilege; choose another or grant CAP_NET_BIND_SERVICE",
            listener.listen
        ),
        _ => anyhow::anyhow!("[{table}] cannot listen on {}: {error}", listener.listen),
    })?;
    let tls = match (&listener.certificate, &listener.private_key) {
        (Some(certificate), Some(key)) => Some(tls(certificate, key).with_context(|| format!("[{table}]"))?),
        _ => None,
    };
    Ok(Bound { socket, tls })
}

fn tls(certificate: &Path, key: &Path) -> Result<TlsAcceptor> {
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .with_context(|| format!("certificate {} is not a PEM file with certificates", certificate.display()))?;
    let key = PrivateKeyDer::from_pem_file(key).with_context(|| format!("private_key {} is not a PEM file with a key", key.display()))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("certificate and private_key do not belong together")?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// What answers the requests of one listener.
pub trait Surface: Clone + Send + Sync + 'static {
    /// Answers one request of `peer`.
    fn answer(&self, request: http::Request<Incoming>, peer: SocketAddr, secure: bool) -> impl Future<Output = Response> + Send;
}

/// Serves until `stop` says so, then lets what is under way end.
pub async fn serve(bound: Bound, surface: impl Surface, mut stop: watch::Receiver<bool>) {
    let graceful = GracefulShutdown::new();
    let connections = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break,
            accepted = accept(&bound.socket, &connections) => accepted,
        };
        let Some((stream, peer, slot)) = accepted else { continue };
        let (surface, tls, watcher) = (surface.clone(), bound.tls.clone(), graceful.watcher());
        tokio::spawn(async move {
            let _slot = slot;
            match tls {
                None => connection(stream, peer, false, surface, watcher).await,
                Some(acceptor) => {
                    if let Ok(Ok(stream)) = tokio::time::timeout(HEAD_TIMEOUT, acceptor.accept(stream)).await {
                        connection(stream, peer, true, surface, watcher).await;
                    }
                }
            }
        });
    }
    drop(bound);
    if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time and were cut off");
    }
}

async fn accept(socket: &TcpListener, connections: &Arc<Semaphore>) -> Option<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let slot = Arc::clone(connections).acquire_owned().await.ok()?;
    match socket.accept().await {
        Ok((stream, peer)) => {
            // Answers are small and whole: waiting for more to send would only delay them.
            let _ = stream.set_nodelay(true);
            Some((stream, peer, slot))
        }
        Err(error) => {
            // Out of file descriptors, most likely: those who are served first must end.
            tracing::warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(Duration::from_millis(50)).await;
            None
        }
    }
}

async fn connection<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    peer: SocketAddr,
    secure: bool,
    surface: impl Surface,
    watcher: hyper_util::server::graceful::Watcher,
) {
    let service = service_fn(move |request: http::Request<Incoming>| {
        let surface = surface.clone();
        async move { Ok::<http::Response<Body>, Infallible>(surface.answer(request, peer, secure).await) }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(64 * 1024);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(128)
        .max_header_list_size(32 * 1024)
        .max_pending_accept_reset_streams(Some(20))
        .max_local_error_reset_streams(Some(128))
        .keep_alive_interval(Some(Duration::from_secs(20)))
        .keep_alive_timeout(Duration::from_secs(20));
    let connection = builder.serve_connection(TokioIo::new(Prompt::new(stream)), service);
    if let Err(error) = watcher.watch(connection.into_owned()).await {
        tracing::debug!(%error, %peer, "a connection broke off");
    }
}

/// A stream that breaks off when its first bytes do not come in time. The server waits for as many bytes as the preface of HTTP/2 has before
/// it knows which protocol it serves, and its own time limits begin after that.
struct Prompt<S> {
    stream: S,
    /// How many of the first bytes are still to come, and until when; `None` once they came.
    waiting: Option<(usize, Pin<Box<Sleep>>)>,
}

/// The length of HTTP/2's connection preface (RFC 9113, section 3.4).
const PREFACE: usize = 24;

impl<S> Prompt<S> {
    fn new(stream: S) -> Self {
        Self { stream, waiting: Some((PREFACE, Box::pin(tokio::time::sleep(HEAD_TIMEOUT)))) }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Prompt<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(cx, buffer);
        if let Some((missing, deadline)) = &mut this.waiting {
            match missing.checked_sub(buffer.filled().len() - before) {
                Some(left) if left > 0 => {
                    *missing = left;
                    if polled.is_pending() && deadline.as_mut().poll(cx).is_ready() {
                        return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
                    }
                }
                _ => this.waiting = None,
            }
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Prompt<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(self: Pin<&mut Self>, cx: &mut Context<'_>, slices: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_stays_silent_or_stops_within_the_preface_is_broken_off() {
        for said in ["", "P", "PRI * HTTP/2.0\r\n"] {
            let (mut client, server) = tokio::io::duplex(64);
            client.write_all(said.as_bytes()).await.expect("writes");
            let error = Prompt::new(server).read_to_end(&mut Vec::new()).await.expect_err("broken off");
            assert_eq!(error.kind(), io::ErrorKind::TimedOut, "{said:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn once_the_first_bytes_are_there_it_waits_for_more_as_long_as_it_takes() {
        let (mut client, server) = tokio::io::duplex(64);
        client.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.expect("writes");
        let mut read = [0; PREFACE + 1];
        let mut prompt = Prompt::new(server);
        prompt.read_exact(&mut read[..PREFACE]).await.expect("reads");
        let late = tokio::time::timeout(HEAD_TIMEOUT * 3, prompt.read_exact(&mut read[PREFACE..])).await;
        assert!(late.is_err(), "it is still waiting");
    }
}
