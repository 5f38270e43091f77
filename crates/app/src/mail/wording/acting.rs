//! The words of mails between those who act for account numbers and those they act for. Neither learns more of the other than the mail is about.

use domain::Environment;

use super::{NAME, REASON, plain, spanish::environment_es};
use crate::mail::text::Text;

/// How many account numbers a mail names.
const NAMED: usize = 20;

/// Subject and message in Spanish; `None` for what is about something else.
pub(super) fn spanish(text: &Text<'_>, portal: &str) -> Option<(String, String)> {
    Some(match *text {
        Text::CustomerKeyCreated { account_number, organisation, project, environment, page } => (
            format!("Alguien puede actuar por tu cuenta {}", plain(account_number, NAME)),
            format!(
                "El proyecto «{}» de «{}» tiene desde ahora una clave para actuar en nombre de tu cuenta {} en {}. Si no lo has autorizado, párala aquí: deja de valer en un segundo.\n\n{portal}{page}\n\nSi crees que alguien se ha hecho pasar por ti, avísanos también:\n\n{portal}/support",
                plain(project, NAME),
                plain(organisation, NAME),
                plain(account_number, NAME),
                environment_es(environment)
            ),
        ),
        Text::MoreCustomerKeysCreated { page } => (
            "Hoy hay más claves nuevas para tus cuentas".into(),
            format!(
                "Hoy se han emitido más claves para actuar en nombre de tus cuentas de las que te contamos una a una. Hasta mañana no te escribiremos más por esto; todas están aquí:\n\n{portal}{page}"
            ),
        ),
        Text::CustomerKeysStopped { project, accounts, keys, reason, page } => (
            format!(
                "El cliente ha parado {}",
                if keys == 1 { "una clave de cliente".to_owned() } else { format!("{keys} claves de cliente") }
            ),
            format!(
                "El titular de la cuenta no quiere que el proyecto «{}» siga actuando en su nombre, y ha parado para siempre lo que tenía para ello. Los tokens de esas claves ya no valen; las demás claves siguen igual.\n\n{}{}\n\nPara volver a actuar por él tiene que autorizarte otra vez. Las claves paradas están aquí:\n\n{portal}{page}",
                plain(project, NAME),
                named(accounts, "Cuenta", "Cuentas", "y más"),
                because("Motivo:", reason),
            ),
        ),
        Text::MoreCustomerKeysStopped { project, page } => (
            "Hoy tus clientes han parado más claves".into(),
            format!(
                "Hoy tus clientes han parado más claves de las que te contamos una a una; la última, del proyecto «{}». Hasta mañana no te escribiremos más por esto; las de ese proyecto están aquí:\n\n{portal}{page}",
                plain(project, NAME)
            ),
        ),
        _ => return None,
    })
}

/// Subject and message in English; `None` for what is about something else.
pub(super) fn english(text: &Text<'_>, portal: &str) -> Option<(String, String)> {
    Some(match *text {
        Text::CustomerKeyCreated { account_number, organisation, project, environment, page } => (
            format!("Somebody may act for your account {}", plain(account_number, NAME)),
            format!(
                "The project \"{}\" of \"{}\" now has a key to act for your account {} in {}. If you did not agree to this, stop it here: it is good for nothing within a second.\n\n{portal}{page}\n\nIf you think that somebody passed for you, tell us too:\n\n{portal}/support",
                plain(project, NAME),
                plain(organisation, NAME),
                plain(account_number, NAME),
                Environment::as_str(environment)
            ),
        ),
        Text::MoreCustomerKeysCreated { page } => (
            "There are more new keys for your accounts today".into(),
            format!(
                "More keys to act for your accounts were issued today than we tell you of one by one. We write no more about this until tomorrow; all of them are here:\n\n{portal}{page}"
            ),
        ),
        Text::CustomerKeysStopped { project, accounts, keys, reason, page } => (
            format!("The customer stopped {}", if keys == 1 { "a customer key".to_owned() } else { format!("{keys} customer keys") }),
            format!(
                "The account's holder does not want the project \"{}\" to act in its name any more, and stopped for good what it had for that. The tokens of those keys are good for nothing; all other keys go on.\n\n{}{}\n\nTo act for it again takes that it agrees again. The keys that were stopped are here:\n\n{portal}{page}",
                plain(project, NAME),
                named(accounts, "Account", "Accounts", "and more"),
                because("Reason:", reason),
            ),
        ),
        Text::MoreCustomerKeysStopped { project, page } => (
            "Your customers stopped more keys today".into(),
            format!(
                "Your customers stopped more keys today than we tell you of one by one; the last of the project \"{}\". We write no more about this until tomorrow; those of that project are here:\n\n{portal}{page}",
                plain(project, NAME)
            ),
        ),
        _ => return None,
    })
}

fn named(accounts: &[String], one: &str, several: &str, more: &str) -> String {
    let mut names: Vec<_> = accounts.iter().take(NAMED).map(|account| plain(account, NAME)).collect();
    if accounts.len() > NAMED {
        names.push(more.to_owned());
    }
    format!("  {}: {}", if accounts.len() == 1 { one } else { several }, names.join(", "))
}

fn because(before: &str, reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!("\n\n{before} {}", plain(reason, REASON)) }
}
