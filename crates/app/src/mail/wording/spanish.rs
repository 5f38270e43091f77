//! The words of mails in Spanish.

use domain::{CustomerType, Environment, contract::Standing, queue::Queue};

use super::{NAME, REASON, acting, circulars, moment, queues};
use crate::{
    mail::{
        plain::{one_line, plain},
        text::{Decided, Overdue, Text},
    },
    words::{role_spanish, staff_spanish},
};

/// Subject and message in Spanish.
pub(in crate::mail) fn spanish(text: &Text<'_>, portal: &str) -> (String, String) {
    match *text {
        Text::Verify { link } => (
            "Confirma tu dirección de correo".into(),
            format!(
                "Alguien, esperamos que tú, ha creado una cuenta con esta dirección. Para confirmarla, abre este enlace:\n\n{}\n\nFunciona una sola vez, durante tres días. Si no has sido tú, no hagas nada: sin confirmar, la cuenta no sirve.",
                link.expose()
            ),
        ),
        Text::AlreadyRegistered => (
            "Ya tienes una cuenta".into(),
            format!(
                "Alguien ha intentado crear una cuenta con esta dirección, pero ya existe una. Si has sido tú, entra con ella:\n\n{portal}/sign-in\n\nSi no recuerdas la contraseña, puedes cambiarla aquí:\n\n{portal}/recover\n\nSi no has sido tú, no hace falta que hagas nada."
            ),
        ),
        Text::Recover { link } => (
            "Elige una contraseña nueva".into(),
            format!(
                "Alguien ha pedido una contraseña nueva para tu cuenta. Para elegirla, abre este enlace:\n\n{}\n\nFunciona una sola vez, durante media hora. Si no has sido tú, no hagas nada: tu contraseña sigue siendo la misma.",
                link.expose()
            ),
        ),
        Text::PasswordChanged => (
            "Tu contraseña ha cambiado".into(),
            format!(
                "La contraseña de tu cuenta acaba de cambiar y se han cerrado las demás sesiones. Si no has sido tú, recupera la cuenta ahora mismo:\n\n{portal}/recover"
            ),
        ),
        Text::ConfirmAddress { link } => (
            "Confirma tu nueva dirección de correo".into(),
            format!(
                "Para pasar tu cuenta a esta dirección, abre este enlace:\n\n{}\n\nFunciona una sola vez, durante un día. Si no lo has pedido tú, no hagas nada.",
                link.expose()
            ),
        ),
        Text::AddressChanged => (
            "La dirección de tu cuenta ha cambiado".into(),
            format!(
                "Tu cuenta ya no usa esta dirección: desde ahora se entra con la nueva, y allí te escribiremos. Si no has sido tú, avísanos cuanto antes:\n\n{portal}/support"
            ),
        ),
        Text::SecondFactorAdded => (
            "Has activado un segundo paso para entrar".into(),
            format!(
                "Desde ahora, para entrar en tu cuenta hace falta algo más que la contraseña. Guarda los códigos de recuperación en un lugar seguro. Si no has sido tú, recupera la cuenta ahora mismo:\n\n{portal}/recover"
            ),
        ),
        Text::SecondFactorRemoved => (
            "Se ha quitado un segundo paso para entrar".into(),
            format!(
                "Se ha quitado de tu cuenta una aplicación de códigos o una llave de acceso. Si no has sido tú, recupera la cuenta ahora mismo:\n\n{portal}/recover"
            ),
        ),
        Text::AccountDeleted => (
            "Tu cuenta se ha eliminado".into(),
            "Hemos eliminado tu cuenta y los datos que te identificaban. Queda constancia de lo que se hizo con ella, pero no de que fueras tú. Gracias por haber estado aquí."
                .into(),
        ),
        Text::Invitation { organisation, inviter, role, link } => (
            format!("Invitación a {}", plain(organisation, NAME)),
            format!(
                "{} te invita a unirte a «{}» con el papel de {}. Para aceptar, abre este enlace y entra con esta dirección (si aún no tienes cuenta, podrás crearla):\n\n{}\n\nFunciona durante siete días. Si no esperabas esta invitación, no hagas nada.",
                plain(inviter, NAME),
                plain(organisation, NAME),
                role_spanish(role),
                link.expose()
            ),
        ),
        Text::StaffInvitation { inviter, role, link } => (
            "Invitación al equipo de la operadora".into(),
            format!(
                "{} te invita al equipo de la operadora con el papel de {}. Para aceptar, abre este enlace y entra con esta dirección (si aún no tienes cuenta, podrás crearla). Después te pediremos un segundo factor:\n\n{}\n\nFunciona durante siete días. Si no esperabas esta invitación, no hagas nada.",
                plain(inviter, NAME),
                staff_spanish(role),
                link.expose()
            ),
        ),
        Text::AccessDecided { project, api, environment, decided, lacks_credential, page } => {
            let what = format!("el acceso de «{}» a la API «{api}» en {}", plain(project, NAME), environment_es(environment));
            let (verdict, more) = match decided {
                Decided::Approved if lacks_credential => (
                    "aprobado",
                    " Los tokens que pidas desde ahora lo llevan. Esta API pide además una credencial de API, y el proyecto no tiene ninguna: créala en su página."
                        .to_owned(),
                ),
                Decided::Approved => ("aprobado", " Los tokens que pidas desde ahora lo llevan.".to_owned()),
                _ => decided_es(decided),
            };
            (format!("Acceso {verdict}: {api}"), format!("Se ha {verdict} {what}.{more}\n\n{portal}{page}"))
        }
        Text::OrganisationTurned { organisation, to, reason, page } => {
            let name = plain(organisation, NAME);
            let (subject, message) = match to {
                Standing::Active => (
                    format!("«{name}» vuelve a estar activa"),
                    format!("La operadora ha reactivado «{name}»: sus clientes vuelven a obtener tokens y sus llamadas vuelven a pasar, con las mismas claves."),
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
                    format!("La operadora ha cerrado «{name}» para siempre. Nada de ella funciona ya; puedes seguir consultándola.{}", motivo(reason)),
                ),
            };
            (subject, format!("{message}\n\n{portal}{page}"))
        }
        Text::CustomerKeyIssued { project, account_number, key_id, environment, page } => (
            format!("Clave de cliente nueva en «{}»", plain(project, NAME)),
            format!(
                "La operadora ha emitido una clave de cliente para el proyecto «{}» en {}:\n\n  cuenta  {}\n  clave  {key_id}\n\nQuien la pidió recibe la contraseña de cliente de la operadora; aquí no va. Si nadie de tu equipo la ha pedido, revócala en el portal:\n\n{portal}{page}",
                plain(project, NAME),
                environment_es(environment),
                plain(account_number, NAME)
            ),
        ),
        Text::ContractDecided { organisation, contract, decided, page } => {
            let contract = plain(contract, NAME);
            let (verdict, more) = match decided {
                Decided::Approved => ("activado", " Ya puedes abrir producción con él.".to_owned()),
                Decided::Rejected { reason } => ("rechazado", motivo(reason)),
                Decided::Withdrawn { reason } => ("suspendido", motivo(reason)),
                Decided::Over { reason } => ("terminado", motivo(reason)),
            };
            let message = format!("Se ha {verdict} el contrato {contract} de «{}».{more}\n\n{portal}{page}", plain(organisation, NAME));
            (format!("Contrato {contract} {verdict}"), message)
        }
        Text::CustomerTypeDecided { organisation, customer_type, decided, page } => {
            let (verdict, more) = decided_es(decided);
            let message = format!(
                "Se ha {verdict} que «{}» pase a ser {}.{more}\n\n{portal}{page}",
                plain(organisation, NAME),
                customer_type_es(customer_type)
            );
            (format!("Cambio de tipo de cliente {verdict}"), message)
        }
        Text::SecretIssued { project, environment, client_id, prefix, before_until, page } => {
            let before = match before_until {
                Some(until) => format!("La clave secreta anterior deja de funcionar el {}.", moment(until)),
                None => "La anterior, si la hay, sigue funcionando hasta que la retires.".to_owned(),
            };
            let message = format!(
                "El proyecto «{}» tiene una clave secreta nueva en {}:\n\n  cliente  {client_id}\n  empieza por  {prefix}…\n\n{before} Si nadie de tu equipo la ha pedido, revócala en el portal:\n\n{portal}{page}",
                plain(project, NAME),
                environment_es(environment)
            );
            (format!("Clave secreta nueva en «{}»", plain(project, NAME)), message)
        }
        Text::ApiCredentialIssued { project, environment, id, prefix, page } => (
            format!("Credencial de API nueva en «{}»", plain(project, NAME)),
            format!(
                "El proyecto «{}» tiene una credencial de API nueva en {}:\n\n  credencial  {id}\n  la clave empieza por  {prefix}…\n\nLa anterior, si la hay, sigue funcionando hasta que la revoques. Si nadie de tu equipo ha pedido esta, revócala en el portal:\n\n{portal}{page}",
                plain(project, NAME),
                environment_es(environment)
            ),
        ),
        Text::CustomerKeyRotated { project, key, page } => {
            let before = match key.previous_until {
                Some(until) => format!("La anterior deja de funcionar el {}.", moment(*until)),
                None => "La anterior ya no funciona.".to_owned(),
            };
            let message = format!(
                "El proyecto «{}» tiene una contraseña nueva para una clave de cliente en {}:\n\n  cuenta  {}\n  clave  {}\n  empieza por  {}…\n\n{before} Si nadie de tu equipo la ha pedido, suspende o revoca la clave en el portal:\n\n{portal}{page}",
                plain(project, NAME),
                environment_es(key.environment),
                key.account_number,
                key.id,
                key.prefix
            );
            (format!("Contraseña de cliente nueva en «{}»", plain(project, NAME)), message)
        }
        Text::PublicKeyAdded { project, environment, client_id, thumbprint, page } => (
            format!("Clave pública nueva en «{}»", plain(project, NAME)),
            format!(
                "Un cliente del proyecto «{}» tiene una clave pública nueva en {}: quien tenga su mitad privada consigue tokens como ese cliente.\n\n  cliente  {client_id}\n  huella  {thumbprint}\n\nSi nadie de tu equipo la ha añadido, quítala en el portal:\n\n{portal}{page}",
                plain(project, NAME),
                environment_es(environment)
            ),
        ),
        Text::ClientReplaced { project, environment, old, new, until, page } => (
            format!("Clave API nueva en «{}»", plain(project, NAME)),
            format!(
                "El proyecto «{}» cambia de clave API en {}:\n\n  la nueva  {new}\n  la anterior  {old}\n\nLa anterior no obtiene más tokens a partir del {}. Si nadie de tu equipo lo ha pedido, revoca la nueva en el portal:\n\n{portal}{page}",
                plain(project, NAME),
                environment_es(environment),
                moment(until)
            ),
        ),
        Text::Joined { organisation, email, role, page } => (
            format!("Alguien se ha unido a «{}»", plain(organisation, NAME)),
            format!(
                "{} se ha unido a «{}» con el papel de {}, por una invitación. Si no debería estar, quítalo aquí:\n\n{portal}{page}",
                one_line(email, NAME),
                plain(organisation, NAME),
                role_spanish(role)
            ),
        ),
        Text::QueuesOverdue { overdue } => (
            "Lo que espera demasiado en las colas".into(),
            format!("Esto lleva esperando más de lo acordado:\n\n{}{portal}/console", queues_es(overdue)),
        ),
        Text::CustomerKeyCreated { .. }
        | Text::MoreCustomerKeysCreated { .. }
        | Text::CustomerKeysStopped { .. }
        | Text::MoreCustomerKeysStopped { .. } => acting::spanish(text, portal).unwrap_or_default(),
        Text::PoliciesPublished { .. } | Text::Announced { .. } => circulars::spanish(text, portal).unwrap_or_default(),
        Text::RegistrationPin { pin, account_number, organisation } => (
            format!("Tu PIN para la cuenta {}", plain(account_number, NAME)),
            format!(
                "«{}» pide actuar en nombre de tu cuenta {}. Si estás de acuerdo, escribe en su página este PIN:\n\n{}\n\nSirve una sola vez, durante diez minutos. Si no lo has pedido tú, no se lo des a nadie, tampoco a quien te llame, y avísanos:\n\n{portal}/support",
                plain(organisation, NAME),
                plain(account_number, NAME),
                pin.expose()
            ),
        ),
    }
}

fn queues_es(overdue: &[Overdue]) -> String {
    queues(overdue, |queue| {
        let name = match queue.queue {
            Queue::Access => "Solicitudes de acceso",
            Queue::Contracts => "Contratos por activar",
            Queue::CustomerTypes => "Tipos de cliente",
        };
        format!("{name}: {} con más de {} horas", queue.number, queue.hours)
    })
}

fn decided_es(decided: Decided<'_>) -> (&'static str, String) {
    match decided {
        Decided::Approved => ("aprobado", " Ya puedes usarlo: no hace falta que hagas nada más.".to_owned()),
        Decided::Rejected { reason } => ("rechazado", motivo(reason)),
        Decided::Withdrawn { reason } | Decided::Over { reason } => ("retirado", motivo(reason)),
    }
}

fn motivo(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!("\n\nMotivo: {}", plain(reason, REASON)) }
}

pub(super) const fn environment_es(environment: Environment) -> &'static str {
    match environment {
        Environment::Sandbox => "el entorno de pruebas",
        Environment::Production => "producción",
    }
}

const fn customer_type_es(customer_type: CustomerType) -> &'static str {
    match customer_type {
        CustomerType::Customer => "cliente",
        CustomerType::Integrator => "integrador",
        CustomerType::CompatibleProvider => "proveedor compatible",
        CustomerType::ProprietaryParent => "empresa matriz",
        CustomerType::Internal => "uso interno",
    }
}
