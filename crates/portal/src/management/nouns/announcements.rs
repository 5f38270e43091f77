//! Announcements: what the operator tells everybody.

use std::{fmt, str::FromStr};

use app::{
    announcements::{self as cases, Draft, LONGEST, LONGEST_TITLE, News},
    records::Announcement,
};
use domain::{
    AnnouncementId, Timestamp,
    announcement::{Kind, Stage},
};
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, with, written},
    problem::Problem,
    schema::{Named, closed, environment, id, integer, list as list_of, moment, object, one_of, or_null, text},
};

pub(crate) fn schemas() -> Vec<Named> {
    let kind = || one_of(Kind::ALL.iter().map(|kind| kind.as_str()));
    let stage = || one_of(Stage::ALL.iter().map(|stage| stage.as_str()));
    // The use cases count bytes; no text of so many bytes has more characters.
    let bounded = |most: usize| json!({"type": "string", "minLength": 1, "maxLength": most});
    let revision = || integer(1, i64::MAX);
    let number = json!({"type": "integer"});
    let said = object(&[("number", number.clone()), ("at", moment()), ("stage", stage()), ("spanish", text()), ("english", text())]);
    vec![
        (
            "Announcement",
            object(&[
                ("id", id()),
                ("kind", kind()),
                ("environment", or_null(environment())),
                ("api", or_null(text())),
                ("title_spanish", text()),
                ("title_english", text()),
                ("text_spanish", text()),
                ("text_english", text()),
                ("starts_at", moment()),
                ("ends_at", or_null(moment())),
                ("revision", number.clone()),
                ("created_at", moment()),
                ("created_by", text()),
                ("published_at", or_null(moment())),
                ("updates", list_of(said)),
            ]),
        ),
        (
            "AnnouncementDraft",
            closed(&[
                ("kind", kind()),
                ("environment?", or_null(environment())),
                ("api?", or_null(text())),
                ("title_spanish", bounded(LONGEST_TITLE)),
                ("title_english", bounded(LONGEST_TITLE)),
                ("text_spanish", bounded(LONGEST)),
                ("text_english", bounded(LONGEST)),
                ("starts_at?", or_null(moment())),
                ("ends_at?", or_null(moment())),
            ]),
        ),
        ("Recipients", object(&[("people", number.clone())])),
        ("AnnouncementPublication", closed(&[("revision", revision()), ("by_mail?", json!({"type": "boolean"}))])),
        (
            "AnnouncementNews",
            closed(&[
                ("revision", revision()),
                ("stage", stage()),
                ("spanish", bounded(LONGEST)),
                ("english", bounded(LONGEST)),
                ("ends_at?", or_null(moment())),
            ]),
        ),
    ]
}

/// Where a page begins: those of one moment are told apart by their ids.
struct Before(Timestamp, AnnouncementId);

impl fmt::Display for Before {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0.as_microsecond(), self.1)
    }
}

impl FromStr for Before {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (at, id) = text.split_once('.').ok_or(())?;
        let at = Timestamp::from_microsecond(at.parse().map_err(drop)?).map_err(drop)?;
        Ok(Self(at, id.parse().map_err(drop)?))
    }
}

fn shown(one: &Announcement) -> Result<Value, Problem> {
    let or_all = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
    Ok(with(written(one)?, [("environment", or_all(&one.environment)), ("api", or_all(&one.api))]))
}

async fn now(call: &Call) -> Result<(Announcement, Value), Problem> {
    let found = cases::find(call.app(), &call.actor, call.id("announcement")?).await?;
    let thing = shown(&found)?;
    Ok((found, thing))
}

fn drafted(call: &Call) -> Result<Draft, Problem> {
    Ok(Draft {
        kind: call.choice("kind")?,
        environment: call.optional("environment").map(|_| call.choice("environment")).transpose()?,
        api: call.text("api").to_owned(),
        title_spanish: call.text("title_spanish").to_owned(),
        title_english: call.text("title_english").to_owned(),
        text_spanish: call.text("text_spanish").to_owned(),
        text_english: call.text("text_english").to_owned(),
        starts_at: call.moment("starts_at")?,
        ends_at: call.moment("ends_at")?,
    })
}

/// `GET /announcements`
pub(crate) async fn list(call: &Call) -> Outcome {
    let before = call.after::<Before>()?.map(|Before(at, id)| (at, id));
    let rows = cases::list(call.app(), &call.actor, before, call.limit()).await?;
    // A page of the use case holds no row more than ours may: whether there is one is asked for by itself.
    let last = rows.last().map(|last| Before(*last.starts_at, last.id));
    let next = match last {
        Some(last) if !cases::list(call.app(), &call.actor, Some((last.0, last.1)), 1).await?.is_empty() => Some(last.to_string()),
        _ => None,
    };
    Ok(call.page_with(rows.iter().map(shown).collect::<Result<_, _>>()?, next))
}

/// `POST /announcements`
pub(crate) async fn create(call: &Call) -> Outcome {
    let id = cases::create(call.app(), &call.actor, &drafted(call)?).await?;
    let thing = shown(&cases::find(call.app(), &call.actor, id).await?)?;
    Ok(call.made(&format!("/announcements/{id}"), thing.clone()).tagged(&thing))
}

/// `GET /announcements/{announcement}`
pub(crate) async fn show(call: &Call) -> Outcome {
    Ok(Answer::one(now(call).await?.1))
}

/// `PUT /announcements/{announcement}`
pub(crate) async fn change(call: &Call) -> Outcome {
    let (seen, thing) = now(call).await?;
    call.must_match(&thing)?;
    cases::change(call.app(), &call.actor, seen.id, seen.revision, &drafted(call)?).await?;
    show(call).await
}

/// `DELETE /announcements/{announcement}`
pub(crate) async fn discard(call: &Call) -> Outcome {
    let (seen, thing) = now(call).await?;
    call.must_match(&thing)?;
    cases::discard(call.app(), &call.actor, seen.id, seen.revision).await?;
    Ok(Answer::nothing())
}

/// `GET /announcements/{announcement}/recipients`
pub(crate) async fn recipients(call: &Call) -> Outcome {
    Ok(Answer::one(json!({"people": cases::recipients(call.app(), &call.actor, call.id("announcement")?).await?})))
}

/// `POST /announcements/{announcement}/publish`
pub(crate) async fn publish(call: &Call) -> Outcome {
    cases::publish(call.app(), &call.actor, call.id("announcement")?, call.count("revision"), call.flag("by_mail")).await?;
    show(call).await
}

/// `POST /announcements/{announcement}/updates`
pub(crate) async fn update(call: &Call) -> Outcome {
    let news = News {
        stage: call.choice("stage")?,
        spanish: call.text("spanish").to_owned(),
        english: call.text("english").to_owned(),
        ends_at: call.moment("ends_at")?,
    };
    cases::update(call.app(), &call.actor, call.id("announcement")?, call.count("revision"), &news).await?;
    show(call).await
}

/// `POST /announcements/{announcement}/end`
pub(crate) async fn end(call: &Call) -> Outcome {
    cases::end(call.app(), &call.actor, call.id("announcement")?).await?;
    show(call).await
}
