//! What is wrong with a matrix, all of it.

use std::fmt;

/// More faults than this are counted, not listed: a file of another kind would fill the screen.
const MOST_LISTED: usize = 50;

/// One thing that is wrong, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line of the file, from 1; a text that goes over several lines counts from its first.
    pub line: u64,
    /// The column by its name; empty when the fault is of the line as a whole.
    pub column: String,
    /// What is wrong and what would be right.
    pub what: String,
}

/// Everything that is wrong with a matrix; at least one fault.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    listed: Vec<Fault>,
    more: usize,
}

impl Faults {
    /// The faults, in the order of the file, the first fifty of them.
    #[must_use]
    pub fn listed(&self) -> &[Fault] {
        &self.listed
    }

    /// How many there are besides the listed ones.
    #[must_use]
    pub fn more(&self) -> usize {
        self.more
    }

    pub(super) fn add(&mut self, line: u64, column: &str, what: impl Into<String>) {
        if self.listed.len() < MOST_LISTED {
            self.listed.push(Fault { line, column: column.to_owned(), what: what.into() });
        } else {
            self.more += 1;
        }
    }

    pub(super) fn none(&self) -> bool {
        self.listed.is_empty()
    }

    /// Puts them in the order of the file: some are found only when all of it was read.
    pub(super) fn sorted(mut self) -> Self {
        self.listed.sort_by_key(|fault| fault.line);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column.as_str() {
            "" => write!(f, "line {}: {}", self.line, self.what),
            column => write!(f, "line {}, column {column}: {}", self.line, self.what),
        }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.listed.iter().enumerate() {
            write!(f, "{}{fault}", if at == 0 { "" } else { "\n" })?;
        }
        if self.more > 0 {
            write!(f, "\nand {} more", self.more)?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
