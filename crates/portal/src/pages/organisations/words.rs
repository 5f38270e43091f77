//! What is wrong with a field of these forms, in the reader's language. The use cases say it in English.

use domain::Language;

/// How to mend a field that a use case found invalid.
pub(super) fn mend(field: &str, language: Language) -> &'static str {
    match field {
        "name" | "project" => {
            language.pick("Escribe de 1 a 120 caracteres, sin saltos de línea.", "Write 1 to 120 characters, without line breaks.")
        }
        "email" => language.pick("Escribe una sola dirección, como ana@example.com.", "Write one address, as in ana@example.com."),
        "number" => {
            language.pick("El número de contrato tiene 8 cifras, como 54000000.", "A contract number has 8 digits, as in 54000000.")
        }
        "client_number" => {
            language.pick("El número de cliente tiene 8 cifras, como 80000000.", "A client number has 8 digits, as in 80000000.")
        }
        "labeller" => language.pick(
            "El código de etiquetador tiene 4 letras mayúsculas o cifras, como XXX1.",
            "A labeller code has 4 capital letters or digits, as in XXX1.",
        ),
        "customer_type" => language.pick("Elige uno de estos tipos.", "Choose one of these types."),
        "role" => language.pick("Elige uno de estos papeles.", "Choose one of these roles."),
        "apis" => language.pick("Elige entre las API publicadas, 50 como mucho.", "Choose among the published APIs, 50 at most."),
        "reason" => language.pick(
            "Cuenta qué haces y para quién, en 2000 caracteres como mucho.",
            "Say what you do and for whom, in 2000 characters at most.",
        ),
        _ => language.pick("Revisa este campo.", "Look at this field again."),
    }
}
