//! What this portal can see of the house it belongs to, and what the operator says of it. All of it comes from memory.

use app::records::Announcement;
use askama::Template;
use domain::{Environment, Language, Timestamp, announcement::Kind};
use jiff::SignedDuration;

use crate::{
    frame::Frame,
    told::Told,
    visit::{Outcome, Visit},
    words::{self, State},
};

#[derive(Template)]
#[template(path = "status.html")]
struct Show<'v> {
    frame: Frame<'v>,
    /// The moment the page speaks of.
    at: Timestamp,
    lines: Vec<Line<'v>>,
    degraded: bool,
    stopped: bool,
    /// For how many seconds nothing was heard of changes.
    silence: u64,
    apis: usize,
    /// Whether an incident goes on.
    incident: bool,
    /// Whether work that was planned does.
    maintenance: bool,
    current: Vec<Told>,
    planned: Vec<Told>,
    past: Vec<Told>,
}

/// An environment.
struct Line<'v> {
    name: &'static str,
    url: &'v str,
    /// How it stands, in a word.
    state: State,
    /// Whether it has keys to sign tokens with.
    signs: bool,
    apis: usize,
}

/// `GET /status`.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let directory = visit.portal.directory();
    let catalogue = visit.portal.catalogue();
    let (announcements, language, at) = (directory.announcements(), visit.language, visit.at);
    let lines = visit.portal.settings().environments.iter().map(|(environment, url)| {
        let signs = directory.keys(*environment).jwks(at)["keys"].as_array().is_some_and(|keys| !keys.is_empty());
        Line {
            name: match environment {
                Environment::Sandbox => visit.t("Pruebas (sandbox)", "Sandbox"),
                Environment::Production => visit.t("Producción", "Production"),
            },
            url,
            state: state(visit, &announcements, *environment, signs),
            signs,
            apis: catalogue.apis.iter().filter(|api| !api.upstreams.of(*environment).is_empty()).count(),
        }
    });
    let told = |wanted: &dyn Fn(&Announcement) -> bool| -> Vec<Told> {
        announcements.iter().filter(|one| wanted(one)).map(|one| Told::new(one, language, at)).collect()
    };
    let goes_on = |kind: Kind| announcements.iter().any(|one| one.kind == kind && one.is_current(at));
    let mut planned = told(&|one| one.is_planned(at));
    // What comes first stands first.
    planned.reverse();
    visit.page(&Show {
        frame: visit.frame(visit.t("Estado del servicio", "Service status")),
        at,
        lines: lines.collect(),
        degraded: directory.is_degraded(),
        stopped: directory.is_too_stale(),
        silence: directory.silence().as_secs(),
        apis: catalogue.apis.len(),
        incident: goes_on(Kind::Incident),
        maintenance: goes_on(Kind::Maintenance),
        current: told(&|one| one.is_current(at)),
        planned,
        // What is in memory since longer ago is not forgotten by itself.
        past: told(&|one| one.is_over(at) && one.ends_at.is_some_and(|end| *end >= at - REMEMBERED)),
    })
}

/// How an environment stands: by what this portal sees, then by what the operator says.
fn state(visit: &Visit<'_>, announcements: &[Announcement], environment: Environment, signs: bool) -> State {
    let goes_on = |kind: Kind| announcements.iter().any(|one| one.kind == kind && one.concerns(environment) && one.is_current(visit.at));
    let directory = visit.portal.directory();
    if !signs || directory.is_too_stale() {
        State { class: "wrong", word: visit.language.pick("no atiende", "out of service") }
    } else if goes_on(Kind::Incident) {
        State { class: "wrong", word: visit.language.pick("con una incidencia", "with an incident") }
    } else if goes_on(Kind::Maintenance) {
        State { class: "warn", word: visit.language.pick("en mantenimiento", "under maintenance") }
    } else if directory.is_degraded() {
        State { class: "warn", word: visit.language.pick("con retraso", "delayed") }
    } else {
        State { class: "ok", word: visit.language.pick("funciona", "works") }
    }
}

/// For how long what has ended is shown.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The feed (RFC 4287), in one language.
#[derive(Template)]
#[template(path = "status.xml")]
struct Feed<'v> {
    language: &'static str,
    title: &'static str,
    url: &'v str,
    updated: String,
    entries: Vec<Entry>,
}

struct Entry {
    id: String,
    title: String,
    published: String,
    updated: String,
    kind: &'static str,
    /// Plain text: what is concerned and when, the announcement, then what was said since.
    text: String,
}

/// How many entries the feed has at most.
const MOST: usize = 50;

/// `GET /status.atom`
pub(crate) async fn feed(visit: &Visit<'_>) -> Outcome {
    let (announcements, language, at) = (visit.portal.directory().announcements(), visit.language, visit.at);
    let moment = |at: Timestamp| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let mut newest: Vec<&Announcement> = announcements.iter().collect();
    newest.sort_by_key(|one| std::cmp::Reverse(one.turned_at(at)));
    let entries = newest.iter().take(MOST).map(|one| {
        let said = one.updates.iter().map(|said| format!("{}\n\n{}", words::announcement_stage(said.stage, language), said.text(language)));
        let texts: Vec<String> = [head(one, language, at), one.text(language).to_owned()].into_iter().chain(said).collect();
        Entry {
            id: one.id.to_string(),
            title: format!("{}: {}", words::announcement_kind(one.kind, language), one.title(language)),
            published: moment(*one.published_at.unwrap_or(one.created_at)),
            updated: moment(*one.turned_at(at)),
            kind: one.kind.as_str(),
            text: texts.join("\n\n"),
        }
    });
    let feed = Feed {
        language: language.as_str(),
        title: visit.language.pick("Estado del servicio", "Service status"),
        url: &visit.portal.settings().public_url,
        updated: moment(newest.first().map_or(Timestamp::UNIX_EPOCH, |one| *one.turned_at(at))),
        entries: entries.collect(),
    };
    let text = feed.render().map_err(|error| crate::failure::Failure::Broken(error.to_string()))?;
    visit.file("application/atom+xml; charset=utf-8", None, text)
}

/// What is concerned, from when to when, and whether it is over: a reader of feeds shows nothing else around the text.
fn head(one: &Announcement, language: Language, now: Timestamp) -> String {
    let moment = |at: Timestamp| at.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let mut parts = vec![words::announcement_place(one.environment(), language).to_owned()];
    if !one.api.is_empty() {
        parts.push(format!("API {}", one.api));
    }
    parts.push(match one.ends_at.filter(|_| !one.is_called_off()) {
        Some(end) => format!("{} – {}", moment(*one.starts_at), moment(*end)),
        None => format!("{} {}", language.pick("desde", "from"), moment(*one.starts_at)),
    });
    if one.is_called_off() {
        parts.push(language.pick("cancelado", "called off").to_owned());
    } else if one.is_over(now) {
        parts.push(language.pick("terminado", "over").to_owned());
    }
    parts.join(" · ")
}
