//! The catalogue as the hot path reads it.

use std::sync::Arc;

use domain::{
    ApiName,
    api::{Api, Life, Status},
    openapi,
};
use serde_json::Value;
use store::Db;

/// Every API that is served at one moment.
#[derive(Debug)]
pub struct Catalogue {
    /// Grows with each change, so that whoever derives something from it knows when to do so again.
    pub version: i64,
    /// By name.
    pub apis: Vec<Arc<Api>>,
    /// Their OpenAPI documents, as JSON text, in the same order.
    pub documents: Vec<Arc<str>>,
    /// Their lives, in the same order.
    pub lives: Vec<Life>,
    /// What was served once and is not any more, by name.
    pub retired: Vec<(ApiName, Life)>,
    /// The management API, which stands among no others: it is neither routed nor listed.
    pub management: Option<Arc<Api>>,
}

impl Catalogue {
    pub(crate) async fn load(db: &Db, version: i64) -> Result<Self, store::Error> {
        let (mut apis, mut documents, mut lives, mut retired, mut management) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), None);
        for entry in store::apis::entries(db).await? {
            let (life, row) = (entry.life(), entry.row);
            if life.status == Status::Retired {
                retired.push((row.name, life));
                continue;
            }
            let read = serde_json::from_str::<Value>(&row.document).map_err(|error| error.to_string()).and_then(|document| {
                openapi::read(&document).map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
            });
            match read {
                Ok(api) if api.is_management() => management = Some(Arc::new(api)),
                Ok(api) => {
                    apis.push(Arc::new(api));
                    documents.push(row.document.into());
                    lives.push(life);
                }
                // It was checked when it was put there. One entry that an older version wrote must not close all others.
                Err(error) => tracing::error!(api = %row.name, %error, "a catalogue entry cannot be read and is left out"),
            }
        }
        Ok(Self { version, apis, documents, lives, retired, management })
    }

    /// The API of that name, the management API too.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Arc<Api>> {
        self.apis.iter().chain(&self.management).find(|api| api.name.as_str() == name)
    }

    /// The OpenAPI document of that name, as JSON text; the management API's is the portal's to hand out.
    #[must_use]
    pub fn document(&self, name: &str) -> Option<&Arc<str>> {
        let at = self.apis.iter().position(|api| api.name == ApiName::from(name))?;
        self.documents.get(at)
    }

    /// The life of that name, of what is retired too.
    #[must_use]
    pub fn life(&self, name: &str) -> Option<&Life> {
        let served = self.apis.iter().position(|api| api.name.as_str() == name).and_then(|at| self.lives.get(at));
        served.or_else(|| self.retired.iter().find(|(retired, _)| retired.as_str() == name).map(|(_, life)| life))
    }
}
