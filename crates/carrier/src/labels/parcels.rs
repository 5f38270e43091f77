//! The parcels a call wants printed, and the order it wants them in.

use std::sync::Arc;

use serde_json::Value;
use store::shipments::Parcel;

use crate::{
    Call,
    body::{plain, whole},
    codes,
    declaration::{Declaration, Package},
    preregister::read::find,
    respond::Refusal,
};

use super::FOREIGN;

/// How many parcels one call may print.
const MOST: usize = 200;

/// What becomes of a call that named its parcels.
pub(crate) enum Wanted {
    /// They can be printed.
    Items(Vec<Item>),
    /// Nothing is printed, for this reason; the status is 200 as live.
    Nothing(String),
}

/// A parcel and what its shipment declared, which may be long: parcels of one shipment share it.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) parcel: Parcel,
    declared: Arc<Value>,
}

impl Item {
    /// The shipment as it was declared.
    pub(crate) fn declaration(&self) -> Declaration<'_> {
        Declaration(&self.declared)
    }

    /// The parcel as it was declared.
    pub(crate) fn package(&self) -> Package<'_> {
        self.declaration().package(self.parcel.number)
    }

    /// The client's own name for the parcel, or for the shipment when the parcel has none.
    pub(crate) fn reference(&self) -> Option<String> {
        let package = self.package();
        let own = package.text("clientReference").or_else(|| package.text("clientReference1"));
        own.or_else(|| self.declaration().text("shipmentReference1"))
    }
}

/// `labelOrderType`. Its meanings are ours: the contract only gives the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    AsAsked,
    Code,
    Reference,
    Postcode,
    Product,
}

impl Order {
    /// Reads the member; the order of the call when it is absent.
    pub(crate) fn of(print: &Value) -> Result<Self, Refusal> {
        Ok(match choice(print, "labelOrderType", 1, 1..=5)? {
            2 => Self::Code,
            3 => Self::Reference,
            4 => Self::Postcode,
            5 => Self::Product,
            _ => Self::AsAsked,
        })
    }

    /// Sorts the parcels; those that are alike keep the order of the call.
    pub(crate) fn sort(self, items: &mut [Item]) {
        if self != Self::AsAsked {
            items.sort_by_cached_key(|item| self.key(item));
        }
    }

    fn key(self, item: &Item) -> [String; 2] {
        let (parcel, declaration) = (&item.parcel, item.declaration());
        let addressee = declaration.addressee();
        match self {
            Self::AsAsked => [String::new(), String::new()],
            Self::Code => [parcel.code.clone(), String::new()],
            Self::Reference => [item.reference().unwrap_or_default(), String::new()],
            Self::Postcode => [addressee.country().unwrap_or_default(), addressee.postcode().unwrap_or_default()],
            Self::Product => [parcel.product.clone(), String::new()],
        }
    }
}

/// Finds the parcels that `print.shipments` names, in its order.
///
/// # Errors
/// When it names none or too many, or one that the project does not have.
pub(crate) async fn wanted(call: &Call<'_>, print: &Value) -> Result<Wanted, Refusal> {
    let codes = named(print)?;
    if codes.iter().any(|code| codes::is_expedition(code)) {
        return Ok(Wanted::Nothing("Se esperan códigos de bulto, no de expedición / Parcel codes are expected".into()));
    }
    let mut items: Vec<Item> = Vec::with_capacity(codes.len());
    for code in &codes {
        let mut parcel = find(call, code).await?.ok_or(Refusal::NotFound(FOREIGN))?;
        if parcel.annulled_at.is_some() {
            return Ok(Wanted::Nothing(format!("El envío {code} está anulado / The shipment is annulled")));
        }
        let text = std::mem::take(&mut parcel.declaration);
        let sibling = items.iter().rev().find(|item| item.parcel.shipment_code == parcel.shipment_code);
        let declared = sibling.map(|item| Arc::clone(&item.declared));
        let declared = declared.unwrap_or_else(|| Arc::new(serde_json::from_str(&text).unwrap_or_default()));
        items.push(Item { parcel, declared });
    }
    Ok(Wanted::Items(items))
}

/// The codes in the order in which they were named; one alone may stand outside an array.
fn named(print: &Value) -> Result<Vec<String>, Refusal> {
    let named: Vec<String> = match print.get("shipments") {
        Some(Value::Array(codes)) => codes.iter().take(MOST + 1).map(|code| plain(code).unwrap_or_default()).collect(),
        Some(code) => plain(code).into_iter().collect(),
        None => Vec::new(),
    };
    match named.len() {
        0 => Err(Refusal::Malformed("Falta print.shipments / print.shipments is missing".into())),
        1..=MOST => Ok(named),
        _ => Err(Refusal::Malformed(format!("Máximo {MOST} etiquetas / At most {MOST} labels"))),
    }
}

/// A member that is one of a few numbers; `or` when it is absent.
pub(crate) fn choice(of: &Value, member: &str, or: i64, range: std::ops::RangeInclusive<i64>) -> Result<i64, Refusal> {
    match whole(of, member) {
        Ok(None) => Ok(or),
        Ok(Some(number)) if range.contains(&number) => Ok(number),
        _ => Err(Refusal::Malformed(format!("{member} no es válido / {member} is not valid: {} - {}", range.start(), range.end()))),
    }
}
