use app::{
    Error, Rule, contracts, mail,
    queues::{Taken, Targets},
};
use domain::{queue::Queue, role::Staff};

use super::*;

async fn mine(house: &House, taken: Taken) -> usize {
    queues::access(&house.app, &actor(), &Query { taken, ..query("", 50) }).await.expect("reads").rows.len()
}

async fn letters(house: &House) -> Vec<mail::Posted> {
    let mails = mail::mailbox(&house.app, 1000).await.expect("reads");
    mails.into_iter().filter(|posted| posted.mail.kind == "queues_overdue").collect()
}

store::on_both_engines! {
    async fn who_takes_care_of_something_is_seen_by_all_and_keeps_nobody_from_deciding(test: TestDb) {
        let house = house(&test).await;
        waiting(&house).await;
        let (sara, olga) = (house.staff(Staff::Support).await, house.staff(Staff::Administrator).await);
        let (app::Actor::Account(sara_id), app::Actor::Account(olga_id)) = (sara.clone(), olga.clone()) else { panic!("accounts") };
        let row = queues::access(&house.app, &sara, &query("", 1)).await.expect("reads").rows.remove(0);
        let id = row.what.id;
        assert_eq!((row.taker, mine(&house, Taken::Nobody).await), (None, 6));
        queues::take(&house.app, &sara, Queue::Access, id.0).await.expect("takes");
        assert_eq!((mine(&house, Taken::By(sara_id)).await, mine(&house, Taken::Nobody).await, mine(&house, Taken::Any).await), (1, 5, 6));
        queues::take(&house.app, &olga, Queue::Access, id.0).await.expect("takes over");
        assert_eq!((mine(&house, Taken::By(sara_id)).await, mine(&house, Taken::By(olga_id)).await), (0, 1));
        let taker = queues::taker(&house.app, &sara, Queue::Access, id.0).await.expect("reads").expect("somebody");
        assert_eq!(taker.0, olga_id);
        access::approve(&house.app, &sara, id, None).await.expect("decides all the same");
        assert_eq!(queues::taker(&house.app, &sara, Queue::Access, id.0).await.expect("reads"), None, "nothing is left of it");
        assert!(matches!(queues::take(&house.app, &olga, Queue::Access, id.0).await, Err(Error::Rule(Rule::AlreadyDecided))));
        assert!(matches!(queues::take(&house.app, &olga, Queue::Access, uuid::Uuid::nil()).await, Err(Error::NotFound { .. })));
    }

    async fn what_waits_is_given_only_to_somebody_who_decides(test: TestDb) {
        let house = house(&test).await;
        waiting(&house).await;
        let (sara, vera) = (house.staff(Staff::Support).await, house.staff(Staff::Viewer).await);
        let (app::Actor::Account(sara_id), app::Actor::Account(vera_id)) = (sara.clone(), vera.clone()) else { panic!("accounts") };
        let member = house.account("member@shop.example").await;
        let id = queues::access(&house.app, &sara, &query("", 1)).await.expect("reads").rows.remove(0).what.id;
        for nobody in [vera_id, member] {
            let refused = queues::assign(&house.app, &actor(), Queue::Access, id.0, nobody).await;
            assert!(matches!(refused, Err(Error::Invalid { field: "account_id", .. })), "{refused:?}");
        }
        queues::assign(&house.app, &actor(), Queue::Access, id.0, sara_id).await.expect("gives");
        assert_eq!(mine(&house, Taken::By(sara_id)).await, 1);
        access::reject(&house.app, &sara, id, "no").await.expect("decides");
        assert!(matches!(queues::assign(&house.app, &actor(), Queue::Access, id.0, sara_id).await, Err(Error::Rule(Rule::AlreadyDecided))));
    }

    async fn nobody_takes_care_of_what_an_archived_project_asked_for(test: TestDb) {
        let house = house(&test).await;
        waiting(&house).await;
        let sara = house.staff(Staff::Support).await;
        let request = queues::access(&house.app, &sara, &query("", 1)).await.expect("reads").rows.remove(0).what;
        queues::take(&house.app, &sara, Queue::Access, request.id.0).await.expect("takes");
        app::projects::archive(&house.app, &actor(), request.project_id).await.expect("archives");
        assert_eq!(queues::taker(&house.app, &sara, Queue::Access, request.id.0).await.expect("reads"), None);
    }

    async fn every_queue_can_be_taken_from_and_left_to_anybody(test: TestDb) {
        let house = house(&test).await;
        waiting(&house).await;
        let sara = house.staff(Staff::Support).await;
        let contract = queues::contracts(&house.app, &sara, ContractStatus::Pending, &query("", 1)).await.expect("reads").rows.remove(0).what.id.0;
        let kind = queues::customer_types(&house.app, &sara, &query("", 1)).await.expect("reads").rows.remove(0).what.id.0;
        for (queue, id) in [(Queue::Contracts, contract), (Queue::CustomerTypes, kind)] {
            queues::take(&house.app, &sara, queue, id).await.expect("takes");
            assert!(queues::taker(&house.app, &sara, queue, id).await.expect("reads").is_some());
            queues::leave(&house.app, &sara, queue, id).await.expect("leaves");
            assert!(queues::taker(&house.app, &sara, queue, id).await.expect("reads").is_none());
            queues::take(&house.app, &sara, queue, id).await.expect("takes");
        }
        let taken = Query { taken: Taken::Nobody, ..query("", 50) };
        assert_eq!(queues::contracts(&house.app, &sara, ContractStatus::Pending, &taken).await.expect("reads").total, 2);
        assert_eq!(queues::customer_types(&house.app, &sara, &taken).await.expect("reads").total, 2);
        contracts::reject(&house.app, &sara, contract.into(), "no").await.expect("rejects");
        customer_types::reject(&house.app, &sara, kind.into(), "no").await.expect("rejects");
        for (queue, id) in [(Queue::Contracts, contract), (Queue::CustomerTypes, kind)] {
            assert!(queues::taker(&house.app, &sara, queue, id).await.expect("reads").is_none());
        }
    }

    async fn what_somebody_takes_care_of_is_listed_counted_filtered_and_paged_and_nothing_of_anybody_elses(test: TestDb) {
        let house = house(&test).await;
        waiting(&house).await;
        let (sara, olga) = (house.staff(Staff::Support).await, house.staff(Staff::Administrator).await);
        let (app::Actor::Account(sara_id), app::Actor::Account(olga_id)) = (sara.clone(), olga.clone()) else { panic!("accounts") };
        let app = &house.app;
        let all = queues::access(app, &sara, &query("", 50)).await.expect("reads").rows;
        for row in &all {
            // Of each organisation one, and of the last both.
            let mine = row.what.api.as_str() == "labels" || row.owner == "Papelería_Sol";
            queues::take(app, if mine { &sara } else { &olga }, Queue::Access, row.what.id.0).await.expect("takes");
        }
        let of = |account, organisation: &str, limit| Query { taken: Taken::By(account), ..query(organisation, limit) };
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = queues::access(app, &sara, &Query { after: after.take(), ..of(sara_id, "", 1) }).await.expect("reads");
            assert_eq!((page.rows.len(), page.total), (1, 4));
            found.extend(page.rows.iter().map(|row| (row.owner.clone(), row.what.api.to_string())));
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        let wanted: Vec<_> = all.iter().map(|row| (row.owner.clone(), row.what.api.to_string())).collect();
        let wanted: Vec<_> = wanted.into_iter().filter(|(owner, api)| api == "labels" || owner == "Papelería_Sol").collect();
        assert_eq!(found, wanted, "in the order of the queue");
        let some = Query { api: Some("tracking".into()), ..of(sara_id, "", 50) };
        assert_eq!(queues::access(app, &sara, &some).await.expect("reads").total, 1);
        assert_eq!(queues::access(app, &sara, &of(sara_id, "sol", 50)).await.expect("reads").total, 3, "of few organisations");
        assert_eq!(queues::access(app, &sara, &of(olga_id, "papel", 50)).await.expect("reads").total, 0);

        let contract = queues::contracts(app, &sara, ContractStatus::Pending, &query("", 1)).await.expect("reads").rows.remove(0).what.id;
        let kind = queues::customer_types(app, &sara, &query("", 1)).await.expect("reads").rows.remove(0).what.id;
        queues::take(app, &sara, Queue::Contracts, contract.0).await.expect("takes");
        queues::take(app, &sara, Queue::CustomerTypes, kind.0).await.expect("takes");
        for (who, number) in [(sara_id, 1), (olga_id, 0)] {
            let contracts = queues::contracts(app, &sara, ContractStatus::Pending, &of(who, "", 50)).await.expect("reads");
            assert_eq!((contracts.rows.len(), contracts.total), (number, i64::try_from(number).expect("a few")));
            assert!(contracts.rows.iter().all(|row| row.what.id == contract && row.taker_id.as_deref() == Some(&*sara_id.to_string())));
            let kinds = queues::customer_types(app, &sara, &of(who, "", 50)).await.expect("reads");
            assert_eq!((kinds.rows.len(), kinds.total), (number, i64::try_from(number).expect("a few")));
            assert!(kinds.rows.iter().all(|row| row.what.id == kind));
        }
    }

    async fn what_waits_beyond_its_target_is_counted_and_targets_are_bounded(test: TestDb) {
        let house = house(&test).await;
        waiting(&house).await;
        let late = async || { let late = queues::overdue(&house.app, &actor()).await.expect("counts"); (late.access, late.contracts, late.customer_types) };
        assert_eq!(late().await, (0, 0, 0));
        house.hands.advance(25 * 3600);
        assert_eq!(late().await, (6, 0, 0));
        let targets = queues::targets(&house.app, &actor()).await.expect("reads");
        queues::set_targets(&house.app, &actor(), &Targets { contracts: 12, ..targets }).await.expect("sets");
        assert_eq!(late().await, (6, 3, 0));
        house.hands.advance(48 * 3600);
        assert_eq!(late().await, (6, 3, 3));
        for hours in [0, -1, i64::MAX] {
            let bad = Targets { contracts: 6, customer_types: hours, ..targets };
            assert!(matches!(queues::set_targets(&house.app, &actor(), &bad).await, Err(Error::Invalid { field: "customer_types", .. })));
        }
        assert_eq!(queues::targets(&house.app, &actor()).await.expect("reads").contracts, 12, "all of them, or none");
    }

    async fn staff_who_decide_are_written_to_once_a_week_and_only_when_something_waits_too_long(test: TestDb) {
        let house = house(&test).await;
        for role in Staff::ALL {
            house.staff(*role).await;
        }
        waiting(&house).await;
        house.hands.advance(86_400);
        let mut written = 0;
        for _ in 0..9 {
            house.hands.advance(86_400);
            written += usize::from(queues::weekly_letter(&house.app).await.expect("writes"));
            assert!(!queues::weekly_letter(&house.app).await.expect("writes"), "another node, a moment later");
        }
        assert_eq!(written, 2, "nine days touch two weeks");
        let letters = letters(&house).await;
        let mut to: Vec<_> = letters.iter().map(|posted| posted.mail.recipient.to_string()).collect();
        to.sort();
        to.dedup();
        assert_eq!((to, letters.len()), (vec!["administrator@carrier.example".to_owned(), "support@carrier.example".to_owned()], 4));
        let text = letters[0].text.as_ref().expect("its text").expose();
        assert!(text.contains("Access requests: 6 for more than 24 hours") && text.contains("Café 100%") && text.contains("/console"), "{text}");
    }

    async fn nobody_is_written_to_while_nothing_waits_too_long(test: TestDb) {
        let house = house(&test).await;
        house.staff(Staff::Support).await;
        waiting(&house).await;
        house.hands.advance(12 * 3600);
        assert!(!queues::weekly_letter(&house.app).await.expect("looks"));
        assert!(letters(&house).await.is_empty());
    }
}
