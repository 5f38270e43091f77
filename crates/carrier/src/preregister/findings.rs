//! Validation errors as Correos reports them: a number, a text in the language asked for, the member it is about.

use domain::Language;
use serde_json::{Value, json};

use crate::body::text;

/// The language of descriptions, by `errorCodeLanguage` of a request.
pub(crate) fn language(request: &Value) -> Language {
    language_of(text(request, "errorCodeLanguage").as_deref())
}

/// The same by the code itself: `eng` is English, all else Spanish.
pub(crate) fn language_of(code: Option<&str>) -> Language {
    let english = code.is_some_and(|code| code.eq_ignore_ascii_case("eng") || code.eq_ignore_ascii_case("en"));
    if english { Language::English } else { Language::Spanish }
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
    Identity,
    ProvincePostcode,
    Phone,
    Email,
    DeliveryMethod,
    Origin,
    Office,
    Locker,
    OnlyNational,
    Amount,
    Iban,
    OtherProduct,
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
            Self::Identity => 9020,
            Self::ProvincePostcode => 9021,
            Self::Phone => 9022,
            Self::Email => 9023,
            Self::DeliveryMethod => 9024,
            Self::Origin => 9025,
            Self::Office => 9026,
            Self::Locker => 9027,
            Self::OnlyNational => 9028,
            Self::Amount => 9029,
            Self::Iban => 9030,
            Self::OtherProduct => 9031,
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
            Self::Identity => (
                "El número no es de un documento de ese tipo o su carácter de control no coincide",
                "The number is not of a document of that type, or its check character is wrong",
            ),
            Self::ProvincePostcode => ("La provincia no es la del código postal", "The province is not the postcode's"),
            Self::Phone => ("El teléfono no es válido", "The telephone number is not valid"),
            Self::Email => ("El correo electrónico no es válido", "The e-mail address is not valid"),
            Self::DeliveryMethod => ("El producto no se entrega con esa modalidad", "The product is not delivered by that method"),
            Self::Origin => ("El producto no sale de ese país", "The product does not start from that country"),
            Self::Office => ("La entrega en oficina necesita el código de la oficina", "Delivery at an office needs the office's code"),
            Self::Locker => ("La entrega en CityPaq necesita el código del CityPaq", "Delivery at a CityPaq needs the CityPaq's code"),
            Self::OnlyNational => (
                "El valor añadido no existe para envíos internacionales",
                "The additional value does not exist for international shipments",
            ),
            Self::Amount => ("El campo 1 debe ser un importe mayor que cero", "Field 1 must be an amount greater than zero"),
            Self::Iban => ("El campo 3 debe ser un IBAN válido", "Field 3 must be a valid IBAN"),
            Self::OtherProduct => ("Esta operación no admite el producto", "This operation does not take the product"),
            Self::Admitted => (
                "El envío ya está admitido: no se puede cambiar ni anular",
                "The shipment has been admitted: it can be neither changed nor annulled",
            ),
        };
        language.pick(spanish, english)
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
