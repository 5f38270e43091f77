//! Another OAuth client in the place of one, with an overlap.

use app::{
    clients,
    view::{ClientPage, ProjectPage},
};
use askama::Template;
use domain::{contract::Standing, role::Permission, rotation::Overlap};
use http::StatusCode;

use super::{
    client, ends,
    issued::{self, Before, Issued},
    live, must, opened, overlap, overlaps,
    quarter::{Used, used},
    rail,
};
use crate::{
    failure::Failure,
    form::Form,
    frame::Frame,
    stamp::Stamp,
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "projects/replace.html")]
struct Page<'v> {
    frame: Frame<'v>,
    page: &'v ProjectPage,
    client: &'v ClientPage,
    environment: &'static str,
    form: Form,
    options: Vec<(&'static str, &'static str)>,
    /// Of all its secrets, the last one.
    used: Option<Used>,
}

/// `GET /projects/{project}/clients/{client}/replace`.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let client = active(visit, &page)?;
    form_page(visit, &page, client, StatusCode::OK, Form::with(&[("overlap", Overlap::Week.as_str())]))
}

/// `POST /projects/{project}/clients/{client}/replace`: the one answer that holds the secret.
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let client = active(visit, &page)?;
    let mut form = Form::typed(&visit.form);
    let Some(chosen) = overlap(visit, &mut form) else {
        return form_page(visit, &page, client, StatusCode::UNPROCESSABLE_ENTITY, form);
    };
    match clients::replace(visit.portal.app(), &visit.actor()?, &client.client.id, chosen).await {
        Ok(made) => issued::issued(
            visit,
            &page,
            Issued {
                title: visit.t("Cliente OAuth reemplazado", "OAuth client replaced"),
                stamp: Stamp::created_client("issued", &made, visit.language),
                before: ends(visit, chosen).map_or(Before::Ended, Before::Until),
                mend: visit.t(
                    "Cambia en tus programas las dos mitades: el client_id también es otro.",
                    "Change both halves in your programs: the client_id is another one too.",
                ),
            },
        ),
        Err(error) => {
            form.refused(error, visit.language)?;
            form_page(visit, &page, client, StatusCode::UNPROCESSABLE_ENTITY, form)
        }
    }
}

fn active<'p>(visit: &Visit<'_>, page: &'p ProjectPage) -> Result<&'p ClientPage, Failure> {
    let client = client(visit, page)?;
    must(page, Permission::Develop)?;
    if client.client.status == Standing::Active { Ok(client) } else { Err(Failure::Missing) }
}

fn form_page(visit: &Visit<'_>, page: &ProjectPage, client: &ClientPage, status: StatusCode, form: Form) -> Outcome {
    let title = visit.t("Reemplazar el cliente OAuth", "Replace the OAuth client");
    let last = live(client).max_by_key(|page| page.secret.last_used_at.map(|at| at.0));
    visit.page_with(
        status,
        &Page {
            frame: visit.frame(title).beside(rail(visit, page)),
            page,
            client,
            environment: words::environment(client.client.environment, visit.language),
            form,
            options: overlaps(visit),
            used: last.and_then(|page| used(&page.secret, visit)),
        },
    )
}
