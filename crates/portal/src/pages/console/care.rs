//! Who takes care of something that waits, whether it waits too long, and words to begin a rejection with.

use app::{
    queues::{self, Taken, Targets},
    reason_templates,
    records::ReasonTemplate,
};
use domain::{AccountId, ReasonTemplateId, Timestamp, queue::Queue};
use uuid::Uuid;

use super::{carried, decides};
use crate::{
    failure::Failure,
    form::Form,
    frame::Notice,
    visit::{Outcome, Visit},
};

/// What the page of something that waits says of its care.
pub(super) struct Care {
    /// The page's own path; `/take` and `/leave` stand under it.
    pub(super) path: String,
    pub(super) taker: Option<String>,
    /// Whether that is who looks.
    pub(super) mine: bool,
    pub(super) is_overdue: bool,
    /// Within how many hours it should have been decided.
    pub(super) hours: i64,
    pub(super) decides: bool,
    pub(super) carried: String,
    pub(super) templates: Vec<ReasonTemplate>,
}

impl Care {
    /// Of something that waits since then.
    pub(super) async fn of(visit: &Visit<'_>, queue: Queue, id: Uuid, since: Timestamp) -> Result<Self, Failure> {
        let (app, actor) = (visit.portal.app(), visit.actor()?);
        let (me, taker) = (visit.somebody()?.account().id, queues::taker(app, &actor, queue, id).await?);
        let targets = queues::targets(app, &actor).await?;
        Ok(Self {
            path: format!("{}/{id}", path(queue)),
            mine: taker.as_ref().is_some_and(|(account, _)| *account == me),
            taker: taker.map(|(_, name)| name),
            is_overdue: targets.is_overdue(queue, since, visit.at),
            hours: targets.of(queue),
            decides: decides(visit),
            carried: carried(visit),
            templates: reason_templates::list(app, &actor, Some(queue)).await?,
        })
    }

    /// The address that begins the reason with a template's words.
    pub(super) fn begins(&self, template: &ReasonTemplate, language: &str) -> String {
        let joint = if self.carried.is_empty() { "" } else { "&" };
        format!("{}?{}{joint}template={}&words={language}#reject", self.path, self.carried, template.id)
    }
}

/// The rejection's form: what was typed, or the words of the template that the address names.
pub(super) async fn begun(visit: &Visit<'_>) -> Result<Form, Failure> {
    let Ok(id) = visit.query.text("template").parse::<ReasonTemplateId>() else { return Ok(Form::new()) };
    let template = reason_templates::find(visit.portal.app(), &visit.actor()?, id).await?;
    let words = if visit.query.text("words") == "en" { template.english } else { template.spanish };
    Ok(Form::with(&[("reason", &words)]))
}

/// Where a queue is.
pub(super) const fn path(queue: Queue) -> &'static str {
    match queue {
        Queue::Access => "/console/access",
        Queue::Contracts => "/console/contracts",
        Queue::CustomerTypes => "/console/customer-types",
    }
}

/// Whose rows the address of a queue asks for.
pub(super) fn taken(visit: &Visit<'_>) -> Result<Taken, Failure> {
    Ok(match visit.query.text("taken") {
        "mine" => Taken::By(visit.somebody()?.account().id),
        "nobody" => Taken::Nobody,
        _ => Taken::Any,
    })
}

/// The choices of that filter.
pub(super) fn choices<'v>(visit: &'v Visit<'_>) -> Vec<(&'static str, &'v str)> {
    vec![("", visit.t("da igual", "any")), ("mine", visit.t("yo", "me")), ("nobody", visit.t("nadie", "nobody"))]
}

/// What a row says of its care.
pub(super) struct Seen {
    pub(super) taker: Option<String>,
    pub(super) mine: bool,
    pub(super) is_overdue: bool,
}

/// Whose eyes rows are seen with.
pub(super) struct Eyes {
    me: AccountId,
    targets: Targets,
    now: Timestamp,
    queue: Queue,
}

impl Eyes {
    pub(super) async fn of(visit: &Visit<'_>, queue: Queue) -> Result<Self, Failure> {
        let targets = queues::targets(visit.portal.app(), &visit.actor()?).await?;
        Ok(Self { me: visit.somebody()?.account().id, targets, now: visit.at, queue })
    }

    pub(super) fn see(&self, taker_id: Option<&str>, taker: Option<String>, since: Timestamp) -> Seen {
        let is_overdue = self.targets.is_overdue(self.queue, since, self.now);
        Seen { mine: taker_id.is_some_and(|id| id == self.me.to_string()), taker, is_overdue }
    }
}

/// `POST /console/access/{request}/take`
pub(crate) async fn take_access(visit: &Visit<'_>) -> Outcome {
    take(visit, Queue::Access, visit.id_segment("request")?).await
}

/// `POST /console/access/{request}/leave`
pub(crate) async fn leave_access(visit: &Visit<'_>) -> Outcome {
    leave(visit, Queue::Access, visit.id_segment("request")?).await
}

/// `POST /console/contracts/{contract}/take`
pub(crate) async fn take_contract(visit: &Visit<'_>) -> Outcome {
    take(visit, Queue::Contracts, visit.id_segment("contract")?).await
}

/// `POST /console/contracts/{contract}/leave`
pub(crate) async fn leave_contract(visit: &Visit<'_>) -> Outcome {
    leave(visit, Queue::Contracts, visit.id_segment("contract")?).await
}

/// `POST /console/customer-types/{request}/take`
pub(crate) async fn take_customer_type(visit: &Visit<'_>) -> Outcome {
    take(visit, Queue::CustomerTypes, visit.id_segment("request")?).await
}

/// `POST /console/customer-types/{request}/leave`
pub(crate) async fn leave_customer_type(visit: &Visit<'_>) -> Outcome {
    leave(visit, Queue::CustomerTypes, visit.id_segment("request")?).await
}

async fn take(visit: &Visit<'_>, queue: Queue, id: Uuid) -> Outcome {
    match queues::take(visit.portal.app(), &visit.actor()?, queue, id).await {
        // Who comes second sees on the page how it was decided.
        Ok(()) | Err(app::Error::Rule(_)) => visit.redirect(&here(visit, queue, id)),
        Err(error) => Err(error.into()),
    }
}

async fn leave(visit: &Visit<'_>, queue: Queue, id: Uuid) -> Outcome {
    match queues::leave(visit.portal.app(), &visit.actor()?, queue, id).await {
        Ok(()) => visit.redirect_with(&here(visit, queue, id), Notice::PutBack),
        Err(app::Error::Rule(_)) => visit.redirect(&here(visit, queue, id)),
        Err(error) => Err(error.into()),
    }
}

fn here(visit: &Visit<'_>, queue: Queue, id: Uuid) -> String {
    let query = carried(visit);
    if query.is_empty() { format!("{}/{id}", path(queue)) } else { format!("{}/{id}?{query}", path(queue)) }
}
