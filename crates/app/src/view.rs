//! What pages show: whole things with everything on them, for those who may see them. Nothing here changes anything.

use std::collections::HashMap;

use domain::{
    ClientId, Environment, OrganisationId, ProjectId,
    contract::Standing,
    role::{Duty, Permission, Role},
    rotation::{self, Usage, Verdict},
};
use serde::Serialize;
use store::{
    Db, Moment,
    access_requests::AccessRequest,
    api_credentials::ApiCredentialRow,
    client_methods::MethodUse,
    clients::{ClientRow, SecretRow},
    contracts::Contract,
    customer_type_requests::CustomerTypeRequest,
    decisions::Kept,
    grants::GrantRow,
    invitations::Invitation,
    memberships::Member,
    organisations::{Organisation, Stopped},
    policy_acceptances::Acceptance,
    projects::Project,
    public_keys::PublicKeyRow,
};
use uuid::Uuid;

use crate::{
    Actor, App, Error, Result, client_methods, contracts, organisations,
    permission::{self, Needs},
    policies, projects,
};

/// How many of the last invitations and decisions a page shows at most.
pub const LAST: i64 = 200;

/// An organisation with everything on its page.
#[derive(Serialize)]
pub struct OrganisationPage {
    /// The organisation.
    pub organisation: Organisation,
    /// What the one who looks is there; `None`: staff or the operator.
    pub role: Option<Role>,
    /// Why it may not act; `None`: it may.
    pub stopped: Option<Stopped>,
    /// Its members, by name.
    pub members: Vec<Member>,
    /// Its last invitations, newest first, the ended ones too.
    pub invitations: Vec<Invitation>,
    /// Its contracts, by number.
    pub contracts: Vec<Contract>,
    /// Its projects, by name, the archived ones too.
    pub projects: Vec<Project>,
    /// What it asked to be, newest first.
    pub customer_types: Vec<CustomerTypeRequest>,
}

/// A project with everything on its page.
#[derive(Serialize)]
pub struct ProjectPage {
    /// The project.
    pub project: Project,
    /// Its organisation.
    pub organisation: Organisation,
    /// Why the organisation may not act; `None`: it may.
    pub stopped: Option<Stopped>,
    /// What the one who looks is there; `None`: staff or the operator.
    pub role: Option<Role>,
    /// Its clients, sandbox first in each the oldest.
    pub clients: Vec<ClientPage>,
    /// Its API credentials, the dead ones too.
    pub api_credentials: Vec<ApiCredentialRow>,
    /// What it asked for, oldest first, with the states.
    pub access_requests: Vec<AccessRequest>,
    /// What came of it, the dead ones too.
    pub grants: Vec<GrantRow>,
    /// Which policies were accepted for it, newest first.
    pub acceptances: Vec<Acceptance>,
    /// What production still takes.
    pub production: Production,
    /// The policies in force and to come, and whether they are to be accepted anew.
    pub policies: policies::Standing,
}

/// A client with its secrets and public keys.
#[derive(Serialize)]
pub struct ClientPage {
    /// The client.
    pub client: ClientRow,
    /// Its secrets, oldest first, the dead ones too.
    pub secrets: Vec<SecretPage>,
    /// Its public keys that open something, oldest first.
    pub public_keys: Vec<PublicKeyRow>,
    /// How it proved itself within [`client_methods::DAYS`], the latest use first.
    pub methods: Vec<MethodUse>,
    /// When it stops getting tokens, because everything that still opens something retires: so it is while it is being replaced.
    pub retires_at: Option<Moment>,
}

/// A secret with what to tell its owner.
#[derive(Serialize)]
pub struct SecretPage {
    /// Everything but the secret.
    pub secret: SecretRow,
    /// Whether it may go.
    pub verdict: Verdict,
}

/// What production takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Production {
    /// The organisation has an active contract.
    pub contract: bool,
    /// Somebody accepted the policies in force.
    pub policies: bool,
}

/// An organisation for its page.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn organisation(app: &App, actor: &Actor, id: OrganisationId) -> Result<OrganisationPage> {
    let organisation = organisations::reach(app, actor, id, Needs::Member(Permission::See)).await?;
    let db = app.db();
    Ok(OrganisationPage {
        role: role(app, actor, id).await?,
        stopped: stopped(db, &organisation).await?,
        organisation,
        members: store::memberships::of_organisation(db, id).await?,
        invitations: store::invitations::of_organisation(db, id, LAST).await?,
        contracts: store::contracts::of_organisation(db, id).await?,
        projects: store::projects::of_organisation(db, id).await?,
        customer_types: store::customer_type_requests::of_organisation(db, id).await?,
    })
}

/// A project for its page.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn project(app: &App, actor: &Actor, id: ProjectId) -> Result<ProjectPage> {
    let (project, _) = projects::reach(app, actor, id, Needs::Member(Permission::See)).await?;
    let (db, owner) = (app.db(), project.organisation_id);
    let organisation = store::organisations::find(db, owner).await?.ok_or_else(|| Error::not_found("project", id))?;
    let clients = store::clients::of_project(db, id).await?;
    let mut secrets: HashMap<ClientId, Vec<SecretRow>> = HashMap::new();
    for secret in store::clients::secrets_of_project(db, id).await? {
        secrets.entry(secret.client_id.clone()).or_default().push(secret);
    }
    let mut public_keys: HashMap<ClientId, Vec<PublicKeyRow>> = HashMap::new();
    for key in store::public_keys::of_project(db, id).await? {
        if key.retires_at.is_none_or(|at| app.moment() < at) {
            public_keys.entry(key.client_id.clone()).or_default().push(key);
        }
    }
    let mut methods: HashMap<ClientId, Vec<MethodUse>> = HashMap::new();
    let since = Moment(client_methods::since(app));
    for used in store::client_methods::of_project(db, id).await?.into_iter().filter(|used| used.last_used_at >= since) {
        methods.entry(used.client_id.clone()).or_default().push(used);
    }
    let of = |client: ClientRow| {
        let secrets = secrets.remove(&client.id).unwrap_or_default();
        let public_keys = public_keys.remove(&client.id).unwrap_or_default();
        let methods = methods.remove(&client.id).unwrap_or_default();
        ClientPage { methods, ..with_verdicts(client, secrets, public_keys, app.moment()) }
    };
    let mut clients: Vec<ClientPage> = clients.into_iter().map(of).collect();
    clients.sort_by_key(|client| client.client.environment == Environment::Production);
    let acceptances = store::policy_acceptances::of_project(db, id).await?;
    let standing = policies::standing(app, &acceptances).await?;
    Ok(ProjectPage {
        stopped: stopped(db, &organisation).await?,
        organisation,
        role: role(app, actor, owner).await?,
        clients,
        api_credentials: store::api_credentials::of_project(db, id).await?,
        access_requests: store::access_requests::of_project(db, id).await?,
        grants: store::grants::of_project(db, id).await?,
        production: Production {
            contract: contracts::any_active(app, owner).await?,
            policies: policies::has(&acceptances, Environment::Production, &standing.current.version),
        },
        policies: standing,
        acceptances,
        project,
    })
}

/// How many customer keys of a project may act in an environment.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn acting_customer_keys(app: &App, actor: &Actor, project: ProjectId, environment: Environment) -> Result<i64> {
    projects::reach(app, actor, project, Needs::Member(Permission::See)).await?;
    Ok(store::customer_keys::acting(app.db(), project, environment).await?)
}

/// When a client of the project last got a token in an environment; it may be some seconds behind.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn last_token(app: &App, actor: &Actor, project: ProjectId, environment: Environment) -> Result<Option<Moment>> {
    projects::reach(app, actor, project, Needs::Member(Permission::See)).await?;
    Ok(store::clients::last_use(app.db(), project, environment).await?)
}

/// The last decisions on a project's requests, newest first, at most `limit` (1 to [`LAST`]).
///
/// # Errors
/// [`Error::NotFound`].
pub async fn decisions(app: &App, actor: &Actor, project: ProjectId, limit: i64) -> Result<Vec<Kept>> {
    projects::reach(app, actor, project, Needs::Member(Permission::See)).await?;
    Ok(store::decisions::of_project(app.db(), project, limit.clamp(1, LAST)).await?)
}

/// The last decision on a project's requests in an environment, however many there were in the other.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn last_decision(app: &App, actor: &Actor, project: ProjectId, environment: Environment) -> Result<Option<Kept>> {
    projects::reach(app, actor, project, Needs::Member(Permission::See)).await?;
    Ok(store::decisions::last(app.db(), project, environment).await?)
}

/// The decision on the request with this id, for those who see the project it belongs to. One that belongs to nobody is for staff.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn decision(app: &App, actor: &Actor, id: Uuid) -> Result<Kept> {
    let absent = || Error::not_found("decision", id);
    let kept = store::decisions::find(app.db(), id).await?.ok_or_else(absent)?;
    match kept.project_id.as_deref().and_then(|project| project.parse::<ProjectId>().ok()) {
        Some(project) => projects::reach_for(app, actor, project, Needs::Member(Permission::See), ("decision", &id)).await.map(drop)?,
        None => permission::staff(app, actor, Duty::See).await.map_err(|error| match error {
            Error::NotFound { .. } => absent(),
            error => error,
        })?,
    }
    Ok(kept)
}

/// Most organisations may act: of those nothing more is read.
async fn stopped(db: &Db, organisation: &Organisation) -> Result<Option<Stopped>> {
    if organisation.status == Standing::Active { Ok(None) } else { Ok(store::organisations::stopped(db, organisation.id).await?) }
}

async fn role(app: &App, actor: &Actor, organisation: OrganisationId) -> Result<Option<Role>> {
    let Actor::Account(account) = actor else { return Ok(None) };
    Ok(store::memberships::place(app.db(), organisation, *account).await?.and_then(|place| place.role))
}

fn with_verdicts(client: ClientRow, secrets: Vec<SecretRow>, public_keys: Vec<PublicKeyRow>, now: Moment) -> ClientPage {
    let live = |secret: &SecretRow| secret.revoked_at.is_none() && secret.retires_at.is_none_or(|at| now < at);
    let usage = |secret: &SecretRow| Usage { live: live(secret), last_used_at: secret.last_used_at.map(|at| at.0) };
    let judged: Vec<Verdict> = secrets
        .iter()
        .map(|secret| {
            let others: Vec<Usage> = secrets.iter().filter(|other| other.id != secret.id).map(usage).collect();
            rotation::verdict(usage(secret), &others, now.0)
        })
        .collect();
    let of_secrets = secrets.iter().filter(|secret| live(secret)).map(|secret| secret.retires_at);
    let ends: Vec<Option<Moment>> = of_secrets.chain(public_keys.iter().map(|key| key.retires_at)).collect();
    let retires_at = if ends.iter().all(Option::is_some) { ends.into_iter().flatten().max() } else { None };
    let secrets = secrets.into_iter().zip(judged).map(|(secret, verdict)| SecretPage { secret, verdict }).collect();
    ClientPage { client, secrets, public_keys, methods: Vec::new(), retires_at }
}
