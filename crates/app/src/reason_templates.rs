//! Words for a rejection that staff begin with.

use domain::{ReasonTemplateId, queue::Queue, role::Duty};
use serde_json::json;
use store::reason_templates::ReasonTemplate;

use crate::{Actor, App, Error, REASON, Result, name, permission};

/// How many there may be.
pub(crate) const MOST: i64 = 200;

/// What a template shall say.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// In which queue it helps.
    pub queue: Queue,
    /// What staff call it.
    pub name: String,
    /// Its words in Spanish, 1 to 2000 characters.
    pub spanish: String,
    /// Its words in English, 1 to 2000 characters.
    pub english: String,
}

/// All of them, or those of one queue, by name.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn list(app: &App, actor: &Actor, queue: Option<Queue>) -> Result<Vec<ReasonTemplate>> {
    permission::staff(app, actor, Duty::See).await?;
    Ok(store::reason_templates::all(app.db(), queue).await?)
}

/// The one with this id.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(app: &App, actor: &Actor, id: ReasonTemplateId) -> Result<ReasonTemplate> {
    permission::staff(app, actor, Duty::See).await?;
    store::reason_templates::find(app.db(), id).await?.ok_or_else(|| Error::not_found("template", id))
}

/// Adds one (`id` is `None`) or changes one.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`]; [`Error::Invalid`]; [`Error::Taken`] when another of the queue has the name; [`Error::Refused`] when
/// there are too many.
pub async fn put(app: &App, actor: &Actor, id: Option<ReasonTemplateId>, wanted: &Wanted) -> Result<ReasonTemplate> {
    permission::staff(app, actor, Duty::Decide).await?;
    let template = ReasonTemplate {
        id: id.unwrap_or_else(|| app.uuid().into()),
        queue: wanted.queue,
        name: named(&wanted.name)?,
        spanish: words("spanish", &wanted.spanish)?,
        english: words("english", &wanted.english)?,
        updated_at: app.moment(),
    };
    if let Some(id) = id {
        find(app, actor, id).await?;
    }
    let mut tx = app.begin().await?;
    store::queues::hold(&mut tx).await?;
    let done = match id {
        None => store::reason_templates::insert(&mut tx, &template).await.map(|()| true),
        Some(_) => store::reason_templates::update(&mut tx, &template).await,
    };
    // What somebody removed in this moment does not come again.
    if !done.map_err(|error| Error::taken(error, "a template of that name in this queue", &template.name))? {
        return Err(Error::not_found("template", template.id));
    }
    if store::reason_templates::count(&mut tx).await? > MOST {
        return Err(Error::refused(
            format!("Puede haber {MOST} plantillas como mucho: quita una que no se use."),
            format!("there may be {MOST} templates: remove one that is not used"),
        ));
    }
    let action = if id.is_some() { "reason_template.change" } else { "reason_template.create" };
    app.commit(tx, actor, action, template.id, json!({"queue": template.queue, "name": template.name})).await?;
    Ok(template)
}

/// Removes one.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`].
pub async fn remove(app: &App, actor: &Actor, id: ReasonTemplateId) -> Result<()> {
    permission::staff(app, actor, Duty::Decide).await?;
    let template = find(app, actor, id).await?;
    let mut tx = app.begin().await?;
    store::queues::hold(&mut tx).await?;
    if !store::reason_templates::remove(&mut tx, id).await? {
        return Err(Error::not_found("template", id));
    }
    app.commit(tx, actor, "reason_template.remove", id, json!({"queue": template.queue, "name": template.name})).await
}

/// What staff may call one.
pub(crate) fn named(text: &str) -> Result<String> {
    name("name", text, 80)
}

/// What may be said to who is rejected.
pub(crate) fn words(field: &'static str, text: &str) -> Result<String> {
    crate::reason(text, REASON).map_err(|_| Error::invalid(field, REASON.0, REASON.1))
}
