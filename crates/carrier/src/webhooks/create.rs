//! `POST /webhooks {"url"}`: from now on the project hears there of what happens to its parcels.

use domain::public_address::may_be_public;
use http::{StatusCode, Uri};
use store::{
    Moment,
    carrier_webhooks::{self, Webhook},
};

use crate::{
    Answer, Call,
    body::{self, text},
    respond::{Refusal, answer as json_answer},
    webhooks::{MOST, shown},
};

/// The longest URL, in characters.
const LONGEST: usize = 2048;

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let request = body::object(call.body)?;
    let url = text(&request, "url").ok_or_else(|| Refusal::Malformed("url: falta / is missing".into()))?;
    check(&url, call.house.private_webhooks).map_err(|complaint| Refusal::Malformed(format!("url: {complaint}")))?;

    let now = call.now;
    let mut tx = call.house.db.begin().await?;
    let present = carrier_webhooks::lock(&mut tx, call.caller.owner).await?;
    if present.iter().any(|webhook| webhook.url == url) {
        return Err(Refusal::Conflict("La URL ya está registrada / The URL is registered already".into()));
    }
    if present.len() >= MOST {
        return Err(Refusal::Conflict(format!("Un proyecto puede registrar {MOST} URL / A project may register {MOST} URLs")));
    }
    let id = call.house.entropy.uuid(now).to_string();
    carrier_webhooks::insert(&mut tx, call.caller.owner, &id, &url, now).await?;
    tx.commit(now).await?;
    let webhook = Webhook { id, url, created_at: Moment(now), failures: 0, last_at: None, last_result: None };
    Ok(json_answer(StatusCode::CREATED, &shown(call, &webhook)))
}

/// Whether something may be sent to a URL. Whoever has its name is asked, and looked at again, each time something is sent.
fn check(url: &str, private: bool) -> Result<(), &'static str> {
    if url.len() > LONGEST {
        return Err("demasiado larga, máximo 2048 / too long, at most 2048");
    }
    // Not left to the parser, which drops a fragment without a word, and takes some bytes that others take for a slash.
    if !url.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>' | b'`' | b'{' | b'}' | b'|' | b'^')) {
        return Err("no es una URL / is not a URL");
    }
    if url.contains('#') {
        return Err("sin fragmento / without a fragment");
    }
    let uri: Uri = url.parse().map_err(|_| "no es una URL / is not a URL")?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err("http o https / http or https");
    }
    let authority = uri.authority().filter(|authority| !authority.host().is_empty()).ok_or("no es una URL / is not a URL")?;
    if authority.as_str().contains('@') {
        return Err("sin usuario ni contraseña / without user or password");
    }
    // A port that is no number is dropped by the parser as well.
    let port = authority.as_str().strip_prefix(authority.host()).unwrap_or_default();
    if !port.is_empty() && authority.port_u16().is_none_or(|port| port == 0) {
        return Err("el puerto no es válido / the port is not valid");
    }
    if !private && !may_be_public(authority.host()) {
        return Err("la dirección no es pública / the address is not public");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_sent_to_is_taken() {
        for url in [
            "https://example.com/hook?a=1&b=%20",
            "http://shop.example:8080/",
            "https://example.com",
            "HTTPS://EXAMPLE.COM/",
            "https://[2a02:9000::1]:444/x",
        ] {
            assert_eq!(check(url, false), Ok(()), "{url}");
        }
        for url in [
            "",
            "example.com/hook",
            "/hook",
            "//example.com/hook",
            "ftp://example.com/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "http://",
            "http:///x",
            "https://user@example.com/",
            "https://user:word@example.com/",
            "https://@example.com/",
            "https://example.com/#top",
            "https://example.com#",
            "https://example.com:0/",
            "https://example.com:99999/",
            "https://example.com:/",
            "https://example.com:x/",
            "https://example.com\\@127.0.0.1/",
            "https://exa mple.com/",
            "https://example.com/\n",
            "https://ejemplo.españa/",
            "http://127.0.0.1/",
            "http://[::1]/",
            "http://2130706433/",
            "http://localhost:80/",
            "http://169.254.169.254/latest/meta-data",
        ] {
            assert!(check(url, false).is_err(), "{url}");
        }
        let long = |length: usize| format!("https://example.com/{}", "a".repeat(length - 20));
        assert_eq!(check(&long(2048), false), Ok(()));
        assert!(check(&long(2049), false).is_err());
    }

    #[test]
    fn private_addresses_are_taken_where_they_are_allowed_and_nothing_else_more() {
        for url in ["http://127.0.0.1:9000/hook", "http://localhost/", "http://[::1]/"] {
            assert_eq!(check(url, true), Ok(()), "{url}");
        }
        assert!(check("file:///etc/passwd", true).is_err());
        assert!(check("http://user@127.0.0.1/", true).is_err());
    }
}
