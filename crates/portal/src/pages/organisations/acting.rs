//! Who acts for the organisation: platforms with customer keys for its account numbers, and the pages on which it stops them.

use app::acting::{self, COUNTED, Filter, Line, Stoppable};
use askama::Template;
use domain::{ChildKey, Language, contract::Standing, role::Permission};
use http::StatusCode;

use super::Place;
use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Moment, Notice},
    visit::{Outcome, Visit},
    words::{self, State},
};

/// How many stand on one page.
const PAGE: i64 = 25;

#[derive(Template)]
#[template(path = "organisations/acting.html")]
struct Acting<'v> {
    frame: Frame<'v>,
    place: &'v Place,
    rows: Vec<Row>,
    /// Whether it has account numbers that are its own.
    holds: bool,
    form: Form,
    accounts: Vec<(String, String)>,
    states: Vec<(&'static str, &'static str)>,
    is_filtered: bool,
    next: Option<String>,
    /// The version of the policies in force, and how many keys act under another; `None`: none does.
    anew: Option<(String, String)>,
}

/// A key as it is listed.
struct Row {
    key: Line,
    state: State,
    since: Moment,
    agreed: String,
    used: Option<Moment>,
    stopped: Option<Moment>,
    /// Whether there is anything left to stop, for who looks.
    stops: bool,
}

impl Row {
    fn new(key: Line, place: &Place, language: Language) -> Self {
        let moment = |at: app::records::Moment| Moment::new(*at, language);
        Self {
            state: words::key_state(key.status, language),
            since: moment(key.created_at),
            agreed: agreed(&key, language),
            used: key.last_used_at.map(moment),
            stopped: key.stopped_at.map(moment),
            stops: place.may_administer() && key.status != Standing::Revoked,
            key,
        }
    }
}

/// How it came to be that the platform may act.
fn agreed(key: &Line, language: Language) -> String {
    let Some(method) = key.method.as_deref() else { return language.pick("la emitió la operadora", "issued by the operator").to_owned() };
    let how = words::proved(method, language);
    match (&key.agreement, language) {
        (None, _) => how.to_owned(),
        (Some(version), Language::Spanish) => format!("{how}, condiciones {version}"),
        (Some(version), Language::English) => format!("{how}, terms {version}"),
    }
}

/// A number of keys, which is not counted to its end.
pub(super) fn number(visit: &Visit<'_>, keys: i64) -> String {
    let number = visit.frame("").number(u64::try_from(keys).unwrap_or(0));
    if keys < COUNTED { number } else { format!("{number} {}", visit.t("o más", "or more")) }
}

/// `GET /organisations/{organisation}/acting?account=&status=&after=`
pub(crate) async fn acting(visit: &Visit<'_>) -> Outcome {
    let place = Place::of(visit).await?;
    let text = |name: &str| visit.query.text(name);
    let filter = Filter {
        account_number: text("account").to_owned(),
        status: text("status").parse().ok(),
        after: Some(text("after")).filter(|after| !after.is_empty()).map(ChildKey::from),
    };
    let page = acting::list(visit.portal.app(), &visit.actor()?, place.id(), &filter, PAGE).await?;
    let terms = acting::terms(visit.portal.app(), &visit.actor()?, place.id()).await?;
    let any = |word: &'static str| ("", word);
    let states = Standing::ALL.iter().map(|status| (status.as_str(), words::key_state(*status, visit.language).word));
    let accounts = page.held.iter().map(|account| (account.clone(), account.clone()));
    let rest = visit.query.without(&["done", "lang", "after"]);
    visit.page(&Acting {
        frame: place.frame(visit, visit.t("Quién actúa por nosotros", "Who acts for us")),
        rows: page.rows.into_iter().map(|key| Row::new(key, &place, visit.language)).collect(),
        holds: !page.held.is_empty(),
        form: Form::typed(&visit.query),
        accounts: std::iter::once((String::new(), visit.t("todas", "all").to_owned())).chain(accounts).collect(),
        states: std::iter::once(any(visit.t("da igual", "any"))).chain(states).collect(),
        is_filtered: ["account", "status", "after"].iter().any(|name| !text(name).is_empty()),
        anew: (terms.outdated > 0).then(|| (terms.version, number(visit, terms.outdated))),
        next: page.next.map(|after| if rest.is_empty() { format!("after={after}") } else { format!("{rest}&after={after}") }),
        place: &place,
    })
}

/// `POST /organisations/{organisation}/acting/agree`: under the version that was shown.
pub(crate) async fn agree(visit: &Visit<'_>) -> Outcome {
    let (organisation, version) = (visit.id_segment("organisation")?, visit.form.text("version"));
    acting::agree(visit.portal.app(), &visit.actor()?, organisation, version, &visit.address.to_string()).await?;
    visit.redirect_with(&format!("/organisations/{organisation}/acting"), Notice::AgreedAnew)
}

#[derive(Template)]
#[template(path = "organisations/stop.html")]
struct Stop<'v> {
    frame: Frame<'v>,
    place: &'v Place,
    key: Line,
    since: Moment,
    agreed: String,
    used: Option<Moment>,
    /// It is about every key of the project, not about this one.
    all: bool,
    /// How many keys that are.
    keys: String,
    /// Whether the project has others.
    others: bool,
    form: Form,
}

impl Stop<'_> {
    /// The form is sent to the page's own path.
    fn action(&self) -> &str {
        self.frame.path()
    }
}

/// `GET /organisations/{organisation}/acting/{child}/stop`
pub(crate) async fn ask(visit: &Visit<'_>) -> Outcome {
    sure(visit, false, StatusCode::OK, Form::new()).await
}

/// `GET /organisations/{organisation}/acting/{child}/stop-all`
pub(crate) async fn ask_all(visit: &Visit<'_>) -> Outcome {
    sure(visit, true, StatusCode::OK, Form::new()).await
}

/// `POST /organisations/{organisation}/acting/{child}/stop`
pub(crate) async fn stop(visit: &Visit<'_>) -> Outcome {
    let (organisation, key) = (visit.id_segment("organisation")?, ChildKey::from(visit.segment("child")));
    let done = acting::stop(visit.portal.app(), &visit.actor()?, organisation, &key, Some(visit.form.text("reason"))).await;
    turned(visit, false, done).await
}

/// `POST /organisations/{organisation}/acting/{child}/stop-all`
pub(crate) async fn stop_all(visit: &Visit<'_>) -> Outcome {
    let (organisation, key) = (visit.id_segment("organisation")?, ChildKey::from(visit.segment("child")));
    let done = acting::stop_all(visit.portal.app(), &visit.actor()?, organisation, &key, Some(visit.form.text("reason"))).await;
    turned(visit, true, done.map(drop)).await
}

async fn turned(visit: &Visit<'_>, all: bool, done: Result<(), app::Error>) -> Outcome {
    match done {
        Ok(()) => {
            let notice = if all { Notice::AllStopped } else { Notice::ActingStopped };
            visit.redirect_with(&format!("/organisations/{}/acting", visit.segment("organisation")), notice)
        }
        Err(error) => {
            let mut form = Form::typed(&visit.form);
            form.refused(error, visit.language)?;
            sure(visit, all, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

async fn sure(visit: &Visit<'_>, all: bool, status: StatusCode, form: Form) -> Outcome {
    let place = Place::for_somebody_who_may(visit, Permission::Administer).await?;
    let id = ChildKey::from(visit.segment("child"));
    let Stoppable { key, of_project } = match acting::stoppable(visit.portal.app(), &visit.actor()?, place.id(), &id).await {
        Ok(found) => found,
        Err(app::Error::NotFound { .. }) => return Err(Failure::Missing),
        Err(error) => return Err(error.into()),
    };
    let nothing_left = if all { of_project == 0 } else { key.status == Standing::Revoked };
    if nothing_left && status == StatusCode::OK {
        return visit.redirect(&format!("{}/acting", place.path));
    }
    let title = match all {
        true => visit.t("Parar todas sus claves", "Stop all its keys"),
        false => visit.t("Parar a quien actúa por nosotros", "Stop who acts for us"),
    };
    let frame = place.frame(visit, title);
    let keys = number(visit, of_project);
    visit.page_with(
        status,
        &Stop {
            since: Moment::new(*key.created_at, visit.language),
            agreed: agreed(&key, visit.language),
            used: key.last_used_at.map(|at| Moment::new(*at, visit.language)),
            others: of_project > i64::from(key.status != Standing::Revoked),
            place: &place,
            frame,
            key,
            all,
            keys,
            form,
        },
    )
}
