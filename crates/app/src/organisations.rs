//! Organisations.

mod dossier;
mod looks;
mod notes;
mod search;
mod standing;

pub use dossier::{AUDITED, Dossier, NOTES, REFUSED, dossier};
pub use looks::{LOOK, Pages, Sight, look, look_away, sight};
pub use notes::{add_note, notes, remove_note};
pub use search::{Hits, PAGE, Search, search};
pub use standing::{COUNTED, Stake, close, set_status, stake};

use domain::{
    AccountId, CustomerType, OrganisationId,
    contract::Standing,
    role::{Duty, Permission, Role},
};
use serde_json::json;
use store::{Tx, memberships::Membership, organisations::Organisation};

pub use store::organisations::Filter;

use crate::{
    Actor, App, Bounded, Error, Result, Rule, name,
    permission::{self, Needs},
    projects,
};

/// How many organisations that are not closed one account may own.
pub const MOST: i64 = 20;

/// How many organisations a list has at most.
pub const LISTED: i64 = 201;

/// An organisation with the project it was born with.
pub struct Founded {
    /// The organisation.
    pub organisation: Organisation,
    /// Its first project, with a sandbox client.
    pub first: projects::Created,
}

/// Creates an organisation without members, and its first project with a sandbox client.
///
/// # Errors
/// [`Error::Taken`] when the name is; [`Error::Invalid`] when it is no name.
pub async fn create(app: &App, actor: &Actor, organisation: &str, customer_type: CustomerType, first_project: &str) -> Result<Founded> {
    permission::staff(app, actor, Duty::Administer).await?;
    let tx = app.begin().await?;
    found(app, tx, actor, organisation, customer_type, first_project, None).await
}

/// Creates an organisation for somebody who signed in and becomes its owner, and its first project with a sandbox client, so that whoever
/// registers ends with credentials in hand. It is a `customer` until the operator agrees to something else.
///
/// # Errors
/// [`Error::Rule`] while the account's address is not verified or when it owns [`MOST`]; [`Error::Taken`] when the name is;
/// [`Error::Invalid`] when it is no name.
pub async fn create_by(app: &App, account: AccountId, organisation: &str, first_project: &str) -> Result<Founded> {
    if !permission::person(app, account).await?.verified {
        return Err(Rule::Unverified.into());
    }
    let mut tx = app.begin().await?;
    store::memberships::hold_account(&mut tx, account).await?;
    if store::memberships::owned(&mut tx, account).await? >= MOST {
        return Err(Rule::TooMany(Bounded::Organisations, MOST).into());
    }
    found(app, tx, &Actor::Account(account), organisation, CustomerType::Customer, first_project, Some(account)).await
}

async fn found(
    app: &App,
    mut tx: Tx,
    actor: &Actor,
    organisation: &str,
    customer_type: CustomerType,
    first_project: &str,
    owner: Option<AccountId>,
) -> Result<Founded> {
    let organisation = Organisation {
        id: app.uuid().into(),
        name: name("name", organisation, 120)?,
        customer_type,
        status: Standing::Active,
        created_at: app.moment(),
    };
    store::organisations::insert(&mut tx, &organisation)
        .await
        .map_err(|e| Error::taken(e, "an organisation of that name", &organisation.name))?;
    if let Some(owner) = owner {
        store::memberships::insert(&mut tx, organisation.id, owner, Role::Owner, app.moment()).await?;
    }
    let first = projects::add(app, &mut tx, organisation.id, first_project).await?;
    let detail = json!({"name": organisation.name, "customer_type": customer_type, "project": first.project.id});
    app.commit(tx, actor, "organisation.create", organisation.id, detail).await?;
    Ok(Founded { organisation, first })
}

/// The organisation with this id or, where people type, this name.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(app: &App, actor: &Actor, id_or_name: &str) -> Result<Organisation> {
    let found = match id_or_name.parse::<OrganisationId>() {
        Ok(id) => store::organisations::find(app.db(), id).await?,
        Err(_) => store::organisations::find_by_name(app.db(), id_or_name).await?,
    };
    let found = found.ok_or_else(|| Error::not_found("organisation", id_or_name))?;
    permission::over(app, actor, found.id, Needs::Member(Permission::See), ("organisation", &id_or_name)).await?;
    Ok(found)
}

/// The organisations of an account, by name, with its role in each.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_account(app: &App, account: AccountId) -> Result<Vec<Membership>> {
    Ok(store::memberships::of_account(app.db(), account).await?)
}

/// Organisations in the order of their making, those after `after`, at most `limit` (1 to [`LISTED`]).
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn list(app: &App, actor: &Actor, filter: &Filter, after: Option<OrganisationId>, limit: i64) -> Result<Vec<Organisation>> {
    permission::staff(app, actor, Duty::See).await?;
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    Ok(store::organisations::search(app.db(), filter, &after, limit.clamp(1, LISTED)).await?)
}

/// Renames an organisation.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`], [`Error::Taken`].
pub async fn rename(app: &App, actor: &Actor, id: OrganisationId, to: &str) -> Result<()> {
    let current = reach(app, actor, id, Needs::Member(Permission::Own)).await?;
    let to = name("name", to, 120)?;
    let mut tx = app.begin().await?;
    store::organisations::rename(&mut tx, id, &to).await.map_err(|error| Error::taken(error, "an organisation of that name", &to))?;
    app.commit(tx, actor, "organisation.rename", id, json!({"from": current.name, "to": to})).await
}

/// Sets the customer type, which decides the grants its clients may use. Internal ones may ask for the management API, so that making one
/// or ending one is an administrator's.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`].
pub async fn set_customer_type(app: &App, actor: &Actor, id: OrganisationId, customer_type: CustomerType) -> Result<()> {
    let current = reach(app, actor, id, Needs::Staff(Duty::Decide)).await?;
    over_types(app, actor, [current.customer_type, customer_type]).await?;
    let mut tx = app.begin().await?;
    if !store::organisations::set_customer_type(&mut tx, id, customer_type).await? {
        return Err(Error::not_found("organisation", id));
    }
    app.commit(tx, actor, "organisation.set_customer_type", id, json!({"to": customer_type})).await
}

/// The same by somebody who saw another customer type: of those who change it at once one does.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`]; [`Error::Rule`] when it is not `from` any more, or `from` is what it shall be.
pub async fn change_customer_type(app: &App, actor: &Actor, id: OrganisationId, from: CustomerType, to: CustomerType) -> Result<()> {
    reach(app, actor, id, Needs::Staff(Duty::Decide)).await?;
    over_types(app, actor, [from, to]).await?;
    if from == to {
        return Err(Rule::SameCustomerType(to).into());
    }
    let mut tx = app.begin().await?;
    if !store::organisations::change_customer_type(&mut tx, id, from, to).await? {
        return Err(Rule::AlreadyDecided.into());
    }
    app.commit(tx, actor, "organisation.set_customer_type", id, json!({"from": from, "to": to})).await
}

async fn over_types(app: &App, actor: &Actor, types: [CustomerType; 2]) -> Result<()> {
    if types.contains(&CustomerType::Internal) { permission::staff(app, actor, Duty::Administer).await } else { Ok(()) }
}

/// The organisation, for somebody who has what it takes.
pub(crate) async fn reach(app: &App, actor: &Actor, id: OrganisationId, needs: Needs) -> Result<Organisation> {
    let found = store::organisations::find(app.db(), id).await?.ok_or_else(|| Error::not_found("organisation", id))?;
    permission::over(app, actor, id, needs, ("organisation", &id)).await?;
    Ok(found)
}
