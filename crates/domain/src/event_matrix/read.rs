//! Reading a matrix: the header, then line by line. Nothing stops at the first fault.

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord};

use super::{Faults, Matrix, Row, Step, check, line::Line};

/// The most a file may hold, in bytes.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The most events a matrix may have. The carrier's own has some seven hundred.
const MOST_ROWS: usize = 5000;

/// The columns of the file, in the order in which the built-in matrix has them.
pub(super) const COLUMNS: [&str; 30] = [
    "eventCode",
    "eventDes_es",
    "eventDes_en",
    "phase",
    "phaseDes_es",
    "phaseDes_en",
    "color",
    "summaryText_es",
    "summaryText_en",
    "expandedText_es",
    "expandedText_en",
    "webaction",
    "uniqueCode",
    "motiveCode",
    "situationCode",
    "razonCode",
    "razonDes_es",
    "razonDes_en",
    "final",
    "incidence",
    "state",
    "step",
    "fedexCode",
    "fedexDerivedCode",
    "fedexDerivedStatus",
    "fedexDescription",
    "fedexLocationType",
    "fedexExceptionCode",
    "fedexExceptionDescription",
    "fedexInPossession",
];

/// What could be read of the lines so far, with the line of each: also of those that have faults, so that what is missing in
/// the end is missing indeed.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) rows: Vec<Row>,
    pub(super) codes: HashMap<String, u64>,
    pub(super) unique_codes: HashMap<String, u64>,
    pub(super) steps: HashMap<Step, u64>,
}

/// Where each column stands in this file.
pub(super) struct Header(pub(super) HashMap<&'static str, usize>);

pub(super) fn read(text: &str) -> Result<Matrix, Faults> {
    let mut faults = Faults::default();
    if text.len() > MOST_BYTES {
        faults.add(1, "", format!("the file has {} bytes; a matrix has at most {MOST_BYTES}", text.len()));
        return Err(faults);
    }
    // Spreadsheets begin a file in UTF-8 with this mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut header = None;
    let mut seen = Seen::default();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                faults.add(line, "", format!("this line cannot be read as CSV: {error}"));
                break;
            }
        }
        let number = record.position().map_or(1, csv::Position::line);
        match &header {
            None => {
                header = Some(Header::read(&record, number, &mut faults));
                if !faults.none() {
                    // Without its columns every line would be reported, and none of them wrongly made.
                    return Err(faults);
                }
            }
            Some(header) => Line { number, header, record: &record, faults: &mut faults }.read(&mut seen),
        }
        if seen.codes.len() > MOST_ROWS {
            faults.add(number, "", format!("a matrix has at most {MOST_ROWS} events"));
            break;
        }
    }
    if header.is_none() {
        faults.add(1, "", format!("the file is empty; its first line names the columns: {}", COLUMNS.join(",")));
        return Err(faults);
    }
    check::whole(&seen, &mut faults);
    if !faults.none() {
        return Err(faults.sorted());
    }
    Ok(Matrix::of(seen.rows))
}

impl Matrix {
    /// A matrix of rows that were checked.
    fn of(rows: Vec<Row>) -> Self {
        let place = |step| rows.iter().position(|row| row.step == Some(step)).unwrap_or_default();
        let by_step = Step::ALL.iter().map(|step| place(*step)).collect();
        let by_code = rows.iter().enumerate().map(|(at, row)| (row.code.clone(), at)).collect();
        Self { rows, by_code, by_step }
    }
}

impl Header {
    fn read(record: &StringRecord, line: u64, faults: &mut Faults) -> Self {
        let mut places = HashMap::new();
        if record.len() == 1 && record[0].contains([';', '\t']) {
            faults.add(line, "", "the columns are not separated by commas; save the file as CSV with commas, in UTF-8");
            return Self(places);
        }
        for (place, name) in record.iter().enumerate() {
            match COLUMNS.iter().find(|known| **known == name.trim()) {
                None => faults.add(line, name, format!("there is no such column; the columns are {}", COLUMNS.join(","))),
                Some(known) => {
                    if places.insert(*known, place).is_some() {
                        faults.add(line, name, "the column stands there twice; take one of them out");
                    }
                }
            }
        }
        for missing in COLUMNS.iter().filter(|known| !places.contains_key(**known)) {
            faults.add(line, missing, "the column is missing; add it, empty where it has nothing to say");
        }
        Self(places)
    }
}
