//! Organisations and their members.

use app::{
    organisations as cases,
    records::{Hit, Order, Organisation},
    view,
};
use domain::{CustomerType, OrganisationId, contract::Standing, role::Role};
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, with, written},
    problem::Problem,
    schema::{Named, closed, id, moment, name, object, one_of, or_null, reason, standing, text},
};

pub(crate) fn customer_types() -> Vec<&'static str> {
    CustomerType::ALL.iter().map(|kind| kind.as_str()).collect()
}

pub(crate) fn standings() -> Vec<&'static str> {
    Standing::ALL.iter().map(|standing| standing.as_str()).collect()
}

/// The word for organisations by their names.
const BY_NAME: &str = "name";

pub(crate) fn orders() -> Vec<&'static str> {
    vec!["newest", BY_NAME]
}

fn shape() -> Vec<(&'static str, Value)> {
    vec![("id", id()), ("name", text()), ("customer_type", one_of(customer_types())), ("status", standing()), ("created_at", moment())]
}

pub(crate) fn schemas() -> Vec<Named> {
    let mut founded = shape();
    founded.push(("project", json!({"$ref": "#/components/schemas/CreatedProject"})));
    let mut found = shape();
    found.push(("matched", json!({"type": ["string", "null"], "description": "What of it was found; null: nothing was looked for."})));
    vec![
        ("Organisation", object(&shape())),
        ("FoundBySearch", object(&found)),
        ("Stake", object(&[("sandbox", holdings()), ("production", holdings())])),
        ("FoundedOrganisation", object(&founded)),
        ("NewOrganisation", closed(&[("name", name()), ("customer_type?", one_of(customer_types())), ("first_project", name())])),
        (
            "OrganisationStanding",
            object(&[("status", standing()), ("reason", or_null(text())), ("by", or_null(text())), ("at", or_null(moment()))]),
        ),
        ("Rename", closed(&[("name", name())])),
        ("SetStanding", closed(&[("status", standing()), ("reason?", reason())])),
        ("SetCustomerType", closed(&[("customer_type", one_of(customer_types()))])),
        (
            "Member",
            object(&[
                ("account_id", id()),
                ("name", text()),
                ("email", text()),
                ("role", one_of(Role::ALL.iter().map(|role| role.as_str()))),
                ("created_at", moment()),
            ]),
        ),
    ]
}

/// What an organisation holds in one environment.
fn holdings() -> Value {
    let many = json!({"type": "integer", "minimum": 0, "description": "Counted to 1,000; 1001 stands for more."});
    object(&[("clients", many.clone()), ("api_credentials", many.clone()), ("customer_keys", many.clone()), ("suspended_keys", many)])
}

async fn now(call: &Call) -> Result<(OrganisationId, Value), Problem> {
    let id: OrganisationId = call.id("organisation")?;
    let found = cases::find(call.app(), &call.actor, &id.to_string()).await?;
    Ok((id, written(&found)?))
}

/// `GET /organisations`
pub(crate) async fn list(call: &Call) -> Outcome {
    let filter =
        cases::Filter { name: call.parameter("name").to_owned(), customer_type: call.word("customer_type"), status: call.word("status") };
    let rows = cases::list(call.app(), &call.actor, &filter, call.after()?, call.limit() + 1).await?;
    Ok(call.page(rows.iter().map(written).collect::<Result<_, _>>()?, "id"))
}

/// `POST /organisations`
pub(crate) async fn create(call: &Call) -> Outcome {
    let customer_type = call.optional("customer_type").map(|_| call.choice("customer_type")).transpose()?.unwrap_or(CustomerType::Customer);
    let founded = cases::create(call.app(), &call.actor, call.text("name"), customer_type, call.text("first_project")).await?;
    let organisation: &Organisation = &founded.organisation;
    let thing = written(organisation)?;
    let answer = with(thing.clone(), [("project", super::projects::created(&founded.first)?)]);
    Ok(call.made(&format!("/organisations/{}", organisation.id), answer).tagged(&thing))
}

/// `GET /organisations/{organisation}`
pub(crate) async fn show(call: &Call) -> Outcome {
    Ok(Answer::one(now(call).await?.1))
}

/// `PATCH /organisations/{organisation}`
pub(crate) async fn rename(call: &Call) -> Outcome {
    let (id, present) = now(call).await?;
    call.must_match(&present)?;
    cases::rename(call.app(), &call.actor, id, call.text("name")).await?;
    show(call).await
}

/// `GET /organisations/{organisation}/status`
pub(crate) async fn standing_of(call: &Call) -> Outcome {
    let page = view::organisation(call.app(), &call.actor, call.id("organisation")?).await?;
    // The tag is the organisation's, which is what a change of its status goes by.
    let (status, tag) = (page.organisation.status, written(&page.organisation)?);
    let told = page.stopped.map_or_else(
        || json!({"status": status, "reason": null, "by": null, "at": null}),
        |stopped| json!({"status": status, "reason": stopped.reason, "by": stopped.by_whom, "at": stopped.at}),
    );
    Ok(Answer::one(told).tagged(&tag))
}

/// `PUT /organisations/{organisation}/status`
pub(crate) async fn set_status(call: &Call) -> Outcome {
    let (id, present) = now(call).await?;
    call.must_match(&present)?;
    cases::set_status(call.app(), &call.actor, id, call.choice("status")?, call.optional("reason")).await?;
    show(call).await
}

/// `PUT /organisations/{organisation}/customer-type`
pub(crate) async fn set_customer_type(call: &Call) -> Outcome {
    let id: OrganisationId = call.id("organisation")?;
    let seen = cases::find(call.app(), &call.actor, &id.to_string()).await?;
    call.must_match(&written(&seen)?)?;
    let to = call.choice("customer_type")?;
    if seen.customer_type != to {
        cases::change_customer_type(call.app(), &call.actor, id, seen.customer_type, to).await?;
    }
    show(call).await
}

/// `GET /organisations/{organisation}/members`
pub(crate) async fn members(call: &Call) -> Outcome {
    let page = view::organisation(call.app(), &call.actor, call.id("organisation")?).await?;
    call.page_of(page.members.iter().map(written).collect::<Result<_, _>>()?, "account_id")
}

/// `GET /organisations/{organisation}/stake`
pub(crate) async fn stake(call: &Call) -> Outcome {
    let stake = cases::stake(call.app(), &call.actor, call.id("organisation")?).await?;
    Ok(Answer::one(json!({"sandbox": written(&stake.sandbox)?, "production": written(&stake.production)?})))
}

/// `GET /organisation-search?text=`
pub(crate) async fn search(call: &Call) -> Outcome {
    let wanted = cases::Search {
        text: call.parameter("text").to_owned(),
        status: call.word("status"),
        customer_type: call.word("customer_type"),
        order: if call.parameter("order") == BY_NAME { Order::Name } else { Order::Newest },
        after: call.after()?,
        limit: call.limit(),
    };
    let hits = cases::search(call.app(), &call.actor, &wanted).await?;
    let row = |hit: &Hit| Ok(with(written(&hit.organisation)?, [("matched", json!(hit.matched().map(|(_, text)| text)))]));
    let rows = hits.rows.iter().map(row).collect::<Result<_, Problem>>()?;
    Ok(call.page_with(rows, hits.next.map(|next| next.to_string())))
}
