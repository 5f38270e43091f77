//! The products of the two generations of codes (wire-formats section 4).

/// Where a product goes, which decides the kind of its codes and what must be declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Within Spain, Andorra and Portugal: 23 characters, check letter.
    National,
    /// Everywhere: UPU S10 numbers, customs data.
    International,
}

/// Where the addressee gets it, as far as that decides what must be declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Handover {
    /// At the door, or wherever the carrier sees fit.
    Door,
    /// At an office of the addressee's choice.
    Office,
    /// In a CityPaq locker.
    Locker,
}

/// A product of the carrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Product {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) reach: Reach,
    /// How its codes begin: the parcel prefix, and of an international product also the S10 service indicator.
    pub(crate) prefix: &'static str,
    /// The heaviest parcel it takes, in grams.
    pub(crate) heaviest: i64,
}

const fn national(code: &'static str, name: &'static str, prefix: &'static str, heaviest: i64) -> Product {
    Product { code, name, reach: Reach::National, prefix, heaviest }
}

const fn international(code: &'static str, name: &'static str, prefix: &'static str, heaviest: i64) -> Product {
    Product { code, name, reach: Reach::International, prefix, heaviest }
}

pub(crate) const PRODUCTS: &[Product] = &[
    national("S0132", "Paq Estándar Domicilio", "PQ", 30_000),
    national("S0133", "Paq Estándar Oficina", "PQ", 30_000),
    national("S0178", "Paq Estándar CityPaq", "PQ", 30_000),
    national("S0235", "Paq Premium Domicilio", "PK", 30_000),
    national("S0236", "Paq Premium Oficina", "PK", 30_000),
    national("S0176", "Paq Premium CityPaq", "PK", 30_000),
    national("S0148", "Paq Retorno", "PR", 30_000),
    national("S0159", "Paq Retorno Internacional", "PR", 30_000),
    international("S0360", "Paq Light Internacional", "LX", 2_000),
    international("S0410", "Paq Standard Internacional", "CX", 30_000),
    national("PAFXB", "Paq Premium", "PK", 30_000),
    national("PAAZE", "Paq Estándar", "PQ", 30_000),
    national("PADXA", "Paq Today", "PT", 30_000),
    national("PAAZV", "Paq Retorno Premium", "PR", 30_000),
    national("PAAZW", "Paq Retorno Internacional", "PR", 30_000),
    national("PPFXB", "Paq Premium XL", "PX", 100_000),
    national("PPAZE", "Paq Estándar XL", "PX", 100_000),
    international("POAZE", "Paq Standard Internacional", "CX", 30_000),
    international("POAFXB", "Paq Premium Internacional", "CP", 30_000),
    international("POAXAC", "Paq Express Internacional", "EE", 30_000),
];

impl Product {
    /// The product with that code.
    pub(crate) fn find(code: &str) -> Option<&'static Self> {
        PRODUCTS.iter().find(|product| product.code == code)
    }

    /// What stands on the label. The standard product delivered as `DOURUA` is the return service.
    pub(crate) fn name(&self, delivery_method: Option<&str>) -> &'static str {
        if self.code == "PAAZE" && delivery_method == Some("DOURUA") { "Paq Retorno" } else { self.name }
    }

    /// Where a parcel ends. The older products say it themselves; of the methods of the newer ones the first two letters
    /// name the place (`DO` the home), so `OF` is taken for an office and `CP` for a CityPaq.
    pub(crate) fn handover(&self, delivery_method: Option<&str>) -> Handover {
        match (self.code, delivery_method.and_then(|method| method.get(..2))) {
            ("S0133" | "S0236", _) => Handover::Office,
            ("S0178" | "S0176", _) => Handover::Locker,
            (_, Some("OF")) if self.reach == Reach::National => Handover::Office,
            (_, Some("CP")) if self.reach == Reach::National => Handover::Locker,
            _ => Handover::Door,
        }
    }

    /// Whether the product brings a parcel back to who sent it first. The standard product does when it is delivered as
    /// `DOURUA`; no other is.
    pub(crate) fn is_return(&self, delivery_method: Option<&str>) -> bool {
        matches!(self.code, "S0148" | "S0159" | "PAAZV" | "PAAZW") || (self.code == "PAAZE" && delivery_method == Some("DOURUA"))
    }

    /// Whether it fetches a parcel from abroad.
    pub(crate) fn comes_from_abroad(&self) -> bool {
        matches!(self.code, "S0159" | "PAAZW")
    }

    /// Whether it leaves the country under a UPU number.
    pub(crate) fn is_international(&self) -> bool {
        self.reach == Reach::International
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_product_has_one_entry_and_a_prefix_of_two_letters() {
        for (at, product) in PRODUCTS.iter().enumerate() {
            assert!(PRODUCTS[..at].iter().all(|other| other.code != product.code), "{}", product.code);
            assert!(product.prefix.len() == 2 && product.prefix.bytes().all(|b| b.is_ascii_uppercase()));
        }
    }
}
