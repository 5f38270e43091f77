//! One contract, and what may become of it.

use app::{contracts, records::Contract, view};
use askama::Template;
use domain::{ContractId, contract::ContractStatus, queue::Queue};
use http::StatusCode;

use super::{
    back,
    care::{self, Care},
    carried, decides, frame, typed, undecided,
};
use crate::{
    form::Form,
    frame::{Frame, Moment, Notice},
    visit::{Outcome, Visit},
    waits,
    words::{self, State},
};

const QUEUE: &str = "/console/contracts";

#[derive(Template)]
#[template(path = "console/contract.html")]
struct Show<'v> {
    frame: Frame<'v>,
    contract: Contract,
    owner: String,
    customer_type: &'static str,
    state: State,
    linked: Moment,
    age: String,
    /// The organisation's other contracts, a few.
    others: Vec<(String, String, State)>,
    form: Form,
    typed: String,
    care: Option<Care>,
    decides: bool,
    carried: String,
}

impl Show<'_> {
    fn is(&self, status: &str) -> bool {
        self.contract.status.as_str() == status
    }

    fn path(&self, verb: &str) -> String {
        format!("{QUEUE}/{}/{verb}", self.contract.id)
    }
}

/// `GET /console/contracts/{contract}`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, care::begun(visit).await?).await
}

/// `POST /console/contracts/{contract}/activate`: one click, for one that waits and for one that was suspended.
pub(crate) async fn activate(visit: &Visit<'_>) -> Outcome {
    let id: ContractId = visit.id_segment("contract")?;
    let done = contracts::set_status(visit.portal.app(), &visit.actor()?, id, ContractStatus::Active, None).await;
    turned(visit, done, Notice::Approved).await
}

/// `POST /console/contracts/{contract}/reject`
pub(crate) async fn reject(visit: &Visit<'_>) -> Outcome {
    let id: ContractId = visit.id_segment("contract")?;
    let done = contracts::reject(visit.portal.app(), &visit.actor()?, id, visit.form.text("reason")).await;
    turned(visit, done, Notice::Rejected).await
}

/// `POST /console/contracts/{contract}/suspend`
pub(crate) async fn suspend(visit: &Visit<'_>) -> Outcome {
    stop(visit, ContractStatus::Suspended).await
}

/// `POST /console/contracts/{contract}/end`
pub(crate) async fn end(visit: &Visit<'_>) -> Outcome {
    stop(visit, ContractStatus::Ended).await
}

/// Always with a reason: the organisation did not ask for this.
async fn stop(visit: &Visit<'_>, status: ContractStatus) -> Outcome {
    let id: ContractId = visit.id_segment("contract")?;
    let done = contracts::set_status(visit.portal.app(), &visit.actor()?, id, status, Some(visit.form.text("reason"))).await;
    turned(visit, done, Notice::ContractChanged).await
}

async fn turned(visit: &Visit<'_>, done: app::Result<()>, notice: Notice) -> Outcome {
    let Err(error) = done else { return visit.redirect_with(&back(visit, QUEUE), notice) };
    let mut form = Form::typed(&visit.form);
    let status = undecided(visit, &mut form, error)?;
    page(visit, status, form).await
}

async fn page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    let (app, actor, language) = (visit.portal.app(), visit.actor()?, visit.language);
    let contract = contracts::find(app, &actor, visit.id_segment("contract")?).await?;
    let organisation = view::organisation(app, &actor, contract.organisation_id).await?;
    let title = format!("{} {} · {}", visit.t("Contrato", "Contract"), contract.number, organisation.organisation.name);
    let (frame, _) = frame(visit, title).await?;
    let others = organisation.contracts.iter().filter(|other| other.id != contract.id).take(10);
    let others = others.map(|other| (other.id.to_string(), other.number.clone(), words::contract_state(other.status, language)));
    let ended = contract.status == ContractStatus::Ended;
    let care = if contract.status == ContractStatus::Pending {
        Some(Care::of(visit, Queue::Contracts, contract.id.0, *contract.created_at).await?)
    } else {
        None
    };
    visit.page_with(
        status,
        &Show {
            frame,
            others: others.collect(),
            customer_type: words::customer_type(organisation.organisation.customer_type, language),
            owner: organisation.organisation.name.clone(),
            state: words::contract_state(contract.status, language),
            linked: Moment::new(*contract.created_at, language),
            age: waits::age(*contract.created_at, visit.at, language),
            typed: if ended { typed(&visit.form) } else { String::new() },
            contract,
            form,
            care,
            decides: decides(visit),
            carried: carried(visit),
        },
    )
}
