use app::{
    Actor, Error, access,
    approval_rules::{self, Wanted},
    contracts, reason_templates,
};
use domain::{
    AccountId, CustomerType,
    Environment::{Production, Sandbox},
    contract::ContractStatus,
    queue::Queue,
    role::Role,
};
use store::access_requests::Status;

use crate::house::{House, actor, house};

/// A rule for people of the shop with an active contract, in production, for labels.
fn wanted() -> Wanted {
    Wanted {
        name: "Own people".into(),
        api: Some("labels".into()),
        environment: Some(Production),
        mail_domains: "@shop.example, carrier.example\n".into(),
        active_contract: true,
        ..Wanted::default()
    }
}

async fn contract(house: &House) {
    let contract = contracts::link(&house.app, &actor(), house.organisation(), "54000001", "80000001", "LCE1").await.expect("links");
    contracts::set_status(&house.app, &actor(), contract.id, ContractStatus::Active, None).await.expect("activates");
}

async fn asked(house: &House, by: &Actor, api: &str) -> access::Outcome {
    access::request(&house.app, by, house.wish(Production, api, None)).await.expect("asks")
}

store::on_both_engines! {
    async fn a_rule_approves_at_once_when_all_its_conditions_hold_and_says_its_name(test: TestDb) {
        let house = house(&test).await;
        let dora = Actor::Account(house.member("dora@shop.example", Role::Developer).await);
        approval_rules::put(&house.app, &actor(), None, &wanted()).await.expect("adds");
        assert_eq!(asked(&house, &dora, "labels").await.request.status, Status::Pending, "no contract yet");
        contract(&house).await;
        assert_eq!(asked(&house, &dora, "tracking").await.request.status, Status::Pending, "another API");
        let approved = asked(&house, &dora, "labels").await;
        assert_eq!(approved.request.status, Status::Approved);
        assert_eq!(approved.request.decision_reason.as_deref(), Some("rule \"Own people\""));
        assert_eq!(house.granted(Production).await, "LBS LBSW");
    }

    async fn an_address_counts_only_when_it_was_verified_and_is_of_that_very_domain(test: TestDb) {
        let house = house(&test).await;
        contract(&house).await;
        approval_rules::put(&house.app, &actor(), None, &wanted()).await.expect("adds");
        let unverified = AccountId(uuid::Uuid::from_bytes([7; 16]));
        store::testkit::account(house.app.db(), unverified, "maybe@shop.example", false, None).await;
        house.enlist(house.organisation(), &[(unverified, Role::Developer)]).await;
        let elsewhere = house.member("eva@evilshop.example", Role::Owner).await;
        let below = house.member("eva@shop.example.evil.example", Role::Owner).await;
        for by in [Actor::Account(unverified), Actor::Account(elsewhere), Actor::Account(below), actor()] {
            assert_eq!(asked(&house, &by, "labels").await.request.status, Status::Pending, "{by}");
        }
    }

    async fn a_rule_gives_the_first_plan_and_no_other(test: TestDb) {
        let house = house(&test).await;
        contract(&house).await;
        approval_rules::put(&house.app, &actor(), None, &wanted()).await.expect("adds");
        let dora = Actor::Account(house.member("dora@shop.example", Role::Developer).await);
        for (plan, expected) in [("starter", Status::Pending), ("standard", Status::Approved)] {
            let wish = access::Wish { plan: Some(plan.into()), ..house.wish(Production, "labels", None) };
            assert_eq!(access::request(&house.app, &dora, wish).await.expect("asks").request.status, expected, "{plan}");
        }
    }

    async fn what_somebody_removed_does_not_come_again_with_a_change(test: TestDb) {
        let house = house(&test).await;
        let template = reason_templates::Wanted { queue: Queue::Access, name: "No".into(), spanish: "No.".into(), english: "No.".into() };
        let by = actor();
        for _ in 0..6 {
            let rule = approval_rules::put(&house.app, &by, None, &wanted()).await.expect("adds").id;
            let words = reason_templates::put(&house.app, &by, None, &template).await.expect("adds").id;
            let (gone, wanted) = (approval_rules::remove(&house.app, &by, rule), wanted());
            let (gone, _) = tokio::join!(gone, approval_rules::put(&house.app, &by, Some(rule), &wanted));
            gone.expect("removes");
            let (gone, _) = tokio::join!(reason_templates::remove(&house.app, &by, words), reason_templates::put(&house.app, &by, Some(words), &template));
            gone.expect("removes");
            assert!(approval_rules::list(&house.app, &by).await.expect("lists").is_empty());
            assert!(reason_templates::list(&house.app, &by, None).await.expect("lists").is_empty());
        }
    }

    async fn what_would_open_production_to_everybody_is_refused(test: TestDb) {
        let house = house(&test).await;
        let open = Wanted { mail_domains: String::new(), active_contract: false, ..wanted() };
        for environment in [None, Some(Production)] {
            let refused = approval_rules::put(&house.app, &actor(), None, &Wanted { environment, ..open.clone() }).await.expect_err("refused");
            assert!(matches!(refused, Error::Invalid { field: "environment", .. }), "{refused}");
        }
        approval_rules::put(&house.app, &actor(), None, &Wanted { environment: Some(Sandbox), ..open.clone() }).await.expect("adds");
        let types = Wanted { name: "Types".into(), customer_types: vec![CustomerType::Internal], ..open };
        approval_rules::put(&house.app, &actor(), None, &types).await.expect("adds");
        for domains in ["shop", "a b@c", "shop..example", "[127.0.0.1]"] {
            let refused = approval_rules::put(&house.app, &actor(), None, &Wanted { mail_domains: domains.into(), ..wanted() }).await;
            assert!(matches!(refused, Err(Error::Invalid { field: "mail_domains", .. })), "{domains}");
        }
        let unknown = Wanted { api: Some("nope".into()), ..wanted() };
        assert!(matches!(approval_rules::put(&house.app, &actor(), None, &unknown).await, Err(Error::Invalid { field: "api", .. })));
    }

    async fn a_rule_is_changed_and_removed_and_the_log_says_from_what(test: TestDb) {
        let house = house(&test).await;
        let rule = approval_rules::put(&house.app, &actor(), None, &wanted()).await.expect("adds");
        assert_eq!(rule.mail_domains, ["carrier.example", "shop.example"]);
        assert!(matches!(approval_rules::put(&house.app, &actor(), None, &wanted()).await, Err(Error::Taken { .. })));
        let narrowed = Wanted { api: Some("tracking".into()), ..wanted() };
        approval_rules::put(&house.app, &actor(), Some(rule.id), &narrowed).await.expect("changes");
        assert_eq!(approval_rules::list(&house.app, &actor()).await.expect("lists")[0].api.as_ref().expect("one").as_str(), "tracking");
        approval_rules::remove(&house.app, &actor(), rule.id).await.expect("removes");
        assert!(matches!(approval_rules::put(&house.app, &actor(), Some(rule.id), &wanted()).await, Err(Error::NotFound { .. })));
        assert!(matches!(approval_rules::remove(&house.app, &actor(), rule.id).await, Err(Error::NotFound { .. })));
        let log = store::audit::latest(house.app.db(), 3).await.expect("reads");
        assert_eq!(log.iter().map(|entry| entry.action.as_str()).collect::<Vec<_>>(), ["approval_rule.remove", "approval_rule.change", "approval_rule.create"]);
        assert!(log[1].detail.contains("\"from\"") && log[1].detail.contains("tracking"), "{}", log[1].detail);
    }
}
