//! `GET /terminals/homepaqs?postalCode=`: lockers near a postcode. Invented, and always the same ones.

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    Answer, Call, body, codes,
    respond::{Refusal, answer as json_answer},
};

const PLACES: [(&str, &str); 3] =
    [("Estación", "Plaza de la Estación, 1"), ("Mercado", "Calle del Mercado, 12"), ("Biblioteca", "Paseo de la Biblioteca, 5")];

pub(crate) fn answer(call: &Call<'_>) -> Answer {
    let postcode = body::query(call.query, "postalCode").unwrap_or_default();
    if postcode.len() != 5 || !postcode.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::Malformed("postalCode debe tener cinco cifras / postalCode must have five digits".into()));
    }
    let lockers: Vec<Value> = (1..)
        .zip(PLACES)
        .map(|(number, (name, address))| {
            // Like A0000159D: a letter, seven digits of which the last tells the place, a letter.
            let rest = format!("A0{postcode}{number}");
            let code = format!("{rest}{}", codes::check_letter(&rest));
            json!({
                "terminalId": code,
                "codHomepaq": code,
                "homepaqCode": code,
                "alias": format!("CityPaq {name}"),
                "name": format!("CityPaq {name}"),
                "terminalType": "PUBLICO",
                "terminalState": "ACTIVO",
                "address": address,
                "postalCode": postcode,
                "municipality": format!("Localidad de prueba {postcode}"),
                "province": &postcode[..2],
                "latitudeWGS84": 40.0 + f64::from(number) / 100.0,
                "longitudeWGS84": -3.7 - f64::from(number) / 100.0,
                "openingHours": "24 h",
            })
        })
        .collect();
    Ok(json_answer(StatusCode::OK, &Value::Array(lockers)))
}
