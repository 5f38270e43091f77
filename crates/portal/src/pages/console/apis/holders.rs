//! Everybody who holds an API, as a file: a page names the first of them.

use app::catalogue;

use super::named;
use crate::{
    downloads,
    visit::{Outcome, Visit},
};

/// `GET /console/apis/{api}/holders.csv`
pub(crate) async fn csv(visit: &Visit<'_>) -> Outcome {
    let api = named(visit);
    let export = catalogue::export_holders(visit.portal.app(), &visit.actor()?, &api).await?;
    let room = downloads::place(visit)?;
    downloads::file(visit, room, "text/csv; charset=utf-8", &format!("{api}-holders.csv"), export)
}
