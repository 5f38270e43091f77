//! The live light of the first call: what was decided last about this project's sandbox client.

use std::time::Duration;

use app::{
    Actor,
    accounts::{self, Session},
    organisations::{Pages, Sight},
    view,
};
use askama::{Template, filters::HtmlSafe};
use bytes::Bytes;
use domain::{Environment, Language, ProjectId, Timestamp};
use http::{HeaderValue, StatusCode};
use tokio::{
    sync::mpsc,
    time::{MissedTickBehavior, interval},
};
use web::respond;

use super::{decisions::Seen, opened};
use crate::{
    Portal,
    cookies::Cookie,
    failure::Failure,
    frame::Moment,
    guard,
    streams::{self, Full, Place},
    visit::{Outcome, Visit},
};

/// How often a stream looks.
const BEAT: Duration = Duration::from_secs(1);
/// After how many beats without news a comment shows that the connection lives.
const QUIET: u32 = 15;
/// After how many seconds a stream ends; the browser comes again.
const LASTS: Duration = Duration::from_secs(300);
/// How many events may wait for a slow reader.
const WAITING: usize = 4;

/// The light.
pub(super) enum Light {
    /// No call came yet; when a token was got, if one was.
    Waiting(Option<Moment>),
    /// The last call passed.
    Green(Box<Seen>),
    /// The last call, or the last token request, was refused.
    Red(Box<Seen>),
}

/// The light as markup.
#[derive(Template)]
#[template(path = "projects/light.html")]
pub(super) struct Lamp {
    language: Language,
    project: ProjectId,
    /// When the project was created, which is since when its first call is awaited.
    since: Timestamp,
    light: Light,
}

/// Its own template escapes what others wrote.
impl HtmlSafe for Lamp {}

impl Lamp {
    /// What is to be shown now, to somebody who may see it.
    pub(super) async fn of(
        portal: &Portal,
        actor: &Actor,
        (project, since): (ProjectId, Timestamp),
        language: Language,
    ) -> Result<Self, Failure> {
        let last = view::last_decision(portal.app(), actor, project, Environment::Sandbox).await?;
        let light = match &last {
            None => Light::Waiting(token(portal, actor, project).await?.map(|at| Moment::new(at, language))),
            Some(kept) => {
                let seen = Seen::read(portal, language, kept);
                // A token that was got after one was refused: what was wrong is mended, and the call is still to come.
                let later = if seen.of_token { token(portal, actor, project).await?.filter(|at| *at > *kept.at) } else { None };
                match later {
                    Some(at) => Light::Waiting(Some(Moment::new(at, language))),
                    None if seen.passed => Light::Green(Box::new(seen)),
                    None => Light::Red(Box::new(seen)),
                }
            }
        };
        Ok(Self { language, project, since, light })
    }

    pub(super) const fn is_green(&self) -> bool {
        matches!(self.light, Light::Green(_))
    }

    const fn since(&self) -> Moment {
        Moment::new(self.since, self.language)
    }

    fn t<'a>(&self, spanish: &'a str, english: &'a str) -> &'a str {
        self.language.pick(spanish, english)
    }

    /// In one line, as an event has it.
    fn line(&self) -> Result<String, Failure> {
        let markup = self.render().map_err(|error| Failure::Broken(error.to_string()))?;
        Ok(markup.replace(['\r', '\n'], " "))
    }
}

/// When the project's sandbox last gave out a token.
async fn token(portal: &Portal, actor: &Actor, project: ProjectId) -> Result<Option<Timestamp>, Failure> {
    Ok(view::last_token(portal.app(), actor, project, Environment::Sandbox).await?.map(|at| *at))
}

/// `GET /projects/{project}/first-call/light`: server-sent events (WHATWG HTML, section 9.2), each the light when it changes.
pub(crate) async fn stream(visit: &Visit<'_>) -> Outcome {
    let actor = visit.actor()?;
    // Strangers hear that there is no such page before they take a place.
    let page = opened(visit).await?;
    let project = (page.project.id, *page.project.created_at);
    let place = match visit.portal.streams().enter(visit.somebody()?.account().id) {
        Ok(place) => place,
        Err(Full::House) => return busy(visit, StatusCode::SERVICE_UNAVAILABLE),
        Err(Full::Account) => return busy(visit, StatusCode::TOO_MANY_REQUESTS),
    };
    let cookie = Cookie::Session.read(&visit.headers, visit.portal.is_secure()).unwrap_or_default().to_owned();
    let (events, received) = mpsc::channel(WAITING);
    let watch = Watch { portal: visit.portal.clone(), actor, project, language: visit.language, cookie, events, _place: place };
    tokio::spawn(watch.run());
    let mut response = respond::answer(StatusCode::OK, HeaderValue::from_static("text/event-stream"), Bytes::new(), visit.id);
    *response.body_mut() = streams::body(received);
    // A proxy that gathers answers would keep the light from the reader.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    visit.portal.seal(&mut response, visit.language);
    Ok(response)
}

fn busy(visit: &Visit<'_>, status: StatusCode) -> Outcome {
    let mut response =
        respond::answer(status, HeaderValue::from_static("text/plain"), "too many open lights: reload the page instead", visit.id);
    response.headers_mut().insert(http::header::RETRY_AFTER, HeaderValue::from_static("30"));
    visit.portal.seal(&mut response, visit.language);
    Ok(response)
}

/// Somebody who watches.
struct Watch {
    portal: Portal,
    actor: Actor,
    /// Which, and when it was created.
    project: (ProjectId, Timestamp),
    language: Language,
    cookie: String,
    events: mpsc::Sender<Bytes>,
    _place: Place,
}

impl Watch {
    /// Sends the light whenever it changes, until nobody listens, the time is over, or who listens may not any more.
    async fn run(self) {
        let app = self.portal.app();
        let ends = app.now() + LASTS;
        let mut beats = interval(BEAT);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut shown, mut quiet) = (String::new(), 0);
        loop {
            tokio::select! {
                () = self.events.closed() => return,
                _ = beats.tick() => {}
            }
            if self.portal.streams().is_closed() || app.now() >= ends || !self.may_stay().await {
                return;
            }
            let lamp = Lamp::of(&self.portal, &self.actor, self.project, self.language).await;
            let Ok(line) = lamp.and_then(|lamp| lamp.line()) else { return };
            let event = if line != shown {
                quiet = 0;
                format!("event: light\ndata: {line}\n\n")
            } else if quiet >= QUIET {
                quiet = 0;
                ":\n\n".to_owned()
            } else {
                quiet += 1;
                continue;
            };
            shown = line;
            // Who does not read what was sent does not look at the page.
            if self.events.try_send(event.into()).is_err() {
                return;
            }
        }
    }

    /// Whether the session the stream was opened with still stands, and a look of staff goes on; the light itself asks about membership.
    async fn may_stay(&self) -> bool {
        let app = self.portal.app();
        let Ok(Some(Session::Whole(somebody))) = accounts::session_unused(app, &self.cookie).await else { return false };
        let sight = guard::sight(app, &somebody, Pages::Project(self.project.0)).await;
        somebody.actor() == self.actor && matches!(sight, Ok(Sight::Member | Sight::Looking(_)))
    }
}
