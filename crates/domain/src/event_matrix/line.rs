//! Reading one line of a matrix, cell by cell.

use std::str::FromStr;

use csv::StringRecord;

use super::{
    Faults, Row, Scan, State, Step, Text, check,
    read::{Header, Seen},
};
use crate::words::UnknownWord;

/// The longest text, in characters: of a name, and of a sentence.
const SHORT: usize = 120;
const LONG: usize = 600;

/// One line, and where to say what is wrong with it.
pub(super) struct Line<'r> {
    pub(super) number: u64,
    pub(super) header: &'r Header,
    pub(super) record: &'r StringRecord,
    pub(super) faults: &'r mut Faults,
}

impl Line<'_> {
    /// Reads the line into what was seen of the file so far.
    pub(super) fn read(mut self, seen: &mut Seen) {
        let (fields, columns) = (self.record.len(), self.header.0.len());
        if fields != columns {
            self.fault("", format!("the line has {fields} fields and the header {columns}; put texts with a comma into quotes"));
            return;
        }
        let code = self.short("eventCode");
        let step = if self.cell("step").is_empty() { None } else { self.word("step") };
        for (name, value, first) in
            [("eventCode", &code, &mut seen.codes), ("uniqueCode", &self.cell("uniqueCode"), &mut seen.unique_codes)]
        {
            if let Some(line) = first.get(value.as_str()) {
                self.fault(name, format!("{value} stands in line {line} already; give each event its own"));
            } else if !value.is_empty() {
                first.insert(value.clone(), self.number);
            }
        }
        if let Some(step) = step {
            if let Some(line) = seen.steps.get(&step) {
                self.fault("step", format!("line {line} plays {step} already; only one event may"));
            } else {
                seen.steps.insert(step, self.number);
            }
        }
        if let Some(row) = self.row(code, step) {
            check::row(&mut self, &row);
            seen.rows.push(row);
        }
    }

    /// The line as a row; `None` when a word in it is none of its list.
    fn row(&mut self, code: String, step: Option<Step>) -> Option<Row> {
        // All are read before any is missed, so that each is reported.
        let description = self.text("eventDes", SHORT);
        let phase = self.word("phase");
        let phase_name = self.text("phaseDes", SHORT);
        let colour = self.word("color");
        let summary = self.text("summaryText", SHORT);
        let expanded = self.text("expandedText", LONG);
        let state = self.word::<State>("state");
        let is_final = self.yes("final");
        let incidence = self.yes("incidence");
        let scan = self.scan();
        let unique_code = self.short("uniqueCode");
        let [web_action, motive_code, situation_code, reason_code] =
            ["webaction", "motiveCode", "situationCode", "razonCode"].map(|column| self.optional(column, SHORT));
        let reason = Text { spanish: self.optional("razonDes_es", SHORT), english: self.optional("razonDes_en", SHORT) };
        Some(Row {
            code,
            description,
            phase: phase?,
            phase_name,
            colour: colour?,
            summary,
            expanded,
            web_action,
            unique_code,
            motive_code,
            situation_code,
            reason_code,
            reason,
            is_final: is_final?,
            incidence: incidence?,
            state: state?,
            step,
            scan: scan?,
        })
    }

    fn scan(&mut self) -> Option<Scan> {
        let [code, derived_code, derived, description, location_type] =
            ["fedexCode", "fedexDerivedCode", "fedexDerivedStatus", "fedexDescription", "fedexLocationType"]
                .map(|column| self.short(column));
        let [exception_code, exception] = ["fedexExceptionCode", "fedexExceptionDescription"].map(|column| self.optional(column, SHORT));
        let in_possession = self.yes("fedexInPossession")?;
        Some(Scan { code, derived_code, derived, description, location_type, exception_code, exception, in_possession })
    }

    pub(super) fn fault(&mut self, column: &str, what: impl Into<String>) {
        self.faults.add(self.number, column, what);
    }

    fn cell(&self, column: &str) -> String {
        let place = self.header.0.get(column).copied();
        place.and_then(|place| self.record.get(place)).unwrap_or_default().trim().to_owned()
    }

    fn optional(&mut self, column: &str, longest: usize) -> String {
        let text = self.cell(column);
        if text.chars().count() > longest {
            self.fault(column, format!("the text is longer than {longest} characters; shorten it"));
        }
        if text.chars().any(char::is_control) {
            self.fault(column, "there is a control character in the text, perhaps the end of a line; take it out");
        }
        if text.starts_with(['=', '+', '-', '@']) {
            self.fault(column, format!("{text:?} would be a formula where the matrix is opened as a sheet; begin it in another way"));
        }
        text
    }

    fn required(&mut self, column: &str, longest: usize) -> String {
        let text = self.optional(column, longest);
        if text.is_empty() {
            self.fault(column, "there is nothing in it; write the text");
        }
        text
    }

    fn short(&mut self, column: &str) -> String {
        self.required(column, SHORT)
    }

    /// A text in both languages.
    fn text(&mut self, stem: &str, longest: usize) -> Text {
        Text { spanish: self.required(&format!("{stem}_es"), longest), english: self.required(&format!("{stem}_en"), longest) }
    }

    fn word<T: FromStr<Err = UnknownWord>>(&mut self, column: &str) -> Option<T> {
        match self.cell(column).parse() {
            Ok(word) => Some(word),
            Err(unknown) => {
                self.fault(column, unknown.to_string());
                None
            }
        }
    }

    fn yes(&mut self, column: &str) -> Option<bool> {
        match self.cell(column).as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            other => {
                self.fault(column, format!("{other:?} says nothing; write yes or no"));
                None
            }
        }
    }
}
