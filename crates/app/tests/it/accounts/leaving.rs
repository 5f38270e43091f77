use app::{
    Error,
    accounts::{self, Refusal},
    invitations, organisations,
};
use domain::{CustomerType, Language, role::Role};

use super::people::{ANA, PASSWORD, operator, people, registration, visit};

store::on_both_engines! {
    async fn a_deleted_account_leaves_its_id_in_the_log_and_nothing_else(test: TestDb) {
        let people = people(&test).await;
        let who = people.ana().await;
        people.enrol(&who).await;
        let opened = people.sign_in(ANA).await;
        accounts::recover(&people.app, ANA, visit()).await.expect("asks");
        let link = people.token(ANA).await;
        accounts::delete(&people.app, &who).await.expect("deletes");

        assert!(people.session(&opened).await.is_none(), "its sessions end");
        assert!(accounts::reset(&people.app, &link, "grapa pila caballo").await.is_err(), "its links too");
        assert!(matches!(accounts::find(&people.app, ANA).await, Err(Error::NotFound { .. })));
        assert!(matches!(accounts::find(&people.app, &who.id().to_string()).await, Err(Error::NotFound { .. })));
        assert!(matches!(accounts::sign_in(&people.app, ANA, PASSWORD, visit()).await, Err(Error::Account(Refusal::Credentials))));
        assert_eq!(people.mails().await, [("account_deleted".into(), ANA.into())]);
        assert!(store::audit::verify(people.app.db()).await.expect("reads").is_ok(), "the chain holds");
        assert!(matches!(accounts::set_name(&people.app, &who, "Ghost").await, Err(Error::Account(Refusal::Ended))), "who was in is out");

        accounts::register(&people.app, registration(ANA), visit()).await.expect("the address is free again");
        accounts::verify(&people.app, &people.token(ANA).await, visit()).await.expect("verifies");
        assert_ne!(people.enter(ANA).await.id(), who.id(), "a new account, without the old one's second factor");
    }

    async fn the_only_owner_of_an_organisation_stays_until_there_is_another(test: TestDb) {
        let people = people(&test).await;
        let who = people.ana().await;
        people.person("eva@example.com", None).await;
        let eva = people.enter("eva@example.com").await;
        let founded = organisations::create(&people.app, &operator(), "Librería", CustomerType::Customer, "Web").await.expect("founds");
        let join = async |account: domain::AccountId, role: &str| {
            store::testkit::member(&test, founded.organisation.id, account, role).await;
        };
        join(who.id(), "owner").await;
        join(eva.id(), "admin").await;
        let refused = accounts::delete(&people.app, &who).await.expect_err("refused");
        assert!(matches!(&refused, Error::Account(Refusal::SoleOwner(names)) if names == &["Librería"]), "{refused}");
        people.enter(ANA).await;
        accounts::delete(&people.app, &eva).await.expect("an admin may go");
        people.person("luz@example.com", None).await;
        join(people.enter("luz@example.com").await.id(), "owner").await;
        accounts::delete(&people.app, &who).await.expect("there is another");
    }

    async fn of_two_owners_who_go_at_once_one_stays(test: TestDb) {
        let people = people(&test).await;
        for round in 0..8 {
            let founded = organisations::create(&people.app, &operator(), &format!("Tienda {round}"), CustomerType::Customer, "Web").await;
            let organisation = founded.expect("founds").organisation.id;
            let mut owners = Vec::new();
            for name in ["ana", "eva"] {
                let email = format!("{name}.{round}@example.com");
                people.person(&email, None).await;
                let who = people.enter(&email).await;
                store::testkit::member(&test, organisation, who.id(), "owner").await;
                owners.push(who);
            }
            let leaving = owners.iter().map(|who| {
                let (app, who) = (people.app.clone(), who.clone());
                tokio::spawn(async move { accounts::delete(&app, &who).await })
            });
            for task in leaving.collect::<Vec<_>>() {
                if let Err(refused) = task.await.expect("joins") {
                    assert!(matches!(refused, Error::Account(Refusal::SoleOwner(_))), "{refused}");
                }
            }
            let left = store::memberships::of_organisation(people.app.db(), organisation).await.expect("reads");
            assert_eq!(left.len(), 1, "{left:?}");
            assert_eq!(app::members::owned_alone(&people.app, left[0].account_id).await.expect("reads").len(), 1);
        }
    }

    async fn who_goes_leaves_no_invitation_to_come_back_by(test: TestDb) {
        let people = people(&test).await;
        let ana = people.ana().await;
        people.person("eva@example.com", None).await;
        let eva = people.enter("eva@example.com").await;
        let founded = organisations::create(&people.app, &operator(), "Librería", CustomerType::Customer, "Web").await.expect("founds");
        let mut links = Vec::new();
        for owner in [&ana, &eva] {
            store::testkit::member(&test, founded.organisation.id, owner.id(), "owner").await;
            let email = format!("friend.of.{}", owner.account().email);
            let sent = invitations::invite(&people.app, &owner.actor(), founded.organisation.id, &email, Role::Owner).await;
            links.push(sent.expect("invites").secret);
        }
        accounts::delete(&people.app, &ana).await.expect("deletes");
        assert!(invitations::open(&people.app, links[0].expose()).await.is_err(), "hers");
        assert!(invitations::open(&people.app, links[1].expose()).await.is_ok(), "not those of others");
    }

    async fn the_export_holds_what_we_know_and_nothing_that_opens_the_account(test: TestDb) {
        let people = people(&test).await;
        let who = people.ana().await;
        people.enrol(&who).await;
        accounts::set_language(&people.app, &who, Some(Language::Spanish)).await.expect("sets");
        let export = accounts::export(&people.app, &who).await.expect("exports");
        assert_eq!(export["account"]["email"], ANA);
        assert_eq!(export["account"]["language"], "es");
        assert_eq!(export["sessions"].as_array().map(Vec::len), Some(1));
        assert_eq!(export["recovery_codes_left"], 10);
        assert_eq!(export["mails"][0]["kind"], "second_factor_added");
        let actions: Vec<_> = export["audit"].as_array().expect("a list").iter().map(|entry| entry["action"].as_str().expect("a word")).collect();
        assert!(actions.contains(&"account.sign_in") && actions.contains(&"account.create"), "{actions:?}");
        let text = export.to_string();
        for proof in ["argon2", "hash", "totp\":[", "body"] {
            assert!(!text.contains(proof), "{proof}");
        }
    }

    async fn a_name_is_one_line_and_a_language_may_be_left_to_the_browser(test: TestDb) {
        let people = people(&test).await;
        let who = people.ana().await;
        for bad in ["", "  ", "a\nb", &"x".repeat(101)] {
            assert!(matches!(accounts::set_name(&people.app, &who, bad).await, Err(Error::Invalid { field: "name", .. })), "{bad:?}");
        }
        accounts::set_name(&people.app, &who, " \"><img onerror=alert(1)> ").await.expect("any text is a name");
        accounts::set_language(&people.app, &who, None).await.expect("sets");
        let who = people.enter(ANA).await;
        assert_eq!((who.account().name.as_str(), who.account().language()), ("\"><img onerror=alert(1)>", None));
    }
}
