//! Access requests and the grants that come of them: the only source of scopes in tokens (invariant 6).

mod offer;

use domain::{
    AccessRequestId, ApiName, CustomerType, Environment, GrantId, ProjectId, ScopeSet,
    api::Api,
    queue::Queue,
    role::{Duty, Permission},
};
use serde_json::{Value, json};
use store::{
    Tx,
    access_requests::{AccessRequest, Status},
    api_credentials::ApiCredentialRow,
    grants::GrantRow,
    organisations::Organisation,
};

use crate::{
    Actor, App, Bounded, Error, Issued, REASON, Result, Rule, api_credentials, approval_rules,
    notices::{Notice, notice},
    permission::{self, Hat, Needs},
    projects,
};
use offer::{entry, meant};

pub use offer::at_once;
pub(crate) use offer::offered;

/// How many access requests of a project may wait at once, and how many members may make it ask for in all.
const MOST_WAITING: i64 = 50;
const MOST: i64 = 1000;

/// What a project asks for.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Who asks.
    pub project: ProjectId,
    /// Where.
    pub environment: Environment,
    /// For which API.
    pub api: ApiName,
    /// For which scopes; `None`: all of the API.
    pub scopes: Option<ScopeSet>,
    /// Under which plan; `None`: the one that the project holds, where the API still offers it, else the API's first.
    pub plan: Option<String>,
    /// Why.
    pub reason: String,
}

/// What became of a request.
pub struct Outcome {
    /// The request.
    pub request: AccessRequest,
    /// What it allows, when it was approved.
    pub grant: Option<GrantRow>,
    /// The API credential, when this approval brought the project its first one here.
    pub api_credential: Option<Issued<ApiCredentialRow>>,
}

/// Asks for access. Where the API's rules say so it is approved at once, else it waits for the operator.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] for scopes or plans the API does not have, for a reason of more than 2000 characters, or for none where
/// the operator decides.
pub async fn request(app: &App, actor: &Actor, wish: Wish) -> Result<Outcome> {
    ask(app, actor, wish, None).await
}

/// Asks for access; with `instead_of`, in place of this grant only.
async fn ask(app: &App, actor: &Actor, mut wish: Wish, instead_of: Option<GrantId>) -> Result<Outcome> {
    let (project, hat) = projects::reach(app, actor, wish.project, Needs::Member(Permission::Develop)).await?;
    let organisation = store::organisations::find(app.db(), project.organisation_id)
        .await?
        .ok_or_else(|| Error::not_found("organisation", project.organisation_id))?;
    let api = offered(app, &wish.api, organisation.customer_type).await?;
    if api.is_management() {
        admit_to_management(&organisation, &wish)?;
    }
    let held = store::grants::live(app.db(), project.id, wish.environment).await?;
    let held = held.iter().find(|grant| grant.api == wish.api).map(|grant| grant.plan.as_str());
    wish.plan = meant(&api, wish.plan.as_deref(), held).map(str::to_owned);
    let verdict = approval_rules::verdict(app, actor, &organisation, &api, wish.environment, wish.plan.as_deref(), held).await?;
    if hat == Hat::Member && verdict.is_none() && wish.reason.trim().is_empty() {
        return Err(Error::invalid(
            "reason",
            "Cuenta para qué lo quieres: es lo que lee quien decide.",
            "say what you want it for: it is what those who decide read",
        ));
    }
    let mut tx = app.begin().await?;
    projects::hold(&mut tx, project.id).await?;
    // What was judged is what the project holds still: nothing that was taken back in this moment comes again.
    let live = store::grants::live_of_api(&mut tx, project.id, wish.environment, &wish.api).await?;
    let is_there = held.is_none_or(|held| live.as_ref().is_some_and(|live| live.plan == held));
    if !is_there || instead_of.is_some_and(|id| live.is_none_or(|live| live.id != id)) {
        return Err(Error::refused(
            "El acceso que tenía el proyecto acaba de cambiar: míralo otra vez.",
            "the access that the project had has just changed: look at it again",
        ));
    }
    if hat == Hat::Member {
        let (ever, waiting) = store::access_requests::counts(&mut tx, project.id).await?;
        if waiting >= MOST_WAITING {
            return Err(Rule::TooMany(Bounded::WaitingRequests, MOST_WAITING).into());
        }
        if ever >= MOST {
            return Err(Rule::TooMany(Bounded::Requests, MOST).into());
        }
    }
    let (outcome, detail) = place(app, &mut tx, wish, &api, verdict).await?;
    app.commit(tx, actor, "access.request", outcome.request.id, detail).await?;
    Ok(outcome)
}

/// Asks for another plan of an API that the project has access to: a request like any other, for the scopes it holds. Approved, its grant takes
/// the place of this one.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Refused`] when the grant has ended; [`Error::Invalid`] for a plan that the API does not offer or that the project
/// holds, or without a reason where the operator decides.
pub async fn change_plan(app: &App, actor: &Actor, id: GrantId, plan: &str, reason: &str) -> Result<Outcome> {
    let grant = store::grants::find(app.db(), id).await?.ok_or_else(|| Error::not_found("grant", id))?;
    projects::reach_for(app, actor, grant.project_id, Needs::Member(Permission::Develop), ("grant", &id)).await?;
    if grant.revoked_at.is_some() {
        return Err(Error::refused("Este acceso ya ha terminado: pídelo de nuevo.", format!("grant {id} has ended: ask for access again")));
    }
    if grant.plan == plan {
        return Err(Error::invalid("plan", "Es el plan que ya tienes: elige otro.", "the project holds this plan already: choose another"));
    }
    let offered = entry(app, &grant.api).await?.0.scopes();
    // What the API does not ask for any more is worth nothing, and nobody can be asked to approve it.
    let scopes = grant.scopes.intersection(&offered);
    let wish = Wish {
        project: grant.project_id,
        environment: grant.environment,
        api: grant.api,
        scopes: Some(scopes),
        plan: Some(plan.to_owned()),
        reason: reason.to_owned(),
    };
    ask(app, actor, wish, Some(id)).await
}

/// Writes a request and, when it is approved at once, for which reason, its approval; with what the audit log shall say.
pub(crate) async fn place(app: &App, tx: &mut Tx, wish: Wish, api: &Api, at_once: Option<String>) -> Result<(Outcome, Value)> {
    let offered = api.scopes();
    let scopes = wish.scopes.unwrap_or_else(|| offered.clone());
    if scopes.is_empty() || !offered.covers(&scopes) {
        return Err(Error::invalid("scopes", format!("La API {} ofrece: {offered}.", api.name), format!("{} offers: {offered}", api.name)));
    }
    let plan = match wish.plan {
        None => api.plans.first().map_or_else(String::new, |plan| plan.name.clone()),
        Some(plan) if api.plan(&plan).is_some() => plan,
        Some(_) => {
            let offered: Vec<_> = api.plans.iter().map(|plan| plan.name.as_str()).collect();
            let offered = offered.join(", ");
            return Err(Error::invalid(
                "plan",
                format!("La API {} ofrece: {offered}.", api.name),
                format!("{} offers: {offered}", api.name),
            ));
        }
    };
    let mut request = AccessRequest {
        id: app.uuid().into(),
        project_id: wish.project,
        environment: wish.environment,
        api: wish.api,
        scopes,
        plan,
        reason: if wish.reason.trim().is_empty() { String::new() } else { crate::reason(&wish.reason, REASON)? },
        status: Status::Pending,
        created_at: app.moment(),
        decided_at: None,
        decided_by: None,
        decision_reason: None,
    };
    let held = store::grants::live_of_api(tx, request.project_id, request.environment, &request.api).await?.map(|grant| grant.plan);
    store::access_requests::insert(tx, &request).await?;
    let mut outcome = (None, None);
    if let Some(reason) = at_once {
        store::access_requests::decide(tx, request.id, Status::Pending, Status::Approved, app.moment(), "system", Some(&reason)).await?;
        request.status = Status::Approved;
        request.decided_at = Some(app.moment());
        request.decided_by = Some("system".into());
        request.decision_reason = Some(reason);
        let mint = lacks_credential(tx, &request, api).await?;
        outcome = grant(app, tx, &request, mint).await?;
    }
    let detail = json!({"project": request.project_id, "environment": request.environment, "api": request.api, "scopes": request.scopes, "plan": request.plan, "held_plan": held, "status": request.status});
    Ok((Outcome { request, grant: outcome.0, api_credential: outcome.1 }, detail))
}

/// The management API is for the operator's own organisations, to whom alone it exists, and its tokens are production's.
fn admit_to_management(organisation: &Organisation, wish: &Wish) -> Result<()> {
    if organisation.customer_type != CustomerType::Internal {
        return Err(Error::not_found("API", &wish.api));
    }
    if wish.environment != Environment::Production {
        return Err(Error::invalid(
            "environment",
            "La API de gestión solo existe en producción.",
            "the management API is there in production only",
        ));
    }
    Ok(())
}

/// What was the operator's own when it asked may be a customer's when it is decided.
async fn owned_by_internal(app: &App, request: &AccessRequest) -> Result<()> {
    let project =
        store::projects::find(app.db(), request.project_id).await?.ok_or_else(|| Error::not_found("project", request.project_id))?;
    let organisation = store::organisations::find(app.db(), project.organisation_id).await?;
    if organisation.is_some_and(|organisation| organisation.customer_type == CustomerType::Internal) {
        return Ok(());
    }
    Err(Error::refused(
        "La API de gestión es solo para organizaciones internas del operador: recházala.",
        "the management API is for the operator's own internal organisations only: reject the request",
    ))
}

/// The access request with this id, for those who see its project.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(app: &App, actor: &Actor, id: AccessRequestId) -> Result<AccessRequest> {
    reach(app, actor, id, Needs::Member(Permission::See)).await
}

/// Approves a waiting request: its scopes are in tokens from the next one on. Where the API demands an API credential and the project has none,
/// the command line gets one to hand over; for somebody at the console, and for a program that decides, none is made: deciding is no reason to see
/// a secret. The project's people make one on their page, and so does a program that administers projects ([`api_credentials::create`]). The
/// management API does what staff do, so that only an administrator opens it.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::StaffOnly`]; [`Error::Refused`] when it is not waiting any more, or for the management API when the
/// organisation is the operator's own no longer.
pub async fn approve(app: &App, actor: &Actor, id: AccessRequestId, reason: Option<&str>) -> Result<Outcome> {
    let mut request = reach(app, actor, id, Needs::Staff(Duty::Decide)).await?;
    let reason = reason.map(|reason| crate::reason(reason, REASON)).transpose()?;
    let reason = reason.as_deref();
    // Who asked before the API was deprecated is not told that they came too late; what nothing serves opens nothing.
    let (api, _) = entry(app, &request.api).await?;
    offer::still_offers(&api, &request.plan)?;
    if api.is_management() {
        permission::staff(app, actor, Duty::Administer).await?;
        owned_by_internal(app, &request).await?;
    }
    let mut tx = app.begin().await?;
    projects::hold(&mut tx, request.project_id).await?;
    decide(app, &mut tx, actor, &mut request, Status::Approved, reason).await?;
    let lacks_credential = lacks_credential(&mut tx, &request, &api).await?;
    let mint = lacks_credential && matches!(actor, Actor::Operator(_) | Actor::System);
    let (grant, api_credential) = grant(app, &mut tx, &request, mint).await?;
    notice(app, &mut tx, Notice::AccessDecided { request: &request, lacks_credential: lacks_credential && !mint }).await?;
    let detail = json!({"grant": grant.as_ref().map(|grant| grant.id), "reason": reason});
    app.commit(tx, actor, "access.approve", id, detail).await?;
    Ok(Outcome { request, grant, api_credential })
}

/// Refuses a waiting request, with a reason its project will read.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] without a reason; [`Error::Refused`] when it is not waiting any more.
pub async fn reject(app: &App, actor: &Actor, id: AccessRequestId, reason: &str) -> Result<AccessRequest> {
    let mut request = reach(app, actor, id, Needs::Staff(Duty::Decide)).await?;
    let reason = &crate::reason(
        reason,
        ("Di por qué, para que el proyecto sepa qué cambiar.", "say why, so that the project knows what to change"),
    )?;
    let mut tx = app.begin().await?;
    decide(app, &mut tx, actor, &mut request, Status::Rejected, Some(reason)).await?;
    notice(app, &mut tx, Notice::AccessDecided { request: &request, lacks_credential: false }).await?;
    app.commit(tx, actor, "access.reject", id, json!({"reason": reason})).await?;
    Ok(request)
}

/// The grant with this id, for those who see its project.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find_grant(app: &App, actor: &Actor, id: GrantId) -> Result<GrantRow> {
    let grant = store::grants::find(app.db(), id).await?.ok_or_else(|| Error::not_found("grant", id))?;
    projects::reach_for(app, actor, grant.project_id, Needs::Member(Permission::See), ("grant", &id)).await?;
    Ok(grant)
}

/// Takes a grant back: its scopes vanish from living tokens within a second on every node.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] for a reason of more than 2000 characters; [`Error::Refused`], naming the live grant, when this one has
/// ended.
pub async fn revoke_grant(app: &App, actor: &Actor, id: GrantId, reason: Option<&str>) -> Result<GrantRow> {
    let grant = store::grants::find(app.db(), id).await?.ok_or_else(|| Error::not_found("grant", id))?;
    projects::reach_for(app, actor, grant.project_id, Needs::Either(Permission::Develop, Duty::Decide), ("grant", &id)).await?;
    let reason = reason.map(|reason| crate::reason(reason, REASON)).transpose()?;
    let reason = reason.as_deref();
    let mut tx = app.begin().await?;
    // Of this and an approval in the same moment one is first. An archived project's grants have ended, which is said below.
    store::projects::hold(&mut tx, grant.project_id).await?;
    if !store::grants::revoke(&mut tx, &grant, app.moment()).await? {
        let live = store::grants::live_of_api(&mut tx, grant.project_id, grant.environment, &grant.api).await?;
        let instead = live.as_ref().map_or_else(|| "the project has none now".to_owned(), |live| format!("the live one is {}", live.id));
        let spanish = if live.is_some() { "hay otro en su lugar" } else { "el proyecto ya no lo tiene" };
        return Err(Error::refused(
            format!("Este acceso a {} ya había terminado: {spanish}.", grant.api),
            format!("grant {id} for {} has ended; {instead}", grant.api),
        ));
    }
    store::access_requests::decide(
        &mut tx,
        grant.access_request_id,
        Status::Approved,
        Status::Revoked,
        app.moment(),
        &actor.to_string(),
        reason,
    )
    .await?;
    if let Some(request) = store::access_requests::find(app.db(), grant.access_request_id).await? {
        let request = AccessRequest { status: Status::Revoked, decision_reason: reason.map(str::to_owned), ..request };
        notice(app, &mut tx, Notice::AccessDecided { request: &request, lacks_credential: false }).await?;
    }
    app.commit(
        tx,
        actor,
        "grant.revoke",
        id,
        json!({"project": grant.project_id, "api": grant.api, "scopes": grant.scopes, "reason": reason}),
    )
    .await?;
    Ok(grant)
}

async fn decide(app: &App, tx: &mut Tx, actor: &Actor, request: &mut AccessRequest, to: Status, reason: Option<&str>) -> Result<()> {
    let by = actor.to_string();
    if !store::access_requests::decide(tx, request.id, Status::Pending, to, app.moment(), &by, reason).await? {
        return Err(Error::refused(
            "La solicitud ya no está pendiente.",
            format!("access request {} is {} and not waiting for a decision", request.id, request.status.as_str()),
        ));
    }
    store::queue_owners::leave(tx, Queue::Access, &request.id.to_string()).await?;
    request.status = to;
    request.decided_at = Some(app.moment());
    request.decided_by = Some(by);
    request.decision_reason = reason.map(str::to_owned);
    Ok(())
}

/// Whether the API demands an API credential and the project has none there.
async fn lacks_credential(tx: &mut Tx, request: &AccessRequest, api: &Api) -> Result<bool> {
    Ok(api.api_credential && store::api_credentials::live(tx, request.project_id, request.environment).await? == 0)
}

/// One live grant for each API: more scopes replace it, so that revoking it leaves nothing behind.
async fn grant(
    app: &App,
    tx: &mut Tx,
    request: &AccessRequest,
    mint: bool,
) -> Result<(Option<GrantRow>, Option<Issued<ApiCredentialRow>>)> {
    let mut scopes = request.scopes.clone();
    if let Some(before) = store::grants::live_of_api(tx, request.project_id, request.environment, &request.api).await? {
        // What somebody took back in this moment does not come again with what is new.
        if store::grants::revoke(tx, &before, app.moment()).await? {
            scopes = scopes.union(&before.scopes);
        }
    }
    let grant = GrantRow {
        id: app.uuid().into(),
        access_request_id: request.id,
        project_id: request.project_id,
        environment: request.environment,
        api: request.api.clone(),
        scopes,
        plan: request.plan.clone(),
        created_at: app.moment(),
        revoked_at: None,
    };
    store::grants::insert(tx, &grant).await?;
    if !mint {
        return Ok((Some(grant), None));
    }
    let credential = api_credentials::add(app, tx, request.project_id, request.environment).await?;
    notice(app, tx, Notice::ApiCredentialCreated { credential: &credential.record }).await?;
    Ok((Some(grant), Some(credential)))
}

/// The request, for somebody who has what it takes.
async fn reach(app: &App, actor: &Actor, id: AccessRequestId, needs: Needs) -> Result<AccessRequest> {
    let request = store::access_requests::find(app.db(), id).await?.ok_or_else(|| Error::not_found("access request", id))?;
    projects::reach_for(app, actor, request.project_id, needs, ("access request", &id)).await?;
    Ok(request)
}
