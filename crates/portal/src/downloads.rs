//! Files that are made while they are read, however long they are.

use std::time::Duration;

use app::App;
use bytes::Bytes;
use domain::AccountId;
use http::{HeaderValue, StatusCode, header::CONTENT_DISPOSITION};
use tokio::{sync::mpsc, time::timeout};
use web::{body::BoxError, respond};

use crate::{
    Portal,
    failure::Failure,
    streams::{self, Place},
    visit::{Outcome, Visit},
};

/// How many pieces of a file may wait for a slow reader, and for how long the next one waits at most.
const WAITING: usize = 2;
const PATIENCE: Duration = Duration::from_secs(60);

/// What makes a file, piece by piece.
pub(crate) trait Pieces: Send + 'static {
    /// The next one; `None` at the end.
    fn piece(&mut self, app: &App) -> impl Future<Output = app::Result<Option<String>>> + Send;
}

impl Pieces for app::audit::Export {
    fn piece(&mut self, app: &App) -> impl Future<Output = app::Result<Option<String>>> + Send {
        self.next(app)
    }
}

impl Pieces for app::catalogue::HoldersExport {
    fn piece(&mut self, app: &App) -> impl Future<Output = app::Result<Option<String>>> + Send {
        self.next(app)
    }
}

impl Pieces for app::customer_keys::Export {
    fn piece(&mut self, app: &App) -> impl Future<Output = app::Result<Option<String>>> + Send {
        self.next(app)
    }
}

/// One of the few places that each account has for what takes long.
pub(crate) fn place(visit: &Visit<'_>) -> Result<Place, Failure> {
    let account: AccountId = visit.somebody()?.account().id;
    visit.portal.streams().enter(account).map_err(|_| Failure::Unavailable)
}

/// A file of that name, made as fast as it is read.
pub(crate) fn file(visit: &Visit<'_>, place: Place, media_type: &'static str, name: &str, pieces: impl Pieces) -> Outcome {
    let (sender, received) = mpsc::channel(WAITING);
    tokio::spawn(make(visit.portal.clone(), pieces, sender, place));
    let mut response = respond::answer(StatusCode::OK, HeaderValue::from_static(media_type), Bytes::new(), visit.id);
    *response.body_mut() = streams::file(received);
    if let Ok(name) = format!("attachment; filename=\"{name}\"").parse() {
        response.headers_mut().insert(CONTENT_DISPOSITION, name);
    }
    visit.portal.seal(&mut response, visit.language);
    Ok(response)
}

async fn make(portal: Portal, mut pieces: impl Pieces, sender: mpsc::Sender<Result<Bytes, BoxError>>, _place: Place) {
    loop {
        let piece = match pieces.piece(portal.app()).await {
            Ok(None) => return,
            Ok(Some(_)) if portal.streams().is_closed() => Err("the portal is stopping".into()),
            Ok(Some(piece)) => Ok(Bytes::from(piece)),
            Err(error) => Err(error.into()),
        };
        let is_over = piece.is_err();
        if !matches!(timeout(PATIENCE, sender.send(piece)).await, Ok(Ok(()))) || is_over {
            return;
        }
    }
}
