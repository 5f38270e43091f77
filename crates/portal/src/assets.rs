//! Stylesheet, script and mark: in the program, under addresses that change with their content.

use std::sync::LazyLock;

use domain::digest::{hex, sha256};

/// Name, media type, content.
const FILES: &[(&str, &str, &[u8])] = &[
    ("postigo.css", "text/css; charset=utf-8", include_bytes!("../assets/postigo.css")),
    ("postigo.js", "text/javascript; charset=utf-8", include_bytes!("../assets/postigo.js")),
    ("mark.svg", "image/svg+xml", include_bytes!("../assets/mark.svg")),
];

static DIGESTS: LazyLock<Vec<String>> =
    LazyLock::new(|| FILES.iter().map(|(_, _, content)| hex(&sha256(content)).chars().take(12).collect()).collect());

/// The address of an asset.
pub(crate) fn address(name: &str) -> String {
    match FILES.iter().position(|(known, ..)| *known == name) {
        Some(at) => format!("/assets/{}/{name}", DIGESTS[at]),
        None => format!("/assets/none/{name}"),
    }
}

/// Media type and content of the asset at `/assets/{digest}/{name}`; another digest is another asset.
pub(crate) fn find(digest: &str, name: &str) -> Option<(&'static str, &'static [u8])> {
    let at = FILES.iter().position(|(known, ..)| *known == name)?;
    (DIGESTS[at] == digest).then(|| (FILES[at].1, FILES[at].2))
}
