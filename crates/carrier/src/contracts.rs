//! Which contracts a project may ship under.

use domain::Environment;
use store::{Db, shipments};

use crate::caller::Caller;

/// The sandbox's own contract: good for every product and every project there. In production it is a contract like any other.
pub(crate) const TEST_CONTRACT: (&str, &str, &str) = ("54000000", "80000000", "XXX1");

/// What is wrong with the contract of a declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// The organisation has no such contract, or it is not active.
    Contract,
    /// The contract belongs to another client number.
    Client,
    /// The contract belongs to another labeller.
    Labeller,
}

/// Checks contract, client number and labeller against each other.
pub(crate) async fn fits(db: &Db, caller: &Caller, contract: &str, client: &str, labeller: &str) -> store::Result<Option<Misfit>> {
    let in_sandbox = caller.owner.environment == Environment::Sandbox;
    let (client_number, labeller_code) = if in_sandbox && contract == TEST_CONTRACT.0 {
        (TEST_CONTRACT.1.to_owned(), TEST_CONTRACT.2.to_owned())
    } else {
        let Some(organisation) = caller.organisation.filter(|_| contract.bytes().all(|b| b.is_ascii_digit())) else {
            return Ok(Some(Misfit::Contract));
        };
        match shipments::active_contract(db, organisation, contract).await? {
            Some(terms) => (terms.client_number, terms.labeller),
            None => return Ok(Some(Misfit::Contract)),
        }
    };
    Ok(if bare(client) != bare(&client_number) {
        Some(Misfit::Client)
    } else if labeller != labeller_code {
        Some(Misfit::Labeller)
    } else {
        None
    })
}

/// A client number has eight digits, and in some places `99` before them.
fn bare(client: &str) -> &str {
    client.strip_prefix("99").filter(|rest| rest.len() == 8).unwrap_or(client)
}
