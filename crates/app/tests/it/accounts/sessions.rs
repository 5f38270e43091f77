use app::{
    Error,
    accounts::{self, Current, Proof, Refusal},
};

use super::people::{ANA, PASSWORD, people, visit, whole};

const OTHER: &str = "grapa pila caballo";

store::on_both_engines! {
    async fn a_session_ends_when_nobody_uses_it_and_after_a_week_in_any_case(test: TestDb) {
        let people = people(&test).await;
        people.person(ANA, None).await;
        let idle = people.sign_in(ANA).await;
        people.hands.advance(12 * 3600 - 60);
        assert!(people.session(&idle).await.is_some(), "used within twelve hours");
        people.hands.advance(12 * 3600 - 60);
        assert!(people.session(&idle).await.is_some(), "each use counts");
        people.hands.advance(12 * 3600 + 60);
        assert!(people.session(&idle).await.is_none());

        let used = people.sign_in(ANA).await;
        for _ in 0..(7 * 24 - 1) {
            people.hands.advance(3600);
            assert!(people.session(&used).await.is_some());
        }
        people.hands.advance(3600);
        assert!(people.session(&used).await.is_none(), "a week is over");
        assert!(app::upkeep(&people.app).await.expect("removes") >= 1);
    }

    async fn the_use_of_a_session_is_written_once_a_minute(test: TestDb) {
        let people = people(&test).await;
        people.person(ANA, None).await;
        let opened = people.sign_in(ANA).await;
        let begun = people.app.now();
        for (advance, noted) in [(59, 0), (1, 60), (30, 60), (30, 120)] {
            people.hands.advance(advance);
            people.session(&opened).await.expect("live");
            let again = whole(people.session(&opened).await.expect("live"));
            assert_eq!(again.session().last_used_at.duration_since(begun).as_secs(), noted);
        }
    }

    async fn only_a_value_we_drew_opens_a_session_and_each_sign_in_draws_another(test: TestDb) {
        let people = people(&test).await;
        people.person(ANA, None).await;
        let (one, two) = (people.sign_in(ANA).await, people.sign_in(ANA).await);
        assert_eq!(one.cookie.expose().len(), 43);
        assert_ne!(one.cookie.expose(), two.cookie.expose());
        let stored = test.db.clone();
        let sessions = store::sessions::of_account(&stored, one.session.account().id, store::Moment(people.app.now()), store::Moment(domain::Timestamp::UNIX_EPOCH));
        let ids: Vec<_> = sessions.await.expect("reads").iter().map(|session| session.id.to_string()).collect();
        assert_eq!(ids.len(), 2);
        for planted in ["", "x", &"A".repeat(43), &"A".repeat(100_000), &ids[0], &one.cookie.expose().to_lowercase(), &format!("{} ", one.cookie.expose())] {
            assert!(accounts::session(&people.app, planted).await.expect("reads").is_none(), "{}", &planted[..planted.len().min(50)]);
        }
    }

    async fn ending_a_session_ends_it_and_only_ones_own(test: TestDb) {
        let people = people(&test).await;
        people.person(ANA, None).await;
        people.person("eva@example.com", None).await;
        let (one, two, three) = (people.sign_in(ANA).await, people.sign_in(ANA).await, people.sign_in(ANA).await);
        let eva = people.enter("eva@example.com").await;
        let ana = whole(people.session(&one).await.expect("live"));
        let id_of_two = whole(people.session(&two).await.expect("live")).session().id;

        assert!(matches!(accounts::end_session(&people.app, &eva, id_of_two).await, Err(Error::NotFound { .. })), "not hers");
        accounts::end_session(&people.app, &ana, id_of_two).await.expect("ends");
        assert!(people.session(&two).await.is_none());
        assert_eq!(accounts::end_all_others(&people.app, &ana).await.expect("ends"), 1);
        assert!(people.session(&three).await.is_none() && people.session(&one).await.is_some());
        accounts::sign_out(&people.app, one.cookie.expose()).await.expect("ends");
        accounts::sign_out(&people.app, one.cookie.expose()).await.expect("so it is");
        assert!(people.session(&one).await.is_none());
        assert_eq!(accounts::list_sessions(&people.app, &eva).await.expect("reads").len(), 1);
    }

    async fn the_session_longest_unused_makes_room(test: TestDb) {
        let people = people(&test).await;
        people.person(ANA, None).await;
        let first = people.sign_in(ANA).await;
        for _ in 0..50 {
            people.hands.advance(1);
            people.sign_in(ANA).await;
        }
        assert!(people.session(&first).await.is_none());
        let who = people.enter(ANA).await;
        assert_eq!(accounts::list_sessions(&people.app, &who).await.expect("reads").len(), 50);
    }

    async fn another_password_ends_the_other_sessions_and_needs_the_current_one_or_a_fresh_proof(test: TestDb) {
        let people = people(&test).await;
        people.person(ANA, None).await;
        let (here, there) = (people.sign_in(ANA).await, people.sign_in(ANA).await);
        let who = whole(people.session(&here).await.expect("live"));
        let change = |current, new| accounts::change_password(&people.app, &who, current, new, visit());
        assert!(matches!(change(Current::Password("wrong password"), OTHER).await, Err(Error::Account(Refusal::Credentials))));
        assert!(matches!(change(Current::Password(PASSWORD), "short").await, Err(Error::Account(Refusal::Weak(_)))));
        change(Current::Password(PASSWORD), OTHER).await.expect("changes");
        assert!(people.session(&there).await.is_none() && people.session(&here).await.is_some());
        assert_eq!(people.mails().await, [("password_changed".into(), ANA.into())]);

        people.hands.advance(601);
        let who = whole(people.session(&here).await.expect("live"));
        assert!(matches!(accounts::change_password(&people.app, &who, Current::Proof, PASSWORD, visit()).await, Err(Error::Unproved)));
        assert!(accounts::prove(&people.app, &who, Proof::Password(PASSWORD), visit()).await.is_err(), "the old one proves nothing");
        accounts::prove(&people.app, &who, Proof::Password(OTHER), visit()).await.expect("proves");
        let who = whole(people.session(&here).await.expect("live"));
        accounts::change_password(&people.app, &who, Current::Proof, PASSWORD, visit()).await.expect("changes");
        people.enter(ANA).await;
    }

    async fn what_is_dangerous_asks_for_a_proof_that_is_not_old(test: TestDb) {
        let people = people(&test).await;
        let who = people.ana().await;
        people.hands.advance(601);
        let app = &people.app;
        assert!(matches!(who.enroller(app).err(), Some(Error::Unproved)));
        assert!(matches!(accounts::change_email(app, &who, "new@example.com").await, Err(Error::Unproved)));
        assert!(matches!(accounts::disable_totp(app, &who).await, Err(Error::Unproved)));
        assert!(matches!(accounts::regenerate_codes(app, &who).await, Err(Error::Unproved)));
        assert!(matches!(accounts::export(app, &who).await, Err(Error::Unproved)));
        assert!(matches!(accounts::delete(app, &who).await, Err(Error::Unproved)));
    }

    async fn guessing_at_a_proof_is_slowed_like_signing_in(test: TestDb) {
        let people = people(&test).await;
        let who = people.ana().await;
        for _ in 0..5 {
            let refused = accounts::prove(&people.app, &who, Proof::Password("wrong password"), visit()).await;
            assert!(matches!(refused, Err(Error::Account(Refusal::Credentials))));
        }
        for proof in [Proof::Password(PASSWORD), Proof::Code("123456")] {
            assert!(matches!(accounts::prove(&people.app, &who, proof, visit()).await, Err(Error::Wait { .. })));
        }
        let refused = accounts::change_password(&people.app, &who, Current::Password(PASSWORD), OTHER, visit()).await;
        assert!(matches!(refused, Err(Error::Wait { .. })), "no way around it");
    }
}
