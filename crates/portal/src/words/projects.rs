//! Projects in words: environments, ways, verdicts, checks.

use domain::{Environment, Language, api::Dialect, rotation::Verdict};

/// An environment.
pub(crate) const fn environment(environment: Environment, language: Language) -> &'static str {
    match environment {
        Environment::Sandbox => language.pick("Pruebas (sandbox)", "Sandbox"),
        Environment::Production => language.pick("Producción", "Production"),
    }
}

/// What stands across the corner of a credential.
pub(crate) const fn cancelled(environment: Environment, language: Language) -> &'static str {
    match environment {
        Environment::Sandbox => "SANDBOX",
        Environment::Production => language.pick("PRODUCCIÓN", "PRODUCTION"),
    }
}

/// Whose ways an API has, as far as tokens go: a word for addresses, and what people say.
pub(crate) const fn way(dialect: Dialect, language: Language) -> (&'static str, &'static str) {
    match dialect {
        Dialect::Correos | Dialect::CorreosTracking => ("correos", language.pick("como Correos", "in Correos' way")),
        Dialect::Fedex => ("fedex", language.pick("como FedEx", "in FedEx' way")),
        Dialect::Problem => ("oauth", language.pick("según los estándares", "by the standards")),
    }
}

/// Whether a secret may go, and the colour of that.
pub(crate) const fn verdict(verdict: Verdict, language: Language) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Ended => (language.pick("terminada", "ended"), ""),
        Verdict::Only => (language.pick("la única en vigor", "the only live one"), ""),
        Verdict::Unused => (language.pick("sin usar todavía", "not used yet"), ""),
        Verdict::InUse => (language.pick("en uso", "in use"), "warn"),
        Verdict::Unproven => {
            (language.pick("sin uso reciente, pero ninguna otra la sustituye", "quiet, but no other has taken over"), "warn")
        }
        Verdict::Safe => (language.pick("se puede retirar sin riesgo", "safe to retire"), "ok"),
    }
}

/// A check of a decision by its word: what it is called, and what it asks.
pub(crate) fn check(word: &str, language: Language) -> (&'static str, &'static str) {
    let (spanish, english) = match word {
        "route" => (("Ruta", "¿Qué operación de qué API es?"), ("Route", "Which operation of which API is this?")),
        "token" => (("Token", "¿Hay uno solo, nuestro y en su plazo?"), ("Token", "Is there exactly one, signed by us and in its time?")),
        "revocation" => (
            ("Revocación", "¿Siguen valiendo el token, su clave secreta, su cliente y su organización?"),
            ("Revocation", "Do the token, its secret, its client and its organisation still stand?"),
        ),
        "audience" => (("Destinatario", "¿Es para este entorno?"), ("Audience", "Is it for this environment?")),
        "scope" => (("Permiso (scope)", "¿Tiene el token el de esta operación?"), ("Scope", "Does the token hold one of this operation?")),
        "api_credential" => (
            ("Credencial de API", "¿Es correcta, y tiene el proyecto acceso a esta API?"),
            ("API credential", "Is it right, and has the project access to this API?"),
        ),
        "customer_key" => (("Clave de cliente", "¿Puede actuar?"), ("Customer key", "May it act?")),
        "rate" => (("Límites", "¿Queda margen en el plan?"), ("Limits", "Is there room in the plan?")),
        "schema" => (("Cuerpo", "¿Cabe, y tiene la forma debida?"), ("Body", "Does it fit, and has it the right shape?")),
        "upstream" => (("API", "¿Respondió?"), ("API", "Did it answer?")),
        // Of the token endpoint.
        "request" => (("Petición del token", "¿Está completa y bien formada?"), ("Token request", "Is it whole and well formed?")),
        "client" => (("Cliente", "¿Se corresponden client_id y client_secret?"), ("Client", "Do client_id and client_secret match?")),
        "grant" => (("Grant", "¿Puede usarlo este cliente?"), ("Grant", "May this client use it?")),
        "granted_scope" => {
            (("Permisos pedidos", "¿Están concedidos al proyecto?"), ("Scopes asked for", "Are they granted to the project?"))
        }
        _ => (("Otra comprobación", ""), ("Another check", "")),
    };
    match language {
        Language::Spanish => spanish,
        Language::English => english,
    }
}
