//! The demo's account holders: samples with a fixed PIN and a fixed invoice, the same in both environments.

use anyhow::Result;
use app::{Actor, App};
use domain::{
    Environment, Language,
    holder::{Holder, Invoice, PostalAddress},
};
use jiff::{SignedDuration, tz::TimeZone};
use serde_json::{Value, json};

/// How old the sample invoices are, in days: younger than 90 for a while.
const AGE: i64 = 7;

/// Number, name, lines, city, state, postal code, country, and whether it has a PIN and an invoice.
type Sample = (&'static str, &'static str, &'static [&'static str], [&'static str; 4], bool);

const SAMPLES: &[Sample] = &[
    ("700257037", "Almacenes Hudson", &["15 W 18TH ST FL 7"], ["NEW YORK", "NY", "100114624", "US"], true),
    ("740561073", "Comercial Collierville", &["40 FED EX PKWY FL 2"], ["COLLIERVILLE", "TN", "380178711", "US"], true),
    ("510087100", "Meseta Norte, S.L.", &["Calle de Alcalá, 45", "3º derecha"], ["Madrid", "MD", "28014", "ES"], true),
    // The shop itself: its client number is its account number.
    (super::seed::SHOPS_ACCOUNT, "Librería Cervantes, S.L.", &["Calle Mayor, 12"], ["Alcalá de Henares", "MD", "28801", "ES"], true),
    ("510087283", "Meseta Sur, S.L.", &["Avda. de la Constitución, 20"], ["Sevilla", "SE", "41004", "ES"], false),
];

/// Fills the register of both environments; what a program must know of the holders.
pub async fn sow(app: &App, actor: &Actor) -> Result<Vec<Value>> {
    let date = (app.now() - SignedDuration::from_hours(24 * AGE)).to_zoned(TimeZone::UTC).date().to_string();
    let holders: Vec<Holder> = SAMPLES.iter().map(|sample| holder(sample, &date)).collect::<Result<_>>()?;
    for environment in Environment::ALL {
        app::holders::put(app, actor, *environment, &holders).await?;
    }
    Ok(holders.iter().map(listed).collect())
}

fn holder(&(number, name, lines, [city, state, code, country], proves_more): &Sample, date: &str) -> Result<Holder> {
    let invoice = Invoice { number: "234562278".into(), currency: "USD".into(), date: date.to_owned(), amount: "234.00".into() };
    let email = if proves_more { Some(format!("cuenta-{number}@titulares.example").parse()?) } else { None };
    Ok(Holder {
        account_number: number.to_owned(),
        customer_name: name.to_owned(),
        address: PostalAddress {
            street_lines: lines.iter().map(|line| (*line).to_owned()).collect(),
            city: city.to_owned(),
            state_or_province_code: state.to_owned(),
            postal_code: code.to_owned(),
            country_code: country.to_owned(),
        },
        email,
        phone: proves_more.then(|| format!("+34600{}", &number[3..])),
        language: proves_more.then_some(Language::Spanish),
        pin: proves_more.then(|| "234560".to_owned()),
        invoices: if proves_more { vec![invoice] } else { Vec::new() },
    })
}

fn listed(holder: &Holder) -> Value {
    let mut one = json!({"account_number": holder.account_number, "customer_name": holder.customer_name, "address": holder.address});
    if let Some(pin) = &holder.pin {
        one["pin"] = json!(pin);
    }
    if let Some(invoice) = holder.invoices.first() {
        one["invoice"] = json!(invoice);
    }
    one
}
