use app::{Error, clients, contracts, customer_keys, organisations, projects};
use domain::{
    CustomerType,
    Environment::{Production, Sandbox},
    contract::{ContractStatus, Standing},
};

use crate::house::{actor, house};

store::on_both_engines! {
    async fn production_needs_an_active_contract(test: TestDb) {
        let house = house(&test).await;
        let (app, project, owner) = (&house.app, house.project(), house.founded.organisation.id);
        assert!(matches!(clients::create(app, &actor(), project, Production).await, Err(Error::Refused(_))));
        let contract = contracts::link(app, &actor(), owner, "54000001", "80000001", "LCE1").await.expect("links");
        assert!(matches!(clients::create(app, &actor(), project, Production).await, Err(Error::Refused(_))), "pending is not active");
        contracts::set_status(app, &actor(), contract.id, ContractStatus::Active, None).await.expect("activates");
        clients::create(app, &actor(), project, Production).await.expect("creates");
        contracts::set_status(app, &actor(), contract.id, ContractStatus::Ended, Some("unpaid")).await.expect("ends");
        assert!(matches!(contracts::set_status(app, &actor(), contract.id, ContractStatus::Active, None).await, Err(Error::Refused(_))));
    }

    async fn what_is_revoked_stays_revoked(test: TestDb) {
        let house = house(&test).await;
        let (app, client) = (&house.app, &house.founded.first.client.client.id);
        clients::set_status(app, &actor(), client, Standing::Revoked).await.expect("revokes");
        assert!(matches!(clients::set_status(app, &actor(), client, Standing::Active).await, Err(Error::Refused(_))));
        let owner = house.founded.organisation.id;
        organisations::set_status(app, &actor(), owner, Standing::Revoked, None).await.expect("revokes");
        assert!(matches!(organisations::set_status(app, &actor(), owner, Standing::Active, None).await, Err(Error::Refused(_))));
    }

    async fn customer_keys_are_for_those_whose_customer_type_has_a_grant_for_them(test: TestDb) {
        let house = house(&test).await;
        let refused = customer_keys::create(&house.app, &actor(), house.project(), Sandbox, "740561073").await.err().expect("refused");
        assert!(refused.to_string().contains("is a customer"), "{refused}");
        for customer_type in [CustomerType::Integrator, CustomerType::CompatibleProvider, CustomerType::ProprietaryParent, CustomerType::Internal] {
            organisations::set_customer_type(&house.app, &actor(), house.founded.organisation.id, customer_type).await.expect("sets");
            customer_keys::create(&house.app, &actor(), house.project(), Sandbox, "740561073").await.expect("issues");
        }
        let refused = customer_keys::create(&house.app, &actor(), house.project(), Sandbox, "74 05").await;
        assert!(matches!(refused, Err(Error::Invalid { .. })));
    }

    async fn names_are_unique_and_readable(test: TestDb) {
        let house = house(&test).await;
        let again = organisations::create(&house.app, &actor(), " Librería ", CustomerType::Customer, "Web").await;
        assert!(matches!(again, Err(Error::Taken { .. })));
        let again = projects::create(&house.app, &actor(), house.founded.organisation.id, "Web").await;
        assert!(matches!(again, Err(Error::Taken { .. })));
        for odd in ["", "   ", "two\nlines", &"x".repeat(121)] {
            let refused = organisations::create(&house.app, &actor(), odd, CustomerType::Customer, "Web").await;
            assert!(matches!(refused, Err(Error::Invalid { .. })), "{odd:?}");
        }
    }

    async fn everything_that_was_done_is_in_the_audit_log_with_who_did_it(test: TestDb) {
        let house = house(&test).await;
        let entries = store::audit::latest(house.app.db(), 10).await.expect("reads");
        let actions: Vec<_> = entries.iter().rev().map(|entry| format!("{} {}", entry.actor, entry.action)).collect();
        assert_eq!(actions, ["system signing_key.create", "system signing_key.create", "system policies.publish", "operator:ana catalogue.apply", "operator:ana organisation.create"]);
        assert_eq!(store::audit::verify(house.app.db()).await.expect("reads"), Ok(5));
    }
}
