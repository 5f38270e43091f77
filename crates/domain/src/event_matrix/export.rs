//! The matrix as it is handed out: one table in one language, whatever the format.

use csv::{Terminator, WriterBuilder};
use serde_json::{Map, Value};

use super::{Matrix, Row};
use crate::Language;

/// A column of the table that is handed out.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name: that of the member which trackpub answers, where there is one.
    pub name: &'static str,
    /// What it says, in Spanish.
    pub spanish: &'static str,
    /// What it says, in English.
    pub english: &'static str,
    cell: fn(&Row, Language) -> Cell<'_>,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'r> {
    /// A text, which may be empty.
    Text(&'r str),
    /// A truth.
    Truth(bool),
}

/// Declares the columns: name, meaning in Spanish and in English, and how a row fills it.
macro_rules! columns {
    ($($name:literal, $spanish:literal, $english:literal, $cell:expr;)+) => {
        &[$(Column { name: $name, spanish: $spanish, english: $english, cell: $cell }),+]
    };
}

static COLUMNS: &[Column] = columns! {
    "eventCode", "Código del evento, 8 caracteres; decide por este", "Code of the event, 8 characters; decide by this one",
        |row, _| text(&row.code);
    "eventDes", "Nombre del evento", "Name of the event", |row, language| text(row.description.in_language(language));
    "phase", "Número de la fase; una devolución también acaba en la 4", "Number of the phase; a return ends in 4 as well",
        |row, _| text(row.phase.as_str());
    "phaseDes", "Nombre de la fase", "Name of the phase", |row, language| text(row.phase_name.in_language(language));
    "color", "V (verde) o R (rojo), como la última letra del código", "V (green) or R (red), like the last letter of the code",
        |row, _| text(row.colour.as_str());
    "summaryText", "El evento en pocas palabras", "The event in a few words", |row, language| text(row.summary.in_language(language));
    "expandedText", "El evento en una frase", "The event in a sentence", |row, language| text(row.expanded.in_language(language));
    "webaction", "Lo que puede hacer una persona en la web", "What a person can do on the web", |row, _| text(&row.web_action);
    "uniqueCode", "Otro código que ningún otro evento tiene", "Another code that no other event has", |row, _| text(&row.unique_code);
    "motiveCode", "Código del motivo", "Code of the motive", |row, _| text(&row.motive_code);
    "situationCode", "Código de la situación", "Code of the situation", |row, _| text(&row.situation_code);
    "razonCode", "Código de la razón, si algo fue mal", "Code of the reason, when something went wrong", |row, _| text(&row.reason_code);
    "razonDes", "La razón", "The reason", |row, language| text(row.reason.in_language(language));
    "final", "Si no le sigue ningún otro evento", "Whether no other event follows it", |row, _| Cell::Truth(row.is_final);
    "incidence", "Si es una incidencia", "Whether it is an incidence", |row, _| Cell::Truth(row.incidence);
    "state", "Estado en el que lo clasifican las tiendas", "State that shops sort it into", |row, _| text(row.state.as_str());
    "fedexCode", "El mismo evento en FedEx Track: eventType", "The same event in FedEx Track: eventType", |row, _| text(&row.scan.code);
    "fedexDerivedCode", "En FedEx Track: derivedStatusCode", "In FedEx Track: derivedStatusCode", |row, _| text(&row.scan.derived_code);
    "fedexDescription", "En FedEx Track: eventDescription", "In FedEx Track: eventDescription", |row, _| text(&row.scan.description);
};

/// The columns of the table, in their order.
#[must_use]
pub fn columns() -> &'static [Column] {
    COLUMNS
}

fn text(text: &str) -> Cell<'_> {
    Cell::Text(text)
}

impl Column {
    /// What the column says.
    #[must_use]
    pub fn meaning(&self, language: Language) -> &'static str {
        match language {
            Language::Spanish => self.spanish,
            Language::English => self.english,
        }
    }
}

impl Cell<'_> {
    /// As a text: a truth is `true` or `false`, in both languages.
    #[must_use]
    pub fn as_text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Truth(true) => "true",
            Self::Truth(false) => "false",
        }
    }
}

impl Row {
    /// The cells of the row, one for each of [`columns`].
    pub fn cells(&self, language: Language) -> impl ExactSizeIterator<Item = Cell<'_>> {
        COLUMNS.iter().map(move |column| (column.cell)(self, language))
    }

    /// The row as an object with the columns as members.
    #[must_use]
    pub fn to_json(&self, language: Language) -> Value {
        let members = COLUMNS.iter().zip(self.cells(language)).map(|(column, cell)| {
            let value = match cell {
                Cell::Text(text) => Value::from(text),
                Cell::Truth(truth) => Value::Bool(truth),
            };
            (column.name.to_owned(), value)
        });
        Value::Object(members.collect::<Map<_, _>>())
    }
}

impl Matrix {
    /// The table as CSV (RFC 4180, UTF-8 without a mark at its beginning), with a header line.
    #[must_use]
    pub fn to_csv(&self, language: Language) -> String {
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
        let header = COLUMNS.iter().map(|column| column.name);
        // A vector takes whatever is written to it, and every record has one field for each column.
        let mut written = writer.write_record(header);
        for row in &self.rows {
            let cells: Vec<_> = row.cells(language).collect();
            written = written.and_then(|()| writer.write_record(cells.iter().map(Cell::as_text)));
        }
        let bytes = written.ok().and_then(|()| writer.into_inner().ok()).unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    }

    /// The table as an array of objects.
    #[must_use]
    pub fn to_json(&self, language: Language) -> Value {
        self.rows.iter().map(|row| row.to_json(language)).collect()
    }
}
