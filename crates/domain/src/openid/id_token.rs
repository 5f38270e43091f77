//! What an ID token proves (OpenID Connect Core 1.0, section 3.1.3.7) and what a logout token asks for (Back-Channel Logout 1.0, section 2.6).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{Keys, LONGEST_DOCUMENT};

/// How far apart our clock and the provider's may be, in seconds.
pub const LEEWAY_SECONDS: i64 = 60;
/// The longest token looked at, in bytes: groups make them long.
const LONGEST: usize = 64 * 1024;
/// The longest subject, in bytes (section 2).
const LONGEST_SUBJECT: usize = 255;
/// For how long a logout token is good at most, in seconds.
const LONGEST_LOGOUT_SECONDS: i64 = 600;
/// What a logout token says happened.
pub const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What a token must say.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Who issued it.
    pub issuer: &'a str,
    /// For whom.
    pub client_id: &'a str,
    /// Now.
    pub now: Timestamp,
}

/// Why a token proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It is not of the form of a signed token, or what it says is not of the form it should be.
    #[error("it is malformed")]
    Malformed,
    /// Its algorithm is none that is believed.
    #[error("its algorithm is not one of those that are believed")]
    Algorithm,
    /// No key of the provider is the one it names.
    #[error("it names no key of the provider")]
    UnknownKey,
    /// The key did not sign it.
    #[error("its signature is wrong")]
    Signature,
    /// Somebody else issued it.
    #[error("it names another issuer")]
    Issuer,
    /// It is for somebody else.
    #[error("it is for another client")]
    Audience,
    /// It belongs to another request, or was used before.
    #[error("its nonce is of another request")]
    Nonce,
    /// It is too old.
    #[error("it has expired")]
    Expired,
    /// It is of the future.
    #[error("it is not valid yet: compare the clocks")]
    Early,
    /// It is about somebody else than asked.
    #[error("it is about another person")]
    Subject,
}

/// What a provider says about a person.
#[derive(Debug, Clone)]
pub struct Claims(Map<String, Value>);

/// The claims of an ID token that is wholly in order.
///
/// # Errors
/// [`Unfit`].
pub fn verify(token: &str, keys: &Keys, expected: &Expected<'_>, nonce: &str) -> Result<Claims, Unfit> {
    let claims = signed(token, keys, |typ| typ.eq_ignore_ascii_case("JWT"))?;
    claims.are_for(expected)?;
    let expires = claims.moment("exp").ok_or(Unfit::Malformed)?;
    if expires.saturating_add(LEEWAY_SECONDS) <= expected.now.as_second() {
        return Err(Unfit::Expired);
    }
    if claims.text("nonce") != Some(nonce) {
        return Err(Unfit::Nonce);
    }
    if claims.subject().is_empty() {
        return Err(Unfit::Malformed);
    }
    Ok(claims)
}

/// The claims of a logout token that is wholly in order.
///
/// # Errors
/// [`Unfit`].
pub fn verify_logout(token: &str, keys: &Keys, expected: &Expected<'_>) -> Result<Claims, Unfit> {
    let is_one = |typ: &str| typ.eq_ignore_ascii_case("logout+jwt") || typ.eq_ignore_ascii_case("JWT");
    let claims = signed(token, keys, is_one)?;
    claims.are_for(expected)?;
    let issued = claims.moment("iat").ok_or(Unfit::Malformed)?;
    // Whatever it says itself, it is about somebody who left just now (section 2.6): an old one would end sessions that began since.
    let latest = issued.saturating_add(LONGEST_LOGOUT_SECONDS);
    let expires = claims.moment("exp").unwrap_or_else(|| issued.saturating_add(120)).min(latest);
    if expires.saturating_add(LEEWAY_SECONDS) <= expected.now.as_second() {
        return Err(Unfit::Expired);
    }
    // An ID token must not pass for one (section 2.4): that one has a nonce and no event.
    let is_logout = claims.0.get("events").is_some_and(|events| events.get(LOGOUT_EVENT).is_some_and(Value::is_object));
    if !is_logout || claims.0.contains_key("nonce") || claims.subject().is_empty() && claims.session().is_empty() {
        return Err(Unfit::Malformed);
    }
    Ok(claims)
}

/// What a provider says about a person when it is asked in person (section 5.3.2); it must be the person of the ID token.
///
/// # Errors
/// [`Unfit::Malformed`], [`Unfit::Subject`].
pub fn read_user_info(document: &[u8], about: &Claims) -> Result<Claims, Unfit> {
    if document.len() > LONGEST_DOCUMENT {
        return Err(Unfit::Malformed);
    }
    let said: Map<String, Value> = serde_json::from_slice(document).map_err(|_| Unfit::Malformed)?;
    if said.get("sub").and_then(Value::as_str) != Some(about.subject()) {
        return Err(Unfit::Subject);
    }
    let same_address = about.text("email").is_none_or(|email| said.get("email").and_then(Value::as_str) == Some(email));
    // What was signed comes before what was said; and that an address was verified is said of that address and of no other.
    let said = said.into_iter().filter(|(name, _)| same_address || name != "email_verified");
    let signed = about.0.clone().into_iter().filter(|(_, value)| !value.is_null());
    Ok(Claims(said.chain(signed).collect()))
}

fn signed(token: &str, keys: &Keys, is_type: impl Fn(&str) -> bool) -> Result<Claims, Unfit> {
    if token.len() > LONGEST {
        return Err(Unfit::Malformed);
    }
    let (message, signature) = token.rsplit_once('.').ok_or(Unfit::Malformed)?;
    let (header, payload) = message.split_once('.').ok_or(Unfit::Malformed)?;
    let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| Unfit::Malformed);
    let header: Map<String, Value> = serde_json::from_slice(&bytes(header)?).map_err(|_| Unfit::Malformed)?;
    let text = |name: &str| header.get(name).and_then(Value::as_str);
    // What must be understood and is not (RFC 7515, section 4.1.11), or is a token of another kind (RFC 8725, section 3.11).
    if header.contains_key("crit") || text("typ").is_some_and(|typ| !is_type(typ)) {
        return Err(Unfit::Malformed);
    }
    keys.check(text("alg").unwrap_or_default(), text("kid"), message.as_bytes(), &bytes(signature)?)?;
    serde_json::from_slice(&bytes(payload)?).map(Claims).map_err(|_| Unfit::Malformed)
}

impl Claims {
    /// Section 3.1.3.7, numbers 2 to 5, and the moments that any token may name.
    fn are_for(&self, expected: &Expected<'_>) -> Result<(), Unfit> {
        if self.text("iss") != Some(expected.issuer) {
            return Err(Unfit::Issuer);
        }
        let audiences = self.values("aud");
        let party = self.text("azp");
        if !audiences.contains(&expected.client_id)
            || party.is_some_and(|party| party != expected.client_id)
            || audiences.len() > 1 && party.is_none()
        {
            return Err(Unfit::Audience);
        }
        let latest = expected.now.as_second().saturating_add(LEEWAY_SECONDS);
        let issued = self.moment("iat").ok_or(Unfit::Malformed)?;
        if issued > latest || self.moment("nbf").is_some_and(|moment| moment > latest) {
            return Err(Unfit::Early);
        }
        Ok(())
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// Seconds since 1970, of which some providers write fractions.
    fn moment(&self, name: &str) -> Option<i64> {
        let value = self.0.get(name)?;
        value.as_i64().or_else(|| value.as_number()?.to_string().split('.').next()?.parse().ok())
    }

    /// The values of a claim: a text, or the texts of a list. A name that is no claim is a path into objects (`realm_access.roles`).
    #[must_use]
    pub fn values(&self, name: &str) -> Vec<&str> {
        let found = self.0.get(name).or_else(|| {
            let mut parts = name.split('.');
            let first = self.0.get(parts.next()?)?;
            parts.try_fold(first, |value, part| value.get(part))
        });
        match found {
            Some(Value::String(text)) => vec![text],
            Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// Whom it is about: never another person's, never reassigned (section 2). Empty when it says so in no usable way.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.text("sub").filter(|subject| subject.len() <= LONGEST_SUBJECT && !subject.contains('\0')).unwrap_or_default()
    }

    /// The person's address, when the provider knows that it is.
    #[must_use]
    pub fn verified_email(&self) -> Option<&str> {
        // Some providers write the truth as a text.
        let verified = self.0.get("email_verified").is_some_and(|verified| *verified == true || *verified == "true");
        self.text("email").filter(|_| verified)
    }

    /// Whether an address is named at all.
    #[must_use]
    pub fn has_email(&self) -> bool {
        self.text("email").is_some()
    }

    /// The person's name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.text("name").or_else(|| self.text("preferred_username"))
    }

    /// The person's language (BCP 47).
    #[must_use]
    pub fn locale(&self) -> Option<&str> {
        self.text("locale")
    }

    /// When the person last proved who it is to the provider, in seconds since 1970.
    #[must_use]
    pub fn proved_at(&self) -> Option<i64> {
        self.moment("auth_time")
    }

    /// The session at the provider; empty when it names none.
    #[must_use]
    pub fn session(&self) -> &str {
        self.text("sid").filter(|session| session.len() <= LONGEST_SUBJECT && !session.contains('\0')).unwrap_or_default()
    }

    /// Whether the provider says that more than one factor was shown: `mfa` (RFC 8176, section 2), or a class that means it.
    #[must_use]
    pub fn has_both_factors(&self) -> bool {
        const CLASSES: [&str; 4] =
            ["phr", "phrh", "http://schemas.openid.net/pape/policies/2007/06/multi-factor", "https://refeds.org/profile/mfa"];
        self.values("amr").contains(&"mfa") || self.text("acr").is_some_and(|class| CLASSES.contains(&class))
    }
}
