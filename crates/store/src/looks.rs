//! Who of the staff looks at what an organisation's members see, as the audit log has it: there is no other record.

use domain::OrganisationId;

use crate::{Db, Moment, Result};

sql! {
    /// The two actions are written as the index `audit_looks` has them, which is used for nothing else.
    LAST = "SELECT action, at FROM audit WHERE action IN ('organisation.look', 'organisation.look_end') AND actor = $1 AND subject = $2
        ORDER BY seq DESC LIMIT 1";
}

/// The action of the last entry by which `actor` began or ended a look at the organisation, and when that was.
///
/// # Errors
/// When the database cannot be read.
pub async fn last(db: &Db, actor: &str, organisation: OrganisationId) -> Result<Option<(String, Moment)>> {
    Ok(on_db!(db, on => sqlx::query_as(LAST).bind(actor).bind(organisation.to_string()).fetch_optional(on).await)?)
}
