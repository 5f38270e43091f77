//! How queues are worked: who takes care of what, within what time, and who hears of what waits too long.

use domain::{
    AccountId, Timestamp,
    contract::ContractStatus,
    queue::Queue,
    role::{Duty, Staff},
};
use jiff::{SignedDuration, civil::Weekday, tz::TimeZone};
use serde::Serialize;
use serde_json::json;
use store::{
    Moment,
    access_requests::Status,
    addressees, queue_owners, queue_targets,
    queues::{self as stored, After, Filter},
};
use uuid::Uuid;

use super::COUNTED;
use crate::{
    Actor, App, Error, Result, Rule, access, contracts, customer_types,
    mail::{self, Overdue, Text, To},
    permission,
};

/// The longest target, in hours: a year.
pub(super) const LONGEST: i64 = 366 * 24;
/// How many of the oldest of a queue a letter names.
const NAMED: i64 = 5;
/// How many of staff are written to.
const READERS: i64 = 50;
/// From this hour on of a Monday, in Madrid, the week's letter is written.
const HOUR: i8 = 8;

/// Within how many hours each queue should be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Targets {
    /// Access requests.
    pub access: i64,
    /// Contracts.
    pub contracts: i64,
    /// Customer types.
    pub customer_types: i64,
}

impl Targets {
    /// Those that hold where these were set.
    pub(super) fn among(set: &[(Queue, i64)]) -> Self {
        let of = |queue: Queue| set.iter().find(|(known, _)| *known == queue).map_or(queue.target_hours(), |(_, hours)| *hours);
        Self { access: of(Queue::Access), contracts: of(Queue::Contracts), customer_types: of(Queue::CustomerTypes) }
    }

    /// The target of one queue, in hours.
    #[must_use]
    pub const fn of(&self, queue: Queue) -> i64 {
        match queue {
            Queue::Access => self.access,
            Queue::Contracts => self.contracts,
            Queue::CustomerTypes => self.customer_types,
        }
    }

    /// The queues whose target cannot be one.
    pub fn wrong(&self) -> impl Iterator<Item = Queue> {
        Queue::ALL.iter().copied().filter(|queue| !(1..=LONGEST).contains(&self.of(*queue)))
    }

    /// Whether something that waits since then should have been decided.
    #[must_use]
    pub fn is_overdue(&self, queue: Queue, since: Timestamp, now: Timestamp) -> bool {
        now.duration_since(since) > SignedDuration::from_hours(self.of(queue))
    }
}

/// The targets that hold.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn targets(app: &App, actor: &Actor) -> Result<Targets> {
    permission::staff(app, actor, Duty::See).await?;
    in_force(app).await
}

/// Sets the targets, in hours, each 1 to 8784: all of them, or none.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`]; [`Error::Invalid`] under the queue's word.
pub async fn set_targets(app: &App, actor: &Actor, wanted: &Targets) -> Result<()> {
    permission::staff(app, actor, Duty::Administer).await?;
    if let Some(queue) = wanted.wrong().next() {
        let (spanish, english) = (format!("Un número de horas, de 1 a {LONGEST}."), format!("a number of hours, 1 to {LONGEST}"));
        return Err(Error::invalid(queue.as_str(), spanish, english));
    }
    let before = in_force(app).await?;
    if before == *wanted {
        return Ok(());
    }
    let mut tx = app.begin().await?;
    stored::hold(&mut tx).await?;
    for queue in Queue::ALL {
        queue_targets::set(&mut tx, *queue, wanted.of(*queue)).await?;
    }
    app.commit(tx, actor, "queue.set_targets", "queues", json!({"from": before, "to": wanted})).await
}

/// Takes care of something that waits, also when somebody else did. It keeps nobody from deciding; it tells them that somebody is at it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`]; [`Error::Rule`] when it does not wait any more; [`Error::Refused`] for who is no person.
pub async fn take(app: &App, actor: &Actor, queue: Queue, id: Uuid) -> Result<()> {
    permission::staff(app, actor, Duty::Decide).await?;
    let Actor::Account(account) = actor else {
        return Err(Error::refused(
            "Solo puede encargarse alguien que haya entrado con su cuenta.",
            "only somebody who signed in can take care of it",
        ));
    };
    entrust(app, actor, queue, id, *account, "queue.take").await
}

/// Gives something that waits into the care of somebody of the staff who decides, also when somebody else took it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`]; [`Error::Rule`] when it does not wait any more; [`Error::Invalid`] for an account that may not
/// decide.
pub async fn assign(app: &App, actor: &Actor, queue: Queue, id: Uuid, account: AccountId) -> Result<()> {
    permission::staff(app, actor, Duty::Decide).await?;
    let person = store::memberships::person(app.db(), account).await?;
    if !person.and_then(|person| person.staff).is_some_and(|staff| staff.may(Duty::Decide)) {
        return Err(Error::invalid(
            "account_id",
            "Tiene que ser la cuenta de alguien del equipo que decida lo que espera.",
            "it must be the account of somebody of the staff who decides what waits",
        ));
    }
    entrust(app, actor, queue, id, account, "queue.assign").await
}

async fn entrust(app: &App, actor: &Actor, queue: Queue, id: Uuid, account: AccountId, action: &'static str) -> Result<()> {
    waits(app, actor, queue, id).await?;
    let before = queue_owners::of(app.db(), queue, &id.to_string()).await?.map(|(account, _)| account);
    let mut tx = app.begin().await?;
    if !queue_owners::hold(&mut tx, queue, &id.to_string()).await? {
        return Err(Rule::AlreadyDecided.into());
    }
    queue_owners::take(&mut tx, queue, &id.to_string(), account, app.moment()).await?;
    app.commit(tx, actor, action, id, json!({"queue": queue, "from": before, "to": account})).await
}

/// Puts it back for anybody.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`]; [`Error::Rule`] when it does not wait any more.
pub async fn leave(app: &App, actor: &Actor, queue: Queue, id: Uuid) -> Result<()> {
    permission::staff(app, actor, Duty::Decide).await?;
    waits(app, actor, queue, id).await?;
    let mut tx = app.begin().await?;
    if !queue_owners::leave(&mut tx, queue, &id.to_string()).await? {
        return Ok(());
    }
    app.commit(tx, actor, "queue.leave", id, json!({"queue": queue})).await
}

/// Who takes care of it: id and name.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn taker(app: &App, actor: &Actor, queue: Queue, id: Uuid) -> Result<Option<(AccountId, String)>> {
    permission::staff(app, actor, Duty::See).await?;
    Ok(queue_owners::of(app.db(), queue, &id.to_string()).await?)
}

/// How much of each queue is beyond its target, each counted up to [`COUNTED`] and one.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn overdue(app: &App, actor: &Actor) -> Result<super::Counts> {
    permission::staff(app, actor, Duty::See).await?;
    let (db, targets) = (app.db(), in_force(app).await?);
    let late = |queue| late(app, &targets, queue);
    Ok(super::Counts {
        access: stored::access_count(db, &late(Queue::Access), COUNTED + 1).await?,
        contracts: stored::contracts_count(db, ContractStatus::Pending, &late(Queue::Contracts), COUNTED + 1).await?,
        customer_types: stored::customer_types_count(db, &late(Queue::CustomerTypes), COUNTED + 1).await?,
    })
}

/// Writes, once a week and from Monday morning on, to those of staff who decide about what waits beyond its target. `false`: there was nothing
/// to write, or it was written. To be called now and then, on any node.
///
/// # Errors
/// When the database cannot be used.
pub async fn weekly_letter(app: &App) -> Result<bool> {
    let Some(week) = week(app.now()) else { return Ok(false) };
    let targets = in_force(app).await?;
    let overdue = [
        named(app, &targets, Queue::Access).await?,
        named(app, &targets, Queue::Contracts).await?,
        named(app, &targets, Queue::CustomerTypes).await?,
    ];
    if overdue.iter().all(|queue| queue.number == 0) {
        return Ok(false);
    }
    let mut tx = app.begin().await?;
    if !queue_targets::claim(&mut tx, &week, app.moment()).await? {
        return Ok(false);
    }
    let deciding: Vec<Staff> = Staff::ALL.iter().copied().filter(|staff| staff.may(Duty::Decide)).collect();
    for person in addressees::of_staff(&mut tx, &deciding, READERS).await? {
        let language = person.language().unwrap_or(mail::DEFAULT_LANGUAGE);
        mail::queue(app, &mut tx, &To { email: &person.email, name: &person.name, language }, &Text::QueuesOverdue { overdue: &overdue })
            .await?;
    }
    app.commit(tx, &Actor::System, "queue.letter", &week, json!({"overdue": overdue.each_ref().map(|queue| queue.number)})).await?;
    Ok(true)
}

/// The week whose letter is due (`2026-W47`), from Monday morning to its end; `None`: that of Monday is not due yet.
fn week(now: Timestamp) -> Option<String> {
    let local = now.to_zoned(TimeZone::get("Europe/Madrid").unwrap_or(TimeZone::UTC));
    if local.weekday() == Weekday::Monday && local.hour() < HOUR {
        return None;
    }
    let week = local.date().iso_week_date();
    Some(format!("{}-W{:02}", week.year(), week.week()))
}

/// How many of a queue are beyond its target, and the oldest by their names.
async fn named(app: &App, targets: &Targets, queue: Queue) -> Result<Overdue> {
    let (db, filter, first) = (app.db(), late(app, targets, queue), After(Moment(Timestamp::UNIX_EPOCH), String::new()));
    let (number, oldest) = match queue {
        Queue::Access => {
            let rows = stored::access(db, &filter, &first, NAMED).await?;
            let oldest = rows.into_iter().map(|row| format!("{} · {} · {}", row.owner, row.what.api, row.what.environment)).collect();
            (stored::access_count(db, &filter, COUNTED + 1).await?, oldest)
        }
        Queue::Contracts => {
            let rows = stored::contracts(db, ContractStatus::Pending, &filter, &first, NAMED).await?;
            let oldest = rows.into_iter().map(|row| format!("{} · {}", row.owner, row.what.number)).collect();
            (stored::contracts_count(db, ContractStatus::Pending, &filter, COUNTED + 1).await?, oldest)
        }
        Queue::CustomerTypes => {
            let rows = stored::customer_types(db, &filter, &first, NAMED).await?;
            let oldest = rows.into_iter().map(|row| format!("{} · {}", row.owner, row.what.customer_type)).collect();
            (stored::customer_types_count(db, &filter, COUNTED + 1).await?, oldest)
        }
    };
    Ok(Overdue { queue, number, hours: targets.of(queue), oldest })
}

fn late(app: &App, targets: &Targets, queue: Queue) -> Filter {
    let until = Moment(app.now() - SignedDuration::from_hours(targets.of(queue)));
    Filter { until: Some(until), ..Filter::default() }
}

async fn in_force(app: &App) -> Result<Targets> {
    Ok(Targets::among(&queue_targets::all(app.db()).await?))
}

/// Whether it is there and waits.
async fn waits(app: &App, actor: &Actor, queue: Queue, id: Uuid) -> Result<()> {
    let waits = match queue {
        Queue::Access => access::find(app, actor, id.into()).await?.status == Status::Pending,
        Queue::Contracts => contracts::find(app, actor, id.into()).await?.status == ContractStatus::Pending,
        Queue::CustomerTypes => customer_types::find(app, actor, id.into()).await?.status == Status::Pending,
    };
    if waits { Ok(()) } else { Err(Rule::AlreadyDecided.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letter_of_a_week_is_due_from_monday_morning_in_madrid() {
        let due = |at: &str| week(at.parse().expect("a moment"));
        assert_eq!(due("2026-11-16T06:59:00Z"), None, "07:59 in Madrid");
        assert_eq!(due("2026-11-16T07:00:00Z").as_deref(), Some("2026-W47"));
        assert_eq!(due("2026-11-22T22:59:00Z").as_deref(), Some("2026-W47"), "Sunday, and a node that was down on Monday");
        assert_eq!(due("2027-01-01T12:00:00Z").as_deref(), Some("2026-W53"), "the year is the week's");
    }
}
