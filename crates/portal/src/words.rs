//! What use cases say no with, in the reader's language, for what stands in no rule of organisations.

use app::{Rule, Words, accounts::Refusal, records::AccessStatus};
use domain::{
    CustomerType, Environment, Language, Timestamp,
    contract::ContractStatus,
    password::{LONGEST, SHORTEST, Weak},
    role::{Role, Staff},
};

/// Why somebody is not let in, or not let do something with an account.
pub(crate) fn refusal(refusal: &Refusal, language: Language) -> String {
    if language == Language::English {
        return sentence(&refusal.to_string());
    }
    match refusal {
        Refusal::Credentials => "Esa dirección y esa contraseña no casan.".into(),
        Refusal::Code => "Ese código no es, o ya se usó: espera al siguiente o usa un código de recuperación.".into(),
        Refusal::Passkey => "No se ha reconocido esa llave de acceso: prueba otra vez o usa otra.".into(),
        Refusal::Link => "Este enlace ya no vale: pide otro.".into(),
        Refusal::Unverified => "La dirección aún no está verificada: abre el enlace del correo o pide otro.".into(),
        Refusal::Half => "Antes hace falta el segundo factor.".into(),
        Refusal::Ended => "Esta sesión ha terminado: vuelve a entrar.".into(),
        Refusal::Weak(weak) => weak_spanish(weak),
        Refusal::HasTotp => "Ya hay una aplicación de autenticación: quítala antes.".into(),
        Refusal::NoSecondFactor => "No hay segundo factor.".into(),
        Refusal::LastWayIn => "Es la única forma de entrar que queda: pon antes una contraseña o añade otra llave de acceso.".into(),
        Refusal::SoleOwner(organisations) => {
            format!("Eres la única persona propietaria de {}: nombra antes a otra, o cierra la organización.", organisations.join(", "))
        }
    }
}

fn weak_spanish(weak: &Weak) -> String {
    const ADVICE: &str = "Unas cuantas palabras sin relación hacen una buena contraseña.";
    match weak {
        Weak::Short => format!("Una contraseña tiene al menos {SHORTEST} caracteres. {ADVICE}"),
        Weak::Long => format!("Una contraseña tiene {LONGEST} bytes como mucho."),
        Weak::Common => format!("Esa contraseña es de las primeras que se prueban. {ADVICE}"),
        Weak::Personal => format!("Esa contraseña es poco más que tu nombre o tu dirección. {ADVICE}"),
    }
}

/// A rule that members run into, as a sentence.
pub(crate) fn rule(rule: &Rule, language: Language) -> String {
    match language {
        Language::Spanish => sentence(&rule.spanish()),
        Language::English => sentence(&rule.to_string()),
    }
}

/// A state in a word, and the class of its colour, which never stands alone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct State {
    /// `ok`, `warn`, `wrong`, or empty.
    pub(crate) class: &'static str,
    pub(crate) word: &'static str,
}

/// What a member is. In Spanish, the area they look after, so that it fits everybody.
#[allow(dead_code, reason = "for the pages of accounts and organisations")]
pub(crate) const fn role(role: Role, language: Language) -> &'static str {
    match role {
        Role::Owner => language.pick("propiedad", "owner"),
        Role::Admin => language.pick("administración", "admin"),
        Role::Developer => language.pick("desarrollo", "developer"),
        Role::Viewer => language.pick("lectura", "viewer"),
    }
}

/// What an organisation is to the carrier.
pub(crate) const fn customer_type(kind: CustomerType, language: Language) -> &'static str {
    match kind {
        CustomerType::Customer => language.pick("cliente", "customer"),
        CustomerType::Integrator => language.pick("integrador", "integrator"),
        CustomerType::CompatibleProvider => language.pick("proveedor compatible", "compatible provider"),
        CustomerType::ProprietaryParent => language.pick("empresa matriz", "proprietary parent"),
        CustomerType::Internal => language.pick("interno", "internal"),
    }
}

/// The state of a contract.
pub(crate) const fn contract_state(status: ContractStatus, language: Language) -> State {
    match status {
        ContractStatus::Pending => State { class: "warn", word: language.pick("pendiente", "pending") },
        ContractStatus::Active => State { class: "ok", word: language.pick("activo", "active") },
        ContractStatus::Suspended => State { class: "wrong", word: language.pick("suspendido", "suspended") },
        ContractStatus::Ended => State { class: "", word: language.pick("terminado", "ended") },
    }
}

/// The state of something that was asked for.
pub(crate) const fn request_state(status: AccessStatus, language: Language) -> State {
    match status {
        AccessStatus::Pending => State { class: "warn", word: language.pick("pendiente", "pending") },
        AccessStatus::Approved => State { class: "ok", word: language.pick("concedido", "approved") },
        AccessStatus::Rejected => State { class: "wrong", word: language.pick("rechazado", "rejected") },
        AccessStatus::Revoked => State { class: "wrong", word: language.pick("revocado", "revoked") },
    }
}

/// What somebody is among the operator's people.
#[allow(dead_code, reason = "for the pages of accounts and organisations")]
pub(crate) const fn staff(staff: Staff, language: Language) -> &'static str {
    match staff {
        Staff::Viewer => language.pick("lectura", "viewer"),
        Staff::Support => language.pick("soporte", "support"),
        Staff::Publisher => language.pick("publicación", "publisher"),
        Staff::Administrator => language.pick("administración", "administrator"),
    }
}

/// What a use case said, as a sentence in the reader's language.
pub(crate) fn said(words: &Words, language: Language) -> String {
    sentence(words.in_language(language))
}

/// A clause of an error as a sentence.
pub(crate) fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let Some(first) = letters.next() else { return String::new() };
    let dot = if clause.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{dot}", first.to_uppercase(), letters.as_str())
}

// Of projects.

/// An environment.
pub(crate) const fn environment(environment: Environment, language: Language) -> &'static str {
    match environment {
        Environment::Sandbox => language.pick("Pruebas (sandbox)", "Sandbox"),
        Environment::Production => language.pick("Producción", "Production"),
    }
}

// Of access and the console.

/// How long something has waited, in its largest unit.
pub(crate) fn age(since: Timestamp, now: Timestamp, language: Language) -> String {
    let minutes = now.duration_since(since).as_secs().max(0) / 60;
    let (number, (one_spanish, many_spanish), (one, many)) = match minutes {
        0 => return language.pick("menos de un minuto", "less than a minute").to_owned(),
        1..60 => (minutes, ("minuto", "minutos"), ("minute", "minutes")),
        60..2880 => (minutes / 60, ("hora", "horas"), ("hour", "hours")),
        _ => (minutes / 1440, ("día", "días"), ("day", "days")),
    };
    let unit = if number == 1 { language.pick(one_spanish, one) } else { language.pick(many_spanish, many) };
    format!("{number} {unit}")
}

/// Text somebody wrote, as much of it as a list has room for.
pub(crate) fn clipped(text: &str, most: usize) -> String {
    let clipped: String = text.chars().take(most).collect();
    if clipped.len() < text.len() { format!("{clipped}…") } else { clipped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_said_in_its_largest_unit() {
        let at = |seconds: i64| Timestamp::from_second(1_000_000_000 + seconds).expect("a moment");
        let said = |seconds, language| age(at(0), at(seconds), language);
        assert_eq!(said(59, Language::English), "less than a minute");
        assert_eq!(said(60, Language::Spanish), "1 minuto");
        assert_eq!(said(47 * 3600, Language::English), "47 hours");
        assert_eq!(said(3 * 86_400 + 5, Language::Spanish), "3 días");
        assert_eq!(said(-5, Language::English), "less than a minute", "clocks of nodes differ");
    }

    #[test]
    fn what_is_clipped_says_so() {
        assert_eq!((clipped("añil", 4).as_str(), clipped("añiles", 4).as_str()), ("añil", "añil…"));
    }
}
