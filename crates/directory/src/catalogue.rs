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
}

impl Catalogue {
    pub(crate) async fn load(db: &Db, version: i64) -> Result<Self, store::Error> {
        let (mut apis, mut documents, mut lives, mut retired) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
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
                Ok(api) => {
                    apis.push(Arc::new(api));
                    documents.push(row.document.into());
                    lives.push(life);
                }
                // It was checked when it was put there. One entry that an older version wrote must not close all others.
                Err(error) => tracing::error!(api = %row.name, %error, "a catalogue entry cannot be read and is left out"),
            }
        }
        Ok(Self { version, apis, documents, lives, retired })
    }

    /// The API of that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Arc<Api>> {
        self.apis.iter().find(|api| api.name.as_str() == name)
    }

    /// The OpenAPI document of that name, as JSON text.
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
