//! Clients that sign instead of sending a secret, and customer keys bound to what they sign with.

use std::process::Command;

use postigo_e2e::{
    credentials::{CustomerKey, text},
    demo::Demo,
    moments::within_a_second,
    program::{run, workspace},
};

/// RFC 7515, appendix A.3: both halves are published.
const PRIVATE: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;

#[tokio::test]
async fn openid_client_signs_for_itself_and_for_a_customer_whose_secret_is_not_enough_any_more() {
    let demo = Demo::start().await;
    let (platform, operator) = (demo.platform(), demo.operator());
    let (key, other) = (&platform.customer_keys[0], &platform.customer_keys[1]);
    let (private, public) = (demo.folder().join("private.jwk"), demo.folder().join("public.jwk"));
    std::fs::write(&private, PRIVATE).expect("writes");
    let both = [private.to_str().expect("text"), public.to_str().expect("text")];
    let refused = operator.types(&["client", "add-public-key", &platform.client_id, both[0]]);
    assert!(refused.refusal().contains("private half"), "{refused:?}");
    let half = PRIVATE.split(r#","d""#).next().expect("a beginning");
    std::fs::write(&public, format!("{half}}}")).expect("writes");
    let registered = operator.reads(&["client", "add-public-key", &platform.client_id, both[1]]);
    let thumbprint = text(&registered, "/thumbprint");

    let knocks = async |key: &CustomerKey| platform.knocks_for("/oauth2/token", "csp_credentials", (&key.key, &key.secret)).await.status;
    operator.does(&["customer-key", "bind", &key.key, "--to", &thumbprint]);
    within_a_second("the binding", 401, async || knocks(key).await).await;
    assert_eq!(knocks(other).await, 200, "no other key is touched");

    let signs = || {
        let mut node = Command::new("node");
        node.arg("private_key_jwt.mjs").arg(&demo.json).arg(&private).args([&platform.client_id, &key.key]);
        run(node.current_dir(workspace().join("e2e/clients/node")))
    };
    let outcome = signs();
    assert_eq!(outcome.code, 0, "{}\n{}", outcome.stdout, outcome.stderr);
    assert_eq!(outcome.stdout.lines().filter(|line| line.starts_with("ok ")).count(), 7, "{}", outcome.stdout);

    operator.does(&["client", "remove-public-key", &platform.client_id, &thumbprint]);
    assert_ne!(signs().code, 0, "with the public key all of it ends");
    assert_eq!(knocks(key).await, 401);
    operator.does(&["customer-key", "unbind", &key.key]);
    within_a_second("the freed key", 200, async || knocks(key).await).await;
}
