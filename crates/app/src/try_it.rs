//! The console on an API's page: calls in the sandbox, in the name of a project, by somebody who builds for it.
//!
//! The page runs a script of somebody else's making, so it holds nothing of the project: only a ticket, which opens the portal's own route
//! for such calls, for half an hour, while the session it was given to lives and its account may still build for the project.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    AccountId, ClientId, Environment, ProjectId, SessionId,
    contract::Standing,
    role::Permission,
    secret::{Secret, SecretHash},
};
use jiff::SignedDuration;
use store::projects::ProjectOfAccount;
use uuid::Uuid;

use crate::{
    Actor, App, Error, Result, Rule,
    accounts::{self, SignedIn},
    permission::Needs,
    projects,
};

/// How long a ticket is good.
const LIFE: SignedDuration = SignedDuration::from_mins(30);
/// What every ticket begins with.
const PREFIX: &str = "pgx_";
/// Account, session and project, sixteen bytes each; the second it ends in eight; a keyed hash in thirty-two.
const SAID: usize = 3 * 16 + 8;
const LONG: usize = SAID + 32;

/// The projects of an account, by organisation and name, each with what it may do with `api` in the sandbox. At most 200.
///
/// # Errors
/// When the database cannot be read.
pub async fn projects_for(app: &App, who: &SignedIn, api: &str) -> Result<Vec<ProjectOfAccount>> {
    Ok(store::projects::of_account(app.db(), who.id(), Environment::Sandbox, api).await?)
}

/// A ticket for calls in the name of a project.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Rule`] when the project is archived.
pub async fn ticket(app: &App, who: &SignedIn, project: ProjectId) -> Result<Secret> {
    let (found, _) = projects::reach(app, &who.actor(), project, Needs::Member(Permission::Develop)).await?;
    if found.archived_at.is_some() {
        return Err(Rule::Archived.into());
    }
    let until = (app.now() + LIFE).as_second();
    let mut bytes = Vec::with_capacity(LONG);
    for id in [who.id().0, who.session().id.0, project.0] {
        bytes.extend_from_slice(id.as_bytes());
    }
    bytes.extend_from_slice(&until.to_be_bytes());
    let seal = seal(app, &bytes);
    bytes.extend_from_slice(seal.as_bytes());
    Ok(Secret::new(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(&bytes))))
}

/// The sandbox client that a ticket stands for, now.
///
/// # Errors
/// [`accounts::Refusal::Ended`] when it is none of ours, too old, or of a session that ended; what [`ticket`] says when the account may not
/// build for the project any more; [`Error::NotFound`] when the project has no client that may act.
pub async fn redeem(app: &App, ticket: &str) -> Result<ClientId> {
    let said = read(app, ticket).filter(|said| app.now().as_second() < said.until).ok_or(accounts::Refusal::Ended)?;
    if !accounts::has_session(app, said.account, said.session).await? {
        return Err(accounts::Refusal::Ended.into());
    }
    projects::reach(app, &Actor::Account(said.account), said.project, Needs::Member(Permission::Develop)).await?;
    let clients = store::clients::of_project(app.db(), said.project).await?;
    let newest = clients.into_iter().rfind(|client| client.environment == Environment::Sandbox && client.status == Standing::Active);
    newest.map(|client| client.id).ok_or_else(|| Error::not_found("sandbox client that may act in project", said.project))
}

/// What a ticket says.
struct Said {
    account: AccountId,
    session: SessionId,
    project: ProjectId,
    /// A second since 1970.
    until: i64,
}

fn read(app: &App, ticket: &str) -> Option<Said> {
    let text = ticket.strip_prefix(PREFIX).filter(|text| text.len() <= 2 * LONG)?;
    let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() == LONG)?;
    let (said, sealed) = bytes.split_at(SAID);
    // Hashed once more, so that how long the comparison takes says nothing.
    let (expected, found) = (hex(seal(app, said).as_bytes()), hex(sealed));
    if !app.hash_key.hash(&found).matches(&app.hash_key.hash(&expected)) {
        return None;
    }
    let id = |at: usize| Uuid::from_slice(said.get(at * 16..(at + 1) * 16)?).ok();
    let until = i64::from_be_bytes(said.get(48..)?.try_into().ok()?);
    Some(Said { account: id(0)?.into(), session: id(1)?.into(), project: id(2)?.into(), until })
}

fn seal(app: &App, said: &[u8]) -> SecretHash {
    app.hash_key.hash(&format!("console:{}", hex(said)))
}

fn hex(bytes: &[u8]) -> String {
    domain::digest::hex(bytes)
}
