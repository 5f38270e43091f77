//! The Event Matrix: everything that may happen to a parcel, and how each carrier says it (wire-formats section 5).
//!
//! One table, one row for each event code, read from a CSV file that is checked when it is read: [`Matrix::read`] finds every
//! fault at once and says where it is and how to mend it. The sandbox carrier plays the rows that are the [`Step`]s of a
//! [journey](crate::journey); the portal shows and hands out all of them, in the [`Column`]s of [`columns`].

mod check;
mod export;
mod faults;
mod line;
mod read;
mod terms;

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use crate::Language;

pub use export::{Cell, Column, columns};
pub use faults::{Fault, Faults};
pub use terms::{Colour, LOCATION_TYPES, Phase, State, Step};

/// The matrix this program brings.
const BUILT_IN: &str = include_str!("../data/event-matrix.csv");

/// Every event, in the order of its file.
#[derive(Debug, Clone)]
pub struct Matrix {
    rows: Vec<Row>,
    by_code: HashMap<String, usize>,
    /// The row of each step, in the order of [`Step::ALL`].
    by_step: Vec<usize>,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// `eventCode`: eight characters, the last of which is the colour.
    pub code: String,
    /// `eventDes`: what happened, as the carrier's people call it.
    pub description: Text,
    /// `phase`: the part of the journey it belongs to. A return that reaches its sender is in the phase of deliveries.
    pub phase: Phase,
    /// `phaseDes`: one of the names of the phase.
    pub phase_name: Text,
    /// `color`.
    pub colour: Colour,
    /// `summaryText`: in a word.
    pub summary: Text,
    /// `expandedText`: in a sentence.
    pub expanded: Text,
    /// `webaction`: what a person can do about it on a page; empty when nothing.
    pub web_action: String,
    /// `uniqueCode`: another code that no other row has.
    pub unique_code: String,
    /// `motiveCode`; empty when there is none.
    pub motive_code: String,
    /// `situationCode`; empty when there is none.
    pub situation_code: String,
    /// `razonCode`: why it went wrong; empty when it did not.
    pub reason_code: String,
    /// `razonDes`; empty exactly when its code is.
    pub reason: Text,
    /// Whether nothing follows it.
    pub is_final: bool,
    /// Whether a parcel that met it has an incidence.
    pub incidence: bool,
    /// The class that shops sort it into.
    pub state: State,
    /// The step of a journey that it plays, if any.
    pub step: Option<Step>,
    /// How the FedEx-shaped track says the same.
    pub scan: Scan,
}

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// In Spanish.
    pub spanish: String,
    /// In English.
    pub english: String,
}

/// An event as a scan of FedEx' Track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// `eventType`, and `code` of the latest status: two letters.
    pub code: String,
    /// `derivedStatusCode`: two letters.
    pub derived_code: String,
    /// `derivedStatus` and `statusByLocale`.
    pub derived: String,
    /// `eventDescription`.
    pub description: String,
    /// `locationType`: one of [`LOCATION_TYPES`].
    pub location_type: String,
    /// `exceptionCode`; empty when all is well.
    pub exception_code: String,
    /// `exceptionDescription`; empty exactly when its code is.
    pub exception: String,
    /// `possessionStatus`: whether the carrier has, or has had, the parcel in its hands.
    pub in_possession: bool,
}

impl Matrix {
    /// The matrix this program brings, read once.
    #[must_use]
    pub fn built_in() -> Arc<Self> {
        static MATRIX: LazyLock<Arc<Matrix>> = LazyLock::new(|| match Matrix::read(BUILT_IN) {
            Ok(matrix) => Arc::new(matrix),
            Err(faults) => unreachable!("a test reads the matrix that is built in: {faults}"),
        });
        Arc::clone(&MATRIX)
    }

    /// Reads a matrix from the text of a CSV file (RFC 4180; commas, a header line, columns in any order).
    ///
    /// # Errors
    /// Every fault of the file, as far as they fit in the list.
    pub fn read(text: &str) -> Result<Self, Faults> {
        read::read(text)
    }

    /// Every row, in the order of the file.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The row with that event code.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<&Row> {
        self.by_code.get(code).map(|at| &self.rows[*at])
    }

    /// The row that plays a step. There is always exactly one: a matrix without it is not read.
    #[must_use]
    pub fn step(&self, step: Step) -> &Row {
        &self.rows[self.by_step[step as usize]]
    }
}

impl Text {
    /// The text in one language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Spanish => &self.spanish,
            Language::English => &self.english,
        }
    }
}

#[cfg(test)]
mod tests;
