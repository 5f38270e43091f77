use app::{Error, Rule, customer_types};
use domain::CustomerType;
use store::{access_requests::Status, changes::Change};

use crate::house::{actor, house};

store::on_both_engines! {
    async fn an_organisation_becomes_what_it_asked_to_be_once_the_operator_agrees(test: TestDb) {
        let house = house(&test).await;
        let (app, owner) = (&house.app, house.organisation());
        let asked = customer_types::request(app, &actor(), owner, CustomerType::Integrator, "we ship for 40 shops").await.expect("asks");
        let twice = customer_types::request(app, &actor(), owner, CustomerType::ProprietaryParent, "or this").await.err();
        assert!(matches!(twice, Some(Error::Rule(Rule::AlreadyAsked))), "{twice:?}");
        let head = store::changes::head(app.db()).await.expect("reads");
        customer_types::approve(app, &actor(), asked.id, None).await.expect("approves");
        assert_eq!(store::organisations::find(app.db(), owner).await.expect("reads").expect("there").customer_type, CustomerType::Integrator);
        let changes = store::changes::after(app.db(), head).await.expect("reads");
        let client = house.founded.first.client.client.id.clone();
        assert!(changes.iter().any(|(_, change)| *change == Some(Change::Client(client.clone()))), "the clients' grants follow");

        let same = customer_types::request(app, &actor(), owner, CustomerType::Integrator, "again").await.err();
        assert!(matches!(same, Some(Error::Rule(Rule::SameCustomerType(CustomerType::Integrator)))));
        let next = customer_types::request(app, &actor(), owner, CustomerType::Customer, "back again").await.expect("asks anew");
        assert!(matches!(customer_types::reject(app, &actor(), next.id, "").await, Err(Error::Invalid { .. })));
        let rejected = customer_types::reject(app, &actor(), next.id, "keys are live").await.expect("rejects");
        assert_eq!((rejected.status, rejected.decision_reason.as_deref()), (Status::Rejected, Some("keys are live")));
        assert!(matches!(customer_types::approve(app, &actor(), next.id, None).await, Err(Error::Rule(Rule::AlreadyDecided))));
    }

    async fn nobody_asks_to_be_the_carrier(test: TestDb) {
        let house = house(&test).await;
        let refused = customer_types::request(&house.app, &actor(), house.organisation(), CustomerType::Internal, "please").await.err();
        assert!(matches!(refused, Some(Error::Invalid { field: "customer_type", .. })));
    }

    async fn of_those_who_decide_a_customer_type_at_once_only_one_does(test: TestDb) {
        let house = house(&test).await;
        let asked = customer_types::request(&house.app, &actor(), house.organisation(), CustomerType::Integrator, "we ship").await.expect("asks");
        let tasks: Vec<_> = (0..16)
            .map(|at| {
                let (app, id) = (house.app.clone(), asked.id);
                tokio::spawn(async move {
                    if at % 2 == 0 {
                        customer_types::approve(&app, &actor(), id, None).await.ok().map(|request| request.status)
                    } else {
                        customer_types::reject(&app, &actor(), id, "no").await.ok().map(|request| request.status)
                    }
                })
            })
            .collect();
        let mut decided = Vec::new();
        for task in tasks {
            decided.extend(task.await.expect("joins"));
        }
        assert_eq!(decided.len(), 1);
        let now = store::organisations::find(house.app.db(), house.organisation()).await.expect("reads").expect("there").customer_type;
        assert_eq!(now == CustomerType::Integrator, decided[0] == Status::Approved);
    }

    async fn of_those_who_ask_at_once_one_request_waits(test: TestDb) {
        let house = house(&test).await;
        let tasks: Vec<_> = (0..16)
            .map(|_| {
                let (app, id) = (house.app.clone(), house.organisation());
                tokio::spawn(async move { customer_types::request(&app, &actor(), id, CustomerType::Integrator, "we ship").await.is_ok() })
            })
            .collect();
        let mut asked = 0;
        for task in tasks {
            asked += usize::from(task.await.expect("joins"));
        }
        assert_eq!(asked, 1);
    }
}
