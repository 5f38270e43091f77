//! Transport contracts, which are the key to production.

use app::{Error, contracts, records::Contract};
use askama::Template;
use domain::{Language, contract::ContractStatus, role::Permission};
use http::StatusCode;

use super::{Place, refused};
use crate::{
    form::Form,
    frame::{Frame, Notice},
    visit::{Outcome, Visit, encoded},
    words::{self, State},
};

#[derive(Template)]
#[template(path = "organisations/contracts.html")]
struct Contracts<'v> {
    frame: Frame<'v>,
    place: &'v Place,
    lines: Vec<Line<'v>>,
    form: Form,
}

/// A contract with what to say about it.
pub(super) struct Line<'v> {
    pub(super) contract: &'v Contract,
    pub(super) state: State,
    /// What it means, and what is awaited from whom.
    pub(super) awaited: &'static str,
    pub(super) waits: bool,
}

impl<'v> Line<'v> {
    pub(super) fn new(contract: &'v Contract, language: Language) -> Self {
        let awaited = match contract.status {
            ContractStatus::Pending => language.pick(
                "La operadora comprueba que es de la organización. No tienes que hacer nada; espera",
                "The operator checks that it is the organisation's. There is nothing for you to do; it has been waiting",
            ),
            ContractStatus::Active => language.pick("Vale para producción.", "It is good for production."),
            ContractStatus::Suspended => language.pick(
                "Por ahora no abre producción. Lo reactiva la operadora.",
                "It does not open production for now. The operator resumes it.",
            ),
            ContractStatus::Ended => {
                language.pick("Ya no vale. Puedes vincularlo otra vez.", "It is not good any more. You can link it again.")
            }
        };
        Self {
            contract,
            state: words::contract_state(contract.status, language),
            awaited,
            waits: contract.status == ContractStatus::Pending,
        }
    }

    fn has_ended(&self) -> bool {
        self.contract.status == ContractStatus::Ended
    }

    /// The query that fills the form in with this contract.
    fn again(&self) -> String {
        let Contract { number, client_number, labeller, .. } = self.contract;
        format!("number={}&client_number={}&labeller={}", encoded(number), encoded(client_number), encoded(labeller))
    }
}

/// `GET /organisations/{organisation}/contracts`
pub(crate) async fn contracts(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, Form::typed(&visit.query)).await
}

/// `POST /organisations/{organisation}/contracts`: links one.
pub(crate) async fn link(visit: &Visit<'_>) -> Outcome {
    let organisation = visit.id_segment("organisation")?;
    let text = |name: &str| visit.form.text(name);
    let labeller = text("labeller").to_ascii_uppercase();
    match contracts::link(visit.portal.app(), &visit.actor()?, organisation, text("number"), text("client_number"), &labeller).await {
        Ok(_) => visit.redirect_with(&format!("/organisations/{organisation}/contracts"), Notice::ContractLinked),
        Err(error) => {
            let mut form = Form::typed(&visit.form);
            if matches!(error, Error::Invalid { .. }) {
                // All of them at once, and not one at each try.
                for fault in contracts::faults(text("number"), text("client_number"), &labeller) {
                    refused(&mut form, fault, "number", visit.language)?;
                }
                return page(visit, StatusCode::UNPROCESSABLE_ENTITY, form).await;
            }
            refused(&mut form, error, "number", visit.language)?;
            page(visit, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

async fn page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    let place = Place::of_form(visit, status, Permission::Administer).await?;
    let lines = place.all.contracts.iter().map(|contract| Line::new(contract, visit.language)).collect();
    visit.page_with(status, &Contracts { frame: place.frame(visit, visit.t("Contratos", "Contracts")), lines, form, place: &place })
}
