//! A shipment as it was declared, read member by member: the JSON itself is what is kept and read back.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    body::{list, text},
    products::Product,
};

/// A declared shipment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Declaration<'v>(pub(crate) &'v Value);

/// Its sender or its addressee.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Party<'v>(&'v Value);

/// One of its parcels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Package<'v>(pub(crate) &'v Value);

/// One of its extra services.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AdditionalValue<'v>(&'v Value);

static NOTHING: Value = Value::Null;

/// Where an owner's names of a shipment stand.
pub(crate) const SHIPMENT_REFERENCES: [&str; 3] = ["shipmentReference1", "shipmentReference2", "shipmentReference3"];

/// Where an owner's names of a parcel stand.
const CLIENT_REFERENCES: [&str; 4] = ["clientReference", "clientReference1", "clientReference2", "clientReference3"];

/// In characters.
pub(crate) const LONGEST_REFERENCE: usize = 100;

/// Whether a text can be a reference under which something is found.
pub(crate) fn is_reference(text: &str) -> bool {
    text.chars().count() <= LONGEST_REFERENCE && !text.contains('\0')
}

impl<'v> Declaration<'v> {
    pub(crate) fn text(&self, member: &str) -> Option<String> {
        text(self.0, member)
    }

    pub(crate) fn product(&self) -> Option<&'static Product> {
        Product::find(&self.text("product")?)
    }

    pub(crate) fn product_name(&self) -> &'static str {
        self.product().map_or("Paquete", |product| product.name(self.text("deliveryMethod").as_deref()))
    }

    pub(crate) fn sender(&self) -> Party<'v> {
        Party(self.0.get("sender").unwrap_or(&NOTHING))
    }

    pub(crate) fn addressee(&self) -> Party<'v> {
        Party(self.0.get("addressee").unwrap_or(&NOTHING))
    }

    pub(crate) fn packages(&self) -> impl ExactSizeIterator<Item = Package<'v>> + use<'v> {
        list(self.0, "packages").iter().map(Package)
    }

    pub(crate) fn delivery_method(&self) -> Option<String> {
        self.text("deliveryMethod")
    }

    /// The extra services asked for.
    pub(crate) fn additional_values(&self) -> impl ExactSizeIterator<Item = AdditionalValue<'v>> + use<'v> {
        list(self.0, "additionalValues").iter().map(AdditionalValue)
    }

    /// What its owner calls it and its parcels, each name once: what it can be found by. What is too long for a reference
    /// is none, nor is what holds U+0000, which not every database can keep.
    pub(crate) fn references(&self) -> BTreeSet<String> {
        let own = SHIPMENT_REFERENCES.iter().filter_map(|member| self.text(member));
        let packages = self.packages().flat_map(|package| CLIENT_REFERENCES.into_iter().filter_map(move |member| package.text(member)));
        own.chain(packages).filter(|reference| is_reference(reference)).collect()
    }

    /// Parcel `number`, counting from 1.
    pub(crate) fn package(&self, number: i64) -> Package<'v> {
        let at = usize::try_from(number).unwrap_or(0).wrapping_sub(1);
        Package(list(self.0, "packages").get(at).unwrap_or(&NOTHING))
    }
}

impl Party<'_> {
    pub(crate) fn is_declared(&self) -> bool {
        self.0.is_object()
    }

    pub(crate) fn text(&self, member: &str) -> Option<String> {
        text(self.0, member)
    }

    /// A person's whole name or, without one, the company's.
    pub(crate) fn name(&self) -> Option<String> {
        let person: Vec<String> = ["name", "lastName1", "lastName2"].iter().filter_map(|part| self.text(part)).collect();
        if person.is_empty() { self.text("company") } else { Some(person.join(" ")) }
    }

    /// What stands under the name: the company when a person has been named, else who to ask for there.
    pub(crate) fn second_name(&self) -> Option<String> {
        let person = ["name", "lastName1", "lastName2"].iter().any(|part| self.text(part).is_some());
        self.text(if person { "company" } else { "contactPerson" })
    }

    pub(crate) fn country(&self) -> Option<String> {
        self.text("country").map(|country| country.to_ascii_uppercase())
    }

    /// Spain and Andorra say `cp`, the rest of the world `zip`; either is taken from either.
    pub(crate) fn postcode(&self) -> Option<String> {
        self.text("cp").or_else(|| self.text("zip"))
    }
}

impl AdditionalValue<'_> {
    /// Which service: `REICPA`, `VADEPA`, ...
    pub(crate) fn id(&self) -> Option<String> {
        text(self.0, "additionalValueId").map(|id| id.to_ascii_uppercase())
    }

    /// The value of a field; numbers of fields are written as text or as numbers.
    pub(crate) fn field(&self, id: &str) -> Option<String> {
        let fields = list(self.0, "fields").iter();
        fields.filter(|field| text(field, "fieldId").as_deref() == Some(id)).find_map(|field| text(field, "value"))
    }
}

impl Package<'_> {
    pub(crate) fn text(&self, member: &str) -> Option<String> {
        text(self.0, member)
    }

    /// Weight in grams, when it was declared as a number.
    pub(crate) fn grams(&self) -> Option<i64> {
        crate::body::whole(self.0, "packageWeightGrams").ok().flatten()
    }

    pub(crate) fn customs(&self) -> &[Value] {
        self.0.get("packageContents").map_or(&[], |contents| list(contents, "customsData"))
    }
}
