//! A version as its readers will see it, before they do.

use std::sync::Arc;

use app::catalogue;

use super::named;
use crate::{
    failure::Failure,
    pages::apis,
    reference::Reference,
    visit::{Outcome, Visit},
};

/// `GET /console/apis/{api}/drafts/{number}/preview`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let (reference, base) = read(visit).await?;
    apis::overview(visit, &reference, &base, None)
}

/// `GET /console/apis/{api}/drafts/{number}/preview/{operation}`
pub(crate) async fn operation(visit: &Visit<'_>) -> Outcome {
    let (reference, base) = read(visit).await?;
    apis::operation_of(visit, &reference, &base, true).await
}

async fn read(visit: &Visit<'_>) -> Result<(Reference, String), Failure> {
    let (api, number) = (named(visit), visit.id_segment("number")?);
    let seen = catalogue::version(visit.portal.app(), &visit.actor()?, &api, number).await?;
    let base = format!("/console/apis/{api}/drafts/{number}/preview");
    Ok((Reference::new(Arc::new(seen.api), seen.document), base))
}
