//! The log as a file, made a thousand entries at a time.

use std::str::FromStr;

use domain::{csv, role::Duty};
use store::{
    audit::Recorded,
    audit_search::{self as stored, Filter, Range},
};

use crate::{Actor, App, Error, Result, permission};

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
                cells.map(|cell| csv::cell(cell)).join(",") + "\r\n"
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

/// An export under way.
#[derive(Debug)]
pub struct Export {
    filter: Filter,
    range: Range,
    format: Format,
    actor: Actor,
    left: i64,
    begun: bool,
    is_over: bool,
}

impl Export {
    pub(super) fn new(filter: Filter, range: Range, format: Format, actor: Actor) -> Self {
        Self { filter, range, format, actor, left: MOST, begun: false, is_over: false }
    }

    /// The same with so many entries at most.
    #[must_use]
    pub fn up_to(self, most: i64) -> Self {
        Self { left: most.min(MOST), ..self }
    }

    /// The next piece of the file, a thousand entries at most; `None` at its end.
    ///
    /// # Errors
    /// When the database cannot be read, when there is more than may be taken at once, or when who takes it may not any more; the file is not whole
    /// then.
    pub async fn next(&mut self, app: &App) -> Result<Option<String>> {
        let mut piece = String::new();
        if std::mem::replace(&mut self.begun, true) {
            // A slow reader takes hours, in which who reads may have left the staff.
            permission::staff(app, &self.actor, Duty::Administer).await?;
        } else if self.format == Format::Csv {
            piece.push_str("seq,at,actor,action,subject,detail,digest\r\n");
        }
        if !self.is_over {
            // With nothing left to take, one is looked for: a file that ends there must not look whole.
            let rows = stored::plain(app.db(), &self.filter, self.range, self.left.clamp(1, CHUNK)).await?;
            self.is_over = rows.is_empty();
            if self.left <= 0 && !self.is_over {
                return Err(Error::refused(
                    "Hay más entradas de las que se exportan de una vez: acota con «hasta».",
                    "there are more entries than one export has: narrow it with --until, and export the rest after it",
                ));
            }
            self.left -= CHUNK.min(self.left);
            for row in &rows {
                self.range.before = row.seq;
                piece.push_str(&self.format.line(row));
            }
        }
        Ok(Some(piece).filter(|piece| !piece.is_empty()))
    }
}
