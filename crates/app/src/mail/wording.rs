//! The words of mails, language by language: each reads as if it had been written in it.

mod standing;

use domain::{CustomerType, Environment, role::Role};

use super::text::{Decided, Text, one_line, plain};
use crate::words::role_spanish;

/// How much of a name or a reason is quoted, in characters.
const NAME: usize = 120;
const REASON: usize = 1000;

/// Subject and message in Spanish.
pub(super) fn spanish(text: &Text<'_>, portal: &str) -> (String, String) {
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
        Text::OrganisationTurned { organisation, to, reason, page } => standing::spanish(organisation, to, reason, portal, page),
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
        Text::CustomerKeyCreated { account_number, organisation, project, environment } => (
            format!("Alguien puede actuar por tu cuenta {}", plain(account_number, NAME)),
            format!(
                "El proyecto «{}» de «{}» tiene desde ahora una clave para actuar en nombre de tu cuenta {} en {}. Si no lo has autorizado, avísanos cuanto antes:\n\n{portal}/support",
                plain(project, NAME),
                plain(organisation, NAME),
                plain(account_number, NAME),
                environment_es(environment)
            ),
        ),
    }
}

/// Subject and message in English.
pub(super) fn english(text: &Text<'_>, portal: &str) -> (String, String) {
    match *text {
        Text::Verify { link } => (
            "Confirm your e-mail address".into(),
            format!(
                "Somebody, you we hope, created an account with this address. To confirm it, open this link:\n\n{}\n\nIt works once, for three days. If it was not you, do nothing: until it is confirmed, the account is good for nothing.",
                link.expose()
            ),
        ),
        Text::AlreadyRegistered => (
            "You already have an account".into(),
            format!(
                "Somebody tried to create an account with this address, but there is one already. If it was you, sign in with it:\n\n{portal}/sign-in\n\nIf you do not remember the password, set another one here:\n\n{portal}/recover\n\nIf it was not you, there is nothing you need to do."
            ),
        ),
        Text::Recover { link } => (
            "Choose a new password".into(),
            format!(
                "Somebody asked for a new password for your account. To choose it, open this link:\n\n{}\n\nIt works once, for half an hour. If it was not you, do nothing: your password stays as it is.",
                link.expose()
            ),
        ),
        Text::PasswordChanged => (
            "Your password was changed".into(),
            format!(
                "The password of your account has just been changed, and its other sessions have ended. If it was not you, recover the account at once:\n\n{portal}/recover"
            ),
        ),
        Text::ConfirmAddress { link } => (
            "Confirm your new e-mail address".into(),
            format!(
                "To move your account to this address, open this link:\n\n{}\n\nIt works once, for a day. If you did not ask for it, do nothing.",
                link.expose()
            ),
        ),
        Text::AddressChanged => (
            "The address of your account was changed".into(),
            format!(
                "Your account does not use this address any more: from now on you sign in with the new one, and we write to you there. If it was not you, tell us as soon as you can:\n\n{portal}/support"
            ),
        ),
        Text::SecondFactorAdded => (
            "A second step to sign in was set up".into(),
            format!(
                "From now on, signing in to your account takes more than the password. Keep the recovery codes in a safe place. If it was not you, recover the account at once:\n\n{portal}/recover"
            ),
        ),
        Text::SecondFactorRemoved => (
            "A second step to sign in was removed".into(),
            format!(
                "An authenticator app or a passkey was removed from your account. If it was not you, recover the account at once:\n\n{portal}/recover"
            ),
        ),
        Text::AccountDeleted => (
            "Your account was deleted".into(),
            "We deleted your account and the data that identified you. What was done with it stays on record, but not that it was you. Thank you for having been here."
                .into(),
        ),
        Text::Invitation { organisation, inviter, role, link } => (
            format!("Invitation to {}", plain(organisation, NAME)),
            format!(
                "{} invites you to join \"{}\" as {}. To accept, open this link and sign in with this address (if you have no account yet, you can create one):\n\n{}\n\nIt works for seven days. If you did not expect this invitation, do nothing.",
                plain(inviter, NAME),
                plain(organisation, NAME),
                role_en(role),
                link.expose()
            ),
        ),
        Text::AccessDecided { project, api, environment, decided, lacks_credential, page } => {
            let (verdict, more) = match decided {
                Decided::Approved if lacks_credential => (
                    "approved",
                    " Tokens you ask for from now on carry it. This API also demands an API credential, and the project has none: create one on its page."
                        .to_owned(),
                ),
                Decided::Approved => ("approved", " Tokens you ask for from now on carry it.".to_owned()),
                _ => decided_en(decided),
            };
            let what = format!("Access of \"{}\" to the API \"{api}\" in {environment}", plain(project, NAME));
            (format!("Access {verdict}: {api}"), format!("{what} was {verdict}.{more}\n\n{portal}{page}"))
        }
        Text::OrganisationTurned { organisation, to, reason, page } => standing::english(organisation, to, reason, portal, page),
        Text::CustomerKeyIssued { project, account_number, key_id, environment, page } => (
            format!("New customer key in \"{}\"", plain(project, NAME)),
            format!(
                "The operator issued a customer key for the project \"{}\" in {environment}:\n\n  account  {}\n  key  {key_id}\n\nWhoever asked for it gets the customer password from the operator; it is not in this mail. If nobody in your team asked for it, revoke it in the portal:\n\n{portal}{page}",
                plain(project, NAME),
                plain(account_number, NAME)
            ),
        ),
        Text::ContractDecided { organisation, contract, decided, page } => {
            let contract = plain(contract, NAME);
            let (verdict, more) = match decided {
                Decided::Approved => ("activated", " You can open production with it now.".to_owned()),
                Decided::Rejected { reason } => ("rejected", because(reason)),
                Decided::Withdrawn { reason } => ("suspended", because(reason)),
                Decided::Over { reason } => ("ended", because(reason)),
            };
            let message = format!("Contract {contract} of \"{}\" was {verdict}.{more}\n\n{portal}{page}", plain(organisation, NAME));
            (format!("Contract {contract} {verdict}"), message)
        }
        Text::CustomerTypeDecided { organisation, customer_type, decided, page } => {
            let (verdict, more) = decided_en(decided);
            let kind = customer_type.as_str().replace('_', " ");
            let message = format!("The request that \"{}\" become: {kind} was {verdict}.{more}\n\n{portal}{page}", plain(organisation, NAME));
            (format!("Change of customer type {verdict}"), message)
        }
        Text::SecretIssued { project, environment, client_id, prefix, before_until, page } => {
            let before = match before_until {
                Some(until) => format!("The secret before it stops working on {}.", moment(until)),
                None => "The secret before it, if there is one, works until you retire it.".to_owned(),
            };
            let message = format!(
                "The project \"{}\" has a new secret in {environment}:\n\n  client  {client_id}\n  begins with  {prefix}…\n\n{before} If nobody in your team asked for it, revoke it in the portal:\n\n{portal}{page}",
                plain(project, NAME)
            );
            (format!("New secret in \"{}\"", plain(project, NAME)), message)
        }
        Text::ClientReplaced { project, environment, old, new, until, page } => (
            format!("New key in \"{}\"", plain(project, NAME)),
            format!(
                "The project \"{}\" changes its key in {environment}:\n\n  the new one  {new}\n  the one before  {old}\n\nThe one before gets no more tokens from {} on. If nobody in your team asked for it, revoke the new one in the portal:\n\n{portal}{page}",
                plain(project, NAME),
                moment(until)
            ),
        ),
        Text::Joined { organisation, email, role, page } => (
            format!("Somebody joined \"{}\"", plain(organisation, NAME)),
            format!(
                "{} joined \"{}\" as {}, by an invitation. If they should not be there, remove them here:\n\n{portal}{page}",
                one_line(email, NAME),
                plain(organisation, NAME),
                role_en(role)
            ),
        ),
        Text::CustomerKeyCreated { account_number, organisation, project, environment } => (
            format!("Somebody may act for your account {}", plain(account_number, NAME)),
            format!(
                "The project \"{}\" of \"{}\" now has a key to act for your account {} in {environment}. If you did not agree to this, tell us as soon as you can:\n\n{portal}/support",
                plain(project, NAME),
                plain(organisation, NAME),
                plain(account_number, NAME)
            ),
        ),
    }
}

fn decided_es(decided: Decided<'_>) -> (&'static str, String) {
    match decided {
        Decided::Approved => ("aprobado", " Ya puedes usarlo: no hace falta que hagas nada más.".to_owned()),
        Decided::Rejected { reason } => ("rechazado", motivo(reason)),
        Decided::Withdrawn { reason } | Decided::Over { reason } => ("retirado", motivo(reason)),
    }
}

fn decided_en(decided: Decided<'_>) -> (&'static str, String) {
    match decided {
        Decided::Approved => ("approved", " It works from now on: there is nothing else you need to do.".to_owned()),
        Decided::Rejected { reason } => ("rejected", because(reason)),
        Decided::Withdrawn { reason } | Decided::Over { reason } => ("withdrawn", because(reason)),
    }
}

fn motivo(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!("\n\nMotivo: {}", plain(reason, REASON)) }
}

fn because(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!("\n\nReason: {}", plain(reason, REASON)) }
}

const fn role_en(role: Role) -> &'static str {
    match role {
        Role::Viewer => "a viewer",
        Role::Developer => "a developer",
        Role::Admin => "an administrator",
        Role::Owner => "an owner",
    }
}

const fn environment_es(environment: Environment) -> &'static str {
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

fn moment(at: domain::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}
