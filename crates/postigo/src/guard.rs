//! Production's gateway handed to the management API as its guard, so that neither room knows the other.

use domain::ScopeSet;
use gateway::Gateway;
use http::request::Parts;
use portal::management::{Admitted, Declined, Guard, Judging};
use web::Visit;

/// The guard of this very node.
pub struct InHouse(pub Gateway);

impl Guard for InHouse {
    fn judge<'g>(&'g self, head: &'g Parts, visit: &'g Visit, operation: &'g str, scope: &'g ScopeSet) -> Judging<'g> {
        Box::pin(async move {
            match self.0.judge(head, visit, operation, scope).await {
                Ok(admission) => {
                    let client = admission.client().clone();
                    Ok(Admitted { client, answered: Box::new(move |response| admission.answered(response)) })
                }
                Err(declined) => Err(Declined { code: declined.code, response: declined.response }),
            }
        })
    }
}
