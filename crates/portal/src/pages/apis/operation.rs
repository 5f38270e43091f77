//! One operation: what it takes, what it answers, the call in seven languages.

use app::{try_it, view};
use askama::Template;
use domain::Environment;

use super::{gone, rail};
use crate::{
    failure::Failure,
    form::Form,
    frame::Frame,
    pages::projects,
    reference::{
        Reference,
        operation::{Operation, token_route},
    },
    samples::{self, CLIENT_SECRET, Call, Ids, Sample},
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "apis/operation.html")]
struct Show<'v> {
    frame: Frame<'v>,
    reference: &'v Reference,
    base: &'v str,
    operation: Operation<'v>,
    token_path: &'static str,
    samples: Vec<Sample>,
    client_secret: &'static str,
    /// The projects whose ids the code can have: id, and name with organisation.
    choices: Vec<(String, String)>,
    /// Which of them it has.
    form: Form,
}

/// The most projects to choose from.
const MOST_CHOICES: usize = 50;

/// `GET /apis/{name}/{operation}`.
pub(crate) async fn operation(visit: &Visit<'_>) -> Outcome {
    let name = visit.segment("name");
    let Some(reference) = visit.portal.references().find(&visit.portal.catalogue(), name) else { return gone(visit) };
    operation_of(visit, &reference, &format!("/apis/{name}"), false).await
}

/// The same of an API that is served, or of one that is not yet: then with words in place of ids.
pub(crate) async fn operation_of(visit: &Visit<'_>, reference: &Reference, base: &str, preview: bool) -> Outcome {
    let listed = reference.operation(visit.segment("operation")).ok_or(Failure::Missing)?;
    let operation = reference.read(listed, visit.language);
    let settings = visit.portal.settings();
    // Code is tried out in the sandbox first.
    let base_url = [Environment::Sandbox, Environment::Production].into_iter().find_map(|environment| settings.base_url(environment));
    let choices = if preview { Vec::new() } else { choices(visit).await? };
    let wanted = visit.query.text("project");
    let chosen = match choices.iter().find(|(id, _)| id == wanted) {
        // Whoever has not signed in may have the address from a colleague.
        None if !wanted.is_empty() && visit.somebody().is_ok() => return Err(Failure::Missing),
        None => choices.first(),
        some => some,
    };
    let ids = ids(visit, chosen.map(|(id, _)| id.as_str())).await?;
    let form = Form::with(&[("project", chosen.map_or("", |(id, _)| id))]);
    let call = Call::new(&reference.api, &operation, base_url.unwrap_or("https://api.example.com"), &ids);
    visit.page(&Show {
        frame: visit.frame(operation.summary.as_str()).beside(rail(visit, reference, base)),
        reference,
        base,
        token_path: token_route(reference.api.dialect).0,
        samples: samples::of(&call),
        client_secret: CLIENT_SECRET,
        choices,
        form,
        operation,
    })
}

/// The projects of who signed in, by organisation.
async fn choices(visit: &Visit<'_>) -> Result<Vec<(String, String)>, Failure> {
    let Ok(somebody) = visit.somebody() else { return Ok(Vec::new()) };
    let mine = try_it::projects_for(visit.portal.app(), somebody, visit.segment("name")).await?;
    let choices = mine.into_iter().take(MOST_CHOICES);
    Ok(choices.map(|project| (project.id.to_string(), format!("{} · {}", project.name, project.organisation))).collect())
}

/// The public ids of a project's sandbox; of no project, words to be replaced.
async fn ids(visit: &Visit<'_>, project: Option<&str>) -> Result<Ids, Failure> {
    let Some(project) = project.and_then(|id| id.parse().ok()) else { return Ok(Ids::default()) };
    let page = view::project(visit.portal.app(), &visit.actor()?, project).await?;
    Ok(projects::ids(&page, Environment::Sandbox))
}
