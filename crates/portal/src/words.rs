//! Words that several pages say, in the reader's language: refusals of accounts, roles, states.

mod announcements;
pub(crate) mod audit;
mod catalogue;
mod consents;
mod methods;
mod organisations;
mod plans;
mod projects;
mod sign_on;
mod staff;

pub(crate) use announcements::{kind as announcement_kind, place as announcement_place, stage as announcement_stage};
use app::{Words, accounts::Refusal};
pub(crate) use catalogue::{api_state, dialect, difference};
pub(crate) use consents::proved;
use domain::{
    Language,
    password::{LONGEST, SHORTEST, Weak},
    role::Role,
};
pub(crate) use methods::{method, method_advice};
pub(crate) use organisations::{
    State, about_customer_type, client_state, contract_state, customer_type, decision_reason, duty_of, key_state, matched,
    organisation_state, queue, request_state, rule,
};

pub(crate) use plans::limits;
pub(crate) use projects::{cancelled, check, environment, verdict, way};
pub(crate) use sign_on::sign_on;
pub(crate) use staff::{duty_of_staff, signing_key_state, staff};

/// Why somebody is not let in, or not let do something with an account.
pub(crate) fn refusal(refusal: &Refusal, language: Language) -> String {
    if language == Language::English {
        return sentence(&refusal.to_string());
    }
    match refusal {
        Refusal::Credentials => "La dirección o la contraseña no son correctas.".into(),
        Refusal::Code => "Ese código no es, o ya se usó: espera al siguiente o usa un código de recuperación.".into(),
        Refusal::Passkey => "No se ha reconocido esa llave de acceso: prueba otra vez o usa otra.".into(),
        Refusal::Link => "Este enlace ya no vale: pide otro.".into(),
        Refusal::Unverified => "Aún no has confirmado la dirección: abre el enlace del correo o pide otro.".into(),
        Refusal::Half => "Antes hace falta el segundo factor.".into(),
        Refusal::Ended => "Esta sesión ha terminado: vuelve a entrar.".into(),
        Refusal::SignOnOnly => "El personal entra aquí con su propio proveedor: usa su botón.".into(),
        Refusal::SignOn(refusal) => {
            let (what, mend) = sign_on(*refusal, "El proveedor", language);
            format!("{what} {mend}")
        }
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

/// What a new password must be, beside the field for one.
pub(crate) fn rules_of_passwords(language: Language) -> String {
    match language {
        Language::Spanish => {
            format!("Al menos {SHORTEST} caracteres, sin más reglas. Unas cuantas palabras sin relación hacen una buena contraseña.")
        }
        Language::English => format!("At least {SHORTEST} characters, no other rules. A few unrelated words make a good password."),
    }
}

/// What a member is. In Spanish, the area they look after, so that it fits everybody.
pub(crate) const fn role(role: Role, language: Language) -> &'static str {
    language.pick(app::role_spanish(role), role.as_str())
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
