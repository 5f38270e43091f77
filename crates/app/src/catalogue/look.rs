//! The catalogue as those who publish see it: what is live, what waits, what it would change and for whom.

use domain::{
    ApiName, ScopeSet,
    api::{Api, Life},
    management,
    openapi::{
        self, Fault,
        compare::{self, Difference},
    },
    plan::{HousePlan, Plans, Title},
    role::Duty,
};
use serde_json::Value;
use store::{
    api_versions::{Holder, Version, Written},
    apis::Entry,
};

use super::drafts::conflicts;
use crate::{Actor, App, Error, Result, permission};

/// How many versions of an API are listed, how many steps its changelog has, and how many projects are named.
const MOST_VERSIONS: i64 = 100;
const MOST_STEPS: i64 = 20;
const MOST_NAMED: usize = 50;

/// An API with all its versions.
pub struct Overview {
    /// Its name.
    pub name: ApiName,
    /// What is live; `None`: nothing was published yet.
    pub live: Option<Live>,
    /// Its versions, the newest first, 100 at most.
    pub versions: Vec<Version>,
}

/// What is live of an API.
pub struct Live {
    /// What was read of its document.
    pub api: Api,
    /// Its life.
    pub life: Life,
}

/// A version, read.
pub struct Seen {
    /// The version.
    pub version: Version,
    /// What was read of its document.
    pub api: Api,
    /// Its document.
    pub document: Value,
}

/// A version beside the one before it.
pub struct Compared {
    /// The version.
    pub seen: Seen,
    /// What it is compared with: for a draft what is live, else what was live before; 0 for nothing.
    pub over: i64,
    /// What is different.
    pub differences: Vec<Difference>,
    /// How many projects hold grants that reach what breaks, and the first 50 of them.
    pub reached: usize,
    /// One entry for each project and environment.
    pub holders: Vec<Holder>,
    /// Paths that other APIs have.
    pub conflicts: Vec<Fault>,
}

/// A step in the history of an API.
pub struct Step {
    /// The version.
    pub version: Version,
    /// What was different in it.
    pub differences: Vec<Difference>,
    /// Whether it is the first one.
    pub first: bool,
}

/// An API with its versions.
///
/// # Errors
/// [`Error::NotFound`] for what has neither an entry nor a draft.
pub async fn overview(app: &App, actor: &Actor, name: &ApiName) -> Result<Overview> {
    permission::staff(app, actor, Duty::See).await?;
    let versions = store::api_versions::of_api(app.db(), name, MOST_VERSIONS).await?;
    let entry = store::apis::entry(app.db(), name).await?;
    if name.as_str() == management::NAME || (entry.is_none() && versions.is_empty()) {
        return Err(Error::not_found("API", name));
    }
    let plans = store::plans::named(app.db()).await?;
    let live =
        entry.map(|entry| Ok::<_, Error>(Live { life: entry.life(), api: read_text(&entry.row.document, &plans)?.0 })).transpose()?;
    Ok(Overview { name: name.clone(), live, versions })
}

/// A version of an API.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn version(app: &App, actor: &Actor, name: &ApiName, number: i64) -> Result<Seen> {
    permission::staff(app, actor, Duty::See).await?;
    read(app, name, number).await
}

/// What a draft would change in what is live, or what a published version changed, and whom that reaches.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn compared(app: &App, actor: &Actor, name: &ApiName, number: i64) -> Result<Compared> {
    permission::staff(app, actor, Duty::See).await?;
    let (seen, plans) = (read(app, name, number).await?, store::plans::named(app.db()).await?);
    if seen.version.published_at.is_some() {
        let before = store::api_versions::before(app.db(), &seen.version).await?;
        let differences = before.as_ref().map(|before| between(&before.document, &seen, &plans)).unwrap_or_default();
        let over = before.map_or(0, |before| before.version.number);
        return Ok(Compared { seen, over, differences, reached: 0, holders: Vec::new(), conflicts: Vec::new() });
    }
    let entries = store::apis::entries(app.db()).await?;
    let live = entries.iter().find(|entry| entry.row.name == *name);
    let differences = differences(live, &seen, &plans);
    let holders = match live {
        Some(live) => reached(app, live, &differences, &plans).await?,
        None => Vec::new(),
    };
    let conflicts = conflicts(&seen.api, &entries, &plans);
    Ok(Compared {
        over: live.map_or(0, |live| live.version),
        reached: holders.len(),
        holders: holders.into_iter().take(MOST_NAMED).collect(),
        differences,
        conflicts,
        seen,
    })
}

/// Who holds live grants of an API: their number, one for each project and environment, and the first 50.
///
/// # Errors
/// [`Error::NotFound`] when there is no such API, and for those who are not staff.
pub async fn holders(app: &App, actor: &Actor, name: &ApiName) -> Result<(usize, Vec<Holder>)> {
    super::find(app, actor, name).await?;
    let holders = store::api_versions::holders(app.db(), name).await?;
    Ok((holders.len(), holders.into_iter().take(MOST_NAMED).collect()))
}

/// What was published of an API and what was different each time, the newest first: for everybody. Empty: nothing was.
///
/// # Errors
/// When the database cannot be read.
pub async fn changes(app: &App, name: &ApiName) -> Result<Vec<Step>> {
    // One more than is told, to compare the last one with.
    let published = store::api_versions::published(app.db(), name, MOST_STEPS + 1).await?;
    let (mut steps, plans) = (Vec::new(), store::plans::named(app.db()).await?);
    for (at, written) in published.iter().enumerate().take(usize::try_from(MOST_STEPS).unwrap_or(0)) {
        let before = published.get(at + 1);
        let differences = match before {
            Some(before) => {
                let (api, document) = read_text(&written.document, &plans)?;
                between(&before.document, &Seen { version: written.version.clone(), api, document }, &plans)
            }
            None => Vec::new(),
        };
        steps.push(Step { version: written.version.clone(), differences, first: before.is_none() });
    }
    Ok(steps)
}

/// The version, for whoever was let through.
pub(super) async fn read(app: &App, name: &ApiName, number: i64) -> Result<Seen> {
    seen(store::api_versions::find(app.db(), name, number).await?, name, number, &store::plans::named(app.db()).await?)
}

/// The same, of what was found.
pub(super) fn seen(written: Option<Written>, name: &ApiName, number: i64, plans: &Plans) -> Result<Seen> {
    let written = written.ok_or_else(|| Error::not_found("version", format_args!("{number} of {name}")))?;
    let (api, document) = read_text(&written.document, plans)?;
    Ok(Seen { version: written.version, api, document })
}

/// The document of that name: what is live, else its newest version.
pub(super) async fn newest(app: &App, name: &ApiName) -> Result<Value> {
    let text = match store::apis::find(app.db(), name).await? {
        Some(live) => live.document,
        None => {
            let drafts = store::api_versions::of_api(app.db(), name, 1).await?;
            let newest = drafts.first().ok_or_else(|| Error::not_found("API", name))?;
            let written = store::api_versions::find(app.db(), name, newest.number).await?;
            written.ok_or_else(|| Error::not_found("API", name))?.document
        }
    };
    Ok(serde_json::from_str(&text).unwrap_or_default())
}

/// What a version changes in what is live; nothing, where nothing is.
pub(super) fn differences(live: Option<&Entry>, seen: &Seen, plans: &Plans) -> Vec<Difference> {
    live.map(|live| between(&live.row.document, seen, plans)).unwrap_or_default()
}

fn between(before: &str, seen: &Seen, plans: &Plans) -> Vec<Difference> {
    // What an older program wrote and this one cannot read cannot be compared with.
    let Ok((api, document)) = read_text(before, plans) else { return Vec::new() };
    let old = compare::Document { api: &api, document: &document };
    compare::compare(old, compare::Document { api: &seen.api, document: &seen.document })
}

/// The grants that open an operation of what is live which a difference breaks.
async fn reached(app: &App, live: &Entry, differences: &[Difference], plans: &Plans) -> Result<Vec<Holder>> {
    if !differences.iter().any(|difference| difference.kind == compare::Kind::Breaking) {
        return Ok(Vec::new());
    }
    let mut holders = store::api_versions::holders(app.db(), &live.row.name).await?;
    let Ok((api, _)) = read_text(&live.row.document, plans) else { return Ok(holders) };
    if let Some(broken) = compare::broken_operations(differences, &api) {
        let reaches = |scopes: &ScopeSet| broken.iter().any(|operation| operation.open_to(scopes));
        holders.retain(|holder| reaches(&holder.scopes));
    }
    Ok(holders)
}

/// A document that lies in the database, read. It was written without a fault; since then a plan that it names may have gone.
pub(crate) fn read_text(text: &str, plans: &Plans) -> Result<(Api, Value)> {
    let document: Value = serde_json::from_str(text).map_err(|_| store::Error::Corrupt("a catalogue entry that is not JSON"))?;
    let api = openapi::read(&document, &known_by(text, plans)).map_err(|_| store::Error::Corrupt("a catalogue entry with faults"))?;
    Ok((api, document))
}

/// The plans of the house, and those that a document names and the house had once: what was written then is still to be read.
fn known_by(text: &str, plans: &Plans) -> Plans {
    let gone = openapi::plans_named(text).into_iter().filter(|name| plans.find(name).is_none());
    let gone = gone.map(|name| HousePlan { name, title: Title::default(), rate: None, quota: None });
    plans.iter().cloned().chain(gone).collect()
}
