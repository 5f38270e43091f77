//! Preregister.

use domain::{
    CustomerType,
    contract::{ContractStatus, Standing},
};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use store::{Moment, contracts::Contract, organisations::Organisation};
use uuid::Uuid;

use crate::support::{Caller, PREREGISTER, Sandbox, code, international, national};

async fn errors(caller: &Caller, shipment: Value) -> Vec<(u64, String)> {
    let (status, answer) = caller.post(&format!("{PREREGISTER}/delivery"), json!({"shipments": [shipment]})).await;
    assert_eq!((status, &answer["result"]), (StatusCode::OK, &json!("0")), "{answer}");
    let refused = &answer["shipments"][0];
    let errors = refused["error"].as_array().unwrap();
    assert_eq!(refused["validationErrorCount"], errors.len());
    // A top-level `error` means a bad token to the shops' plug-in.
    assert!(answer.get("error").is_none());
    errors
        .iter()
        .map(|error| {
            assert!(!error["description"].as_str().unwrap().is_empty());
            (error["errorCode"].as_u64().unwrap(), error["errorFieldName"].as_str().unwrap().to_owned())
        })
        .collect()
}

store::on_both_engines! {
    async fn a_shipment_gets_its_codes_and_reads_back_as_declared(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let (status, answer) =
            caller.post(&format!("{PREREGISTER}/delivery"), json!({"errorCodeLanguage": "spa", "shipments": [national()]})).await;
        assert_eq!(status, StatusCode::CREATED);
        assert_eq!(answer, json!({
            "fileIdentifier": "PALOMA_20260601_140000",
            "result": "1",
            "shipments": [{
                "validationErrorCount": 0,
                "shipmentCode": "PQXXX1000000001X",
                "packages": [{"packageId": "1", "packageCode": "PQXXX10000000010141001P"}],
                "entryDate": "01/06/2026",
            }],
        }));

        let (status, answer) = caller
            .post(&format!("{PREREGISTER}/delivery/package"), json!({"orderType": "1", "shipments": ["PQXXX10000000010141001P"]}))
            .await;
        assert_eq!(status, StatusCode::OK);
        let read = &answer["shipments"][0];
        assert_eq!(read["shipmentCode"], "PQXXX1000000001X");
        assert_eq!(read["addressee"], national()["addressee"]);
        assert_eq!(read["packages"][0]["packageCode"], "PQXXX10000000010141001P");
        assert_eq!(read["packages"][0]["state"], "PRERREGISTRADO");
        assert_eq!(read["entryDate"], "01/06/2026");
    }

    async fn several_shipments_and_parcels_are_numbered_in_order(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let mut two = national();
        two["packagesNumber"] = json!(2);
        two["packages"] = json!([{"packageWeightGrams": 500}, {"packageWeightGrams": "700", "packageId": "B"}]);
        let (_, answer) =
            caller.post(&format!("{PREREGISTER}/delivery"), json!({"shipments": [two, national(), international()]})).await;
        let packages = |at: usize| answer["shipments"][at]["packages"].as_array().unwrap().clone();
        assert_eq!(packages(0).len(), 2);
        assert_eq!(packages(0)[0]["packageId"], "1");
        assert_eq!(packages(0)[1]["packageId"], "B");
        assert!(packages(0)[1]["packageCode"].as_str().unwrap().starts_with("PQXXX100000000102"));
        assert!(packages(1)[0]["packageCode"].as_str().unwrap().starts_with("PQXXX100000000201"));
        assert_eq!(packages(2)[0]["packageCode"], "CX000000014ES");
        assert_eq!(answer["shipments"][2]["shipmentCode"].as_str().unwrap().len(), 16);
    }

    async fn the_form_of_the_shops_plug_in_is_taken(test: TestDb) {
        // No province, empty strings, bare numbers, `company` for a name, members nobody knows.
        let sandbox = Sandbox::new(test);
        let mut shipment = national();
        shipment["admissionMethod"] = json!(1);
        shipment["packagesNumber"] = json!(1);
        shipment["modificationType"] = json!("1");
        shipment["shipmentNotes"] = json!("");
        shipment["clientNumber"] = json!("9980000000");
        shipment["sender"] = json!({"company": "Tienda S.L.", "contactPerson": "Ana", "address": "Calle 1",
            "locality": "Madrid", "cp": 28001, "zip": "", "country": "ESP", "smsNumber": "", "language": "spa"});
        shipment.as_object_mut().unwrap().remove("totalWeight");
        sandbox.caller().ship(shipment).await;
    }

    async fn abroad_takes_an_s10_number_and_customs_data(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        assert_eq!(code(&caller.ship(international()).await), "CX000000014ES");
        assert_eq!(code(&caller.ship(international()).await), "CX000000028ES");
        for product in ["S0360", "S0410", "POAZE", "POAFXB", "POAXAC"] {
            let mut shipment = international();
            shipment["product"] = json!(product);
            let code = code(&caller.ship(shipment.clone()).await);
            assert!(code.len() == 13 && code.ends_with("ES"), "{product}: {code}");
            shipment["packages"][0].as_object_mut().unwrap().remove("packageContents");
            let found = errors(&caller, shipment).await;
            assert_eq!(found, [(6069, "packages[0].packageContents.customsData".to_owned())], "{product}");
        }
    }

    async fn each_mistake_has_its_number(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let mistakes: [(&str, Value, u64); 20] = [
            ("/contractNumber", json!("54009999"), 5003),
            ("/clientNumber", json!("80000001"), 5003),
            ("/labellerCode", json!("XXX2"), 5003),
            ("/labellerCode", json!("X"), 9002),
            ("/sender/country", json!("ES"), 1007),
            ("/addressee/country", json!("ES"), 1113),
            ("/sender/province", json!("Madrid"), 1046),
            ("/addressee/province", json!("99"), 1115),
            ("/addressee/smsNumber", json!("12345678"), 1032),
            ("/addressee/cp", json!("4100"), 9005),
            ("/addressee/cp", json!("99001"), 9005),
            ("/addressee/country", json!("USA"), 9008),
            ("/addressee/address", json!(null), 9001),
            ("/addressee/name", json!("ñ".repeat(301)), 9003),
            ("/product", json!("NOPE"), 9004),
            ("/packagesNumber", json!(3), 9007),
            ("/packages/0/packageWeightGrams", json!("0"), 9006),
            ("/packages/0/packageWeightGrams", json!("31000"), 9006),
            ("/packages/0/packageWeightGrams", json!(null), 9001),
            ("/partialDelivery", json!("maybe"), 9002),
        ];
        for (pointer, value, number) in mistakes {
            let mut shipment = national();
            shipment["partialDelivery"] = json!("N");
            *shipment.pointer_mut(pointer).unwrap() = value.clone();
            let found = errors(&caller, shipment).await;
            assert!(found.iter().any(|(code, _)| *code == number), "{pointer} = {value}: {found:?}");
        }
        let mut shipment = international();
        shipment["packages"][0]["packageContents"]["customsData"][0]["countryOrigin"] = json!("Spain");
        assert_eq!(errors(&caller, shipment).await[0].0, 2019);
        for member in ["product", "contractNumber", "clientNumber", "labellerCode", "sender", "addressee", "packages"] {
            let mut shipment = national();
            shipment.as_object_mut().unwrap().remove(member);
            let found = errors(&caller, shipment).await;
            assert!(found.contains(&(9001, member.to_owned())), "{member}: {found:?}");
        }
    }

    async fn errors_are_told_in_the_language_asked_for(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let mut shipment = national();
        shipment["contractNumber"] = json!("54009999");
        for (language, start) in [("spa", "El contrato"), ("eng", "The contract")] {
            let body = json!({"errorCodeLanguage": language, "shipments": [shipment]});
            let (_, answer) = sandbox.caller().post(&format!("{PREREGISTER}/delivery"), body).await;
            let description = answer["shipments"][0]["error"][0]["description"].as_str().unwrap();
            assert!(description.starts_with(start), "{description}");
        }
    }

    async fn one_bad_shipment_keeps_out_the_good_ones_beside_it(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let mut bad = national();
        bad["addressee"]["country"] = json!("ES");
        let (status, answer) = caller.post(&format!("{PREREGISTER}/delivery"), json!({"shipments": [national(), bad]})).await;
        assert_eq!((status, &answer["result"]), (StatusCode::OK, &json!("0")));
        assert_eq!(answer["shipments"][0]["validationErrorCount"], 0);
        assert_eq!(answer["shipments"][1]["validationErrorCount"], 1);
        // Not even a number was taken.
        assert!(caller.parcel().await.starts_with("PQXXX1000000001"));
    }

    async fn validating_says_what_creating_would_say_and_creates_nothing(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let (status, answer) = caller.post(&format!("{PREREGISTER}/delivery/validate"), json!({"shipments": [national()]})).await;
        assert_eq!((status, &answer["result"]), (StatusCode::OK, &json!("1")));
        let mut bad = national();
        bad["addressee"]["country"] = json!("ES");
        let (status, answer) = caller.post(&format!("{PREREGISTER}/delivery/validate"), json!({"shipments": [bad]})).await;
        assert_eq!((status, &answer["result"]), (StatusCode::OK, &json!("0")));
        assert!(caller.parcel().await.starts_with("PQXXX1000000001"));
    }

    async fn an_organisations_own_contract_counts_while_it_is_active(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let mut shipment = national();
        shipment["contractNumber"] = json!("54111111");
        shipment["clientNumber"] = json!("81111111");
        shipment["labellerCode"] = json!("ABC9");
        assert_eq!(errors(&caller, shipment.clone()).await, [(5003, "contractNumber".to_owned())]);

        link_contract(&sandbox, &caller, ["54111111", "81111111", "ABC9"]).await;
        let taken = caller.ship(shipment.clone()).await;
        assert!(code(&taken).starts_with("PQABC9"));
        let mut other = shipment.clone();
        other["labellerCode"] = json!("XXX1");
        assert_eq!(errors(&caller, other).await, [(5003, "labellerCode".to_owned())]);
        // Somebody else's organisation may not ship under it.
        assert_eq!(errors(&sandbox.project(2), shipment.clone()).await, [(5003, "contractNumber".to_owned())]);
        suspend_contract(&sandbox).await;
        assert_eq!(errors(&caller, shipment).await, [(5003, "contractNumber".to_owned())]);
    }

    async fn the_test_contract_is_nobodys_in_production_but_its_owners(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let owner = sandbox.production();
        assert_eq!(errors(&owner, national()).await, [(5003, "contractNumber".to_owned())]);
        link_contract(&sandbox, &owner, ["54000000", "80000000", "XXX1"]).await;
        owner.ship(national()).await;
        let stranger = Caller { environment: "production", ..sandbox.project(2) };
        assert_eq!(errors(&stranger, national()).await, [(5003, "contractNumber".to_owned())]);
        suspend_contract(&sandbox).await;
        assert_eq!(errors(&owner, national()).await, [(5003, "contractNumber".to_owned())]);
        // In the sandbox it stays good for everybody.
        sandbox.caller().ship(national()).await;
        sandbox.project(2).ship(national()).await;
    }

    async fn annulling_happens_once(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let code = caller.parcel().await;
        let annul = |language: &str| json!({"errorCodeLanguage": language, "packageCode": code});
        let path = format!("{PREREGISTER}/delivery/annulment");
        let (status, answer) = caller.post(&path, annul("spa")).await;
        assert_eq!((status, answer), (StatusCode::OK, json!({"message": "Preregistro Anulado con éxito", "errors": []})));
        let (status, answer) = caller.post(&path, annul("eng")).await;
        assert_eq!((status, &answer["errors"][0]["errorCode"]), (StatusCode::OK, &json!(9010)));
        let (_, read) = caller.post(&format!("{PREREGISTER}/delivery/package"), json!({"shipments": [code]})).await;
        assert_eq!(read["shipments"][0]["packages"][0]["state"], "ANULADO");
    }

    async fn a_declaration_can_be_mended_until_it_is_annulled(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let code = caller.parcel().await;
        let path = format!("{PREREGISTER}/delivery/package");
        let change = json!({"errorCodeLanguage": "eng", "shipments": [{
            "packageCode": code,
            "addressee": {"address": "Calle Nueva, 2", "cp": "41002"},
            "packages": [{"packageWeightGrams": "2000"}],
        }]});
        let (status, answer) = caller.call(Method::PUT, &path, change.clone()).await;
        assert_eq!((status, &answer["result"]), (StatusCode::OK, &json!("1")), "{answer}");
        assert_eq!(answer["shipments"][0]["packages"][0]["packageCode"], json!(code));
        let (_, read) = caller.post(&path, json!({"shipments": [code]})).await;
        let read = &read["shipments"][0];
        assert_eq!(read["addressee"]["address"], "Calle Nueva, 2");
        assert_eq!(read["addressee"]["name"], "Begoña");
        assert_eq!(read["packages"][0]["packageWeightGrams"], "2000");
        assert_eq!(read["packages"][0]["clientReference"], "PEDIDO-1/1");

        for (member, value, number) in [("product", json!("PAFXB"), 9009), ("addressee", json!({"country": "ES"}), 1113)] {
            let (status, answer) = caller.call(Method::PUT, &path, json!({"packageCode": code, member: value})).await;
            assert_eq!((status, &answer["result"]), (StatusCode::OK, &json!("0")));
            assert_eq!(answer["shipments"][0]["error"][0]["errorCode"], number);
        }
        caller.post(&format!("{PREREGISTER}/delivery/annulment"), json!({"packageCode": code})).await;
        let (_, answer) = caller.call(Method::PUT, &path, change).await;
        assert_eq!(answer["shipments"][0]["error"][0]["errorCode"], 9010);
    }

    async fn another_projects_parcel_does_not_exist(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let code = sandbox.project(1).parcel().await;
        let mut elsewhere = sandbox.project(1);
        elsewhere.environment = "production";
        for stranger in [sandbox.project(2), elsewhere] {
            for (method, path, body) in [
                (Method::POST, "/delivery/package", json!({"shipments": [code]})),
                (Method::PUT, "/delivery/package", json!({"packageCode": code, "shipmentNotes": "x"})),
                (Method::POST, "/delivery/annulment", json!({"packageCode": code})),
            ] {
                let foreign = stranger.call(method.clone(), &format!("{PREREGISTER}{path}"), body.clone()).await;
                let text = body.to_string().replace(&code, "PQXXX10000099990141001A");
                let unknown = stranger
                    .call(method, &format!("{PREREGISTER}{path}"), serde_json::from_str(&text).unwrap())
                    .await;
                assert_eq!(foreign.0, StatusCode::NOT_FOUND, "{path}");
                assert_eq!(foreign, unknown, "{path}");
            }
        }
        // And it is still alive.
        let (_, read) = sandbox.project(1).post(&format!("{PREREGISTER}/delivery/package"), json!({"shipments": [code]})).await;
        assert_eq!(read["shipments"][0]["packages"][0]["state"], "PRERREGISTRADO");
    }

    async fn annulments_at_the_same_time_succeed_once(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let code = caller.parcel().await;
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (caller, code) = (caller.clone(), code.clone());
            calls.spawn(async move {
                let (_, answer) = caller.post(&format!("{PREREGISTER}/delivery/annulment"), json!({"packageCode": code})).await;
                answer["errors"].as_array().unwrap().is_empty()
            });
        }
        let wins = calls.join_all().await.into_iter().filter(|won| *won).count();
        assert_eq!(wins, 1);
    }

    async fn shipments_created_at_the_same_time_get_different_codes(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let caller = sandbox.caller();
            calls.spawn(async move { caller.parcel().await });
        }
        let mut codes = calls.join_all().await;
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), 16);
    }
}

pub async fn link_contract(sandbox: &Sandbox, caller: &Caller, [number, client, labeller]: [&str; 3]) {
    let at = Moment(sandbox.hands.clock().now());
    let mut tx = sandbox.test.db.begin().await.unwrap();
    let organisation = Organisation {
        id: caller.organisation.into(),
        name: "Tienda".into(),
        customer_type: CustomerType::Customer,
        status: Standing::Active,
        created_at: at,
    };
    store::organisations::insert(&mut tx, &organisation).await.unwrap();
    let contract = Contract {
        id: Uuid::from_u128(1).into(),
        organisation_id: organisation.id,
        number: number.into(),
        client_number: client.into(),
        labeller: labeller.into(),
        status: ContractStatus::Active,
        created_at: at,
    };
    store::contracts::insert(&mut tx, &contract).await.unwrap();
    tx.commit(at.0).await.unwrap();
}

async fn suspend_contract(sandbox: &Sandbox) {
    let mut tx = sandbox.test.db.begin().await.unwrap();
    store::contracts::set_status(&mut tx, Uuid::from_u128(1).into(), ContractStatus::Suspended).await.unwrap();
    tx.commit(sandbox.hands.clock().now()).await.unwrap();
}
