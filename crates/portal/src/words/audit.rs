//! What was done, in words, as the audit log is read: who, then what.

use domain::Language;

/// Actions of the log with what they say of who did them, in Spanish and English.
const ACTIONS: &[(&str, &str, &str)] = &[
    ("access.approve", "concedió un acceso", "approved access"),
    ("access.reject", "rechazó un acceso", "rejected access"),
    ("access.request", "pidió acceso", "asked for access"),
    ("account.change_email", "pidió cambiar de dirección", "asked to change the address"),
    ("account.change_password", "cambió su contraseña", "changed the password"),
    ("account.confirm_email", "confirmó su dirección nueva", "confirmed the new address"),
    ("account.confirm_totp", "añadió una aplicación de autenticación", "added an authenticator app"),
    ("account.create", "creó una cuenta", "created an account"),
    ("account.delete", "borró una cuenta", "deleted an account"),
    ("account.disable_totp", "quitó la aplicación de autenticación", "removed the authenticator app"),
    ("account.end_other_sessions", "cerró sus demás sesiones", "ended the other sessions"),
    ("account.end_session", "cerró una sesión", "ended a session"),
    ("account.enrol_totp", "empezó a añadir una aplicación de autenticación", "began to add an authenticator app"),
    ("account.link_sign_on", "enlazó su cuenta con el proveedor de la operadora", "linked the account to the operator's provider"),
    ("account.prove", "volvió a demostrar quién es", "proved again who it is"),
    ("account.recover", "pidió recuperar la cuenta", "asked to recover the account"),
    ("account.regenerate_codes", "cambió los códigos de recuperación", "renewed the recovery codes"),
    ("account.register", "se registró", "registered"),
    ("account.register_again", "volvió a registrarse", "registered again"),
    ("account.register_passkey", "añadió una llave de acceso", "added a passkey"),
    ("account.remove_passkey", "quitó una llave de acceso", "removed a passkey"),
    ("account.remove_second_factor", "quitó el segundo factor de una cuenta", "removed an account's second factor"),
    ("account.rename_passkey", "cambió el nombre de una llave de acceso", "renamed a passkey"),
    ("account.resend", "pidió otra vez el enlace de confirmación", "asked for the confirmation link again"),
    ("account.reset_password", "puso una contraseña nueva con el enlace", "set a new password by the link"),
    ("account.second_factor", "entró con el segundo factor", "brought the second factor"),
    ("account.set_language", "eligió idioma", "chose a language"),
    ("account.set_name", "cambió su nombre", "changed the name"),
    ("account.set_password_by", "puso una contraseña a una cuenta", "set an account's password"),
    ("account.set_staff", "cambió el papel de alguien en el equipo", "changed somebody's role on the staff"),
    ("account.sign_in", "entró", "signed in"),
    ("account.sign_in_slowed", "falló demasiadas veces al entrar", "failed to sign in too often"),
    ("account.sign_in_unverified", "intentó entrar sin confirmar su dirección", "tried to sign in before confirming the address"),
    ("account.sign_on_logout", "cerró sesiones por aviso del proveedor", "ended sessions because the provider said so"),
    (
        "account.sign_on_without_role",
        "intentó entrar por el proveedor sin papel en el equipo",
        "tried to sign on by the provider without a staff role",
    ),
    ("account.sign_out", "salió", "signed out"),
    ("account.unlink_sign_on", "desenlazó una cuenta del proveedor", "unlinked an account from the provider"),
    ("account.verify", "confirmó su dirección", "confirmed the address"),
    ("account.verify_by", "dio por confirmada una dirección", "took an address as confirmed"),
    ("announcement.change", "cambió el borrador de un anuncio", "changed the draft of an announcement"),
    ("announcement.create", "escribió un anuncio", "wrote an announcement"),
    ("announcement.discard", "descartó un anuncio", "discarded an announcement"),
    ("announcement.end", "dio por terminado un anuncio", "ended an announcement"),
    ("announcement.publish", "publicó un anuncio", "published an announcement"),
    ("announcement.update", "añadió una novedad a un anuncio", "added an update to an announcement"),
    ("api.deprecate", "declaró una API en desuso", "deprecated an API"),
    ("api.discard", "descartó el borrador de una API", "discarded the draft of an API"),
    ("api.draft", "guardó un borrador de una API", "kept a draft of an API"),
    ("api.keep", "mantuvo una API que estaba en desuso", "kept an API that was deprecated"),
    ("api.publish", "publicó una versión de una API", "published a version of an API"),
    ("api.retire", "retiró una API", "retired an API"),
    ("api.try_upstream", "probó un origen de una API", "tried an origin of an API"),
    ("api_credential.create", "creó una credencial de API", "created an API credential"),
    ("api_credential.revoke", "revocó una credencial de API", "revoked an API credential"),
    ("approval_rule.change", "cambió una regla de aprobación", "changed a rule of approval"),
    ("approval_rule.create", "creó una regla de aprobación", "created a rule of approval"),
    ("approval_rule.remove", "quitó una regla de aprobación", "removed a rule of approval"),
    ("audit.export", "exportó el registro", "exported the log"),
    ("catalogue.apply", "cambió el catálogo", "changed the catalogue"),
    ("catalogue.keep_management", "puso al día la entrada de la API de gestión", "brought the management API's entry up to date"),
    ("catalogue.put", "publicó un documento en el catálogo", "published a document in the catalogue"),
    ("catalogue.remove", "quitó una API del catálogo", "removed an API from the catalogue"),
    ("client.add_public_key", "registró una clave pública de un cliente", "registered a public key of a client"),
    ("client.create", "creó un cliente", "created a client"),
    ("client.remove_public_key", "quitó una clave pública de un cliente", "removed a public key of a client"),
    ("client.replace", "sustituyó un cliente", "replaced a client"),
    ("client.set_rules", "cambió las reglas de un cliente", "changed a client's rules"),
    ("client.set_status", "cambió el estado de un cliente", "changed a client's state"),
    ("contract.link", "vinculó un contrato", "linked a contract"),
    ("contract.reject", "rechazó un contrato", "rejected a contract"),
    ("contract.set_status", "cambió el estado de un contrato", "changed a contract's state"),
    ("customer_key.agree", "aceptó otra vez que otros actúen por sus cuentas", "agreed again that others act for its accounts"),
    ("customer_key.bind", "ató una clave de cliente a una clave pública", "bound a customer key to a public key"),
    ("customer_key.create", "creó una clave de cliente", "created a customer key"),
    (
        "customer_key.register",
        "registró una clave de cliente de una cuenta demostrada",
        "registered a customer key for an account that was proved",
    ),
    ("customer_key.rotate", "renovó la contraseña de una clave de cliente", "rotated a customer key's secret"),
    ("customer_key.set_limits", "cambió los límites de una clave de cliente", "changed a customer key's limits"),
    ("customer_key.set_project_limits", "cambió los límites de cada clave de cliente", "changed the limits of each customer key"),
    ("customer_key.set_status", "cambió el estado de una clave de cliente", "changed a customer key's state"),
    ("customer_key.stop", "paró una clave para una cuenta suya", "stopped a key for an account of its own"),
    ("customer_key.stop_all", "paró todas las claves de un proyecto para sus cuentas", "stopped all keys of a project for its accounts"),
    ("customer_key.unbind", "desató una clave de cliente", "unbound a customer key"),
    ("customer_type.approve", "concedió un tipo de cliente", "approved a customer type"),
    ("customer_type.reject", "rechazó un tipo de cliente", "rejected a customer type"),
    ("customer_type.request", "pidió otro tipo de cliente", "asked for another customer type"),
    ("grant.revoke", "revocó un acceso", "revoked access"),
    ("holders.put", "guardó titulares de cuenta", "kept account holders"),
    ("holders.remove", "quitó un titular de cuenta", "removed an account holder"),
    ("invitation.accept", "aceptó una invitación", "accepted an invitation"),
    ("invitation.create", "invitó a una organización", "invited into an organisation"),
    ("invitation.withdraw", "retiró una invitación", "withdrew an invitation"),
    ("member.leave", "dejó una organización", "left an organisation"),
    ("member.remove", "quitó a alguien de una organización", "removed somebody from an organisation"),
    ("member.set_role", "cambió el papel de un miembro", "changed a member's role"),
    ("organisation.add_note", "escribió una nota sobre una organización", "wrote a note on an organisation"),
    ("organisation.close", "cerró una organización", "closed an organisation"),
    ("organisation.create", "creó una organización", "created an organisation"),
    ("organisation.look", "miró una organización como la ven sus miembros", "looked at an organisation as its members see it"),
    ("organisation.look_end", "dejó de mirar una organización", "stopped looking at an organisation"),
    ("organisation.remove_note", "quitó una nota sobre una organización", "removed a note on an organisation"),
    ("organisation.rename", "cambió el nombre de una organización", "renamed an organisation"),
    ("organisation.set_customer_type", "cambió el tipo de cliente de una organización", "changed an organisation's customer type"),
    ("organisation.set_status", "cambió el estado de una organización", "changed an organisation's state"),
    ("plan.change", "cambió un plan", "changed a plan"),
    ("plan.create", "creó un plan", "created a plan"),
    ("plan.remove", "quitó un plan", "removed a plan"),
    ("policies.accept", "aceptó las políticas de uso", "accepted the usage policies"),
    ("policies.discard", "descartó un borrador de las políticas", "discarded a draft of the policies"),
    ("policies.draft", "guardó un borrador de las políticas", "kept a draft of the policies"),
    ("policies.publish", "publicó una versión de las políticas", "published a version of the policies"),
    ("project.archive", "archivó un proyecto", "archived a project"),
    ("project.create", "creó un proyecto", "created a project"),
    ("project.rename", "cambió el nombre de un proyecto", "renamed a project"),
    ("queue.assign", "encargó algo de una cola a otra persona", "gave something in a queue into somebody's care"),
    ("queue.leave", "dejó algo de una cola para otra persona", "put something of a queue back"),
    ("queue.letter", "escribió al equipo sobre lo que espera demasiado", "wrote to staff about what waits too long"),
    ("queue.set_targets", "cambió los plazos de las colas", "changed the queues' targets"),
    ("queue.take", "se encargó de algo de una cola", "took care of something in a queue"),
    ("reason_template.change", "cambió una plantilla de motivos", "changed a template for reasons"),
    ("reason_template.create", "creó una plantilla de motivos", "created a template for reasons"),
    ("reason_template.remove", "quitó una plantilla de motivos", "removed a template for reasons"),
    ("registration.address", "comprobó una dirección para actuar por una cuenta", "checked an address to act for an account"),
    ("registration.lock", "falló demasiadas veces al registrar una cuenta", "failed too often to register an account"),
    ("registration.send_pin", "pidió que se envíe un PIN", "asked for a PIN to be sent"),
    ("secret.create", "creó una clave secreta", "created a secret"),
    ("secret.retire", "puso fin a una clave secreta", "set the end of a secret"),
    ("secret.revoke", "revocó una clave secreta", "revoked a secret"),
    ("signing_key.create", "creó la primera clave de firma", "created the first signing key"),
    ("signing_key.retire", "retiró una clave de firma", "retired a signing key"),
    ("signing_key.rotate", "anunció una clave de firma", "announced a signing key"),
    ("staff.accept", "entró en el equipo", "joined the staff"),
    ("staff.invite", "invitó al equipo", "invited onto the staff"),
    ("staff.withdraw", "retiró una invitación al equipo", "withdrew an invitation onto the staff"),
    ("token.revoke", "revocó un token", "revoked a token"),
];

/// Nouns of the log: what all their actions are about.
const NOUNS: &[(&str, &str, &str)] = &[
    ("access", "Accesos", "Access"),
    ("account", "Cuentas", "Accounts"),
    ("announcement", "Anuncios", "Announcements"),
    ("api", "API", "APIs"),
    ("api_credential", "Credenciales de API", "API credentials"),
    ("approval_rule", "Reglas de aprobación", "Rules of approval"),
    ("audit", "Registro", "Audit log"),
    ("catalogue", "Catálogo", "Catalogue"),
    ("client", "Clientes OAuth", "OAuth clients"),
    ("contract", "Contratos", "Contracts"),
    ("customer_key", "Claves de cliente", "Customer keys"),
    ("customer_type", "Tipos de cliente", "Customer types"),
    ("grant", "Accesos concedidos", "Grants"),
    ("holders", "Titulares de cuenta", "Account holders"),
    ("invitation", "Invitaciones", "Invitations"),
    ("member", "Miembros", "Members"),
    ("organisation", "Organizaciones", "Organisations"),
    ("plan", "Planes", "Plans"),
    ("policies", "Políticas de uso", "Usage policies"),
    ("project", "Proyectos", "Projects"),
    ("queue", "Colas", "Queues"),
    ("reason_template", "Plantillas de motivos", "Templates for reasons"),
    ("registration", "Registro de credenciales", "Credential registration"),
    ("secret", "Claves secretas", "Secrets"),
    ("signing_key", "Claves de firma", "Signing keys"),
    ("staff", "Equipo", "Staff"),
    ("token", "Tokens", "Tokens"),
];

/// What an action says of who did it; one that has no words yet goes by its own.
pub(crate) fn action(action: &str, language: Language) -> &str {
    ACTIONS.iter().find(|(known, ..)| *known == action).map_or(action, |(_, spanish, english)| language.pick(spanish, english))
}

/// Everything that can be looked for: each noun, and under it its actions.
pub(crate) fn choices(language: Language) -> Vec<(&'static str, String)> {
    let of = |noun: &'static str| {
        let actions = ACTIONS.iter().filter(move |(action, ..)| action.split_once('.').is_some_and(|(known, _)| known == noun));
        actions.map(move |(action, spanish, english)| (*action, format!("· {}", language.pick(spanish, english))))
    };
    let nouns = NOUNS
        .iter()
        .flat_map(|(noun, spanish, english)| std::iter::once((*noun, language.pick(spanish, english).to_owned())).chain(of(noun)));
    std::iter::once(("", language.pick("todo", "everything").to_owned())).chain(nouns).collect()
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;

    fn sources(folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).expect("the sources").map(|entry| entry.expect("an entry").path());
        entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
    }

    /// Texts of the form of an action that are none.
    const NONE: &[&str] = &["a.bc", "mail.from", "mail.smtp", "plans.yaml", "policies.yaml", "queues.yaml", "es.md", "en.md"];

    #[test]
    fn everything_that_use_cases_write_into_the_log_has_words() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src");
        let (mut seen, mut missing) = (0, Vec::new());
        for source in sources(&folder) {
            let text = std::fs::read_to_string(&source).expect("reads");
            for word in text.split('"').skip(1).step_by(2) {
                let Some((noun, verb)) = word.split_once('.') else { continue };
                let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
                if is_word(noun) && is_word(verb) && !NONE.contains(&word) {
                    seen += 1;
                    if action(word, Language::English) == word {
                        missing.push(word.to_owned());
                    }
                }
            }
        }
        assert!(seen > 60, "the sources are not read as they are written: {seen}");
        assert!(missing.is_empty(), "without words in crates/portal/src/words/audit.rs: {missing:?}");
    }

    #[test]
    fn every_action_stands_under_its_noun_in_the_order_of_the_alphabet() {
        assert!(ACTIONS.windows(2).all(|two| two[0].0 < two[1].0));
        let choices = choices(Language::Spanish);
        assert_eq!(choices.len(), 1 + NOUNS.len() + ACTIONS.len(), "an action without its noun");
    }
}
