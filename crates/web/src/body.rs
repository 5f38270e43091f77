//! One body type for requests and answers, whole or streamed.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::{BodyExt as _, combinators::BoxBody};
use hyper::body::Incoming;

/// What can go wrong while a body streams.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A body. The common cases need no allocation of their own.
pub enum Body {
    /// Nothing.
    Empty,
    /// All of it, in memory.
    Whole(Bytes),
    /// From the network, as it comes.
    Incoming(Incoming),
    /// From the network, up to so many bytes more; then it breaks off with [`TooLong`].
    Bounded(Incoming, u64),
    /// In memory, and made to break off: see [`Body::cut`].
    Cut(Cut),
    /// Made while it is sent: server-sent events. Whoever makes it bounds how many there are and how long each lasts.
    Made(BoxBody<Bytes, BoxError>),
}

/// A body that is announced whole and breaks off after its first part.
#[derive(Debug)]
pub struct Cut {
    part: Bytes,
    /// How many bytes are announced and never come.
    missing: u64,
    /// Whether the server had the time to send the first part.
    sent: bool,
}

/// Why a body broke off that was made to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CutOff;

impl std::fmt::Display for CutOff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the body was made to break off")
    }
}

impl std::error::Error for CutOff {}

/// A body longer than it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

impl std::fmt::Display for TooLong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the body is longer than it may be")
    }
}

impl std::error::Error for TooLong {}

/// Why a body could not be read whole.
#[derive(Debug)]
pub enum ReadError {
    /// It is longer than the limit.
    TooLong,
    /// The connection broke off.
    Broken,
}

impl Body {
    /// A body that is announced with the length of `whole` and breaks off after its first `at` bytes, so that a client can be tried against
    /// a connection that does.
    #[must_use]
    pub fn cut(whole: &Bytes, at: usize) -> Self {
        let part = whole.slice(..at.min(whole.len()));
        let missing = u64::try_from(whole.len() - part.len()).unwrap_or(u64::MAX);
        Self::Cut(Cut { part, missing, sent: false })
    }

    /// Sets a limit, in bytes, to what may still come.
    #[must_use]
    pub fn bounded(self, limit: u64) -> Self {
        match self {
            Self::Incoming(incoming) | Self::Bounded(incoming, _) => Self::Bounded(incoming, limit),
            other => other,
        }
    }

    /// Reads the whole body, `limit` bytes at most.
    ///
    /// # Errors
    /// [`ReadError`] when it is longer or breaks off.
    pub async fn read(self, limit: usize) -> Result<Bytes, ReadError> {
        let limit = match self {
            Self::Bounded(_, left) => limit.min(usize::try_from(left).unwrap_or(limit)),
            _ => limit,
        };
        match self {
            Self::Empty => Ok(Bytes::new()),
            Self::Whole(bytes) if bytes.len() <= limit => Ok(bytes),
            Self::Whole(_) => Err(ReadError::TooLong),
            Self::Cut(_) | Self::Made(_) => Err(ReadError::Broken),
            Self::Bounded(incoming, most) => {
                Box::pin(Self::Incoming(incoming).read(limit.min(usize::try_from(most).unwrap_or(limit)))).await
            }
            Self::Incoming(incoming) => {
                let most = u64::try_from(limit).unwrap_or(u64::MAX);
                if http_body::Body::size_hint(&incoming).lower() > most {
                    return Err(ReadError::TooLong);
                }
                match http_body_util::Limited::new(incoming, limit).collect().await {
                    Ok(whole) => Ok(whole.to_bytes()),
                    Err(error) if error.is::<http_body_util::LengthLimitError>() => Err(ReadError::TooLong),
                    Err(_) => Err(ReadError::Broken),
                }
            }
        }
    }
}

impl From<Incoming> for Body {
    fn from(incoming: Incoming) -> Self {
        if http_body::Body::is_end_stream(&incoming) { Self::Empty } else { Self::Incoming(incoming) }
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Whole(bytes.into())
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self::Whole(text.into())
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Self::Whole(Bytes::from_static(text.as_bytes()))
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        match this {
            Self::Empty => Poll::Ready(None),
            Self::Whole(bytes) => {
                let bytes = std::mem::take(bytes);
                *this = Self::Empty;
                Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
            }
            Self::Incoming(incoming) => Pin::new(incoming).poll_frame(cx).map_err(Into::into),
            Self::Made(made) => Pin::new(made).poll_frame(cx),
            Self::Cut(cut) => {
                let part = std::mem::take(&mut cut.part);
                if !part.is_empty() {
                    return Poll::Ready(Some(Ok(Frame::data(part))));
                }
                if std::mem::replace(&mut cut.sent, true) {
                    return Poll::Ready(Some(Err(CutOff.into())));
                }
                // A server throws away what it has not sent when a body fails: it gets one turn to send.
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Self::Bounded(incoming, left) => {
                let frame = ready!(Pin::new(incoming).poll_frame(cx));
                if let Some(Ok(frame)) = &frame
                    && let Some(data) = frame.data_ref()
                {
                    match left.checked_sub(data.len() as u64) {
                        Some(rest) => *left = rest,
                        None => return Poll::Ready(Some(Err(TooLong.into()))),
                    }
                }
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Whole(bytes) => bytes.is_empty(),
            Self::Cut(_) => false,
            Self::Made(made) => made.is_end_stream(),
            Self::Incoming(incoming) | Self::Bounded(incoming, _) => incoming.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::Made(made) => made.size_hint(),
            Self::Cut(cut) => SizeHint::with_exact(cut.part.len() as u64 + cut.missing),
            Self::Incoming(incoming) | Self::Bounded(incoming, _) => incoming.size_hint(),
        }
    }
}
