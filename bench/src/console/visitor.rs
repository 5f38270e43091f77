//! One connection of somebody of the staff, and of a program of theirs.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::estate::{EMAIL, Estate, PASSWORD};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// The longest answer, in bytes.
const LONGEST: usize = 16 << 20;

/// A warm connection with what opens the console and the management API.
pub struct Visitor {
    stream: TcpStream,
    host: SocketAddr,
    cookie: String,
    token: String,
}

/// An answer, and how long its first byte took.
pub struct Answer {
    pub status: u16,
    pub waited: Duration,
    pub head: String,
    pub body: String,
}

impl Visitor {
    /// Signs in by the form, and gets a token.
    pub async fn sign_in(estate: &Estate) -> Result<Self> {
        let mut visitor = Self::open(estate.portal).await?;
        let form = visitor.get("/sign-in").await?;
        visitor.cookie = form.cookie("postigo-visitor").context("no cookie came with the form")?;
        let token = between(&form.body, "name=\"form_token\" value=\"", "\"").context("the form has no token")?.to_owned();
        let typed = format!("email={}&password={}&form_token={}", encoded(EMAIL), encoded(PASSWORD), encoded(&token));
        let opened = visitor.post("/sign-in", &typed).await?;
        visitor.cookie = opened.cookie("postigo-session").with_context(|| format!("signing in answered {}", opened.status))?;

        let mut client = Self::open(estate.production).await?;
        let (id, secret) = (encoded(&estate.client_id), encoded(&estate.client_secret));
        let granted = client.post("/oauth2/token", &format!("grant_type=client_credentials&client_id={id}&client_secret={secret}")).await?;
        let granted: Value = serde_json::from_str(&granted.body)?;
        visitor.token = granted["access_token"].as_str().with_context(|| format!("no token: {granted}"))?.to_owned();
        Ok(visitor)
    }

    async fn open(host: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(host).await.with_context(|| format!("cannot connect to {host}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, host, cookie: String::new(), token: String::new() })
    }

    /// Asks for a page, or for a list below `/api/`.
    pub async fn get(&mut self, path: &str) -> Result<Answer> {
        let proof = if path.starts_with("/api/") {
            format!("authorization: Bearer {}\r\n", self.token)
        } else if self.cookie.is_empty() {
            String::new()
        } else {
            format!("cookie: {}\r\n", self.cookie)
        };
        let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\n{proof}\r\n", self.host);
        loop {
            let answer = self.ask(path, &request).await?;
            // It asks faster than anybody may: what is measured is an answer, not the limit.
            match answer.retry_after() {
                Some(pause) if answer.status == 429 => tokio::time::sleep(pause).await,
                _ => return Ok(answer),
            }
        }
    }

    async fn post(&mut self, path: &str, form: &str) -> Result<Answer> {
        let (host, length) = (self.host, form.len());
        let cookie = if self.cookie.is_empty() { String::new() } else { format!("cookie: {}\r\n", self.cookie) };
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\n{cookie}content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{form}"
        );
        self.ask(path, &request).await
    }

    async fn ask(&mut self, path: &str, request: &str) -> Result<Answer> {
        let asked = tokio::time::timeout(PATIENCE, self.exchange(request)).await;
        asked.with_context(|| format!("no answer of {path}"))?.with_context(|| path.to_owned())
    }

    async fn exchange(&mut self, request: &str) -> Result<Answer> {
        let asked = Instant::now();
        self.stream.write_all(request.as_bytes()).await?;
        let mut read = Vec::new();
        let (mut waited, mut whole) = (None, None);
        while whole.is_none_or(|whole| read.len() < whole) {
            ensure!(read.len() < LONGEST, "the answer is longer than {LONGEST} bytes");
            if self.stream.read_buf(&mut read).await? == 0 {
                bail!("the server closed the connection");
            }
            waited.get_or_insert_with(|| asked.elapsed());
            if whole.is_none()
                && let Some(at) = read.windows(4).position(|four| four == b"\r\n\r\n")
            {
                let head = String::from_utf8_lossy(&read[..at]).to_ascii_lowercase();
                let length = between(&head, "\r\ncontent-length:", "\r\n").context("an answer without a content-length")?;
                whole = Some(at + 4 + length.trim().parse::<usize>()?);
            }
        }
        let text = String::from_utf8(read)?;
        let (head, body) = text.split_once("\r\n\r\n").context("an answer without an end of its head")?;
        let status = head.get(9..12).and_then(|digits| digits.parse().ok()).context("an answer without a status")?;
        Ok(Answer { status, waited: waited.unwrap_or_default(), head: format!("{head}\r\n"), body: body.to_owned() })
    }
}

impl Answer {
    /// The cookie of that name as it is sent back.
    fn cookie(&self, name: &str) -> Option<String> {
        let mut set =
            self.head.lines().filter_map(|line| line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")));
        let value =
            set.find_map(|(_, value)| value.split(';').next().filter(|pair| pair.split_once('=').is_some_and(|(own, _)| own == name)));
        value.map(str::to_owned)
    }

    /// After what time to ask again, where the answer says.
    fn retry_after(&self) -> Option<Duration> {
        let head = self.head.to_ascii_lowercase();
        between(&head, "\r\nretry-after:", "\r\n")?.trim().parse().ok().map(Duration::from_secs)
    }

    /// Where the next page of the list of `path` is.
    pub fn next(&self, path: &str) -> Option<String> {
        if path.starts_with("/api/") {
            let body: Value = serde_json::from_str(&self.body).ok()?;
            let next = match &body["next"] {
                Value::String(next) => next.clone(),
                Value::Number(next) => next.to_string(),
                _ => return None,
            };
            return Some(format!("{path}{}after={}", if path.contains('?') { '&' } else { '?' }, encoded(&next)));
        }
        // The pages have one link that goes on; a list can begin after something or before it.
        let links = self.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        links
            .filter(|link| ["?after=", ";after=", "&after=", "?before=", ";before=", "&before="].iter().any(|name| link.contains(name)))
            .last()
            .map(|link| link.replace("&amp;", "&").replace("&#38;", "&"))
    }
}

/// What stands between two texts; without the second, all that follows.
fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(before)?;
    rest.split(after).next()
}

/// A text as it stands in a form or a query.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => encoded.push(char::from(byte)),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &str) -> Answer {
        let head = "HTTP/1.1 200 OK\r\nSet-Cookie: other=1; Path=/\r\nset-cookie: postigo-session=x=y; Path=/\r\n".to_owned();
        Answer { status: 200, waited: Duration::ZERO, head, body: body.to_owned() }
    }

    #[test]
    fn the_next_page_is_found_in_a_page_and_in_json() {
        let page = answer(r#"<a href="/console/audit?what=a">x</a><a href="/console/audit?what=a&amp;before=7">Earlier</a>"#);
        assert_eq!(page.next("/console/audit?what=a").as_deref(), Some("/console/audit?what=a&before=7"));
        assert_eq!(answer("<a href=\"/console\">x</a>").next("/console"), None);
        assert_eq!(
            answer(r#"{"items":[],"next":"a b"}"#).next("/api/v1/apis?limit=2").as_deref(),
            Some("/api/v1/apis?limit=2&after=a%20b")
        );
        assert_eq!(answer(r#"{"items":[],"next":null}"#).next("/api/v1/apis"), None);
    }

    #[test]
    fn how_long_to_wait_is_read_where_the_answer_says() {
        let limited = Answer { status: 429, head: "HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\n".into(), ..answer("") };
        assert_eq!(limited.retry_after(), Some(Duration::from_secs(7)));
        assert_eq!(answer("").retry_after(), None);
    }

    #[test]
    fn a_cookie_is_sent_back_as_it_came() {
        assert_eq!(answer("").cookie("postigo-session").as_deref(), Some("postigo-session=x=y"));
        assert_eq!(answer("").cookie("postigo"), None);
    }
}
