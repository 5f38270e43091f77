//! Taking an invitation back.

use app::{invitations, records::Moment};
use domain::{InvitationId, Language, role::Permission};

use super::{Place, ask::Ask};
use crate::{
    failure::Failure,
    frame::Notice,
    visit::{Outcome, Visit},
};

/// `GET /organisations/{organisation}/invitations/{invitation}/withdraw`
pub(crate) async fn ask(visit: &Visit<'_>) -> Outcome {
    let place = of_this_organisation(visit).await?;
    let id: InvitationId = visit.id_segment("invitation")?;
    let found = place.all.invitations.iter().find(|invitation| invitation.id == id && invitation.is_open(Moment(visit.at)));
    let email = &found.ok_or(Failure::Missing)?.email;
    let (title, lead) = match visit.language {
        Language::Spanish => ("Retirar una invitación", format!("La invitación de {email} dejará de valer.")),
        Language::English => ("Withdraw an invitation", format!("The invitation of {email} will no longer be good.")),
    };
    let consequences = vec![
        visit
            .t(
                "Quien abra el enlace del correo verá que ya no vale, sin más explicación.",
                "Whoever opens the link in the mail will see that it is not good any more, and no more than that.",
            )
            .to_owned(),
        visit.t("Puedes volver a invitar a la misma dirección.", "You can invite the same address again.").to_owned(),
    ];
    let back = format!("{}/members", place.path);
    Ask { frame: place.frame(visit, title), lead, consequences, button: visit.t("Retirar", "Withdraw"), back }.show(visit)
}

/// `POST /organisations/{organisation}/invitations/{invitation}/withdraw`
pub(crate) async fn withdraw(visit: &Visit<'_>) -> Outcome {
    let place = of_this_organisation(visit).await?;
    invitations::withdraw(visit.portal.app(), &visit.actor()?, visit.id_segment("invitation")?).await?;
    visit.redirect_with(&format!("{}/members", place.path), Notice::InvitationWithdrawn)
}

/// The organisation of the path, when the invitation of the path is into it and not into another one.
async fn of_this_organisation(visit: &Visit<'_>) -> Result<Place, Failure> {
    let place = Place::for_somebody_who_may(visit, Permission::Administer).await?;
    let id: InvitationId = visit.id_segment("invitation")?;
    if place.all.invitations.iter().any(|invitation| invitation.id == id) { Ok(place) } else { Err(Failure::Missing) }
}
