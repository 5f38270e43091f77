//! The queue of contracts, and those in another state.

use app::queues;
use askama::Template;
use domain::{contract::ContractStatus, queue::Queue};

use super::{
    asked,
    care::{self, Eyes, Seen},
    carried, counted, decides, frame, next,
};
use crate::{
    form::Form,
    frame::{Frame, Moment},
    visit::{Outcome, Visit},
    waits,
    words::{self, State},
};

#[derive(Template)]
#[template(path = "console/contracts.html")]
struct Contracts<'v> {
    frame: Frame<'v>,
    rows: Vec<Row>,
    total: String,
    form: Form,
    states: Vec<(&'static str, &'static str)>,
    pending: bool,
    is_filtered: bool,
    takers: Vec<(&'static str, &'v str)>,
    decides: bool,
    carried: String,
    next: Option<String>,
}

struct Row {
    id: String,
    owner_id: String,
    owner: String,
    number: String,
    client_number: String,
    labeller: String,
    state: State,
    reason: String,
    linked: Moment,
    age: String,
    seen: Seen,
}

/// `GET /console/contracts?status=&organisation=&taken=&after=`
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    let (frame, _) = frame(visit, visit.t("Contratos", "Contracts")).await?;
    let status = visit.query.text("status").parse().unwrap_or(ContractStatus::Pending);
    let page = queues::contracts(visit.portal.app(), &visit.actor()?, status, &asked(visit)?).await?;
    let language = visit.language;
    let eyes = Eyes::of(visit, Queue::Contracts).await?;
    let rows = page.rows.into_iter().map(|row| Row {
        seen: eyes.see(row.taker_id.as_deref(), row.taker, *row.what.created_at),
        id: row.what.id.to_string(),
        owner_id: row.owner_id.to_string(),
        owner: row.owner,
        number: row.what.number,
        client_number: row.what.client_number,
        labeller: row.what.labeller,
        state: words::contract_state(row.what.status, language),
        reason: waits::clipped(row.what.reason.as_deref().unwrap_or_default(), super::CLIPPED),
        linked: Moment::new(*row.what.created_at, language),
        age: waits::age(*row.what.created_at, visit.at, language),
    });
    visit.page(&Contracts {
        rows: rows.collect(),
        total: counted(&frame, page.total),
        form: Form::typed(&visit.query),
        states: ContractStatus::ALL.iter().map(|status| (status.as_str(), words::contract_state(*status, language).word)).collect(),
        pending: status == ContractStatus::Pending,
        is_filtered: ["organisation", "taken"].iter().any(|name| !visit.query.text(name).is_empty()),
        takers: care::choices(visit),
        decides: decides(visit),
        carried: carried(visit),
        next: next(visit, page.next),
        frame,
    })
}
