//! Webhooks of tracking events: what is registered, and what is told to whom.

use carrier::webhooks::{self, Due};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Caller, PREREGISTER, Sandbox, national};

const WEBHOOKS: &str = "/support/trackpub/api/v2/webhooks";

async fn register(caller: &Caller, url: &str) -> Value {
    let (status, webhook) = caller.post(WEBHOOKS, json!({"url": url})).await;
    assert_eq!(status, StatusCode::CREATED, "{webhook}");
    webhook
}

/// Everything that is to be told now, to everybody.
async fn told(sandbox: &Sandbox) -> Vec<Due> {
    let mut dues = Vec::new();
    for listener in webhooks::listeners(&sandbox.paloma).await.unwrap() {
        loop {
            let claim = webhooks::claim(&sandbox.paloma, &listener).await.unwrap();
            dues.extend(claim.dues);
            if !claim.more {
                break;
            }
        }
    }
    dues
}

/// Parcel, event code and URL of each.
fn said(dues: &[Due]) -> Vec<(String, String, String)> {
    let mut said: Vec<_> = dues
        .iter()
        .map(|due| {
            let body: Value = serde_json::from_str(&due.body).unwrap();
            let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
            (text("/packageCode"), text("/event/eventCode"), due.url.clone())
        })
        .collect();
    said.sort();
    said
}

store::on_both_engines! {
    async fn a_webhook_is_registered_listed_and_removed(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let made = register(&caller, "https://shop.example.com/hook").await;
        assert_eq!((&made["failures"], &made["lastResult"], &made["lastDate"]), (&json!(0), &Value::Null, &Value::Null));
        assert_eq!(made["creationDate"], "2026-06-01T14:00:00+02:00");
        assert_eq!(caller.get(WEBHOOKS).await, (StatusCode::OK, json!([made])));
        let path = format!("{WEBHOOKS}/{}", made["id"].as_str().unwrap());
        for stranger in [sandbox.project(2), sandbox.production()] {
            assert_eq!(stranger.get(WEBHOOKS).await.1, json!([]));
            assert_eq!(stranger.send(Method::DELETE, &path, "").await.status(), StatusCode::NOT_FOUND);
        }
        let removed = caller.send(Method::DELETE, &path, "").await;
        assert_eq!((removed.status(), removed.body().len()), (StatusCode::NO_CONTENT, 0));
        for path in [path.as_str(), &format!("{WEBHOOKS}/x"), &format!("{WEBHOOKS}/%00")] {
            assert_eq!(caller.send(Method::DELETE, path, "").await.status(), StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(caller.get(WEBHOOKS).await.1, json!([]));
    }

    async fn what_cannot_be_sent_to_is_refused_with_the_reason(test: TestDb) {
        let sandbox = Sandbox::new(test);
        for body in [json!({}), json!({"url": null}), json!({"url": []}), json!({"url": "ftp://example.com/"}), json!({"url": "http://127.0.0.1/"})] {
            let (status, answer) = sandbox.caller().post(WEBHOOKS, body.clone()).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
            assert!(answer["body"].as_str().unwrap().starts_with("url: "), "{answer}");
        }
        let at_home = Caller { paloma: sandbox.paloma.clone().with_private_webhooks(true), ..sandbox.caller() };
        register(&at_home, "http://127.0.0.1:9000/hook").await;
    }

    async fn a_project_has_five_webhooks_however_many_ask_at_once(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let mut calls = tokio::task::JoinSet::new();
        for number in 0..12 {
            let caller = sandbox.caller();
            calls.spawn(async move { caller.post(WEBHOOKS, json!({"url": format!("https://example.com/{}", number / 2)})).await.0 });
        }
        let answers = calls.join_all().await;
        assert_eq!(answers.iter().filter(|status| **status == StatusCode::CREATED).count(), 5, "{answers:?}");
        assert!(answers.iter().all(|status| [StatusCode::CREATED, StatusCode::CONFLICT].contains(status)), "{answers:?}");
        let (_, list) = sandbox.caller().get(WEBHOOKS).await;
        let urls: std::collections::BTreeSet<_> = list.as_array().unwrap().iter().map(|one| one["url"].to_string()).collect();
        assert_eq!(urls.len(), 5, "no URL twice: {list}");
        register(&sandbox.project(2), "https://example.com/0").await;
    }

    async fn what_happens_to_a_parcel_is_told_once_to_each_webhook_of_its_project(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let (shop, other) = (sandbox.project(1), sandbox.project(2));
        register(&shop, "https://example.com/a").await;
        register(&shop, "https://example.com/b").await;
        register(&other, "https://example.com/other").await;
        let shipment = shop.ship(national()).await;
        let parcel = crate::support::code(&shipment);
        let dues = told(&sandbox).await;
        let row = |event: &str, url: &str| (parcel.clone(), event.to_owned(), format!("https://example.com/{url}"));
        assert_eq!(said(&dues), [row("A090000V", "a"), row("A090000V", "b")]);
        let body: Value = serde_json::from_str(&dues[0].body).unwrap();
        let (_, trace) = shop.get(&format!("/support/trackpub/api/v2/search/{parcel}")).await;
        let expected = json!({"type": "tracking.event", "environment": "sandbox", "packageCode": parcel,
            "shipmentCode": shipment["shipmentCode"], "event": trace["events"][0]});
        assert_eq!(body, expected);
        assert_eq!(told(&sandbox).await, []);

        sandbox.hands.advance(60);
        shop.post(&format!("{PREREGISTER}/delivery/annulment"), json!({"packageCode": parcel})).await;
        assert_eq!(said(&told(&sandbox).await), [row("A040000R", "a"), row("A040000R", "b")]);
        assert_eq!(told(&sandbox).await, []);
    }

    async fn nobody_is_told_of_what_happened_before_they_listened(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let parcel = caller.parcel().await;
        sandbox.hands.advance(1);
        register(&caller, "https://example.com/a").await;
        assert_eq!(told(&sandbox).await, []);
        sandbox.hands.advance(1);
        let late = register(&caller, "https://example.com/b").await;
        caller.post(&format!("{PREREGISTER}/delivery/annulment"), json!({"packageCode": parcel})).await;
        caller.send(Method::DELETE, &format!("{WEBHOOKS}/{}", late["id"].as_str().unwrap()), "").await;
        assert_eq!(said(&told(&sandbox).await), [(parcel, "A040000R".into(), "https://example.com/a".into())]);
    }

    async fn of_several_nodes_exactly_one_tells(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        register(&caller, "https://example.com/a").await;
        let mut many = national();
        many["packagesNumber"] = json!("50");
        many["packages"] = json!(vec![json!({"packageWeightGrams": "100"}); 50]);
        let shipment = caller.ship(many).await;
        let listener = webhooks::listeners(&sandbox.paloma).await.unwrap()[0];
        let mut nodes = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let paloma = sandbox.paloma.clone();
            nodes.spawn(async move {
                let mut dues = Vec::new();
                loop {
                    let claim = webhooks::claim(&paloma, &listener).await.unwrap();
                    dues.extend(claim.dues);
                    if !claim.more {
                        break dues;
                    }
                }
            });
        }
        let mut dues: Vec<_> = nodes.join_all().await.into_iter().flatten().collect();
        // A node that came second to a claim may have left before the rest was taken on.
        dues.extend(told(&sandbox).await);
        let mut expected: Vec<_> = shipment["packages"].as_array().unwrap().iter().map(|one| one["packageCode"].as_str().unwrap()).collect();
        expected.sort_unstable();
        assert_eq!(said(&dues).into_iter().map(|(parcel, ..)| parcel).collect::<Vec<_>>(), expected);
    }

    async fn what_came_of_a_delivery_is_listed(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        register(&caller, "https://example.com/a").await;
        caller.parcel().await;
        let due = told(&sandbox).await.remove(0);
        for (good, result, failures) in [(false, "500", 1), (false, "no connection", 2), (true, "204", 0)] {
            webhooks::told(&sandbox.paloma, &due, good, result).await.unwrap();
            let (_, list) = caller.get(WEBHOOKS).await;
            assert_eq!((&list[0]["failures"], &list[0]["lastResult"]), (&json!(failures), &json!(result)));
            assert_eq!(list[0]["lastDate"], "2026-06-01T14:00:00+02:00");
        }
    }
}
