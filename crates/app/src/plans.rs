//! Plans of the house: limits that are written once and named by the APIs that offer them. What changes here holds at every gateway within a second.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    ApiName, ProjectId, openapi,
    plan::{Flaw, HousePlan, LONGEST_TITLE, LONGEST_WINDOW},
    role::Duty,
};
use serde::Serialize;
use serde_json::json;
use store::{
    Moment,
    apis::ApiRow,
    plans::{PlanRow, Use},
};

use crate::{Actor, App, Error, Result, catalogue, permission};

/// How many projects of a plan are counted exactly; more is "more than".
pub const COUNTED: i64 = 1000;

/// How many grants are read at once to count them, and how often: a project may have as many as there are APIs.
const LOOKED_AT: i64 = 2000;
const PAGES: usize = 50;

/// A plan of the house with what depends on it.
#[derive(Debug, Clone, Serialize)]
pub struct PlanInUse {
    /// The plan.
    #[serde(flatten)]
    pub plan: HousePlan,
    /// What its next change must name.
    pub version: i64,
    /// When it last changed.
    pub updated_at: Moment,
    /// The APIs that offer it.
    pub apis: Vec<ApiName>,
    /// How many projects hold a live grant under it, counted up to [`COUNTED`] and one.
    pub projects: i64,
}

/// Every plan of the house, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<PlanInUse>> {
    permission::staff(app, actor, Duty::See).await?;
    in_use(app, store::plans::all(app.db()).await?).await
}

/// The plan of that name.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(app: &App, actor: &Actor, name: &str) -> Result<PlanInUse> {
    permission::staff(app, actor, Duty::See).await?;
    let row = store::plans::find(app.db(), name).await?.ok_or_else(|| Error::not_found("plan", name))?;
    in_use(app, vec![row]).await?.pop().ok_or_else(|| Error::not_found("plan", name))
}

/// Adds a plan (`version` is `None`), or changes the one of its name as long as it still is in the version that its author saw.
///
/// # Errors
/// [`Error::Invalid`]; [`Error::Taken`] for a name that a plan has; [`Error::NotFound`]; [`Error::Refused`] when somebody changed it meanwhile.
pub async fn put(app: &App, actor: &Actor, plan: HousePlan, version: Option<i64>) -> Result<HousePlan> {
    permission::staff(app, actor, Duty::Publish).await?;
    if let Some(flaw) = plan.flaws().first() {
        return Err(invalid(*flaw));
    }
    let mut tx = app.begin().await?;
    store::apis::hold(&mut tx).await?;
    match version {
        None => store::plans::insert(&mut tx, &plan, app.moment()).await.map_err(|error| Error::taken(error, "plan", &plan.name))?,
        Some(version) => {
            if !store::plans::held(&mut tx).await?.iter().any(|row| row.plan.name == plan.name) {
                return Err(Error::not_found("plan", &plan.name));
            }
            if !store::plans::update(&mut tx, &plan, version, app.moment()).await? {
                return Err(Error::refused(
                    "Alguien ha cambiado este plan mientras lo editabas: vuelve a mirarlo antes de guardar.",
                    "somebody changed this plan meanwhile: look at it again before you save",
                ));
            }
        }
    }
    let action = if version.is_none() { "plan.create" } else { "plan.change" };
    app.commit(tx, actor, action, &plan.name, json!({"title": plan.title, "rate": plan.rate, "quota": plan.quota})).await?;
    Ok(plan)
}

/// Removes a plan that no API offers.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Refused`], naming the APIs that offer it.
pub async fn remove(app: &App, actor: &Actor, name: &str) -> Result<()> {
    permission::staff(app, actor, Duty::Publish).await?;
    let mut tx = app.begin().await?;
    // A document that names it is written under the same lock: it either is seen here or finds the plan gone.
    store::apis::hold(&mut tx).await?;
    if !store::plans::remove(&mut tx, name).await? {
        return Err(Error::not_found("plan", name));
    }
    let rows: Vec<ApiRow> = store::apis::entries_held(&mut tx).await?.into_iter().map(|entry| entry.row).collect();
    let offering = offering(&rows, name);
    if !offering.is_empty() {
        return Err(offered(name, &offering));
    }
    app.commit(tx, actor, "plan.remove", name, json!({})).await
}

/// The APIs that offer a plan of the house, by their documents.
pub(crate) fn offering(rows: &[ApiRow], plan: &str) -> Vec<ApiName> {
    let names = |row: &&ApiRow| row.document.contains(plan) && openapi::plans_named(&row.document).iter().any(|name| name == plan);
    rows.iter().filter(names).map(|row| row.name.clone()).collect()
}

/// The refusal to remove a plan that these APIs offer.
pub(crate) fn offered(plan: &str, apis: &[ApiName]) -> Error {
    let names = apis.iter().take(10).map(ApiName::as_str).collect::<Vec<_>>().join(", ");
    let and = |word: &str, more: &str| match apis.len().saturating_sub(10) {
        0 => String::new(),
        left => format!(" {word} {left} {more}"),
    };
    Error::refused(
        format!("El plan {plan} no se puede quitar: lo ofrecen {names}{}.", and("y", "más")),
        format!("the plan {plan} cannot be removed: it is offered by {names}{}", and("and", "more")),
    )
}

async fn in_use(app: &App, rows: Vec<PlanRow>) -> Result<Vec<PlanInUse>> {
    let mut apis: BTreeMap<String, BTreeSet<ApiName>> = BTreeMap::new();
    for api in store::apis::all(app.db()).await? {
        for plan in openapi::plans_named(&api.document) {
            apis.entry(plan).or_default().insert(api.name.clone());
        }
    }
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let apis = apis.remove(&row.plan.name).unwrap_or_default();
        let projects = holders(app, &row.plan.name, &apis).await?;
        found.push(PlanInUse {
            apis: apis.into_iter().collect(),
            projects,
            plan: row.plan,
            version: row.version,
            updated_at: row.updated_at,
        });
    }
    Ok(found)
}

/// How many projects hold a plan by one of the APIs that offer it, counted up to [`COUNTED`] and one.
async fn holders(app: &App, plan: &str, apis: &BTreeSet<ApiName>) -> Result<i64> {
    let (mut projects, mut counted, mut last): (i64, Option<ProjectId>, Option<Use>) = (0, None, None);
    // Nobody holds what no API offers.
    let pages = if apis.is_empty() { 0 } else { PAGES };
    for _ in 0..pages {
        let uses = store::plans::uses(app.db(), plan, last.as_ref(), LOOKED_AT).await?;
        for held in &uses {
            // They come project by project. An API may have written a plan of this name for itself.
            if counted != Some(held.project_id) && apis.contains(&held.api) {
                counted = Some(held.project_id);
                projects += 1;
            }
        }
        let is_last = i64::try_from(uses.len()).is_ok_and(|read| read < LOOKED_AT);
        last = uses.into_iter().next_back();
        if is_last || projects > COUNTED {
            break;
        }
    }
    Ok(projects.min(COUNTED + 1))
}

/// What is wrong, in the words of a form.
fn invalid(flaw: Flaw) -> Error {
    let spanish = match flaw {
        Flaw::Name => "De 1 a 64 caracteres: minúsculas sin acento, cifras y guiones; el primero, una letra. «new» no vale.".to_owned(),
        Flaw::SpanishTitle | Flaw::EnglishTitle => format!("Escribe de 1 a {LONGEST_TITLE} caracteres, sin saltos de línea."),
        Flaw::Rate => format!("Al menos una petición, en una ventana de entre 1 y {LONGEST_WINDOW} segundos."),
        Flaw::Quota => "Al menos una petición; para que no haya cuota, déjalo vacío.".to_owned(),
    };
    let field = match flaw {
        Flaw::Name => "name",
        Flaw::SpanishTitle => "title_es",
        Flaw::EnglishTitle => "title_en",
        Flaw::Rate => "rate",
        Flaw::Quota => "quota",
    };
    Error::invalid(field, spanish, catalogue::mend(flaw).1)
}
