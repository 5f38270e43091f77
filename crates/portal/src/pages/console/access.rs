//! The queue of access requests.

use app::queues::{self, Query};
use askama::Template;
use domain::{Environment, queue::Queue};

use super::{
    CLIPPED, asked,
    care::{self, Eyes, Seen},
    carried, counted, decides, frame, next,
};
use crate::{
    form::Form,
    frame::{Frame, Moment},
    visit::{Outcome, Visit},
    waits, words,
};

#[derive(Template)]
#[template(path = "console/access.html")]
struct Access<'v> {
    frame: Frame<'v>,
    rows: Vec<Row>,
    total: String,
    form: Form,
    apis: Vec<(String, String)>,
    environments: Vec<(&'static str, &'static str)>,
    ages: Vec<(&'static str, &'static str)>,
    is_filtered: bool,
    takers: Vec<(&'static str, &'v str)>,
    decides: bool,
    carried: String,
    next: Option<String>,
}

/// A request that waits.
struct Row {
    id: String,
    owner_id: String,
    owner: String,
    project_id: String,
    project: String,
    api: String,
    environment: &'static str,
    scopes: String,
    plan: String,
    reason: String,
    asked: Moment,
    age: String,
    seen: Seen,
}

const DAY: i64 = 86_400;

/// `GET /console/access?api=&environment=&age=&organisation=&taken=&after=`; the age is in days.
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    let (frame, _) = frame(visit, visit.t("Solicitudes de acceso", "Access requests")).await?;
    let text = |name: &str| visit.query.text(name);
    let query = Query {
        api: Some(text("api")).filter(|api| !api.is_empty()).map(Into::into),
        environment: text("environment").parse().ok(),
        waiting_for: text("age").parse::<i64>().unwrap_or(0).clamp(0, 36_500) * DAY,
        ..asked(visit)?
    };
    let page = queues::access(visit.portal.app(), &visit.actor()?, &query).await?;
    let language = visit.language;
    let eyes = Eyes::of(visit, Queue::Access).await?;
    let rows = page.rows.into_iter().map(|row| Row {
        seen: eyes.see(row.taker_id.as_deref(), row.taker, *row.what.created_at),
        id: row.what.id.to_string(),
        owner_id: row.owner_id.to_string(),
        owner: row.owner,
        project_id: row.what.project_id.to_string(),
        project: row.project,
        api: row.what.api.to_string(),
        environment: words::environment(row.what.environment, language),
        scopes: row.what.scopes.to_string(),
        plan: row.what.plan,
        reason: waits::clipped(&row.what.reason, CLIPPED),
        asked: Moment::new(*row.what.created_at, language),
        age: waits::age(*row.what.created_at, visit.at, language),
    });
    let any = (String::new(), visit.t("todas", "all").to_owned());
    let apis = visit.portal.catalogue().apis.iter().map(|api| (api.name.to_string(), api.name.to_string())).collect::<Vec<_>>();
    let mut environments = vec![("", visit.t("los dos", "both"))];
    environments.extend(Environment::ALL.iter().map(|environment| (environment.as_str(), words::environment(*environment, language))));
    visit.page(&Access {
        rows: rows.collect(),
        total: counted(&frame, page.total),
        form: Form::typed(&visit.query),
        apis: std::iter::once(any).chain(apis).collect(),
        environments,
        ages: vec![
            ("", visit.t("da igual", "any")),
            ("1", visit.t("más de un día", "more than a day")),
            ("3", visit.t("más de tres días", "more than three days")),
            ("7", visit.t("más de una semana", "more than a week")),
        ],
        is_filtered: ["api", "environment", "age", "organisation", "taken"].iter().any(|name| !text(name).is_empty()),
        takers: care::choices(visit),
        decides: decides(visit),
        carried: carried(visit),
        next: next(visit, page.next),
        frame,
    })
}
