//! A database of its own on the PostgreSQL server of the test run.

use std::process::Command;

use crate::program::run;

/// A database that goes away with this value. Whoever is connected then is disconnected.
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    /// Makes one.
    ///
    /// # Panics
    /// When there is no server, or it refuses.
    #[must_use]
    pub fn create() -> Self {
        let server = std::env::var("POSTIGO_TEST_POSTGRES").expect("POSTIGO_TEST_POSTGRES names no server: run the tests through ./test");
        let database = Self { server, name: format!("e2e_{}", std::process::id()) };
        database.psql(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", database.name));
        database.psql(&format!("CREATE DATABASE {}", database.name));
        database
    }

    /// Its URL.
    ///
    /// # Panics
    /// When the server's URL names no database.
    #[must_use]
    pub fn url(&self) -> String {
        let (server, _) = self.server.rsplit_once('/').expect("the URL of the server names a database");
        format!("{server}/{}", self.name)
    }

    fn psql(&self, statement: &str) {
        let outcome =
            run(Command::new("psql").args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--command", statement, &self.server]));
        assert_eq!(outcome.code, 0, "{statement}: {outcome:?}");
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Not worth a second failure: the server itself goes away with the test run.
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let _ = Command::new("psql").args(["--no-psqlrc", "--quiet", "--command", &drop, &self.server]).output();
    }
}
