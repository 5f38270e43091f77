//! Closing an organisation for good.

use app::organisations;
use domain::{Language, role::Permission};

use super::{Place, ask::Ask};
use crate::{
    frame::Notice,
    visit::{Outcome, Visit},
};

/// `GET /organisations/{organisation}/settings/close`
pub(crate) async fn ask(visit: &Visit<'_>) -> Outcome {
    let place = Place::for_somebody_who_may(visit, Permission::Own).await?;
    visit.proved()?;
    let name = &place.all.organisation.name;
    let projects = place.all.projects.iter().filter(|project| project.archived_at.is_none()).count();
    let (title, lead, consequences) = match visit.language {
        Language::Spanish => (
            format!("Cerrar {name}"),
            format!("«{name}» se cierra para siempre. Ni tú ni nadie podrá volver a abrirla."),
            vec![
                format!("Sus proyectos ({projects}) dejan de funcionar en los dos entornos, antes de un segundo."),
                "Sus clientes no obtienen más tokens, y los que ya tienen se rechazan.".to_owned(),
                "Sus credenciales de API y sus claves de cliente dejan de valer: quien envíe a través de ella dejará de poder hacerlo."
                    .to_owned(),
                "Las invitaciones abiertas quedan retiradas.".to_owned(),
                "Sus miembros pueden seguir consultándola, y no cambian nada. El nombre queda ocupado.".to_owned(),
            ],
        ),
        Language::English => (
            format!("Close {name}"),
            format!("\"{name}\" is closed for good. Neither you nor anybody else can open it again."),
            vec![
                format!("Its projects ({projects}) stop working in both environments, within a second."),
                "Its clients get no more tokens, and the tokens they have are refused.".to_owned(),
                "Its API credentials and its customer keys stop being good: whoever ships through it cannot any more.".to_owned(),
                "Open invitations are withdrawn.".to_owned(),
                "Its members can look at it and change nothing. The name stays taken.".to_owned(),
            ],
        ),
    };
    let back = format!("{}/settings", place.path);
    Ask { frame: place.frame(visit, title), lead, consequences, button: visit.t("Cerrar para siempre", "Close for good"), back }.show(visit)
}

/// `POST /organisations/{organisation}/settings/close`
pub(crate) async fn close(visit: &Visit<'_>) -> Outcome {
    let place = Place::for_somebody_who_may(visit, Permission::Own).await?;
    visit.proved()?;
    organisations::close(visit.portal.app(), &visit.actor()?, place.id()).await?;
    visit.redirect_with(&place.path, Notice::OrganisationClosed)
}
