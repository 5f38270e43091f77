//! What the operator tells everybody.

use app::{
    Actor, Error,
    announcements::{self, Draft, News},
    mail, upkeep,
};
use domain::{
    CustomerType, Environment,
    announcement::{Kind, Stage},
    role::Role,
};
use jiff::SignedDuration;

use crate::house::{actor, house};

pub fn notice() -> Draft {
    Draft {
        kind: Kind::Notice,
        environment: None,
        api: String::new(),
        title_spanish: "Etiquetas nuevas".into(),
        title_english: "New labels".into(),
        text_spanish: "Desde hoy.".into(),
        text_english: "From today.".into(),
        starts_at: None,
        ends_at: None,
    }
}

pub fn news(stage: Stage) -> News {
    News { stage, spanish: "Sabemos algo más.".into(), english: "We know more.".into(), ends_at: None }
}

store::on_both_engines! {
    async fn an_incident_is_published_added_to_and_ends_when_it_is_resolved(test: TestDb) {
        let house = house(&test).await;
        let (app, by) = (&house.app, actor());
        let incident = Draft { kind: Kind::Incident, environment: Some(Environment::Production), ..notice() };
        let id = announcements::create(app, &by, &incident).await.expect("writes");
        assert!(matches!(announcements::update(app, &by, id, 1, &news(Stage::Identified)).await, Err(Error::Refused(_))), "a draft");
        announcements::publish(app, &by, id, 1, false).await.expect("publishes");
        assert!(matches!(announcements::change(app, &by, id, 1, &notice()).await, Err(Error::Refused(_))), "what was published stays");
        assert!(matches!(announcements::discard(app, &by, id, 1).await, Err(Error::Refused(_))));
        announcements::update(app, &by, id, 1, &news(Stage::Identified)).await.expect("says more");
        let late = announcements::update(app, &by, id, 1, &news(Stage::Monitoring)).await;
        assert!(matches!(late, Err(Error::Refused(_))), "somebody else was faster");
        house.hands.advance(60);
        announcements::update(app, &by, id, 2, &news(Stage::Resolved)).await.expect("ends it");
        let one = announcements::find(app, &by, id).await.expect("there");
        assert!(one.is_over(app.now()) && one.updates.len() == 2 && one.said_at().0 == app.now());
        assert!(matches!(announcements::update(app, &by, id, 3, &news(Stage::Monitoring)).await, Err(Error::Refused(_))));
        assert!(matches!(announcements::end(app, &by, id).await, Err(Error::Refused(_))));
    }

    async fn what_makes_no_sense_is_named_by_its_field(test: TestDb) {
        let house = house(&test).await;
        let (app, by, now) = (&house.app, actor(), house.app.now());
        let hour = SignedDuration::from_hours(1);
        for (field, draft) in [
            ("ends_at", Draft { kind: Kind::Maintenance, ..notice() }),
            ("ends_at", Draft { starts_at: Some(now + hour), ends_at: Some(now), ..notice() }),
            ("ends_at", Draft { starts_at: Some(now - hour), ends_at: Some(now), ..notice() }),
            ("api", Draft { api: "nothing".into(), ..notice() }),
            ("title_english", Draft { title_english: "two\nlines".into(), ..notice() }),
            ("text_spanish", Draft { text_spanish: "ñ".repeat(2001), ..notice() }),
        ] {
            let refused = announcements::create(app, &by, &draft).await;
            assert!(matches!(&refused, Err(Error::Invalid { field: named, .. }) if *named == field), "{field}: {refused:?}");
        }
        assert!(announcements::list(app, &by, None, 10).await.expect("lists").is_empty(), "no draft was left behind");
        let over = Draft { ends_at: Some(now + hour), ..notice() };
        let id = announcements::create(app, &by, &over).await.expect("writes");
        house.hands.advance(7200);
        assert!(matches!(announcements::publish(app, &by, id, 1, true).await, Err(Error::Refused(_))), "it would be over already");
    }

    async fn only_those_who_may_use_what_is_concerned_are_written_to_and_each_once(test: TestDb) {
        let house = house(&test).await;
        let (app, by) = (&house.app, actor());
        house.member("olga@shop.example", Role::Owner).await;
        house.member("dora@shop.example", Role::Developer).await;
        // More organisations than one transaction writes to; none of the last one's projects may use anything.
        for number in 0..24 {
            let founded = app::organisations::create(app, &by, &format!("Tienda {number}"), CustomerType::Customer, "Web").await.expect("founds");
            let owner = house.account(&format!("owner{number}@shop.example")).await;
            house.enlist(founded.organisation.id, &[(owner, Role::Owner)]).await;
            if number > 0 {
                let wish = app::access::Wish { project: founded.first.project.id, ..house.wish(Environment::Sandbox, "labels", None) };
                app::access::request(app, &Actor::System, wish).await.expect("asks").grant.expect("granted");
            }
        }
        let id = announcements::create(app, &by, &Draft { api: "labels".into(), ..notice() }).await.expect("writes");
        assert_eq!(announcements::recipients(app, &by, id).await.expect("counts"), 23);
        announcements::publish(app, &by, id, 1, true).await.expect("publishes");
        let told = async || {
            let mails = mail::mailbox(app, 1000).await.expect("reads").into_iter().filter(|mail| mail.mail.kind == "announced");
            mails.map(|mail| mail.mail.recipient.to_string()).collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!(told().await.len(), 20, "a batch comes with the publication");
        upkeep(app).await.expect("goes on");
        upkeep(app).await.expect("has nothing left to do");
        let all = told().await;
        assert_eq!(all.len(), 23);
        assert!(!all.contains("owner0@shop.example") && !all.contains("olga@shop.example") && !all.contains("dora@shop.example"));
        let mails = mail::mailbox(app, 1000).await.expect("reads");
        assert_eq!(mails.iter().filter(|mail| mail.mail.kind == "announced").count(), 23, "nobody twice");
    }
}
