use app::{
    accounts,
    mail::{self, Text, To},
};
use domain::{Language, secret::Secret};

use super::people::{ANA, people, people_with, registration, smtp, visit};

store::on_both_engines! {
    async fn a_mail_is_queued_once_with_what_it_tells_and_not_when_that_is_undone(test: TestDb) {
        let people = people(&test).await;
        let (app, email) = (&people.app, ANA.parse().expect("an address"));
        let to = To { email: &email, name: "Ana", language: Language::Spanish };
        let mut tx = app.db().begin().await.expect("begins");
        mail::queue(app, &mut tx, &to, &Text::PasswordChanged).await.expect("queues");
        drop(tx);
        assert!(people.mails().await.is_empty());
        let mut tx = app.db().begin().await.expect("begins");
        mail::queue(app, &mut tx, &to, &Text::PasswordChanged).await.expect("queues");
        tx.commit(app.now()).await.expect("commits");
        assert_eq!(people.mails().await.len(), 1);
    }

    async fn of_two_nodes_that_see_a_mail_one_sends_it(test: TestDb) {
        let people = people_with(&test, smtp()).await;
        accounts::register(&people.app, registration(ANA), visit()).await.expect("registers");
        let claims: Vec<_> = (0..16)
            .map(|_| {
                let app = people.app.clone();
                tokio::spawn(async move { mail::claim(&app).await.expect("claims") })
            })
            .collect();
        let mut claimed = Vec::new();
        for claim in claims {
            claimed.extend(claim.await.expect("joins"));
        }
        assert_eq!(claimed.len(), 1);
        let letter = &claimed[0];
        assert_eq!((letter.recipient.as_str(), letter.subject.as_str()), (ANA, "Confirma tu dirección de correo"));
        assert!(letter.text.expose().contains("https://portal.example/verify?token="));
        mail::sent(&people.app, letter).await.expect("notes");
        people.hands.advance(86_400);
        assert!(mail::claim(&people.app).await.expect("claims").is_none(), "it was sent");
        let posted = mail::find(&people.app, letter.id).await.expect("there");
        assert_eq!((posted.mail.state.as_str(), posted.text.is_none()), ("sent", true), "and its link forgotten");
    }

    async fn a_mail_that_cannot_be_sent_is_tried_again_for_a_day_and_then_given_up(test: TestDb) {
        let people = people_with(&test, smtp()).await;
        accounts::register(&people.app, registration(ANA), visit()).await.expect("registers");
        let (mut tries, mut id) = (0, None);
        while let Some(letter) = mail::claim(&people.app).await.expect("claims") {
            tries += 1;
            id = Some(letter.id);
            let next = mail::failed(&people.app, &letter, "421 try\r\nlater", false).await.expect("notes");
            assert!(mail::claim(&people.app).await.expect("claims").is_none(), "not before its time");
            let Some(next) = next else { break };
            people.hands.advance(next.duration_since(people.app.now()).as_secs().try_into().expect("ahead"));
        }
        assert!((8..14).contains(&tries), "{tries} tries");
        let posted = mail::find(&people.app, id.expect("was tried")).await.expect("there");
        assert_eq!((posted.mail.state.as_str(), posted.mail.last_error.as_deref()), ("failed", Some("421 trylater")));
    }

    async fn what_is_refused_for_good_is_not_tried_again(test: TestDb) {
        let people = people_with(&test, smtp()).await;
        accounts::register(&people.app, registration(ANA), visit()).await.expect("registers");
        let letter = mail::claim(&people.app).await.expect("claims").expect("due");
        assert!(mail::failed(&people.app, &letter, "550 no such mailbox", true).await.expect("notes").is_none());
        people.hands.advance(86_400);
        assert!(mail::claim(&people.app).await.expect("claims").is_none());
    }

    async fn a_mail_whose_node_died_is_sent_by_another_and_the_dead_one_changes_nothing(test: TestDb) {
        let people = people_with(&test, smtp()).await;
        accounts::register(&people.app, registration(ANA), visit()).await.expect("registers");
        let dead = mail::claim(&people.app).await.expect("claims").expect("due");
        people.hands.advance(599);
        assert!(mail::claim(&people.app).await.expect("claims").is_none());
        people.hands.advance(1);
        let alive = mail::claim(&people.app).await.expect("claims").expect("due again");
        mail::failed(&people.app, &dead, "too late", true).await.expect("notes nothing");
        mail::sent(&people.app, &alive).await.expect("notes");
        assert_eq!(mail::find(&people.app, alive.id).await.expect("there").mail.state, "sent");
    }

    async fn without_smtp_mails_wait_in_the_mailbox_and_are_never_sent_late(test: TestDb) {
        let here = people(&test).await;
        accounts::register(&here.app, registration(ANA), visit()).await.expect("registers");
        let posted = mail::mailbox(&here.app, 10).await.expect("reads");
        assert_eq!(posted[0].mail.state, "mailbox");
        assert!(posted[0].text.as_ref().expect("its text").expose().contains("/verify?token="));
        let sending = here.app.clone().with(smtp());
        assert!(mail::claim(&sending).await.expect("claims").is_none());
    }

    async fn no_link_lies_in_the_database_in_clear_nor_in_the_audit_log(test: TestDb) {
        let people = people(&test).await;
        accounts::register(&people.app, registration(ANA), visit()).await.expect("registers");
        let token = people.token(ANA).await;
        let mail = store::mails::latest(people.app.db(), 1).await.expect("reads").remove(0);
        assert!(!mail.body.windows(token.len()).any(|window| window == token.as_bytes()));
        let entries = store::audit::latest(people.app.db(), 100).await.expect("reads");
        assert!(!entries.is_empty() && entries.iter().all(|entry| !entry.detail.contains(&token) && !entry.detail.contains(ANA)));
    }

    async fn mails_are_kept_for_thirty_days(test: TestDb) {
        let people = people(&test).await;
        accounts::register(&people.app, registration(ANA), visit()).await.expect("registers");
        people.hands.advance(30 * 86_400 - 1);
        app::upkeep(&people.app).await.expect("removes");
        assert_eq!(people.mails().await.len(), 1);
        people.hands.advance(2);
        app::upkeep(&people.app).await.expect("removes");
        assert!(people.mails().await.is_empty());
    }

    async fn what_strangers_type_makes_no_link_and_no_greeting_in_mails_to_others(test: TestDb) {
        let people = people(&test).await;
        let (app, email) = (&people.app, ANA.parse().expect("an address"));
        let lure = accounts::Registration { name: "Prize! https://evil.example", ..registration(ANA) };
        accounts::register(app, lure, visit()).await.expect("registers");
        let text = mail::mailbox(app, 1).await.expect("reads").remove(0).text.expect("its text");
        assert!(!text.expose().contains("evil"));
        let link = Secret::new("https://portal.example/invitations?token=x".into());
        let invitation = Text::Invitation { organisation: "Win https://evil.example", inviter: "Eva\r\nBcc: x@y.z", role: domain::role::Role::Owner, link: &link };
        for language in [Language::Spanish, Language::English] {
            let mut tx = app.db().begin().await.expect("begins");
            mail::queue(app, &mut tx, &To { email: &email, name: "", language }, &invitation).await.expect("queues");
            tx.commit(app.now()).await.expect("commits");
            let posted = mail::mailbox(app, 1).await.expect("reads").remove(0);
            assert!(!posted.mail.subject.contains("://") && !posted.mail.subject.contains('\n'), "{}", posted.mail.subject);
            let text = posted.text.expect("its text");
            assert!(!text.expose().contains("https://evil") && text.expose().contains(link.expose()));
        }
    }
}
