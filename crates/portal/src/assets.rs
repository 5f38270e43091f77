//! Stylesheet, script and mark: in the program, under addresses that change with their content.

use std::{io::Write as _, sync::LazyLock};

use bytes::Bytes;
use domain::digest::{hex, sha256};
use flate2::{Compression, write::GzEncoder};

/// Name, media type, content.
const FILES: &[(&str, &str, &[u8])] = &[
    ("postigo.css", "text/css; charset=utf-8", include_bytes!("../assets/postigo.css")),
    ("postigo.js", "text/javascript; charset=utf-8", include_bytes!("../assets/postigo.js")),
    ("console-before.js", "text/javascript; charset=utf-8", include_bytes!("../assets/console-before.js")),
    ("console-after.js", "text/javascript; charset=utf-8", include_bytes!("../assets/console-after.js")),
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

/// The console's script as it is handed out: compressed, since it is longer than all pages together.
pub(crate) struct Scalar {
    digest: String,
    /// For browsers that take gzip (RFC 1952), which all that can run it do.
    pub(crate) gzip: Bytes,
    pub(crate) plain: Bytes,
}

/// Made when somebody opens the first console; it takes a blink.
static SCALAR: LazyLock<Scalar> = LazyLock::new(|| {
    let plain = Bytes::from(scalar_api_reference::get_asset("scalar.js").unwrap_or_default());
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail.
    let gzip = gzip.write_all(&plain).and_then(|()| gzip.finish()).unwrap_or_default();
    Scalar { digest: hex(&sha256(&plain)).chars().take(12).collect(), gzip: gzip.into(), plain }
});

/// The address of the console's script.
pub(crate) fn scalar_address() -> String {
    format!("/assets/{}/scalar.js", SCALAR.digest)
}

/// The console's script, when this is its address.
pub(crate) fn scalar(digest: &str, name: &str) -> Option<&'static Scalar> {
    (name == "scalar.js" && SCALAR.digest == digest).then(|| &*SCALAR)
}
