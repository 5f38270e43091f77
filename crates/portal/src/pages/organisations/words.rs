//! What is wrong with a field before a use case has seen it.

use domain::Language;

/// How to mend it.
pub(super) fn mend(field: &str, language: Language) -> &'static str {
    match field {
        "name" | "project" => {
            language.pick("Escribe de 1 a 120 caracteres, sin saltos de línea.", "Write 1 to 120 characters, without line breaks.")
        }
        "customer_type" => language.pick("Elige uno de estos tipos.", "Choose one of these types."),
        "role" => language.pick("Elige uno de estos papeles.", "Choose one of these roles."),
        "apis" => language.pick("Elige entre las API publicadas, 50 como mucho.", "Choose among the published APIs, 50 at most."),
        _ => language.pick("Revisa este campo.", "Look at this field again."),
    }
}
