//! What a shipment must declare, and what it need not.

use serde_json::{Value, json};

use crate::{
    preregister::errors,
    support::{Caller, PREREGISTER, Sandbox, cash_on_delivery, express, international, national},
};

/// The errors of a shipment that differs from `like` in one member, which need not be there yet.
async fn wrong(caller: &Caller, like: &Value, pointer: &str, value: &Value) -> Vec<(u64, String)> {
    let mut shipment = like.clone();
    let (parent, member) = pointer.rsplit_once('/').unwrap();
    shipment.pointer_mut(parent).unwrap()[member] = value.clone();
    errors(caller, shipment).await
}

store::on_both_engines! {
    async fn each_rule_has_its_number_and_names_the_member(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let mut dni = national();
        dni["sender"]["doiType"] = json!("1");
        let mut nie = national();
        nie["sender"]["doiType"] = json!(3);
        let mut cif = national();
        cif["sender"]["doiType"] = json!("10");
        let mut cash = national();
        cash["additionalValues"] = json!([cash_on_delivery()]);
        let mut premium = national();
        premium["product"] = json!("PAFXB");
        let mistakes = [
            (&dni, "/sender/doiNumber", json!("12345678A"), 9020),
            (&nie, "/sender/doiNumber", json!("X1234567T"), 9020),
            (&cif, "/sender/doiNumber", json!("A58818502"), 9020),
            (&national(), "/addressee/province", json!("28"), 9021),
            (&national(), "/addressee/contactPhone", json!("no tengo"), 9022),
            (&national(), "/sender/email", json!("tienda@example"), 9023),
            (&national(), "/addressee/chosenOffice", json!("410"), 9002),
            (&cash, "/additionalValues/0/fields/0/value", json!("0"), 9029),
            (&cash, "/additionalValues/0/fields/0/value", json!("mucho"), 9029),
            (&cash, "/additionalValues/0/fields/1/value", json!("ES91 2100 0418 4502 0005 1333"), 9030),
            (&cash, "/additionalValues/0/fields/1/value", json!(""), 9030),
            (&national(), "/additionalValues", json!([{"additionalValueId": "VADEPA", "fields": []}]), 9029),
            (&international(), "/additionalValues", json!([cash_on_delivery()]), 9028),
            (&premium, "/deliveryMethod", json!("DOURUA"), 9024),
        ];
        for (like, pointer, value, number) in mistakes {
            let found = wrong(&caller, like, pointer, &value).await;
            assert_eq!(found.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [number], "{pointer} = {value}: {found:?}");
            // The path of the member, or of the list it stands in.
            let path = found[0].1.replace(['[', '.'], "/").replace(']', "");
            assert!(pointer[1..].starts_with(&path) || path.starts_with(&pointer[1..]), "{pointer}: {found:?}");
        }
    }

    async fn an_office_or_a_locker_must_be_chosen_where_the_product_ends_there(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        for (product, method, number, member, value) in [
            ("S0133", "", 9026, "chosenOffice", "4103494"),
            ("S0236", "", 9026, "chosenOffice", "4103494"),
            ("PAAZE", "OFELUA", 9026, "chosenOffice", "4103494"),
            ("S0178", "", 9027, "homepaqCode", "A0000159D"),
            ("S0176", "", 9027, "homepaqCode", "A0000159D"),
        ] {
            let mut shipment = national();
            shipment["product"] = json!(product);
            shipment["deliveryMethod"] = json!(method);
            assert_eq!(errors(&caller, shipment.clone()).await, [(number, format!("addressee.{member}"))], "{product}");
            shipment["addressee"][member] = json!(value);
            caller.ship(shipment).await;
        }
    }

    async fn a_return_comes_from_within_the_country_or_by_the_product_for_abroad(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let customer = json!({"name": "Łucja", "address": "Unter den Linden 5", "locality": "Berlin", "zip": "10117", "country": "DEU"});
        for product in ["PAAZE", "PAAZV", "S0148"] {
            let mut shipment = national();
            shipment["product"] = json!(product);
            shipment["deliveryMethod"] = json!("DOURUA");
            caller.ship(shipment.clone()).await;
            shipment["sender"] = customer.clone();
            assert_eq!(errors(&caller, shipment).await, [(9025, "sender.country".to_owned())], "{product}");
        }
        for product in ["PAAZW", "S0159"] {
            let mut shipment = national();
            shipment["product"] = json!(product);
            shipment["deliveryMethod"] = json!("DOURUA");
            shipment["sender"] = customer.clone();
            caller.ship(shipment).await;
        }
    }

    async fn customs_want_every_member_of_every_article(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let path = "packages[0].packageContents.customsData[0]";
        for member in ["quantity", "description", "netWeight", "netValue", "tariffNumber", "countryOrigin"] {
            let pointer = format!("/packages/0/packageContents/customsData/0/{member}");
            for nothing in [Value::Null, json!("")] {
                let found = wrong(&caller, &international(), &pointer, &nothing).await;
                assert_eq!(found, [(6069, format!("{path}.{member}"))]);
            }
        }
        for (member, value) in [
            ("quantity", json!("0")), ("quantity", json!("two")), ("netWeight", json!("0")), ("netWeight", json!("-5")),
            ("netValue", json!("12,50 EUR")), ("netValue", json!(-1)), ("tariffNumber", json!("4901")), ("tariffNumber", json!("book")),
        ] {
            let pointer = format!("/packages/0/packageContents/customsData/0/{member}");
            let found = wrong(&caller, &international(), &pointer, &value).await;
            assert_eq!(found, [(9002, format!("{path}.{member}"))], "{value}");
        }
        let mut fine = international();
        fine["packages"][0]["packageContents"]["customsData"][0] = json!({"quantity": 2, "description": "Libro", "netWeight": 400.5,
            "netValue": "12,50", "tariffNumber": "4901.99.00", "countryOrigin": "esp"});
        caller.ship(fine).await;
        // Within the country an unfinished list is nobody's business.
        let mut national = national();
        national["packages"][0]["packageContents"] = json!({"shipmentType": "2", "customsData": [{"description": "Libro"}]});
        caller.ship(national).await;
    }

    async fn what_says_nothing_is_never_wrong(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        for nothing in [json!(""), Value::Null, json!("  ")] {
            for like in [national(), international(), express()] {
                let mut shipment = like;
                for party in ["sender", "addressee"] {
                    for member in [
                        "province", "doiType", "doiNumber", "email", "contactPhone", "smsNumber", "chosenOffice", "homepaqCode", "language",
                        "lastName2", "contactPerson", "addressType", "number",
                    ] {
                        shipment[party][member] = nothing.clone();
                    }
                }
                for member in ["deliveryMethod", "admissionMethod", "packagesNumber", "totalWeight", "shipmentReference1",
                    "shipmentReference2", "manifestCode", "partialDelivery", "additionalValues", "shipmentCode"] {
                    shipment[member] = nothing.clone();
                }
                for member in ["packageHeight", "clientReference", "clientReference2", "observations", "packageCode"] {
                    shipment["packages"][0][member] = nothing.clone();
                }
                caller.ship(shipment).await;
            }
        }
        let mut shipment = national();
        shipment["sender"]["doiType"] = json!("1");
        shipment["addressee"]["doiNumber"] = json!("no number");
        shipment["additionalValues"] = json!([null, "", {}, {"additionalValueId": "NEWONE"}, {"additionalValueId": "", "fields": null}]);
        caller.ship(shipment).await;
    }

    async fn a_long_list_of_errors_is_cut(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let mut shipment = international();
        shipment["packages"][0]["packageContents"]["customsData"] = json!(vec![json!({}); 5000]);
        let body = json!({"shipments": [shipment]});
        let (_, answer) = sandbox.caller().post(&format!("{PREREGISTER}/delivery"), body).await;
        assert_eq!(answer["shipments"][0]["validationErrorCount"], 100);
    }
}
