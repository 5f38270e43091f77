//! What the operator's staff tell each other of an organisation. Its members never see it.

use domain::{OrganisationId, role::Duty};
use serde_json::json;
use store::organisation_notes::{self as stored, Note, NoteId};

use super::reach;
use crate::{
    Actor, App, Error, Result,
    permission::{self, Needs},
};

/// How many notes an organisation may have.
const MOST: i64 = 500;

/// How long a note may be, in characters.
const LONGEST: usize = 2000;

/// What staff wrote about an organisation, newest first: everything, for there are 500 at most.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::StaffOnly`] for its members.
pub async fn notes(app: &App, actor: &Actor, organisation: OrganisationId) -> Result<Vec<Note>> {
    reach(app, actor, organisation, Needs::Staff(Duty::See)).await?;
    Ok(stored::of_organisation(app.db(), organisation, MOST).await?)
}

/// Adds a note.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`]; [`Error::Invalid`] without text or with too much; [`Error::Refused`] when there are 500.
pub async fn add_note(app: &App, actor: &Actor, organisation: OrganisationId, text: &str) -> Result<Note> {
    reach(app, actor, organisation, Needs::Staff(Duty::Decide)).await?;
    let text = text.trim();
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.is_empty() || text.chars().count() > LONGEST || text.chars().any(odd) {
        return Err(Error::invalid("text", "Escribe de 1 a 2000 caracteres.", "write 1 to 2000 characters"));
    }
    let note = Note {
        id: NoteId(app.uuid()),
        organisation_id: organisation,
        author: actor.to_string(),
        text: text.into(),
        created_at: app.moment(),
    };
    let mut tx = app.begin().await?;
    store::organisations::hold(&mut tx, organisation).await?;
    if stored::count(&mut tx, organisation).await? >= MOST {
        return Err(Error::refused(
            format!("Una organización tiene {MOST} notas como mucho: borra alguna que ya no sirva."),
            format!("an organisation has at most {MOST} notes: remove one that is of no use any more"),
        ));
    }
    stored::insert(&mut tx, &note).await?;
    app.commit(tx, actor, "organisation.add_note", organisation, json!({"note": note.id})).await?;
    Ok(note)
}

/// Removes a note: whoever wrote it may, and who administers. What it said goes into no log.
///
/// # Errors
/// [`Error::NotFound`], also for one of another organisation; [`Error::StaffOnly`].
pub async fn remove_note(app: &App, actor: &Actor, organisation: OrganisationId, note: NoteId) -> Result<()> {
    reach(app, actor, organisation, Needs::Staff(Duty::Decide)).await?;
    let absent = || Error::not_found("note", note);
    let found = stored::find(app.db(), note).await?.filter(|found| found.organisation_id == organisation).ok_or_else(absent)?;
    if found.author != actor.to_string() {
        permission::staff(app, actor, Duty::Administer).await?;
    }
    let mut tx = app.begin().await?;
    if !stored::remove(&mut tx, note).await? {
        return Err(absent());
    }
    app.commit(tx, actor, "organisation.remove_note", organisation, json!({"note": note, "author": found.author})).await
}
