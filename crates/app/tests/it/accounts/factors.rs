use app::{
    Error,
    accounts::{self, Needs, Proof, Refusal},
};

use super::people::{ANA, PASSWORD, half, people, sixteen, visit, whole};

store::on_both_engines! {
    async fn with_an_authenticator_app_the_password_is_half_of_it_and_the_code_changes_the_value(test: TestDb) {
        let people = people(&test).await;
        let who = people.ana().await;
        let elsewhere = people.sign_in(ANA).await;
        let (uri, codes) = people.enrol(&who).await;
        assert!(uri.starts_with("otpauth://totp/Postigo:ana%40example.com?secret="), "{uri}");
        assert_eq!(codes.len(), 10);
        assert!(people.session(&elsewhere).await.is_none(), "it was begun without it");

        people.hands.advance(30);
        let opened = people.sign_in(ANA).await;
        let waiting = half(people.session(&opened).await.expect("live"));
        assert_eq!(waiting.needs(), Needs::SecondFactor { totp: true, passkey: false });
        assert!(people.session(&opened).await.expect("live").enroller(&people.app).is_err(), "no setting up another one instead");
        assert!(matches!(accounts::second_factor(&people.app, &waiting, "000000", visit()).await, Err(Error::Account(Refusal::Code))));
        let done = accounts::second_factor(&people.app, &waiting, &people.code(&uri), visit()).await.expect("completes");
        assert!(people.session(&opened).await.is_none(), "the value of the half session is dead");
        assert_eq!(whole(people.session(&done).await.expect("live")).id(), who.id());
    }

    async fn half_a_session_does_not_last(test: TestDb) {
        let people = people(&test).await;
        people.enrol(&people.ana().await).await;
        let opened = people.sign_in(ANA).await;
        people.hands.advance(15 * 60);
        assert!(people.session(&opened).await.is_none());
    }

    async fn a_code_works_once_even_for_sixteen_at_once(test: TestDb) {
        let people = people(&test).await;
        let (uri, _) = people.enrol(&people.ana().await).await;
        let enrolled_with = people.code(&uri);
        let again = half(people.sign_in(ANA).await.session);
        assert!(accounts::second_factor(&people.app, &again, &enrolled_with, visit()).await.is_err(), "not the one it was set up with");
        people.hands.advance(30);
        let code = people.code(&uri);
        let (one, two) = (half(people.sign_in(ANA).await.session), half(people.sign_in(ANA).await.session));
        let done = sixteen(|| {
            let (app, one, two, code) = (people.app.clone(), one.clone(), two.clone(), code.clone());
            async move {
                match accounts::second_factor(&app, &one, &code, visit()).await {
                    Ok(opened) => Ok(opened),
                    Err(_) => accounts::second_factor(&app, &two, &code, visit()).await,
                }
            }
        });
        assert_eq!(done.await, 1);
    }

    async fn a_code_of_the_step_before_or_after_is_taken_and_an_older_one_is_not(test: TestDb) {
        let people = people(&test).await;
        let (uri, _) = people.enrol(&people.ana().await).await;
        people.hands.advance(300);
        let early = people.code(&uri);
        people.hands.advance(30);
        let waiting = half(people.sign_in(ANA).await.session);
        accounts::second_factor(&people.app, &waiting, &format!("{} {}", &early[..3], &early[3..]), visit()).await.expect("a slow typist");
        let old = people.code(&uri);
        people.hands.advance(90);
        let waiting = half(people.sign_in(ANA).await.session);
        assert!(accounts::second_factor(&people.app, &waiting, &old, visit()).await.is_err());
    }

    async fn a_recovery_code_works_once_even_for_sixteen_at_once(test: TestDb) {
        let people = people(&test).await;
        let (_, codes) = people.enrol(&people.ana().await).await;
        let done = sixteen(|| {
            let (people, code) = (people.clone(), codes[0].clone());
            async move {
                let opened = accounts::sign_in(&people.app, ANA, PASSWORD, visit()).await?;
                accounts::second_factor(&people.app, &half(opened.session), &code, visit()).await
            }
        });
        assert_eq!(done.await, 1);
        people.hands.advance(900);
        let waiting = half(people.sign_in(ANA).await.session);
        let as_written_down = codes[1].to_uppercase().replace('-', " ").replace('0', "O").replace('1', "l");
        let opened = accounts::second_factor(&people.app, &waiting, &as_written_down, visit()).await.expect("as people type it");
        let who = whole(opened.session);
        assert_eq!(accounts::codes_left(&people.app, &who).await.expect("reads"), 8);

        let fresh = accounts::regenerate_codes(&people.app, &who).await.expect("draws");
        assert_eq!(fresh.len(), 10);
        let waiting = half(people.sign_in(ANA).await.session);
        assert!(accounts::second_factor(&people.app, &waiting, &codes[2], visit()).await.is_err(), "the old ones are worthless");
        accounts::second_factor(&people.app, &waiting, fresh[2].expose(), visit()).await.expect("the new ones are not");
    }

    async fn the_codes_of_one_account_open_no_other(test: TestDb) {
        let people = people(&test).await;
        let (uri, codes) = people.enrol(&people.ana().await).await;
        people.person("eva@example.com", None).await;
        people.enrol(&people.enter("eva@example.com").await).await;
        people.hands.advance(30);
        let waiting = half(people.sign_in("eva@example.com").await.session);
        assert!(accounts::second_factor(&people.app, &waiting, &codes[0], visit()).await.is_err());
        assert!(accounts::second_factor(&people.app, &waiting, &people.code(&uri), visit()).await.is_err());
    }

    async fn guessing_codes_is_slowed_and_the_right_one_has_to_wait_too(test: TestDb) {
        let people = people(&test).await;
        let (uri, _) = people.enrol(&people.ana().await).await;
        people.hands.advance(30);
        let waiting = half(people.sign_in(ANA).await.session);
        let right = people.code(&uri);
        let wrong = if right == "123456" { "654321" } else { "123456" };
        for _ in 0..5 {
            assert!(matches!(accounts::second_factor(&people.app, &waiting, wrong, visit()).await, Err(Error::Account(Refusal::Code))));
        }
        assert!(matches!(accounts::second_factor(&people.app, &waiting, &right, visit()).await, Err(Error::Wait { .. })));
        let another = half(people.sign_in(ANA).await.session);
        assert!(matches!(accounts::second_factor(&people.app, &another, &right, visit()).await, Err(Error::Wait { .. })), "a new session is no way around");
    }

    async fn an_app_opens_nothing_until_a_code_of_it_was_shown(test: TestDb) {
        let people = people(&test).await;
        let who = people.ana().await;
        let enroller = who.enroller(&people.app).expect("proved");
        let first = accounts::enrol_totp(&people.app, &enroller).await.expect("begins");
        people.enter(ANA).await;
        let second = accounts::enrol_totp(&people.app, &enroller).await.expect("begins again");
        let of_first = people.code(first.uri.expose());
        assert!(accounts::confirm_totp(&people.app, &enroller, &of_first).await.is_err(), "another secret counts by now");
        accounts::confirm_totp(&people.app, &enroller, &people.code(second.uri.expose())).await.expect("confirms");
        assert!(matches!(accounts::enrol_totp(&people.app, &enroller).await.err(), Some(Error::Account(Refusal::HasTotp))), "not replaced unasked");
    }

    async fn without_a_second_factor_its_recovery_codes_are_worthless_too(test: TestDb) {
        let people = people(&test).await;
        let who = people.ana().await;
        let (uri, codes) = people.enrol(&who).await;
        accounts::disable_totp(&people.app, &who).await.expect("removes");
        assert!(matches!(accounts::disable_totp(&people.app, &who).await, Err(Error::Account(Refusal::NoSecondFactor))));
        let who = people.enter(ANA).await;
        people.hands.advance(601);
        for code in [&codes[0], &people.code(&uri)] {
            assert!(accounts::prove(&people.app, &who, Proof::Code(code), visit()).await.is_err());
        }
        let told: Vec<_> = people.mails().await.into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(told, ["second_factor_added", "second_factor_removed"]);
    }

    async fn half_a_session_whose_second_factor_was_removed_is_none(test: TestDb) {
        let people = people(&test).await;
        let who = people.ana().await;
        people.enrol(&who).await;
        let opened = people.sign_in(ANA).await;
        accounts::disable_totp(&people.app, &who).await.expect("removes");
        assert!(people.session(&opened).await.is_none(), "the password comes first again");
    }

    async fn the_secret_of_the_app_is_not_in_the_database_in_clear(test: TestDb) {
        let people = people(&test).await;
        let who = people.ana().await;
        let enrolment = accounts::enrol_totp(&people.app, &who.enroller(&people.app).expect("proved")).await.expect("begins");
        let proofs = store::accounts::proofs(people.app.db(), who.id()).await.expect("reads").expect("there");
        let wrapped = proofs.totp.expect("kept");
        let clear = totp_rs::Totp::from_url(enrolment.uri.expose()).expect("an app reads it").secret().as_bytes().to_vec();
        assert!(!wrapped.windows(clear.len()).any(|window| window == clear));
    }
}
