//! Leaving an organisation.

use app::{Rule, members};
use domain::Language;

use super::{Place, ask::Ask};
use crate::{
    failure::Failure,
    frame::Notice,
    visit::{Outcome, Visit},
};

/// `GET /organisations/{organisation}/leave`
pub(crate) async fn ask(visit: &Visit<'_>) -> Outcome {
    let place = Place::of(visit).await?;
    // Staff who look at an organisation have nothing to leave.
    if !place.is_member() {
        return Err(Failure::Missing);
    }
    if place.is_last_owner() {
        return Err(Failure::Rule(Rule::LastOwner));
    }
    let name = &place.all.organisation.name;
    let (title, lead, consequences) = match visit.language {
        Language::Spanish => (
            format!("Dejar {name}"),
            format!("Dejarás de ser miembro de «{name}»."),
            vec![
                "No verás nada más de ella. Para volver, tendrán que invitarte otra vez.",
                "Las invitaciones que hayas enviado y sigan abiertas quedan retiradas.",
                "Sus proyectos, claves y clientes siguen funcionando. Tu cuenta también.",
            ],
        ),
        Language::English => (
            format!("Leave {name}"),
            format!("You will no longer be a member of \"{name}\"."),
            vec![
                "You see nothing more of it. To come back, you have to be invited again.",
                "The invitations you sent that are still open are withdrawn.",
                "Its projects, keys and clients go on working. So does your account.",
            ],
        ),
    };
    let consequences = consequences.into_iter().map(str::to_owned).collect();
    let back = format!("{}/members", place.path);
    Ask { frame: place.frame(visit, title), lead, consequences, button: visit.t("Dejar la organización", "Leave the organisation"), back }
        .show(visit)
}

/// `POST /organisations/{organisation}/leave`
pub(crate) async fn leave(visit: &Visit<'_>) -> Outcome {
    members::leave(visit.portal.app(), visit.somebody()?.id(), visit.id_segment("organisation")?).await?;
    visit.redirect_with("/organisations", Notice::Left)
}
