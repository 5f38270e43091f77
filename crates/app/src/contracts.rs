//! Transport contracts.

use domain::{
    ContractId, OrganisationId,
    contract::ContractStatus,
    queue::Queue,
    role::{Duty, Permission},
};
use serde_json::json;
use store::contracts::Contract;

use crate::{
    Actor, App, Bounded, Error, REASON, Result, Rule,
    notices::{Notice, notice},
    permission::{self, Hat, Needs},
    reason,
};

/// How many contracts members may link to their organisation.
const MOST: i64 = 50;

/// What is wrong with the numbers of a contract: an [`Error::Invalid`] for each field that is, in their order.
#[must_use]
pub fn faults(number: &str, client_number: &str, labeller: &str) -> Vec<Error> {
    let digits = |text: &str| text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let mut faults = Vec::new();
    if !digits(number) {
        faults.push(Error::invalid(
            "number",
            "Un número de contrato tiene 8 cifras, como 54000000.",
            "a contract number has 8 digits, as in 54000000",
        ));
    }
    if !digits(client_number) {
        faults.push(Error::invalid(
            "client_number",
            "Un número de cliente tiene 8 cifras, como 80000000.",
            "a client number has 8 digits, as in 80000000",
        ));
    }
    if labeller.len() != 4 || !labeller.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
        faults.push(Error::invalid(
            "labeller",
            "Un código de etiquetador tiene 4 letras mayúsculas o cifras, como XXX1.",
            "a labeller code has 4 capital letters or digits, as in XXX1",
        ));
    }
    faults
}

/// Links a contract to an organisation; it waits for the operator. One that has ended or was refused is linked anew in its place.
///
/// # Errors
/// [`Error::Invalid`] for numbers of the wrong form, [`Error::Taken`], [`Error::NotFound`].
pub async fn link(
    app: &App,
    actor: &Actor,
    organisation: OrganisationId,
    number: &str,
    client_number: &str,
    labeller: &str,
) -> Result<Contract> {
    let needs = Needs::Either(Permission::Administer, Duty::Decide);
    let hat = permission::over(app, actor, organisation, needs, ("organisation", &organisation)).await?;
    if let Some(fault) = faults(number, client_number, labeller).into_iter().next() {
        return Err(fault);
    }
    let mut contract = Contract {
        id: app.uuid().into(),
        organisation_id: organisation,
        number: number.to_owned(),
        client_number: client_number.to_owned(),
        labeller: labeller.to_owned(),
        status: ContractStatus::Pending,
        created_at: app.moment(),
        reason: None,
    };
    let mut tx = app.begin().await?;
    if !store::organisations::hold(&mut tx, organisation).await? {
        return Err(Error::not_found("organisation", organisation));
    }
    if let Some(id) = store::contracts::relink(&mut tx, &contract).await? {
        contract.id = id;
    } else {
        if hat == Hat::Member && store::contracts::count(&mut tx, organisation).await? >= MOST {
            return Err(Rule::TooMany(Bounded::Contracts, MOST).into());
        }
        store::contracts::insert(&mut tx, &contract).await.map_err(|error| Error::taken(error, "the contract", number))?;
    }
    app.commit(tx, actor, "contract.link", contract.id, json!({"organisation": organisation, "number": number})).await?;
    Ok(contract)
}

/// The contract with this id, for those who see its organisation.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(app: &App, actor: &Actor, id: ContractId) -> Result<Contract> {
    reach(app, actor, id, Needs::Member(Permission::See)).await
}

/// What mends a reason that is missing.
const SAY_WHY: (&str, &str) =
    ("Di por qué, para que la organización sepa qué cambiar.", "say why, so that the organisation knows what to change");

/// Moves a contract to another state, with a reason for the organisation, without which none is suspended or ended. Of several who do so at
/// once, one does.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] without that reason, or back to pending; [`Error::Refused`] once it has ended or when it is in that state;
/// [`Error::Rule`] when somebody else was faster.
pub async fn set_status(app: &App, actor: &Actor, id: ContractId, status: ContractStatus, why: Option<&str>) -> Result<()> {
    let contract = reach(app, actor, id, Needs::Staff(Duty::Decide)).await?;
    let why = match (status, why) {
        (ContractStatus::Suspended | ContractStatus::Ended, why) => Some(reason(why.unwrap_or_default(), SAY_WHY)?),
        (_, why) => why.map(|why| reason(why, REASON)).transpose()?,
    };
    if status == ContractStatus::Pending {
        return Err(Error::invalid(
            "status",
            "Un contrato que ya se resolvió no vuelve a quedar pendiente: suspéndelo o termínalo.",
            "a contract that was decided does not wait again; suspend it, or end it",
        ));
    }
    if contract.status == ContractStatus::Ended {
        return Err(Error::refused(
            format!("El contrato {} ha terminado: hay que vincularlo de nuevo.", contract.number),
            format!("contract {} has ended; link it anew", contract.number),
        ));
    }
    if contract.status == status {
        let is = match status {
            ContractStatus::Pending => "pendiente",
            ContractStatus::Active => "activo",
            ContractStatus::Suspended => "suspendido",
            ContractStatus::Ended => "terminado",
        };
        return Err(Error::refused(
            format!("El contrato {} ya está {is}.", contract.number),
            format!("contract {} is {status} already", contract.number),
        ));
    }
    turn(app, actor, contract, "contract.set_status", status, why).await
}

/// Refuses a contract that waits, with a reason its organisation will read. It has ended then, and can be linked anew.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] without a reason; [`Error::Rule`] when it does not wait.
pub async fn reject(app: &App, actor: &Actor, id: ContractId, why: &str) -> Result<()> {
    let contract = reach(app, actor, id, Needs::Staff(Duty::Decide)).await?;
    let why = reason(why, SAY_WHY)?;
    if contract.status != ContractStatus::Pending {
        return Err(Rule::AlreadyDecided.into());
    }
    turn(app, actor, contract, "contract.reject", ContractStatus::Ended, Some(why)).await
}

async fn turn(
    app: &App,
    actor: &Actor,
    mut contract: Contract,
    action: &'static str,
    to: ContractStatus,
    why: Option<String>,
) -> Result<()> {
    let from = contract.status;
    let mut tx = app.begin().await?;
    if !store::contracts::set_status(&mut tx, contract.id, from, to, why.as_deref()).await? {
        return Err(Rule::AlreadyDecided.into());
    }
    store::queue_owners::leave(&mut tx, Queue::Contracts, &contract.id.to_string()).await?;
    (contract.status, contract.reason) = (to, why);
    notice(app, &mut tx, Notice::ContractDecided { before: from, contract: &contract }).await?;
    app.commit(tx, actor, action, contract.id, json!({"from": from, "to": to, "reason": contract.reason})).await
}

/// The contract, for somebody who has what it takes.
async fn reach(app: &App, actor: &Actor, id: ContractId, needs: Needs) -> Result<Contract> {
    let contract = store::contracts::find(app.db(), id).await?.ok_or_else(|| Error::not_found("contract", id))?;
    permission::over(app, actor, contract.organisation_id, needs, ("contract", &id)).await?;
    Ok(contract)
}

/// Whether the organisation has an active contract: the key to production.
pub(crate) async fn any_active(app: &App, organisation: OrganisationId) -> Result<bool> {
    Ok(store::contracts::of_organisation(app.db(), organisation).await?.iter().any(|contract| contract.status == ContractStatus::Active))
}
