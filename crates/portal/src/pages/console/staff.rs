//! The operator's own people: who they are, who is invited, what each may do.

use app::{permission, records::StaffPerson, staff};
use askama::Template;
use domain::{
    AccountId, InvitationId,
    role::{Duty, Staff},
};
use http::StatusCode;

use super::{administers, frame, person};
use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Moment, Notice},
    visit::{Outcome, Visit},
    words,
};

const HERE: &str = "/console/staff";

#[derive(Template)]
#[template(path = "console/staff.html")]
struct List<'v> {
    frame: Frame<'v>,
    people: Vec<Row>,
    invited: Vec<Invited>,
    administers: bool,
    /// By which provider alone staff come, so that nobody is invited.
    provider: Option<&'v str>,
}

struct Row {
    id: String,
    name: String,
    email: String,
    role: &'static str,
    second_factor: bool,
    signed_in: Option<Moment>,
    is_oneself: bool,
}

struct Invited {
    id: String,
    email: String,
    role: &'static str,
    by: String,
    since: Moment,
    until: Moment,
}

#[derive(Template)]
#[template(path = "console/staff_invite.html")]
struct Invite<'v> {
    frame: Frame<'v>,
    form: Form,
    offered: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "console/staff_person.html")]
struct Person<'v> {
    frame: Frame<'v>,
    form: Form,
    id: String,
    email: String,
    role: &'static str,
    offered: Vec<(&'static str, String)>,
    is_oneself: bool,
    /// The provider that says at each sign-on what the person is; empty when it does not.
    provider: &'v str,
}

#[derive(Template)]
#[template(path = "console/staff_remove.html")]
struct Remove<'v> {
    frame: Frame<'v>,
    form: Form,
    id: String,
    name: String,
    email: String,
    role: &'static str,
    /// The provider that says at each sign-on what the person is; empty when it does not.
    provider: &'v str,
}

/// `GET /console/staff`
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    let (app, actor, language) = (visit.portal.app(), visit.actor()?, visit.language);
    let own = visit.somebody()?.account().id;
    let people = staff::list(app, &actor).await?;
    let mut invited = Vec::new();
    for invitation in staff::invitations(app, &actor).await? {
        invited.push(Invited {
            by: person(visit, Some(&invitation.invited_by)).await,
            id: invitation.id.to_string(),
            email: invitation.email,
            role: words::staff(invitation.role, language),
            since: Moment::new(*invitation.created_at, language),
            until: Moment::new(*invitation.expires_at, language),
        });
    }
    let row = |StaffPerson { account, signed_in_at }: StaffPerson| Row {
        second_factor: account.has_second_factor(),
        role: account.staff().map_or("", |role| words::staff(role, language)),
        is_oneself: account.id == own,
        id: account.id.to_string(),
        email: account.email.to_string(),
        name: account.name,
        signed_in: signed_in_at.map(|at| Moment::new(*at, language)),
    };
    let (frame, _) = frame(visit, visit.t("Equipo", "Staff")).await?;
    let people = people.into_iter().map(row).collect();
    visit.page(&List { people, invited, administers: administers(visit), provider: staff::only_by_provider(app), frame })
}

/// `GET /console/staff/invite`
pub(crate) async fn inviting(visit: &Visit<'_>) -> Outcome {
    may(visit).await?;
    invite_page(visit, StatusCode::OK, Form::with(&[("role", Staff::Viewer.as_str())])).await
}

/// `POST /console/staff/invite`
pub(crate) async fn invite(visit: &Visit<'_>) -> Outcome {
    may(visit).await?;
    let mut form = Form::typed(&visit.form);
    let Ok(role) = visit.form.text("role").parse::<Staff>() else {
        form.wrong("role", visit.t("Elige un papel.", "Choose a role."));
        return invite_page(visit, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    match staff::invite(visit.portal.app(), &visit.actor()?, visit.form.text("email"), role).await {
        Ok(_) => visit.redirect_with(HERE, Notice::Invited),
        Err(error) => {
            form.refused(error, visit.language)?;
            invite_page(visit, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

/// `POST /console/staff/invitations/{invitation}/withdraw`: one click, because another can be sent.
pub(crate) async fn withdraw(visit: &Visit<'_>) -> Outcome {
    let id: InvitationId = visit.id_segment("invitation")?;
    staff::withdraw(visit.portal.app(), &visit.actor()?, id).await?;
    visit.redirect_with(HERE, Notice::InvitationWithdrawn)
}

/// `GET /console/staff/{account}`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    may(visit).await?;
    let account = staff::find(visit.portal.app(), &visit.actor()?, visit.id_segment("account")?).await?;
    let role = account.staff().map_or("", Staff::as_str);
    person_page(visit, StatusCode::OK, Form::with(&[("role", role)])).await
}

/// `POST /console/staff/{account}`: another role, from the next request on.
pub(crate) async fn set_role(visit: &Visit<'_>) -> Outcome {
    may(visit).await?;
    let id: AccountId = visit.id_segment("account")?;
    // Only somebody who is staff has a page here; others are invited.
    staff::find(visit.portal.app(), &visit.actor()?, id).await?;
    let mut form = Form::typed(&visit.form);
    let Ok(role) = visit.form.text("role").parse::<Staff>() else {
        form.wrong("role", visit.t("Elige un papel.", "Choose a role."));
        return person_page(visit, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    match staff::set_role(visit.portal.app(), &visit.actor()?, id, Some(role)).await {
        Ok(()) => visit.redirect_with(HERE, Notice::RoleChanged),
        Err(error) => {
            form.refused(error, visit.language)?;
            person_page(visit, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

/// `GET /console/staff/{account}/remove`
pub(crate) async fn removing(visit: &Visit<'_>) -> Outcome {
    may(visit).await?;
    remove_page(visit, StatusCode::OK, Form::new()).await
}

/// `POST /console/staff/{account}/remove`
pub(crate) async fn remove(visit: &Visit<'_>) -> Outcome {
    may(visit).await?;
    let id: AccountId = visit.id_segment("account")?;
    staff::find(visit.portal.app(), &visit.actor()?, id).await?;
    match staff::set_role(visit.portal.app(), &visit.actor()?, id, None).await {
        Ok(()) => visit.redirect_with(HERE, Notice::StaffRemoved),
        Err(error) => {
            let mut form = Form::new();
            form.refused(error, visit.language)?;
            remove_page(visit, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

/// Whether who asks may handle staff, and proved a moment ago who they are.
async fn may(visit: &Visit<'_>) -> Result<(), Failure> {
    permission::staff(visit.portal.app(), &visit.actor()?, Duty::Administer).await?;
    visit.proved().map(drop)
}

/// The provider that says at each sign-on what somebody is; empty when it does not.
async fn provider<'v>(visit: &'v Visit<'_>, id: AccountId) -> Result<&'v str, Failure> {
    let app = visit.portal.app();
    match app.sign_on() {
        Some(on) if staff::is_linked(app, &visit.actor()?, id).await? => Ok(&on.terms().name),
        _ => Ok(""),
    }
}

fn offered(visit: &Visit<'_>) -> Vec<(&'static str, String)> {
    let text = |role: Staff| format!("{}: {}", words::staff(role, visit.language), words::duty_of_staff(role, visit.language));
    Staff::ALL.iter().map(|role| (role.as_str(), text(*role))).collect()
}

async fn invite_page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    let (frame, _) = frame(visit, visit.t("Invitar al equipo", "Invite onto the staff")).await?;
    visit.page_with(status, &Invite { frame, form, offered: offered(visit) })
}

async fn person_page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    let account = staff::find(visit.portal.app(), &visit.actor()?, visit.id_segment("account")?).await?;
    let (frame, _) = frame(visit, account.name.clone()).await?;
    visit.page_with(
        status,
        &Person {
            frame,
            form,
            id: account.id.to_string(),
            email: account.email.to_string(),
            role: account.staff().map_or("", |role| words::staff(role, visit.language)),
            offered: offered(visit),
            is_oneself: account.id == visit.somebody()?.account().id,
            provider: provider(visit, account.id).await?,
        },
    )
}

async fn remove_page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    let account = staff::find(visit.portal.app(), &visit.actor()?, visit.id_segment("account")?).await?;
    let (frame, _) = frame(visit, visit.t("Quitar del equipo", "Remove from the staff")).await?;
    visit.page_with(
        status,
        &Remove {
            frame,
            form,
            id: account.id.to_string(),
            email: account.email.to_string(),
            role: account.staff().map_or("", |role| words::staff(role, visit.language)),
            provider: provider(visit, account.id).await?,
            name: account.name,
        },
    )
}
