//! Customs forms: what a parcel declared of its contents, on the UPU's form CN 22 or CN 23. The drawing is our own; the
//! fields are those of the forms (UPU Convention Manual, parcels and letters), with captions in French, English and Spanish.

pub(crate) mod boxes;
pub(crate) mod cn22;
pub(crate) mod cn23;

use serde_json::Value;

use crate::{
    Call,
    body::{text, whole},
    countries,
    declaration::Party,
    labels::{is_sandbox, lettering::plain, lines, parcels::Item},
};

/// The heaviest parcel that travels under a CN 22, in grams.
const CN22_GRAMS: i64 = 2_000;

/// The most its contents may be worth, in cents. The UPU's limit is 300 special drawing rights; 425 euros are as many at a
/// rate that has been near for years.
const CN22_CENTS: i64 = 42_500;

/// The articles that have a line on a CN 22.
pub(crate) const CN22_ARTICLES: usize = 5;

/// What `packageContents.shipmentType` can be, from 1, in French, English and Spanish.
pub(crate) const CATEGORIES: [[&str; 3]; 7] = [
    ["Documents", "Documents", "Documentos"],
    ["Vente de marchandises", "Sale of goods", "Venta de mercancías"],
    ["Cadeau", "Gift", "Regalo"],
    ["Échantillon commercial", "Commercial sample", "Muestra comercial"],
    ["Retour de marchandise", "Returned goods", "Mercancía devuelta"],
    ["Autre", "Other", "Otro"],
    ["Marchandises dangereuses", "Dangerous goods", "Mercancías peligrosas"],
];

/// Everything a customs form says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) sandbox: bool,
    pub(crate) code: String,
    pub(crate) product: String,
    pub(crate) sender: Vec<String>,
    pub(crate) addressee: Vec<String>,
    /// Index in [`CATEGORIES`]; none when it was not declared.
    pub(crate) category: Option<usize>,
    pub(crate) articles: Vec<Article>,
    /// Gross weight in grams.
    pub(crate) gross: Option<i64>,
    pub(crate) notes: String,
    /// Where and when it was preregistered: the form carries no date of its printing, so it is the same each time.
    pub(crate) place: String,
    pub(crate) entry: String,
}

/// One kind of article. What was not declared is empty; what cannot be read as a number stands as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Article {
    pub(crate) quantity: String,
    pub(crate) description: String,
    pub(crate) weight: String,
    pub(crate) value: String,
    pub(crate) tariff: String,
    pub(crate) origin: String,
    grams: Option<i64>,
    cents: Option<i64>,
}

impl Form {
    /// The form of a parcel; none when it declared no contents.
    pub(crate) fn of(call: &Call<'_>, item: &Item) -> Option<Self> {
        let (parcel, declaration, package) = (&item.parcel, item.declaration(), item.package());
        if package.customs().is_empty() {
            return None;
        }
        let contents = package.0.get("packageContents").unwrap_or(&Value::Null);
        let category = whole(contents, "shipmentType").ok().flatten().and_then(|kind| usize::try_from(kind).ok());
        Some(Self {
            sandbox: is_sandbox(call),
            code: parcel.code.clone(),
            product: declaration.product_name().to_owned(),
            sender: party(declaration.sender()),
            addressee: party(declaration.addressee()),
            category: category.and_then(|kind| kind.checked_sub(1)).filter(|at| *at < CATEGORIES.len()),
            articles: package.customs().iter().map(Article::of).collect(),
            gross: package.grams(),
            notes: plain(package.text("observations").or_else(|| declaration.text("shipmentNotes"))),
            place: plain(declaration.sender().text("locality")),
            entry: call.house.calendar.date(parcel.created_at.0),
        })
    }

    /// Whether the small form will do: light, of little value, and few enough articles for its lines. What is not known is
    /// not taken to be little.
    pub(crate) fn is_light(&self) -> bool {
        self.gross.is_some_and(|grams| grams <= CN22_GRAMS)
            && self.cents().is_some_and(|cents| cents <= CN22_CENTS)
            && self.articles.len() <= CN22_ARTICLES
    }

    /// Net weight of everything in grams; none unless each article says its own.
    pub(crate) fn net(&self) -> Option<i64> {
        sum(self.articles.iter().map(|article| article.grams))
    }

    /// What everything is worth in cents; none unless each article says it.
    pub(crate) fn cents(&self) -> Option<i64> {
        sum(self.articles.iter().map(|article| article.cents))
    }
}

impl Article {
    fn of(declared: &Value) -> Self {
        let grams = whole(declared, "netWeight").ok().flatten().filter(|grams| *grams >= 0);
        let cents = text(declared, "netValue").and_then(|value| cents(&value));
        let origin = plain(text(declared, "countryOrigin"));
        Self {
            quantity: plain(text(declared, "quantity")),
            description: plain(text(declared, "description")),
            weight: grams.map_or_else(|| plain(text(declared, "netWeight")), |grams| grams.to_string()),
            value: cents.map_or_else(|| plain(text(declared, "netValue")), euros),
            tariff: plain(text(declared, "tariffNumber")),
            origin: countries::find(&origin.to_ascii_uppercase()).map_or(origin, |country| country.alpha2.to_owned()),
            grams,
            cents,
        }
    }
}

/// A party with what the customs ask for besides the address: the country whichever it is, its identity document or tax
/// number, and its e-mail.
pub(crate) fn party(party: Party<'_>) -> Vec<String> {
    let mut lines = lines(party, party.country(), true);
    lines.extend(party.text("doiNumber").map(|number| plain(Some(format!("NIF / ID {number}")))));
    lines.extend(party.text("email").map(|address| plain(Some(address))));
    lines
}

fn sum(parts: impl Iterator<Item = Option<i64>>) -> Option<i64> {
    parts.into_iter().try_fold(0_i64, |sum, part| sum.checked_add(part?))
}

/// An amount in euros, with a point or a comma before at most two decimals, as cents.
fn cents(amount: &str) -> Option<i64> {
    let (whole, decimals) = amount.split_once(['.', ',']).unwrap_or((amount, "0"));
    let digits = |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole, 12) || !digits(decimals, 2) {
        return None;
    }
    let tenfold = if decimals.len() == 1 { 10 } else { 1 };
    Some(whole.parse::<i64>().ok()? * 100 + decimals.parse::<i64>().ok()? * tenfold)
}

/// `30,00`: two decimals, so that nobody takes the comma for thousands.
pub(crate) fn euros(cents: i64) -> String {
    format!("{},{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn amounts_are_read_as_they_are_written_in_spain_and_abroad() {
        for (amount, read) in [("2.24", Some(224)), ("30", Some(3000)), ("30,5", Some(3050)), ("0.05", Some(5))] {
            assert_eq!(cents(amount), read, "{amount}");
        }
        // Three decimals could be thousands.
        for wrong in ["1.250", "", ".5", "5.", "-1", "1e3", "9999999999999", "ñ"] {
            assert_eq!(cents(wrong), None, "{wrong}");
        }
        assert_eq!(euros(224), "2,24");
    }

    fn form(gross: i64, articles: &[Value]) -> Form {
        Form {
            sandbox: true,
            code: "CX000000011ES".into(),
            product: String::new(),
            sender: Vec::new(),
            addressee: Vec::new(),
            category: None,
            articles: articles.iter().map(Article::of).collect(),
            gross: Some(gross),
            notes: String::new(),
            place: String::new(),
            entry: String::new(),
        }
    }

    #[test]
    fn only_what_is_light_and_cheap_and_short_goes_under_a_cn22() {
        let article = |value: Value| json!({"quantity": 1, "description": "Libro", "netWeight": "500", "netValue": value});
        assert!(form(2000, &[article(json!("425"))]).is_light());
        assert!(!form(2001, &[article(json!("425"))]).is_light());
        assert!(!form(2000, &[article(json!("424")), article(json!("1.01"))]).is_light());
        assert!(!form(500, &[article(Value::Null)]).is_light());
        assert!(!form(500, &vec![article(json!(1)); CN22_ARTICLES + 1]).is_light());
    }

    #[test]
    fn totals_are_only_given_when_they_are_known() {
        let known = json!({"netWeight": "500", "netValue": 2.5, "countryOrigin": "cHn"});
        let two = form(900, &[known.clone(), known.clone()]);
        assert_eq!((two.net(), two.cents(), two.articles[0].origin.as_str()), (Some(1000), Some(500), "CN"));
        let missing = form(900, &[known, json!({"netWeight": "medio kilo", "netValue": "gratis"}), json!({})]);
        assert_eq!((missing.net(), missing.cents()), (None, None));
        assert_eq!((missing.articles[1].weight.as_str(), missing.articles[1].value.as_str()), ("medio kilo", "gratis"));
    }
}
