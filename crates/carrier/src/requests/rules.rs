//! What a collection must say. Everything wrong is told at once; what the shops' programs leave out is only looked at when it is there.

use domain::collection::State;
use jiff::civil;
use serde_json::Value;

use crate::{
    Call,
    body::{list, text, whole},
    calendar::read_day,
    contracts::{self, Misfit},
    requests::states::{self, Fixed},
    respond::Refusal,
};

/// The most complaints that one refusal names.
const MOST_COMPLAINTS: usize = 50;

/// A request that was found good.
pub(crate) struct Sound {
    /// The day asked for.
    pub(crate) day: civil::Date,
    /// What a fixed value asks for.
    pub(crate) fixed: Option<Fixed>,
}

/// Checks every request of a call, and names every member that is wrong in any of them.
pub(crate) async fn check_all(call: &Call<'_>, wanted: &[Value]) -> Result<Vec<Sound>, Refusal> {
    let mut complaints = Vec::new();
    let mut sound = Vec::with_capacity(wanted.len());
    let mut asked = Contracts::default();
    for (at, one) in wanted.iter().enumerate() {
        let mut found = Vec::new();
        sound.extend(check(call, one, &mut found));
        if one.is_object() {
            asked.check(call, one, &mut found).await?;
        }
        complaints.extend(found.into_iter().map(|complaint| format!("[{at}] {complaint}")));
    }
    if complaints.is_empty() {
        return Ok(sound);
    }
    let more = complaints.len().saturating_sub(MOST_COMPLAINTS);
    complaints.truncate(MOST_COMPLAINTS);
    if more > 0 {
        complaints.push(format!("y {more} más / and {more} more"));
    }
    Err(Refusal::Malformed(complaints.join("; ")))
}

fn check(call: &Call<'_>, one: &Value, found: &mut Vec<String>) -> Option<Sound> {
    if !one.is_object() {
        found.push("no es un objeto / is not an object".into());
        return None;
    }
    let day = match text(one, "requestDate").map(|day| read_day(&day)) {
        None => Err("falta / is missing"),
        Some(None) => Err("no es una fecha / is not a date"),
        Some(Some(day)) if day < call.house.calendar.day(call.now) => Err("ya ha pasado / is in the past"),
        Some(Some(day)) => Ok(day),
    };
    if let Err(complaint) = day {
        found.push(format!("requestDate: {complaint}"));
    }
    for (member, words) in [
        ("type", &["E", "F"][..]),
        ("timeSlot", &["1", "2", "3", "4"]),
        ("modalityType", &["S", "E", "F", "C", "P"]),
        ("codAnnex", &["054", "091"]),
    ] {
        if text(one, member).is_some_and(|word| !words.contains(&word.as_str())) {
            found.push(format!("{member}: uno de / one of {}", words.join(", ")));
        }
    }
    for (member, range) in [("estimatedShipments", 0..=1_000_000), ("estimatedVolume", 10..=80)] {
        if !matches!(whole(one, member), Ok(None)) && !whole(one, member).is_ok_and(|number| number.is_some_and(|n| range.contains(&n))) {
            found.push(format!("{member}: un número de / a number from {} - {}", range.start(), range.end()));
        }
    }
    place(one, found);
    contact(one, found);
    if list(one, "shipments").iter().any(|shipment| !shipment.is_object())
        || one.get("shipments").is_some_and(|shipments| !shipments.is_array() && crate::body::plain(shipments).is_some())
    {
        found.push("shipments: no es una lista de objetos / is not a list of objects".into());
    }
    let fixed = states::fixed(call, one).unwrap_or_else(|member| {
        let states: Vec<_> = State::ALL.iter().map(|state| state.as_str()).collect();
        found.push(format!("{member}: el estado es uno de / the state is one of {}", states.join(", ")));
        None
    });
    day.ok().map(|day| Sound { day, fixed })
}

/// The address, which must be in Spain: a courier goes there.
fn place(one: &Value, found: &mut Vec<String>) {
    for (member, longest) in [("address", 200), ("locality", 100)] {
        match text(one, member) {
            None => found.push(format!("{member}: falta / is missing")),
            Some(text) if text.chars().count() > longest => found.push(format!("{member}: demasiado largo / too long, {longest}")),
            Some(_) => {}
        }
    }
    let postcode = text(one, "postalCode");
    let province = postcode.as_deref().filter(|code| is_digits(code, 5..=5)).map(|code| &code[..2]);
    let province = province.filter(|province| ("01"..="52").contains(province));
    match (&postcode, province) {
        (None, _) => found.push("postalCode: falta / is missing".into()),
        (Some(_), None) => found.push("postalCode: no es un código postal de España / is not a Spanish postcode".into()),
        (Some(_), Some(of_postcode)) => {
            // Some programs send the name of the province. Only a code can disagree with the postcode.
            let declared = text(one, "province").filter(|province| is_digits(province, 1..=9));
            if declared.is_some_and(|declared| format!("{declared:0>2}") != of_postcode) {
                found.push("province: no es la del código postal / is not the one of the postcode".into());
            }
        }
    }
}

fn contact(one: &Value, found: &mut Vec<String>) {
    for member in ["contactName", "lastNameContact"] {
        if text(one, member).is_some_and(|text| text.chars().count() > 300) {
            found.push(format!("{member}: demasiado largo / too long, 300"));
        }
    }
    let is_phone = |text: &str| {
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')')).collect();
        is_digits(digits.strip_prefix('+').unwrap_or(&digits), 6..=15)
    };
    if text(one, "contactPhone").is_some_and(|text| !is_phone(&text)) {
        found.push("contactPhone: no es un teléfono / is not a telephone number".into());
    }
    let is_mail = |text: &str| {
        let halves = text.rsplit_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
        halves && text.len() <= 254 && !text.contains(char::is_whitespace)
    };
    if text(one, "email").is_some_and(|text| !is_mail(&text)) {
        found.push("email: no es una dirección de correo / is not an e-mail address".into());
    }
}

/// The contracts of one call: most of its requests name the same one, which is looked up once.
#[derive(Default)]
struct Contracts(Vec<(Asked, Option<Misfit>)>);

/// A contract, and the client number it is named with.
type Asked = (String, Option<String>);

impl Contracts {
    async fn check(&mut self, call: &Call<'_>, one: &Value, found: &mut Vec<String>) -> Result<(), Refusal> {
        let Some(contract) = text(one, "codContract") else {
            return Ok(());
        };
        // A fixed value may stand in the place of the client number.
        let client = text(one, "codSpecificContract").filter(|client| !client.starts_with(domain::collection::FIXED_VALUE));
        let asked: Asked = (contract, client);
        let known = self.0.iter().find(|(known, _)| *known == asked).map(|(_, misfit)| *misfit);
        let misfit = match known {
            Some(misfit) => misfit,
            None => {
                let (contract, client) = (&asked.0, asked.1.as_deref().unwrap_or_default());
                // A collection names no labeller, so that one never fits.
                let misfit = contracts::fits(&call.house.db, call.caller, contract, client, "").await?;
                // Nor need it name a client.
                let misfit = misfit.filter(|misfit| asked.1.is_some() || *misfit != Misfit::Client);
                self.0.push((asked, misfit));
                misfit
            }
        };
        match misfit {
            Some(Misfit::Contract) => found.push("codContract: no es un contrato activo / is not an active contract".into()),
            Some(Misfit::Client) => found.push("codSpecificContract: no es de ese contrato / does not belong to the contract".into()),
            Some(Misfit::Labeller) | None => {}
        }
        Ok(())
    }
}

fn is_digits(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}
