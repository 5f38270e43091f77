//! What the management API stands on: its own catalogue entry, who may ask for it, and answers kept for retries.

use app::{
    Actor, Error, access, catalogue,
    catalogue::Before,
    clients, contracts, customer_keys, management,
    management::{Claim, KEPT},
    organisations, secrets,
};
use domain::{
    ApiName, ClientId, CustomerType,
    Environment::{Production, Sandbox},
    contract::ContractStatus,
    role::{Duty, Staff},
    rotation::Overlap,
};
use serde_json::{Value, json};

use crate::house::{House, actor, document, house};

fn own(version: &str) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Management", "version": version},
        "paths": {"/api/v1/organisations": {"get": {"security": [{"oauth": ["organisations:read"]}]}}},
        "components": {"securitySchemes": {"oauth": {"type": "oauth2"}}},
        "x-postigo": {"name": "management", "upstreams": {}, "auto_approve": {"sandbox": "none", "production": "none"}}
    })
}

async fn entries(house: &House) -> Vec<String> {
    catalogue::list(&house.app, &actor(), "", 9).await.expect("lists").iter().map(|entry| entry.row.name.to_string()).collect()
}

store::on_both_engines! {
    async fn the_program_keeps_its_own_entry_and_writes_it_only_when_it_differs(test: TestDb) {
        let house = house(&test).await;
        let (one, two) = (own("1"), own("1"));
        let both = tokio::join!(catalogue::keep_management(&house.app, &one), catalogue::keep_management(&house.app, &two));
        let written = [both.0.expect("keeps"), both.1.expect("keeps")];
        assert_eq!(written.iter().filter(|written| **written).count(), 1, "of two nodes at once one writes");
        assert!(!catalogue::keep_management(&house.app, &one).await.expect("keeps"));
        assert!(catalogue::keep_management(&house.app, &own("2")).await.expect("keeps"), "another version is written");
        assert_eq!(entries(&house).await, ["labels", "management", "tracking"]);
        catalogue::keep_management(&house.app, &document("labels", "/x", "LBS").content).await.expect_err("another's name");
    }

    async fn files_neither_bring_nor_remove_the_programs_own_entry(test: TestDb) {
        let house = house(&test).await;
        catalogue::keep_management(&house.app, &own("1")).await.expect("keeps");
        let exported = catalogue::export(&house.app, &actor()).await.expect("exports");
        assert!(exported.iter().all(|document| document.file != "management.json"), "it is not exported");
        assert_eq!(catalogue::apply(&house.app, &actor(), exported, false).await.expect("applies"), [], "nor removed because it is no file");
        let brought = vec![catalogue::Document { file: "own.yaml".into(), content: own("9") }];
        let error = catalogue::apply(&house.app, &actor(), brought, false).await.expect_err("refused");
        assert!(error.to_string().contains("the program's own entry"), "{error}");
        catalogue::put(&house.app, &actor(), &"management".into(), own("9"), Before::Whatever).await.expect_err("refused");
        catalogue::remove(&house.app, &actor(), &"management".into()).await.expect_err("refused");
        catalogue::retire(&house.app, &actor(), &"management".into()).await.expect_err("refused");
        catalogue::deprecate(&house.app, &actor(), &"management".into(), house.app.now() + jiff::SignedDuration::from_hours(24)).await.expect_err("refused");
        let drafted = catalogue::write(&house.app, &actor(), None, &own("9").to_string()).await.expect("reads");
        assert!(matches!(drafted, catalogue::Draft::Faulty(faults) if faults.iter().any(|placed| placed.fault.what.contains("program's own"))));
        let wanted = catalogue::Listing { limit: 200, ..Default::default() };
        assert!(catalogue::listed(&house.app, &actor(), &wanted).await.expect("lists").rows.iter().all(|listed| listed.name.as_str() != "management"));
        assert_eq!(entries(&house).await, ["labels", "management", "tracking"]);
    }

    async fn one_document_is_put_beside_the_others_and_none_of_them_goes(test: TestDb) {
        let house = house(&test).await;
        let requests: ApiName = "requests".into();
        let content = document("requests", "/requests", "RCG").content;
        let change = catalogue::put(&house.app, &actor(), &requests, content.clone(), Before::Whatever).await.expect("puts").expect("a change");
        assert_eq!(change.action, "add");
        assert_eq!(entries(&house).await, ["labels", "requests", "tracking"]);
        assert_eq!(catalogue::put(&house.app, &actor(), &requests, content, Before::Whatever).await.expect("puts"), None, "the same again is no change");
        let thief = document("requests", "/track/{other}", "RCG").content;
        let error = catalogue::put(&house.app, &actor(), &requests, thief, Before::Whatever).await.expect_err("refused");
        assert!(error.to_string().contains("an API has its paths for itself"), "{error}");
        let renamed = document("others", "/others", "RCG").content;
        assert!(matches!(catalogue::put(&house.app, &actor(), &requests, renamed, Before::Whatever).await, Err(Error::Invalid { .. })));
        // Whoever saw something else overwrites nothing, and what was retired is served again.
        let (older, newer) = (document("requests", "/older", "RCG").content, document("requests", "/newer", "RCG").content);
        let stored = catalogue::find(&house.app, &actor(), &requests).await.expect("there").document;
        for before in [Before::Nothing, Before::Document("{}")] {
            let late = catalogue::put(&house.app, &actor(), &requests, older.clone(), before).await;
            assert!(matches!(late, Err(Error::Rule(app::Rule::AlreadyDecided))), "{before:?}: {late:?}");
        }
        catalogue::put(&house.app, &actor(), &requests, newer.clone(), Before::Document(&stored)).await.expect("puts").expect("a change");
        catalogue::retire(&house.app, &actor(), &requests).await.expect("retires");
        catalogue::put(&house.app, &actor(), &requests, newer, Before::Whatever).await.expect("puts").expect("a change");
        let entry = store::apis::entry(house.app.db(), &requests).await.expect("reads").expect("there");
        assert_eq!(entry.status, domain::api::Status::Published, "it is served again");
        catalogue::remove(&house.app, &actor(), &requests).await.expect("removes");
        assert_eq!(entries(&house).await, ["labels", "tracking"]);
    }

    async fn the_management_api_exists_for_internal_organisations_alone_and_in_production_alone(test: TestDb) {
        let house = house(&test).await;
        catalogue::keep_management(&house.app, &own("1")).await.expect("keeps");
        let ask = |environment| access::request(&house.app, &Actor::System, house.wish(environment, "management", None));
        let error = ask(Production).await.err().expect("refused").to_string();
        assert_eq!(error, "there is no API management");
        organisations::set_customer_type(&house.app, &actor(), house.organisation(), CustomerType::Internal).await.expect("sets");
        assert!(matches!(ask(Sandbox).await, Err(Error::Invalid { field: "environment", .. })));
        let asked = ask(Production).await.expect("asks");
        assert!(asked.grant.is_none(), "it waits for the operator like any other");
        access::approve(&house.app, &actor(), asked.request.id, None).await.expect("approves");
        assert_eq!(house.granted(Production).await, "organisations:read");
    }

    async fn only_an_administrator_opens_the_management_api_or_makes_an_organisation_internal(test: TestDb) {
        let house = house(&test).await;
        let (app, id) = (&house.app, house.organisation());
        catalogue::keep_management(app, &own("1")).await.expect("keeps");
        let (support, administrator) = (house.staff(Staff::Support).await, house.staff(Staff::Administrator).await);
        let service = Actor::Service { client: "p-1234".into(), duty: Duty::Decide };
        let refused = |result: Result<(), Error>| assert!(matches!(result, Err(Error::StaffOnly { needs: Duty::Administer })), "{result:?}");
        for by in [&support, &service] {
            refused(organisations::set_customer_type(app, by, id, CustomerType::Internal).await);
            refused(organisations::change_customer_type(app, by, id, CustomerType::Customer, CustomerType::Internal).await);
        }
        organisations::set_customer_type(app, &administrator, id, CustomerType::Internal).await.expect("sets");
        refused(organisations::set_customer_type(app, &support, id, CustomerType::Customer).await);
        refused(organisations::change_customer_type(app, &support, id, CustomerType::Internal, CustomerType::Customer).await);
        let asked = access::request(app, &administrator, house.wish(Production, "management", None)).await;
        assert!(asked.is_err(), "staff who are no members ask for nothing");
        let asked = access::request(app, &Actor::System, house.wish(Production, "management", None)).await.expect("asks");
        for by in [&support, &service] {
            refused(access::approve(app, by, asked.request.id, None).await.map(drop));
        }
        // What turned into a customer's meanwhile is not let in any more.
        organisations::set_customer_type(app, &administrator, id, CustomerType::Customer).await.expect("sets");
        let error = access::approve(app, &administrator, asked.request.id, None).await.err().expect("refused").to_string();
        assert!(error.contains("internal organisations only"), "{error}");
        organisations::set_customer_type(app, &administrator, id, CustomerType::Internal).await.expect("sets");
        access::approve(app, &administrator, asked.request.id, None).await.expect("approves");
    }

    async fn a_program_makes_no_other_program_like_itself(test: TestDb) {
        let house = house(&test).await;
        let app = &house.app;
        catalogue::keep_management(app, &own("1")).await.expect("keeps");
        organisations::set_customer_type(app, &actor(), house.organisation(), CustomerType::Internal).await.expect("sets");
        let contract = contracts::link(app, &actor(), house.organisation(), "54000000", "80000000", "XXX1").await.expect("links");
        contracts::set_status(app, &actor(), contract.id, ContractStatus::Active, None).await.expect("activates");
        let program = Actor::Service { client: "p-1234".into(), duty: Duty::Administer };
        let client = clients::create(app, &program, house.project(), Production).await.expect("nothing is granted yet").client;
        let asked = access::request(app, &Actor::System, house.wish(Production, "management", None)).await.expect("asks");
        access::approve(app, &actor(), asked.request.id, None).await.expect("approves");
        let refused = |error: Option<Error>| assert!(error.expect("refused").to_string().contains("made by people"));
        refused(clients::create(app, &program, house.project(), Production).await.err());
        refused(clients::replace(app, &program, &client.id, Overlap::Day).await.err());
        refused(secrets::create(app, &program, &client.id, None).await.err());
        secrets::create(app, &actor(), &client.id, None).await.expect("the operator does");
        clients::create(app, &program, house.project(), Sandbox).await.expect("in the sandbox it opens nothing");
    }

    async fn of_too_many_answers_the_oldest_go_and_what_is_under_way_stays(test: TestDb) {
        let house = house(&test).await;
        let (app, client) = (&house.app, &house.founded.first.client.client.id);
        for key in ["under-way", "first", "second", "third"] {
            house.hands.advance(1);
            let held = fresh(management::claim(app, client, key, key).await.expect("claims"));
            if key != "under-way" {
                management::settle(app, &held, 200, b"{}").await.expect("settles");
            }
        }
        let mut tx = app.db().begin().await.expect("begins");
        assert_eq!(store::management_answers::forget_oldest(&mut tx, client, 2).await.expect("forgets"), 2);
        tx.commit(app.now()).await.expect("commits");
        let mut left = Vec::new();
        for key in ["under-way", "first", "second", "third"] {
            left.push(store::management_answers::find(app.db(), client, key).await.expect("reads").is_some());
        }
        assert_eq!(left, [true, false, false, true]);
    }

    async fn what_a_program_does_stands_in_the_audit_log_under_its_client(test: TestDb) {
        let house = house(&test).await;
        let program = Actor::Service { client: "p-1234".into(), duty: Duty::Administer };
        organisations::rename(&house.app, &program, house.organisation(), "Otra").await.expect("renames");
        let wanted = app::audit::Wanted { who: "client:p-1234".into(), ..Default::default() };
        let page = app::audit::list(&house.app, &actor(), &wanted, None, 10).await.expect("reads");
        assert_eq!(page.rows.iter().map(|row| row.what.action.as_str()).collect::<Vec<_>>(), ["organisation.rename"]);
        assert_eq!(page.next, None);
    }

    async fn approval_by_a_program_makes_no_api_credential_for_others(test: TestDb) {
        let house = house(&test).await;
        let asked = access::request(&house.app, &actor(), house.wish(Production, "labels", None)).await.expect("asks");
        let program = Actor::Service { client: "p-1234".into(), duty: Duty::Decide };
        let outcome = access::approve(&house.app, &program, asked.request.id, None).await.expect("approves");
        assert!(outcome.grant.is_some() && outcome.api_credential.is_none());
        let publisher = Actor::Service { client: "p-1234".into(), duty: Duty::Publish };
        let refused = customer_keys::create(&house.app, &publisher, house.project(), Sandbox, "1").await;
        assert!(matches!(refused, Err(Error::StaffOnly { needs: Duty::Decide })), "a duty is not another");
    }

    async fn organisations_are_found_by_what_they_are_and_paged_in_the_order_of_their_making(test: TestDb) {
        let house = house(&test).await;
        for name in ["Uno", "Dos 100%", "Tres"] {
            house.hands.advance(1);
            organisations::create(&house.app, &actor(), name, CustomerType::Integrator, "Web").await.expect("founds");
        }
        let list = async |filter: organisations::Filter, after, limit| {
            organisations::list(&house.app, &actor(), &filter, after, limit).await.expect("lists")
        };
        let names = |page: &[app::records::Organisation]| page.iter().map(|o| o.name.clone()).collect::<Vec<_>>();
        let first = list(organisations::Filter::default(), None, 2).await;
        assert_eq!(names(&first), ["Librería", "Uno"]);
        assert_eq!(names(&list(organisations::Filter::default(), Some(first[1].id), 9).await), ["Dos 100%", "Tres"]);
        let integrators = organisations::Filter { customer_type: Some(CustomerType::Integrator), name: "0%".into(), ..Default::default() };
        assert_eq!(names(&list(integrators, None, 9).await), ["Dos 100%"]);
        let gone = organisations::Filter { status: Some(domain::contract::Standing::Revoked), ..Default::default() };
        assert!(list(gone, None, 9).await.is_empty());
    }

    async fn a_key_answers_a_retry_as_the_first_time_and_lets_nothing_else_pass(test: TestDb) {
        let house = house(&test).await;
        let (app, client) = (&house.app, &house.founded.first.client.client.id);
        let other: &ClientId = &house.other_client().await;
        let claim = async |client: &ClientId, print: &str| management::claim(app, client, "k", print).await.expect("claims");
        let held = fresh(claim(client, "a").await);
        assert_eq!(claim(client, "a").await, Claim::UnderWay);
        assert_eq!(claim(client, "b").await, Claim::OtherRequest);
        management::settle(app, &held, 201, b"{\"client_secret\":\"s3cret\"}").await.expect("settles");
        assert_eq!(claim(client, "a").await, Claim::Answered(201, b"{\"client_secret\":\"s3cret\"}".to_vec()));
        assert_eq!(claim(client, "b").await, Claim::OtherRequest);
        let kept = store::management_answers::find(app.db(), client, "k").await.expect("reads").expect("kept");
        let body = kept.body.expect("a body");
        assert!(!body.windows(6).any(|part| part == b"s3cret"), "no secret stands in clear in the database");
        assert!(matches!(claim(other, "b").await, Claim::Fresh(_)), "a key is one client's");
        house.hands.advance(u64::try_from(KEPT).expect("positive") + 1);
        assert!(matches!(claim(client, "b").await, Claim::Fresh(_)), "after a day it is free");
    }

    async fn a_key_whose_request_changed_nothing_or_died_is_free_again(test: TestDb) {
        let house = house(&test).await;
        let (app, client) = (&house.app, &house.founded.first.client.client.id);
        let claim = async |print: &str| fresh(management::claim(app, client, "k", print).await.expect("claims"));
        let first = claim("a").await;
        management::release(app, &first).await.expect("lets go");
        let slow = claim("b").await;
        house.hands.advance(u64::try_from(management::GIVEN_UP).expect("positive") + 1);
        let quick = claim("c").await;
        // Whoever was given up touches nothing of who came after.
        management::release(app, &slow).await.expect("nothing to let go");
        management::settle(app, &slow, 200, b"late").await.expect("nothing to settle");
        assert_eq!(management::claim(app, client, "k", "c").await.expect("claims"), Claim::UnderWay);
        management::settle(app, &quick, 200, b"in time").await.expect("settles");
        management::settle(app, &quick, 500, b"twice").await.expect("nothing to settle");
        assert_eq!(management::claim(app, client, "k", "c").await.expect("claims"), Claim::Answered(200, b"in time".to_vec()));
        house.hands.advance(u64::try_from(KEPT).expect("positive") + 1);
        app::upkeep(app).await.expect("tidies");
        assert_eq!(store::management_answers::find(app.db(), client, "k").await.expect("reads"), None, "what is old goes");
    }
}

fn fresh(claim: Claim) -> management::Held {
    match claim {
        Claim::Fresh(held) => held,
        other => panic!("{other:?}"),
    }
}

impl House {
    async fn other_client(&self) -> ClientId {
        clients::create(&self.app, &actor(), self.project(), Sandbox).await.expect("a client").client.id
    }
}
