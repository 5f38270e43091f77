//! Who acts for an organisation, and that it stops them.

use app::{
    Actor, Error, Rule,
    acting::{self, Filter, Page},
    consents, contracts, customer_keys, mail, organisations, policies,
};
use domain::{
    ChildKey, ContractId, CustomerType,
    Environment::{Production, Sandbox},
    OrganisationId, ProjectId,
    contract::{ContractStatus, Standing},
    role::Role,
};

use store::consents::Consent;

use crate::house::{House, actor, house};

/// The client number of the holder's contract, and the number of the contract itself.
const ACCOUNT: &str = "80000001";
const CONTRACT: &str = "54000001";

/// An organisation with an active contract, and two platforms.
struct Stage {
    house: House,
    holder: OrganisationId,
    contract: ContractId,
    owner: Actor,
    /// Who builds at the first platform.
    dora: Actor,
    first: ProjectId,
    second: ProjectId,
}

async fn platform(house: &House, name: &str, project: &str) -> (OrganisationId, ProjectId) {
    let founded = organisations::create(&house.app, &actor(), name, CustomerType::Integrator, project).await.expect("founds");
    (founded.organisation.id, founded.first.project.id)
}

async fn linked(house: &House, organisation: OrganisationId, number: &str, client_number: &str) -> ContractId {
    let contract = contracts::link(&house.app, &actor(), organisation, number, client_number, "LCE1").await.expect("links").id;
    contracts::set_status(&house.app, &actor(), contract, ContractStatus::Active, None).await.expect("activates");
    contract
}

async fn stage(test: &store::testkit::TestDb) -> Stage {
    let house = house(test).await;
    let owner = Actor::Account(house.member("olga@shop.example", Role::Owner).await);
    let contract = linked(&house, house.organisation(), CONTRACT, ACCOUNT).await;
    let (envios, first) = platform(&house, "Envíos", "Hub").await;
    let (_, second) = platform(&house, "Ship It", "Core").await;
    let dora = house.account("dora@envios.example").await;
    house.enlist(envios, &[(dora, Role::Developer)]).await;
    Stage { holder: house.organisation(), contract, owner, dora: Actor::Account(dora), first, second, house }
}

impl Stage {
    /// That the holder of the account proved itself for this key.
    async fn consent(&self, key: &ChildKey, project: ProjectId, account: &str) {
        let consent = Consent {
            id: uuid::Uuid::from_u128(account.len() as u128).into(),
            project_id: project,
            environment: Production,
            account_number: account.into(),
            client_id: "pro_ci_1".into(),
            method: "pin".into(),
            agreement: policies::FIRST.into(),
            address: "192.0.2.7".into(),
            created_at: store::Moment(self.house.app.now()),
        };
        let mut tx = self.house.app.db().begin().await.expect("begins");
        store::consents::insert(&mut tx, &consent).await.expect("writes");
        store::consents::bears(&mut tx, consent.id, key).await.expect("writes");
        tx.commit(self.house.app.now()).await.expect("commits");
    }

    async fn key(&self, project: ProjectId, account: &str) -> ChildKey {
        customer_keys::create(&self.house.app, &actor(), project, Production, account).await.expect("issues").record.id
    }

    async fn page(&self, filter: &Filter, limit: i64) -> Page {
        acting::list(&self.house.app, &self.owner, self.holder, filter, limit).await.expect("lists")
    }

    async fn ids(&self) -> Vec<ChildKey> {
        self.page(&Filter::default(), 200).await.rows.into_iter().map(|row| row.id).collect()
    }

    async fn stop(&self, key: &ChildKey, why: &str) -> Result<(), Error> {
        acting::stop(&self.house.app, &self.owner, self.holder, key, Some(why)).await
    }

    async fn standing(&self, key: &ChildKey) -> Standing {
        customer_keys::find(&self.house.app, &actor(), key).await.expect("there").status
    }

    async fn letters(&self, kind: &str) -> Vec<(String, String)> {
        let mails = mail::mailbox(&self.house.app, 1000).await.expect("reads").into_iter().filter(|posted| posted.mail.kind == kind);
        mails.map(|posted| (posted.mail.recipient.to_string(), posted.text.expect("its text").expose().to_owned())).collect()
    }
}

fn is_absent<T>(outcome: Result<T, Error>) -> bool {
    matches!(outcome, Err(Error::NotFound { what: "customer key", .. }))
}

store::on_both_engines! {
    async fn the_holder_sees_who_acts_for_its_numbers_in_production_and_nothing_else_of_them(test: TestDb) {
        let stage = stage(&test).await;
        stage.key(stage.first, ACCOUNT).await;
        stage.house.hands.advance(1);
        stage.key(stage.second, CONTRACT).await;
        stage.key(stage.first, "80000002").await;
        customer_keys::create(&stage.house.app, &actor(), stage.first, Sandbox, ACCOUNT).await.expect("issues");
        let page = stage.page(&Filter::default(), 10).await;
        assert_eq!(page.held, [CONTRACT, ACCOUNT]);
        let seen: Vec<_> = page.rows.iter().map(|row| (row.organisation.as_str(), row.project.as_str(), row.account_number.as_str())).collect();
        assert_eq!(seen, [("Ship It", "Core", CONTRACT), ("Envíos", "Hub", ACCOUNT)]);
        let shown = serde_json::to_string(&page.rows).expect("JSON");
        assert!(!shown.contains(&stage.first.to_string()) && !shown.contains("80000002"), "{shown}");
        assert_eq!(acting::count(&stage.house.app, &stage.owner, stage.holder).await.expect("counts"), 2);
        let of_one = stage.page(&Filter { account_number: ACCOUNT.into(), ..Filter::default() }, 10).await;
        assert_eq!(of_one.rows.len(), 1);
        let foreign = stage.page(&Filter { account_number: "80000002".into(), ..Filter::default() }, 10).await;
        assert!(foreign.rows.is_empty(), "whoever asks for another's number sees nothing of it");
        let all = acting::of_account(&stage.house.app, &actor(), Production, ACCOUNT, None, 10).await.expect("lists").0;
        assert_eq!((all.len(), all[0].project_id), (1, stage.first));
    }

    async fn a_contract_that_is_not_active_opens_nothing(test: TestDb) {
        let stage = stage(&test).await;
        let key = stage.key(stage.first, ACCOUNT).await;
        let app = &stage.house.app;
        assert_eq!(stage.ids().await, std::slice::from_ref(&key));
        for status in [ContractStatus::Suspended, ContractStatus::Ended] {
            contracts::set_status(app, &actor(), stage.contract, status, Some("unpaid")).await.expect("turns");
            let page = stage.page(&Filter::default(), 10).await;
            assert!(page.held.is_empty() && page.rows.is_empty(), "{status}");
            assert!(is_absent(stage.stop(&key, "").await) && is_absent(acting::stoppable(app, &stage.owner, stage.holder, &key).await), "{status}");
            assert!(is_absent(acting::stop_all(app, &stage.owner, stage.holder, &key, None).await), "{status}");
            assert_eq!(acting::count(app, &stage.owner, stage.holder).await.expect("counts"), 0);
        }
        contracts::link(app, &actor(), stage.holder, CONTRACT, ACCOUNT, "LCE1").await.expect("links again");
        assert!(stage.ids().await.is_empty(), "one that waits opens nothing");
        contracts::reject(app, &actor(), stage.contract, "not yours").await.expect("rejects");
        assert!(stage.ids().await.is_empty() && stage.standing(&key).await == Standing::Active);
    }

    async fn nobody_sees_or_stops_what_acts_for_another_organisation(test: TestDb) {
        let stage = stage(&test).await;
        let app = &stage.house.app;
        let other = organisations::create(app, &actor(), "Other", CustomerType::Customer, "Web").await.expect("founds").organisation.id;
        linked(&stage.house, other, "54000002", "80000002").await;
        let stranger = stage.house.account("otto@other.example").await;
        stage.house.enlist(other, &[(stranger, Role::Owner)]).await;
        let otto = Actor::Account(stranger);
        let (mine, theirs) = (stage.key(stage.first, ACCOUNT).await, stage.key(stage.first, "80000002").await);
        assert_eq!(stage.ids().await, std::slice::from_ref(&mine));
        assert!(is_absent(stage.stop(&theirs, "").await) && is_absent(acting::stop(app, &otto, other, &mine, None).await));
        assert!(matches!(acting::list(app, &otto, stage.holder, &Filter::default(), 10).await, Err(Error::NotFound { what: "organisation", .. })));
        let after = Filter { after: Some(theirs.clone()), ..Filter::default() };
        assert!(stage.page(&after, 10).await.rows.is_empty(), "a page begins after a key of its own only");
        assert_eq!(acting::stop_all(app, &stage.owner, stage.holder, &mine, None).await.expect("stops"), 1);
        assert_eq!(stage.standing(&theirs).await, Standing::Active, "the same project, for somebody else");
    }

    async fn a_stopped_key_is_stopped_for_good_alone_and_the_platform_is_told(test: TestDb) {
        let stage = stage(&test).await;
        let app = &stage.house.app;
        let (key, other) = (stage.key(stage.first, ACCOUNT).await, stage.key(stage.second, ACCOUNT).await);
        let before = store::changes::head(app.db()).await.expect("reads");
        assert!(matches!(stage.stop(&key, &"x".repeat(3000)).await, Err(Error::Invalid { field: "reason", .. })));
        stage.stop(&key, "we ship ourselves now").await.expect("stops");
        assert_eq!((stage.standing(&key).await, stage.standing(&other).await), (Standing::Revoked, Standing::Active));
        let changes = store::changes::after(app.db(), before).await.expect("reads");
        assert!(changes.iter().any(|(_, change)| *change == Some(store::changes::Change::CustomerKey(key.clone()))), "{changes:?}");
        assert!(customer_keys::set_status(app, &actor(), &key, Standing::Active).await.is_err(), "not even the operator resumes it");
        let letters = stage.letters("customer_keys_stopped").await;
        let [(to, text)] = letters.as_slice() else { panic!("{letters:?}") };
        assert_eq!(to, "dora@envios.example");
        assert!(text.contains("\"Hub\"") && text.contains(ACCOUNT) && text.contains("we ship ourselves now"), "{text}");
        let refused = stage.stop(&key, "").await.expect_err("again").to_string();
        assert!(refused.contains("already") && stage.letters("customer_keys_stopped").await.len() == 1, "{refused}");
        let row = stage.page(&Filter { status: Some(Standing::Revoked), ..Filter::default() }, 10).await.rows.remove(0);
        assert!(row.stopped_at.is_some() && row.stop_reason.as_deref() == Some("we ship ourselves now"));

        let seen = acting::stopped(app, &stage.dora, &key).await.expect("sees").expect("stopped");
        assert!(seen.reason.as_deref() == Some("we ship ourselves now") && seen.holder.is_none(), "the platform reads why, not who");
        let seen = acting::stopped(app, &actor(), &key).await.expect("sees").expect("stopped");
        assert_eq!(seen.holder.expect("for the operator").id, stage.holder);
        assert!(acting::stopped(app, &actor(), &other).await.expect("sees").is_none());
        let listed = customer_keys::list(app, &stage.dora, stage.first, &customer_keys::Filter::default(), 10).await.expect("lists").0;
        assert_eq!(listed[0].suspended_by.as_deref(), Some("holder"));
    }

    async fn all_keys_of_a_project_stop_at_once_and_no_other(test: TestDb) {
        let stage = stage(&test).await;
        let app = &stage.house.app;
        let keys = [stage.key(stage.first, ACCOUNT).await, stage.key(stage.first, CONTRACT).await, stage.key(stage.first, ACCOUNT).await];
        let other = stage.key(stage.second, ACCOUNT).await;
        let found = acting::stoppable(app, &stage.owner, stage.holder, &keys[0]).await.expect("may");
        assert_eq!(found.of_project, 3);
        stage.stop(&keys[1], "").await.expect("stops");
        assert_eq!(acting::stop_all(app, &stage.owner, stage.holder, &keys[1], Some(" ")).await.expect("stops"), 2, "named by one that is stopped");
        for key in &keys {
            assert_eq!(stage.standing(key).await, Standing::Revoked);
        }
        assert_eq!(stage.standing(&other).await, Standing::Active);
        assert!(acting::stop_all(app, &stage.owner, stage.holder, &keys[0], None).await.is_err(), "nothing is left");
        let letters = stage.letters("customer_keys_stopped").await;
        assert_eq!(letters.len(), 2);
        assert!(letters.iter().all(|(_, text)| !text.contains("Reason:")), "{letters:?}");
        let entries = store::audit::latest(app.db(), 50).await.expect("reads");
        assert!(entries.iter().any(|entry| entry.action == "customer_key.stop_all" && entry.detail.contains("\"keys\":2")));
    }

    async fn of_two_who_stop_at_once_one_does(test: TestDb) {
        let stage = stage(&test).await;
        let key = stage.key(stage.first, ACCOUNT).await;
        let (one, other) = tokio::join!(stage.stop(&key, "one"), stage.stop(&key, "other"));
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        assert_eq!(stage.letters("customer_keys_stopped").await.len(), 1);
    }

    async fn a_holder_gets_so_many_mails_a_day_and_then_one_that_says_there_are_more(test: TestDb) {
        let stage = stage(&test).await;
        for _ in 0..14 {
            stage.key(stage.first, ACCOUNT).await;
        }
        assert_eq!((stage.letters("customer_key_created").await.len(), stage.letters("more_customer_keys_created").await.len()), (10, 1));
        let (to, text) = stage.letters("more_customer_keys_created").await.remove(0);
        assert!(to == "olga@shop.example" && text.contains(&format!("/organisations/{}/acting", stage.holder)), "{to} {text}");
        stage.house.hands.advance(86_400);
        stage.key(stage.first, ACCOUNT).await;
        assert_eq!((stage.letters("customer_key_created").await.len(), stage.letters("more_customer_keys_created").await.len()), (11, 1));
        for key in stage.ids().await.iter().take(13) {
            stage.stop(key, "").await.expect("stops");
        }
        assert_eq!((stage.letters("customer_keys_stopped").await.len(), stage.letters("more_customer_keys_stopped").await.len()), (10, 1));
    }

    async fn pages_show_each_key_once_however_many_were_issued_at_one_moment(test: TestDb) {
        let stage = stage(&test).await;
        for round in 0..4 {
            for project in [stage.first, stage.second] {
                stage.key(project, ACCOUNT).await;
                stage.key(project, CONTRACT).await;
            }
            if round == 1 {
                stage.house.hands.advance(1);
            }
        }
        let (mut seen, mut filter) = (Vec::new(), Filter::default());
        loop {
            let page = stage.page(&filter, 3).await;
            seen.extend(page.rows.into_iter().map(|row| row.id));
            let Some(next) = page.next else { break };
            filter.after = Some(next);
        }
        assert_eq!(seen, stage.ids().await);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 16);
    }

    async fn a_closed_organisation_holds_nothing_any_more(test: TestDb) {
        let stage = stage(&test).await;
        stage.key(stage.first, ACCOUNT).await;
        organisations::close(&stage.house.app, &stage.owner, stage.holder).await.expect("closes");
        stage.key(stage.first, ACCOUNT).await;
        assert!(stage.ids().await.is_empty());
        assert_eq!(stage.letters("customer_key_created").await.len(), 1, "nobody is written to about what is not theirs");
    }

    async fn who_let_others_act_is_asked_again_when_the_policies_change_and_nothing_stops_meanwhile(test: TestDb) {
        let stage = stage(&test).await;
        let (app, holder) = (&stage.house.app, stage.holder);
        let (agreed, issued, foreign) = (stage.key(stage.first, ACCOUNT).await, stage.key(stage.first, ACCOUNT).await, stage.key(stage.second, "99").await);
        stage.consent(&agreed, stage.first, ACCOUNT).await;
        stage.consent(&foreign, stage.second, "99").await;
        let outdated = async || acting::terms(app, &stage.owner, holder).await.expect("reads").outdated;
        let shown = async || {
            let rows = stage.page(&Filter::default(), 200).await.rows;
            rows.into_iter().find(|row| row.id == agreed).and_then(|row| row.agreement)
        };
        assert_eq!((outdated().await, shown().await.as_deref()), (0, Some(policies::FIRST)));

        crate::policies::publish(&stage.house, "2027-01", 60).await;
        assert_eq!(outdated().await, 0, "it is not in force yet");
        let told = stage.letters("policies_published").await;
        assert!(matches!(&told[..], [(to, text)] if to == "olga@shop.example" && text.contains("2027-01")), "its holder alone: {told:?}");
        stage.house.hands.advance(61);
        assert_eq!((outdated().await, shown().await.as_deref()), (1, Some(policies::FIRST)), "one agreed, the other was issued, the third is for somebody else");
        assert_eq!(customer_keys::find(app, &actor(), &agreed).await.expect("there").status, Standing::Active);

        let late = acting::agree(app, &stage.owner, holder, policies::FIRST, "192.0.2.1").await;
        assert!(matches!(late, Err(Error::Rule(Rule::PoliciesChanged))), "{late:?}");
        let nowhere = acting::agree(app, &stage.owner, holder, "2027-01", "home").await;
        assert!(matches!(nowhere, Err(Error::Invalid { field: "address", .. })), "{nowhere:?}");
        assert_eq!(acting::agree(app, &stage.owner, holder, "2027-01", "192.0.2.1").await.expect("agrees"), 1);
        assert_eq!(acting::agree(app, &stage.owner, holder, "2027-01", "192.0.2.2").await.expect("twice"), 0, "the first stands");
        assert_eq!((outdated().await, shown().await.as_deref()), (0, Some("2027-01")));
        let kept = consents::of_key(app, &actor(), &agreed).await.expect("reads").expect("stands on one");
        let Actor::Account(olga) = &stage.owner else { panic!("a person") };
        assert_eq!(kept.consent.agreement, policies::FIRST, "what was agreed to first stays");
        assert_eq!(kept.renewals.iter().map(|again| (again.account_id, again.address.as_str())).collect::<Vec<_>>(), [(*olga, "192.0.2.1")]);
        assert!(consents::of_key(app, &actor(), &foreign).await.expect("reads").expect("stands on one").renewals.is_empty());
        assert!(consents::of_key(app, &actor(), &issued).await.expect("reads").is_none());
    }
}
