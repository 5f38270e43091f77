//! The customer keys of a project: for its members under the project, for the operator's staff in the console. The same pages, each with its
//! own rail; who may do what is decided by the use cases, and here only whether a button is shown.

mod binding;
mod limits;
mod rotate;
mod usage;

use app::{
    Error,
    acting::{self, Stopped},
    consents, customer_keys,
    customer_keys::Filter,
    policies,
    records::{CustomerKeyRow, ListedCustomerKey},
    view::ProjectPage,
};
use askama::Template;
use domain::{
    ChildKey, Environment,
    contract::Standing,
    role::{Duty, Permission},
};
use http::StatusCode;

use super::{
    console,
    projects::{may, opened, rail},
};
pub(crate) use binding::bind;
pub(crate) use limits::{show as limits, show_all as limits_of_all, submit as limit, submit_all as limit_all};
pub(crate) use rotate::{show as rotating, submit as rotate};

use crate::{
    downloads,
    failure::Failure,
    form::Form,
    frame::{Frame, Moment, Notice},
    stamp::Stamp,
    visit::{Outcome, Visit},
    words::{self, State},
};

/// How many stand on one page.
const PAGE: i64 = 25;

/// A project whose keys somebody has in front of them.
pub(super) struct Place {
    page: ProjectPage,
    /// The path of the list.
    path: String,
    /// Whether it is a page of the console.
    console: bool,
    /// Whether to show who looks how to make one.
    creates: bool,
    /// Whether to show who looks how to stop, resume and revoke one.
    turns: bool,
}

impl Place {
    async fn of(visit: &Visit<'_>) -> Result<Self, Failure> {
        let page = opened(visit).await?;
        let console = visit.path.starts_with("/console/");
        let base = if console { "/console/projects" } else { "/projects" };
        let path = format!("{base}/{}/customer-keys", page.project.id);
        let open = page.project.archived_at.is_none() && page.organisation.status != Standing::Revoked;
        let develops = may(&page, Permission::Develop);
        let acts = page.organisation.customer_type.acts_for_others();
        Ok(Self {
            creates: open && acts && if console { console::has_duty(visit, Duty::Decide) } else { develops },
            turns: if console { open && console::has_duty(visit, Duty::Administer) } else { develops },
            page,
            path,
            console,
        })
    }

    async fn frame<'v>(&self, visit: &'v Visit<'_>, title: &str) -> Result<Frame<'v>, Failure> {
        Ok(if self.console { console::frame(visit, title).await?.0 } else { visit.frame(title).beside(rail(visit, &self.page)) })
    }

    /// The key in the path, which must be the project's.
    async fn key(&self, visit: &Visit<'_>) -> Result<CustomerKeyRow, Failure> {
        let key = customer_keys::find(visit.portal.app(), &visit.actor()?, &ChildKey::from(visit.segment("child"))).await?;
        if key.project_id == self.page.project.id { Ok(key) } else { Err(Failure::Missing) }
    }

    /// What it takes to turn a key, as a refusal. The use case refuses by itself; this is for the page that leads to it.
    fn must_turn(&self, visit: &Visit<'_>) -> Result<(), Failure> {
        match (self.console, self.page.role) {
            (true, _) if !console::has_duty(visit, Duty::Administer) => Err(Error::StaffOnly { needs: Duty::Administer }.into()),
            (false, _) => super::projects::must(&self.page, Permission::Develop),
            _ => Ok(()),
        }
    }

    fn acts(&self) -> bool {
        self.page.organisation.customer_type.acts_for_others()
    }
}

#[derive(Template)]
#[template(path = "customer_keys/list.html")]
struct List<'v> {
    frame: Frame<'v>,
    place: &'v Place,
    rows: Vec<Row>,
    form: Form,
    environments: Vec<(&'static str, &'static str)>,
    states: Vec<(&'static str, &'static str)>,
    is_filtered: bool,
    next: Option<String>,
    /// The filter as a query, for the same as a file.
    query: String,
}

/// A key as it is listed.
struct Row {
    id: String,
    account_number: String,
    environment: &'static str,
    prefix: String,
    state: State,
    by_operator: bool,
    /// Whoever holds the account number stopped it.
    by_holder: bool,
    created: Moment,
}

impl Row {
    fn new(listed: ListedCustomerKey, visit: &Visit<'_>) -> Self {
        let ListedCustomerKey { key, suspended_by } = listed;
        Self {
            by_operator: key.status == Standing::Suspended && suspended_by.as_deref() == Some("operator"),
            by_holder: key.status == Standing::Revoked && suspended_by.as_deref() == Some("holder"),
            environment: words::environment(key.environment, visit.language),
            state: words::key_state(key.status, visit.language),
            created: Moment::new(*key.created_at, visit.language),
            id: key.id.to_string(),
            account_number: key.account_number,
            prefix: key.prefix,
        }
    }
}

/// `GET .../customer-keys?q=&environment=&status=&after=`
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    let place = Place::of(visit).await?;
    let text = |name: &str| visit.query.text(name);
    let after = Some(text("after")).filter(|after| !after.is_empty()).map(ChildKey::from);
    let filter = Filter { after, ..wanted(visit) };
    let (rows, next) = customer_keys::list(visit.portal.app(), &visit.actor()?, place.page.project.id, &filter, PAGE).await?;
    let any = ("", visit.t("da igual", "any"));
    let environments = Environment::ALL.iter().map(|environment| (environment.as_str(), words::environment(*environment, visit.language)));
    let states = Standing::ALL.iter().map(|status| (status.as_str(), words::key_state(*status, visit.language).word));
    let rest = visit.query.without(&["done", "lang", "after"]);
    let title = title(visit, &place);
    visit.page(&List {
        frame: place.frame(visit, &title).await?,
        rows: rows.into_iter().map(|row| Row::new(row, visit)).collect(),
        form: Form::typed(&visit.query),
        environments: std::iter::once(any).chain(environments).collect(),
        states: std::iter::once(any).chain(states).collect(),
        is_filtered: ["q", "environment", "status", "after"].iter().any(|name| !text(name).is_empty()),
        next: next.map(|after| if rest.is_empty() { format!("after={after}") } else { format!("{rest}&after={after}") }),
        query: if rest.is_empty() { rest } else { format!("?{rest}") },
        place: &place,
    })
}

fn wanted(visit: &Visit<'_>) -> Filter {
    let text = |name: &str| visit.query.text(name);
    Filter { environment: text("environment").parse().ok(), status: text("status").parse().ok(), text: text("q").to_owned(), after: None }
}

/// `GET .../customer-keys.csv?q=&environment=&status=`: what the list's filter leaves, as a file.
pub(crate) async fn export(visit: &Visit<'_>) -> Outcome {
    let place = Place::of(visit).await?;
    let room = downloads::place(visit)?;
    let export = customer_keys::export(visit.portal.app(), &visit.actor()?, place.page.project.id, &wanted(visit)).await?;
    downloads::file(visit, room, "text/csv; charset=utf-8", "customer-keys.csv", export)
}

/// In the console the rail does not say whose they are.
fn title(visit: &Visit<'_>, place: &Place) -> String {
    let keys = visit.t("Claves de cliente", "Customer keys");
    if place.console { format!("{keys} · {}", place.page.project.name) } else { keys.to_owned() }
}

#[derive(Template)]
#[template(path = "customer_keys/new.html")]
struct New<'v> {
    frame: Frame<'v>,
    place: &'v Place,
    form: Form,
    environments: Vec<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "customer_keys/issued.html")]
struct Issued<'v> {
    frame: Frame<'v>,
    place: &'v Place,
    stamp: Stamp,
}

/// `GET .../customer-keys/new`
pub(crate) async fn new(visit: &Visit<'_>) -> Outcome {
    form_page(visit, &Place::of(visit).await?, StatusCode::OK, Form::with(&[("environment", "production")])).await
}

/// `POST .../customer-keys/new`: the one answer that holds the secret. Members make them in the sandbox alone.
pub(crate) async fn create(visit: &Visit<'_>) -> Outcome {
    let place = Place::of(visit).await?;
    let (app, actor) = (visit.portal.app(), visit.actor()?);
    let environment = if place.console { visit.form.text("environment").parse().ok() } else { Some(Environment::Sandbox) };
    let Some(environment) = environment else {
        let mut form = Form::typed(&visit.form);
        form.wrong("environment", visit.t("Elige uno de los dos.", "Choose one of the two."));
        return form_page(visit, &place, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    match customer_keys::create(app, &actor, place.page.project.id, environment, visit.form.text("account_number")).await {
        Ok(made) => visit.page(&Issued {
            frame: place.frame(visit, visit.t("Clave de cliente emitida", "Customer key issued")).await?,
            stamp: Stamp::issued_customer_key("issued", &made, visit.language),
            place: &place,
        }),
        Err(error) => {
            let mut form = Form::typed(&visit.form);
            form.refused(error, visit.language)?;
            form_page(visit, &place, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

async fn form_page(visit: &Visit<'_>, place: &Place, status: StatusCode, form: Form) -> Outcome {
    if !place.console {
        super::projects::must(&place.page, Permission::Develop)?;
    } else if !console::has_duty(visit, Duty::Decide) {
        return Err(Error::StaffOnly { needs: Duty::Decide }.into());
    }
    let environments = [Environment::Production, Environment::Sandbox]
        .map(|environment| (environment.as_str(), words::environment(environment, visit.language)));
    let title = visit.t("Emitir una clave de cliente", "Issue a customer key");
    visit.page_with(status, &New { frame: place.frame(visit, title).await?, place, form, environments: environments.to_vec() })
}

#[derive(Template)]
#[template(path = "customer_keys/show.html")]
struct Show<'v> {
    frame: Frame<'v>,
    place: &'v Place,
    key: CustomerKeyRow,
    environment: &'static str,
    state: State,
    created: Moment,
    used: usage::Used,
    /// What it may ask for.
    limits: String,
    /// What its account holder agreed to; `None`: nobody asked it.
    agreed: Option<String>,
    /// Since when its secret is another than at first.
    rotated: Option<Moment>,
    /// The secret before, by its first characters, and when it ends, while it still opens something.
    previous: Option<(String, Moment)>,
    /// Whether to show who looks how to rotate its secret.
    rotates: bool,
    /// That whoever holds the account number stopped it.
    stopped: Option<Stopped>,
    /// Why it was not turned.
    form: Form,
    /// It is about to be revoked: the page asks.
    revokes: bool,
    /// The public keys that it may be bound to, and "none", for those who may bind it; empty for the others.
    bindings: Vec<(String, String)>,
}

/// `GET .../customer-keys/{child}`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let place = Place::of(visit).await?;
    let key = place.key(visit).await?;
    key_page(visit, &place, key, StatusCode::OK, Form::new(), false).await
}

/// `GET .../customer-keys/{child}/revoke`
pub(crate) async fn ask_to_revoke(visit: &Visit<'_>) -> Outcome {
    let place = Place::of(visit).await?;
    let key = place.key(visit).await?;
    place.must_turn(visit)?;
    if key.status == Standing::Revoked {
        return visit.redirect(&format!("{}/{}", place.path, key.id));
    }
    key_page(visit, &place, key, StatusCode::OK, Form::new(), true).await
}

/// `POST .../customer-keys/{child}/suspend`
pub(crate) async fn suspend(visit: &Visit<'_>) -> Outcome {
    turn(visit, Standing::Suspended, Notice::KeySuspended).await
}

/// `POST .../customer-keys/{child}/resume`
pub(crate) async fn resume(visit: &Visit<'_>) -> Outcome {
    turn(visit, Standing::Active, Notice::KeyResumed).await
}

/// `POST .../customer-keys/{child}/revoke`
pub(crate) async fn revoke(visit: &Visit<'_>) -> Outcome {
    turn(visit, Standing::Revoked, Notice::KeyRevoked).await
}

async fn turn(visit: &Visit<'_>, to: Standing, notice: Notice) -> Outcome {
    let place = Place::of(visit).await?;
    let key = place.key(visit).await?;
    place.must_turn(visit)?;
    match customer_keys::set_status(visit.portal.app(), &visit.actor()?, &key.id, to).await {
        Ok(()) => visit.redirect_with(&format!("{}/{}", place.path, key.id), notice),
        Err(error) => {
            let mut form = Form::new();
            form.refused(error, visit.language)?;
            let key = place.key(visit).await?;
            key_page(visit, &place, key, StatusCode::CONFLICT, form, false).await
        }
    }
}

async fn key_page(visit: &Visit<'_>, place: &Place, key: CustomerKeyRow, status: StatusCode, form: Form, revokes: bool) -> Outcome {
    let title = match (revokes, visit.language) {
        (true, _) => visit.t("Revocar una clave de cliente", "Revoke a customer key").to_owned(),
        (false, domain::Language::Spanish) => format!("Clave de cliente de la cuenta {}", key.account_number),
        (false, domain::Language::English) => format!("Customer key of account {}", key.account_number),
    };
    let limits = customer_keys::limits(visit.portal.app(), &visit.actor()?, &key.id).await?.in_force();
    let frame = place.frame(visit, &title).await?;
    let stopped = if key.status == Standing::Revoked { acting::stopped(visit.portal.app(), &visit.actor()?, &key.id).await? } else { None };
    visit.page_with(
        status,
        &Show {
            stopped,
            agreed: agreed(visit, &key).await?,
            limits: words::limits(&frame, limits.rate, limits.quota),
            frame,
            environment: words::environment(key.environment, visit.language),
            state: words::key_state(key.status, visit.language),
            created: Moment::new(*key.created_at, visit.language),
            used: usage::used(visit, &key).await?,
            rotated: key.rotated_at.map(|at| Moment::new(*at, visit.language)),
            previous: previous(visit, &key),
            rotates: !place.console && may(&place.page, Permission::Develop) && key.status != Standing::Revoked,
            bindings: if revokes { Vec::new() } else { binding::bindings(visit, place, &key) },
            place,
            key,
            form,
            revokes,
        },
    )
}

/// To which version of the policies the account holder agreed, how it was proved, and whether there is a later version.
async fn agreed(visit: &Visit<'_>, key: &CustomerKeyRow) -> Result<Option<String>, Failure> {
    let app = visit.portal.app();
    let Some(standing) = consents::of_key(app, &visit.actor()?, &key.id).await? else { return Ok(None) };
    let (version, how) = (standing.version(), words::proved(&standing.consent.method, visit.language));
    let current = policies::show(app, None).await?.current.version;
    let rest = if version == current || key.environment == Environment::Sandbox {
        String::new()
    } else {
        let later = visit.t("hay otra en vigor; se le pregunta", "another is in force; it is asked");
        format!(" ({later}: {current})")
    };
    Ok(Some(match visit.language {
        domain::Language::Spanish => format!("versión {version} de las políticas, {how}{rest}"),
        domain::Language::English => format!("version {version} of the policies, {how}{rest}"),
    }))
}

/// The secret before the present one, while it still opens something.
fn previous(visit: &Visit<'_>, key: &CustomerKeyRow) -> Option<(String, Moment)> {
    let until = key.previous_until.filter(|until| visit.portal.app().now() < until.0)?;
    Some((key.previous_prefix.clone()?, Moment::new(*until, visit.language)))
}
