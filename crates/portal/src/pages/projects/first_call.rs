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
    version: &'v str,
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
        policies: !app::policies::has(&page.acceptances, Environment::Sandbox, &page.policies.current.version),
        version: &page.policies.current.version,
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

/// One call for each way in which the project may call something: the one that takes least.
fn recipes(visit: &Visit<'_>, page: &ProjectPage, ids: &Ids) -> Vec<Recipe> {
    let catalogue = visit.portal.catalogue();
    let references = grants(page).filter_map(|grant| Some((grant, visit.portal.references().find(&catalogue, grant.api.as_str())?)));
    let references: Vec<_> = references.collect();
    let mut chosen: Vec<(&str, &Reference, &Listed)> = Vec::new();
    for (grant, reference) in &references {
        let Some(listed) = simplest(reference, &grant.scopes) else { continue };
        let (word, _) = words::way(reference.api.dialect, visit.language);
        match chosen.iter_mut().find(|(known, ..)| *known == word) {
            Some(known) if known.2.effort > listed.effort => *known = (word, reference.as_ref(), listed),
            Some(_) => {}
            None => chosen.push((word, reference.as_ref(), listed)),
        }
    }
    chosen.into_iter().map(|(_, reference, listed)| recipe(visit, reference, listed, ids)).collect()
}

fn recipe(visit: &Visit<'_>, reference: &Reference, listed: &Listed, ids: &Ids) -> Recipe {
    let base_url = visit.portal.settings().base_url(Environment::Sandbox).unwrap_or("https://sandbox.example.com");
    let operation = reference.read(listed, visit.language);
    let call = Call::new(&reference.api, &operation, base_url, ids);
    let (word, way) = words::way(reference.api.dialect, visit.language);
    Recipe {
        word,
        way,
        token_url: format!("{base_url}{}", token_route(reference.api.dialect).0),
        api: reference.api.name.to_string(),
        title: reference.title().to_owned(),
        summary: operation.summary.clone(),
        slug: listed.slug.clone(),
        curl: samples::in_a_shell(&call),
    }
}

/// The operation that takes least to call with these scopes. Of several, the one that its document names first: what the API is for.
fn simplest<'r>(reference: &'r Reference, scopes: &ScopeSet) -> Option<&'r Listed> {
    let open = reference.operations.iter().filter(|listed| listed.scopes.iter().any(|needed| scopes.covers(needed)));
    open.min_by_key(|listed| listed.effort)
}
