//! TLS at a node's own listeners.

use std::{path::PathBuf, process::Command};

use postigo_e2e::{
    call::get,
    credentials::text,
    program::{Outcome, Running, run},
    site::Site,
    wire::Wire,
};
use serde_json::Value;

/// A site whose sandbox speaks TLS with a certificate made for it.
async fn site() -> (Site, Running) {
    let site = Site::on_sqlite();
    let made = run(Command::new("openssl")
        .current_dir(site.folder())
        .args(["req", "-x509", "-nodes", "-days", "2", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])
        .args(["-keyout", "tls.key", "-out", "tls.pem", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]));
    assert_eq!(made.code, 0, "{made:?}");
    let written = std::fs::read_to_string(site.config()).expect("the configuration");
    let table = "[environments.sandbox]\n";
    site.configure(&written.replace(table, &format!("{table}certificate = \"tls.pem\"\nprivate_key = \"tls.key\"\n")));
    let node = site.serve().await;
    (site, node)
}

/// `curl`, which trusts that certificate and no other.
fn curl(site: &Site, words: &[&str]) -> Outcome {
    run(Command::new("curl").args(["--silent", "--show-error", "--max-time", "20", "--cacert"]).arg(certificate(site)).args(words))
}

fn certificate(site: &Site) -> PathBuf {
    site.folder().join("tls.pem")
}

#[tokio::test]
async fn both_versions_of_http_come_over_tls_and_the_issuer_says_https() {
    let (site, _node) = site().await;
    let base = format!("https://127.0.0.1:{}", site.port_base + 1);
    let made = site.operator().reads(&["organisation", "create", "Tienda"]);
    for (option, version) in [("--http1.1", "1.1"), ("--http2", "2")] {
        let answer = curl(
            &site,
            &[option, "--write-out", "\n%{http_version} %{http_code}", &format!("{base}/.well-known/oauth-authorization-server")],
        );
        let (body, last) = answer.stdout.rsplit_once('\n').unwrap_or_else(|| panic!("{answer:?}"));
        assert_eq!((answer.code, last), (0, format!("{version} 200").as_str()), "{answer:?}");
        let metadata: Value = serde_json::from_str(body).expect("JSON");
        assert_eq!((text(&metadata, "/issuer"), text(&metadata, "/token_endpoint")), (base.clone(), format!("{base}/oauth2/token")));
        // The client is known; nothing is granted.
        let form = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            text(&made, "/client_id"),
            text(&made, "/client_secret")
        );
        let answer = curl(&site, &[option, "--data", &form, &format!("{base}/oauth2/token")]);
        assert!(answer.stdout.contains("invalid_scope"), "{answer:?}");
        let answer = curl(&site, &[option, "--write-out", "\n%{http_code}", &format!("{base}/nowhere")]);
        assert!(answer.stdout.ends_with("\n404"), "the gateway is behind it too: {answer:?}");
    }
    let untrusting = run(Command::new("curl").args(["--silent", "--show-error", &format!("{base}/")]));
    assert_eq!(untrusting.code, 60, "a certificate nobody vouches for: {untrusting:?}");
    for old in ["1.0", "1.1"] {
        let outdated = curl(&site, &["--tls-max", old, "--ciphers", "DEFAULT@SECLEVEL=0", &base]);
        assert_eq!(outdated.code, 35, "TLS {old} is refused: {outdated:?}");
    }
}

#[tokio::test]
async fn plain_requests_at_a_tls_port_get_nothing_and_harm_nobody() {
    let (site, _node) = site().await;
    let plain = site.url(1);
    assert!(get(plain.clone() + "/.well-known/jwks.json").attempt().await.is_err());
    for garbage in ["GET / HTTP/1.1\r\nHost: h\r\n\r\n".as_bytes(), &[0x16, 3, 1, 0xff, 0xff, 1], &[0; 64]] {
        let mut wire = Wire::connect(&plain).await;
        wire.send(garbage).await;
        let (said, _) = wire.read_to_end().await;
        assert!(!said.contains("HTTP/1.1 200"), "{said:?}");
    }
    let answer = curl(&site, &[&format!("https://localhost:{}/.well-known/jwks.json", site.port_base + 1)]);
    assert!(answer.stdout.contains("\"keys\""), "{answer:?}");
    assert_eq!(get(site.url(2) + "/.well-known/jwks.json").send().await.status, 200, "the other listeners have no TLS");
}
