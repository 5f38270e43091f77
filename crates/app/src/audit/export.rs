//! The log as a file, made a thousand entries at a time.

use std::str::FromStr;

use store::{
    audit::Recorded,
    audit_search::{self as stored, Filter, Range},
};

use crate::{App, Error, Result};

/// How many entries one export has at most; for more, narrow what is wanted.
pub const MOST: i64 = 1_000_000;

/// How many are read at once: a few hundred kilobytes.
const CHUNK: i64 = 1000;

/// As what the log is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values (RFC 4180), with a line of names.
    Csv,
    /// One JSON object a line.
    JsonLines,
}

impl Format {
    /// Its word, which is also how a file's name ends.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::JsonLines => "application/jsonl",
        }
    }

    fn line(self, entry: &Recorded) -> String {
        match self {
            Self::JsonLines => {
                // The particulars are JSON in the column, and stay JSON here.
                let detail: serde_json::Value = serde_json::from_str(&entry.detail).unwrap_or_else(|_| entry.detail.clone().into());
                let line = serde_json::json!({"seq": entry.seq, "at": entry.at, "actor": entry.actor, "action": entry.action,
                    "subject": entry.subject, "detail": detail, "digest": entry.digest});
                format!("{line}\n")
            }
            Self::Csv => {
                let cells = [
                    &entry.seq.to_string(),
                    &entry.at.to_string(),
                    &entry.actor,
                    &entry.action,
                    &entry.subject,
                    &entry.detail,
                    &entry.digest,
                ];
                cells.map(|cell| cell_of(cell)).join(",") + "\r\n"
            }
        }
    }
}

impl FromStr for Format {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        [Self::Csv, Self::JsonLines]
            .into_iter()
            .find(|format| format.as_str() == text)
            .ok_or_else(|| Error::invalid("format", "Elige csv o jsonl.", "csv or jsonl"))
    }
}

/// A cell that a spreadsheet reads as text, whatever somebody wrote into it.
fn cell_of(text: &str) -> String {
    let calms = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{calms}{}\"", text.replace('"', "\"\""))
}

/// An export under way.
#[derive(Debug)]
pub struct Export {
    filter: Filter,
    range: Range,
    format: Format,
    left: i64,
    begun: bool,
}

impl Export {
    pub(super) fn new(filter: Filter, range: Range, format: Format) -> Self {
        Self { filter, range, format, left: MOST, begun: false }
    }

    /// The next piece of the file, a thousand entries at most; `None` at its end.
    ///
    /// # Errors
    /// When the database cannot be read; the file is not whole then.
    pub async fn next(&mut self, app: &App) -> Result<Option<String>> {
        let mut piece = String::new();
        if !std::mem::replace(&mut self.begun, true) && self.format == Format::Csv {
            piece.push_str("seq,at,actor,action,subject,detail,digest\r\n");
        }
        if self.left > 0 {
            let rows = stored::plain(app.db(), &self.filter, self.range, CHUNK.min(self.left)).await?;
            self.left = if rows.is_empty() { 0 } else { self.left - CHUNK };
            for row in &rows {
                self.range.before = row.seq;
                piece.push_str(&self.format.line(row));
            }
        }
        Ok(Some(piece).filter(|piece| !piece.is_empty()))
    }
}

#[cfg(test)]
mod tests {
    use super::cell_of;

    #[test]
    fn a_spreadsheet_computes_nothing_of_what_somebody_wrote() {
        assert_eq!(cell_of("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(cell_of("{\"a\":1}"), "\"{\"\"a\"\":1}\"");
    }
}
