//! Organisations.

use domain::{CustomerType, OrganisationId, contract::Standing};
use serde_json::json;
use store::organisations::Organisation;

use crate::{Actor, App, Error, Result, name, projects};

/// An organisation with the project it was born with.
pub struct Founded {
    /// The organisation.
    pub organisation: Organisation,
    /// Its first project, with a sandbox client.
    pub first: projects::Created,
}

/// Creates an organisation and its first project with a sandbox client, so that whoever registers ends with credentials in hand.
///
/// # Errors
/// [`Error::Taken`] when the name is; [`Error::Invalid`] when it is no name.
pub async fn create(app: &App, actor: &Actor, organisation: &str, customer_type: CustomerType, first_project: &str) -> Result<Founded> {
    let organisation = Organisation {
        id: app.uuid().into(),
        name: name("name", organisation, 120)?,
        customer_type,
        status: Standing::Active,
        created_at: app.moment(),
    };
    let mut tx = app.begin().await?;
    store::organisations::insert(&mut tx, &organisation)
        .await
        .map_err(|e| Error::taken(e, "an organisation of that name", &organisation.name))?;
    let first = projects::add(app, &mut tx, organisation.id, first_project).await?;
    let detail = json!({"name": organisation.name, "customer_type": customer_type, "project": first.project.id});
    app.commit(tx, actor, "organisation.create", organisation.id, detail).await?;
    Ok(Founded { organisation, first })
}

/// The organisation with this id or, where people type, this name.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(app: &App, id_or_name: &str) -> Result<Organisation> {
    let found = match id_or_name.parse::<OrganisationId>() {
        Ok(id) => store::organisations::find(app.db(), id).await?,
        Err(_) => store::organisations::find_by_name(app.db(), id_or_name).await?,
    };
    found.ok_or_else(|| Error::not_found("organisation", id_or_name))
}

/// Stops or resumes an organisation; all its clients stop within a second on every node.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Refused`] when it is revoked for good.
pub async fn set_status(app: &App, actor: &Actor, id: OrganisationId, status: Standing, reason: Option<&str>) -> Result<()> {
    let current = store::organisations::find(app.db(), id).await?.ok_or_else(|| Error::not_found("organisation", id))?;
    let mut tx = app.begin().await?;
    if !store::organisations::set_status(&mut tx, id, status).await? && status != Standing::Revoked {
        return Err(Error::Refused(format!("organisation {} is revoked for good; create a new one", current.name)));
    }
    app.commit(tx, actor, "organisation.set_status", id, json!({"from": current.status, "to": status, "reason": reason})).await
}

/// Sets the customer type, which decides the grants its clients may use.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn set_customer_type(app: &App, actor: &Actor, id: OrganisationId, customer_type: CustomerType) -> Result<()> {
    let mut tx = app.begin().await?;
    if !store::organisations::set_customer_type(&mut tx, id, customer_type).await? {
        return Err(Error::not_found("organisation", id));
    }
    app.commit(tx, actor, "organisation.set_customer_type", id, json!({"to": customer_type})).await
}
