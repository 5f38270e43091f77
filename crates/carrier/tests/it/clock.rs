//! Time that moves.

use http::{Method, StatusCode};
use serde_json::Value;

use crate::{
    preregister::link_contract,
    support::{Caller, PREREGISTER, SHOP, Sandbox},
};

const CLOCK: &str = "x-sandbox-clock";
const SEARCH: &str = "/support/trackpub/api/v2/search";

/// Moves the clock with a call that does nothing else, and answers what the carrier says the time is now.
pub async fn set(caller: &Caller, clock: &str) -> String {
    let response = caller.with(CLOCK, clock).send(Method::GET, &format!("{SEARCH}/NOBODYS"), "").await;
    assert_eq!(response.status(), StatusCode::OK, "{clock}");
    response.headers()[CLOCK].to_str().unwrap().to_owned()
}

/// The time of a project, told by what it preregisters.
async fn told(caller: &Caller) -> String {
    let code = caller.parcel().await;
    let (_, trace) = caller.get(&format!("{SEARCH}/{code}")).await;
    let first = &trace["events"][0];
    format!("{} {}", first["eventDate"].as_str().unwrap(), first["eventHours"].as_str().unwrap())
}

store::on_both_engines! {
    async fn a_clock_is_moved_in_every_form_and_stays_moved(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        for (clock, now) in [
            ("+3d", "2026-06-04T12:00:00Z"),
            ("+36h", "2026-06-06T00:00:00Z"),
            ("+90m", "2026-06-06T01:30:00Z"),
            ("-2h", "2026-06-05T23:30:00Z"),
            ("P3D", "2026-06-08T23:30:00Z"),
            ("PT36H", "2026-06-10T11:30:00Z"),
            ("2027-01-15T09:00:00+01:00", "2027-01-15T08:00:00Z"),
            ("2020-02-29T00:00:00Z", "2020-02-29T00:00:00Z"),
            ("reset", "2026-06-01T12:00:00Z"),
            ("+1d", "2026-06-02T12:00:00Z"),
            ("now", "2026-06-01T12:00:00Z"),
            ("+1h", "2026-06-01T13:00:00Z"),
        ] {
            assert_eq!(set(&caller, clock).await, now, "{clock}");
        }
        assert_eq!(told(&caller).await, "01/06/2026 15:00:00");
        // It runs on, and another node of the same database knows it.
        sandbox.hands.advance(60);
        assert_eq!(told(&caller).await, "01/06/2026 15:01:00");
        let node = Sandbox { hands: sandbox.hands.clone(), ..Sandbox::new(sandbox.test) };
        node.hands.advance(60);
        assert_eq!(set(&node.caller(), "+0s").await, "2026-06-01T13:00:00Z");
    }

    async fn only_the_project_that_moves_its_clock_moves(test: TestDb) {
        let sandbox = Sandbox::new(test);
        set(&sandbox.project(1), "+3d").await;
        assert_eq!(told(&sandbox.project(1)).await, "04/06/2026 14:00:00");
        assert_eq!(told(&sandbox.project(2)).await, "01/06/2026 14:00:00");
        assert_eq!(set(&sandbox.project(2), "+0s").await, "2026-06-01T12:00:00Z");
    }

    async fn moves_at_the_same_time_all_count(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let moves: Vec<_> = (0..8).map(|_| {
            let caller = sandbox.caller();
            tokio::spawn(async move { set(&caller, "+1h").await })
        }).collect();
        for moved in moves {
            moved.await.unwrap();
        }
        assert_eq!(set(&sandbox.caller(), "+0s").await, "2026-06-01T20:00:00Z");
    }

    async fn a_value_that_is_no_time_is_refused_in_the_paths_shape_with_the_forms_that_are(test: TestDb) {
        let sandbox = Sandbox::new(test);
        for bad in ["", "tomorrow", "2026-06-04", "+3x", "+11y", "-11y", "9999-12-31T00:00:00Z", "P1000000000Y", "+99999999999999999999d"] {
            let caller = sandbox.caller().with(CLOCK, bad);
            for (method, path, text) in [
                (Method::GET, format!("{SEARCH}/X"), "/body"),
                (Method::GET, format!("{SHOP}/requests/X"), "/moreInformation/description"),
                (Method::POST, "/track/v1/trackingnumbers".into(), "/errors/0/message"),
            ] {
                let response = caller.send(method, &path, "{}").await;
                assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{bad:?}");
                assert!(response.headers().get(CLOCK).is_none());
                let body: Value = serde_json::from_slice(response.body()).unwrap();
                let text = body.pointer(text).and_then(Value::as_str).unwrap();
                assert!(["2026-06-04T12:00:00Z", "+3d", "-2h", "P3D", "PT36H", "reset"].iter().all(|form| text.contains(form)), "{text}");
            }
        }
        assert_eq!(set(&sandbox.caller(), "+0s").await, "2026-06-01T12:00:00Z");
    }

    async fn a_refused_call_that_moved_the_clock_says_so_and_one_that_led_nowhere_moved_nothing(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller().with(CLOCK, "+1h");
        let response = caller.send(Method::POST, &format!("{PREREGISTER}/delivery"), "{").await;
        assert_eq!((response.status(), &response.headers()[CLOCK]), (StatusCode::BAD_REQUEST, &"2026-06-01T13:00:00Z".parse().unwrap()));
        let response = caller.send(Method::GET, "/nowhere", "").await;
        assert!(response.status() == StatusCode::NOT_FOUND && response.headers().get(CLOCK).is_none());
        assert_eq!(set(&sandbox.caller(), "+0s").await, "2026-06-01T13:00:00Z");
    }

    async fn production_has_one_time_for_all(test: TestDb) {
        let sandbox = Sandbox::new(test);
        set(&sandbox.caller(), "+3d").await;
        for clock in ["+3d", "nonsense", "reset"] {
            let response = sandbox.production().with(CLOCK, clock).send(Method::GET, &format!("{SEARCH}/NOBODYS"), "").await;
            assert_eq!(response.status(), StatusCode::OK);
            assert!(response.headers().get(CLOCK).is_none());
        }
        link_contract(&sandbox, &sandbox.production(), ["54000000", "80000000", "XXX1"]).await;
        let caller = sandbox.production().with(CLOCK, "+3d");
        assert_eq!(told(&caller).await, "01/06/2026 14:00:00");
        assert_eq!(set(&sandbox.caller(), "+0s").await, "2026-06-04T12:00:00Z");
    }
}
