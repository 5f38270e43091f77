//! Authorization server metadata (RFC 8414): what is true of this server, and nothing else. What is not listed is not supported.

use domain::{client::GrantType, public_key::ALGORITHMS};
use http::Method;
use serde_json::json;
use web::{Response, Visit};

use crate::{House, respond};

/// How clients authenticate at every endpoint that asks them to.
const AUTH_METHODS: [&str; 3] = ["client_secret_basic", "client_secret_post", "private_key_jwt"];

pub(crate) fn answer(house: &House, method: &Method, visit: &Visit) -> Response {
    respond::document(house, method, visit, || {
        let issuer = &house.settings.issuer;
        let mut metadata = json!({
            "issuer": issuer,
            "token_endpoint": house.token_endpoint,
            "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
            "introspection_endpoint": format!("{issuer}/oauth2/introspect"),
            "revocation_endpoint": format!("{issuer}/oauth2/revoke"),
            // Required, and empty: there is no authorization endpoint.
            "response_types_supported": [],
            "grant_types_supported": GrantType::ALL,
            "token_endpoint_auth_methods_supported": AUTH_METHODS,
            "token_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
            "introspection_endpoint_auth_methods_supported": AUTH_METHODS,
            "introspection_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
            "revocation_endpoint_auth_methods_supported": AUTH_METHODS,
            "revocation_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
            "service_documentation": house.settings.portal,
        });
        let scopes = scopes(house);
        if !scopes.is_empty() {
            metadata["scopes_supported"] = scopes.into();
        }
        metadata
    })
}

/// Every scope that some API of this environment asks for.
pub(crate) fn scopes(house: &House) -> Vec<String> {
    house.directory.catalogue().scopes.of(house.settings.environment).iter().map(ToString::to_string).collect()
}
