//! The catalogue as the hot path reads it.

use std::sync::Arc;

use domain::{
    ApiName, Environment, ScopeSet,
    api::{Api, Life, PerEnvironment, Status},
    openapi,
    plan::Plans,
};
use serde_json::Value;
use store::{Db, apis::Entry};

/// Every API that is served at one moment.
#[derive(Debug)]
pub struct Catalogue {
    /// Grows with each change, so that whoever derives something from it knows when to do so again.
    pub version: i64,
    /// By name. An API that did not change since the catalogue before is the same one, not its equal: whoever derived something from it keeps that.
    pub apis: Vec<Arc<Api>>,
    /// Their OpenAPI documents, as JSON text, in the same order.
    pub documents: Vec<Arc<str>>,
    /// Their lives, in the same order.
    pub lives: Vec<Life>,
    /// What was served once and is not any more, by name.
    pub retired: Vec<(ApiName, Life)>,
    /// The management API, which stands among no others: it is neither routed nor listed.
    pub management: Option<Arc<Api>>,
    /// Every scope that some operation asks for, of the APIs that each environment serves.
    pub scopes: PerEnvironment<ScopeSet>,
}

impl Catalogue {
    /// Reads the catalogue with the plans that its documents name. What is as it was in `before` is taken from there unread: one change among
    /// a thousand documents costs what one document does.
    pub(crate) async fn load(db: &Db, version: i64, before: Option<&Self>) -> Result<Self, store::Error> {
        let (plans, entries) = entries(db).await?;
        let (mut read, mut retired, mut management) = (Vec::new(), Vec::new(), None);
        for entry in entries {
            let (life, row) = (entry.life(), entry.row);
            if life.status == Status::Retired {
                retired.push((row.name, life));
                continue;
            }
            let known = before.and_then(|before| before.entry(row.name.as_str()));
            if let Some((api, document)) = known.filter(|(api, document)| ***document == *row.document && plans.keep(&api.plans)) {
                read.push((Arc::clone(api), Arc::clone(document), life));
                continue;
            }
            match parse(&row.document, &plans) {
                Ok(api) if api.is_management() => management = Some(Arc::new(api)),
                Ok(api) => read.push((Arc::new(api), row.document.into(), life)),
                // It was checked when it was put there. One entry that an older version wrote must not close all others.
                Err(error) => tracing::error!(api = %row.name, %error, "a catalogue entry cannot be read and is left out"),
            }
        }
        // The database sorts by its own collation, which is not that of a search.
        read.sort_by(|(a, ..), (b, ..)| a.name.cmp(&b.name));
        let (mut apis, mut documents, mut lives) = (Vec::new(), Vec::new(), Vec::new());
        for (api, document, life) in read {
            apis.push(api);
            documents.push(document);
            lives.push(life);
        }
        let scopes = PerEnvironment { sandbox: scopes(&apis, Environment::Sandbox), production: scopes(&apis, Environment::Production) };
        Ok(Self { version, apis, documents, lives, retired, management, scopes })
    }

    /// The API of that name, the management API too.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Arc<Api>> {
        self.entry(name).map(|(api, _)| api).or_else(|| self.management.as_ref().filter(|api| api.name.as_str() == name))
    }

    /// The OpenAPI document of that name, as JSON text; the management API's is the portal's to hand out.
    #[must_use]
    pub fn document(&self, name: &str) -> Option<&Arc<str>> {
        self.entry(name).map(|(_, document)| document)
    }

    /// The life of that name, of what is retired too.
    #[must_use]
    pub fn life(&self, name: &str) -> Option<&Life> {
        let served = self.place(name).and_then(|at| self.lives.get(at));
        served.or_else(|| self.retired.iter().find(|(retired, _)| retired.as_str() == name).map(|(_, life)| life))
    }

    fn entry(&self, name: &str) -> Option<(&Arc<Api>, &Arc<str>)> {
        let at = self.place(name)?;
        Some((self.apis.get(at)?, self.documents.get(at)?))
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.apis.binary_search_by(|api| api.name.as_str().cmp(name)).ok()
    }
}

/// Documents with the plans they name. A commit between the two readings would make an API look as if it named a plan that is not there.
async fn entries(db: &Db) -> Result<(Plans, Vec<Entry>), store::Error> {
    let mut plans = store::plans::named(db).await?;
    loop {
        let entries = store::apis::entries(db).await?;
        let now = store::plans::named(db).await?;
        if now == plans {
            return Ok((plans, entries));
        }
        plans = now;
    }
}

fn scopes(apis: &[Arc<Api>], environment: Environment) -> ScopeSet {
    let here = apis.iter().filter(|api| !api.upstreams.of(environment).is_empty());
    here.flat_map(|api| &api.operations).flat_map(|operation| &operation.scopes).flat_map(|set| set.iter().cloned()).collect()
}

fn parse(document: &str, plans: &Plans) -> Result<Api, String> {
    let document: Value = serde_json::from_str(document).map_err(|error| error.to_string())?;
    openapi::read(&document, plans).map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}
