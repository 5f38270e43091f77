//! Account holders as the carrier knows them, and whether what somebody says of one is what the carrier knows.
//!
//! People write one address in many ways. What is compared is a canonical form of both: without case, accents, spaces and punctuation, with the
//! usual abbreviations of either language spelt alike.

mod amount;
pub mod import;
mod spelling;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{Email, Language, words::words};

pub use amount::same as same_amount;
pub use spelling::{name as canonical_name, postal_code as canonical_postal_code, street as canonical_street};

/// How old an invoice may be that proves something, in days.
pub const INVOICE_DAYS: i32 = 90;

words! {
    /// How a PIN reaches an account holder.
    pub enum Channel: "a way to send a PIN" {
        /// A text message.
        Sms = "SMS",
        /// A call that says it.
        Call = "CALL",
        /// A mail.
        Email = "EMAIL",
    }
}

/// A postal address with FedEx' members.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PostalAddress {
    /// Street, number, floor.
    pub street_lines: Vec<String>,
    /// The town.
    pub city: String,
    /// A state or province, where the country's addresses have one.
    pub state_or_province_code: String,
    /// The postal code; in the United States with or without the four digits more.
    pub postal_code: String,
    /// The country, two letters (ISO 3166-1).
    pub country_code: String,
}

/// An invoice that the carrier sent to an account holder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Invoice {
    /// Its number.
    pub number: String,
    /// Its currency, three letters (ISO 4217).
    pub currency: String,
    /// The day it was written, as in `2026-06-30`.
    pub date: String,
    /// What it amounts to, as it stands there: `234.00`.
    pub amount: String,
}

/// An account holder as the carrier knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The account number.
    pub account_number: String,
    /// The name on the account.
    pub customer_name: String,
    /// The address on the account.
    pub address: PostalAddress,
    /// Where a PIN is sent by mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Where a PIN is sent by text message or said on the telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The language it reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The PIN that is always right in the sandbox. Production never looks at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<String>,
    /// Its last invoices.
    #[serde(default)]
    pub invoices: Vec<Invoice>,
}

impl PostalAddress {
    /// Whether both are one address, however they are written. Everything is looked at whatever comes of its parts.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        let country = spelling::name(&self.country_code) == spelling::name(&other.country_code);
        let street = spelling::street(&self.street_lines) == spelling::street(&other.street_lines);
        let city = spelling::name(&self.city) == spelling::name(&other.city);
        let code = |one: &Self| spelling::postal_code(&one.country_code, &one.postal_code);
        let code = code(self) == code(other);
        let states = [self, other].map(|one| spelling::name(&one.state_or_province_code));
        // Where the postal code names the province, people write it as they like or leave it out.
        let names_states = matches!(spelling::name(&self.country_code).as_str(), "us" | "ca");
        let state = !names_states | states.iter().any(String::is_empty) | (states[0] == states[1]);
        country & street & city & code & state
    }
}

impl Holder {
    /// Whether name and address are this holder's.
    #[must_use]
    pub fn is_at(&self, customer_name: &str, address: &PostalAddress) -> bool {
        (spelling::name(&self.customer_name) == spelling::name(customer_name)) & self.address.is(address)
    }

    /// Somebody who does not exist, to be compared with where there is nobody, so that it takes as long. What comes of it says nothing.
    #[must_use]
    pub fn nobody() -> Self {
        let lines = vec!["Calle de la Cuenta Desconocida 1".to_owned()];
        let address = PostalAddress {
            street_lines: lines,
            city: "Ninguna Parte".into(),
            state_or_province_code: "ZZ".into(),
            postal_code: "00000".into(),
            country_code: "ZZ".into(),
        };
        Self {
            account_number: String::new(),
            customer_name: "Nobody at All".into(),
            address,
            email: None,
            phone: None,
            language: None,
            pin: None,
            invoices: Vec::new(),
        }
    }

    /// Whether one of its invoices is this one. With `any_day` the day is not compared.
    #[must_use]
    pub fn has_invoice(&self, sent: &Invoice, any_day: bool) -> bool {
        let number = spelling::name(&sent.number);
        self.invoices.iter().any(|known| {
            (spelling::name(&known.number) == number)
                & known.currency.trim().eq_ignore_ascii_case(sent.currency.trim())
                & amount::same(&known.amount, &sent.amount)
                & (any_day || day(&known.date).is_some_and(|known| day(&sent.date) == Some(known)))
        })
    }
}

/// The day of an invoice: `2026-06-30`, or a moment of that day.
#[must_use]
pub fn day(text: &str) -> Option<Date> {
    text.trim().get(..10)?.parse().ok()
}

/// Whether an invoice of this day still proves something. Where the sender lives it may be tomorrow already.
#[must_use]
pub fn is_recent(date: Date, now: Timestamp) -> bool {
    let today = now.to_zoned(TimeZone::UTC).date();
    let age = today.since(date).map_or(i32::MAX, |age| age.get_days());
    (-1..=INVOICE_DAYS).contains(&age)
}

/// An address of mail that says to its owner alone which it is: `l***@c***.es`.
#[must_use]
pub fn masked_email(email: &Email) -> String {
    let text = email.as_str();
    let Some((local, host)) = text.rsplit_once('@') else { return "***".into() };
    let first = |text: &str| text.chars().take(1).collect::<String>();
    let ending = host.rsplit_once('.').map_or("", |(_, ending)| ending);
    format!("{}***@{}***.{ending}", first(local), first(host))
}

/// A telephone number that says to its owner alone which it is: its last three digits.
#[must_use]
pub fn masked_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    let hidden = digits.len().saturating_sub(3);
    digits.iter().enumerate().map(|(at, digit)| if at < hidden { '*' } else { *digit }).collect()
}

/// Whether this can be an account number: 1 to 32 letters or digits.
#[must_use]
pub fn is_account_number(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether this can be a PIN: 6 digits.
#[must_use]
pub fn is_pin(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
