//! The catalogue as those who publish see it: from a document to what is served, and out of it.

mod draft;
mod ending;
mod holders;
mod list;
mod new;
mod preview;
mod rules;
mod show;
mod upstreams;

use std::collections::HashMap;

use app::{permission, records::Holder};
use domain::{ApiName, openapi::compare::Difference, openapi::compare::Kind, role::Duty};

pub(crate) use {
    draft::{again, discard, discarding, publish, show as draft, try_upstream as try_drafted_upstream},
    ending::{deprecate, deprecating, keep, retire, retiring},
    holders::csv as holders,
    list::list,
    new::{create, new},
    preview::{operation as preview_operation, show as preview},
    rules::{set as set_rules, show as rules},
    show::{show, try_upstream},
};

use super::{frame, person};
use crate::{failure::Failure, language::Language, visit::Visit, words};

/// Whether who looks may publish; the use cases ask for themselves.
fn publishes(visit: &Visit<'_>) -> bool {
    visit.somebody().is_ok_and(|somebody| somebody.account().staff().is_some_and(|staff| staff.may(Duty::Publish)))
}

/// Before a form is shown that only those who publish can send.
async fn must_publish(visit: &Visit<'_>) -> Result<(), Failure> {
    Ok(permission::staff(visit.portal.app(), &visit.actor()?, Duty::Publish).await?)
}

/// The API that the path names.
fn named(visit: &Visit<'_>) -> ApiName {
    visit.segment("api").into()
}

/// The people behind versions, each asked for once.
#[derive(Default)]
struct People(HashMap<String, String>);

impl People {
    async fn name(&mut self, visit: &Visit<'_>, by: &str) -> String {
        if by == "system" {
            return visit.t("el programa", "the program").to_owned();
        }
        if let Some(known) = self.0.get(by) {
            return known.clone();
        }
        let name = person(visit, Some(by)).await;
        self.0.insert(by.to_owned(), name.clone());
        name
    }
}

/// The most differences of a kind that a page tells.
const MOST_TOLD: usize = 100;

/// Differences of one kind.
pub(crate) struct Told {
    pub(crate) title: &'static str,
    pub(crate) class: &'static str,
    pub(crate) number: usize,
    pub(crate) lines: Vec<ToldLine>,
}

/// A difference in words.
pub(crate) struct ToldLine {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) at: String,
    pub(crate) text: String,
}

/// What is different, by kind; kinds without any are left out.
pub(crate) fn told(differences: &[Difference], language: Language) -> Vec<Told> {
    let of = |kind: Kind| {
        let those: Vec<_> = differences.iter().filter(|difference| difference.kind == kind).collect();
        let (title, class) = match kind {
            Kind::Breaking => (language.pick("Rompe llamadas", "Breaks calls"), "wrong"),
            Kind::Addition => (language.pick("Es nuevo", "Is new"), "ok"),
            Kind::Text => (language.pick("No lo nota ningún programa", "No program notices"), ""),
        };
        let lines = those.iter().take(MOST_TOLD).map(|difference| {
            let (method, path) = difference.operation.clone().unwrap_or_default();
            ToldLine { method, path, at: difference.at.clone(), text: words::difference(difference, language).to_owned() }
        });
        Told { title, class, number: those.len(), lines: lines.collect() }
    };
    Kind::ALL.iter().map(|kind| of(*kind)).filter(|told| told.number > 0).collect()
}

/// A project that holds a grant.
struct Held {
    organisation: (String, String),
    project: (String, String),
    environment: &'static str,
    scopes: String,
}

fn held(holders: &[Holder], language: Language) -> Vec<Held> {
    let one = |holder: &Holder| Held {
        organisation: (holder.organisation_id.to_string(), holder.organisation.clone()),
        project: (holder.project_id.to_string(), holder.project.clone()),
        environment: words::environment(holder.environment, language),
        scopes: holder.scopes.to_string(),
    };
    holders.iter().map(one).collect()
}
