//! The public keys of a client: it signs with the private halves instead of sending its secret.

use app::{
    public_keys,
    records::PublicKeyRow,
    view::{ClientPage, ProjectPage},
};
use askama::Template;
use domain::{contract::Standing, role::Permission};
use http::StatusCode;

use super::{client, may, must, opened, rail};
use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Moment, Notice},
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "projects/public_keys.html")]
struct List<'v> {
    frame: Frame<'v>,
    page: &'v ProjectPage,
    client: &'v ClientPage,
    environment: &'static str,
    keys: Vec<Key>,
    form: Form,
    /// Whether who looks may add and remove.
    develops: bool,
    /// There is no room for another.
    full: bool,
    /// For whom an assertion is.
    audience: &'v str,
}

#[derive(Template)]
#[template(path = "projects/public_key_remove.html")]
struct Remove<'v> {
    frame: Frame<'v>,
    page: &'v ProjectPage,
    client: &'v ClientPage,
    environment: &'static str,
    key: Key,
}

/// A key on a page.
struct Key {
    thumbprint: String,
    created: Moment,
    used: Option<Moment>,
    ends: Option<Moment>,
}

impl Key {
    fn new(row: &PublicKeyRow, visit: &Visit<'_>) -> Self {
        let moment = |at: app::records::Moment| Moment::new(*at, visit.language);
        Self {
            thumbprint: row.thumbprint.clone(),
            created: moment(row.created_at),
            used: row.last_used_at.map(moment),
            ends: row.retires_at.map(moment),
        }
    }
}

/// `GET /projects/{project}/clients/{client}/public-keys`
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let client = usable(visit, &page)?;
    list_page(visit, &page, client, StatusCode::OK, Form::new())
}

/// `POST /projects/{project}/clients/{client}/public-keys`
pub(crate) async fn add(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let client = usable(visit, &page)?;
    must(&page, Permission::Develop)?;
    match public_keys::add(visit.portal.app(), &visit.actor()?, &client.client.id, visit.form.text("public_key")).await {
        Ok(_) => visit.redirect_with(&path(&page, client), Notice::PublicKeyAdded),
        Err(error) => {
            // What was sent is not shown again: it may have been a private key.
            let mut form = Form::new();
            form.refused(error, visit.language)?;
            list_page(visit, &page, client, StatusCode::UNPROCESSABLE_ENTITY, form)
        }
    }
}

/// `GET /projects/{project}/clients/{client}/public-keys/{thumbprint}/remove`
pub(crate) async fn removing(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let (client, key) = key(visit, &page)?;
    must(&page, Permission::Develop)?;
    visit.page(&Remove {
        frame: visit.frame(visit.t("Quitar una clave pública", "Remove a public key")).beside(rail(visit, &page)),
        page: &page,
        client,
        environment: words::environment(client.client.environment, visit.language),
        key: Key::new(key, visit),
    })
}

/// `POST /projects/{project}/clients/{client}/public-keys/{thumbprint}/remove`
pub(crate) async fn remove(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let (client, key) = key(visit, &page)?;
    must(&page, Permission::Develop)?;
    public_keys::remove(visit.portal.app(), &visit.actor()?, &client.client.id, &key.thumbprint).await?;
    visit.redirect_with(&path(&page, client), Notice::PublicKeyRemoved)
}

fn path(page: &ProjectPage, client: &ClientPage) -> String {
    format!("/projects/{}/clients/{}/public-keys", page.project.id, client.client.id)
}

/// A revoked client has no page that could change it.
fn usable<'p>(visit: &Visit<'_>, page: &'p ProjectPage) -> Result<&'p ClientPage, Failure> {
    let client = client(visit, page)?;
    if client.client.status == Standing::Revoked { Err(Failure::Missing) } else { Ok(client) }
}

fn key<'p>(visit: &Visit<'_>, page: &'p ProjectPage) -> Result<(&'p ClientPage, &'p PublicKeyRow), Failure> {
    let (client, thumbprint) = (usable(visit, page)?, visit.segment("thumbprint"));
    let found = client.public_keys.iter().find(|key| key.thumbprint == thumbprint);
    Ok((client, found.ok_or(Failure::Missing)?))
}

fn list_page(visit: &Visit<'_>, page: &ProjectPage, client: &ClientPage, status: StatusCode, form: Form) -> Outcome {
    let title = visit.t("Claves públicas de un cliente OAuth", "Public keys of an OAuth client");
    visit.page_with(
        status,
        &List {
            frame: visit.frame(title).beside(rail(visit, page)),
            page,
            client,
            environment: words::environment(client.client.environment, visit.language),
            keys: client.public_keys.iter().map(|key| Key::new(key, visit)).collect(),
            form,
            develops: may(page, Permission::Develop),
            full: i64::try_from(client.public_keys.len()).is_ok_and(|live| live >= public_keys::MOST),
            audience: visit.portal.settings().base_url(client.client.environment).unwrap_or_default(),
        },
    )
}
