//! Mails to many: each person once, never before what somebody waits for, and one that cannot be written keeps nothing else from going on.

use app::{
    Actor, App, announcements,
    announcements::Draft,
    mail::{self, Text, To},
    organisations, upkeep,
};
use domain::{CircularId, CustomerType, Email, Environment, Language, contract::Standing, role::Role};
use store::circulars::Circular;

use crate::{
    accounts::people::smtp,
    announcements::notice,
    house::{House, actor, house},
};

/// An organisation whose project may use an API in the sandbox, with an owner of this address, who may own others.
async fn user(house: &House, name: &str, owner: &str, api: &str) -> domain::OrganisationId {
    let founded = organisations::create(&house.app, &actor(), name, CustomerType::Customer, "Web").await.expect("founds");
    let email = owner.parse::<Email>().ok();
    let known = match &email {
        Some(email) => store::accounts::find_by_email(house.app.db(), email).await.expect("reads"),
        None => None,
    };
    let owner = match known {
        Some(account) => account.id,
        None => house.account(owner).await,
    };
    let wish = app::access::Wish { project: founded.first.project.id, ..house.wish(Environment::Sandbox, api, None) };
    app::access::request(&house.app, &Actor::System, wish).await.expect("asks").grant.expect("granted");
    // Not before: they would be told of it too.
    house.enlist(founded.organisation.id, &[(owner, Role::Owner)]).await;
    founded.organisation.id
}

async fn told(app: &App) -> Vec<String> {
    let mails = mail::mailbox(app, 1000).await.expect("reads");
    let mut told: Vec<_> = mails.iter().filter(|mail| mail.mail.kind == "announced").map(|mail| mail.mail.recipient.to_string()).collect();
    told.sort();
    told
}

async fn queued(app: &App, to: &str, text: &Text<'_>) {
    let (email, mut tx): (Email, _) = (to.parse().expect("an address"), app.db().begin().await.expect("begins"));
    mail::queue(app, &mut tx, &To { email: &email, name: "", language: Language::English }, text).await.expect("queues");
    tx.commit(app.now()).await.expect("commits");
}

/// A circular about a published announcement, of which nothing was written yet.
async fn begun(app: &App, number: u128, api: &str) {
    let id = announcements::create(app, &actor(), &Draft { api: api.into(), ..notice() }).await.expect("writes");
    announcements::publish(app, &actor(), id, 1, false).await.expect("publishes");
    let circular = Circular {
        id: CircularId(uuid::Uuid::from_u128(number)),
        kind: "announcement".into(),
        subject: id.to_string(),
        told_to: String::new(),
    };
    let mut tx = app.db().begin().await.expect("begins");
    store::circulars::insert(&mut tx, &circular, store::Moment(app.now())).await.expect("inserts");
    tx.commit(app.now()).await.expect("commits");
}

store::on_both_engines! {
    async fn who_belongs_to_several_organisations_is_written_to_once_and_of_closed_ones_nobody(test: TestDb) {
        let house = house(&test).await;
        let app = &house.app;
        for number in 0..25 {
            user(&house, &format!("Tienda {number}"), &format!("owner{}@shop.example", number % 23), "labels").await;
        }
        let closed = user(&house, "Cerrada", "closed@shop.example", "labels").await;
        organisations::set_status(app, &actor(), closed, Standing::Revoked, None).await.expect("closes");
        let suspended = user(&house, "Parada", "suspended@shop.example", "labels").await;
        organisations::set_status(app, &actor(), suspended, Standing::Suspended, Some("Impago.")).await.expect("suspends");
        let id = announcements::create(app, &actor(), &Draft { api: "labels".into(), ..notice() }).await.expect("writes");
        assert_eq!(announcements::recipients(app, &actor(), id).await.expect("counts"), 24);
        announcements::publish(app, &actor(), id, 1, true).await.expect("publishes");
        upkeep(app).await.expect("goes on");
        let mut expected: Vec<_> = (0..23).map(|number| format!("owner{number}@shop.example")).collect();
        expected.push("suspended@shop.example".into());
        expected.sort();
        assert_eq!(told(app).await, expected);
    }

    async fn a_circular_waits_while_many_mails_do_and_goes_out_after_all_others(test: TestDb) {
        let mut house = house(&test).await;
        house.app = house.app.with(smtp());
        let app = &house.app;
        user(&house, "Tienda", "owner@shop.example", "labels").await;
        while store::mails::waiting(app.db(), 300).await.expect("counts") < 300 {
            queued(app, "other@shop.example", &Text::PasswordChanged).await;
        }
        begun(app, 1, "labels").await;
        upkeep(app).await.expect("removes");
        assert!(told(app).await.is_empty(), "too many wait");
        while let Some(letter) = mail::claim(app).await.expect("claims") {
            mail::sent(app, &letter).await.expect("notes");
        }
        upkeep(app).await.expect("goes on");
        assert_eq!(told(app).await, ["owner@shop.example"]);
        house.hands.advance(1);
        queued(app, "person@shop.example", &Text::PasswordChanged).await;
        let first = mail::claim(app).await.expect("claims").expect("waits");
        assert_eq!(first.recipient.as_str(), "person@shop.example", "somebody waits for it");
        assert_eq!(mail::claim(app).await.expect("claims").expect("waits").recipient.as_str(), "owner@shop.example");
    }

    async fn a_circular_takes_no_room_from_what_a_person_asks_for(test: TestDb) {
        let house = house(&test).await;
        user(&house, "Tienda", "owner@shop.example", "labels").await;
        for number in 0..10 {
            begun(&house.app, number, "labels").await;
        }
        upkeep(&house.app).await.expect("goes on");
        assert_eq!(told(&house.app).await.len(), 10);
        let mut tx = house.app.db().begin().await.expect("begins");
        let email = "owner@shop.example".parse().expect("an address");
        assert!(mail::has_room(&house.app, &mut tx, &email).await.expect("counts"));
    }

    async fn a_circular_that_cannot_be_written_stops_neither_the_others_nor_what_is_removed(test: TestDb) {
        let house = house(&test).await;
        let app = &house.app;
        user(&house, "Rota", "no address", "labels").await;
        user(&house, "Tienda", "owner@shop.example", "tracking").await;
        queued(app, "old@shop.example", &Text::PasswordChanged).await;
        house.hands.advance(31 * 86_400);
        begun(app, 1, "labels").await;
        house.hands.advance(1);
        begun(app, 2, "tracking").await;
        assert_eq!(upkeep(app).await.expect("removes and goes on"), 1, "the old mail");
        assert_eq!(told(app).await, ["owner@shop.example"]);
    }

    async fn a_mail_that_waits_is_not_removed_because_there_are_many(test: TestDb) {
        let mut house = house(&test).await;
        house.app = house.app.with(smtp());
        let (app, now) = (&house.app, house.app.now());
        queued(app, "person@shop.example", &Text::PasswordChanged).await;
        let ahead = |seconds: i64| store::Moment(now + jiff::SignedDuration::from_secs(seconds));
        let mut tx = app.db().begin().await.expect("begins");
        assert_eq!(store::mails::prune(&mut tx, ahead(60), ahead(-86_400)).await.expect("removes"), 0, "it is young");
        assert_eq!(store::mails::prune(&mut tx, ahead(60), ahead(60)).await.expect("removes"), 1, "nobody will try it again");
    }
}
