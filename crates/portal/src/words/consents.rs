//! What account holders agreed to, in words.

use domain::Language;

/// How an account holder proved itself: `address`, `pin` or `invoice`.
pub(crate) fn proved(method: &str, language: Language) -> &'static str {
    match method {
        "address" => language.pick("con nombre y dirección", "by name and address"),
        "pin" => language.pick("con un PIN", "by a PIN"),
        _ => language.pick("con una factura", "by an invoice"),
    }
}
