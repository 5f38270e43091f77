//! The sandbox carrier alone, under way.

use std::path::Path;

use tempfile::TempDir;

use crate::{
    call::get,
    ports,
    program::{Running, postigo},
};

/// A running `postigo carrier` with a folder of its own. It goes away with this value.
pub struct Carrier {
    /// The process.
    pub process: Running,
    /// Its URL, without a slash at its end.
    pub url: String,
    // Last, so that the process is gone before its files are.
    folder: TempDir,
}

impl Carrier {
    /// Starts one without any configuration and waits until it answers.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let address = format!("127.0.0.1:{}", ports::four());
        let process = Running::start(postigo(folder.path()).args(["carrier", "--listen", &address]), folder.path());
        let mut carrier = Self { process, url: format!("http://{address}"), folder };
        let url = carrier.url.clone();
        carrier.process.wait_for("carrier", async || get(&url).attempt().await.ok()).await;
        carrier
    }

    /// The folder it was started in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}
