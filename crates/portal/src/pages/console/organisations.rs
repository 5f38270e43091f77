//! Organisations, looked for by whatever somebody has of one.

use app::{
    organisations::{self, Search},
    records::Order,
};
use askama::Template;
use domain::{CustomerType, OrganisationId, contract::Standing};

use super::{PAGE, frame};
use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Moment},
    visit::{Outcome, Visit},
    words::{self, State},
};

#[derive(Template)]
#[template(path = "console/organisations.html")]
struct Organisations<'v> {
    frame: Frame<'v>,
    rows: Vec<Row>,
    form: Form,
    states: Vec<(&'static str, &'static str)>,
    types: Vec<(&'static str, &'static str)>,
    orders: Vec<(&'static str, &'static str)>,
    is_filtered: bool,
    /// So many fitted that not all were looked at.
    clipped: bool,
    next: Option<String>,
}

struct Row {
    id: String,
    name: String,
    customer_type: &'static str,
    state: State,
    /// The kind of match and what matched, where it is not what the row shows anyway.
    matched: Option<(&'static str, String)>,
    created: Moment,
}

/// `GET /console/organisations?q=&status=&type=&order=&after=`
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    let (frame, _) = frame(visit, visit.t("Organizaciones", "Organisations")).await?;
    let text = |name: &str| visit.query.text(name);
    let after = text("after");
    let after: Option<OrganisationId> = if after.is_empty() { None } else { Some(after.parse().map_err(|_| Failure::Missing)?) };
    let wanted = Search {
        text: text("q").to_owned(),
        status: text("status").parse().ok(),
        customer_type: text("type").parse().ok(),
        order: if text("order") == "name" { Order::Name } else { Order::Newest },
        after,
        limit: PAGE,
    };
    let hits = organisations::search(visit.portal.app(), &visit.actor()?, &wanted).await?;
    let language = visit.language;
    let rows = hits.rows.into_iter().map(|hit| Row {
        id: hit.organisation.id.to_string(),
        customer_type: words::customer_type(hit.organisation.customer_type, language),
        state: words::organisation_state(hit.organisation.status, language),
        matched: hit.matched().map(|(kind, text)| (words::matched(kind, language), text.to_owned())).filter(|(kind, _)| !kind.is_empty()),
        created: Moment::new(*hit.organisation.created_at, language),
        name: hit.organisation.name,
    });
    let any = ("", visit.t("da igual", "any"));
    let states = Standing::ALL.iter().map(|status| (status.as_str(), words::organisation_state(*status, language).word));
    let types = CustomerType::ALL.iter().map(|kind| (kind.as_str(), words::customer_type(*kind, language)));
    let rest = visit.query.without(&["done", "lang", "after"]);
    visit.page(&Organisations {
        rows: rows.collect(),
        form: Form::typed(&visit.query),
        states: std::iter::once(any).chain(states).collect(),
        types: std::iter::once(any).chain(types).collect(),
        orders: vec![("", visit.t("primero las nuevas", "newest first")), ("name", visit.t("por nombre", "by name"))],
        is_filtered: ["q", "status", "type"].iter().any(|name| !text(name).is_empty()),
        clipped: hits.clipped,
        next: hits.next.map(|after| if rest.is_empty() { format!("after={after}") } else { format!("{rest}&after={after}") }),
        frame,
    })
}
