//! The Event Matrix as a spreadsheet (ECMA-376), made once for each language.

use std::sync::OnceLock;

use bytes::Bytes;
use domain::{
    Language,
    event_matrix::{Cell, Matrix, columns},
};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

/// The widest a column is, in characters.
const WIDEST: usize = 60;

/// The spreadsheets that were made.
#[derive(Default)]
pub(crate) struct Sheets([OnceLock<Bytes>; 2]);

impl Sheets {
    /// The matrix in one language. It never changes while the program runs.
    pub(crate) fn of(&self, matrix: &Matrix, language: Language) -> Result<Bytes, String> {
        let sheet = &self.0[usize::from(language == Language::English)];
        if let Some(made) = sheet.get() {
            return Ok(made.clone());
        }
        let made = Bytes::from(written(matrix, language).map_err(|error| error.to_string())?);
        Ok(sheet.get_or_init(|| made).clone())
    }
}

fn written(matrix: &Matrix, language: Language) -> Result<Vec<u8>, XlsxError> {
    let (name, meanings) = match language {
        Language::Spanish => ("Matriz de eventos", "Columnas"),
        Language::English => ("Event Matrix", "Columns"),
    };
    let mut book = Workbook::new();
    // A file of the same content is the same file, whenever it is made.
    book.set_properties(&DocProperties::new().set_title(name).set_creation_datetime(&ExcelDateTime::from_ymd(2026, 1, 1)?));
    let bold = Format::new().set_bold();

    let sheet = book.add_worksheet().set_name(name)?;
    let mut widths: Vec<usize> = columns().iter().map(|column| column.name.len()).collect();
    for (at, column) in (0..).zip(columns()) {
        sheet.write_string_with_format(0, at, column.name, &bold)?;
    }
    for (line, row) in (1..).zip(matrix.rows()) {
        for ((at, cell), width) in (0..).zip(row.cells(language)).zip(&mut widths) {
            *width = cell.as_text().chars().count().clamp(*width, WIDEST.max(*width));
            match cell {
                // Codes are texts even where they look like numbers: a phase is not added up.
                Cell::Text(text) => sheet.write_string(line, at, text)?,
                Cell::Truth(truth) => sheet.write_boolean(line, at, truth)?,
            };
        }
    }
    for (at, width) in (0..).zip(&widths) {
        sheet.set_column_width(at, u32::try_from(*width + 2).unwrap_or(20))?;
    }
    sheet.set_freeze_panes(1, 1)?;
    let last = |count: usize| count.saturating_sub(1);
    sheet.autofilter(0, 0, u32::try_from(matrix.rows().len()).unwrap_or(1), u16::try_from(last(columns().len())).unwrap_or(0))?;

    let sheet = book.add_worksheet().set_name(meanings)?;
    for (line, column) in (0..).zip(columns()) {
        sheet.write_string_with_format(line, 0, column.name, &bold)?;
        sheet.write_string(line, 1, column.meaning(language))?;
    }
    sheet.set_column_width(0, 20)?;
    sheet.set_column_width(1, 80)?;
    book.save_to_buffer()
}
