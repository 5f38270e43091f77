//! Whom the register is asked about, when nobody is, and what may happen meanwhile.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use app::{
    Error,
    registration::{Failure, Found, HolderService, Holders, MOST_FAILURES, Outcome, Refusal, Registration},
};
use domain::{
    CustomerType,
    Environment::{self, Production, Sandbox},
    contract::Standing,
    holder::{Channel, Holder},
};

use super::{ACCOUNT, PLAIN, Stage, holder, platform, refused, stage};
use crate::house::actor;

/// A service of the carrier's that counts how often it is asked, and during whose answer a platform may come to its end.
struct Service {
    asked: AtomicUsize,
    ends: Option<(app::App, domain::ClientId)>,
}

impl HolderService for Service {
    fn find<'a>(&'a self, _: Environment, account_number: &'a str) -> Found<'a> {
        Box::pin(async move {
            self.asked.fetch_add(1, Ordering::Relaxed);
            if let Some((app, client)) = &self.ends {
                app::clients::set_status(app, &actor(), client, Standing::Suspended).await.expect("suspends");
            }
            let plain = Holder { email: None, phone: None, pin: None, invoices: Vec::new(), ..holder(PLAIN) };
            Ok([holder(ACCOUNT), plain].into_iter().find(|holder| holder.account_number == account_number))
        })
    }
}

/// The stage with this service in the place of the table.
async fn served(stage: Stage, ends: bool) -> (Stage, Arc<Service>) {
    let ends = ends.then(|| (stage.house.app.clone(), stage.platform.client.clone()));
    let service = Arc::new(Service { asked: AtomicUsize::new(0), ends });
    let registration = Registration::open(stage.house.app.clone(), Holders::Service(service.clone()), true).await.expect("opens");
    (Stage { registration, ..stage }, service)
}

store::on_both_engines! {
    async fn whoever_is_locked_out_asks_nobody(test: TestDb) {
        let (stage, service) = served(stage(&test, Sandbox).await, false).await;
        let token = stage.token().await;
        for _ in 0..MOST_FAILURES {
            assert_eq!(refused(stage.by_pin(&token, "000000").await), Refusal::WrongPin);
            assert_eq!(refused(stage.by_invoice(&token, "1.00", 1).await), Refusal::NoInvoice);
            assert_eq!(refused(stage.by_address("999999999", "NEW YORK").await), Refusal::Mismatch);
        }
        let before = service.asked.load(Ordering::Relaxed);
        assert!(matches!(refused(stage.by_pin(&token, "234560").await), Refusal::Locked(..)));
        assert!(matches!(refused(stage.by_invoice(&token, "234.00", 1).await), Refusal::Locked(..)));
        assert!(matches!(refused(stage.by_address("999999999", "NEW YORK").await), Refusal::Locked(..)));
        let sending = stage.registration.send_pin(&stage.platform, &token, Channel::Sms, None).await;
        assert!(matches!(refused(sending), Refusal::Locked(..)));
        assert_eq!(service.asked.load(Ordering::Relaxed), before);
    }

    async fn a_platform_that_ends_while_the_register_is_asked_gets_no_key(test: TestDb) {
        let (stage, _) = served(stage(&test, Sandbox).await, true).await;
        let Err(Failure::Broken(Error::Rule(_))) = stage.by_address(PLAIN, "NEW YORK").await.map(drop) else { panic!("a key for a suspended client") };
        assert_eq!(store::customer_keys::listed(&test.db, stage.platform.project, &Default::default(), 10).await.expect("reads").len(), 0);
    }

    async fn a_list_of_keys_goes_on_after_keys_of_its_own_only(test: TestDb) {
        let mut one = stage(&test, Sandbox).await;
        let Ok(Outcome::Key(_)) = one.by_address(PLAIN, "NEW YORK").await else { panic!("nothing else to prove") };
        let ours = one.platform.project;
        one.house.hands.advance(1);
        one.platform = platform(&one.house, "Otra", CustomerType::Integrator, Sandbox).await;
        let Ok(Outcome::Key(theirs)) = one.by_address(PLAIN, "NEW YORK").await else { panic!("nothing else to prove") };
        let after = |after| store::customer_keys::Filter { after, ..store::customer_keys::Filter::default() };
        let all = store::customer_keys::listed(&test.db, ours, &after(None), 10).await.expect("reads");
        let none = store::customer_keys::listed(&test.db, ours, &after(Some(theirs.record.id)), 10).await.expect("reads");
        assert_eq!((all.len(), none.len()), (1, 0));
    }

    async fn what_the_register_knows_must_be_proved_even_where_nothing_can_be_sent(test: TestDb) {
        let stage = stage(&test, Production).await;
        let silent = Registration::open(stage.house.app.clone(), Holders::Table, false).await.expect("opens");
        let stage = Stage { registration: silent, ..stage };
        let phone = Holder { email: None, invoices: Vec::new(), ..holder("700000001") };
        let pin = Holder { phone: None, ..Holder { account_number: "700000002".into(), ..phone.clone() } };
        app::holders::put(&stage.house.app, &actor(), Production, &[phone, pin]).await.expect("puts");
        assert_eq!(refused(stage.by_address("700000001", "NEW YORK").await), Refusal::NoWay, "a telephone that nobody calls");
        assert!(matches!(stage.by_address("700000002", "NEW YORK").await, Ok(Outcome::Key(_))), "the sandbox's PIN proves nothing here");
        assert!(matches!(stage.by_address(ACCOUNT, "NEW YORK").await, Ok(Outcome::Options(_))));
    }

    async fn whom_the_holder_stopped_needs_more_than_its_address_to_come_back(test: TestDb) {
        let mut stage = stage(&test, Production).await;
        let app = stage.house.app.clone();
        let plain = Holder { email: None, phone: None, invoices: Vec::new(), ..holder("80000001") };
        app::holders::put(&app, &actor(), Production, &[plain]).await.expect("puts");
        let holds = stage.house.organisation();
        let contract = app::contracts::link(&app, &actor(), holds, "54000001", "80000001", "LCE1").await.expect("links").id;
        app::contracts::set_status(&app, &actor(), contract, domain::contract::ContractStatus::Active, None).await.expect("activates");
        let Ok(Outcome::Key(key)) = stage.by_address("80000001", "NEW YORK").await else { panic!("nothing else to prove") };
        app::acting::stop(&app, &actor(), holds, &key.record.id, None).await.expect("stops");
        assert_eq!(refused(stage.by_address("80000001", "NEW YORK").await), Refusal::NoWay, "anybody can know an address");
        stage.platform = platform(&stage.house, "Otra", CustomerType::Integrator, Production).await;
        assert!(matches!(stage.by_address("80000001", "NEW YORK").await, Ok(Outcome::Key(_))), "another platform did nothing");
    }

    async fn the_projects_of_an_organisation_have_five_failures_and_three_pins_between_them(test: TestDb) {
        let mut one = stage(&test, Production).await;
        let project = store::projects::find(&test.db, one.platform.project).await.expect("reads").expect("is there");
        let second = app::projects::create(&one.house.app, &actor(), project.organisation_id, "Otro").await.expect("creates").project.id;
        let client = app::clients::create(&one.house.app, &actor(), second, Production).await.expect("creates").client.id;
        let mut two = app::registration::Platform { client, project: second, ..one.platform.clone() };
        let first = one.token().await;
        for channel in [Channel::Sms, Channel::Call] {
            one.registration.send_pin(&one.platform, &first, channel, None).await.expect("sends");
            one.house.hands.advance(1);
        }
        let pin = one.sent(Channel::Call).await;

        std::mem::swap(&mut one.platform, &mut two);
        let theirs = one.token().await;
        one.registration.send_pin(&one.platform, &theirs, Channel::Sms, None).await.expect("sends");
        let fourth = one.registration.send_pin(&one.platform, &theirs, Channel::Sms, None).await;
        assert!(matches!(refused(fourth), Refusal::TooManyPins(_)), "three for both");
        if one.sent(Channel::Sms).await != pin {
            assert_eq!(refused(one.by_pin(&theirs, &pin).await), Refusal::WrongPin, "another project's PIN");
        }
        assert_eq!(refused(one.by_pin(&first, &pin).await), Refusal::SessionOver, "another project's token");

        std::mem::swap(&mut one.platform, &mut two);
        one.by_pin(&first, &pin).await.expect("what the other sent takes nothing away");
        for _ in 0..MOST_FAILURES {
            assert_eq!(refused(one.by_pin(&first, "none").await), Refusal::WrongPin);
        }
        std::mem::swap(&mut one.platform, &mut two);
        assert!(matches!(refused(one.by_pin(&theirs, "none").await), Refusal::Locked(..)), "one count for both");
    }

    async fn pins_leave_the_mails_that_open_accounts_their_room(test: TestDb) {
        let mut one = stage(&test, Sandbox).await;
        app::holders::put(&one.house.app, &actor(), Sandbox, &[Holder { pin: None, ..holder(ACCOUNT) }]).await.expect("puts");
        let mut sent = 0;
        for n in 0..4 {
            one.platform = platform(&one.house, &format!("Otra {n}"), CustomerType::Integrator, Sandbox).await;
            let token = one.token().await;
            for _ in 0..3 {
                match one.registration.send_pin(&one.platform, &token, Channel::Email, None).await {
                    Ok(()) => sent += 1,
                    refusal => assert!(matches!(refused(refusal), Refusal::TooManyPins(_))),
                }
            }
        }
        assert_eq!(sent, 10, "an hour's for one address");
        let mut tx = one.house.app.db().begin().await.expect("begins");
        let email = "cuenta@hudson.example".parse().expect("an address");
        assert!(app::mail::has_room(&one.house.app, &mut tx, &email).await.expect("reads"), "they are no reason to recover nothing");
    }

    async fn a_telephone_gets_ten_messages_an_hour_however_it_is_spelt(test: TestDb) {
        let mut one = stage(&test, Sandbox).await;
        let mut sent = 0;
        for (n, phone) in ["+34600123456", "34 600 123 456", "0034 600-123-456", "(34) 600123456"].into_iter().enumerate() {
            let there = Holder { pin: None, phone: Some(phone.into()), ..holder(ACCOUNT) };
            app::holders::put(&one.house.app, &actor(), Sandbox, &[there]).await.expect("puts");
            one.platform = platform(&one.house, &format!("Otra {n}"), CustomerType::Integrator, Sandbox).await;
            let token = one.token().await;
            for _ in 0..3 {
                match one.registration.send_pin(&one.platform, &token, Channel::Sms, None).await {
                    Ok(()) => sent += 1,
                    refusal => assert!(matches!(refused(refusal), Refusal::TooManyPins(_))),
                }
            }
        }
        assert_eq!(sent, 10);
    }
}
