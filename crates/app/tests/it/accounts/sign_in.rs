use app::{
    Error,
    accounts::{self, Needs, Refusal},
};
use domain::role::Staff;

use super::people::{ANA, PASSWORD, People, half, operator, people, people_with, registration, settings, visit, visit_from};

async fn refused(people: &People, email: &str, password: &str) -> Error {
    accounts::sign_in(&people.app, email, password, visit()).await.err().expect("refused")
}

store::on_both_engines! {
    async fn who_registers_verifies_and_signs_in_may_act(test: TestDb) {
        let people = people(&test).await;
        accounts::register(&people.app, registration(" Ana@Example.com "), visit()).await.expect("registers");
        assert_eq!(people.mails().await, [("verify".into(), ANA.into())]);
        assert!(matches!(refused(&people, ANA, PASSWORD).await, Error::Account(Refusal::Unverified)));
        assert!(matches!(refused(&people, ANA, "another password").await, Error::Account(Refusal::Credentials)), "only to who knows it");

        let token = people.token(ANA).await;
        let peeked = accounts::peek(&people.app, &token, accounts::Purpose::Verify).await.expect("looking changes nothing");
        let verified = accounts::verify(&people.app, &token, visit()).await.expect("verifies");
        assert_eq!(peeked.id, verified.account.id);
        assert!(verified.opened.is_none(), "there is a password: it comes first");
        assert!(matches!(accounts::verify(&people.app, &token, visit()).await, Err(Error::Account(Refusal::Link))), "once");
        let who = people.enter(ANA).await;
        assert_eq!((who.account().name.as_str(), who.account().language()), ("Ana Pérez", Some(domain::Language::Spanish)));
    }

    async fn no_answer_tells_whether_an_address_has_an_account(test: TestDb) {
        let people = people(&test).await;
        people.person(ANA, None).await;
        let nobody = "nobody@example.com";
        for password in [PASSWORD, "", "wrong password", &"x".repeat(5000)] {
            let stranger = refused(&people, nobody, password).await.to_string();
            if password != PASSWORD {
                assert_eq!(refused(&people, ANA, password).await.to_string(), stranger);
            }
        }
        accounts::register(&people.app, registration(ANA), visit()).await.expect("the same answer");
        accounts::register(&people.app, registration(nobody), visit()).await.expect("the same answer");
        for email in [ANA, "somebody@example.com"] {
            accounts::recover(&people.app, email, visit()).await.expect("the same answer");
            accounts::resend(&people.app, email, visit()).await.expect("the same answer");
        }
        let mut told = people.mails().await;
        told.sort();
        assert_eq!(told, [("already_registered".into(), ANA.into()), ("recover".into(), ANA.into()), ("verify".into(), nobody.into())]);
        people.enter(ANA).await;
    }

    async fn guessing_waits_longer_and_longer_whether_or_not_there_is_an_account(test: TestDb) {
        let people = people(&test).await;
        people.person(ANA, None).await;
        let mut waits = Vec::new();
        for email in [ANA, "nobody@example.com"] {
            for _ in 0..5 {
                assert!(matches!(refused(&people, email, "wrong password").await, Error::Account(Refusal::Credentials)));
            }
            let Error::Wait { until } = refused(&people, email, "wrong password").await else { panic!("one has to wait") };
            waits.push(until.duration_since(people.app.now()).as_secs());
        }
        assert_eq!(waits, [2, 2]);
        let mut wait = 2;
        for _ in 0..12 {
            people.hands.advance(wait);
            assert!(matches!(refused(&people, ANA, "wrong password").await, Error::Account(Refusal::Credentials)));
            let Error::Wait { until } = refused(&people, ANA, PASSWORD).await else { panic!("the right one has to wait too, or it would be told") };
            wait = until.duration_since(people.app.now()).as_secs().try_into().expect("ahead");
        }
        assert_eq!(wait, 900, "and never longer");
        people.hands.advance(wait);
        people.enter(ANA).await;
        assert!(matches!(refused(&people, ANA, "wrong password").await, Error::Account(Refusal::Credentials)), "counted anew");
        people.enter(ANA).await;
    }

    async fn sixteen_guesses_at_once_are_not_sixteen_guesses(test: TestDb) {
        let people = people(&test).await;
        people.person(ANA, None).await;
        let guesses: Vec<_> = (0..16)
            .map(|_| {
                let people = people.clone();
                tokio::spawn(async move { refused(&people, ANA, "wrong password").await })
            })
            .collect();
        let mut checked = 0;
        for guess in guesses {
            checked += usize::from(matches!(guess.await.expect("joins"), Error::Account(Refusal::Credentials)));
        }
        assert_eq!(checked, 5);
    }

    async fn a_session_that_is_open_and_a_link_by_mail_are_ways_around_a_lock(test: TestDb) {
        let people = people(&test).await;
        people.person(ANA, None).await;
        let open = people.sign_in(ANA).await;
        for _ in 0..6 {
            refused(&people, ANA, "wrong password").await;
        }
        assert!(matches!(refused(&people, ANA, PASSWORD).await, Error::Wait { .. }));
        assert!(people.session(&open).await.is_some(), "who is in stays in");
        accounts::recover(&people.app, ANA, visit()).await.expect("asks");
        accounts::reset(&people.app, &people.token(ANA).await, "grapa pila caballo").await.expect("resets");
        accounts::sign_in(&people.app, ANA, "grapa pila caballo", visit()).await.expect("no wait any more");
    }

    async fn an_address_that_tries_many_accounts_waits_a_little_and_others_do_not(test: TestDb) {
        let people = people(&test).await;
        people.person(ANA, None).await;
        for n in 0..101 {
            refused(&people, &format!("a{n}@example.com"), "wrong password").await;
        }
        let Error::Wait { until } = refused(&people, ANA, PASSWORD).await else { panic!("that address waits") };
        assert_eq!(until.duration_since(people.app.now()).as_secs(), 30);
        accounts::sign_in(&people.app, ANA, PASSWORD, visit_from([192, 0, 2, 2])).await.expect("from elsewhere");
        people.hands.advance(30);
        people.enter(ANA).await;
    }

    async fn staff_without_a_second_factor_may_set_one_up_and_nothing_else(test: TestDb) {
        let people = people(&test).await;
        people.person(ANA, Some(Staff::Support)).await;
        let opened = people.sign_in(ANA).await;
        let found = people.session(&opened).await.expect("live");
        assert!(matches!(found.whole(), Err(Error::Account(Refusal::Half))));
        let waiting = half(found);
        assert_eq!(waiting.needs(), Needs::Enrolment);
        assert!(accounts::second_factor(&people.app, &waiting, "000000", visit()).await.is_err());

        let session = people.session(&opened).await.expect("live");
        let enroller = session.enroller(&people.app).expect("may set one up");
        let enrolment = accounts::enrol_totp(&people.app, &enroller).await.expect("begins");
        let code = people.code(enrolment.uri.expose());
        let confirmed = accounts::confirm_totp(&people.app, &enroller, &code).await.expect("confirms");
        assert_eq!(confirmed.codes.len(), 10);
        let whole = confirmed.opened.expect("whole, under a new value");
        assert!(people.session(&opened).await.is_none(), "the old value is dead");
        assert!(people.session(&whole).await.expect("live").whole().is_ok());
    }

    async fn who_becomes_staff_has_half_a_session_from_the_next_request_on(test: TestDb) {
        let people = people(&test).await;
        people.person(ANA, None).await;
        let opened = people.sign_in(ANA).await;
        let id = opened.session.account().id;
        accounts::set_staff(&people.app, &operator(), id, Some(Staff::Administrator)).await.expect("sets");
        let session = people.session(&opened).await.expect("live");
        assert!(session.whole().is_err());
        // The same row becomes whole once there is a second factor.
        let enroller = session.enroller(&people.app).expect("may");
        let enrolment = accounts::enrol_totp(&people.app, &enroller).await.expect("begins");
        let confirmed = accounts::confirm_totp(&people.app, &enroller, &people.code(enrolment.uri.expose())).await.expect("confirms");
        assert!(confirmed.opened.is_none());
        assert!(people.session(&opened).await.expect("live").whole().is_ok());
    }

    async fn a_house_may_let_its_staff_in_by_password_alone(test: TestDb) {
        let people = people_with(&test, app::Settings { staff_second_factor: false, ..settings() }).await;
        people.person(ANA, Some(Staff::Administrator)).await;
        people.enter(ANA).await;
    }

    async fn only_administrators_of_the_staff_handle_accounts_of_others(test: TestDb) {
        let people = people_with(&test, app::Settings { staff_second_factor: false, ..settings() }).await;
        people.person("admin@example.com", Some(Staff::Administrator)).await;
        people.person("support@example.com", Some(Staff::Support)).await;
        people.person(ANA, None).await;
        let ana = people.enter(ANA).await;
        for (email, staff) in [(ANA, false), ("support@example.com", true)] {
            let actor = people.enter(email).await.actor();
            let outside = |error: &Error| if staff { matches!(error, Error::StaffOnly { .. }) } else { matches!(error, Error::NotFound { .. }) };
            assert!(accounts::set_staff(&people.app, &actor, ana.id(), Some(Staff::Administrator)).await.is_err_and(|error| outside(&error)), "{email}");
            assert!(accounts::set_password_by(&people.app, &actor, ana.id(), None).await.is_err_and(|error| outside(&error)), "{email}");
            assert!(accounts::delete_by(&people.app, &actor, ana.id()).await.is_err_and(|error| outside(&error)), "{email}");
        }
        let admin = people.enter("admin@example.com").await.actor();
        let drawn = accounts::set_password_by(&people.app, &admin, ana.id(), None).await.expect("sets").expect("one was drawn");
        assert!(accounts::list_sessions(&people.app, &ana).await.expect("reads").is_empty());
        accounts::sign_in(&people.app, ANA, drawn.expose(), visit()).await.expect("with the new one");
    }
}
