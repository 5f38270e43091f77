//! The usage policies, version by version, and who accepted them.

use app::{
    Error,
    policies::{self as cases, Asked, Draft, LONGEST, LONGEST_CHANGE},
    records::{Policies, Signed},
};
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, written},
    problem::Problem,
    schema::{Named, closed, environment, id, integer, moment, object, or_null, text},
};

/// The name of a version.
pub(crate) fn version() -> Value {
    json!({"type": "string", "pattern": "^[0-9]{4}[0-9a-z.-]{0,28}$"})
}

pub(crate) fn schemas() -> Vec<Named> {
    // The use cases count bytes; no text of so many bytes has more characters.
    let bounded = |least: usize, most: usize| json!({"type": "string", "minLength": least, "maxLength": most});
    let shape = || {
        vec![
            ("version", text()),
            ("revision", json!({"type": "integer"})),
            ("created_at", moment()),
            ("created_by", text()),
            ("published_at", or_null(moment())),
            ("published_by", or_null(text())),
            ("in_force_at", or_null(moment())),
        ]
    };
    let mut whole = shape();
    whole.extend(["spanish", "english", "changed_spanish", "changed_english"].map(|member| (member, text())));
    vec![
        ("PoliciesInShort", object(&shape())),
        ("Policies", object(&whole)),
        (
            "PoliciesDraft",
            closed(&[
                ("spanish", bounded(1, LONGEST)),
                ("english", bounded(1, LONGEST)),
                ("changed_spanish?", bounded(0, LONGEST_CHANGE)),
                ("changed_english?", bounded(0, LONGEST_CHANGE)),
            ]),
        ),
        ("PoliciesPublication", closed(&[("revision", integer(1, i64::MAX)), ("in_force_at?", or_null(moment()))])),
        (
            "PolicyAcceptance",
            object(&[
                ("version", text()),
                ("environment", environment()),
                ("organisation_id", id()),
                ("organisation", text()),
                ("project_id", id()),
                ("project", text()),
                ("account_id", id()),
                ("person", text()),
                ("address", text()),
                ("accepted_at", moment()),
            ]),
        ),
    ]
}

async fn now(call: &Call) -> Result<Option<Policies>, Problem> {
    match cases::find(call.app(), &call.actor, call.segment("version")).await {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound { what: "version of the policies", .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// `GET /policies`
pub(crate) async fn list(call: &Call) -> Outcome {
    let all = cases::list(call.app(), &call.actor).await?;
    let short = |one: &Policies| {
        let mut short = written(one)?;
        if let Some(members) = short.as_object_mut() {
            members.retain(|name, _| !name.ends_with("spanish") && !name.ends_with("english"));
        }
        Ok(short)
    };
    call.page_of(all.iter().map(short).collect::<Result<_, Problem>>()?, "version")
}

/// `GET /policies/{version}`
pub(crate) async fn show(call: &Call) -> Outcome {
    Ok(Answer::one(written(&now(call).await?.ok_or_else(Problem::not_found)?)?))
}

/// `PUT /policies/{version}`
pub(crate) async fn put(call: &Call) -> Outcome {
    let seen = now(call).await?;
    match &seen {
        Some(present) => call.must_match(&written(present)?)?,
        None => call.must_be_new()?,
    }
    let version = call.segment("version").to_owned();
    let text = |member: &str| call.text(member).to_owned();
    let draft = Draft {
        version: version.clone(),
        spanish: text("spanish"),
        english: text("english"),
        changed_spanish: text("changed_spanish"),
        changed_english: text("changed_english"),
    };
    // No draft has the revision 0: what somebody else began meanwhile is not written over.
    let revision = seen.as_ref().map_or(0, |seen| seen.revision);
    cases::put_draft(call.app(), &call.actor, &draft, Some(revision)).await.map_err(|error| match error {
        Error::Invalid { field: "version", mend } => Problem::parameter("version", mend.spanish, mend.english),
        error => error.into(),
    })?;
    let thing = written(&now(call).await?.ok_or_else(Problem::not_found)?)?;
    Ok(match seen {
        None => call.made(&format!("/policies/{version}"), thing.clone()).tagged(&thing),
        Some(_) => Answer::one(thing),
    })
}

/// `DELETE /policies/{version}`
pub(crate) async fn discard(call: &Call) -> Outcome {
    let present = now(call).await?.ok_or_else(Problem::not_found)?;
    call.must_match(&written(&present)?)?;
    cases::discard(call.app(), &call.actor, &present.version, present.revision).await?;
    Ok(Answer::nothing())
}

/// `GET /policies/{version}/recipients`
pub(crate) async fn recipients(call: &Call) -> Outcome {
    now(call).await?.ok_or_else(Problem::not_found)?;
    Ok(Answer::one(json!({"people": cases::recipients(call.app(), &call.actor).await?})))
}

/// `POST /policies/{version}/publish`
pub(crate) async fn publish(call: &Call) -> Outcome {
    let (version, from) = (call.segment("version"), call.moment("in_force_at")?);
    let published = cases::publish(call.app(), &call.actor, version, call.count("revision"), from).await?;
    Ok(Answer::one(written(&published)?))
}

/// `GET /policies/{version}/acceptances`
pub(crate) async fn acceptances(call: &Call) -> Outcome {
    accepted_of(call, now(call).await?.ok_or_else(Problem::not_found)?.version).await
}

/// `GET /policy-acceptances`
pub(crate) async fn all_acceptances(call: &Call) -> Outcome {
    accepted_of(call, String::new()).await
}

/// Acceptances of one version, or of all.
async fn accepted_of(call: &Call, version: String) -> Outcome {
    let asked = Asked { version, organisation: call.parameter("organisation").to_owned(), after: call.after()?, limit: call.limit() };
    let page = cases::acceptances(call.app(), &call.actor, &asked).await?;
    Ok(call.page_with(page.rows.iter().map(accepted).collect(), page.next.map(|next| next.to_string())))
}

fn accepted(row: &Signed) -> Value {
    let one = &row.acceptance;
    json!({
        "version": one.version,
        "environment": one.environment,
        "organisation_id": row.organisation_id,
        "organisation": row.organisation,
        "project_id": row.project_id,
        "project": row.project,
        "account_id": one.account_id,
        "person": row.person,
        "address": one.address,
        "accepted_at": one.accepted_at,
    })
}
