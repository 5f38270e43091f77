//! The catalogue made equal to files.

use std::collections::{HashMap, HashSet};

use domain::{
    api::{Api, Status},
    management,
    plan::{HousePlan, Plans},
    role::Duty,
};
use serde_json::{Value, json};
use store::{
    Tx,
    apis::{ApiRow, Entry},
    plans::PlanRow,
};

use super::{
    Document,
    difference::{self, Change},
    files::{self, Kind, Wanted},
};
use crate::{Actor, App, Error, Result, permission, plans, policies, queues::files as working};

/// Compares the catalogue with `documents` and, unless it is a `dry_run`, makes it equal to them, all or nothing. A kind that no document is of
/// is left as it is.
///
/// It takes the duty to publish, and of whoever says how the queues are worked what it takes to do that by hand as well: to administer for targets
/// and rules of approval, to decide for the words for rejections.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff, [`Error::StaffOnly`] for staff without one of the duties. [`Error::Faults`] with every fault of
/// every document; nothing is changed then. [`Error::Refused`] when an API that is to go still has access requests, or a plan that is to go is
/// offered by an API that the documents say nothing of.
pub async fn apply(app: &App, actor: &Actor, documents: Vec<Document>, dry_run: bool) -> Result<Vec<Change>> {
    permission::staff(app, actor, Duty::Publish).await?;
    let mut faults = Vec::new();
    let wanted = files::sort(&documents, &mut faults);
    working::permitted(app, actor, &wanted.queues).await?;
    let queues = working::read(app, &wanted.queues, &mut faults);
    // What is published of them never changes, and what changes meanwhile is found out where it is written.
    let versions = policies::files::read(&wanted.policies, &mut faults);
    let present = if versions.is_empty() { Vec::new() } else { store::policies::all(app.db()).await? };
    let versions = policies::files::compare(&present, versions, app.now(), &mut faults);
    // Compared without a lock first: to find that nothing changes, nobody must wait.
    let before = match &queues {
        Some(wanted) => Some((wanted, working::Present::read(app).await?)),
        None => None,
    };
    let present = Present::of(store::plans::all(app.db()).await?, store::apis::entries(app.db()).await?, &wanted);
    let outcome = compare(&present, &wanted, before.as_ref(), faults)?;
    let with_versions = |mut changes: Vec<Change>| {
        changes.extend(versions.iter().map(|(change, _)| change.clone()));
        changes
    };
    let changes = with_versions(outcome.changes);
    if dry_run || changes.is_empty() {
        return Ok(changes);
    }
    let mut tx = app.begin().await?;
    store::apis::hold(&mut tx).await?;
    let before = match &queues {
        Some(wanted) => {
            store::queues::hold(&mut tx).await?;
            Some((wanted, working::Present::held(&mut tx).await?))
        }
        None => None,
    };
    let held = store::plans::held(&mut tx).await?;
    let present = Present::of(held, store::apis::entries_held(&mut tx).await?, &wanted);
    let outcome = compare(&present, &wanted, before.as_ref(), Vec::new())?;
    make(app, &mut tx, actor, &outcome, &present.plans).await?;
    for (_, addition) in &versions {
        policies::files::add(app, &mut tx, actor, addition).await?;
    }
    let changes = with_versions(outcome.changes);
    app.commit(tx, actor, "catalogue.apply", "catalogue", json!({ "changes": told(&changes) })).await?;
    Ok(changes)
}

/// What is there.
struct Present {
    plans: Vec<PlanRow>,
    /// The entries that files speak of: not the program's own, and of what is retired only what some file is of.
    spoken_of: Vec<ApiRow>,
    /// The others that are retired: their documents stay as they are, and name plans.
    retired: Vec<ApiRow>,
    /// The names of all of them, and what the files make of those.
    names: working::Apis,
}

impl Present {
    fn of(plans: Vec<PlanRow>, entries: Vec<Entry>, wanted: &Wanted<'_>) -> Self {
        let documents = wanted.documents.iter().flatten();
        let names: HashSet<&str> = documents.filter_map(|(_, content)| content["x-postigo"]["name"].as_str()).collect();
        let before: HashSet<String> = entries.iter().map(|entry| entry.row.name.to_string()).collect();
        let own = before.get(management::NAME).cloned();
        let (mut spoken_of, mut retired) = (Vec::new(), Vec::new());
        for entry in entries.into_iter().filter(|entry| entry.row.name.as_str() != management::NAME) {
            if entry.status != Status::Retired || names.contains(entry.row.name.as_str()) {
                spoken_of.push(entry.row);
            } else {
                retired.push(entry.row);
            }
        }
        let after = match wanted.documents {
            None => before.clone(),
            // A document with faults has its name all the same.
            Some(_) => {
                let stay = retired.iter().map(|row: &ApiRow| row.name.to_string()).chain(own);
                names.into_iter().map(str::to_owned).chain(stay).collect()
            }
        };
        Self { plans, spoken_of, retired, names: working::Apis { before, after } }
    }
}

/// Removes an entry that nobody has asked for; `false`: there was none.
pub(super) async fn take_away(tx: &mut Tx, api: &str) -> Result<bool> {
    store::apis::remove(tx, &api.into()).await.map_err(|error| match error {
        store::Error::Dangling => Error::refused(
            format!("{api} no se puede quitar: hay proyectos que han pedido acceso; conserva su fichero."),
            format!("{api} cannot be removed: projects have asked for access to it; keep its file"),
        ),
        error => error.into(),
    })
}

/// How many changes are kept in the audit log line by line; of more, what changed is kept and not how.
const TOLD: usize = 50;

fn told(changes: &[Change]) -> Vec<Value> {
    let brief = changes.len() > TOLD;
    let line = |change: &Change| match brief {
        true => json!({"kind": change.kind, "action": change.action, "name": change.name}),
        false => json!(change),
    };
    changes.iter().map(line).collect()
}

/// What the files come to.
struct Outcome<'d> {
    changes: Vec<Change>,
    plans: HashMap<String, HousePlan>,
    apis: HashMap<String, (Api, &'d Value)>,
    queues: Vec<working::Step>,
}

/// What files say of how the queues are worked, and how they are.
type Working<'w> = (&'w working::Wanted, working::Present);

fn compare<'d>(present: &Present, wanted: &Wanted<'d>, queues: Option<&Working<'_>>, mut faults: Vec<String>) -> Result<Outcome<'d>> {
    let Present { plans: plan_rows, spoken_of: api_rows, retired, names } = present;
    let before: Plans = plan_rows.iter().map(|row| row.plan.clone()).collect();
    let list: Option<Vec<HousePlan>> = wanted.plans.as_ref().map(|plans| plans.iter().map(|(plan, _)| plan.clone()).collect());
    let after = list.as_ref().map_or_else(|| before.clone(), |list| list.iter().cloned().collect());
    let apis = wanted.documents.as_ref().map(|documents| files::apis(documents, &after, &mut faults));
    let queues = queues.map(|(wanted, present)| working::compare(present, wanted, names, &mut faults)).unwrap_or_default();
    if !faults.is_empty() {
        return Err(Error::Faults(faults));
    }
    let mut changes = list.as_ref().map_or_else(Vec::new, |list| difference::plans(plan_rows, list));
    in_use(&changes, retired)?;
    match &apis {
        Some(apis) => changes.extend(difference::apis(api_rows, apis, &before)),
        None => in_use(&changes, api_rows)?,
    }
    let (told, queues): (Vec<Change>, Vec<working::Step>) = queues.into_iter().unzip();
    changes.extend(told);
    Ok(Outcome {
        changes,
        queues,
        plans: list.into_iter().flatten().map(|plan| (plan.name.clone(), plan)).collect(),
        apis: apis.into_iter().flatten().map(|(api, document)| (api.name.to_string(), (api, document))).collect(),
    })
}

/// The plans that go must be offered by none of the APIs that stay as they are: what is retired may be served again, and where the files say
/// nothing of APIs, all do.
fn in_use(changes: &[Change], present: &[ApiRow]) -> Result<()> {
    for change in changes.iter().filter(|change| change.action == "remove") {
        let offering = plans::offering(present, &change.name);
        if !offering.is_empty() {
            return Err(plans::offered(&change.name, &offering));
        }
    }
    Ok(())
}

/// Plans come before the APIs that name them, and go after those that named them.
async fn make(app: &App, tx: &mut Tx, actor: &Actor, outcome: &Outcome<'_>, present: &[PlanRow]) -> Result<()> {
    let of =
        |kind: Kind, gone: bool| outcome.changes.iter().filter(move |change| change.kind == kind && (change.action == "remove") == gone);
    let versions: HashMap<&str, i64> = present.iter().map(|row| (row.plan.name.as_str(), row.version)).collect();
    for plan in of(Kind::Plan, false).filter_map(|change| outcome.plans.get(&change.name)) {
        match versions.get(plan.name.as_str()) {
            Some(version) => drop(store::plans::update(tx, plan, *version, app.moment()).await?),
            None => store::plans::insert(tx, plan, app.moment()).await.map_err(|error| Error::taken(error, "plan", &plan.name))?,
        }
    }
    for change in of(Kind::Api, true) {
        take_away(tx, &change.name).await?;
    }
    for (api, document) in of(Kind::Api, false).filter_map(|change| outcome.apis.get(&change.name)) {
        let row = ApiRow { name: api.name.clone(), document: document.to_string(), updated_at: app.moment() };
        store::apis::put_by(tx, &row, &actor.to_string(), "").await?;
    }
    for change in of(Kind::Plan, true) {
        store::plans::remove(tx, &change.name).await?;
    }
    for step in &outcome.queues {
        working::make(app, tx, step).await?;
    }
    Ok(())
}
