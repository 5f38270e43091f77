//! The load: keep-alive connections, each asking again as soon as it is answered, with prepared bytes and next to no parsing, so that the
//! server stays the dearer side.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

/// Prepared requests, taken in turns.
pub type Requests = Arc<[Vec<u8>]>;

/// How long a round may take beyond its length before it is given up.
const PATIENCE: Duration = Duration::from_secs(20);

/// The longest answer, head and body.
const LONGEST: usize = 64 * 1024;

/// One connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer as it came.
pub struct Answer<'a> {
    pub status: u16,
    pub head: &'a [u8],
    pub body: &'a [u8],
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; LONGEST] })
    }

    /// Sends a request and reads the whole answer.
    pub async fn exchange(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        let mut filled = 0;
        let (mut head, mut whole) = (0, None);
        loop {
            let read = self.stream.read(&mut self.buffer[filled..]).await?;
            if read == 0 {
                bail!("the server closed the connection or sent more than {LONGEST} bytes");
            }
            filled += read;
            if whole.is_none()
                && let Some(at) = self.buffer[..filled].windows(4).position(|four| four == b"\r\n\r\n")
            {
                head = at + 4;
                whole = Some(head + content_length(&self.buffer[..at]).context("an answer without a content-length")?);
            }
            if whole.is_some_and(|whole| filled >= whole) {
                break;
            }
        }
        let (head, body) = self.buffer[..filled].split_at(head);
        // HTTP/1.1 200
        let status =
            head.get(9..12).and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok()).context("an answer without a status")?;
        Ok(Answer { status, head, body })
    }
}

fn content_length(head: &[u8]) -> Option<usize> {
    let name = b"content-length:";
    let value = head.split(|byte| *byte == b'\n').find_map(|line| {
        let (own, value) = line.split_at_checked(name.len())?;
        own.eq_ignore_ascii_case(name).then_some(value)
    })?;
    std::str::from_utf8(value).ok()?.trim().parse().ok()
}

/// Asks once, on a connection of its own, and expects a 200.
pub async fn ask(address: SocketAddr, request: &[u8]) -> Result<(String, Vec<u8>)> {
    let mut connection = Connection::open(address).await?;
    let answer = tokio::time::timeout(PATIENCE, connection.exchange(request)).await.context("no answer")??;
    expect_200(&answer)?;
    Ok((String::from_utf8_lossy(answer.head).into_owned(), answer.body.to_vec()))
}

fn expect_200(answer: &Answer<'_>) -> Result<()> {
    if answer.status != 200 {
        bail!("the server answered {}: {}", answer.status, String::from_utf8_lossy(answer.body));
    }
    Ok(())
}

/// Connections that are open and have been answered once.
pub struct Standing {
    connections: Vec<Connection>,
    requests: Requests,
}

/// What a round gave.
pub struct Outcome {
    pub elapsed: Duration,
    /// Of every request, in microseconds, sorted.
    pub latencies: Vec<u32>,
}

impl Standing {
    pub async fn open(address: SocketAddr, requests: &Requests, connections: u16) -> Result<Self> {
        let mut open = Vec::new();
        for turn in 0..usize::from(connections) {
            let mut connection = Connection::open(address).await?;
            let answer =
                tokio::time::timeout(PATIENCE, connection.exchange(&requests[turn % requests.len()])).await.context("no answer")??;
            expect_200(&answer)?;
            open.push(connection);
        }
        Ok(Self { connections: open, requests: Arc::clone(requests) })
    }

    /// Asks on every connection until `length` is over.
    pub async fn run(self, length: Duration) -> Result<Outcome> {
        let began = Instant::now();
        let end = began + length;
        let mut running = JoinSet::new();
        for (turn, connection) in self.connections.into_iter().enumerate() {
            running.spawn(keep_asking(connection, Arc::clone(&self.requests), turn, end));
        }
        let mut latencies = Vec::new();
        let all = async {
            while let Some(done) = running.join_next().await {
                latencies.extend(done??);
            }
            anyhow::Ok(())
        };
        tokio::time::timeout(length + PATIENCE, all).await.context("the round did not end")??;
        let elapsed = began.elapsed();
        latencies.sort_unstable();
        Ok(Outcome { elapsed, latencies })
    }
}

async fn keep_asking(mut connection: Connection, requests: Requests, turn: usize, end: Instant) -> Result<Vec<u32>> {
    let mut latencies = Vec::with_capacity(16 * 1024);
    let mut asked = Instant::now();
    for request in requests.iter().cycle().skip(turn % requests.len()) {
        if asked >= end {
            break;
        }
        expect_200(&connection.exchange(request).await?)?;
        let answered = Instant::now();
        latencies.push(u32::try_from((answered - asked).as_micros()).unwrap_or(u32::MAX));
        asked = answered;
    }
    Ok(latencies)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_is_found_however_it_is_spelt() {
        assert_eq!(content_length(b"HTTP/1.1 200 OK\r\ndate: x\r\nContent-Length: 1024\r\nx: y"), Some(1024));
        assert_eq!(content_length(b"HTTP/1.1 200 OK\r\ncontent-length:7"), Some(7));
        assert_eq!(content_length(b"HTTP/1.1 200 OK\r\nx-content-length: 7"), None);
    }
}
