//! Customer keys: a platform's project acts for an account number.

mod export;
mod limits;
mod rotate;
mod usage;

use domain::{
    ChildKey, Environment, ProjectId,
    contract::Standing,
    credential::{self, SecretKind},
    role::{Duty, Permission},
};
pub use export::{Export, MOST as MOST_EXPORTED, export};
pub use limits::{Set, limits, project_limits, set_limits, set_project_limits};
pub use rotate::rotate;
use serde_json::json;
pub use store::customer_keys::Filter;
use store::{
    Tx,
    consents::Consent,
    customer_keys::{CustomerKeyRow, Listed},
};

pub use usage::{Day, SHOWN, Usage, usage};

use crate::{
    Actor, App, Bounded, Error, Issued, Result, Rule,
    notices::{Notice, notice},
    permission::{Hat, Needs},
    projects,
};

/// How many customer keys members may give a project in the sandbox, where no customer has to agree.
const MOST: i64 = 1000;

/// How many customer keys a page has at most.
pub const LISTED: i64 = 200;
/// How many living customer keys a platform may register for one account: a new one for every time it lost the last, and then some.
const MOST_FOR_AN_ACCOUNT: i64 = 200;

/// Issues a customer key ("contact your representative", as the guide has it). In production only the operator does: a platform must not be
/// able to act for a customer who never agreed. In the sandbox the project's members do it for themselves.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Refused`] when no grant of the organisation's customer type takes customer keys; [`Error::Invalid`].
pub async fn create(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    environment: Environment,
    account_number: &str,
) -> Result<Issued<CustomerKeyRow>> {
    let needs = match environment {
        Environment::Sandbox => Needs::Either(Permission::Develop, Duty::Decide),
        Environment::Production => Needs::Staff(Duty::Decide),
    };
    let (owner, hat) = projects::reach(app, actor, project, needs).await?;
    let owner = owner.organisation_id;
    let owner = store::organisations::find(app.db(), owner).await?.ok_or_else(|| Error::not_found("organisation", owner))?;
    if !owner.customer_type.acts_for_others() {
        return Err(Error::refused(
            format!("{} no actúa con claves de cliente: son para integradores, proveedores compatibles y empresas matriz.", owner.name),
            format!(
                "{} is a {}, and only integrators, compatible providers, proprietary parents and internal organisations act with customer keys",
                owner.name, owner.customer_type
            ),
        ));
    }
    let account_number = account_number.trim();
    if !domain::holder::is_account_number(account_number) {
        return Err(Error::invalid(
            "account_number",
            "Un número de cuenta tiene de 1 a 32 letras o cifras, como 740561073.",
            "1 to 32 letters or digits, as in 740561073",
        ));
    }
    let mut tx = app.begin().await?;
    projects::hold(&mut tx, project).await?;
    if hat == Hat::Member && store::customer_keys::count(&mut tx, project, environment).await? >= MOST {
        return Err(Rule::TooMany(Bounded::CustomerKeys, MOST).into());
    }
    let issued = add(app, &mut tx, project, environment, account_number).await?;
    if hat == Hat::Operator && !matches!(actor, Actor::System) {
        notice(app, &mut tx, Notice::CustomerKeyIssued { key: &issued.record }).await?;
    }
    app.commit(
        tx,
        actor,
        "customer_key.create",
        &issued.record.id,
        json!({"project": project, "environment": environment, "account_number": account_number}),
    )
    .await?;
    Ok(issued)
}

/// Issues a customer key to a platform whose customer proved its account: the key stands on that. The caller has made sure of the proof, and
/// commits. `None`: the platform has as many keys for this account as one may.
pub(crate) async fn register(app: &App, tx: &mut Tx, consent: &Consent) -> Result<Option<Issued<CustomerKeyRow>>> {
    let (project, environment, account_number) = (consent.project_id, consent.environment, consent.account_number.as_str());
    projects::hold(tx, project).await?;
    // What let the platform in was looked at before the customer's proof was, and proofs take time.
    if !store::consents::may_ask(tx, consent).await? {
        return Err(Rule::SuspendedByOperator.into());
    }
    if store::consents::keys(tx, project, environment, account_number).await? >= MOST_FOR_AN_ACCOUNT {
        return Ok(None);
    }
    store::consents::insert(tx, consent).await?;
    let issued = add(app, tx, project, environment, account_number).await?;
    store::consents::bears(tx, consent.id, &issued.record.id).await?;
    Ok(Some(issued))
}

async fn add(app: &App, tx: &mut Tx, project: ProjectId, environment: Environment, account_number: &str) -> Result<Issued<CustomerKeyRow>> {
    let secret = SecretKind::Child.mint(environment, &app.entropy);
    let record = CustomerKeyRow {
        id: credential::child_key(environment, &app.entropy),
        project_id: project,
        environment,
        account_number: account_number.to_owned(),
        prefix: secret.prefix(),
        status: Standing::Active,
        bound_to: None,
        created_at: app.moment(),
        rotated_at: None,
        previous_prefix: None,
        previous_until: None,
    };
    store::customer_keys::insert(tx, &record, &app.hash_key.hash(secret.expose())).await?;
    notice(app, tx, Notice::CustomerKeyCreated { key: &record }).await?;
    Ok(Issued { record, secret })
}

fn revoked(id: &ChildKey) -> Error {
    Error::refused(
        format!("La clave de cliente {id} está revocada para siempre: emite otra."),
        format!("customer key {id} is revoked for good; issue a new one"),
    )
}

/// A filter whose text is no longer than what it could be found by.
fn bounded(filter: &Filter) -> Filter {
    Filter { text: filter.text.trim().chars().take(64).collect(), ..filter.clone() }
}

/// The customer keys of a project that fit, newest first, after a key and at most `limit` (1 to [`LISTED`]). With the key after which the next page
/// begins; `None`: this is the last.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn list(app: &App, actor: &Actor, project: ProjectId, filter: &Filter, limit: i64) -> Result<(Vec<Listed>, Option<ChildKey>)> {
    projects::reach(app, actor, project, Needs::Member(Permission::See)).await?;
    let limit = limit.clamp(1, LISTED);
    let mut rows = store::customer_keys::listed(app.db(), project, &bounded(filter), limit + 1).await?;
    let most = usize::try_from(limit).unwrap_or(0);
    let more = rows.len() > most;
    rows.truncate(most);
    let next = rows.last().filter(|_| more).map(|row| row.key.id.clone());
    Ok((rows, next))
}

/// The customer key with this public half, for those who see its project.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(app: &App, actor: &Actor, id: &ChildKey) -> Result<CustomerKeyRow> {
    let found = store::customer_keys::find(app.db(), id).await?.ok_or_else(|| Error::not_found("customer key", id))?;
    projects::reach_for(app, actor, found.project_id, Needs::Member(Permission::See), ("customer key", id)).await?;
    Ok(found)
}

/// Stops, resumes or revokes a customer key; its tokens follow within a second on every node, and no other key is touched.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Refused`] when it is revoked for good; [`Error::Rule`] when a member would undo what the operator did.
pub async fn set_status(app: &App, actor: &Actor, id: &ChildKey, status: Standing) -> Result<()> {
    let current = store::customer_keys::find(app.db(), id).await?.ok_or_else(|| Error::not_found("customer key", id))?;
    let needs = Needs::Either(Permission::Develop, Duty::Administer);
    let (_, hat) = projects::reach_for(app, actor, current.project_id, needs, ("customer key", id)).await?;
    let mut tx = app.begin().await?;
    let done = match hat {
        Hat::Operator => store::customer_keys::set_status(&mut tx, id, status).await?,
        Hat::Member => store::customer_keys::set_status_by_owner(&mut tx, id, status).await?,
    };
    if !done && status != Standing::Revoked {
        if current.status == Standing::Suspended {
            return Err(Rule::SuspendedByOperator.into());
        }
        return Err(revoked(id));
    }
    app.commit(tx, actor, "customer_key.set_status", id, json!({"from": current.status, "to": status})).await
}

/// Binds a customer key to a public key of its project's clients: from now on it is good only for a client that proved itself with that very key,
/// and tokens that were got otherwise are over within a second on every node.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] when no client of the project has this public key in the key's environment; [`Error::Refused`] when the
/// customer key is revoked.
pub async fn bind(app: &App, actor: &Actor, id: &ChildKey, thumbprint: &str) -> Result<()> {
    set_bound(app, actor, id, Some(thumbprint)).await
}

/// Frees a customer key: whatever proves its client will do again.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Refused`] when it is revoked.
pub async fn unbind(app: &App, actor: &Actor, id: &ChildKey) -> Result<()> {
    set_bound(app, actor, id, None).await
}

async fn set_bound(app: &App, actor: &Actor, id: &ChildKey, thumbprint: Option<&str>) -> Result<()> {
    let current = store::customer_keys::find(app.db(), id).await?.ok_or_else(|| Error::not_found("customer key", id))?;
    let needs = Needs::Member(Permission::Develop);
    projects::reach_for(app, actor, current.project_id, needs, ("customer key", id)).await?;
    let mut tx = app.begin().await?;
    // So that nobody removes the public key in between.
    projects::hold(&mut tx, current.project_id).await?;
    if let Some(thumbprint) = thumbprint
        && !store::public_keys::is_live(&mut tx, current.project_id, current.environment, thumbprint, app.moment()).await?
    {
        return Err(Error::invalid(
            "thumbprint",
            "Ningún cliente del proyecto tiene esa clave pública en este entorno: regístrala antes.",
            "no client of the project has this public key in this environment; register it first",
        ));
    }
    if !store::customer_keys::bind(&mut tx, id, thumbprint).await? {
        return Err(revoked(id));
    }
    let action = if thumbprint.is_some() { "customer_key.bind" } else { "customer_key.unbind" };
    app.commit(tx, actor, action, id, json!({"from": current.bound_to, "to": thumbprint})).await
}
