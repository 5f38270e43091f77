//! The mails that a house without a mail server cannot send: for trying things out, and nowhere else.

use app::{
    mail::{self, Posted},
    messages,
    records::{Mail, Message},
};
use askama::Template;

use crate::{
    failure::Failure,
    frame::Frame,
    visit::{Outcome, Visit},
};

/// How many mails are listed.
const MOST: i64 = 100;
/// The state of a mail that nothing sends.
const UNSENT: &str = "mailbox";

#[derive(Template)]
#[template(path = "mailbox/list.html")]
struct List<'v> {
    frame: Frame<'v>,
    mails: Vec<Mail>,
    /// Text messages and calls with what they say, newest first.
    messages: Vec<(Message, String)>,
}

#[derive(Template)]
#[template(path = "mailbox/show.html")]
struct Show<'v> {
    frame: Frame<'v>,
    mail: Mail,
    parts: Vec<Part<'v>>,
}

/// A piece of a mail's text.
#[derive(Debug, PartialEq, Eq)]
enum Part<'t> {
    Words(&'t str),
    /// A whole URL of this portal.
    Link(&'t str),
}

/// `GET /mailbox`
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    is_open(visit)?;
    let posted = mail::mailbox(visit.portal.app(), MOST).await?;
    let mails = posted.into_iter().map(|posted| posted.mail).filter(|mail| mail.state == UNSENT).collect();
    let said = messages::mailbox(visit.portal.app(), MOST).await?;
    let said = said.into_iter().filter(|said| said.message.state == UNSENT);
    let messages = said.filter_map(|said| Some((said.message, said.text?.expose().to_owned()))).collect();
    visit.page(&List { frame: visit.frame(visit.t("Buzón", "Mailbox")), mails, messages })
}

/// `GET /mailbox/{mail}`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    is_open(visit)?;
    let Posted { mail, text } = mail::find(visit.portal.app(), visit.id_segment("mail")?).await?;
    let text = text.filter(|_| mail.state == UNSENT).ok_or(Failure::Missing)?;
    let parts = parts(text.expose(), &visit.portal.settings().public_url);
    visit.page(&Show { frame: visit.frame(mail.subject.clone()), mail, parts })
}

/// Only where the configuration says so: the links in these mails open accounts.
fn is_open(visit: &Visit<'_>) -> Result<(), Failure> {
    if visit.portal.has_mailbox() { Ok(()) } else { Err(Failure::Missing) }
}

/// The text in pieces. A link is what begins with the portal's own URL and goes on on this very host; what else looks like one, somebody else may
/// have written.
fn parts<'t>(text: &'t str, portal: &str) -> Vec<Part<'t>> {
    let mut parts = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(at) = rest.get(from..).and_then(|tail| tail.find(portal)).map(|at| at + from).filter(|_| !portal.is_empty()) {
        let (before, tail) = rest.split_at(at);
        let end = tail.find(|sign: char| sign.is_whitespace() || matches!(sign, '<' | '>' | '"' | '\'')).unwrap_or(tail.len());
        let url = tail[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')']);
        // "http://portal.example.evil" and "http://portal.example@evil" begin so too; "xhttp://" is in the middle of something else.
        let is_ours = url.len() >= portal.len() && (url.len() == portal.len() || url[portal.len()..].starts_with('/'));
        if is_ours && !before.ends_with(|sign: char| sign.is_alphanumeric()) {
            parts.extend((!before.is_empty()).then_some(Part::Words(before)));
            parts.push(Part::Link(url));
            rest = &tail[url.len()..];
            from = 0;
        } else {
            from = at + portal.len();
        }
    }
    parts.extend((!rest.is_empty()).then_some(Part::Words(rest)));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    const PORTAL: &str = "http://portal.example";

    fn links(text: &str) -> Vec<String> {
        let parts = parts(text, PORTAL);
        let whole: String = parts
            .iter()
            .map(|part| match part {
                Part::Words(text) | Part::Link(text) => *text,
            })
            .collect();
        assert_eq!(whole, text, "nothing is lost");
        parts
            .iter()
            .filter_map(|part| match part {
                Part::Link(url) => Some((*url).to_owned()),
                Part::Words(_) => None,
            })
            .collect()
    }

    #[test]
    fn only_what_leads_to_this_portal_becomes_a_link() {
        assert_eq!(
            links("Open\n\nhttp://portal.example/verify?token=a_b-c\n\n--\nPostigo · http://portal.example\nHello"),
            ["http://portal.example/verify?token=a_b-c", "http://portal.example"]
        );
        assert_eq!(
            links("see http://portal.example/a. http://portal.example/b, (http://portal.example)"),
            ["http://portal.example/a", "http://portal.example/b", "http://portal.example"]
        );
        assert_eq!(links("http://portal.example/<b>"), ["http://portal.example/"]);
        for odd in [
            "http://portal.example.evil/x",
            "http://portal.example@evil/x",
            "http://portal.example:81/x",
            "https://evil.example/x",
            "javascript:alert(1)",
            "xhttp://portal.example/a",
            "//portal.example/a",
            "http://portal.exampleé",
            "",
        ] {
            assert_eq!(links(odd), [""; 0], "{odd}");
        }
    }

    #[test]
    fn a_portal_without_a_url_makes_no_links() {
        assert_eq!(parts("http://x/ y", ""), [Part::Words("http://x/ y")]);
    }
}
