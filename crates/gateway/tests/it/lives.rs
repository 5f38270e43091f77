//! An API's life as its callers see it: published, deprecated, retired, served again.

use domain::{
    Timestamp,
    api::{Life, Status},
};
use store::apis;

use crate::{
    call::get,
    house::{House, api, house},
    origin,
};

async fn turned(house: &House, change: impl Fn(Life) -> Life) {
    let before = apis::entry(&house.test.db, &"store".into()).await.expect("reads").expect("an entry").life();
    let after = change(before);
    house.change(async |tx| apis::set_life(tx, &"store".into(), &before, &after).await).await;
}

#[tokio::test]
async fn what_is_deprecated_says_since_when_and_until_when_and_nothing_else_does() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url]), api("other", &[&origin.url])]).await;
    let token = house.token(&house.shop, "READ");
    let silent = house.send(get("/store/things").bearer(&token)).await;
    assert_eq!((silent.verdict().as_str(), silent.header("deprecation"), silent.header("sunset")), ("200 -", "", ""));

    let (since, until): (Timestamp, Timestamp) =
        ("2027-03-01T00:00:00Z".parse().expect("a moment"), "2027-12-31T23:00:00Z".parse().expect("a moment"));
    turned(&house, |life| Life { status: Status::Deprecated, deprecated_at: Some(since), sunset_at: Some(until), ..life }).await;
    // A refusal says it too: it is about the API, not about the answer.
    for (call, verdict) in [(get("/store/things").bearer(&token), "200 -"), (get("/store/things"), "401 no-token")] {
        let answer = house.send(call).await;
        assert_eq!(answer.verdict(), verdict);
        assert_eq!(answer.header("deprecation"), "@1803859200");
        assert_eq!(answer.header("sunset"), "Fri, 31 Dec 2027 23:00:00 GMT");
    }
    assert_eq!(house.send(get("/other/things").bearer(&token)).await.header("deprecation"), "");

    turned(&house, |life| Life { status: Status::Published, deprecated_at: None, sunset_at: None, ..life }).await;
    assert_eq!(house.send(get("/store/things").bearer(&token)).await.header("deprecation"), "");
}

#[tokio::test]
async fn what_is_retired_is_routed_no_more_and_comes_back_with_its_grants() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let token = house.token(&house.shop, "READ");
    turned(&house, |life| Life { status: Status::Retired, retired_at: Some(life.since), ..life }).await;
    assert_eq!(house.send(get("/store/things").bearer(&token)).await.verdict(), "404 no-route");
    assert_eq!(origin.hits(), 0);
    turned(&house, |life| Life { status: Status::Published, retired_at: None, ..life }).await;
    assert_eq!(house.send(get("/store/things").bearer(&token)).await.verdict(), "200 -");
}
