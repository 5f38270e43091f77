//! Answers that are made while somebody listens: how many there may be, and their end.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use domain::AccountId;
use http_body::Frame;
use http_body_util::combinators::BoxBody;
use tokio::sync::mpsc;
use web::{Body, body::BoxError};

/// The most streams of one process.
const MOST: usize = 200;
/// The most streams of one account.
const MOST_OF_ONE: usize = 4;

/// The places of those who listen.
#[derive(Clone, Default)]
pub(crate) struct Streams(Arc<Inner>);

#[derive(Default)]
struct Inner {
    places: Mutex<HashMap<AccountId, usize>>,
    closed: AtomicBool,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    /// The process has as many streams as it may.
    House,
    /// The account has.
    Account,
}

/// A place, free again once this is dropped.
pub(crate) struct Place {
    streams: Streams,
    account: AccountId,
}

impl Streams {
    /// A place for one more stream of the account.
    pub(crate) fn enter(&self, account: AccountId) -> Result<Place, Full> {
        let mut places = self.0.places.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_closed() || places.values().sum::<usize>() >= MOST {
            return Err(Full::House);
        }
        let own = places.entry(account).or_default();
        if *own >= MOST_OF_ONE {
            return Err(Full::Account);
        }
        *own += 1;
        Ok(Place { streams: self.clone(), account })
    }

    /// Ends all of them at their next beat.
    pub(crate) fn close(&self) {
        self.0.closed.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.0.closed.load(Ordering::Relaxed)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut places = self.streams.0.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = places.get_mut(&self.account) {
            *own -= 1;
            if *own == 0 {
                places.remove(&self.account);
            }
        }
    }
}

/// A body that is whatever comes through the channel, until its sender is gone.
struct Received(mpsc::Receiver<Bytes>);

impl http_body::Body for Received {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.get_mut().0.poll_recv(cx).map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}

/// The same for an answer.
pub(crate) fn body(received: mpsc::Receiver<Bytes>) -> Body {
    Body::Made(BoxBody::new(Received(received)))
}

/// A file that is made while it is read. What went wrong breaks it off, so that nobody takes a part for the whole.
struct File(mpsc::Receiver<Result<Bytes, BoxError>>);

impl http_body::Body for File {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.get_mut().0.poll_recv(cx).map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}

/// The same for an answer.
pub(crate) fn file(received: mpsc::Receiver<Result<Bytes, BoxError>>) -> Body {
    Body::Made(BoxBody::new(File(received)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(number: u32) -> AccountId {
        format!("00000000-0000-0000-0000-{number:012}").parse().expect("an id")
    }

    #[test]
    fn an_account_has_four_places_and_the_house_two_hundred() {
        let streams = Streams::default();
        let mut taken: Vec<Place> = (0..4).map(|_| streams.enter(account(1)).unwrap_or_else(|_| panic!("a place"))).collect();
        assert_eq!(streams.enter(account(1)).err(), Some(Full::Account));
        taken.pop();
        taken.push(streams.enter(account(1)).unwrap_or_else(|_| panic!("the one that became free")));
        taken.extend((0..196).map(|number| streams.enter(account(100 + number)).unwrap_or_else(|_| panic!("a place"))));
        assert_eq!(streams.enter(account(2)).err(), Some(Full::House));
        drop(taken);
        assert!(streams.0.places.lock().expect("whole").is_empty());
        streams.close();
        assert_eq!(streams.enter(account(1)).err(), Some(Full::House));
    }
}
