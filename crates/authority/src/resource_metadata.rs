//! Protected resource metadata (RFC 9728): for an environment as a whole, and for every path of its APIs.
//!
//! `resource` is always the URL whose metadata this is, made of the issuer and the path that was asked about (section 3.3): the metadata
//! of one resource cannot be passed off as another's.

use domain::{ScopeSet, api::Api};
use serde_json::json;
use web::{Request, Response, Visit};

use crate::{
    House,
    dialect::Dialect,
    metadata,
    refusal::Refusal,
    respond,
    route::{RESOURCE_METADATA, below, issuer_path},
};

pub(crate) fn answer(house: &House, request: &Request, visit: &Visit) -> Response {
    let issuer = &*house.settings.issuer;
    let asked = below(request.uri().path(), RESOURCE_METADATA).unwrap_or_default();
    // Where the issuer has a path, it stands here too (section 3.1), unless a proxy took it away.
    let own = issuer_path(issuer);
    let path = if own.is_empty() { asked } else { below(asked, own).unwrap_or(asked) };
    let (scopes, in_query) = if path.is_empty() {
        (metadata::scopes(house), false)
    } else {
        match below_path(house, path) {
            Some(found) => found,
            None => return respond::refused(house, Dialect::Oauth, Refusal::NotFound, visit, None),
        }
    };
    respond::document(house, request.method(), visit, || {
        let mut document = json!({
            "resource": format!("{issuer}{path}"),
            "authorization_servers": [issuer],
            "bearer_methods_supported": if in_query { &["header", "query"][..] } else { &["header"] },
            "resource_documentation": house.settings.portal,
        });
        if !scopes.is_empty() {
            document["scopes_supported"] = scopes.into();
        }
        document
    })
}

/// The scopes of the operations at `path` and below, and whether all of their APIs take the token in the query. `None`: there are none.
fn below_path(house: &House, path: &str) -> Option<(Vec<String>, bool)> {
    let catalogue = house.directory.catalogue();
    let found: Vec<(&Api, ScopeSet)> = catalogue
        .apis
        .iter()
        .filter(|api| !api.upstreams.of(house.settings.environment).is_empty())
        .filter_map(|api| {
            let mut operations = api.operations.iter().filter(|op| leads_to(path, &op.path)).peekable();
            operations.peek()?;
            Some((&**api, operations.flat_map(|op| &op.scopes).flat_map(|set| set.iter().cloned()).collect()))
        })
        .collect();
    let scopes = found.iter().fold(ScopeSet::EMPTY, |all, (_, scopes)| all.union(scopes));
    let in_query = found.iter().all(|(api, _)| api.token_in_query);
    (!found.is_empty()).then(|| (scopes.iter().map(ToString::to_string).collect(), in_query))
}

/// Whether `path` is the template itself, one of its instances, or the beginning of one.
fn leads_to(path: &str, template: &str) -> bool {
    let mut template = template.split('/');
    path.split('/').all(|segment| {
        template.next().is_some_and(|expected| match expected.starts_with('{') {
            true => !matches!(segment, "" | "." | ".."),
            false => segment == expected,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_known_up_to_where_its_template_ends() {
        let template = "/support/trackpub/api/v2/search/{code}";
        for path in ["/support", "/support/trackpub/api/v2", "/support/trackpub/api/v2/search", "/support/trackpub/api/v2/search/PQ1"] {
            assert!(leads_to(path, template), "{path}");
        }
        for path in [
            "/",
            "/supp",
            "/support/",
            "//support",
            "/support/trackpub/api/v2/search/..",
            "/support/trackpub/api/v2/search/PQ1/x",
            "/Support",
        ] {
            assert!(!leads_to(path, template), "{path}");
        }
    }
}
