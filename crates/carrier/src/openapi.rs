//! The OpenAPI documents of the carrier's APIs, as the demo publishes them.

/// File name and text of each document.
pub const DOCUMENTS: &[(&str, &str)] = &[
    ("fedex-ship.yaml", include_str!("../openapi/fedex-ship.yaml")),
    ("fedex-track.yaml", include_str!("../openapi/fedex-track.yaml")),
    ("labels.yaml", include_str!("../openapi/labels.yaml")),
    ("preregister.yaml", include_str!("../openapi/preregister.yaml")),
    ("requests.yaml", include_str!("../openapi/requests.yaml")),
    ("shop.yaml", include_str!("../openapi/shop.yaml")),
    ("tracking.yaml", include_str!("../openapi/tracking.yaml")),
];
