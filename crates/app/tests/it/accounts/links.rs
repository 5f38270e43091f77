use app::{
    Error,
    accounts::{self, Purpose, Refusal, Registration},
};

use super::people::{ANA, PASSWORD, people, registration, sixteen, visit, whole};

const OTHER: &str = "grapa pila caballo";

fn dead<T>(result: Result<T, Error>) -> bool {
    matches!(result, Err(Error::Account(Refusal::Link)))
}

store::on_both_engines! {
    async fn of_sixteen_who_come_with_one_link_one_sets_the_password(test: TestDb) {
        let people = people(&test).await;
        people.person(ANA, None).await;
        let open = people.sign_in(ANA).await;
        accounts::recover(&people.app, ANA, visit()).await.expect("asks");
        let token = people.token(ANA).await;
        let done = sixteen(|| {
            let (app, token) = (people.app.clone(), token.clone());
            async move { accounts::reset(&app, &token, OTHER).await }
        });
        assert_eq!(done.await, 1);
        assert!(people.session(&open).await.is_none(), "all sessions end");
        assert_eq!(people.mails().await.iter().filter(|(kind, _)| kind == "password_changed").count(), 1);
        accounts::sign_in(&people.app, ANA, OTHER, visit()).await.expect("with the new one");
    }

    async fn a_link_is_dead_after_its_time_for_another_purpose_and_when_it_is_not_ours(test: TestDb) {
        let people = people(&test).await;
        people.person(ANA, None).await;
        accounts::recover(&people.app, ANA, visit()).await.expect("asks");
        let token = people.token(ANA).await;
        assert!(dead(accounts::verify(&people.app, &token, visit()).await));
        assert!(dead(accounts::confirm_email(&people.app, &token).await));
        assert!(dead(accounts::peek(&people.app, &token, Purpose::Email).await));
        for foreign in ["", "x", &token[1..], &token.to_uppercase(), &"A".repeat(43), "' OR 1=1 --"] {
            assert!(dead(accounts::reset(&people.app, foreign, OTHER).await), "{foreign}");
        }
        assert!(matches!(accounts::reset(&people.app, &token, "short").await, Err(Error::Account(Refusal::Weak(_)))));
        people.hands.advance(30 * 60 - 1);
        accounts::peek(&people.app, &token, Purpose::Recover).await.expect("a weak password used nothing up");
        people.hands.advance(1);
        assert!(dead(accounts::reset(&people.app, &token, OTHER).await), "half an hour is over");
        people.enter(ANA).await;
    }

    async fn a_new_password_ends_every_link_that_would_set_another(test: TestDb) {
        let people = people(&test).await;
        people.person(ANA, None).await;
        accounts::recover(&people.app, ANA, visit()).await.expect("asks");
        let first = people.token(ANA).await;
        people.hands.advance(1);
        accounts::recover(&people.app, ANA, visit()).await.expect("asks again");
        accounts::reset(&people.app, &people.token(ANA).await, OTHER).await.expect("resets");
        assert!(dead(accounts::reset(&people.app, &first, PASSWORD).await));
    }

    async fn a_second_factor_still_stands_after_recovery(test: TestDb) {
        let people = people(&test).await;
        let who = people.ana().await;
        people.enrol(&who).await;
        accounts::recover(&people.app, ANA, visit()).await.expect("asks");
        accounts::reset(&people.app, &people.token(ANA).await, OTHER).await.expect("resets");
        let opened = accounts::sign_in(&people.app, ANA, OTHER, visit()).await.expect("half of it");
        assert!(opened.session.whole().is_err());
    }

    async fn who_registers_last_before_the_address_is_verified_is_who_is_verified(test: TestDb) {
        let people = people(&test).await;
        let stranger = Registration { password: Some("the stranger's own"), name: "Stranger", ..registration(ANA) };
        accounts::register(&people.app, stranger, visit()).await.expect("registers");
        let planted = people.token(ANA).await;
        people.hands.advance(1);
        accounts::register(&people.app, registration(ANA), visit()).await.expect("registers");
        assert!(dead(accounts::verify(&people.app, &planted, visit()).await), "it would verify the stranger's password");
        accounts::verify(&people.app, &people.token(ANA).await, visit()).await.expect("verifies");
        assert!(accounts::sign_in(&people.app, ANA, "the stranger's own", visit()).await.is_err());
        assert_eq!(people.enter(ANA).await.account().name, "Ana Pérez");
    }

    async fn sixteen_who_register_one_address_at_once_make_one_account(test: TestDb) {
        let people = people(&test).await;
        let done = sixteen(|| {
            let app = people.app.clone();
            async move { accounts::register(&app, registration(ANA), visit()).await }
        });
        assert_eq!(done.await, 16, "and none of them hears of it");
        assert_eq!(store::accounts::page(people.app.db(), "", 10).await.expect("reads").len(), 1);
    }

    async fn who_has_no_password_is_let_in_by_the_link_to_set_up_another_way(test: TestDb) {
        let people = people(&test).await;
        accounts::register(&people.app, Registration { password: None, ..registration(ANA) }, visit()).await.expect("registers");
        let verified = accounts::verify(&people.app, &people.token(ANA).await, visit()).await.expect("verifies");
        let who = whole(people.session(&verified.opened.expect("a session")).await.expect("live"));
        accounts::change_password(&people.app, &who, accounts::Current::Proof, PASSWORD, visit()).await.expect("sets one");
        people.enter(ANA).await;
        assert!(accounts::sign_in(&people.app, ANA, "", visit()).await.is_err());
    }

    async fn an_account_moves_to_another_address_by_a_link_sent_there_and_the_old_one_is_told(test: TestDb) {
        let people = people(&test).await;
        let who = people.ana().await;
        accounts::recover(&people.app, ANA, visit()).await.expect("asks");
        let old = people.token(ANA).await;
        accounts::change_email(&people.app, &who, "New@example.com").await.expect("asks");
        people.enter(ANA).await;
        let token = people.token("new@example.com").await;
        people.hands.advance(1);
        accounts::confirm_email(&people.app, &token).await.expect("moves");
        assert!(dead(accounts::confirm_email(&people.app, &token).await));
        assert!(dead(accounts::reset(&people.app, &old, OTHER).await), "links to the old address are dead");
        people.enter("new@example.com").await;
        assert!(accounts::sign_in(&people.app, ANA, PASSWORD, visit()).await.is_err());
        let mails = people.mails().await;
        assert_eq!(mails.last().map(|(kind, to)| (kind.as_str(), to.as_str())), Some(("address_changed", ANA)));
    }

    async fn nobody_learns_by_moving_whether_an_address_has_an_account_and_none_is_taken_over(test: TestDb) {
        let people = people(&test).await;
        let who = people.ana().await;
        accounts::change_email(&people.app, &who, "eva@example.com").await.expect("a link goes there");
        let token = people.token("eva@example.com").await;
        people.person("eva@example.com", None).await;
        people.hands.advance(1);
        accounts::change_email(&people.app, &who, "eva@example.com").await.expect("the same answer");
        assert_eq!(people.mails().await.last().map(|(kind, _)| kind.clone()), Some("already_registered".into()));
        assert!(matches!(accounts::confirm_email(&people.app, &token).await, Err(Error::Taken { .. })));
        people.enter("eva@example.com").await;
        people.enter(ANA).await;
    }

    async fn an_account_does_not_write_to_everybody_by_moving_to_their_addresses(test: TestDb) {
        let people = people(&test).await;
        let (who, mut sent) = (people.ana().await, 0);
        for at in 0..130 {
            match accounts::change_email(&people.app, &who, &format!("victim{at}@mail.example")).await {
                Ok(()) => sent += 1,
                Err(error) => assert!(matches!(error, Error::Wait { .. }), "{error}"),
            }
        }
        assert_eq!(sent, 101, "a hundred at once, and then they wait");
    }

    async fn a_mailbox_is_not_flooded_and_the_links_it_has_go_on_working(test: TestDb) {
        let people = people(&test).await;
        people.person(ANA, None).await;
        accounts::recover(&people.app, ANA, visit()).await.expect("asks");
        let first = people.token(ANA).await;
        for _ in 0..20 {
            accounts::recover(&people.app, ANA, visit()).await.expect("the same answer");
        }
        assert_eq!(people.mails().await.len(), 10);
        accounts::reset(&people.app, &first, OTHER).await.expect("still works");
        people.hands.advance(3601);
        accounts::recover(&people.app, ANA, visit()).await.expect("asks");
        assert_eq!(people.mails().await.len(), 12, "with the one that told of the new password");
    }
}
