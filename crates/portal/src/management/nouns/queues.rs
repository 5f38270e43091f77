//! The queues of the operator's staff: how much waits, since when, and who takes care of it.

use app::queues::{self as cases, Page, Query, Taken, Targets};
use domain::{AccountId, OrganisationId, contract::ContractStatus, queue::Queue};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::management::{
    answer::Answer,
    call::{Call, Outcome},
    problem::Problem,
    schema::{Named, closed, id, integer, moment, object, one_of, or_null, text},
};

pub(crate) fn queues() -> Vec<&'static str> {
    Queue::ALL.iter().map(|queue| queue.as_str()).collect()
}

/// The longest target, in hours: a year.
const LONGEST_TARGET: i64 = 366 * 24;

pub(crate) fn schemas() -> Vec<Named> {
    let count = || json!({"type": "integer", "description": "Counted up to 1000 and one."});
    let hours = || integer(1, LONGEST_TARGET);
    vec![
        ("Queue", object(&[("queue", one_of(queues())), ("waiting", count()), ("overdue", count()), ("target_hours", hours())])),
        ("QueueTarget", closed(&[("target_hours", hours())])),
        (
            "Waiting",
            object(&[
                ("queue", one_of(queues())),
                ("id", id()),
                ("organisation_id", id()),
                ("organisation", text()),
                ("since", moment()),
                ("overdue", json!({"type": "boolean"})),
                ("taker_id", or_null(id())),
                ("taker", or_null(text())),
            ]),
        ),
        ("Taker", object(&[("queue", one_of(queues())), ("id", id()), ("taker_id", or_null(id())), ("taker", or_null(text()))])),
        ("Assignment", closed(&[("account_id", id())])),
    ]
}

/// Everything there is to say of the queues.
async fn all(call: &Call) -> Result<Vec<Value>, Problem> {
    let (app, actor) = (call.app(), &call.actor);
    let (waiting, overdue) = (cases::counts(app, actor).await?, cases::overdue(app, actor).await?);
    let targets = cases::targets(app, actor).await?;
    let shown = |queue: &Queue| {
        json!({
            "queue": queue, "waiting": waiting.of(*queue), "overdue": overdue.of(*queue), "target_hours": targets.of(*queue),
        })
    };
    Ok(Queue::ALL.iter().map(shown).collect())
}

/// What the tag of a queue is of: what waits comes and goes.
fn state(queue: &Value) -> Value {
    json!({"queue": queue["queue"], "target_hours": queue["target_hours"]})
}

async fn now(call: &Call) -> Result<(Queue, Value), Problem> {
    let queue: Queue = call.id("queue")?;
    let found = all(call).await?.into_iter().find(|row| row["queue"] == queue.as_str());
    Ok((queue, found.ok_or_else(Problem::not_found)?))
}

/// `GET /queues`
pub(crate) async fn list(call: &Call) -> Outcome {
    call.page_of(all(call).await?, "queue")
}

/// `GET /queues/{queue}`
pub(crate) async fn show(call: &Call) -> Outcome {
    let (_, found) = now(call).await?;
    let state = state(&found);
    Ok(Answer::one(found).tagged(&state))
}

/// `PUT /queues/{queue}/target`
pub(crate) async fn set_target(call: &Call) -> Outcome {
    let (queue, seen) = now(call).await?;
    call.must_match(&state(&seen))?;
    let hours = call.count("target_hours");
    let mut targets: Targets = cases::targets(call.app(), &call.actor).await?;
    match queue {
        Queue::Access => targets.access = hours,
        Queue::Contracts => targets.contracts = hours,
        Queue::CustomerTypes => targets.customer_types = hours,
    }
    cases::set_targets(call.app(), &call.actor, &targets).await?;
    show(call).await
}

/// What is said of anything that waits.
struct Row {
    id: Uuid,
    since: domain::Timestamp,
    owner_id: OrganisationId,
    owner: String,
    taker_id: Option<String>,
    taker: Option<String>,
}

/// `GET /queues/{queue}/waiting`
pub(crate) async fn waiting(call: &Call) -> Outcome {
    let queue: Queue = call.id("queue")?;
    let taken = match call.parameter("taken_by") {
        "" => Taken::Any,
        "nobody" => Taken::Nobody,
        account => Taken::By(account.parse().map_err(|_| {
            Problem::parameter("taken_by", "Escribe «nobody» o el identificador de una cuenta.", "write nobody, or the id of an account")
        })?),
    };
    let organisation = call.parameter("organisation").to_owned();
    let query = Query { organisation, taken, after: call.after()?, limit: call.limit(), ..Query::default() };
    let (app, actor) = (call.app(), &call.actor);
    macro_rules! row {
        () => {
            |row| Row {
                id: row.what.id.0,
                since: *row.what.created_at,
                owner_id: row.owner_id,
                owner: row.owner,
                taker_id: row.taker_id,
                taker: row.taker,
            }
        };
    }
    let (rows, next) = match queue {
        Queue::Access => read(cases::access(app, actor, &query).await?, row!()),
        Queue::Contracts => read(cases::contracts(app, actor, ContractStatus::Pending, &query).await?, row!()),
        Queue::CustomerTypes => read(cases::customer_types(app, actor, &query).await?, row!()),
    };
    let (targets, now) = (cases::targets(app, actor).await?, app.now());
    let shown = |row: Row| {
        json!({
            "queue": queue, "id": row.id, "organisation_id": row.owner_id, "organisation": row.owner, "since": row.since.to_string(),
            "overdue": targets.is_overdue(queue, row.since, now), "taker_id": row.taker_id, "taker": row.taker,
        })
    };
    Ok(call.page_with(rows.into_iter().map(shown).collect(), next))
}

fn read<T>(page: Page<T>, row: impl Fn(T) -> Row) -> (Vec<Row>, Option<String>) {
    (page.rows.into_iter().map(row).collect(), page.next.map(|next| next.to_string()))
}

async fn taker(call: &Call, queue: Queue, waiting: Uuid) -> Outcome {
    let taker = cases::taker(call.app(), &call.actor, queue, waiting).await?;
    let (id, name) = taker.map_or((None, None), |(account, name)| (Some(account), Some(name)));
    Ok(Answer::one(json!({"queue": queue, "id": waiting, "taker_id": id, "taker": name})))
}

/// `POST /queues/{queue}/waiting/{waiting}/take`
pub(crate) async fn assign(call: &Call) -> Outcome {
    let (queue, waiting): (Queue, Uuid) = (call.id("queue")?, call.id("waiting")?);
    let account: AccountId = call.choice("account_id")?;
    cases::assign(call.app(), &call.actor, queue, waiting, account).await?;
    taker(call, queue, waiting).await
}

/// `POST /queues/{queue}/waiting/{waiting}/leave`
pub(crate) async fn leave(call: &Call) -> Outcome {
    let (queue, waiting): (Queue, Uuid) = (call.id("queue")?, call.id("waiting")?);
    cases::leave(call.app(), &call.actor, queue, waiting).await?;
    taker(call, queue, waiting).await
}
