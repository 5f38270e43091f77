//! Which path leads where. Paths are the carriers' own; their case counts.

use http::Method;

use crate::respond::Refusal;

/// Every endpoint; several paths may lead to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Preregister,
    ValidatePreregistration,
    ReadPreregistration,
    ModifyPreregistration,
    AnnulPreregistration,
    PreregisterSome,
    AnnulExpedition,
    ReadExpedition,
    FindByReference,
    GenerateCodes,
    BackOfficeTotal,
    BackOfficeErrors,
    BackOfficeWaiting,
    BackOfficeShipment,
    PrintLabels,
    CreateRequests,
    ReadRequest,
    ListRequests,
    CancelRequest,
    AcceptChanges,
    RequestsOfParcel,
    Search,
    Expedition,
    CreateWebhook,
    ListWebhooks,
    RemoveWebhook,
    Trace,
    Documents,
    Lockers,
    FedexTrack,
    FedexCancel,
}

/// Where a request goes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target<'p> {
    pub(crate) endpoint: Endpoint,
    /// The segment at `{}`, as it stands in the path; empty when the route has none.
    pub(crate) argument: &'p str,
}

use Endpoint as E;

const ROUTES: &[(Method, &str, Endpoint)] = &[
    (Method::POST, "/admissions/preregister/api/v1/delivery", E::Preregister),
    (Method::POST, "/admissions/preregister/api/v1/delivery/validate", E::ValidatePreregistration),
    (Method::POST, "/admissions/preregister/api/v1/delivery/package", E::ReadPreregistration),
    (Method::PUT, "/admissions/preregister/api/v1/delivery/package", E::ModifyPreregistration),
    (Method::POST, "/admissions/preregister/api/v1/delivery/annulment", E::AnnulPreregistration),
    (Method::POST, "/admissions/preregister/api/v1/delivery/annulment/expedition", E::AnnulExpedition),
    (Method::POST, "/admissions/preregister/api/v1/delivery/cn", E::PreregisterSome),
    (Method::POST, "/admissions/preregister/api/v1/delivery/package/iris", E::ReadPreregistration),
    (Method::GET, "/admissions/preregister/api/v1/delivery/package/expedition/{}", E::ReadExpedition),
    (Method::GET, "/admissions/preregister/api/v1/delivery/package/reference", E::FindByReference),
    (Method::GET, "/admissions/preregister/api/v1/delivery/package/backoffice/total", E::BackOfficeTotal),
    (Method::GET, "/admissions/preregister/api/v1/delivery/package/backoffice/error", E::BackOfficeErrors),
    (Method::GET, "/admissions/preregister/api/v1/delivery/package/backoffice/waiting-admission", E::BackOfficeWaiting),
    (Method::GET, "/admissions/preregister/api/v1/delivery/package/backoffice/shipment/{}", E::BackOfficeShipment),
    (Method::POST, "/admissions/preregister/api/v1/generate/shipmentcode", E::GenerateCodes),
    (Method::POST, "/support/labels/api/v1/labels/print", E::PrintLabels),
    (Method::POST, "/support/labels/api/v1/documents/print", E::Documents),
    (Method::POST, "/logistics/requests/api/v1/requests", E::CreateRequests),
    (Method::GET, "/logistics/requests/api/v1/requests", E::ListRequests),
    (Method::GET, "/logistics/requests/api/v1/requests/{}", E::ReadRequest),
    (Method::PATCH, "/logistics/requests/api/v1/requests/cancelRequest/{}", E::CancelRequest),
    (Method::PATCH, "/logistics/requests/api/v1/requests/acceptChanges/{}", E::AcceptChanges),
    (Method::GET, "/logistics/requests/api/v1/requests/shipment/{}", E::RequestsOfParcel),
    (Method::GET, "/support/trackpub/api/v2/search/{}", E::Search),
    (Method::GET, "/support/trackpub/api/v2/expedition/{}", E::Expedition),
    (Method::POST, "/support/trackpub/api/v2/webhooks", E::CreateWebhook),
    (Method::GET, "/support/trackpub/api/v2/webhooks", E::ListWebhooks),
    (Method::DELETE, "/support/trackpub/api/v2/webhooks/{}", E::RemoveWebhook),
    (Method::POST, "/logistics/tradeinout/api/v1/preregister/delivery", E::Preregister),
    (Method::POST, "/logistics/tradeinout/api/v1/preregister/delivery/annulment", E::AnnulPreregistration),
    (Method::POST, "/logistics/tradeinout/api/v1/preregister/delivery/annulment/expedition", E::AnnulExpedition),
    (Method::POST, "/logistics/tradeinout/api/v1/labels/print/labels", E::PrintLabels),
    (Method::POST, "/logistics/tradeinout/api/v1/labels/print/documents", E::Documents),
    (Method::POST, "/logistics/tradeinout/api/v1/requests", E::CreateRequests),
    (Method::GET, "/logistics/tradeinout/api/v1/requests/{}", E::ReadRequest),
    (Method::PATCH, "/logistics/tradeinout/api/v1/requests/cancel/{}", E::CancelRequest),
    (Method::GET, "/logistics/tradeinout/api/v1/track/search-continuous-trace/{}", E::Trace),
    (Method::GET, "/logistics/tradeinout/api/v1/terminals/homepaqs", E::Lockers),
    (Method::POST, "/track/v1/trackingnumbers", E::FedexTrack),
    (Method::PUT, "/ship/v1/shipments/cancel", E::FedexCancel),
];

/// Finds the endpoint: 404 for a path nobody serves, 405 with the methods that would do for one that somebody does.
pub(crate) fn resolve<'p>(method: &Method, path: &'p str) -> Result<Target<'p>, Refusal> {
    let mut allowed = Vec::new();
    for (served, pattern, endpoint) in ROUTES {
        if let Some(argument) = matches(pattern, path) {
            if served == method {
                return Ok(Target { endpoint: *endpoint, argument });
            }
            allowed.push(served.as_str());
        }
    }
    if allowed.is_empty() { Err(Refusal::NoRoute) } else { Err(Refusal::Method(allowed.join(", "))) }
}

fn matches<'p>(pattern: &str, path: &'p str) -> Option<&'p str> {
    match pattern.strip_suffix("{}") {
        None => (pattern == path).then_some(""),
        Some(stem) => path.strip_prefix(stem).filter(|rest| !rest.is_empty() && !rest.contains('/')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_its_endpoint_with_its_argument() {
        let target = resolve(&Method::GET, "/support/trackpub/api/v2/search/PQ1").unwrap();
        assert_eq!(target, Target { endpoint: E::Search, argument: "PQ1" });
        let target = resolve(&Method::PUT, "/admissions/preregister/api/v1/delivery/package").unwrap();
        assert_eq!(target.endpoint, E::ModifyPreregistration);
    }

    #[test]
    fn the_case_of_a_path_counts_and_so_does_a_slash_at_its_end() {
        for path in [
            "/Support/trackpub/api/v2/search/PQ1",
            "/support/trackpub/api/v2/search/",
            "/support/trackpub/api/v2/search/PQ1/",
            "/admissions/preregister/api/v1/delivery/",
            "/",
            "",
        ] {
            assert!(matches!(resolve(&Method::GET, path), Err(Refusal::NoRoute)), "{path}");
        }
    }

    #[test]
    fn a_wrong_method_is_told_the_right_ones() {
        let refusal = resolve(&Method::DELETE, "/admissions/preregister/api/v1/delivery/package").unwrap_err();
        assert!(matches!(refusal, Refusal::Method(allow) if allow == "POST, PUT"));
    }
}
