//! The operator's side in words: signing keys, staff.

use app::signing_keys;
use domain::{Language, role::Staff};

use super::State;

/// What a signing key does.
pub(crate) const fn signing_key_state(state: signing_keys::State, language: Language) -> State {
    match state {
        signing_keys::State::Announced => State { class: "warn", word: language.pick("anunciada", "announced") },
        signing_keys::State::Signing => State { class: "ok", word: language.pick("firma", "signing") },
        signing_keys::State::Verifying => State { class: "", word: language.pick("solo verifica", "verifying only") },
        signing_keys::State::Retired => State { class: "", word: language.pick("retirada", "retired") },
    }
}

/// What somebody of the staff is. In Spanish, what they look after, so that it fits everybody.
pub(crate) const fn staff(role: Staff, language: Language) -> &'static str {
    language.pick(app::staff_spanish(role), role.as_str())
}

/// What staff of a role may do, in a sentence.
pub(crate) const fn duty_of_staff(role: Staff, language: Language) -> &'static str {
    match role {
        Staff::Viewer => language.pick("Mira todo y no decide nada.", "Looks at everything and decides nothing."),
        Staff::Support => {
            language.pick("Mira todo y resuelve lo que espera en las colas.", "Looks at everything and decides what waits in the queues.")
        }
        Staff::Publisher => {
            language.pick("Mira todo y publica API, planes y políticas.", "Looks at everything and publishes APIs, plans and policies.")
        }
        Staff::Administrator => language.pick(
            "Todo: también organizaciones, claves de firma y el propio equipo.",
            "Everything: organisations, signing keys and the staff itself too.",
        ),
    }
}
