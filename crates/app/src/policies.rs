//! The usage policies, version by version: written, published, in force from a moment on, and accepted for projects.
//!
//! A version is accepted while it is in force, or once it is announced. Whoever accepted only an older one is not stopped; they are told,
//! and get new production keys with the new one.

mod acceptances;
pub(crate) mod files;
mod in_force;

use domain::{
    Environment, ProjectId, Timestamp,
    role::{Duty, Permission},
};
use serde::Serialize;
use serde_json::json;
use store::{
    Moment,
    policies::{self as stored, Policies, Published},
    policy_acceptances::{self, Acceptance},
};

use in_force::names;
pub(crate) use in_force::{agreed_to, in_force};

pub use acceptances::{Asked, Page, PlaceInAcceptances, acceptances};

use crate::{Actor, App, Error, Result, Rule, circulars, permission, permission::Needs, projects};

/// The version that a house begins with.
pub const FIRST: &str = "2026-11";
const FIRST_SPANISH: &str = include_str!("policies/2026-11.es.md");
const FIRST_ENGLISH: &str = include_str!("policies/2026-11.en.md");

/// The longest text of a version, in bytes.
pub const LONGEST: usize = 16_000;
/// The longest account of what changed, in bytes.
pub const LONGEST_CHANGE: usize = 2000;

/// A version as it is written.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Its name: a year, then digits, small letters, dots and dashes, such as `2026-06`; at most 32 signs.
    pub version: String,
    /// The text in Spanish, in Markdown: paragraphs, `## Heading {#anchor}`, lists. At most [`LONGEST`] bytes.
    pub spanish: String,
    /// The same in English.
    pub english: String,
    /// What changed against the version before, in Spanish; may be empty. At most [`LONGEST_CHANGE`] bytes.
    pub changed_spanish: String,
    /// The same in English.
    pub changed_english: String,
}

/// What everybody may read: a version, and how it stands to the others.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The version.
    pub policies: Policies,
    /// The version in force.
    pub current: Published,
    /// The one announced to come after it.
    pub next: Option<Published>,
}

/// How a project stands to the policies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The version in force.
    pub current: Published,
    /// The one announced to come after it.
    pub next: Option<Published>,
    /// What is to be accepted anew, because only an older version was.
    pub anew: Option<Anew>,
}

/// A version that asks again whoever accepted an older one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Anew {
    /// For which environment.
    pub environment: Environment,
    /// Which.
    pub version: String,
    /// From when it is in force.
    pub in_force_at: Moment,
}

/// Writes the first version when there is none.
pub(crate) async fn ensure(app: &App) -> Result<()> {
    if stored::find(app.db(), FIRST).await?.is_some() || !stored::all(app.db()).await?.is_empty() {
        return Ok(());
    }
    let now = app.moment();
    let first = Policies {
        version: FIRST.to_owned(),
        spanish: FIRST_SPANISH.to_owned(),
        english: FIRST_ENGLISH.to_owned(),
        changed_spanish: String::new(),
        changed_english: String::new(),
        revision: 1,
        created_at: now,
        created_by: Actor::System.to_string(),
        published_at: Some(now),
        published_by: Some(Actor::System.to_string()),
        in_force_at: Some(now),
    };
    let mut tx = app.begin().await?;
    match stored::insert(&mut tx, &first).await {
        Ok(true) => {}
        // Another node that starts in this moment was faster: what it wrote is the same.
        Ok(false) | Err(store::Error::Taken(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    app.commit(tx, &Actor::System, "policies.publish", FIRST, json!({"in_force_at": now})).await
}

/// A published version for everybody: the one in force, or that of this name.
///
/// # Errors
/// [`Error::NotFound`] when no such version is published.
pub async fn show(app: &App, version: Option<&str>) -> Result<Shown> {
    let (current, next) = names(app).await?;
    let name = version.unwrap_or(&current.version);
    let found = stored::find(app.db(), name).await?.filter(|policies| policies.published_at.is_some());
    Ok(Shown { policies: found.ok_or_else(|| Error::not_found("version of the policies", name))?, current, next })
}

/// Every version, drafts first, then the newest first.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Policies>> {
    permission::staff(app, actor, Duty::See).await?;
    Ok(stored::all(app.db()).await?)
}

/// The version of that name, drafts too.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(app: &App, actor: &Actor, version: &str) -> Result<Policies> {
    permission::staff(app, actor, Duty::See).await?;
    stored::find(app.db(), version).await?.ok_or_else(|| Error::not_found("version of the policies", version))
}

/// Writes a draft: a new one, or over the one of this name in the revision that was read (`None`: whatever is there). What is published
/// is not written over. The revision it has now; a draft that says what it said keeps its own.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`]; [`Error::Invalid`] naming the field; [`Error::Refused`] for a published version, or when
/// somebody else changed the draft since.
pub async fn put_draft(app: &App, actor: &Actor, draft: &Draft, revision: Option<i64>) -> Result<i64> {
    permission::staff(app, actor, Duty::Publish).await?;
    let draft = checked(draft)?;
    let known = stored::find(app.db(), &draft.version).await?;
    let policies = known.clone().unwrap_or_else(|| blank(app, actor, &draft.version));
    if policies.published_at.is_some() {
        return Err(published(&draft.version));
    }
    if known.is_some() && revision.is_some_and(|read| read != policies.revision) {
        return Err(changed_meanwhile());
    }
    let policies = draft.over(policies);
    let texts = |of: &Policies| [&of.spanish, &of.english, &of.changed_spanish, &of.changed_english].map(Clone::clone);
    if known.as_ref().is_some_and(|known| texts(known) == texts(&policies)) {
        return Ok(policies.revision);
    }
    let mut tx = app.begin().await?;
    let written = match known {
        Some(_) => stored::change(&mut tx, &policies).await?,
        None => stored::insert(&mut tx, &policies).await?,
    };
    if !written {
        return Err(changed_meanwhile());
    }
    app.commit(tx, actor, "policies.draft", &policies.version, json!({})).await?;
    Ok(if known.is_some() { policies.revision + 1 } else { policies.revision })
}

/// Removes a draft.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`]; [`Error::Refused`] for a published version, or when somebody else changed the draft since.
pub async fn discard(app: &App, actor: &Actor, version: &str, revision: i64) -> Result<()> {
    permission::staff(app, actor, Duty::Publish).await?;
    let policies = find(app, actor, version).await?;
    if policies.published_at.is_some() {
        return Err(published(version));
    }
    let mut tx = app.begin().await?;
    if !stored::discard(&mut tx, version, revision).await? {
        return Err(changed_meanwhile());
    }
    app.commit(tx, actor, "policies.discard", version, json!({})).await
}

/// Publishes a draft in the revision that was read: it is in force from `in_force_at` on, `None`: from now on. Everybody who accepted an
/// older version is told by mail, some at once and the others as [`upkeep`](crate::upkeep) goes by.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`]; [`Error::Invalid`] for a moment that has gone by or comes before another version's;
/// [`Error::Refused`] for a published version, or when somebody else changed the draft since or published another at once.
pub async fn publish(app: &App, actor: &Actor, version: &str, revision: i64, in_force_at: Option<Timestamp>) -> Result<Policies> {
    permission::staff(app, actor, Duty::Publish).await?;
    let mut policies = find(app, actor, version).await?;
    if policies.published_at.is_some() {
        return Err(published(version));
    }
    let now = app.moment();
    let from = in_force_at.map_or(now, Moment);
    if from < now {
        return Err(Error::invalid("in_force_at", "Esa fecha ya ha pasado.", "that moment has gone by"));
    }
    let (current, next) = names(app).await?;
    let last = next.unwrap_or(current);
    if from <= last.in_force_at {
        return Err(Error::invalid(
            "in_force_at",
            format!("Tiene que ser después del {}, cuando entra en vigor la versión {}.", day(last.in_force_at), last.version),
            format!("it must come after {}, when version {} comes into force", last.in_force_at, last.version),
        ));
    }
    let mut tx = app.begin().await?;
    // Two who publish at once see each other: the second is refused, not broken.
    stored::hold(&mut tx).await?;
    match stored::publish(&mut tx, version, revision, now, &actor.to_string(), from).await {
        Ok(true) => {}
        Ok(false) | Err(store::Error::Taken(_)) => return Err(changed_meanwhile()),
        Err(error) => return Err(error.into()),
    }
    (policies.published_at, policies.published_by, policies.in_force_at) = (Some(now), Some(actor.to_string()), Some(from));
    circulars::begin(app, &mut tx, &circulars::About::Policies(&policies)).await?;
    app.commit(tx, actor, "policies.publish", version, json!({"in_force_at": from})).await?;
    Ok(policies)
}

/// How many people are told by mail when a version is published.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn recipients(app: &App, actor: &Actor) -> Result<i64> {
    permission::staff(app, actor, Duty::See).await?;
    Ok(store::circulars::accepters_count(app.db()).await?)
}

/// Accepts the policies for a project in an environment: in production for an admin to do, in the sandbox for whoever builds there.
/// `version`: the one that was read, which must be in force or announced; `address`: from where, an IP address. Accepting twice changes
/// nothing.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Rule`] when the policies changed meanwhile, or when nobody signed in does it.
pub async fn accept(app: &App, actor: &Actor, project: ProjectId, environment: Environment, version: &str, address: &str) -> Result<()> {
    let permission = match environment {
        Environment::Sandbox => Permission::Develop,
        Environment::Production => Permission::Administer,
    };
    projects::reach(app, actor, project, Needs::Member(permission)).await?;
    let Actor::Account(account) = actor else { return Err(Rule::NoSignature.into()) };
    let (current, next) = names(app).await?;
    if version != current.version && next.is_none_or(|next| next.version != version) {
        return Err(Rule::PoliciesChanged.into());
    }
    check_address(address)?;
    let acceptance = Acceptance {
        environment,
        version: version.to_owned(),
        account_id: *account,
        address: address.to_owned(),
        accepted_at: app.moment(),
    };
    let mut tx = app.begin().await?;
    projects::hold(&mut tx, project).await?;
    if !policy_acceptances::insert(&mut tx, project, &acceptance).await? {
        return Ok(());
    }
    app.commit(tx, actor, "policies.accept", project, json!({"environment": environment, "version": version})).await
}

/// From where somebody agrees is kept, and must be a place.
pub(crate) fn check_address(address: &str) -> Result<()> {
    let wrong = |_| Error::invalid("address", "Una dirección IP.", "an IP address");
    address.parse::<std::net::IpAddr>().map(drop).map_err(wrong)
}

/// Whether the policies in force were accepted for a project in an environment.
pub(crate) async fn accepted(app: &App, project: ProjectId, environment: Environment) -> Result<bool> {
    let (current, _) = names(app).await?;
    Ok(has(&policy_acceptances::of_project(app.db(), project).await?, environment, &current.version))
}

/// Whether one of these is of this version in this environment.
#[must_use]
pub fn has(acceptances: &[Acceptance], environment: Environment, version: &str) -> bool {
    acceptances.iter().any(|acceptance| acceptance.environment == environment && acceptance.version == version)
}

/// How a project with these acceptances stands.
pub(crate) async fn standing(app: &App, acceptances: &[Acceptance]) -> Result<Standing> {
    let (current, next) = names(app).await?;
    let anew = |environment: Environment| {
        let any = acceptances.iter().any(|acceptance| acceptance.environment == environment);
        let lacking = |published: &&Published| !has(acceptances, environment, &published.version);
        // What comes is asked for in production only: the sandbox's may be accepted and need not.
        let next = next.as_ref().filter(|_| environment == Environment::Production);
        // Whoever accepted what comes has done what there is to do.
        let asks = if next.is_some_and(|next| !lacking(&next)) { None } else { Some(&current).filter(lacking).or(next.filter(lacking)) };
        let asks = asks.filter(|_| any)?;
        Some(Anew { environment, version: asks.version.clone(), in_force_at: asks.in_force_at })
    };
    let anew = anew(Environment::Production).or_else(|| anew(Environment::Sandbox));
    Ok(Standing { current, next, anew })
}

impl Draft {
    /// The version with these texts.
    fn over(self, before: Policies) -> Policies {
        let Self { version: _, spanish, english, changed_spanish, changed_english } = self;
        Policies { spanish, english, changed_spanish, changed_english, ..before }
    }
}

/// A draft that says nothing yet.
fn blank(app: &App, actor: &Actor, version: &str) -> Policies {
    Policies {
        version: version.to_owned(),
        spanish: String::new(),
        english: String::new(),
        changed_spanish: String::new(),
        changed_english: String::new(),
        revision: 1,
        created_at: app.moment(),
        created_by: actor.to_string(),
        published_at: None,
        published_by: None,
        in_force_at: None,
    }
}

/// The text, when a version may be called so: the year, then digits, small letters, dots or dashes, 32 signs at most.
///
/// # Errors
/// [`Error::Invalid`].
pub fn version(text: &str) -> Result<&str> {
    let fits = |sign: char| sign.is_ascii_digit() || sign.is_ascii_lowercase() || matches!(sign, '.' | '-');
    if (4..=32).contains(&text.len()) && text.chars().all(fits) && text.chars().take(4).all(|sign| sign.is_ascii_digit()) {
        return Ok(text);
    }
    Err(Error::invalid(
        "version",
        "Empieza por el año y sigue con cifras, minúsculas, puntos o guiones, como «2027-01»; 32 signos como mucho.",
        "begin with the year and go on with digits, small letters, dots or dashes, as in 2027-01; at most 32 signs",
    ))
}

fn checked(draft: &Draft) -> Result<Draft> {
    Ok(Draft {
        version: version(draft.version.trim())?.to_owned(),
        spanish: text("spanish", &draft.spanish, 1, LONGEST)?,
        english: text("english", &draft.english, 1, LONGEST)?,
        changed_spanish: text("changed_spanish", &draft.changed_spanish, 0, LONGEST_CHANGE)?,
        changed_english: text("changed_english", &draft.changed_english, 0, LONGEST_CHANGE)?,
    })
}

/// A text with lines, `least` to `most` bytes, with the line ends of Unix: browsers send others.
pub(crate) fn text(field: &'static str, text: &str, least: usize, most: usize) -> Result<String> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if !(least..=most).contains(&text.len()) || text.chars().any(|sign| sign.is_control() && sign != '\n' && sign != '\t') {
        return Err(Error::invalid(
            field,
            format!("Escribe de {least} a {most} bytes de texto."),
            format!("write {least} to {most} bytes of text"),
        ));
    }
    Ok(text)
}

fn published(version: &str) -> Error {
    Error::refused(
        format!("La versión {version} está publicada y ya no cambia: escribe otra."),
        format!("version {version} is published and does not change any more: write another"),
    )
}

/// Two people edit the same thing: the second must look first.
pub(crate) fn changed_meanwhile() -> Error {
    Error::refused(
        "Otra persona lo ha cambiado mientras tanto: mira cómo está ahora antes de guardar lo tuyo.",
        "somebody else changed it meanwhile: look how it stands now before you save yours",
    )
}

fn day(at: Moment) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}
