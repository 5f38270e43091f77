//! Transport contracts.

use domain::{ContractId, OrganisationId, contract::ContractStatus};
use serde_json::json;
use store::contracts::Contract;

use crate::{Actor, App, Error, Result};

/// Links a contract to an organisation; it waits for the operator.
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
    let digits = |text: &str| text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(number) {
        return Err(Error::Invalid { field: "number", mend: "a contract number has 8 digits, as in 54000000".into() });
    }
    if !digits(client_number) {
        return Err(Error::Invalid { field: "client_number", mend: "a client number has 8 digits, as in 80000000".into() });
    }
    if labeller.len() != 4 || !labeller.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
        return Err(Error::Invalid { field: "labeller", mend: "a labeller code has 4 capital letters or digits, as in XXX1".into() });
    }
    let contract = Contract {
        id: app.uuid().into(),
        organisation_id: organisation,
        number: number.to_owned(),
        client_number: client_number.to_owned(),
        labeller: labeller.to_owned(),
        status: ContractStatus::Pending,
        created_at: app.moment(),
    };
    let mut tx = app.begin().await?;
    store::contracts::insert(&mut tx, &contract).await.map_err(|error| match error {
        store::Error::Dangling => Error::not_found("organisation", organisation),
        error => Error::taken(error, "the contract", number),
    })?;
    app.commit(tx, actor, "contract.link", contract.id, json!({"organisation": organisation, "number": number})).await?;
    Ok(contract)
}

/// Moves a contract to another state.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Refused`] once it has ended.
pub async fn set_status(app: &App, actor: &Actor, id: ContractId, status: ContractStatus) -> Result<()> {
    let current = store::contracts::find(app.db(), id).await?.ok_or_else(|| Error::not_found("contract", id))?;
    let mut tx = app.begin().await?;
    if !store::contracts::set_status(&mut tx, id, status).await? && status != ContractStatus::Ended {
        return Err(Error::Refused(format!("contract {} has ended; link it anew", current.number)));
    }
    app.commit(tx, actor, "contract.set_status", id, json!({"from": current.status, "to": status})).await
}

/// Whether the organisation has an active contract: the key to production.
pub(crate) async fn any_active(app: &App, organisation: OrganisationId) -> Result<bool> {
    Ok(store::contracts::of_organisation(app.db(), organisation).await?.iter().any(|contract| contract.status == ContractStatus::Active))
}
