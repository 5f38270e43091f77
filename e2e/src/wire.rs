//! Bytes on a socket, for what no HTTP client would send.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, timeout},
};

/// Longer than any server here may hold a connection that says nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open connection.
pub struct Wire(TcpStream);

impl Wire {
    /// Connects to the host and port of an `http://` URL.
    ///
    /// # Panics
    /// When nobody listens there.
    pub async fn connect(url: &str) -> Self {
        Self::attempt(url).await.unwrap_or_else(|error| panic!("{url}: {error}"))
    }

    /// Connects, if somebody listens.
    ///
    /// # Errors
    /// What the system says.
    pub async fn attempt(url: &str) -> io::Result<Self> {
        TcpStream::connect(authority(url)).await.map(Self)
    }

    /// Sends bytes. A server that has hung up already is no error: what it answered is still to be read.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.0.write_all(bytes.as_ref()).await;
    }

    /// Reads until `end` has come.
    ///
    /// # Panics
    /// When the connection ends before, or nothing more comes.
    pub async fn read_until(&mut self, end: &str) -> String {
        let mut read = Vec::new();
        while !contains(&read, end) {
            let more = timeout(PATIENCE, self.0.read_buf(&mut read)).await.expect("more bytes").expect("reads");
            assert!(more > 0, "it ended before {end:?}: {}", String::from_utf8_lossy(&read));
        }
        String::from_utf8_lossy(&read).into_owned()
    }

    /// Reads until the other side hangs up: what it said, and how long it took.
    ///
    /// # Panics
    /// When it does not hang up.
    pub async fn read_to_end(&mut self) -> (String, Duration) {
        let started = Instant::now();
        let mut read = Vec::new();
        let end = timeout(PATIENCE, self.0.read_to_end(&mut read)).await;
        let said = String::from_utf8_lossy(&read).into_owned();
        assert!(end.is_ok(), "the connection is still open after {PATIENCE:?}; it said {said:?}");
        // Hanging up on somebody who still sends is a reset, not an end.
        (said, started.elapsed())
    }
}

/// Sends bytes and reads until the other side hangs up.
pub async fn exchange(url: &str, bytes: impl AsRef<[u8]>) -> String {
    let mut wire = Wire::connect(url).await;
    wire.send(bytes).await;
    wire.read_to_end().await.0
}

/// The status codes of the answers on a connection.
#[must_use]
pub fn statuses(said: &str) -> Vec<u16> {
    said.match_indices("HTTP/1.1 ").filter_map(|(at, start)| said[at + start.len()..].get(..3)?.parse().ok()).collect()
}

/// The host and port of an `http://` URL.
#[must_use]
pub fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

fn contains(read: &[u8], end: &str) -> bool {
    read.windows(end.len()).any(|window| window == end.as_bytes())
}
