//! Another secret for a client, while the one before goes on for as long as it is chosen.

use app::{
    records::SecretRow,
    secrets,
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
    frame::{Frame, Moment},
    stamp::Stamp,
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "projects/rotate.html")]
struct Page<'v> {
    frame: Frame<'v>,
    page: &'v ProjectPage,
    client: &'v ClientPage,
    environment: &'static str,
    form: Form,
    options: Vec<(&'static str, &'static str)>,
    secrets: Vec<Line>,
    /// Both places are taken: another one comes only when both of these end at once.
    full: bool,
}

/// A live secret on a page that would end it.
pub(super) struct Line {
    pub(super) id: String,
    pub(super) prefix: String,
    pub(super) used: Option<Used>,
    pub(super) ends: Option<Moment>,
}

impl Line {
    pub(super) fn new(visit: &Visit<'_>, secret: &SecretRow) -> Self {
        Self {
            id: secret.id.to_string(),
            prefix: secret.prefix.clone(),
            used: used(secret, visit),
            ends: secret.retires_at.map(|at| Moment::new(*at, visit.language)),
        }
    }
}

/// `GET /projects/{project}/clients/{client}/rotate`.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let client = usable(visit, &page)?;
    let first = if is_full(client) { Overlap::Now } else { Overlap::Day };
    form_page(visit, &page, client, StatusCode::OK, Form::with(&[("overlap", first.as_str())]))
}

/// `POST /projects/{project}/clients/{client}/rotate`: the one answer that holds the secret.
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let client = usable(visit, &page)?;
    let mut form = Form::typed(&visit.form);
    let chosen = overlap(visit, &mut form);
    if chosen.is_some_and(|chosen| chosen != Overlap::Now) && is_full(client) {
        form.wrong(
            "overlap",
            visit.t(
                "Ya hay dos claves secretas en vigor: termina antes una, o renueva con efecto inmediato.",
                "There are two live secrets already: end one first, or let both end now.",
            ),
        );
    }
    let Some(chosen) = chosen.filter(|_| !form.is_wrong()) else {
        return form_page(visit, &page, client, StatusCode::UNPROCESSABLE_ENTITY, form);
    };
    match secrets::create(visit.portal.app(), &visit.actor()?, &client.client.id, Some(chosen.seconds())).await {
        Ok(made) => issued::issued(
            visit,
            &page,
            Issued {
                title: visit.t("Clave secreta renovada", "Secret rotated"),
                stamp: Stamp::client("issued", &client.client, visit.language).secret(
                    "client_secret",
                    visit.language.pick("clave secreta", "secret key"),
                    &made.secret,
                ),
                before: match ends(visit, chosen) {
                    _ if live(client).next().is_none() => Before::Stays,
                    None => Before::Ended,
                    Some(until) => Before::Until(until),
                },
                mend: visit.t(
                    "Ponla en tus programas. En la página del proyecto verás cuándo usa cada uno la nueva y cuándo se puede retirar la anterior.",
                    "Put it into your programs. The project's page tells you when the new one is used and when the one before may go.",
                ),
            },
        ),
        Err(error) => {
            form.refused(error, visit.language)?;
            form_page(visit, &page, client, StatusCode::UNPROCESSABLE_ENTITY, form)
        }
    }
}

/// Whether the client has as many live secrets as it may.
fn is_full(client: &ClientPage) -> bool {
    i64::try_from(live(client).count()).is_ok_and(|live| live >= secrets::MOST)
}

fn usable<'p>(visit: &Visit<'_>, page: &'p ProjectPage) -> Result<&'p ClientPage, Failure> {
    let client = client(visit, page)?;
    must(page, Permission::Develop)?;
    // A revoked client has no page that could change it.
    if client.client.status == Standing::Revoked { Err(Failure::Missing) } else { Ok(client) }
}

fn form_page(visit: &Visit<'_>, page: &ProjectPage, client: &ClientPage, status: StatusCode, form: Form) -> Outcome {
    let title = visit.t("Renovar la clave secreta", "Rotate the secret");
    let secrets: Vec<_> = live(client).map(|page| Line::new(visit, &page.secret)).collect();
    visit.page_with(
        status,
        &Page {
            frame: visit.frame(title).beside(rail(visit, page)),
            page,
            client,
            environment: words::environment(client.client.environment, visit.language),
            form,
            options: overlaps(visit),
            full: is_full(client),
            secrets,
        },
    )
}
