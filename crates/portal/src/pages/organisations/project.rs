//! Another project of an organisation, with the APIs it is for.

use app::{Error, access, projects, records::AccessStatus};
use askama::Template;
use domain::{ApiName, Environment, Language, role::Permission};
use http::StatusCode;

use super::{
    Place,
    created::{Chosen, Created},
    refused,
    words::mend,
};
use crate::{
    form::Form,
    frame::Frame,
    pages::apis::{may_be_asked_for, shown},
    stamp::Stamp,
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "organisations/project.html")]
struct New<'v> {
    frame: Frame<'v>,
    place: &'v Place,
    form: Form,
    apis: Vec<Choice>,
}

/// An API as one may choose it.
struct Choice {
    name: String,
    title: String,
    /// What it covers.
    summary: String,
    scopes: String,
    /// Whether access is there at once.
    at_once: bool,
    /// Whether it asks for the second pair.
    api_credential: bool,
}

/// `GET /organisations/{organisation}/projects/new`
pub(crate) async fn new(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, Form::new()).await
}

/// `POST /organisations/{organisation}/projects/new`: the only answer with the project's secrets.
pub(crate) async fn create(visit: &Visit<'_>) -> Outcome {
    let place = Place::for_somebody_who_may(visit, Permission::Develop).await?;
    let mut form = Form::typed(&visit.form);
    let published = choices(visit, &place);
    let chosen: Vec<ApiName> = visit.form.all("apis").map(ApiName::from).collect();
    if chosen.iter().any(|name| !published.iter().any(|choice| choice.name == name.as_str())) {
        form.wrong("apis", mend("apis", visit.language));
        return page(visit, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    let equipped = match projects::create_with(visit.portal.app(), &visit.actor()?, place.id(), visit.form.text("name"), &chosen).await {
        Ok(equipped) => equipped,
        // An API that went from the catalogue since the page was made.
        Err(Error::NotFound { what: "API", .. }) => {
            form.wrong("apis", mend("apis", visit.language));
            return page(visit, StatusCode::UNPROCESSABLE_ENTITY, form).await;
        }
        Err(error) => {
            refused(&mut form, error, "name", visit.language)?;
            return page(visit, StatusCode::UNPROCESSABLE_ENTITY, form).await;
        }
    };
    let (project, language) = (&equipped.created.project, visit.language);
    let mut stamps = vec![Stamp::created_client("client", &equipped.created.client, language)];
    let issued = equipped.access.iter().filter_map(|outcome| outcome.api_credential.as_ref());
    stamps.extend(issued.take(1).map(|issued| Stamp::issued_api_credential("api-credential", issued, language)));
    let title = match language {
        Language::Spanish => format!("{} ya está creado", project.name),
        Language::English => format!("{} is ready", project.name),
    };
    visit.page(&Created {
        frame: place.frame(visit, title),
        lead: visit
            .t(
                "El proyecto tiene su cliente OAuth para el entorno de pruebas. El de producción se crea en el proyecto, cuando haya un contrato activo.",
                "The project has its OAuth client for the sandbox. The one for production is created in the project, once a contract is active.",
            )
            .to_owned(),
        stamps,
        access: equipped.access.iter().map(|outcome| became(visit, &published, outcome)).collect(),
        first_call: format!("/projects/{}/first-call", project.id),
        project_href: format!("/projects/{}", project.id),
        organisation_href: place.path.clone(),
    })
}

fn became(visit: &Visit<'_>, published: &[Choice], outcome: &access::Outcome) -> Chosen {
    let name = outcome.request.api.to_string();
    Chosen {
        state: words::request_state(outcome.request.status, visit.language),
        note: match outcome.request.status {
            AccessStatus::Approved => visit.t("Ya puedes llamarla en pruebas.", "You can call it in the sandbox now."),
            _ => visit.t("Lo decide la operadora; espera desde ahora.", "The operator decides; it waits from now on."),
        },
        title: published.iter().find(|choice| choice.name == name).map_or(name, |choice| choice.title.clone()),
    }
}

/// The APIs that are served in the sandbox.
fn choices(visit: &Visit<'_>, place: &Place) -> Vec<Choice> {
    let (references, catalogue) = (shown(visit), visit.portal.catalogue());
    let customer_type = place.all.organisation.customer_type;
    let served = references.iter().filter(|reference| {
        !reference.api.upstreams.of(Environment::Sandbox).is_empty() && may_be_asked_for(&catalogue, &reference.api, customer_type)
    });
    served
        .map(|reference| Choice {
            name: reference.api.name.to_string(),
            title: reference.title().to_owned(),
            summary: reference.summary(visit.language),
            scopes: reference.api.scopes().to_string(),
            at_once: access::at_once(&reference.api, Environment::Sandbox, customer_type, None, None),
            api_credential: reference.api.api_credential,
        })
        .collect()
}

async fn page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    let place = Place::for_somebody_who_may(visit, Permission::Develop).await?;
    let apis = choices(visit, &place);
    visit.page_with(status, &New { frame: place.frame(visit, visit.t("Crear un proyecto", "Create a project")), form, apis, place: &place })
}
