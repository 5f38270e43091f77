//! Which paths are the authorization server's. All else belongs to the gateway.

use crate::dialect::Dialect;

/// RFC 8414, section 3.
const METADATA: &str = "/.well-known/oauth-authorization-server";
/// RFC 9728, section 3.
pub(crate) const RESOURCE_METADATA: &str = "/.well-known/oauth-protected-resource";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    Token(Dialect),
    Introspect,
    Revoke,
    Metadata,
    Jwks,
    ResourceMetadata,
}

impl Route {
    pub(crate) fn find(path: &str, issuer: &str) -> Option<Self> {
        Some(match path {
            "/oauth2/token" => Self::Token(Dialect::Oauth),
            "/oauth/token" => Self::Token(Dialect::Fedex),
            "/oauth2/introspect" => Self::Introspect,
            "/oauth2/revoke" => Self::Revoke,
            "/.well-known/jwks.json" => Self::Jwks,
            // Code in the wild writes `/Api/Authorize/token` too.
            _ if path.eq_ignore_ascii_case("/Api/Authorize/Token") => Self::Token(Dialect::Correos),
            _ if below(path, METADATA).is_some_and(|rest| rest.is_empty() || rest == issuer_path(issuer)) => Self::Metadata,
            _ if below(path, RESOURCE_METADATA).is_some() => Self::ResourceMetadata,
            _ => return None,
        })
    }
}

/// What follows `prefix` in `path`: nothing, or something that begins with a slash.
pub(crate) fn below<'a>(path: &'a str, prefix: &str) -> Option<&'a str> {
    path.strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The path of the issuer's URL, which RFC 8414, section 3.1 inserts after the well-known part; empty when it has none.
pub(crate) fn issuer_path(issuer: &str) -> &str {
    let host = issuer.find("://").map_or(0, |at| at + 3);
    issuer[host..].find('/').map_or("", |at| &issuer[host + at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_correos_path_ignores_case_and_no_path_is_matched_by_its_beginning() {
        let find = |path| Route::find(path, "http://127.0.0.1:8081");
        for path in ["/Api/Authorize/Token", "/api/authorize/token", "/API/AUTHORIZE/TOKEN", "/Api/Authorize/token"] {
            assert_eq!(find(path), Some(Route::Token(Dialect::Correos)), "{path}");
        }
        for path in [
            "/OAuth2/token",
            "/oauth/token/",
            "/oauth/tokens",
            "/oauth2/token/x",
            "//oauth/token",
            "/oauth%2Ftoken",
            "/",
            "/.well-known/jwks",
        ] {
            assert_eq!(find(path), None, "{path}");
        }
    }

    #[test]
    fn an_issuer_with_a_path_is_found_under_the_inserted_path_and_no_other() {
        assert_eq!(issuer_path("https://api.example.com"), "");
        assert_eq!(issuer_path("https://api.example.com/sandbox"), "/sandbox");
        let find = |path| Route::find(path, "https://api.example.com/sandbox");
        assert_eq!(find("/.well-known/oauth-authorization-server"), Some(Route::Metadata));
        assert_eq!(find("/.well-known/oauth-authorization-server/sandbox"), Some(Route::Metadata));
        assert_eq!(find("/.well-known/oauth-authorization-server/other"), None);
        assert_eq!(find("/.well-known/oauth-authorization-serverx"), None);
        assert_eq!(find("/.well-known/oauth-protected-resource/a/b"), Some(Route::ResourceMetadata));
        assert_eq!(find("/.well-known/oauth-protected-resources"), None);
    }
}
