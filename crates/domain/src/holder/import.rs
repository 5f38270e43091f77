//! The register of account holders as a CSV file, row by row, so that a file of any length takes little memory.

use std::io::Read;

use csv::{ReaderBuilder, StringRecord};

use super::{Holder, Invoice, PostalAddress, day, is_account_number, is_pin};
use crate::{Language, email::Email};

/// The columns, in any order; those with `true` must be there.
pub const COLUMNS: &[(&str, bool)] = &[
    ("account_number", true),
    ("customer_name", true),
    ("street", true),
    ("city", true),
    ("state", false),
    ("postal_code", true),
    ("country", true),
    ("email", false),
    ("phone", false),
    ("language", false),
    ("pin", false),
    ("invoice_number", false),
    ("invoice_currency", false),
    ("invoice_date", false),
    ("invoice_amount", false),
];

/// The longest cell, in bytes.
const LONGEST: usize = 200;

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BadRow {
    /// The line of the file, from 1.
    pub line: u64,
    /// The column; empty when it is about the whole line.
    pub column: &'static str,
    /// What is wrong, and what would be right.
    pub what: String,
}

/// A file that cannot be read as a register.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NotARegister(String);

/// A register, read row by row.
pub struct Rows<R> {
    reader: csv::Reader<R>,
    places: Vec<Option<usize>>,
    record: StringRecord,
    /// Nothing more comes of the file.
    over: bool,
}

impl<R: Read> Rows<R> {
    /// Reads the line with the names of the columns.
    ///
    /// # Errors
    /// When a column is missing, unknown or there twice.
    pub fn new(file: R) -> Result<Self, NotARegister> {
        let mut reader = ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(file);
        let head = reader.headers().map_err(|error| NotARegister(format!("the first line cannot be read: {error}")))?.clone();
        let head: Vec<&str> = head.iter().map(|cell| cell.trim_start_matches('\u{feff}')).collect();
        for cell in &head {
            if !COLUMNS.iter().any(|(name, _)| name == cell) {
                let known: Vec<_> = COLUMNS.iter().map(|(name, _)| *name).collect();
                return Err(NotARegister(format!("line 1: there is no column {cell:?}; the columns are {}", known.join(", "))));
            }
        }
        let mut places = Vec::new();
        for (name, needed) in COLUMNS {
            let mut found = head.iter().enumerate().filter(|(_, cell)| *cell == name).map(|(at, _)| at);
            let place = found.next();
            if found.next().is_some() {
                return Err(NotARegister(format!("line 1: the column {name} is there twice; keep one")));
            }
            if place.is_none() && *needed {
                return Err(NotARegister(format!("line 1: the column {name} is missing; add it")));
            }
            places.push(place);
        }
        Ok(Self { reader, places, record: StringRecord::new(), over: false })
    }

    fn cell(&self, name: &'static str) -> &str {
        let column = COLUMNS.iter().position(|(known, _)| *known == name);
        column.and_then(|column| self.places.get(column).copied().flatten()).and_then(|at| self.record.get(at)).unwrap_or_default()
    }

    fn holder(&self, line: u64) -> Result<Holder, BadRow> {
        let bad = |column: &'static str, what: &str| BadRow { line, column, what: what.to_owned() };
        for (name, needed) in COLUMNS {
            let cell = self.cell(name);
            if *needed && cell.is_empty() {
                return Err(bad(name, "is empty; write it"));
            }
            if cell.len() > LONGEST || cell.chars().any(char::is_control) {
                return Err(bad(name, "is too long or holds signs that nobody sees; write up to 200 bytes on one line"));
            }
        }
        let optional = |name: &'static str| Some(self.cell(name).to_owned()).filter(|cell| !cell.is_empty());
        if !is_account_number(self.cell("account_number")) {
            return Err(bad("account_number", "must be 1 to 32 letters or digits, as in 740561073"));
        }
        let country = self.cell("country").to_ascii_uppercase();
        if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(bad("country", "must be two letters, as in ES"));
        }
        let email = optional("email").map(|text| text.parse::<Email>()).transpose();
        let email = email.map_err(|_| bad("email", "is not an address of mail; mend it or leave it empty"))?;
        let phone = optional("phone");
        let digits = |phone: &String| phone.bytes().filter(u8::is_ascii_digit).count();
        if phone.as_ref().is_some_and(|phone| !(6..=15).contains(&digits(phone)) || phone.chars().any(char::is_alphabetic)) {
            return Err(bad("phone", "must have 6 to 15 digits, as in +34600123456"));
        }
        let language = optional("language").map(|text| text.parse::<Language>()).transpose();
        let language = language.map_err(|_| bad("language", "must be es or en, or empty"))?;
        let pin = optional("pin");
        if pin.as_ref().is_some_and(|pin| !is_pin(pin)) {
            return Err(bad("pin", "must be six digits, or empty; only the sandbox uses it"));
        }
        let address = PostalAddress {
            street_lines: self.cell("street").split('|').map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect(),
            city: self.cell("city").to_owned(),
            state_or_province_code: self.cell("state").to_owned(),
            postal_code: self.cell("postal_code").to_owned(),
            country_code: country,
        };
        let (account_number, customer_name) = (self.cell("account_number").to_owned(), self.cell("customer_name").to_owned());
        Ok(Holder {
            account_number,
            customer_name,
            address,
            email,
            phone,
            language,
            pin,
            invoices: self.invoice(bad)?.into_iter().collect(),
        })
    }

    fn invoice(&self, bad: impl Fn(&'static str, &str) -> BadRow) -> Result<Option<Invoice>, BadRow> {
        const CELLS: [&str; 4] = ["invoice_number", "invoice_currency", "invoice_date", "invoice_amount"];
        if CELLS.iter().all(|name| self.cell(name).is_empty()) {
            return Ok(None);
        }
        if let Some(empty) = CELLS.iter().find(|name| self.cell(name).is_empty()) {
            return Err(bad(empty, "is empty, and the invoice has other cells; write all four or none"));
        }
        let [number, currency, date, amount] = CELLS.map(|name| self.cell(name).to_owned());
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(bad("invoice_currency", "must be three letters, as in EUR"));
        }
        if date.len() != 10 || day(&date).is_none() {
            return Err(bad("invoice_date", "must be a day, as in 2026-06-30"));
        }
        if !super::amount::is(&amount) {
            return Err(bad("invoice_amount", "must be an amount, as in 234.00"));
        }
        Ok(Some(Invoice { number, currency: currency.to_ascii_uppercase(), date, amount }))
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<Holder, BadRow>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let read = self.reader.read_record(&mut self.record);
        let line = self.record.position().map_or(0, csv::Position::line);
        match read {
            Ok(false) => None,
            Ok(true) => Some(self.holder(line)),
            // It would fail for ever: said once, or the rest would be missing and nobody know.
            Err(error) if error.is_io_error() => {
                self.over = true;
                let line = self.reader.position().line();
                Some(Err(BadRow { line, column: "", what: format!("the file cannot be read further: {error}") }))
            }
            Err(error) => {
                Some(Err(BadRow { line: error.position().map_or(line, csv::Position::line), column: "", what: error.to_string() }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "account_number,customer_name,street,city,postal_code,country,email,phone,language,pin,invoice_number,invoice_currency,invoice_date,invoice_amount\n";

    fn rows(text: &str) -> Vec<Result<Holder, BadRow>> {
        Rows::new(format!("{HEAD}{text}").as_bytes()).expect("a register").collect()
    }

    #[test]
    fn a_good_row_is_a_holder_and_a_bad_one_says_where_and_what() {
        let read = rows(
            "1,Ana,C/ Mayor 1|2 izq,León,24001,es,ana@x.example,+34600123456,es,123456,F1,eur,2026-06-30,12.50\n2,Bea,\"Calle, 2\",León,24001,ES,,,,,,,,\n",
        );
        let first = read[0].as_ref().expect("good");
        assert_eq!(first.address.street_lines, ["C/ Mayor 1", "2 izq"]);
        assert_eq!((first.address.country_code.as_str(), first.invoices[0].currency.as_str()), ("ES", "EUR"));
        let second = read[1].as_ref().expect("good");
        assert!(second.invoices.is_empty() && second.email.is_none() && second.pin.is_none());
        for (row, column) in [
            ("-,Ana,x,y,1,ES,,,,,,,,", "account_number"),
            ("1,,x,y,1,ES,,,,,,,,", "customer_name"),
            ("1,Ana,x,y,1,ESP,,,,,,,,", "country"),
            ("1,Ana,x,y,1,ES,nobody,,,,,,,", "email"),
            ("1,Ana,x,y,1,ES,,12,,,,,,", "phone"),
            ("1,Ana,x,y,1,ES,,,fr,,,,,", "language"),
            ("1,Ana,x,y,1,ES,,,,12,,,,", "pin"),
            ("1,Ana,x,y,1,ES,,,,,F1,,,", "invoice_currency"),
            ("1,Ana,x,y,1,ES,,,,,F1,EUR,30/06/2026,1", "invoice_date"),
            ("1,Ana,x,y,1,ES,,,,,F1,EUR,2026-06-30,viel", "invoice_amount"),
        ] {
            let read = rows(&format!("9,Good,x,y,1,ES,,,,,,,,\n{row}\n"));
            let bad = read[1].as_ref().expect_err(row);
            assert_eq!((bad.line, bad.column), (3, column), "{row}: {bad:?}");
        }
    }

    /// A disc that breaks after these bytes.
    struct Breaks<'a>(&'a [u8]);

    impl Read for Breaks<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            if self.0.is_empty() { Err(std::io::Error::other("the disc is broken")) } else { self.0.read(into) }
        }
    }

    #[test]
    fn a_file_that_breaks_off_says_so_once() {
        let text = format!("{HEAD}1,Ana,x,y,1,ES,,,,,,,,\n2,Bea,x,y,1,ES,,,,,,,,\n");
        let read: Vec<_> = Rows::new(Breaks(text.as_bytes())).expect("a register").take(10).collect();
        let [Ok(_), Ok(_), Err(bad)] = read.as_slice() else { panic!("{read:?}") };
        assert!(bad.what.starts_with("the file cannot be read further:") && bad.line == 4, "{bad:?}");
    }

    #[test]
    fn a_file_without_its_columns_is_no_register() {
        for (head, words) in
            [("account_number\n", "customer_name is missing"), ("account,x\n", "no column \"account\""), ("city,city\n", "twice")]
        {
            let error = Rows::new(head.as_bytes()).err().expect("refused").to_string();
            assert!(error.contains(words) || words == "twice" && error.contains("missing"), "{error}");
        }
    }
}
