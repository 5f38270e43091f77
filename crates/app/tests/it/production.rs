use app::{Actor, Error, Rule, clients, contracts, policies};
use domain::{
    Environment::{Production, Sandbox},
    contract::ContractStatus,
    role::Role,
};

use crate::house::{actor, house};

store::on_both_engines! {
    async fn production_needs_a_contract_and_the_policies_of_this_version_accepted(test: TestDb) {
        let house = house(&test).await;
        let (app, project) = (&house.app, house.project());
        let by = Actor::Account(house.member("adam@shop.example", Role::Admin).await);
        let refused = async || clients::create(app, &by, project, Production).await.err();
        assert!(matches!(refused().await, Some(Error::Rule(Rule::NoContract))));
        let contract = contracts::link(app, &by, house.organisation(), "54000001", "80000001", "LCE1").await.expect("links");
        contracts::set_status(app, &actor(), contract.id, ContractStatus::Active, None).await.expect("activates");
        assert!(matches!(refused().await, Some(Error::Rule(Rule::PoliciesNotAccepted))));
        policies::accept(app, &by, project, Sandbox, policies::FIRST, "192.0.2.1").await.expect("accepts");
        assert!(matches!(refused().await, Some(Error::Rule(Rule::PoliciesNotAccepted))), "the sandbox is not production");
        let old = policies::accept(app, &by, project, Production, "2001-01", "192.0.2.1").await;
        assert!(matches!(old, Err(Error::Rule(Rule::PoliciesChanged))));
        policies::accept(app, &by, project, Production, policies::FIRST, "2001:db8::1").await.expect("accepts");
        policies::accept(app, &by, project, Production, policies::FIRST, "192.0.2.9").await.expect("twice changes nothing");
        clients::create(app, &by, project, Production).await.expect("creates");
        let page = app::view::project(app, &by, project).await.expect("sees");
        assert_eq!(page.production, app::view::Production { contract: true, policies: true });
        let addresses: Vec<_> = page.acceptances.iter().filter(|one| one.environment == Production).map(|one| one.address.as_str()).collect();
        assert_eq!(addresses, ["2001:db8::1"], "the first acceptance stands");
    }

    async fn the_command_line_needs_the_contract_only(test: TestDb) {
        let house = house(&test).await;
        let contract = contracts::link(&house.app, &actor(), house.organisation(), "54000001", "80000001", "LCE1").await.expect("links");
        contracts::set_status(&house.app, &actor(), contract.id, ContractStatus::Active, None).await.expect("activates");
        clients::create(&house.app, &actor(), house.project(), Production).await.expect("creates");
        let signed = policies::accept(&house.app, &actor(), house.project(), Production, policies::FIRST, "192.0.2.1").await;
        assert!(matches!(signed, Err(Error::Rule(Rule::NoSignature))), "nobody accepts for others");
    }

    async fn an_address_is_an_address(test: TestDb) {
        let house = house(&test).await;
        let by = Actor::Account(house.member("adam@shop.example", Role::Admin).await);
        let refused = policies::accept(&house.app, &by, house.project(), Sandbox, policies::FIRST, "<script>").await;
        assert!(matches!(refused, Err(Error::Invalid { field: "address", .. })));
    }
}
