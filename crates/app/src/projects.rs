//! Projects.

use domain::{
    ApiName, Environment, OrganisationId, ProjectId,
    api::Api,
    role::{Duty, Permission},
};
use serde_json::json;
use store::{Tx, audit, projects::Project};

use crate::{
    Actor, App, Bounded, Error, Result, Rule, access, approval_rules, clients, name,
    permission::{self, Hat, Needs},
};

/// How many projects that are not archived members may give their organisation.
pub const MOST: i64 = 100;

/// How many APIs one may choose while creating a project.
const MOST_CHOSEN: usize = 50;

/// A project with its sandbox client.
pub struct Created {
    /// The project.
    pub project: Project,
    /// Its client for the sandbox, with its first secret.
    pub client: clients::Created,
}

/// A project with what became of its first access requests.
pub struct Equipped {
    /// The project with its client.
    pub created: Created,
    /// One for each chosen API, in the order they were chosen.
    pub access: Vec<access::Outcome>,
}

/// Creates a project with a client for the sandbox.
///
/// # Errors
/// [`Error::NotFound`] for the organisation, [`Error::Taken`] for the name, also when an archived project has it.
pub async fn create(app: &App, actor: &Actor, organisation: OrganisationId, project: &str) -> Result<Created> {
    Ok(create_with(app, actor, organisation, project, &[]).await?.created)
}

/// Creates a project with a client for the sandbox, and asks for access to these APIs there, all their scopes under their first plan: all
/// of it happens, or nothing.
///
/// # Errors
/// As [`create`]; [`Error::NotFound`] for an API.
pub async fn create_with(app: &App, actor: &Actor, organisation: OrganisationId, project: &str, apis: &[ApiName]) -> Result<Equipped> {
    let hat = permission::over(app, actor, organisation, Needs::Member(Permission::Develop), ("organisation", &organisation)).await?;
    let owner = store::organisations::find(app.db(), organisation).await?.ok_or_else(|| Error::not_found("organisation", organisation))?;
    if apis.len() > MOST_CHOSEN {
        return Err(Error::invalid("apis", format!("Elige {MOST_CHOSEN} como mucho."), format!("choose {MOST_CHOSEN} at most")));
    }
    let mut chosen: Vec<(&ApiName, Api, Option<String>)> = Vec::new();
    for api in apis {
        if !chosen.iter().any(|(name, ..)| *name == api) {
            let found = access::offered(app, api, owner.customer_type).await?;
            let verdict = approval_rules::verdict(app, actor, &owner, &found, Environment::Sandbox, None, None).await?;
            chosen.push((api, found, verdict));
        }
    }
    let mut tx = app.begin().await?;
    store::organisations::hold(&mut tx, organisation).await?;
    if hat == Hat::Member && store::projects::live(&mut tx, organisation).await? >= MOST {
        return Err(Rule::TooMany(Bounded::Projects, MOST).into());
    }
    let created = add(app, &mut tx, organisation, project).await?;
    let mut outcomes = Vec::new();
    for (name, api, verdict) in chosen {
        let wish = access::Wish {
            project: created.project.id,
            environment: Environment::Sandbox,
            api: name.clone(),
            scopes: None,
            plan: None,
            reason: String::new(),
        };
        let (outcome, detail) = access::place(app, &mut tx, wish, &api, verdict).await?;
        let subject = outcome.request.id.to_string();
        tx.audit(audit::Entry { actor: actor.to_string(), action: "access.request", subject, detail });
        outcomes.push(outcome);
    }
    let detail = json!({"organisation": organisation, "name": created.project.name, "client_id": created.client.client.id});
    app.commit(tx, actor, "project.create", created.project.id, detail).await?;
    Ok(Equipped { created, access: outcomes })
}

pub(crate) async fn add(app: &App, tx: &mut Tx, organisation: OrganisationId, project: &str) -> Result<Created> {
    let project = Project {
        id: app.uuid().into(),
        organisation_id: organisation,
        name: name("name", project, 120)?,
        created_at: app.moment(),
        archived_at: None,
    };
    store::projects::insert(tx, &project).await.map_err(|error| match error {
        store::Error::Dangling => Error::not_found("organisation", organisation),
        error => Error::taken(error, "a project of that name", &project.name),
    })?;
    let client = clients::add(app, tx, project.id, Environment::Sandbox).await?;
    Ok(Created { project, client })
}

/// The project with this id.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(app: &App, actor: &Actor, id: ProjectId) -> Result<Project> {
    Ok(reach(app, actor, id, Needs::Member(Permission::See)).await?.0)
}

/// Renames a project.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`], [`Error::Taken`]; [`Error::Rule`] when it is archived.
pub async fn rename(app: &App, actor: &Actor, id: ProjectId, to: &str) -> Result<()> {
    let (project, _) = reach(app, actor, id, Needs::Member(Permission::Develop)).await?;
    let to = name("name", to, 120)?;
    let mut tx = app.begin().await?;
    if !store::projects::rename(&mut tx, id, &to).await.map_err(|error| Error::taken(error, "a project of that name", &to))? {
        return Err(Rule::Archived.into());
    }
    app.commit(tx, actor, "project.rename", id, json!({"from": project.name, "to": to})).await
}

/// Why requests and grants ended that an archived project had: written by the program, for pages to say in the reader's language.
pub const ARCHIVED: &str = "the project was archived";

/// Archives a project for good: its clients, API credentials, customer keys and grants end in both environments within a second on every
/// node, and what it asked for is rejected. Its name stays taken, because its history keeps it.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Rule`] when it is archived.
pub async fn archive(app: &App, actor: &Actor, id: ProjectId) -> Result<()> {
    let (project, _) = reach(app, actor, id, Needs::Either(Permission::Administer, Duty::Administer)).await?;
    let mut tx = app.begin().await?;
    if !store::projects::archive(&mut tx, id, app.moment(), &actor.to_string(), ARCHIVED).await? {
        return Err(Rule::Archived.into());
    }
    app.commit(tx, actor, "project.archive", id, json!({"name": project.name})).await
}

/// The project, for somebody who has what it takes.
pub(crate) async fn reach(app: &App, actor: &Actor, id: ProjectId, needs: Needs) -> Result<(Project, Hat)> {
    reach_for(app, actor, id, needs, ("project", &id)).await
}

/// The project behind a thing, which is what strangers hear is not there.
pub(crate) async fn reach_for(
    app: &App,
    actor: &Actor,
    id: ProjectId,
    needs: Needs,
    thing: permission::Thing<'_>,
) -> Result<(Project, Hat)> {
    let project = store::projects::find(app.db(), id).await?.ok_or_else(|| Error::not_found(thing.0, thing.1))?;
    let hat = permission::over(app, actor, project.organisation_id, needs, thing).await?;
    Ok((project, hat))
}

/// Keeps the project from being archived until the transaction ends.
pub(crate) async fn hold(tx: &mut Tx, id: ProjectId) -> Result<()> {
    if store::projects::hold(tx, id).await? { Ok(()) } else { Err(Rule::Archived.into()) }
}
