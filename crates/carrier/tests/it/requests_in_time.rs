//! How collection requests come from state to state.

use domain::collection::State;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    requests::collection,
    support::{Caller, Sandbox},
};

const REQUESTS: &str = "/logistics/requests/api/v1/requests";

/// Asks for a collection that stands in a state, and answers it.
async fn standing(caller: &Caller, member: &str, value: &str) -> Value {
    let mut one = collection();
    one[member] = json!(value);
    let (status, made) = caller.post(REQUESTS, json!([one])).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    made[0].clone()
}

async fn read(caller: &Caller, collection: &Value) -> Value {
    caller.get(&format!("{REQUESTS}/{}", collection["codRequest"].as_str().unwrap())).await.1
}

async fn patch(caller: &Caller, verb: &str, collection: &Value) -> (StatusCode, Value) {
    caller.call(Method::PATCH, &format!("{REQUESTS}/{verb}/{}", collection["codRequest"].as_str().unwrap()), json!({})).await
}

store::on_both_engines! {
    async fn a_collection_goes_by_itself_through_the_day_asked_for(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let made = standing(&caller, "timeSlot", "2").await;
        // From 14:00 in Madrid, 1 June.
        for (seconds, state, since) in [
            (0, "INICIAL", "2026-06-01T14:00:00+02:00"),
            (899, "INICIAL", "2026-06-01T14:00:00+02:00"),
            (1, "VIABLE", "2026-06-01T14:15:00+02:00"),
            (17 * 3600, "ASIGNADA", "2026-06-02T07:00:00+02:00"),
            (4 * 3600 + 45 * 60, "EN_RUTA", "2026-06-02T12:00:00+02:00"),
            (90 * 60, "REALIZADA", "2026-06-02T13:30:00+02:00"),
            (365 * 86_400, "REALIZADA", "2026-06-02T13:30:00+02:00"),
        ] {
            sandbox.hands.advance(seconds);
            let now = read(&caller, &made).await;
            assert_eq!((&now["state"], &now["modificationDate"]), (&json!(state), &json!(since)));
            assert_eq!(now["creationDate"], made["creationDate"]);
            let (_, list) = caller.get(&format!("{REQUESTS}?state={state}")).await;
            assert_eq!(list, json!([now]));
        }
        assert_eq!(caller.get(&format!("{REQUESTS}?state=INICIAL")).await.1, json!([]));
    }

    async fn a_collection_is_called_off_until_the_courier_sets_out(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let (early, late) = (standing(&caller, "timeSlot", "1").await, standing(&caller, "timeSlot", "1").await);
        // To 8:59 in Madrid, 2 June.
        sandbox.hands.advance(19 * 3600 - 60);
        assert_eq!(read(&caller, &early).await["state"], "ASIGNADA");
        assert_eq!(patch(&caller, "cancelRequest", &early).await.1["state"], "CANCELADA");
        sandbox.hands.advance(60);
        let (status, answer) = patch(&caller, "cancelRequest", &late).await;
        assert_eq!((status, &answer["code"]), (StatusCode::CONFLICT, &json!("409")));
        assert_eq!(read(&caller, &late).await["state"], "EN_RUTA");
        sandbox.hands.advance(86_400);
        let cancelled = read(&caller, &early).await;
        assert_eq!((&cancelled["state"], &cancelled["modificationDate"]), (&json!("CANCELADA"), &json!("2026-06-02T08:59:00+02:00")));
    }

    async fn a_fixed_value_reaches_every_state_in_the_sandbox(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let mut waiting = Vec::new();
        for state in State::ALL.iter().copied() {
            for member in ["observations", "clientObservations", "codSpecificContract", "originSystem"] {
                let made = standing(&caller, member, &state.fixed_value()).await;
                assert_eq!(made["state"], state.as_str(), "{member}");
                assert_eq!(read(&caller, &made).await, made);
                assert_eq!(made.get("incidence").is_some(), matches!(state, State::NoViable | State::NoRealizada), "{made}");
            }
            let made = standing(&caller, "observations", &state.fixed_value()).await;
            let accepted = patch(&caller, "acceptChanges", &made).await.0;
            assert_eq!(accepted.is_success(), state == State::ViableConCambios, "{state} {accepted}");
            let made = standing(&caller, "observations", &state.fixed_value()).await;
            let cancelled = patch(&caller, "cancelRequest", &made).await.0;
            assert_eq!(cancelled.is_success(), state.may_become(State::Cancelada), "{state} {cancelled}");
            waiting.push((state, standing(&caller, "observations", &state.fixed_value()).await));
        }
        // Whatever stands somewhere on the way goes on from there.
        sandbox.hands.advance(86_400);
        for (state, made) in waiting {
            let end = std::iter::successors(Some(state), |state| state.usual_next()).last().unwrap();
            assert_eq!(read(&caller, &made).await["state"], end.as_str(), "{state}");
        }
        let failed = standing(&caller, "observations", "SBX-REQUEST-NO_REALIZADA-AB").await;
        let incidence = json!({"code": "AB", "descriptionSpa": "El establecimiento estaba cerrado", "descriptionEng": "The premises were closed"});
        assert_eq!(failed["incidence"], incidence);
    }

    async fn production_knows_no_fixed_values(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let mut one = collection();
        one["codContract"] = Value::Null;
        one["observations"] = json!("SBX-REQUEST-CANCELADA");
        one["clientObservations"] = json!("SBX-REQUEST-NOWHERE");
        let (status, made) = sandbox.production().post(REQUESTS, json!([one])).await;
        assert_eq!((status, &made[0]["state"]), (StatusCode::CREATED, &json!("INICIAL")));
    }

    async fn what_the_carrier_adds_cannot_be_declared(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let mut one = collection();
        for member in ["codRequest", "state", "creationDate", "modificationDate", "incidence", "proposedChanges"] {
            one[member] = json!("mine");
        }
        let (_, made) = sandbox.caller().post(REQUESTS, json!([one])).await;
        assert!(!made.to_string().contains("mine"), "{made}");
    }

    async fn changes_are_accepted_once_and_move_the_collection(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let made = standing(&caller, "observations", "SBX-REQUEST-VIABLE_CON_CAMBIOS").await;
        assert_eq!(made["proposedChanges"], json!({"requestDate": "2026-06-03"}));
        sandbox.hands.advance(2 * 3600);
        let (status, accepted) = patch(&caller, "acceptChanges", &made).await;
        assert_eq!((status, &accepted["state"], &accepted["requestDate"]), (StatusCode::OK, &json!("VIABLE"), &json!("2026-06-03")));
        assert_eq!((&accepted["modificationDate"], accepted.get("proposedChanges")), (&json!("2026-06-01T16:00:00+02:00"), None));
        assert_eq!(read(&caller, &made).await, accepted);
        assert_eq!(patch(&caller, "acceptChanges", &made).await.0, StatusCode::CONFLICT);
        let (_, moved) = caller.get(&format!("{REQUESTS}?requestDateFrom=2026-06-03")).await;
        assert_eq!(moved, json!([accepted]));
        // The day asked for first is over, the one that was accepted is not.
        sandbox.hands.advance(86_400);
        assert_eq!(read(&caller, &made).await["state"], "VIABLE");
        sandbox.hands.advance(86_400);
        assert_eq!(read(&caller, &made).await["state"], "REALIZADA");
    }

    async fn of_two_conflicting_changes_exactly_one_happens(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        for _ in 0..8 {
            let made = standing(&caller, "observations", "SBX-REQUEST-VIABLE_CON_CAMBIOS").await;
            let mut changes = tokio::task::JoinSet::new();
            for verb in ["acceptChanges", "cancelRequest", "acceptChanges", "cancelRequest"] {
                let (caller, made) = (caller.clone(), made.clone());
                changes.spawn(async move { patch(&caller, verb, &made).await });
            }
            let answers = changes.join_all().await;
            let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|(status, _)| *status == StatusCode::OK);
            assert!(lost.iter().all(|(status, _)| *status == StatusCode::CONFLICT), "{lost:?}");
            // A change that was accepted can still be called off; nothing follows a cancellation.
            let states: Vec<_> = won.iter().map(|(_, answer)| answer["state"].as_str().unwrap()).collect();
            let cancelled = states.iter().filter(|state| **state == "CANCELADA").count();
            assert!(cancelled <= 1 && states.len() - cancelled <= 1 && !states.is_empty(), "{states:?}");
            let now = read(&caller, &made).await;
            assert_eq!(now["state"], if cancelled == 1 { "CANCELADA" } else { "VIABLE" });
        }
    }
}
