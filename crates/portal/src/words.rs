//! What use cases say no with, in the reader's language, for what stands in no rule of organisations.

use app::{Rule, accounts::Refusal, records::AccessStatus};
use domain::{
    CustomerType, Language,
    account::LONGEST_NAME,
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
        Refusal::Unverified => "Aún no has confirmado la dirección: abre el enlace del correo o pide otro.".into(),
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

/// What would be right in a field that cannot be used as it is.
pub(crate) fn mend(field: &str, english: &str, language: Language) -> String {
    match (language, field) {
        (Language::Spanish, "email") => "Escribe una dirección de correo, como ana@example.com.".into(),
        (Language::Spanish, "name") => format!("Escribe de 1 a {LONGEST_NAME} caracteres, sin saltos de línea."),
        _ => sentence(english),
    }
}

/// What a new password must be, beside the field for one.
pub(crate) fn rules_of_passwords(language: Language) -> String {
    match language {
        Language::Spanish => {
            format!("Al menos {SHORTEST} caracteres, sin más reglas. Unas cuantas palabras sin relación hacen una buena contraseña.")
        }
        Language::English => format!("At least {SHORTEST} characters, no other rules. A few unrelated words make a good password."),
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
pub(crate) const fn role(role: Role, language: Language) -> &'static str {
    match role {
        Role::Owner => language.pick("propiedad", "owner"),
        Role::Admin => language.pick("administración", "admin"),
        Role::Developer => language.pick("desarrollo", "developer"),
        Role::Viewer => language.pick("lectura", "viewer"),
    }
}

/// What somebody of a role may do, in a sentence.
pub(crate) const fn duty_of(role: Role, language: Language) -> &'static str {
    match role {
        Role::Viewer => language.pick("Mira todo y no cambia nada.", "Looks at everything and changes nothing."),
        Role::Developer => language
            .pick("Crea proyectos, cambia claves y pide acceso a las API.", "Creates projects, changes keys and asks for access to APIs."),
        Role::Admin => language.pick(
            "Lo mismo que desarrollo, y además invita, cambia papeles, vincula contratos y abre producción.",
            "What a developer does, and also invites, changes roles, links contracts and opens production.",
        ),
        Role::Owner => language.pick(
            "Todo, también nombrar propietarios, cambiar el nombre de la organización y cerrarla.",
            "Everything, also making owners, renaming the organisation and closing it.",
        ),
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

/// Whom a customer type is for, in a sentence.
pub(crate) const fn about_customer_type(kind: CustomerType, language: Language) -> &'static str {
    match kind {
        CustomerType::Customer => language.pick("Envía sus propios paquetes.", "Ships its own parcels."),
        CustomerType::Integrator => language.pick(
            "Una plataforma que actúa por muchos clientes, cada uno con su clave de cliente.",
            "A platform that acts for many customers, each with a customer key of its own.",
        ),
        CustomerType::CompatibleProvider => language.pick(
            "Un proveedor certificado que actúa por sus clientes con sus claves de cliente.",
            "A certified provider that acts for its customers by their customer keys.",
        ),
        CustomerType::ProprietaryParent => language.pick(
            "Una empresa que actúa por sus propias filiales, cada una con su clave de cliente.",
            "A company that acts for its own subsidiaries, each with a customer key of its own.",
        ),
        CustomerType::Internal => language.pick("El propio transportista.", "The carrier itself."),
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

/// A clause of an error as a sentence.
pub(crate) fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let Some(first) = letters.next() else { return String::new() };
    let dot = if clause.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{dot}", first.to_uppercase(), letters.as_str())
}
