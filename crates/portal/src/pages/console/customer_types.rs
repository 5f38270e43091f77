//! The queue of organisations that want to be another customer type.

use app::queues;
use askama::Template;

use super::{asked, carried, counted, decides, frame, next};
use crate::{
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
    organisation: &'v str,
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
}

/// `GET /console/customer-types?organisation=&after=`
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    let (frame, _) = frame(visit, visit.t("Tipos de cliente", "Customer types")).await?;
    let page = queues::customer_types(visit.portal.app(), &visit.actor()?, &asked(visit)?).await?;
    let rows = page.rows.into_iter().map(|row| Row {
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
        organisation: visit.query.text("organisation"),
        decides: decides(visit),
        carried: carried(visit),
        next: next(visit, page.next),
        frame,
    })
}
