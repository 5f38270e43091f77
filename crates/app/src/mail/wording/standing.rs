//! The words of mails about whether an organisation may act.

use domain::contract::Standing;

use super::{NAME, because, motivo, plain};

/// Subject and message in Spanish; `page` is its path.
pub(super) fn spanish(organisation: &str, to: Standing, reason: &str, portal: &str, page: &str) -> (String, String) {
    let name = plain(organisation, NAME);
    let (subject, message) = match to {
        Standing::Active => (
            format!("«{name}» vuelve a estar activa"),
            format!(
                "La operadora ha reactivado «{name}»: sus clientes vuelven a obtener tokens y sus llamadas vuelven a pasar, con las mismas claves."
            ),
        ),
        Standing::Suspended => (
            format!("«{name}» está suspendida"),
            format!(
                "La operadora ha suspendido «{name}». Sus clientes no obtienen tokens y sus llamadas se rechazan hasta que la reactive; no se borra nada.{}\n\nSi crees que es un error, o ya está resuelto, escríbenos:\n\n{portal}/support",
                motivo(reason)
            ),
        ),
        Standing::Revoked => (
            format!("«{name}» está cerrada"),
            format!(
                "La operadora ha cerrado «{name}» para siempre. Nada de ella funciona ya; puedes seguir consultándola.{}",
                motivo(reason)
            ),
        ),
    };
    (subject, format!("{message}\n\n{portal}{page}"))
}

/// Subject and message in English; `page` is its path.
pub(super) fn english(organisation: &str, to: Standing, reason: &str, portal: &str, page: &str) -> (String, String) {
    let name = plain(organisation, NAME);
    let (subject, message) = match to {
        Standing::Active => (
            format!("\"{name}\" may act again"),
            format!("The operator resumed \"{name}\": its clients get tokens again and its calls pass again, with the same keys."),
        ),
        Standing::Suspended => (
            format!("\"{name}\" is suspended"),
            format!(
                "The operator suspended \"{name}\". Its clients get no tokens and its calls are refused until the operator resumes it; nothing is deleted.{}\n\nIf you think this is a mistake, or it is settled by now, write to us:\n\n{portal}/support",
                because(reason)
            ),
        ),
        Standing::Revoked => (
            format!("\"{name}\" is closed"),
            format!("The operator closed \"{name}\" for good. Nothing of it works any more; you can still look at it.{}", because(reason)),
        ),
    };
    (subject, format!("{message}\n\n{portal}{page}"))
}
