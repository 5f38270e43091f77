//! A request's body on its way to an upstream.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU8, AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use web::{
    Body,
    body::{BoxError, TooLong},
};

/// A body that can be handed to another connection as long as none of it was read.
pub(crate) enum Sent {
    /// In memory: can be sent again.
    Whole(Bytes),
    /// As it comes.
    Stream(Arc<Stream>),
}

/// A body that is read once, watched from outside.
pub(crate) struct Stream {
    body: Mutex<Body>,
    /// How often something was read.
    moved: AtomicU64,
    state: AtomicU8,
}

const MOVING: u8 = 0;
/// The last look found nothing: the sender is slow.
const WAITING: u8 = 1;
const TOO_LONG: u8 = 2;
const BROKEN: u8 = 3;

/// What was wrong with a body while it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is longer than it may be.
    TooLong,
    /// It broke off.
    Broken,
}

impl Sent {
    /// A body of `limit` bytes at most.
    pub(crate) fn new(body: Body, limit: u64) -> Self {
        match body {
            Body::Empty => Self::Whole(Bytes::new()),
            Body::Whole(bytes) => Self::Whole(bytes),
            streamed => Self::Stream(Arc::new(Stream {
                body: Mutex::new(streamed.bounded(limit)),
                moved: AtomicU64::new(0),
                state: AtomicU8::new(MOVING),
            })),
        }
    }

    /// The same body for another try. One of which a part was read breaks off.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Whole(bytes) => Self::Whole(bytes.clone()),
            Self::Stream(stream) => Self::Stream(Arc::clone(stream)),
        }
    }

    /// How often something of it was read.
    pub(crate) fn moved(&self) -> u64 {
        match self {
            Self::Whole(_) => 0,
            Self::Stream(stream) => stream.moved.load(Ordering::Relaxed),
        }
    }

    fn state(&self) -> u8 {
        match self {
            Self::Whole(_) => MOVING,
            Self::Stream(stream) => stream.state.load(Ordering::Relaxed),
        }
    }

    /// Whether it is its sender who keeps everybody waiting.
    pub(crate) fn waits_for_sender(&self) -> bool {
        self.state() == WAITING
    }

    /// What was wrong with it.
    pub(crate) fn fault(&self) -> Option<Fault> {
        match self.state() {
            TOO_LONG => Some(Fault::TooLong),
            BROKEN => Some(Fault::Broken),
            _ => None,
        }
    }
}

impl Stream {
    fn poll(&self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let polled = Pin::new(&mut *self.body.lock().unwrap_or_else(PoisonError::into_inner)).poll_frame(cx);
        if polled.is_pending() {
            self.state.store(WAITING, Ordering::Relaxed);
        }
        let frame = ready!(polled);
        let state = match &frame {
            Some(Err(error)) if error.is::<TooLong>() => TOO_LONG,
            Some(Err(_)) => BROKEN,
            _ => MOVING,
        };
        self.state.store(state, Ordering::Relaxed);
        self.moved.fetch_add(1, Ordering::Relaxed);
        // Trailers end here: a header that came after the checks has been checked by nobody.
        Poll::Ready(frame.filter(|frame| !frame.as_ref().is_ok_and(Frame::is_trailers)))
    }
}

impl http_body::Body for Sent {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self.get_mut() {
            Self::Whole(bytes) => {
                let bytes = std::mem::take(bytes);
                Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
            }
            Self::Stream(stream) => stream.poll(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.is_empty(),
            Self::Stream(stream) => stream.body.lock().unwrap_or_else(PoisonError::into_inner).is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::Stream(stream) => stream.body.lock().unwrap_or_else(PoisonError::into_inner).size_hint(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
    use http_body_util::BodyExt as _;
    use hyper_util::rt::{TokioExecutor, TokioIo};

    use super::*;

    /// What is sent of a body that arrives over HTTP/2 as these frames, and what was wrong with it.
    async fn passed_on(frames: Vec<Frame<Bytes>>, limit: u64) -> (Result<(Bytes, bool), BoxError>, Option<Fault>) {
        struct Frames(std::vec::IntoIter<Frame<Bytes>>);
        impl http_body::Body for Frames {
            type Data = Bytes;
            type Error = Infallible;
            fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
                Poll::Ready(self.0.next().map(Ok))
            }
        }

        let (near, far) = tokio::io::duplex(65_536);
        let (results, mut result) = tokio::sync::mpsc::unbounded_channel();
        let service = hyper::service::service_fn(move |request: Request<hyper::body::Incoming>| {
            let results = results.clone();
            async move {
                let sent = Sent::new(Body::from(request.into_body()), limit);
                let collected = sent.again().collect().await;
                let collected =
                    collected.map(|whole| (whole.trailers().is_some(), whole.to_bytes())).map(|(trailers, data)| (data, trailers));
                let _ = results.send((collected, sent.fault()));
                Ok::<_, Infallible>(Response::new(Body::Empty))
            }
        });
        let server =
            tokio::spawn(hyper::server::conn::http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(far), service));
        let (mut client, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(near)).await.expect("speaks");
        let connection = tokio::spawn(connection);
        let request = Request::post("http://h/").body(Frames(frames.into_iter())).expect("a request");
        let _ = client.send_request(request).await;
        server.abort();
        connection.abort();
        result.recv().await.expect("one request")
    }

    fn data(text: &'static str) -> Frame<Bytes> {
        Frame::data(Bytes::from_static(text.as_bytes()))
    }

    #[tokio::test]
    async fn trailers_are_not_passed_on() {
        let trailers = HeaderMap::from_iter([(HeaderName::from_static("x-postigo-client"), HeaderValue::from_static("spoofed"))]);
        let (sent, fault) = passed_on(vec![data("hello"), Frame::trailers(trailers)], 100).await;
        assert_eq!(sent.expect("whole"), (Bytes::from_static(b"hello"), false));
        assert_eq!(fault, None);
    }

    #[tokio::test]
    async fn a_body_breaks_off_where_it_becomes_too_long() {
        assert_eq!(passed_on(vec![data("hello")], 5).await.1, None);
        let (sent, fault) = passed_on(vec![data("hello"), data("!")], 5).await;
        assert!(sent.is_err());
        assert_eq!(fault, Some(Fault::TooLong));
    }
}
