//! A node under way, with a configuration of its own.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::{
    call::get,
    operator::Operator,
    ports,
    program::{Running, postigo},
};

/// A configuration in a folder of its own, and whoever administers it; a node may or may not run.
pub struct Site {
    /// The first of its four ports.
    pub port_base: u16,
    folder: TempDir,
}

impl Site {
    /// A site on the four ports of its own; `more` stands at the head of its configuration, before the tables.
    #[must_use]
    pub fn with(more: &str) -> Self {
        let site = Self::bare();
        let base = site.port_base;
        let mut text = format!("master_key_file = \"master.key\"\ndecision_sample = 1\n{more}\n");
        for (table, port) in
            [("portal", base), ("environments.sandbox", base + 1), ("environments.production", base + 2), ("telemetry", base + 3)]
        {
            text.push_str(&format!("[{table}]\nlisten = \"127.0.0.1:{port}\"\n"));
        }
        site.configure(&text);
        site
    }

    /// A site on SQLite.
    #[must_use]
    pub fn on_sqlite() -> Self {
        Self::with("database_url = \"sqlite://postigo.db\"")
    }

    /// A folder without a configuration.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn bare() -> Self {
        Self { port_base: ports::four(), folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// Writes the configuration anew.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn configure(&self, text: &str) {
        std::fs::write(self.config(), text).expect("writes");
    }

    /// Its configuration file.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.folder().join("postigo.toml")
    }

    /// Its folder, in which every command runs.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Somebody who administers it.
    #[must_use]
    pub fn operator(&self) -> Operator {
        Operator::new(&self.config())
    }

    /// The URL of the listener that many ports after the first.
    #[must_use]
    pub fn url(&self, after: u16) -> String {
        format!("http://127.0.0.1:{}", self.port_base + after)
    }

    /// Starts a node and waits until it is ready.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn serve(&self) -> Running {
        let mut process = self.start();
        let ready = self.url(3) + "/readyz";
        process.wait_for("readiness", async || get(&ready).attempt().await.ok().filter(|answer| answer.status == 200)).await;
        process
    }

    /// Starts a node.
    ///
    /// # Panics
    /// When the program cannot be started.
    #[must_use]
    pub fn start(&self) -> Running {
        Running::start(postigo(self.folder()).args(["serve", "--config"]).arg(self.config()), self.folder())
    }
}
