//! One member: another role, or out.

use app::{members, records::Member};
use askama::Template;
use domain::{
    AccountId, Language,
    role::{Permission, Role},
};
use http::StatusCode;

use super::{Place, ask::Ask, members::offered, refused, words::mend};
use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Notice},
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "organisations/member.html")]
struct Page<'v> {
    frame: Frame<'v>,
    place: &'v Place,
    member: &'v Member,
    role: &'static str,
    form: Form,
    offered: Vec<(&'static str, String)>,
}

/// `GET /organisations/{organisation}/members/{account}`
pub(crate) async fn member(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, None).await
}

/// `POST /organisations/{organisation}/members/{account}`: gives the member a role.
pub(crate) async fn set_role(visit: &Visit<'_>) -> Outcome {
    let (organisation, account) = (visit.id_segment("organisation")?, visit.id_segment::<AccountId>("account")?);
    let mut form = Form::typed(&visit.form);
    let Ok(role) = visit.form.text("role").parse::<Role>() else {
        form.wrong("role", mend("role", visit.language));
        return page(visit, StatusCode::UNPROCESSABLE_ENTITY, Some(form)).await;
    };
    match members::set_role(visit.portal.app(), &visit.actor()?, organisation, account, role).await {
        Ok(()) => visit.redirect_with(&format!("/organisations/{organisation}/members"), Notice::RoleChanged),
        Err(error) => {
            refused(&mut form, error, "role", visit.language)?;
            page(visit, StatusCode::UNPROCESSABLE_ENTITY, Some(form)).await
        }
    }
}

/// `GET /organisations/{organisation}/members/{account}/remove`
pub(crate) async fn ask_to_remove(visit: &Visit<'_>) -> Outcome {
    let (place, at) = found(visit).await?;
    let member = &place.all.members[at];
    let (title, lead, consequences) = match visit.language {
        Language::Spanish => (
            format!("Quitar a {}", member.name),
            format!("{} ({}) dejará de ser miembro de «{}».", member.name, member.email, place.all.organisation.name),
            vec![
                "Desde ese momento no verá nada de la organización ni podrá cambiar nada.".to_owned(),
                "Las invitaciones que haya enviado y sigan abiertas quedan retiradas.".to_owned(),
                "Los proyectos, las claves y los clientes siguen funcionando: si conocía alguna clave secreta, cámbiala.".to_owned(),
                "Si vuelve a hacer falta, se le invita otra vez.".to_owned(),
            ],
        ),
        Language::English => (
            format!("Remove {}", member.name),
            format!("{} ({}) will no longer be a member of \"{}\".", member.name, member.email, place.all.organisation.name),
            vec![
                "From that moment on they see nothing of the organisation and change nothing.".to_owned(),
                "The invitations they sent that are still open are withdrawn.".to_owned(),
                "Projects, keys and clients go on working: if they knew a secret, change it.".to_owned(),
                "If they are needed again, they are invited again.".to_owned(),
            ],
        ),
    };
    let back = format!("{}/members", place.path);
    Ask { frame: place.frame(visit, title), lead, consequences, button: visit.t("Quitar", "Remove"), back }.show(visit)
}

/// `POST /organisations/{organisation}/members/{account}/remove`
pub(crate) async fn remove(visit: &Visit<'_>) -> Outcome {
    let (organisation, account) = (visit.id_segment("organisation")?, visit.id_segment::<AccountId>("account")?);
    members::remove(visit.portal.app(), &visit.actor()?, organisation, account).await?;
    visit.redirect_with(&format!("/organisations/{organisation}/members"), Notice::MemberRemoved)
}

/// The organisation, and which of its members the path names, for somebody who administers it.
async fn found(visit: &Visit<'_>) -> Result<(Place, usize), Failure> {
    let place = Place::for_somebody_who_may(visit, Permission::Administer).await?;
    let account: AccountId = visit.id_segment("account")?;
    let at = place.all.members.iter().position(|member| member.account_id == account).ok_or(Failure::Missing)?;
    Ok((place, at))
}

async fn page(visit: &Visit<'_>, status: StatusCode, form: Option<Form>) -> Outcome {
    let (place, at) = found(visit).await?;
    let member = &place.all.members[at];
    visit.page_with(
        status,
        &Page {
            frame: place.frame(visit, member.name.as_str()),
            role: words::role(member.role, visit.language),
            form: form.unwrap_or_else(|| Form::with(&[("role", member.role.as_str())])),
            offered: offered(&place, visit),
            member,
            place: &place,
        },
    )
}
