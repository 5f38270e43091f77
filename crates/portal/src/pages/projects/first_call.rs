//! From credentials to the first call that passes.

use app::view::ProjectPage;
use askama::Template;
use domain::{Environment, ScopeSet, contract::Standing, role::Permission};

use super::{light::Lamp, live, may, opened, rail};
use crate::{
    frame::Frame,
    reference::{Listed, Reference, operation::token_route},
    samples::{self, API_CLIENT_SECRET, CLIENT_SECRET, Call, Ids},
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "projects/first_call.html")]
struct Page<'v> {
    frame: Frame<'v>,
    page: &'v ProjectPage,
    lamp: Lamp,
    recipes: Vec<Recipe>,
    base_url: &'v str,
    scopes: String,
    /// The client, and how its secrets begin.
    client: Option<(String, Vec<String>)>,
    /// The API credential, and how its secret begins.
    credential: Option<(String, String)>,
    /// Whether a granted API demands one.
    demands: bool,
    client_secret: &'static str,
    api_client_secret: &'static str,
    /// Whether the policies in force are still to be accepted for the sandbox.
    policies: bool,
    version: &'static str,
    develops: bool,
}

/// Token and call in the way of one carrier.
struct Recipe {
    word: &'static str,
    way: &'static str,
    token_url: String,
    api: String,
    title: String,
    summary: String,
    slug: String,
    curl: String,
}

/// `GET /projects/{project}/first-call`.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let lamp = Lamp::of(visit.portal, &visit.actor()?, (page.project.id, *page.project.created_at), visit.language).await?;
    let ids = ids(&page, Environment::Sandbox);
    let granted: ScopeSet = grants(&page).flat_map(|grant| grant.scopes.iter().cloned()).collect();
    let catalogue = visit.portal.catalogue();
    let client = client(&page, Environment::Sandbox);
    let credential = page.api_credentials.iter().rfind(|row| row.environment == Environment::Sandbox && row.revoked_at.is_none());
    let accepted = |acceptance: &app::records::Acceptance| {
        acceptance.environment == Environment::Sandbox && acceptance.version == app::policies::CURRENT
    };
    visit.page(&Page {
        frame: visit.frame(visit.t("Primera llamada", "First call")).beside(rail(visit, &page)),
        lamp,
        recipes: recipes(visit, &page, &ids),
        base_url: visit.portal.settings().base_url(Environment::Sandbox).unwrap_or_default(),
        scopes: granted.to_string(),
        client: client.map(|client| (client.client.id.to_string(), live(client).map(|page| page.secret.prefix.clone()).collect())),
        credential: credential.map(|row| (row.id.to_string(), row.prefix.clone())),
        demands: grants(&page).any(|grant| catalogue.find(grant.api.as_str()).is_some_and(|api| api.api_credential)),
        client_secret: CLIENT_SECRET,
        api_client_secret: API_CLIENT_SECRET,
        policies: !page.acceptances.iter().any(accepted),
        version: app::policies::CURRENT,
        develops: may(&page, Permission::Develop),
        page: &page,
    })
}

/// The public halves of a project's credentials, for code.
pub(crate) fn ids(page: &ProjectPage, environment: Environment) -> Ids {
    let mut ids = Ids::default();
    if let Some(client) = client(page, environment) {
        ids.client_id = client.client.id.to_string();
    }
    if let Some(row) = page.api_credentials.iter().rfind(|row| row.environment == environment && row.revoked_at.is_none()) {
        ids.api_client_id = row.id.to_string();
    }
    ids
}

/// The client to use: one that gets tokens, rather not one that is being replaced, rather the newest.
fn client(page: &ProjectPage, environment: Environment) -> Option<&app::view::ClientPage> {
    let usable = page.clients.iter().filter(|client| {
        client.client.environment == environment && client.client.status == Standing::Active && live(client).next().is_some()
    });
    usable.max_by_key(|client| (client.retires_at.is_none(), *client.client.created_at))
}

fn grants(page: &ProjectPage) -> impl Iterator<Item = &app::records::GrantRow> {
    page.grants.iter().filter(|grant| grant.environment == Environment::Sandbox && grant.revoked_at.is_none())
}

/// One call for each way in which the project may call something.
fn recipes(visit: &Visit<'_>, page: &ProjectPage, ids: &Ids) -> Vec<Recipe> {
    let catalogue = visit.portal.catalogue();
    let base_url = visit.portal.settings().base_url(Environment::Sandbox).unwrap_or("https://sandbox.example.com");
    let mut found: Vec<(u32, Recipe)> = Vec::new();
    for grant in grants(page) {
        let Some(reference) = visit.portal.references().find(&catalogue, grant.api.as_str()) else { continue };
        let Some((effort, listed)) = simplest(&reference, &grant.scopes, visit) else { continue };
        let operation = reference.read(listed, visit.language);
        let call = Call::new(&reference.api, &operation, base_url, ids);
        let (word, way) = words::way(reference.api.dialect, visit.language);
        let recipe = Recipe {
            word,
            way,
            token_url: format!("{base_url}{}", token_route(reference.api.dialect).0),
            api: reference.api.name.to_string(),
            title: reference.title().to_owned(),
            summary: operation.summary.clone(),
            slug: listed.slug.clone(),
            curl: samples::in_a_shell(&call),
        };
        match found.iter_mut().find(|(_, known)| known.word == word) {
            Some(known) if known.0 > effort => *known = (effort, recipe),
            Some(_) => {}
            None => found.push((effort, recipe)),
        }
    }
    found.into_iter().map(|(_, recipe)| recipe).collect()
}

/// The operation that takes least to call with these scopes and does least harm, and how much it takes.
fn simplest<'r>(reference: &'r Reference, scopes: &ScopeSet, visit: &Visit<'_>) -> Option<(u32, &'r Listed)> {
    let open = reference.operations.iter().filter(|listed| listed.scopes.iter().any(|needed| scopes.covers(needed)));
    let effort = |listed: &Listed| {
        let operation = reference.read(listed, visit.language);
        let method = match listed.method.as_str() {
            "GET" => 0,
            "POST" => 10,
            _ => 100,
        };
        let guessed = operation.parameters.iter().filter(|parameter| parameter.required && parameter.example.is_empty()).count();
        method + u32::try_from(guessed).unwrap_or(100)
    };
    // Of several, the one that its document names first: what the API is for.
    open.map(|listed| (effort(listed), listed)).min_by_key(|(effort, _)| *effort)
}
