//! The command line beside a running node.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{Outcome, postigo, run};

/// Somebody who may read a configuration.
#[derive(Clone, Debug)]
pub struct Operator {
    config: PathBuf,
}

impl Operator {
    /// With this configuration file.
    #[must_use]
    pub fn new(config: &Path) -> Self {
        Self { config: config.to_owned() }
    }

    /// Types a command.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn types(&self, words: &[&str]) -> Outcome {
        let folder = self.config.parent().expect("a file stands in a folder");
        run(postigo(folder).args(words).arg("--config").arg(&self.config))
    }

    /// Types a command that must be done; what it prints.
    ///
    /// # Panics
    /// When it is refused.
    pub fn does(&self, words: &[&str]) -> String {
        let outcome = self.types(words);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "postigo {}: {outcome:?}", words.join(" "));
        outcome.stdout
    }

    /// Types a command with `--json`; what it prints.
    ///
    /// # Panics
    /// When it is refused, or prints something else.
    pub fn reads(&self, words: &[&str]) -> Value {
        let words: Vec<_> = words.iter().copied().chain(["--json"]).collect();
        let printed = self.does(&words);
        serde_json::from_str(&printed).unwrap_or_else(|error| panic!("postigo {}: {error}: {printed}", words.join(" ")))
    }
}
