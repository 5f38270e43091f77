use app::{Error, Rule, contracts};
use domain::contract::ContractStatus;

use crate::house::{actor, house};

store::on_both_engines! {
    async fn a_refused_contract_says_why_and_is_linked_anew_with_the_numbers_put_right(test: TestDb) {
        let house = house(&test).await;
        let (app, owner) = (&house.app, house.organisation());
        let first = contracts::link(app, &actor(), owner, "54000001", "80000009", "LCE1").await.expect("links");
        assert!(matches!(contracts::reject(app, &actor(), first.id, "  ").await, Err(Error::Invalid { field: "reason", .. })));
        contracts::reject(app, &actor(), first.id, "the client number is another's").await.expect("rejects");
        let there = store::contracts::find(app.db(), first.id).await.expect("reads").expect("there");
        assert_eq!((there.status, there.reason.as_deref()), (ContractStatus::Ended, Some("the client number is another's")));
        assert!(matches!(contracts::reject(app, &actor(), first.id, "again").await, Err(Error::Rule(Rule::AlreadyDecided))));

        let second = contracts::link(app, &actor(), owner, "54000001", "80000001", "LCE1").await.expect("links anew");
        assert_eq!(second.id, first.id);
        let there = store::contracts::find(app.db(), first.id).await.expect("reads").expect("there");
        assert_eq!((there.status, there.client_number.as_str(), there.reason), (ContractStatus::Pending, "80000001", None));
        assert!(matches!(contracts::link(app, &actor(), owner, "54000001", "80000002", "LCE1").await, Err(Error::Taken { .. })));
    }

    async fn a_contract_does_not_wait_again_and_is_not_decided_twice(test: TestDb) {
        let house = house(&test).await;
        let contract = contracts::link(&house.app, &actor(), house.organisation(), "54000001", "80000001", "LCE1").await.expect("links");
        for (stopped, why) in [(ContractStatus::Suspended, None), (ContractStatus::Ended, Some("  "))] {
            let refused = contracts::set_status(&house.app, &actor(), contract.id, stopped, why).await;
            assert!(matches!(refused, Err(Error::Invalid { field: "reason", .. })), "its organisation must know why: {refused:?}");
        }
        let set = async |status| contracts::set_status(&house.app, &actor(), contract.id, status, Some("because")).await;
        set(ContractStatus::Active).await.expect("activates");
        assert!(matches!(set(ContractStatus::Active).await, Err(Error::Refused(_))));
        assert!(matches!(set(ContractStatus::Pending).await, Err(Error::Invalid { .. })));
        assert!(matches!(contracts::reject(&house.app, &actor(), contract.id, "no").await, Err(Error::Rule(Rule::AlreadyDecided))));
        set(ContractStatus::Suspended).await.expect("suspends");
        set(ContractStatus::Active).await.expect("resumes");
    }

    async fn of_those_who_decide_a_contract_at_once_only_one_does(test: TestDb) {
        let house = house(&test).await;
        let contract = contracts::link(&house.app, &actor(), house.organisation(), "54000001", "80000001", "LCE1").await.expect("links");
        let tasks: Vec<_> = (0..16)
            .map(|at| {
                let (app, id) = (house.app.clone(), contract.id);
                tokio::spawn(async move {
                    if at % 2 == 0 {
                        contracts::set_status(&app, &actor(), id, ContractStatus::Active, None).await.is_ok()
                    } else {
                        contracts::reject(&app, &actor(), id, "no").await.is_ok()
                    }
                })
            })
            .collect();
        let mut decided = 0;
        for task in tasks {
            decided += usize::from(task.await.expect("joins"));
        }
        assert_eq!(decided, 1);
        let entries = store::audit::latest(house.app.db(), 100).await.expect("reads");
        assert_eq!(entries.iter().filter(|entry| matches!(entry.action.as_str(), "contract.set_status" | "contract.reject")).count(), 1);
    }
}
