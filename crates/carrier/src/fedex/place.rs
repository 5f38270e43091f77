//! Places as FedEx writes them: capitals, a state of two letters, the country by code and by English name.

use domain::journey::Spot;
use serde_json::{Value, json};

use crate::{
    countries::{self, Country, SPAIN},
    declaration::Party,
};

/// The autonomous community (ISO 3166-2:ES) of each province, whose codes run from 01 to 52.
const COMMUNITIES: [&str; 52] = [
    "PV", "CM", "VC", "AN", "CL", "EX", "IB", "CT", "CL", "EX", "AN", "VC", "CM", "AN", "GA", "CM", "CT", "AN", "CM", "PV", "AN", "AR",
    "AN", "CL", "CT", "RI", "GA", "MD", "AN", "MC", "NC", "GA", "AS", "CL", "CN", "GA", "CL", "CN", "CB", "CL", "AN", "CL", "CT", "AR",
    "CM", "VC", "CL", "PV", "CL", "AR", "CE", "ML",
];

/// Where a parcel is, was or goes. What is not known is left out: clients take what is there for true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    city: Option<String>,
    state: Option<&'static str>,
    postcode: Option<String>,
    country: Country,
}

impl Place {
    /// A place in Spain.
    pub(crate) fn spanish(city: &str, postcode: &str) -> Self {
        Self { city: Some(city.to_uppercase()), state: community(postcode), postcode: Some(postcode.to_owned()), country: SPAIN }
    }

    /// Where a declared party is.
    pub(crate) fn of(party: Party<'_>) -> Self {
        let country = party.country().and_then(|code| countries::find(&code)).unwrap_or(SPAIN);
        let postcode = party.postcode();
        let province = party.text("province").or_else(|| postcode.clone()).filter(|_| country == SPAIN);
        let state = province.and_then(|code| community(&code));
        Self { city: party.text("locality").map(|city| city.to_uppercase()), state, postcode, country }
    }

    /// Where a step of a journey between two places happens.
    pub(crate) fn at(spot: Spot, from: &Self, to: &Self) -> Self {
        match spot {
            Spot::Sender | Spot::OriginUnit => from.clone(),
            Spot::SortingCentre => Self::spanish("Madrid", "28906"),
            Spot::Exchange => Self::spanish("Madrid", "28042"),
            // Only the country is certain: which of its airports it was, nobody says.
            Spot::Border => Self { city: None, state: None, postcode: None, country: to.country },
            Spot::DestinationUnit | Spot::Office | Spot::Locker | Spot::Addressee => to.clone(),
        }
    }

    /// As parties and statuses carry it: FedEx tells the postcode to scans only.
    pub(crate) fn address(&self) -> Value {
        let mut address = json!({});
        if let Some(city) = &self.city {
            address["city"] = json!(city);
        }
        if let Some(state) = self.state {
            address["stateOrProvinceCode"] = json!(state);
        }
        address["countryCode"] = json!(self.country.alpha2);
        address["countryName"] = json!(self.country.name);
        address["residential"] = json!(false);
        address
    }

    /// As a scan carries it.
    pub(crate) fn scan_location(&self) -> Value {
        let mut location = self.address();
        if let Some(postcode) = &self.postcode {
            location["postalCode"] = json!(postcode);
        }
        location
    }
}

/// The community of a province, or of the province a postcode begins with.
fn community(code: &str) -> Option<&'static str> {
    let province: usize = code.get(..2)?.parse().ok()?;
    COMMUNITIES.get(province.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declaration::Declaration;

    #[test]
    fn a_province_or_a_postcode_tells_the_community() {
        for (code, expected) in
            [("28", Some("MD")), ("08013", Some("CT")), ("07", Some("IB")), ("52001", Some("ML")), ("00", None), ("53", None), ("ñ", None)]
        {
            assert_eq!(community(code), expected, "{code}");
        }
    }

    #[test]
    fn what_was_not_declared_is_left_out() {
        let declared = json!({
            "sender": {"locality": "Ávila", "cp": "05001", "country": "esp"},
            "addressee": {"locality": "Lyon", "zip": "69001", "province": "69", "country": "FRA"},
        });
        let declaration = Declaration(&declared);
        assert_eq!(
            Place::of(declaration.sender()).scan_location(),
            json!({"city": "ÁVILA", "stateOrProvinceCode": "CL", "countryCode": "ES", "countryName": "Spain", "residential": false,
                "postalCode": "05001"})
        );
        assert_eq!(
            Place::of(declaration.addressee()).address(),
            json!({"city": "LYON", "countryCode": "FR", "countryName": "France", "residential": false})
        );
    }
}
