use super::*;

fn address(lines: &[&str], city: &str, state: &str, code: &str, country: &str) -> PostalAddress {
    PostalAddress {
        street_lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        city: city.into(),
        state_or_province_code: state.into(),
        postal_code: code.into(),
        country_code: country.into(),
    }
}

#[test]
fn one_address_is_known_in_every_spelling_people_use() {
    let madrid = address(&["Calle de Alcalá, 45", "3º dcha."], "Madrid", "MD", "28014", "ES");
    for other in [
        address(&["C/ ALCALA 45 3º derecha"], "MADRID", "", "28014", "es"),
        address(&["c. Alcalá nº 45", "3o Dcha"], "madrid", "Madrid", "28 014", "ES"),
        address(&["Calle", "Alcala", "45-3º", "DCHA"], "Mádrid", "28", "28014", "ES"),
    ] {
        assert!(madrid.is(&other) && other.is(&madrid), "{other:?}");
    }
    let york = address(&["15 W 18TH ST FL 7"], "NEW YORK", "NY", "100114624", "US");
    for other in [
        address(&["15 West 18th Street", "Floor 7"], "New York", "ny", "10011", "US"),
        address(&["15 w. 18th st.", "fl. 7"], "NewYork", "", "10011-4624", "us"),
    ] {
        assert!(york.is(&other), "{other:?}");
    }
    let barcelona = address(&["Avda. Diagonal, 640"], "Barcelona", "B", "08017", "ES");
    assert!(barcelona.is(&address(&["AVENIDA DIAGONAL 640"], "BARCELONA", "", "08017", "ES")));
}

#[test]
fn another_address_is_another_in_each_of_its_parts() {
    let york = address(&["15 W 18TH ST FL 7"], "NEW YORK", "NY", "10011", "US");
    for other in [
        address(&["16 W 18TH ST FL 7"], "NEW YORK", "NY", "10011", "US"),
        address(&["15 E 18TH ST FL 7"], "NEW YORK", "NY", "10011", "US"),
        address(&["15 W 18TH ST"], "NEW YORK", "NY", "10011", "US"),
        address(&["15 W 18TH ST FL 7"], "NEWARK", "NY", "10011", "US"),
        address(&["15 W 18TH ST FL 7"], "NEW YORK", "NJ", "10011", "US"),
        address(&["15 W 18TH ST FL 7"], "NEW YORK", "NY", "10012", "US"),
        address(&["15 W 18TH ST FL 7"], "NEW YORK", "NY", "10011", "CA"),
        PostalAddress::default(),
    ] {
        assert!(!york.is(&other), "{other:?}");
    }
}

fn holder() -> Holder {
    let mut holder = Holder::nobody();
    holder.customer_name = "Envíos Ñandú, S.L.".into();
    holder.address = address(&["C/ Mayor 1"], "León", "", "24001", "ES");
    let (number, currency) = ("234562278".to_owned(), "USD".to_owned());
    holder.invoices = vec![Invoice { number, currency, date: "2026-06-30".into(), amount: "234.00".into() }];
    holder
}

#[test]
fn the_name_is_compared_like_the_address() {
    let at = address(&["calle mayor, 1"], "LEON", "", "24001", "ES");
    for name in ["ENVIOS NANDU SL", "Envíos Ñandú S.L.", " envios  nandu, s. l. "] {
        assert!(holder().is_at(name, &at), "{name}");
    }
    assert!(!holder().is_at("Envíos Ñandú", &at) && !holder().is_at("", &at));
}

#[test]
fn an_invoice_is_known_by_number_currency_amount_and_day() {
    let sent = |number: &str, currency: &str, date: &str, amount: &str| Invoice {
        number: number.into(),
        currency: currency.into(),
        date: date.into(),
        amount: amount.into(),
    };
    let holder = holder();
    assert!(holder.has_invoice(&sent("234562278", "usd", "2026-06-30", "234"), false));
    assert!(holder.has_invoice(&sent(" 2345-62278", "USD", "2026-06-30T00:00:00", "234.00"), false));
    assert!(holder.has_invoice(&sent("234562278", "USD", "2026-07-02", "234.00"), true));
    for wrong in [
        sent("234562278", "USD", "2026-07-01", "234.00"),
        sent("234562279", "USD", "2026-06-30", "234.00"),
        sent("234562278", "EUR", "2026-06-30", "234.00"),
        sent("234562278", "USD", "2026-06-30", "234.01"),
        sent("234562278", "USD", "", "234.00"),
        sent("", "", "", ""),
    ] {
        assert!(!holder.has_invoice(&wrong, false), "{wrong:?}");
    }
}

#[test]
fn an_invoice_proves_something_for_ninety_days() {
    let now: Timestamp = "2026-06-30T23:00:00Z".parse().expect("a moment");
    for (date, recent) in [
        ("2026-07-01", true),
        ("2026-06-30", true),
        ("2026-04-01", true),
        ("2026-03-31", false),
        ("2026-07-02", false),
        ("1999-01-01", false),
    ] {
        assert_eq!(is_recent(day(date).expect("a day"), now), recent, "{date}");
    }
    for wrong in ["", "30/06/2026", "2026-6-30", "2026-02-30", "20260630"] {
        assert_eq!(day(wrong), None, "{wrong}");
    }
}

#[test]
fn what_is_masked_tells_its_owner_which_it_is_and_nobody_else() {
    let email: Email = "lucia@cervantes.example".parse().expect("an address");
    assert_eq!(masked_email(&email), "l***@c***.example");
    assert_eq!(masked_phone("+34 600 123 456"), "********456");
    assert_eq!(masked_phone("12"), "12");
}
