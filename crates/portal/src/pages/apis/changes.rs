//! What changed in an API, version by version.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use app::catalogue;
use askama::Template;
use directory::Catalogue;
use domain::ApiName;

use crate::{
    failure::Failure,
    frame::{Frame, Moment},
    language::Language,
    pages::console::apis::{Told, told},
    reference::Change,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "apis/changes.html")]
struct Changes<'v> {
    frame: Frame<'v>,
    name: String,
    title: String,
    steps: Vec<Step>,
    /// What the document itself tells of older times.
    older: Vec<Change>,
}

struct Step {
    number: i64,
    at: Moment,
    note: String,
    first: bool,
    told: Vec<Told>,
}

/// What was told for one version of the catalogue: everybody may ask, and comparing documents is work.
#[derive(Default)]
pub(crate) struct Histories(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    version: i64,
    by_name: HashMap<ApiName, Arc<Vec<catalogue::Step>>>,
}

impl Histories {
    /// The history of an API that the catalogue has, or had.
    async fn of(&self, visit: &Visit<'_>, catalogue: &Catalogue, name: &ApiName) -> Result<Arc<Vec<catalogue::Step>>, Failure> {
        if let Some(known) = self.known(catalogue.version).by_name.get(name) {
            return Ok(Arc::clone(known));
        }
        let steps = Arc::new(catalogue::changes(visit.portal.app(), name).await?);
        self.known(catalogue.version).by_name.insert(name.clone(), Arc::clone(&steps));
        Ok(steps)
    }

    fn known(&self, version: i64) -> MutexGuard<'_, Kept> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if told.version != version {
            *told = Kept { version, by_name: HashMap::new() };
        }
        told
    }
}

/// `GET /apis/{name}/changes`: of what is retired too.
pub(crate) async fn changes(visit: &Visit<'_>) -> Outcome {
    let (name, language): (ApiName, _) = (visit.segment("name").into(), visit.language);
    let catalogue = visit.portal.catalogue();
    // What waits to be published first is nobody's business.
    catalogue.life(visit.segment("name")).ok_or(Failure::Missing)?;
    let reference = visit.portal.references().find(&catalogue, visit.segment("name"));
    let title = reference.as_ref().map_or_else(|| name.to_string(), |reference| reference.title().to_owned());
    let steps = visit.portal.histories().of(visit, &catalogue, &name).await?;
    let steps = steps.iter().map(|step| Step {
        number: step.version.number,
        at: Moment::new(*step.version.published_at.unwrap_or(step.version.created_at), language),
        note: step.version.note.clone(),
        first: step.first,
        // What only the operator sees is no news to callers.
        told: told(&step.differences, language).into_iter().filter(|told| !told.class.is_empty()).collect(),
    });
    let heading = match language {
        Language::Spanish => format!("Cambios de {title}"),
        Language::English => format!("Changes of {title}"),
    };
    visit.page(&Changes {
        frame: visit.frame(heading),
        steps: steps.collect(),
        older: reference.map(|reference| reference.changelog(language)).unwrap_or_default(),
        name: name.to_string(),
        title,
    })
}
