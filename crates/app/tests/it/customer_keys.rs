//! The secrets of customer keys, replaced while somebody ships with them.

use std::collections::BTreeSet;

use app::{Actor, Error, Rule, customer_keys, customer_keys::Filter, mail, members, organisations, projects, records::CustomerKeyRow};
use domain::{
    ChildKey, CustomerType,
    Environment::{self, Production, Sandbox},
    Timestamp,
    contract::Standing,
    credential::SecretKind,
    role::Role,
    rotation::Overlap,
    secret::{Secret, SecretHash},
};
use store::testkit::TestDb;

use crate::house::{House, actor, house};

/// A house whose organisation acts for others, with a customer key.
async fn platform(test: &TestDb, environment: Environment) -> (House, ChildKey, Secret) {
    let house = house(test).await;
    organisations::set_customer_type(&house.app, &actor(), house.organisation(), CustomerType::Integrator).await.expect("sets");
    let made = customer_keys::create(&house.app, &actor(), house.project(), environment, "740561073").await.expect("issues");
    (house, made.record.id, made.secret)
}

/// Whether each of these secrets opens something now, as the hot path would find.
async fn opened(house: &House, environment: Environment, key: &ChildKey, secrets: &[&Secret]) -> Vec<bool> {
    let record = store::customer_keys::record(house.app.db(), environment, key).await.expect("reads").expect("there");
    let hashes = house.hashes().await;
    secrets.iter().map(|secret| record.secrets.open(&hashes.hash(secret.expose()), house.app.now())).collect()
}

fn end(key: &CustomerKeyRow) -> Option<Timestamp> {
    key.previous_until.map(|until| until.0)
}

store::on_both_engines! {
    async fn the_secret_before_opens_until_the_end_of_the_overlap(test: TestDb) {
        let (house, key, first) = platform(&test, Production).await;
        let by = Actor::Account(house.member("dora@shop.example", Role::Developer).await);
        let made = customer_keys::rotate(&house.app, &by, &key, Overlap::Day).await.expect("in production too");
        assert_eq!(SecretKind::recognise(made.secret.expose()), Some((SecretKind::Child, Production)));
        let kept = customer_keys::find(&house.app, &by, &key).await.expect("there");
        assert_eq!(serde_json::to_value(&kept).expect("JSON"), serde_json::to_value(&made.record).expect("JSON"), "what is answered is what is kept");
        assert_eq!((kept.prefix.as_str(), kept.previous_prefix.as_deref()), (&*made.secret.prefix(), Some(&*first.prefix())));
        assert_eq!(end(&kept).map(|end| end.as_second()), Some(house.app.now().as_second() + 86_400));
        assert_eq!(opened(&house, Production, &key, &[&first, &made.secret]).await, [true, true]);
        house.hands.advance(86_399);
        assert_eq!(opened(&house, Production, &key, &[&first, &made.secret]).await, [true, true]);
        house.hands.advance(1);
        assert_eq!(opened(&house, Production, &key, &[&first, &made.secret]).await, [false, true]);
    }

    async fn there_are_two_at_most_and_both_end_at_once_for_one_that_leaked(test: TestDb) {
        let (house, key, first) = platform(&test, Sandbox).await;
        let second = customer_keys::rotate(&house.app, &actor(), &key, Overlap::Week).await.expect("rotates").secret;
        let third = customer_keys::rotate(&house.app, &actor(), &key, Overlap::Day).await.err().expect("two live already");
        assert!(matches!(&third, Error::Refused(text) if text.english.contains("two live secrets")), "{third}");
        assert_eq!(opened(&house, Sandbox, &key, &[&first, &second]).await, [true, true], "nothing changed");
        let third = customer_keys::rotate(&house.app, &actor(), &key, Overlap::Now).await.expect("in place of both");
        assert_eq!((end(&third.record), third.record.previous_prefix), (None, None));
        assert_eq!(opened(&house, Sandbox, &key, &[&first, &second, &third.secret]).await, [false, false, true]);
        let fourth = customer_keys::rotate(&house.app, &actor(), &key, Overlap::Day).await.expect("there is one again").secret;
        house.hands.advance(86_400);
        customer_keys::rotate(&house.app, &actor(), &key, Overlap::Day).await.expect("the one before has ended");
        assert_eq!(opened(&house, Sandbox, &key, &[&third.secret, &fourth]).await, [false, true]);
    }

    async fn of_two_who_rotate_at_once_one_does_and_its_secret_opens(test: TestDb) {
        let (house, _, _) = platform(&test, Sandbox).await;
        for number in 0..4 {
            let made = customer_keys::create(&house.app, &actor(), house.project(), Sandbox, &format!("A{number}")).await.expect("issues");
            let (key, by) = (made.record.id, actor());
            let rotate = || customer_keys::rotate(&house.app, &by, &key, Overlap::Day);
            let (won, lost) = match tokio::join!(rotate(), rotate()) {
                (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
                (one, other) => panic!("one and only one: {:?} {:?}", one.err(), other.err()),
            };
            assert!(matches!(lost, Error::Refused(_)), "{lost}");
            assert_eq!(opened(&house, Sandbox, &key, &[&made.secret, &won.secret]).await, [true, true]);
        }
    }

    async fn what_is_revoked_or_archived_gets_no_secret_and_what_is_suspended_stays_so(test: TestDb) {
        let (house, key, _) = platform(&test, Sandbox).await;
        customer_keys::set_status(&house.app, &actor(), &key, Standing::Suspended).await.expect("suspends");
        customer_keys::rotate(&house.app, &actor(), &key, Overlap::Now).await.expect("before it acts again");
        assert_eq!(customer_keys::find(&house.app, &actor(), &key).await.expect("there").status, Standing::Suspended);
        customer_keys::set_status(&house.app, &actor(), &key, Standing::Revoked).await.expect("revokes");
        let refused = customer_keys::rotate(&house.app, &actor(), &key, Overlap::Now).await.err().expect("revoked");
        assert!(matches!(&refused, Error::Refused(text) if text.english.contains("revoked for good")), "{refused}");
        projects::archive(&house.app, &actor(), house.project()).await.expect("archives");
        let archived = customer_keys::rotate(&house.app, &actor(), &key, Overlap::Now).await.err();
        assert!(matches!(archived, Some(Error::Rule(Rule::Archived))), "{archived:?}");
    }

    async fn those_who_build_are_told_and_neither_log_nor_mail_holds_the_secret(test: TestDb) {
        let (house, key, _) = platform(&test, Production).await;
        for (email, role) in [("olga@shop.example", Role::Owner), ("dora@shop.example", Role::Developer), ("vera@shop.example", Role::Viewer)] {
            house.member(email, role).await;
        }
        let secret = customer_keys::rotate(&house.app, &actor(), &key, Overlap::Week).await.expect("rotates").secret;
        let told: Vec<_> = mail::mailbox(&house.app, 100).await.expect("reads").into_iter().filter(|posted| posted.mail.kind == "customer_key_rotated").collect();
        let mut to: Vec<_> = told.iter().map(|posted| posted.mail.recipient.to_string()).collect();
        to.sort();
        assert_eq!(to, ["dora@shop.example", "olga@shop.example"]);
        for posted in told {
            let text = posted.text.expect("text");
            let text = text.expose();
            assert!(text.contains("740561073") && text.contains(&secret.prefix()) && text.contains(&format!("/customer-keys/{key}")), "{text}");
            assert!(!text.contains(secret.expose()));
        }
        let entries = store::audit::latest(house.app.db(), 100).await.expect("reads");
        let entry = entries.iter().find(|entry| entry.action == "customer_key.rotate").expect("is in the log");
        assert!(entry.subject == key.as_str() && entry.detail.contains("\"overlap\":\"7d\""), "{entry:?}");
        assert!(entries.iter().all(|entry| !entry.detail.contains(secret.expose())));
        // However many are rotated, a mailbox gets only so many letters an hour.
        for _ in 0..30 {
            customer_keys::rotate(&house.app, &actor(), &key, Overlap::Now).await.expect("rotates");
        }
        let letters = mail::mailbox(&house.app, 1000).await.expect("reads").len();
        assert!(letters < 30, "{letters}");
    }

    async fn a_file_has_every_key_that_fits_once_and_no_secret(test: TestDb) {
        let (house, newest, _) = platform(&test, Production).await;
        let (app, project) = (&house.app, house.project());
        let mut tx = app.db().begin().await.expect("begins");
        let mut kept = Vec::new();
        for number in 0..1100 {
            let row = row(&house, number);
            store::customer_keys::insert(&mut tx, &row, &SecretHash::NOBODY).await.expect("a key");
            kept.push(row.id);
        }
        tx.commit(app.now()).await.expect("commits");
        let viewer = Actor::Account(house.member("vera@shop.example", Role::Viewer).await);
        let file = taken(&house, customer_keys::export(app, &viewer, project, &Filter::default()).await.expect("may")).await;
        let lines: Vec<_> = file.lines().collect();
        assert!(lines[0].starts_with("customer_key,account_number,environment,status,"), "{}", lines[0]);
        assert_eq!(lines.len(), 1 + 1101);
        assert!(lines[1].starts_with(&format!("\"{newest}\",\"740561073\",\"production\",\"active\",\"\",")), "newest first: {}", lines[1]);
        let named: BTreeSet<_> = lines[1..].iter().map(|line| line.split('"').nth(1).expect("a key")).collect();
        assert!(named.len() == 1101 && kept.iter().all(|id| named.contains(id.as_str())));
        let narrow = Filter { environment: Some(Sandbox), text: "A7".into(), ..Filter::default() };
        let one = taken(&house, customer_keys::export(app, &viewer, project, &narrow).await.expect("may")).await;
        assert_eq!(one.lines().count(), 2, "{one}");
        let none = Filter { status: Some(Standing::Revoked), ..Filter::default() };
        assert_eq!(taken(&house, customer_keys::export(app, &viewer, project, &none).await.expect("may")).await.lines().count(), 1);
    }

    async fn a_file_that_is_not_whole_does_not_look_so(test: TestDb) {
        let (house, _, _) = platform(&test, Sandbox).await;
        let (app, project) = (&house.app, house.project());
        customer_keys::create(app, &actor(), project, Sandbox, "2").await.expect("issues");
        let mut cut = customer_keys::export(app, &actor(), project, &Filter::default()).await.expect("may").up_to(1);
        assert_eq!(cut.next(app).await.expect("the first").expect("there").lines().count(), 2);
        assert!(matches!(cut.next(app).await, Err(Error::Refused(_))));
        let exactly = customer_keys::export(app, &actor(), project, &Filter::default()).await.expect("may").up_to(2);
        assert_eq!(taken(&house, exactly).await.lines().count(), 3);
        let vera = house.member("vera@shop.example", Role::Viewer).await;
        let mut export = customer_keys::export(app, &Actor::Account(vera), project, &Filter::default()).await.expect("may").up_to(1);
        export.next(app).await.expect("the first").expect("there");
        members::remove(app, &actor(), house.organisation(), vera).await.expect("removes");
        assert!(matches!(export.next(app).await, Err(Error::NotFound { .. })), "who left takes no more");
    }
}

/// A key of the first project with a number of its own, one second older than the present.
fn row(house: &House, number: u32) -> CustomerKeyRow {
    CustomerKeyRow {
        id: format!("sbx_ck_{number:06}").as_str().into(),
        project_id: house.project(),
        environment: Sandbox,
        account_number: format!("A{number}"),
        prefix: "pgs_sbx_".into(),
        status: Standing::Active,
        bound_to: None,
        created_at: store::Moment(house.app.now() - std::time::Duration::from_secs(1)),
        rotated_at: None,
        previous_prefix: None,
        previous_until: None,
    }
}

async fn taken(house: &House, mut export: customer_keys::Export) -> String {
    let mut file = String::new();
    while let Some(piece) = export.next(&house.app).await.expect("goes on") {
        file.push_str(&piece);
    }
    file
}
