//! When what must be known cannot be (trust T40, F18; §1 rows 16, 57), and what is never written down (row 58).

use std::{
    io::Write,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tracing_subscriber::fmt::MakeWriter;

use crate::{
    ask::{TOKEN_ROUTES, access_token, get, post, token},
    house::House,
};

store::on_both_engines! {
    async fn without_a_database_known_clients_are_served_and_the_others_hear_503(test: TestDb) {
        let house = House::open(test).await;
        let (known, unseen) = (house.shop().await, house.shop().await);
        let held = access_token(&house, &known).await;
        house.db.close().await;
        for (_, path) in TOKEN_ROUTES {
            assert_eq!(token(path, &[]).basic(known.id.as_str(), &known.secret).send(&house).await.status, 200, "memory is enough");
            for (id, secret) in [(unseen.id.as_str(), &*unseen.secret), ("sbx_ci_nobody", "x")] {
                let answer = token(path, &[]).basic(id, secret).send(&house).await;
                assert_eq!((answer.status, answer.header("retry-after")), (503, Some("1")), "{path}");
                assert!(!answer.body.to_lowercase().contains("database") && !answer.body.contains("pool"), "{}", answer.body);
            }
        }
        let answer = post("/oauth2/introspect").form(&[("token", &held)]).basic(known.id.as_str(), &known.secret).send(&house).await;
        assert!(answer.json()["active"] == true);
        for path in ["/.well-known/oauth-authorization-server", "/.well-known/jwks.json"] {
            assert_eq!(get(path).send(&house).await.status, 200);
        }
    }

    async fn past_max_stale_nothing_is_decided_any_more(test: TestDb) {
        let settings = directory::Settings { max_stale: Some(Duration::from_millis(700)), ..directory::Settings::default() };
        let house = House::open_with(test, settings).await;
        let shop = house.shop().await;
        let held = access_token(&house, &shop).await;
        house.directory.stop();
        let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
        while !house.directory.is_too_stale() {
            assert!(tokio::time::Instant::now() < deadline, "grows stale");
            tokio::task::yield_now().await;
        }
        for (_, path) in TOKEN_ROUTES {
            let answer = token(path, &[]).basic(shop.id.as_str(), &shop.secret).send(&house).await;
            assert_eq!((answer.status, answer.header("retry-after")), (503, Some("1")));
        }
        let answer = post("/oauth2/introspect").form(&[("token", &held)]).basic(shop.id.as_str(), &shop.secret).send(&house).await;
        assert_eq!(answer.status, 503);
    }
}

/// Everything that is logged, in one place.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;
    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_secret_and_no_token_is_ever_logged_or_answered() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).with_ansi(false).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let house = House::open(store::testkit::sqlite().await).await;
    let shop = house.shop().await;
    let (platform, key) = house.platform().await;
    let mut tokens = vec![access_token(&house, &shop).await, access_token(&house, &shop).await];
    let mut answers = String::new();
    for (_, path) in TOKEN_ROUTES {
        let all = [
            ("client_id", platform.id.as_str()),
            ("client_secret", &platform.secret),
            ("child_key", key.id.as_str()),
            ("child_secret", &key.secret),
        ];
        for grant_type in ["csp_credentials", "client_pc_credentials", "client_credentials", "password"] {
            let form: Vec<_> = all.iter().copied().chain([("grant_type", grant_type)]).collect();
            let answer = post(path).form(&form).send(&house).await;
            match answer.status {
                200 => tokens.push(answer.json()["access_token"].as_str().expect("a token").to_owned()),
                _ => answers.push_str(&answer.body),
            }
            answers.push_str(&post(path).form(&form).basic(platform.id.as_str(), "my-wrong-secret").send(&house).await.body);
            answers.push_str(&post(&format!("{path}?client_secret={}", shop.secret)).form(&form).send(&house).await.body);
        }
    }
    for path in ["/oauth2/introspect", "/oauth2/revoke"] {
        answers.push_str(&post(path).form(&[("token", &tokens[0])]).basic(shop.id.as_str(), "my-wrong-secret").send(&house).await.body);
        answers.push_str(&post(path).form(&[("token", &tokens[0])]).basic(shop.id.as_str(), &shop.secret).send(&house).await.body);
    }
    house.db.close().await;
    answers.push_str(&post("/oauth2/revoke").form(&[("token", &tokens[1])]).basic(shop.id.as_str(), &shop.secret).send(&house).await.body);
    answers.push_str(&token("/oauth2/token", &[]).basic("sbx_ci_unseen", "my-wrong-secret").send(&house).await.body);

    let logged = String::from_utf8(log.0.lock().unwrap_or_else(PoisonError::into_inner).clone()).expect("UTF-8");
    assert_eq!(logged.matches("a request could not be decided").count(), 2, "the log was listened to, and each fault is in it once");
    for secret in tokens.iter().chain([&shop.secret, &platform.secret, &key.secret, &"my-wrong-secret".to_owned()]) {
        assert!(!logged.contains(secret.as_str()) && !answers.contains(secret.as_str()), "{secret}");
        // Nor the signature, by which a token could be put together again.
        let tail = &secret[secret.len() - 15..];
        assert!(!logged.contains(tail) && !answers.contains(tail), "{tail}");
    }
}
