//! Nothing that can be sent makes it stumble (trust §1 rows 57, 65).

use http::Method;
use proptest::{prelude::*, test_runner::TestRunner};

use crate::{
    ask::{ask, form},
    house::House,
};

const PATHS: [&str; 5] = ["/oauth2/token", "/oauth/token", "/api/authorize/token", "/oauth2/introspect", "/oauth2/revoke"];

fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let names = "(grant_type|scope|token|child_key|child_id|child_secret|client_id)=[ -~]{0,30}(&(scope|grant_type|token|x)=[%a-f0-9+&=.]{0,30}){0,3}";
    let grants = "grant_type=(client_credentials|csp_credentials)&scope=[ -~]{0,20}&child_key=[ -~]{0,9}";
    prop_oneof![proptest::collection::vec(any::<u8>(), 0..200), names.prop_map(String::into_bytes), grants.prop_map(String::into_bytes)]
}

#[test]
fn whatever_is_sent_the_answer_is_json_and_never_our_fault() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let house = runtime.block_on(async { House::open(store::testkit::sqlite().await).await });
    let shop = runtime.block_on(house.shop());
    let own = form(&[("client_id", shop.id.as_str()), ("client_secret", &shop.secret)]);
    let requests = (
        proptest::sample::select(&PATHS[..]),
        bodies(),
        any::<bool>(),
        proptest::option::of("(Basic|basic|Bearer|) ?[ -~]{0,40}"),
        "[ -~]{0,70}",
    );
    let mut runner = TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) });
    let run = runner.run(&requests, |(path, mut body, authenticated, authorization, transaction)| {
        if authenticated {
            body.push(b'&');
            body.extend_from_slice(own.as_bytes());
        }
        let mut ask = ask(Method::POST, path).body(body).header("x-customer-transaction-id", &transaction);
        if let Some(authorization) = &authorization {
            ask = ask.header("authorization", authorization);
        }
        let answer = runtime.block_on(ask.send(&house));
        prop_assert!(answer.status < 500, "{}", answer.body);
        prop_assert!(answer.body.is_empty() || answer.json().is_object());
        prop_assert!(!answer.body.contains(&shop.secret));
        Ok(())
    });
    if let Err(error) = run {
        panic!("{error}");
    }
}
