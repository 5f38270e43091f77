//! Words of organisations: rules, roles, customer types, and the states of what is asked for.

use app::{
    Rule,
    records::{AccessRequest, AccessStatus, Matched},
};
use domain::{
    CustomerType, Language,
    contract::{ContractStatus, Standing},
    queue::Queue,
    role::Role,
};

use super::sentence;

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

/// Whether an organisation may act.
pub(crate) const fn organisation_state(status: Standing, language: Language) -> State {
    match status {
        Standing::Active => State { class: "ok", word: language.pick("activa", "active") },
        Standing::Suspended => State { class: "wrong", word: language.pick("suspendida", "suspended") },
        Standing::Revoked => State { class: "", word: language.pick("cerrada", "closed") },
    }
}

/// Whether a client may act.
pub(crate) const fn client_state(status: Standing, language: Language) -> State {
    match status {
        Standing::Active => State { class: "ok", word: language.pick("activo", "active") },
        Standing::Suspended => State { class: "wrong", word: language.pick("suspendido", "suspended") },
        Standing::Revoked => State { class: "", word: language.pick("revocado", "revoked") },
    }
}

/// Whether a customer key may act.
pub(crate) const fn key_state(status: Standing, language: Language) -> State {
    match status {
        Standing::Active => State { class: "ok", word: language.pick("activa", "active") },
        Standing::Suspended => State { class: "wrong", word: language.pick("suspendida", "suspended") },
        Standing::Revoked => State { class: "", word: language.pick("revocada", "revoked") },
    }
}

/// What of an organisation was found.
pub(crate) const fn matched(matched: Matched, language: Language) -> &'static str {
    match matched {
        Matched::Id | Matched::Name => "",
        Matched::Contract => language.pick("contrato", "contract"),
        Matched::ClientNumber => language.pick("número de cliente", "client number"),
        Matched::Client => language.pick("cliente OAuth", "OAuth client"),
        Matched::ProjectId | Matched::Project => language.pick("proyecto", "project"),
        Matched::Member => language.pick("miembro", "member"),
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

/// A queue of the operator's console.
pub(crate) const fn queue(queue: Queue, language: Language) -> &'static str {
    match queue {
        Queue::Access => language.pick("Solicitudes de acceso", "Access requests"),
        Queue::Contracts => language.pick("Contratos por activar", "Contracts to activate"),
        Queue::CustomerTypes => language.pick("Tipos de cliente", "Customer types"),
    }
}

/// Why a request was decided as it was. What the program wrote itself is said in the reader's language, or not at all where the state says it.
pub(crate) fn decision_reason(request: &AccessRequest, language: Language) -> String {
    match request.decision_reason.as_deref() {
        _ if request.decided_by.as_deref() == Some("system") => String::new(),
        Some(app::projects::ARCHIVED) => language.pick("El proyecto se archivó.", "The project was archived.").to_owned(),
        reason => reason.unwrap_or_default().to_owned(),
    }
}
