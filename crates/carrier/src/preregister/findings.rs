//! Validation errors as Correos reports them: a number, a text in the language asked for, the member it is about.

use serde_json::{Value, json};

use crate::body::text;

/// The language of descriptions, chosen by `errorCodeLanguage`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Spanish,
    English,
}

impl Language {
    /// `eng` is English, all else Spanish.
    pub(crate) fn of(request: &Value) -> Self {
        match text(request, "errorCodeLanguage") {
            Some(code) if code.eq_ignore_ascii_case("eng") || code.eq_ignore_ascii_case("en") => Self::English,
            _ => Self::Spanish,
        }
    }

    /// One of two texts.
    pub(crate) fn choose<'t>(self, spanish: &'t str, english: &'t str) -> &'t str {
        match self {
            Self::Spanish => spanish,
            Self::English => english,
        }
    }
}

/// The kinds of error. Numbers below 9000 are the carrier's own as clients know them, the others are Paloma's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Contract,
    SenderCountry,
    AddresseeCountry,
    OriginCountry,
    SenderProvince,
    AddresseeProvince,
    SmsNumber,
    CustomsData,
    Required,
    Format,
    Length,
    Product,
    Postcode,
    Weight,
    PackagesNumber,
    Destination,
    Unchangeable,
    Annulled,
    Admitted,
}

impl Kind {
    fn code(self) -> u16 {
        match self {
            Self::Contract => 5003,
            Self::SenderCountry => 1007,
            Self::AddresseeCountry => 1113,
            Self::OriginCountry => 2019,
            Self::SenderProvince => 1046,
            Self::AddresseeProvince => 1115,
            Self::SmsNumber => 1032,
            Self::CustomsData => 6069,
            Self::Required => 9001,
            Self::Format => 9002,
            Self::Length => 9003,
            Self::Product => 9004,
            Self::Postcode => 9005,
            Self::Weight => 9006,
            Self::PackagesNumber => 9007,
            Self::Destination => 9008,
            Self::Unchangeable => 9009,
            Self::Annulled => 9010,
            Self::Admitted => 9050,
        }
    }

    fn text(self, language: Language) -> &'static str {
        let (spanish, english) = match self {
            Self::Contract => ("El contrato o anexo no es válido para el producto", "The contract or annex is not valid for the product"),
            Self::SenderCountry => {
                ("El país del remitente no es un código ISO de tres letras", "The sender's country is not a three-letter ISO code")
            }
            Self::AddresseeCountry => {
                ("El país del destinatario no es un código ISO de tres letras", "The addressee's country is not a three-letter ISO code")
            }
            Self::OriginCountry => {
                ("El país de origen no es un código ISO de tres letras", "The country of origin is not a three-letter ISO code")
            }
            Self::SenderProvince => {
                ("La provincia del remitente debe ser un código de dos cifras", "The sender's province must be a two-digit code")
            }
            Self::AddresseeProvince => {
                ("La provincia del destinatario debe ser un código de dos cifras", "The addressee's province must be a two-digit code")
            }
            Self::SmsNumber => {
                ("El teléfono para SMS debe tener nueve cifras en España", "The number for SMS must have nine digits in Spain")
            }
            Self::CustomsData => ("Los datos de aduanas son obligatorios para este producto", "Customs data are required for this product"),
            Self::Required => ("El campo es obligatorio", "The field is required"),
            Self::Format => ("El valor no es válido", "The value is not valid"),
            Self::Length => ("El valor es demasiado largo", "The value is too long"),
            Self::Product => ("El producto no existe", "There is no such product"),
            Self::Postcode => ("El código postal no es válido", "The postcode is not valid"),
            Self::Weight => (
                "El peso en gramos no es válido o supera el máximo del producto",
                "The weight in grams is not valid or above the product's limit",
            ),
            Self::PackagesNumber => {
                ("El número de bultos no coincide con los bultos declarados", "The number of packages differs from the packages declared")
            }
            Self::Destination => ("El producto no llega a ese destino", "The product does not reach that destination"),
            Self::Unchangeable => {
                ("El campo no se puede cambiar después del prerregistro", "The field cannot be changed after preregistration")
            }
            Self::Annulled => ("El envío está anulado", "The shipment is annulled"),
            Self::Admitted => {
                ("El envío ya está admitido y no se puede anular", "The shipment has been admitted already and cannot be annulled")
            }
        };
        language.choose(spanish, english)
    }
}

/// One validation error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) kind: Kind,
    /// The member, as a path within the shipment.
    pub(crate) field: String,
}

impl Finding {
    pub(crate) fn new(kind: Kind, field: impl Into<String>) -> Self {
        Self { kind, field: field.into() }
    }

    /// As it stands in an answer.
    pub(crate) fn describe(&self, language: Language) -> Value {
        json!({
            "errorCode": self.kind.code(),
            "description": format!("{}: {}", self.kind.text(language), self.field),
            "errorFieldName": self.field,
        })
    }
}
