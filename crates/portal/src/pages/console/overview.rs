//! The console's first page: how much waits, and since when.

use app::queues::{self, Query};
use askama::Template;
use domain::{Timestamp, contract::ContractStatus};

use super::{counted, frame};
use crate::{
    frame::Frame,
    visit::{Outcome, Visit},
    waits,
};

#[derive(Template)]
#[template(path = "console/overview.html")]
struct Overview<'v> {
    frame: Frame<'v>,
    queues: Vec<Queue>,
}

/// A queue in a card.
struct Queue {
    path: &'static str,
    name: &'static str,
    number: String,
    is_empty: bool,
    /// How many wait beyond the target; `None`: none.
    overdue: Option<String>,
    /// How long the oldest has waited.
    oldest: Option<String>,
}

/// `GET /console`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let (frame, counts) = frame(visit, visit.t("Consola", "Console")).await?;
    let (app, actor, first) = (visit.portal.app(), visit.actor()?, Query { limit: 1, ..Query::default() });
    let access = queues::access(app, &actor, &first).await?.rows.first().map(|row| *row.what.created_at);
    let contracts = queues::contracts(app, &actor, ContractStatus::Pending, &first).await?.rows.first().map(|row| *row.what.created_at);
    let types = queues::customer_types(app, &actor, &first).await?.rows.first().map(|row| *row.what.created_at);
    let late = queues::overdue(app, &actor).await?;
    let queue = |path, name, number: i64, late: i64, oldest: Option<Timestamp>| Queue {
        overdue: (late > 0).then(|| counted(&frame, late)),
        path,
        name,
        number: counted(&frame, number),
        is_empty: number == 0,
        oldest: oldest.map(|at| waits::age(at, visit.at, visit.language)),
    };
    let queues = vec![
        queue("/console/access", visit.t("Solicitudes de acceso", "Access requests"), counts.access, late.access, access),
        queue("/console/contracts", visit.t("Contratos por activar", "Contracts to activate"), counts.contracts, late.contracts, contracts),
        queue("/console/customer-types", visit.t("Tipos de cliente", "Customer types"), counts.customer_types, late.customer_types, types),
    ];
    visit.page(&Overview { frame, queues })
}
