//! Who acts for an organisation, seen from its side: platforms that have customer keys for its account numbers in production. It sees them, and stops
//! them for good.
//!
//! An account number is an organisation's own when it is the contract number or the client number of an active contract of it, which the operator
//! confirmed. In the sandbox nothing is anybody's. The holder learns the names of the platform and its project, and nothing else of either.

use domain::{
    ChildKey, Environment, OrganisationId,
    contract::Standing,
    role::{Duty, Permission},
};
use serde::Serialize;
use serde_json::json;
use store::{
    Moment,
    acting::{self, Acting, After, Stop},
    consents::{self, Renewing},
};

use crate::{
    Actor, App, Error, REASON, Result, Rule,
    notices::{Notice, notice},
    organisations,
    permission::{self, Hat, Needs},
    policies, projects, reason,
};

/// How many keys a page has at most.
pub const LISTED: i64 = 200;
/// How far keys are counted; that many stand for more.
pub const COUNTED: i64 = 1000;

/// A customer key as the holder of its account number sees it.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// Its public half, by which the holder names it.
    pub id: ChildKey,
    /// For which of the holder's account numbers it acts.
    pub account_number: String,
    /// The name of the organisation that acts.
    pub organisation: String,
    /// The name of its project.
    pub project: String,
    /// Whether it may act.
    pub status: Standing,
    /// Since when.
    pub created_at: Moment,
    /// By what the holder proved itself when it agreed: `address`, `pin` or `invoice`; `None`: the operator issued the key.
    pub method: Option<String>,
    /// To which version of the policies it agreed, at last.
    pub agreement: Option<String>,
    /// When the key was last used; it may be some minutes behind.
    pub last_used_at: Option<Moment>,
    /// When the holder stopped it.
    pub stopped_at: Option<Moment>,
    /// Why, as far as it said.
    pub stop_reason: Option<String>,
}

impl From<Acting> for Line {
    fn from(key: Acting) -> Self {
        Self {
            id: key.id,
            account_number: key.account_number,
            organisation: key.organisation,
            project: key.project,
            status: key.status,
            created_at: key.created_at,
            method: key.method,
            agreement: key.agreement,
            last_used_at: key.last_used_at,
            stopped_at: key.stopped_at,
            stop_reason: key.stop_reason,
        }
    }
}

/// Which keys are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only for this account number; empty: for all that the organisation holds.
    pub account_number: String,
    /// Only in this state.
    pub status: Option<Standing>,
    /// Only those after this one.
    pub after: Option<ChildKey>,
}

/// A page of who acts for an organisation.
#[derive(Debug)]
pub struct Page {
    /// The account numbers that are its own.
    pub held: Vec<String>,
    /// The keys, newest first.
    pub rows: Vec<Line>,
    /// The key after which the next page begins; `None`: this is the last.
    pub next: Option<ChildKey>,
}

/// Something the holder is about to stop.
#[derive(Debug)]
pub struct Stoppable {
    /// The key.
    pub key: Line,
    /// How many keys of the same project for the holder's account numbers are not stopped yet, this one too; [`COUNTED`] stands for more.
    pub of_project: i64,
}

/// The customer keys in production for the account numbers of an organisation, newest first, at most `limit` (1 to [`LISTED`]).
///
/// # Errors
/// [`Error::NotFound`].
pub async fn list(app: &App, actor: &Actor, organisation: OrganisationId, filter: &Filter, limit: i64) -> Result<Page> {
    organisations::reach(app, actor, organisation, Needs::Member(Permission::See)).await?;
    let held = acting::held(app.db(), organisation).await?;
    let wanted = filter.account_number.trim();
    let accounts: Vec<String> = held.iter().filter(|account| wanted.is_empty() || *account == wanted).cloned().collect();
    let (rows, next) = page(app, Environment::Production, &accounts, filter, limit).await?;
    Ok(Page { held, rows: rows.into_iter().map(Line::from).collect(), next })
}

/// How many customer keys may act for an organisation; [`COUNTED`] stands for that many or more.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn count(app: &App, actor: &Actor, organisation: OrganisationId) -> Result<i64> {
    organisations::reach(app, actor, organisation, Needs::Member(Permission::See)).await?;
    Ok(acting::acting(app.db(), organisation, COUNTED).await?)
}

/// How an organisation stands to the terms under which others act for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The version of the policies in force.
    pub version: String,
    /// Under how many keys the organisation agreed to another version only; [`COUNTED`] stands for that many or more.
    pub outdated: i64,
}

/// Whether an organisation is to agree again, because the policies have another version than those under which it let others act.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn terms(app: &App, actor: &Actor, organisation: OrganisationId) -> Result<Terms> {
    organisations::reach(app, actor, organisation, Needs::Member(Permission::See)).await?;
    let version = policies::in_force(app).await?.version;
    let outdated = consents::outdated(app.db(), organisation, &version, COUNTED).await?;
    Ok(Terms { version, outdated })
}

/// Agrees again to everything that others do for the organisation, under the version of the policies in force, which must be the one that was read
/// (`version`). `address`: from where, an IP address. How many agreements that are.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Rule`] when the policies changed meanwhile, or when nobody signed in does it.
pub async fn agree(app: &App, actor: &Actor, organisation: OrganisationId, version: &str, address: &str) -> Result<u64> {
    permission::over(app, actor, organisation, Needs::Member(Permission::Administer), ("organisation", &organisation)).await?;
    let Actor::Account(account) = actor else { return Err(Rule::NoSignature.into()) };
    policies::check_address(address)?;
    let mut tx = app.begin().await?;
    if policies::agreed_to(app, &mut tx).await? != version {
        return Err(Rule::PoliciesChanged.into());
    }
    let by = Renewing { organisation, version, account: *account, address };
    let agreed = consents::renew(&mut tx, &by, app.moment()).await?;
    if agreed > 0 {
        app.commit(tx, actor, "customer_key.agree", organisation, json!({"version": version, "agreements": agreed})).await?;
    }
    Ok(agreed)
}

/// The customer keys for one account number, of every project, for those who look after all of them: newest first, at most `limit` (1 to [`LISTED`]).
/// With the key after which the next page begins.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn of_account(
    app: &App,
    actor: &Actor,
    environment: Environment,
    account_number: &str,
    after: Option<ChildKey>,
    limit: i64,
) -> Result<(Vec<Acting>, Option<ChildKey>)> {
    permission::staff(app, actor, Duty::See).await?;
    page(app, environment, &[account_number.trim().to_owned()], &Filter { after, ..Filter::default() }, limit).await
}

/// A customer key for an account number of the organisation, for whoever may stop it.
///
/// # Errors
/// [`Error::NotFound`], also for a key for anybody else's account number; [`Error::Forbidden`].
pub async fn stoppable(app: &App, actor: &Actor, organisation: OrganisationId, id: &ChildKey) -> Result<Stoppable> {
    let key = held_key(app, actor, organisation, id).await?;
    let of_project = acting::of_project(app.db(), organisation, key.project_id, COUNTED).await?;
    Ok(Stoppable { key: key.into(), of_project })
}

/// Stops a customer key for good: its tokens end within a second on every node, no other key is touched, and the platform's people are told.
///
/// # Errors
/// As [`stoppable`]; [`Error::Invalid`] for a reason that is too long; [`Error::Refused`] when it is revoked already.
pub async fn stop(app: &App, actor: &Actor, organisation: OrganisationId, id: &ChildKey, why: Option<&str>) -> Result<()> {
    let key = held_key(app, actor, organisation, id).await?;
    let why = given(why)?;
    let mut tx = app.begin().await?;
    if !acting::stop(&mut tx, organisation, id, app.moment(), why.as_deref()).await? {
        return Err(stopped_already());
    }
    let accounts = [key.account_number.clone()];
    notice(app, &mut tx, Notice::CustomerKeysStopped { project: key.project_id, accounts: &accounts, keys: 1, reason: why.as_deref() })
        .await?;
    let detail = json!({"organisation": organisation, "project": key.project_id, "account_number": key.account_number, "reason": why});
    app.commit(tx, actor, "customer_key.stop", id, detail).await
}

/// Stops every customer key for the organisation's account numbers that the project of this one has, at once. How many.
///
/// # Errors
/// As [`stop`]; [`Error::Refused`] when none is left.
pub async fn stop_all(app: &App, actor: &Actor, organisation: OrganisationId, id: &ChildKey, why: Option<&str>) -> Result<usize> {
    let key = held_key(app, actor, organisation, id).await?;
    let why = given(why)?;
    let mut tx = app.begin().await?;
    let mut accounts = acting::stop_project(&mut tx, organisation, key.project_id, app.moment(), why.as_deref()).await?;
    let keys = accounts.len();
    if keys == 0 {
        return Err(stopped_already());
    }
    accounts.sort();
    accounts.dedup();
    notice(app, &mut tx, Notice::CustomerKeysStopped { project: key.project_id, accounts: &accounts, keys, reason: why.as_deref() })
        .await?;
    let detail = json!({"organisation": organisation, "keys": keys, "account_numbers": accounts, "reason": why});
    app.commit(tx, actor, "customer_key.stop_all", key.project_id, detail).await?;
    Ok(keys)
}

/// That the holder of its account number stopped a key.
#[derive(Debug, Clone)]
pub struct Stopped {
    /// When.
    pub at: Moment,
    /// Why, as far as it said.
    pub reason: Option<String>,
    /// Whose account number it is: for the operator alone.
    pub holder: Option<Holder>,
}

/// Whose account number it is.
#[derive(Debug, Clone)]
pub struct Holder {
    /// The organisation.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
}

/// That the holder of its account number stopped a key, for those who see the key's project; `None`: it did not.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn stopped(app: &App, actor: &Actor, id: &ChildKey) -> Result<Option<Stopped>> {
    let key = store::customer_keys::find(app.db(), id).await?.ok_or_else(|| Error::not_found("customer key", id))?;
    let (_, hat) = projects::reach_for(app, actor, key.project_id, Needs::Member(Permission::See), ("customer key", id)).await?;
    let stop = acting::stopped(app.db(), id).await?;
    Ok(stop.map(|Stop { at, reason, organisation_id, organisation }| Stopped {
        at,
        reason,
        holder: (hat == Hat::Operator).then_some(Holder { id: organisation_id, name: organisation }),
    }))
}

/// The key, for somebody who answers for the organisation that holds its account number.
async fn held_key(app: &App, actor: &Actor, organisation: OrganisationId, id: &ChildKey) -> Result<Acting> {
    permission::over(app, actor, organisation, Needs::Member(Permission::Administer), ("organisation", &organisation)).await?;
    let absent = || Error::not_found("customer key", id);
    let key = acting::find(app.db(), id).await?.filter(|key| key.environment == Environment::Production).ok_or_else(absent)?;
    if acting::held(app.db(), organisation).await?.contains(&key.account_number) { Ok(key) } else { Err(absent()) }
}

async fn page(
    app: &App,
    environment: Environment,
    accounts: &[String],
    filter: &Filter,
    limit: i64,
) -> Result<(Vec<Acting>, Option<ChildKey>)> {
    let limit = limit.clamp(1, LISTED);
    let after = match &filter.after {
        None => None,
        Some(after) => match acting::find(app.db(), after).await?.filter(|key| accounts.contains(&key.account_number)) {
            Some(Acting { id, account_number, created_at, .. }) => Some(After { id, account_number, created_at }),
            // After one that is not of the list there are none.
            None => return Ok((Vec::new(), None)),
        },
    };
    let mut rows = acting::of_accounts(app.db(), environment, accounts, filter.status, after.as_ref(), limit + 1).await?;
    let most = usize::try_from(limit).unwrap_or(0);
    let more = rows.len() > most;
    rows.truncate(most);
    let next = rows.last().filter(|_| more).map(|row| row.id.clone());
    Ok((rows, next))
}

/// A reason that may be left out.
fn given(why: Option<&str>) -> Result<Option<String>> {
    why.map(str::trim).filter(|why| !why.is_empty()).map(|why| reason(why, REASON)).transpose()
}

fn stopped_already() -> Error {
    Error::refused("Ya está parada para siempre.", "it is stopped for good already")
}
