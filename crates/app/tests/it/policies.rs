//! The usage policies, version by version.

use app::{Actor, Error, Rule, clients, contracts, mail, policies, policies::Draft, view};
use domain::{
    Environment::{Production, Sandbox},
    contract::ContractStatus,
    role::Role,
};

use crate::house::{House, actor, house};

const ADDRESS: &str = "192.0.2.1";

pub fn draft(version: &str) -> Draft {
    Draft {
        version: version.into(),
        spanish: "Un texto.\r\n\r\n## En producción {#production}\r\n\r\n1. Una norma.".into(),
        english: "A text.".into(),
        changed_spanish: "Todo.".into(),
        changed_english: "Everything.".into(),
    }
}

/// Publishes a version that is in force so many seconds from now.
pub async fn publish(house: &House, version: &str, seconds: u64) {
    policies::put_draft(&house.app, &actor(), &draft(version), None).await.expect("writes");
    let from = house.app.now() + std::time::Duration::from_secs(seconds);
    policies::publish(&house.app, &actor(), version, 1, Some(from)).await.expect("publishes");
}

store::on_both_engines! {
    async fn a_house_begins_with_a_version_in_both_languages_and_keeps_it(test: TestDb) {
        let house = house(&test).await;
        let shown = policies::show(&house.app, None).await.expect("shows");
        assert_eq!((shown.current.version.as_str(), shown.next), (policies::FIRST, None));
        assert!(shown.policies.spanish.contains("{#production}") && shown.policies.english.contains("{#production}"));
        // Another start of the program changes nothing.
        house.hands.advance(60);
        let again = app::App::open(test.db.clone(), house.master.clone(), house.hands.clock(), store::testkit::entropy(5)).await.expect("opens");
        assert_eq!(policies::list(&again, &actor()).await.expect("lists").len(), 1);
        assert_eq!(policies::show(&again, None).await.expect("shows").current, shown.current);
    }

    async fn a_draft_is_seen_by_nobody_else_and_two_who_write_it_do_not_overwrite_each_other(test: TestDb) {
        let house = house(&test).await;
        let (app, by) = (&house.app, actor());
        assert_eq!(policies::put_draft(app, &by, &draft("2027-01"), None).await.expect("writes"), 1);
        assert!(matches!(policies::show(app, Some("2027-01")).await, Err(Error::NotFound { .. })));
        let written = policies::find(app, &by, "2027-01").await.expect("there");
        assert_eq!(written.spanish, "Un texto.\n\n## En producción {#production}\n\n1. Una norma.", "a browser's line ends go");
        assert_eq!(policies::put_draft(app, &by, &draft("2027-01"), Some(1)).await.expect("the same"), 1, "nothing changed");
        let other = Draft { english: "Another text.".into(), ..draft("2027-01") };
        assert_eq!(policies::put_draft(app, &by, &other, Some(1)).await.expect("writes"), 2);
        let late = Draft { english: "A third.".into(), ..draft("2027-01") };
        assert!(matches!(policies::put_draft(app, &by, &late, Some(1)).await, Err(Error::Refused(_))));
        house.hands.advance(1);
        assert!(matches!(policies::publish(app, &by, "2027-01", 1, None).await, Err(Error::Refused(_))), "it is not what was read");
        assert!(matches!(policies::discard(app, &by, "2027-01", 1).await, Err(Error::Refused(_))));
        policies::discard(app, &by, "2027-01", 2).await.expect("goes");
        assert!(matches!(policies::find(app, &by, "2027-01").await, Err(Error::NotFound { .. })));
        for version in ["27-01", "2027/01", "new", "2027 01", "2027-A"] {
            assert!(matches!(policies::put_draft(app, &by, &draft(version), None).await, Err(Error::Invalid { field: "version", .. })), "{version}");
        }
    }

    async fn a_published_version_never_changes_and_versions_follow_one_another(test: TestDb) {
        let house = house(&test).await;
        let (app, by) = (&house.app, actor());
        publish(&house, "2027-01", 100).await;
        let again = Draft { english: "Another text.".into(), ..draft("2027-01") };
        assert!(matches!(policies::put_draft(app, &by, &again, None).await, Err(Error::Refused(_))));
        assert!(matches!(policies::publish(app, &by, "2027-01", 1, None).await, Err(Error::Refused(_))));
        assert!(matches!(policies::discard(app, &by, "2027-01", 1).await, Err(Error::Refused(_))));
        policies::put_draft(app, &by, &draft("2027-02"), None).await.expect("writes");
        for seconds in [-5, 0, 50, 100] {
            let from = app.now() + jiff::SignedDuration::from_secs(seconds);
            let refused = policies::publish(app, &by, "2027-02", 1, Some(from)).await;
            assert!(matches!(refused, Err(Error::Invalid { field: "in_force_at", .. })), "{seconds}");
        }
    }

    async fn of_two_versions_published_at_once_one_is_in_force_and_the_other_refused(test: TestDb) {
        let house = house(&test).await;
        let (app, by) = (&house.app, actor());
        for round in 1..=5 {
            let (one, two) = (format!("2027-0{round}-a"), format!("2027-0{round}-b"));
            for version in [&one, &two] {
                policies::put_draft(app, &by, &draft(version), None).await.expect("writes");
            }
            let from = Some(app.now() + jiff::SignedDuration::from_secs(round));
            let outcomes = tokio::join!(policies::publish(app, &by, &one, 1, from), policies::publish(app, &by, &two, 1, from));
            let ((Ok(_), Err(refused)) | (Err(refused), Ok(_))) = outcomes else { panic!("{outcomes:?}") };
            assert!(matches!(refused, Error::Refused(_) | Error::Invalid { field: "in_force_at", .. }), "{refused:?}");
        }
    }

    async fn whoever_accepted_an_older_version_is_told_and_needs_the_new_one_for_new_production_keys(test: TestDb) {
        let house = house(&test).await;
        let (app, project) = (&house.app, house.project());
        let by = Actor::Account(house.member("adam@shop.example", Role::Admin).await);
        house.member("dora@shop.example", Role::Developer).await;
        let contract = contracts::link(app, &by, house.organisation(), "54000001", "80000001", "LCE1").await.expect("links");
        contracts::set_status(app, &actor(), contract.id, ContractStatus::Active, None).await.expect("activates");
        policies::accept(app, &by, project, Production, policies::FIRST, ADDRESS).await.expect("accepts");
        let key = clients::create(app, &by, project, Production).await.expect("creates");
        assert_eq!(policies::recipients(app, &actor()).await.expect("counts"), 1);

        publish(&house, "2027-01", 100).await;
        let told: Vec<_> = mail::mailbox(app, 100).await.expect("reads").into_iter().filter(|mail| mail.mail.kind == "policies_published").collect();
        assert_eq!(told.len(), 1, "the admin, and nobody who only builds");
        let text = told[0].text.as_ref().expect("kept");
        assert!(told[0].mail.recipient.as_str() == "adam@shop.example" && text.expose().contains("2027-01") && text.expose().contains("Everything."));
        let page = view::project(app, &by, project).await.expect("sees");
        assert_eq!(page.policies.anew.as_ref().map(|anew| (anew.version.as_str(), anew.environment)), Some(("2027-01", Production)));
        assert!(page.production.policies, "what is in force is what counts");

        house.hands.advance(100);
        let page = view::project(app, &by, project).await.expect("sees");
        assert_eq!((page.policies.current.version.as_str(), page.production.policies), ("2027-01", false));
        assert!(page.policies.anew.is_some());
        assert_eq!(clients::find(app, &by, &key.client.id).await.expect("there").status, domain::contract::Standing::Active, "nothing stops");
        let old = policies::accept(app, &by, project, Production, policies::FIRST, ADDRESS).await;
        assert!(matches!(old, Err(Error::Rule(Rule::PoliciesChanged))));
        let second = app::projects::create(app, &by, house.organisation(), "App").await.expect("creates").project.id;
        assert!(matches!(clients::create(app, &by, second, Production).await, Err(Error::Rule(Rule::PoliciesNotAccepted))));
        policies::accept(app, &by, project, Production, "2027-01", ADDRESS).await.expect("accepts");
        let page = view::project(app, &by, project).await.expect("sees");
        assert!(page.production.policies && page.policies.anew.is_none());
    }

    async fn what_is_announced_may_be_accepted_before_it_is_in_force(test: TestDb) {
        let house = house(&test).await;
        let (app, project) = (&house.app, house.project());
        let by = Actor::Account(house.member("adam@shop.example", Role::Admin).await);
        policies::accept(app, &by, project, Production, policies::FIRST, ADDRESS).await.expect("accepts");
        publish(&house, "2027-01", 100).await;
        policies::accept(app, &by, project, Production, "2027-01", ADDRESS).await.expect("accepts");
        assert!(view::project(app, &by, project).await.expect("sees").policies.anew.is_none());
        house.hands.advance(100);
        assert!(view::project(app, &by, project).await.expect("sees").production.policies);
    }

    async fn staff_read_who_accepted_what_page_by_page(test: TestDb) {
        let house = house(&test).await;
        let (app, project) = (&house.app, house.project());
        let by = Actor::Account(house.member("adam@shop.example", Role::Admin).await);
        for environment in [Sandbox, Production] {
            policies::accept(app, &by, project, environment, policies::FIRST, ADDRESS).await.expect("accepts");
        }
        let mut asked = policies::Asked { limit: 1, ..Default::default() };
        let first = policies::acceptances(app, &actor(), &asked).await.expect("reads");
        asked.after = Some(first.next.expect("another page").to_string().parse().expect("reads"));
        let second = policies::acceptances(app, &actor(), &asked).await.expect("reads");
        let environments = [first.rows[0].acceptance.environment, second.rows[0].acceptance.environment];
        assert!(environments.contains(&Sandbox) && environments.contains(&Production), "two of the same moment are two");
        assert!(second.next.is_none());
        for (version, organisation, found) in [("", "libr", 2), (policies::FIRST, "", 2), ("2001-01", "", 0), ("", "%", 0)] {
            let asked = policies::Asked { version: version.into(), organisation: organisation.into(), limit: 10, ..Default::default() };
            assert_eq!(policies::acceptances(app, &actor(), &asked).await.expect("reads").rows.len(), found, "{version} {organisation}");
        }
    }
}
