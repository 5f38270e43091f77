use app::{
    Error,
    accounts::{self, Needs, Opened, Refusal, Registration, SignedIn},
};
use domain::role::Staff;

use super::{
    authenticator::Authenticator,
    people::{ANA, People, half, people, registration, sixteen, visit, whole},
};

fn unrecognised<T>(result: Result<T, Error>) -> bool {
    matches!(result, Err(Error::Account(Refusal::Passkey)))
}

impl People {
    /// Sets up a passkey; how many recovery codes came with it.
    async fn adopt(&self, who: &SignedIn, authenticator: &mut Authenticator) -> usize {
        let enroller = who.enroller(&self.app).expect("proved");
        let ceremony = accounts::register_passkey(&self.app, &enroller).await.expect("asks");
        let answer = authenticator.create(&ceremony.options);
        let confirmed = accounts::register_passkey_finish(&self.app, &enroller, ceremony.id, "Telephone", &answer).await.expect("keeps it");
        confirmed.codes.len()
    }

    async fn enter_by(&self, authenticator: &Authenticator) -> Result<Opened, Error> {
        let ceremony = accounts::passkey_sign_in(&self.app, visit()).await.expect("asks");
        accounts::passkey_sign_in_finish(&self.app, ceremony.id, &authenticator.get(&ceremony.options), visit()).await
    }
}

store::on_both_engines! {
    async fn a_passkey_signs_in_by_itself_and_the_password_asks_for_it(test: TestDb) {
        let people = people(&test).await;
        let who = people.ana().await;
        let mut key = Authenticator::new("a");
        assert_eq!(people.adopt(&who, &mut key).await, 10, "recovery codes come with the first second factor");
        assert_eq!(people.adopt(&who, &mut Authenticator::new("b")).await, 0);

        let opened = people.enter_by(&key).await.expect("signs in");
        assert_eq!(whole(people.session(&opened).await.expect("live")).id(), who.id());

        let opened = people.sign_in(ANA).await;
        let waiting = half(people.session(&opened).await.expect("live"));
        assert_eq!(waiting.needs(), Needs::SecondFactor { totp: false, passkey: true });
        let ceremony = accounts::second_factor_passkey(&people.app, &waiting).await.expect("asks");
        assert_eq!(ceremony.options["allowCredentials"].as_array().map(Vec::len), Some(2));
        let done = accounts::second_factor_passkey_finish(&people.app, &waiting, ceremony.id, &key.get(&ceremony.options)).await.expect("completes");
        assert!(people.session(&opened).await.is_none(), "the value changes");
        let who = whole(people.session(&done).await.expect("live"));

        people.hands.advance(601);
        assert!(matches!(who.must_be_proved(&people.app), Err(Error::Unproved)));
        let ceremony = accounts::prove_passkey(&people.app, &who).await.expect("asks");
        accounts::prove_passkey_finish(&people.app, &who, ceremony.id, &key.get(&ceremony.options)).await.expect("proves");
        whole(people.session(&done).await.expect("live")).must_be_proved(&people.app).expect("proved");
    }

    async fn who_guesses_at_the_password_does_not_hold_a_passkey_up(test: TestDb) {
        let people = people(&test).await;
        let mut key = Authenticator::new("a");
        people.adopt(&people.ana().await, &mut key).await;
        for _ in 0..6 {
            let _ = accounts::sign_in(&people.app, ANA, "wrong password", visit()).await;
        }
        assert!(matches!(accounts::sign_in(&people.app, ANA, "wrong password", visit()).await, Err(Error::Wait { .. })));
        people.enter_by(&key).await.expect("signs in");
    }

    async fn of_the_challenges_an_account_asks_for_the_last_ones_are_kept(test: TestDb) {
        let people = people(&test).await;
        let who = people.ana().await;
        let mut key = Authenticator::new("a");
        people.adopt(&who, &mut key).await;
        let first = accounts::prove_passkey(&people.app, &who).await.expect("asks");
        for _ in 0..20 {
            people.hands.advance(1);
            accounts::prove_passkey(&people.app, &who).await.expect("asks");
        }
        let last = accounts::prove_passkey(&people.app, &who).await.expect("asks");
        assert!(unrecognised(accounts::prove_passkey_finish(&people.app, &who, first.id, &key.get(&first.options)).await), "made room");
        accounts::prove_passkey_finish(&people.app, &who, last.id, &key.get(&last.options)).await.expect("proves");
    }

    async fn a_challenge_is_answered_once_in_time_and_for_what_it_was_asked(test: TestDb) {
        let people = people(&test).await;
        let who = people.ana().await;
        let (app, mut key) = (&people.app, Authenticator::new("a"));
        people.adopt(&who, &mut key).await;
        let ceremony = accounts::passkey_sign_in(app, visit()).await.expect("asks");
        let answer = key.get(&ceremony.options);
        assert!(unrecognised(accounts::prove_passkey_finish(app, &who, ceremony.id, &answer).await), "asked for something else");
        let done = sixteen(|| {
            let (app, id, answer) = (people.app.clone(), ceremony.id, answer.clone());
            async move { accounts::passkey_sign_in_finish(&app, id, &answer, visit()).await }
        });
        assert_eq!(done.await, 1);

        let ceremony = accounts::passkey_sign_in(app, visit()).await.expect("asks");
        let other = accounts::passkey_sign_in(app, visit()).await.expect("asks");
        assert!(unrecognised(accounts::passkey_sign_in_finish(app, ceremony.id, &key.get(&other.options), visit()).await), "another challenge");
        assert!(unrecognised(accounts::passkey_sign_in_finish(app, ceremony.id, &key.get(&ceremony.options), visit()).await), "gone with the first answer");
        people.hands.advance(300);
        assert!(unrecognised(accounts::passkey_sign_in_finish(app, other.id, &key.get(&other.options), visit()).await), "too late");
        for nonsense in [serde_json::json!(null), serde_json::json!({"rawId": "!", "response": {}}), serde_json::json!({"rawId": "YQ"})] {
            let ceremony = accounts::passkey_sign_in(app, visit()).await.expect("asks");
            assert!(unrecognised(accounts::passkey_sign_in_finish(app, ceremony.id, &nonsense, visit()).await));
        }
    }

    async fn a_passkey_that_does_not_verify_its_user_or_that_we_do_not_know_opens_nothing(test: TestDb) {
        let people = people(&test).await;
        let mut key = Authenticator::new("a");
        people.adopt(&people.ana().await, &mut key).await;
        assert!(unrecognised(people.enter_by(&Authenticator::new("b")).await), "unknown");
        assert!(unrecognised(people.enter_by(&Authenticator::new("a")).await), "its id with another key");
        key.verifies = false;
        assert!(unrecognised(people.enter_by(&key).await));
    }

    async fn the_passkey_of_one_account_is_no_second_factor_of_another(test: TestDb) {
        let people = people(&test).await;
        let (mut anas, mut evas) = (Authenticator::new("a"), Authenticator::new("e"));
        people.adopt(&people.ana().await, &mut anas).await;
        people.person("eva@example.com", None).await;
        let eva = people.enter("eva@example.com").await;
        people.adopt(&eva, &mut evas).await;
        let waiting = half(people.sign_in(ANA).await.session);
        let ceremony = accounts::second_factor_passkey(&people.app, &waiting).await.expect("asks");
        assert!(unrecognised(accounts::second_factor_passkey_finish(&people.app, &waiting, ceremony.id, &evas.get(&ceremony.options)).await));
        let enroller = eva.enroller(&people.app).expect("proved");
        let ceremony = accounts::register_passkey(&people.app, &enroller).await.expect("asks");
        let stolen = accounts::register_passkey_finish(&people.app, &enroller, ceremony.id, "Mine", &anas.create(&ceremony.options)).await;
        assert!(matches!(stolen, Err(Error::Taken { .. })), "a passkey has one owner");
        let refused = accounts::remove_passkey(&people.app, &eva, "YQ").await;
        assert!(matches!(refused, Err(Error::NotFound { .. })), "Ana's");
        assert!(matches!(accounts::rename_passkey(&people.app, &eva, "YQ", "Mine").await, Err(Error::NotFound { .. })));
    }

    async fn the_last_way_in_stays_and_every_other_passkey_may_go(test: TestDb) {
        let people = people(&test).await;
        accounts::register(&people.app, Registration { password: None, ..registration(ANA) }, visit()).await.expect("registers");
        let verified = accounts::verify(&people.app, &people.token(ANA).await, visit()).await.expect("verifies");
        let who = whole(verified.opened.expect("a session").session);
        let mut key = Authenticator::new("a");
        people.adopt(&who, &mut key).await;
        assert!(matches!(accounts::remove_passkey(&people.app, &who, "YQ").await, Err(Error::Account(Refusal::LastWayIn))));
        people.enter_by(&key).await.expect("still there");
        people.adopt(&who, &mut Authenticator::new("b")).await;
        accounts::rename_passkey(&people.app, &who, "YQ", "Old telephone").await.expect("renames");
        accounts::remove_passkey(&people.app, &who, "YQ").await.expect("another is left");
        let left = accounts::list_passkeys(&people.app, &who).await.expect("reads");
        assert_eq!(left.iter().map(|passkey| passkey.id.as_str()).collect::<Vec<_>>(), ["Yg"]);
        assert!(unrecognised(people.enter_by(&key).await));
    }

    async fn staff_may_begin_with_a_passkey(test: TestDb) {
        let people = people(&test).await;
        people.person(ANA, Some(Staff::Support)).await;
        let opened = people.sign_in(ANA).await;
        let session = people.session(&opened).await.expect("live");
        let enroller = session.enroller(&people.app).expect("may set one up");
        let mut key = Authenticator::new("a");
        let ceremony = accounts::register_passkey(&people.app, &enroller).await.expect("asks");
        let answer = key.create(&ceremony.options);
        let confirmed = accounts::register_passkey_finish(&people.app, &enroller, ceremony.id, "Key", &answer).await.expect("keeps it");
        assert!(people.session(&confirmed.opened.expect("whole")).await.expect("live").whole().is_ok());
        people.enter_by(&key).await.expect("signs in").session.whole().expect("both factors");
    }
}

#[test]
fn browsers_make_no_passkeys_for_a_bare_address() {
    for (url, possible) in
        [("http://127.0.0.1:8080", false), ("http://[::1]:8080", false), ("http://localhost:8080", true), ("https://portal.example", true)]
    {
        let party = domain::webauthn::RelyingParty::of(url).expect("a host");
        assert_eq!(!party.is_bare_address(), possible, "{url}");
    }
}
