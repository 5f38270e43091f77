//! The words of mails to many: what the operator announces, and new versions of the policies. Their texts are the operator's own, in both
//! languages, and stand here as they were written.

use domain::{Environment, Timestamp, announcement::Kind};

use super::{NAME, moment, plain, spanish::environment_es};
use crate::mail::{plain::one_line, text::Text};

/// Subject and message in Spanish; `None` for what is no circular.
pub(super) fn spanish(text: &Text<'_>, portal: &str) -> Option<(String, String)> {
    Some(match *text {
        Text::PoliciesPublished { version, in_force_at, changed } => (
            format!("Políticas de uso: versión {version}"),
            format!(
                "Las políticas de uso de las API tienen una versión nueva, la {version}, en vigor desde el {}.{}\n\nLo que tu organización tiene en marcha sigue funcionando. Para crear claves de producción nuevas, antes hay que aceptarla en la página «Pasar a producción» de cada proyecto. Si hay plataformas que actúan por tu organización, en «Quién actúa por nosotros» puedes aceptarla también para ellas; entretanto siguen como estaban.\n\n{portal}/policies?version={version}",
                moment(in_force_at),
                quoted("Qué cambia:", changed),
            ),
        ),
        Text::Announced { kind, title, text, environment, api, starts_at, ends_at } => (
            format!("{}: {}", kind_es(kind), one_line(title, NAME)),
            format!(
                "{text}\n\n{}\n\nLo que se vaya sabiendo está aquí:\n\n{portal}/status",
                facts_es(environment, api, starts_at, ends_at)
            ),
        ),
        _ => return None,
    })
}

/// Subject and message in English; `None` for what is no circular.
pub(super) fn english(text: &Text<'_>, portal: &str) -> Option<(String, String)> {
    Some(match *text {
        Text::PoliciesPublished { version, in_force_at, changed } => (
            format!("Usage policies: version {version}"),
            format!(
                "The usage policies of the APIs have a new version, {version}, in force from {}.{}\n\nWhat your organisation has running goes on working. New production keys take its acceptance first, on the page \"Go to production\" of each project. If platforms act for your organisation, you can agree to it for them too on \"Who acts for us\"; meanwhile they go on as they were.\n\n{portal}/policies?version={version}",
                moment(in_force_at),
                quoted("What changes:", changed),
            ),
        ),
        Text::Announced { kind, title, text, environment, api, starts_at, ends_at } => (
            format!("{}: {}", kind_en(kind), one_line(title, NAME)),
            format!("{text}\n\n{}\n\nWhat becomes known since is here:\n\n{portal}/status", facts_en(environment, api, starts_at, ends_at)),
        ),
        _ => return None,
    })
}

fn quoted(before: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("\n\n{before}\n\n{text}") }
}

const fn kind_es(kind: Kind) -> &'static str {
    match kind {
        Kind::Notice => "Aviso",
        Kind::Maintenance => "Mantenimiento",
        Kind::Incident => "Incidencia",
    }
}

const fn kind_en(kind: Kind) -> &'static str {
    match kind {
        Kind::Notice => "Notice",
        Kind::Maintenance => "Maintenance",
        Kind::Incident => "Incident",
    }
}

fn facts_es(environment: Option<Environment>, api: &str, starts_at: Timestamp, ends_at: Option<Timestamp>) -> String {
    let place = environment.map_or("pruebas y producción", environment_es);
    let api = if api.is_empty() { "todas".to_owned() } else { plain(api, NAME) };
    let end = ends_at.map(|end| format!("\n  Hasta: {}", moment(end))).unwrap_or_default();
    format!("  Entorno: {place}\n  API: {api}\n  Desde: {}{end}", moment(starts_at))
}

fn facts_en(environment: Option<Environment>, api: &str, starts_at: Timestamp, ends_at: Option<Timestamp>) -> String {
    let place = environment.map_or("sandbox and production", Environment::as_str);
    let api = if api.is_empty() { "all".to_owned() } else { plain(api, NAME) };
    let end = ends_at.map(|end| format!("\n  Until: {}", moment(end))).unwrap_or_default();
    format!("  Environment: {place}\n  API: {api}\n  From: {}{end}", moment(starts_at))
}
