//! What a relying party must know of OpenID Connect: what a provider says about itself, where it is asked, and what its tokens prove.
//!
//! Only what signing on by the operator's provider needs: the authorization code flow with PKCE. A provider is somebody else's program, so all it
//! sends is bounded and checked before it is believed; who sends it decides neither which algorithm checks a signature nor which key.

mod id_token;
mod keys;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::{digest::sha256, percent::encoded};

pub use id_token::{Claims, Expected, LEEWAY_SECONDS, LOGOUT_EVENT, Unfit, read_user_info, verify, verify_logout};
pub use keys::Keys;

/// The longest document of a provider that is looked at, in bytes: metadata, keys, answers with tokens.
pub const LONGEST_DOCUMENT: usize = 256 * 1024;
/// The longest address of a provider, in bytes.
const LONGEST_URL: usize = 2000;

/// What a provider says about itself (OpenID Connect Discovery 1.0, section 3): the part of it that is used.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Who it is.
    pub issuer: String,
    /// Where people are sent.
    pub authorization_endpoint: String,
    /// Where codes become tokens.
    pub token_endpoint: String,
    /// Where its keys are.
    pub jwks_uri: String,
    /// Where more about a person is told.
    pub userinfo_endpoint: Option<String>,
    /// Where people leave it (OpenID Connect RP-Initiated Logout 1.0, section 2.1).
    pub end_session_endpoint: Option<String>,
    /// Whether it names itself in its answers (RFC 9207, section 3): then an answer without its name is none of its.
    pub names_itself: bool,
    /// Whether a client's secret goes into the form because the provider does not take it in the header.
    pub secret_in_form: bool,
}

/// A document that no provider fit for use would publish.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAProvider {
    /// It is no JSON object, or too long.
    #[error("its metadata is no JSON object of at most {LONGEST_DOCUMENT} bytes")]
    Malformed,
    /// It speaks for somebody else (section 4.3): whoever answers could otherwise send people anywhere.
    #[error("its metadata names the issuer {0:?}, which must be the configured one to the letter")]
    OtherIssuer(String),
    /// An address is missing or not fit for use.
    #[error("its {0} is missing, or is neither https nor of this machine")]
    Address(&'static str),
    /// It cannot bind a code to who asked for it (RFC 7636).
    #[error("it says which challenge methods of PKCE it knows, and S256 is not among them")]
    NoChallenge,
}

/// Where the metadata of an issuer are (OpenID Connect Discovery 1.0, section 4).
#[must_use]
pub fn metadata_url(issuer: &str) -> String {
    format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
}

impl Provider {
    /// Reads the metadata that `issuer` published.
    ///
    /// # Errors
    /// [`NotAProvider`], which says what is wrong with them.
    pub fn read(issuer: &str, document: &[u8]) -> Result<Self, NotAProvider> {
        if document.len() > LONGEST_DOCUMENT {
            return Err(NotAProvider::Malformed);
        }
        let document: Value = serde_json::from_slice(document).map_err(|_| NotAProvider::Malformed)?;
        let text = |name: &str| document[name].as_str();
        let said = text("issuer").ok_or(NotAProvider::Malformed)?;
        if said != issuer {
            return Err(NotAProvider::OtherIssuer(said.chars().take(200).collect()));
        }
        let optional = |name: &'static str| match &document[name] {
            Value::Null => Ok(None),
            Value::String(url) if is_safe(url) => Ok(Some(url.clone())),
            _ => Err(NotAProvider::Address(name)),
        };
        let required = |name: &'static str| optional(name)?.ok_or(NotAProvider::Address(name));
        let lists = |name: &str, word: &str| document[name].as_array().map(|known| known.iter().any(|known| known == word));
        if lists("code_challenge_methods_supported", "S256") == Some(false) {
            return Err(NotAProvider::NoChallenge);
        }
        // Without a list, the header is what counts (OpenID Connect Core 1.0, section 9).
        let header = lists("token_endpoint_auth_methods_supported", "client_secret_basic").unwrap_or(true);
        let form = lists("token_endpoint_auth_methods_supported", "client_secret_post").unwrap_or(false);
        Ok(Self {
            issuer: issuer.to_owned(),
            authorization_endpoint: required("authorization_endpoint")?,
            token_endpoint: required("token_endpoint")?,
            jwks_uri: required("jwks_uri")?,
            userinfo_endpoint: optional("userinfo_endpoint")?,
            end_session_endpoint: optional("end_session_endpoint")?,
            names_itself: document["authorization_response_iss_parameter_supported"] == Value::Bool(true),
            secret_in_form: form && !header,
        })
    }

    /// Where a person is sent with these parameters (OpenID Connect Core 1.0, section 3.1.2.1).
    #[must_use]
    pub fn authorization_url(&self, parameters: &[(&str, &str)]) -> String {
        with_query(&self.authorization_endpoint, parameters)
    }

    /// Where a person leaves the provider, when it says so, and comes back to `after` (RP-Initiated Logout 1.0, section 2).
    #[must_use]
    pub fn leaving_url(&self, client_id: &str, after: &str) -> Option<String> {
        let end = self.end_session_endpoint.as_deref()?;
        Some(with_query(end, &[("client_id", client_id), ("post_logout_redirect_uri", after)]))
    }
}

/// The challenge that goes with a verifier (RFC 7636, section 4.2, `S256`).
#[must_use]
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes()))
}

/// The fields as `application/x-www-form-urlencoded`.
#[must_use]
pub fn form(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    pairs.join("&")
}

fn with_query(endpoint: &str, parameters: &[(&str, &str)]) -> String {
    // An endpoint may have a query of its own, which stays (RFC 6749, section 3.1).
    let joint = if endpoint.contains('?') { '&' } else { '?' };
    format!("{endpoint}{joint}{}", form(parameters))
}

/// Whether secrets and people may be sent to an address: TLS, or this very machine, for development.
#[must_use]
pub fn is_safe(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let plain =
        url.len() <= LONGEST_URL && url.bytes().all(|byte| (0x21..0x7f).contains(&byte) && !matches!(byte, b'"' | b'<' | b'>' | b'\\'));
    let known = !host.is_empty() && !authority.contains('@') && !url.contains('#');
    plain && known && (scheme == "https" || scheme == "http" && matches!(host, "localhost" | "127.0.0.1" | "::1"))
}

#[cfg(test)]
mod tests;
