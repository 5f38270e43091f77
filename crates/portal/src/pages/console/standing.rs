//! An organisation is suspended, with what stops said before, and resumed.

use app::{
    Error,
    organisations::{self, Stake},
    records::Holdings,
};
use askama::Template;
use domain::{OrganisationId, contract::Standing, role::Duty};
use http::StatusCode;

use super::{counted_to, frame, has_duty, undecided};
use crate::{
    form::Form,
    frame::{Frame, Notice},
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "console/suspend.html")]
struct Suspend<'v> {
    frame: Frame<'v>,
    id: String,
    name: String,
    stops: Vec<Stops>,
    form: Form,
}

/// What stops in one environment.
struct Stops {
    environment: &'static str,
    clients: String,
    api_credentials: String,
    customer_keys: String,
}

/// `GET /console/organisations/{organisation}/suspend`
pub(crate) async fn ask(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, Form::new()).await
}

/// `POST /console/organisations/{organisation}/suspend`
pub(crate) async fn suspend(visit: &Visit<'_>) -> Outcome {
    let id: OrganisationId = visit.id_segment("organisation")?;
    let (app, actor) = (visit.portal.app(), visit.actor()?);
    app::permission::staff(app, &actor, Duty::Administer).await?;
    visit.proved()?;
    match organisations::set_status(app, &actor, id, Standing::Suspended, Some(visit.form.text("reason"))).await {
        Ok(()) => visit.redirect_with(&format!("/console/organisations/{id}"), Notice::OrganisationSuspended),
        Err(error) => {
            let mut form = Form::typed(&visit.form);
            let status = undecided(visit, &mut form, error)?;
            page(visit, status, form).await
        }
    }
}

/// `POST /console/organisations/{organisation}/resume`: in one click, because it undoes.
pub(crate) async fn resume(visit: &Visit<'_>) -> Outcome {
    let id: OrganisationId = visit.id_segment("organisation")?;
    match organisations::set_status(visit.portal.app(), &visit.actor()?, id, Standing::Active, None).await {
        Ok(()) => visit.redirect_with(&format!("/console/organisations/{id}"), Notice::OrganisationResumed),
        Err(error) => super::organisation::again(visit, error).await,
    }
}

async fn page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    let id: OrganisationId = visit.id_segment("organisation")?;
    let (app, actor) = (visit.portal.app(), visit.actor()?);
    let organisation = organisations::find(app, &actor, &id.to_string()).await?;
    visit.somebody()?;
    if !has_duty(visit, Duty::Administer) {
        return Err(Error::StaffOnly { needs: Duty::Administer }.into());
    }
    visit.proved()?;
    let Stake { sandbox, production } = organisations::stake(app, &actor, id).await?;
    let title = match visit.language {
        domain::Language::Spanish => format!("Suspender {}", organisation.name),
        domain::Language::English => format!("Suspend {}", organisation.name),
    };
    let (frame, _) = frame(visit, title).await?;
    let stops = |environment, held: Holdings| Stops {
        environment: words::environment(environment, visit.language),
        clients: counted_to(&frame, held.clients, organisations::COUNTED),
        api_credentials: counted_to(&frame, held.api_credentials, organisations::COUNTED),
        customer_keys: counted_to(&frame, held.customer_keys, organisations::COUNTED),
    };
    let stops = vec![stops(domain::Environment::Production, production), stops(domain::Environment::Sandbox, sandbox)];
    visit.page_with(status, &Suspend { id: id.to_string(), name: organisation.name, stops, form, frame })
}
