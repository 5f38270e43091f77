//! What is written down, and what never is.

use std::{fs, path::Path};

use http::Method;
use postigo_e2e::{
    call::{get, post},
    credentials::text,
    demo::Demo,
    moments::eventually,
    program::PATIENCE,
    shipment::{DELIVERY, SEARCH, delivery},
};

/// Every file below a folder, as bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()).filter(|path| path.is_file());
    entries.map(|path| (path.display().to_string(), fs::read(&path).expect("reads"))).collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn no_secret_is_written_to_logs_decisions_or_the_database() {
    // Louder than anybody should run it.
    let demo = Demo::start_with(|command| command.env("RUST_LOG", "trace")).await;
    let (shop, platform, operator) = (demo.shop(), demo.platform(), demo.operator());
    let key = &platform.customer_keys[0];
    let token = shop.token("").await;
    let child = platform.token_for("csp_credentials", key).await;
    let fresh = operator.reads(&["secret", "create", "--client", &shop.client_id]);
    let mut kept = vec![
        shop.client_secret.clone(),
        platform.client_secret.clone(),
        shop.api_credential.1.clone(),
        key.secret.clone(),
        text(&fresh, "/client_secret"),
        token.clone(),
        child.clone(),
    ];
    // Where people put them by mistake.
    let in_query = format!("{DELIVERY}?access_token={token}&client_secret={}&x=visible", shop.client_secret);
    let mistakes = [
        shop.api(Method::POST, DELIVERY, &token).json(&delivery()).http2().send().await,
        shop.api(Method::POST, DELIVERY, &token).json(&delivery()).send().await,
        post(format!("{}{in_query}", shop.base)).pair(shop.pair()).json(&delivery()).send().await,
        post(format!("{}/oauth2/token?client_secret={}", shop.base, shop.client_secret))
            .form(&[("grant_type", "client_credentials")])
            .send()
            .await,
        shop.api(Method::GET, &format!("{SEARCH}/X"), &shop.client_secret).send().await,
        shop.api(Method::POST, DELIVERY, &token).pair((shop.pair().0, &(shop.pair().1.to_owned() + "x"))).json(&delivery()).send().await,
        get(format!("{}/oauth2/token", shop.base)).header("cookie", &format!("token={token}")).send().await,
        shop.asks("/oauth2/introspect", &[("token", &token)]).send().await,
        shop.asks("/oauth2/revoke", &[("token", &child)]).send().await,
        platform.knocks_for("/oauth/token", "csp_credentials", (&key.key, &(key.secret.clone() + "x"))).await,
    ];
    // The signature alone is as good as the token to whoever has the rest.
    kept.extend([&token, &child].map(|token| token.rsplit('.').next().expect("a signature").to_owned()));

    for answer in &mistakes {
        assert!(kept.iter().all(|secret| !holds(&answer.body, secret)), "no answer repeats a secret: {answer:?}");
    }
    // The third one was the gateway's to refuse: what it wrote of it names the path and not the query.
    let id = mistakes[2].id();
    let report = eventually(PATIENCE, async || Some(operator.types(&["decision", id, "--json"])).filter(|outcome| outcome.code == 0))
        .await
        .expect("a decision");
    assert!(report.stdout.contains(DELIVERY) && !report.stdout.contains("visible"), "{report:?}");

    let logged = demo.process.stderr();
    assert!(logged.len() > 1000, "it was loud: {logged}");
    let mut written = files(demo.data());
    // Some of it lies in the write-ahead log still.
    let kept_there: usize = written.iter().filter(|(name, _)| name.contains("postigo.db")).map(|(_, bytes)| bytes.len()).sum();
    assert!(kept_there > 100_000, "the database is among what is looked at");
    written.push(("standard error".to_owned(), logged.into_bytes()));
    written.push(("a decision".to_owned(), report.stdout.into_bytes()));
    for (name, bytes) in &written {
        for secret in &kept {
            let line = || {
                String::from_utf8_lossy(bytes)
                    .lines()
                    .find(|line| line.contains(secret.as_str()))
                    .unwrap_or_default()
                    .chars()
                    .take(300)
                    .collect::<String>()
            };
            assert!(!holds(bytes, secret), "{secret} stands in {name}: {}", line());
        }
    }
    let master = fs::read_to_string(demo.data().join("master.key")).expect("the master key");
    let others = written.iter().filter(|(name, _)| !name.ends_with("master.key"));
    assert!(
        others.clone().count() > 3 && others.into_iter().all(|(_, bytes)| !holds(bytes, master.trim())),
        "the master key is nowhere else"
    );
}
