//! The catalogue as the hot path reads it.

use std::sync::Arc;

use domain::{
    Environment, ScopeSet,
    api::{Api, PerEnvironment},
    openapi,
    plan::Plans,
};
use serde_json::Value;
use store::{Db, apis::ApiRow};

/// Every published API at one moment.
#[derive(Debug)]
pub struct Catalogue {
    /// Grows with each change, so that whoever derives something from it knows when to do so again.
    pub version: i64,
    /// By name. An API that did not change since the catalogue before is the same one, not its equal: whoever derived something from it keeps that.
    pub apis: Vec<Arc<Api>>,
    /// Their OpenAPI documents, as JSON text, in the same order.
    pub documents: Vec<Arc<str>>,
    /// Every scope that some operation asks for, of the APIs that each environment serves.
    pub scopes: PerEnvironment<ScopeSet>,
}

impl Catalogue {
    /// Reads the catalogue with the plans that its documents name. What is as it was in `before` is taken from there unread: one change among
    /// a thousand documents costs what one document does.
    pub(crate) async fn load(db: &Db, version: i64, before: Option<&Self>) -> Result<Self, store::Error> {
        let (plans, rows) = rows(db).await?;
        let mut read: Vec<(Arc<Api>, Arc<str>)> = Vec::new();
        for row in rows {
            let known = before.and_then(|before| before.entry(row.name.as_str()));
            if let Some((api, document)) = known.filter(|(api, document)| ***document == *row.document && plans.keep(&api.plans)) {
                read.push((Arc::clone(api), Arc::clone(document)));
                continue;
            }
            match parse(&row.document, &plans) {
                Ok(api) => read.push((Arc::new(api), row.document.into())),
                // It was checked when it was put there. One entry that an older version wrote must not close all others.
                Err(error) => tracing::error!(api = %row.name, %error, "a catalogue entry cannot be read and is left out"),
            }
        }
        // The database sorts by its own collation, which is not that of a search.
        read.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
        let (apis, documents): (Vec<Arc<Api>>, Vec<_>) = read.into_iter().unzip();
        let scopes = PerEnvironment { sandbox: scopes(&apis, Environment::Sandbox), production: scopes(&apis, Environment::Production) };
        Ok(Self { version, apis, documents, scopes })
    }

    /// The API of that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Arc<Api>> {
        self.entry(name).map(|(api, _)| api)
    }

    /// The OpenAPI document of that name, as JSON text.
    #[must_use]
    pub fn document(&self, name: &str) -> Option<&Arc<str>> {
        self.entry(name).map(|(_, document)| document)
    }

    fn entry(&self, name: &str) -> Option<(&Arc<Api>, &Arc<str>)> {
        let at = self.apis.binary_search_by(|api| api.name.as_str().cmp(name)).ok()?;
        Some((self.apis.get(at)?, self.documents.get(at)?))
    }
}

/// Documents with the plans they name. A commit between the two readings would make an API look as if it named a plan that is not there.
async fn rows(db: &Db) -> Result<(Plans, Vec<ApiRow>), store::Error> {
    let mut plans = store::plans::named(db).await?;
    loop {
        let rows = store::apis::all(db).await?;
        let now = store::plans::named(db).await?;
        if now == plans {
            return Ok((plans, rows));
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
