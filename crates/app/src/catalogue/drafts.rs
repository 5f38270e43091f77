//! Drafts: documents that were read without a fault and serve nobody yet.

use domain::{
    ApiName, Environment,
    api::{Api, Status},
    openapi::{
        self, Fault,
        compare::shape,
        source::{self, Placed},
    },
    plan::Plans,
    role::Duty,
};
use serde_json::{Map, Value, json};
use store::apis::Entry;

use super::{look, rules::Rules};
use crate::{Actor, App, Error, Result, permission};

/// How many drafts of an API may wait.
const MOST: i64 = 100;

/// What became of a text.
pub enum Draft {
    /// It is kept as this version of this API.
    Kept(ApiName, i64),
    /// It is not: everything that is wrong with it, with its place.
    Faulty(Vec<Placed>),
}

/// What an ordinary document, one without `x-postigo`, does not say of itself. Empty: not said here either.
#[derive(Debug, Clone, Copy, Default)]
pub struct Placing<'a> {
    /// Its name in the house.
    pub name: &'a str,
    /// The origin behind it in the sandbox.
    pub sandbox: &'a str,
    /// The origin behind it in production.
    pub production: &'a str,
}

impl Placing<'_> {
    /// As the document would say it; `None`: nothing is said.
    fn extension(&self) -> Option<Value> {
        let origins = [(Environment::Sandbox, self.sandbox), (Environment::Production, self.production)];
        let said: Map<String, Value> = origins
            .iter()
            .filter(|(_, origin)| !origin.is_empty())
            .map(|(environment, origin)| (environment.as_str().to_owned(), json!([origin])))
            .collect();
        (!self.name.is_empty() || !said.is_empty()).then(|| json!({"name": self.name, "upstreams": said}))
    }
}

/// Keeps a text (YAML or JSON) as a draft. `of`: the API it must be of; `None`: whichever it says. An ordinary document, one without `x-postigo`,
/// keeps for another version of an API what the version before says there.
///
/// # Errors
/// [`Error::NotFound`] for `of`; [`Error::Invalid`] for a text of more than [`source::LONGEST`] bytes; [`Error::Refused`] when too many drafts
/// wait.
pub async fn write(app: &App, actor: &Actor, of: Option<&ApiName>, text: &str) -> Result<Draft> {
    permission::staff(app, actor, Duty::Publish).await?;
    let before = match of {
        Some(of) => look::newest(app, of).await?.get("x-postigo").cloned(),
        None => None,
    };
    draft(app, actor, of, text, before).await
}

/// The same for a new API, where an ordinary document is placed by whoever brings it.
///
/// # Errors
/// As [`write`].
pub async fn write_placed(app: &App, actor: &Actor, text: &str, placing: Placing<'_>) -> Result<Draft> {
    permission::staff(app, actor, Duty::Publish).await?;
    draft(app, actor, None, text, placing.extension()).await
}

async fn draft(app: &App, actor: &Actor, of: Option<&ApiName>, text: &str, extension: Option<Value>) -> Result<Draft> {
    if text.len() > source::LONGEST {
        return Err(Error::invalid("text", "El documento ocupa más de 2 MiB.", "the document is longer than 2 MiB"));
    }
    let mut document = match source::parse(text) {
        Ok(document) => document,
        Err(placed) => return Ok(Draft::Faulty(vec![placed])),
    };
    if let (Some(members), Some(extension)) = (document.as_object_mut(), extension) {
        members.entry("x-postigo").or_insert(extension);
    }
    let mut faults = Vec::new();
    let plans = store::plans::named(app.db()).await?;
    match openapi::read(&document, &plans) {
        Err(found) => faults.extend(found),
        Ok(api) => {
            if let Some(of) = of.filter(|of| **of != api.name) {
                faults.push(Fault {
                    at: "/x-postigo/name".to_owned(),
                    what: format!("this is a document of {}, and the draft is to be one of {of}; a name is for good", api.name),
                    spanish: format!("este documento es de {} y el borrador es de {of}; un nombre es para siempre", api.name),
                });
            }
            if api.is_management() {
                faults.push(Fault {
                    at: "/x-postigo/name".to_owned(),
                    what: format!("{} is the program's own entry, which it writes itself; choose another name", api.name),
                    spanish: format!("{} es la entrada del propio programa, que la escribe él; elige otro nombre", api.name),
                });
            }
            faults.extend(conflicts(&api, &store::apis::entries(app.db()).await?, &plans));
            if faults.is_empty() {
                let number = keep(app, actor, &api.name, &document, None).await?;
                return Ok(Draft::Kept(api.name, number));
            }
        }
    }
    Ok(Draft::Faulty(source::placed(text, faults)))
}

/// Makes a draft of a version that was live once, so that it can be compared and published again. Its number.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Refused`] when too many drafts wait.
pub async fn write_again(app: &App, actor: &Actor, api: &ApiName, number: i64) -> Result<i64> {
    permission::staff(app, actor, Duty::Publish).await?;
    let seen = look::read(app, api, number).await?;
    keep(app, actor, api, &seen.document, Some(number)).await
}

/// Makes a draft that differs from a version in its rules and in nothing else. Its number.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Refused`] when the rules are those it has, when too many drafts wait, or when a plan that it names is gone.
pub async fn set_rules(app: &App, actor: &Actor, api: &ApiName, number: i64, rules: &Rules) -> Result<i64> {
    permission::staff(app, actor, Duty::Publish).await?;
    let seen = look::read(app, api, number).await?;
    if Rules::of(&seen.api) == *rules {
        return Err(Error::refused(
            "Las reglas ya son esas: no hay nada que publicar.",
            "the rules are these already: there is nothing to publish",
        ));
    }
    let mut document = seen.document;
    rules.write(&mut document);
    let plans = store::plans::named(app.db()).await?;
    no_plan_is_gone(&document, &plans)?;
    // What was read once must still be readable: nobody would notice before it is live.
    if openapi::read(&document, &plans).is_err() {
        return Err(store::Error::Corrupt("rules that make a document unreadable").into());
    }
    keep(app, actor, api, &document, Some(number)).await
}

/// Plans that a document names may have gone since it was written.
pub(super) fn no_plan_is_gone(document: &Value, plans: &Plans) -> Result<()> {
    match openapi::plans_named(&document.to_string()).into_iter().find(|name| plans.find(name).is_none()) {
        None => Ok(()),
        Some(gone) => Err(Error::refused(
            format!("El plan {gone}, que esta versión nombra, ya no existe: sube un documento que no lo nombre."),
            format!("the plan {gone}, which this version names, is gone: bring a document that does not name it"),
        )),
    }
}

/// Throws a draft away.
///
/// # Errors
/// [`Error::NotFound`] when there is no such draft (any more).
pub async fn discard(app: &App, actor: &Actor, api: &ApiName, number: i64) -> Result<()> {
    permission::staff(app, actor, Duty::Publish).await?;
    let mut tx = app.begin().await?;
    store::apis::hold(&mut tx).await?;
    if !store::api_versions::discard(&mut tx, api, number).await? {
        return Err(Error::not_found("draft", format_args!("{number} of {api}")));
    }
    app.commit(tx, actor, "api.discard", api, json!({"version": number})).await
}

async fn keep(app: &App, actor: &Actor, api: &ApiName, document: &Value, from: Option<i64>) -> Result<i64> {
    let mut tx = app.begin().await?;
    // Of two who write at once each gets a number of its own, and the second one sees that the first was the last that may wait.
    store::apis::hold(&mut tx).await?;
    if store::api_versions::waiting(&mut tx, api).await? >= MOST {
        return Err(Error::refused(
            format!("Esta API tiene ya {MOST} borradores: descarta alguno."),
            format!("this API has {MOST} drafts already: discard one"),
        ));
    }
    let number = store::api_versions::append(&mut tx, api, &document.to_string(), &actor.to_string(), "", app.moment()).await?;
    app.commit(tx, actor, "api.draft", api, json!({"version": number, "from": from})).await?;
    Ok(number)
}

/// A path belongs to one API: the operations whose paths others have, as faults of this one.
pub(super) fn conflicts(api: &Api, entries: &[Entry], plans: &Plans) -> Vec<Fault> {
    let mut faults = Vec::new();
    for entry in entries.iter().filter(|entry| entry.row.name != api.name && entry.status != Status::Retired) {
        let Some(other) = serde_json::from_str(&entry.row.document).ok().and_then(|document| openapi::read(&document, plans).ok()) else {
            continue;
        };
        for operation in &api.operations {
            let at = format!("/paths/{}", operation.path.replace('~', "~0").replace('/', "~1"));
            let is_taken = other.operations.iter().any(|known| shape(&known.path) == shape(&operation.path));
            if is_taken && !faults.iter().any(|fault: &Fault| fault.at == at) {
                faults.push(Fault {
                    at,
                    what: format!("is a path of {} too; an API has its paths for itself", other.name),
                    spanish: format!("también es una ruta de {}; una API tiene sus rutas para ella sola", other.name),
                });
            }
        }
    }
    faults
}
