//! The queue of organisations that want to be another customer type.

use app::queues;
use askama::Template;
use domain::queue::Queue;

use super::{
    asked,
    care::{self, Eyes, Seen},
    carried, counted, decides, frame, next,
};
use crate::{
    form::Form,
    frame::{Frame, Moment},
    visit::{Outcome, Visit},
    waits, words,
};

#[derive(Template)]
#[template(path = "console/customer_types.html")]
struct CustomerTypes<'v> {
    frame: Frame<'v>,
    rows: Vec<Row>,
    total: String,
    form: Form,
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
    wanted: &'static str,
    reason: String,
    asked: Moment,
    age: String,
    seen: Seen,
}

/// `GET /console/customer-types?organisation=&taken=&after=`
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    let (frame, _) = frame(visit, visit.t("Tipos de cliente", "Customer types")).await?;
    let page = queues::customer_types(visit.portal.app(), &visit.actor()?, &asked(visit)?).await?;
    let eyes = Eyes::of(visit, Queue::CustomerTypes).await?;
    let rows = page.rows.into_iter().map(|row| Row {
        seen: eyes.see(row.taker_id.as_deref(), row.taker, *row.what.created_at),
        id: row.what.id.to_string(),
        owner_id: row.owner_id.to_string(),
        owner: row.owner,
        wanted: words::customer_type(row.what.customer_type, visit.language),
        reason: waits::clipped(&row.what.reason, super::CLIPPED),
        asked: Moment::new(*row.what.created_at, visit.language),
        age: waits::age(*row.what.created_at, visit.at, visit.language),
    });
    visit.page(&CustomerTypes {
        rows: rows.collect(),
        total: counted(&frame, page.total),
        form: Form::typed(&visit.query),
        is_filtered: ["organisation", "taken"].iter().any(|name| !visit.query.text(name).is_empty()),
        takers: care::choices(visit),
        decides: decides(visit),
        carried: carried(visit),
        next: next(visit, page.next),
        frame,
    })
}
