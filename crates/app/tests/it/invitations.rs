use app::{Actor, Bounded, Error, Rule, invitations, organisations};
use domain::{contract::Standing, role::Role};

use crate::house::{House, actor, house};

async fn invited(house: &House, email: &str, role: Role) -> String {
    let issued = invitations::invite(&house.app, &actor(), house.organisation(), email, role).await.expect("invites");
    issued.secret.expose().to_owned()
}

async fn role_of(house: &House, account: domain::AccountId) -> Option<Role> {
    store::memberships::place(house.app.db(), house.organisation(), account).await.expect("reads").expect("there").role
}

store::on_both_engines! {
    async fn an_invitation_takes_the_link_and_the_invited_address(test: TestDb) {
        let house = house(&test).await;
        let (ana, other) = (house.account("ana@shop.example").await, house.account("other@shop.example").await);
        let token = invited(&house, "  Ana@Shop.example ", Role::Developer).await;
        let opened = invitations::open(&house.app, &token).await.expect("opens");
        assert_eq!((opened.organisation.name.as_str(), opened.invitation.role), ("Librería", Role::Developer));

        let refused = invitations::accept(&house.app, other, &token).await.err().expect("refused").to_string();
        assert!(refused.contains("is for ana@shop.example and you are signed in as other@shop.example"), "{refused}");
        let guessed = invitations::accept(&house.app, ana, "pgi_0000").await;
        assert!(matches!(guessed, Err(Error::Rule(Rule::InvitationEnded))));
        let id = opened.invitation.id.to_string();
        assert!(matches!(invitations::accept(&house.app, ana, &id).await, Err(Error::Rule(Rule::InvitationEnded))), "an id is no link");

        invitations::accept(&house.app, ana, &token).await.expect("accepts");
        assert_eq!(role_of(&house, ana).await, Some(Role::Developer));
        assert!(matches!(invitations::accept(&house.app, ana, &token).await, Err(Error::Rule(Rule::InvitationEnded))), "each link works once");
        let again = invitations::invite(&house.app, &actor(), house.organisation(), "ana@shop.example", Role::Owner).await.err();
        assert!(matches!(again, Some(Error::Rule(Rule::AlreadyMember(_)))));
    }

    async fn an_address_that_nobody_verified_accepts_nothing(test: TestDb) {
        let house = house(&test).await;
        let id = domain::AccountId(uuid::Uuid::from_u128(5));
        store::testkit::account(house.app.db(), id, "new@shop.example", false, None).await;
        let token = invited(&house, "new@shop.example", Role::Viewer).await;
        assert!(matches!(invitations::accept(&house.app, id, &token).await, Err(Error::Rule(Rule::Unverified))));
    }

    async fn nobody_comes_into_an_organisation_that_the_operator_closed(test: TestDb) {
        let house = house(&test).await;
        let ana = house.account("ana@shop.example").await;
        let token = invited(&house, "ana@shop.example", Role::Owner).await;
        let invitation = invitations::open(&house.app, &token).await.expect("opens").invitation.id;
        organisations::set_status(&house.app, &actor(), house.organisation(), Standing::Revoked, None).await.expect("closes");
        let withdrawn = store::invitations::find(house.app.db(), invitation).await.expect("reads").expect("there");
        assert_eq!(withdrawn.outcome.as_deref(), Some("withdrawn"));
        assert!(matches!(invitations::accept(&house.app, ana, &token).await, Err(Error::Rule(Rule::InvitationEnded))));
        let again = invitations::invite(&house.app, &actor(), house.organisation(), "ana@shop.example", Role::Owner).await.err();
        assert!(matches!(again, Some(Error::Rule(Rule::Closed))), "{again:?}");
    }

    async fn an_invitation_left_open_into_a_closed_organisation_is_good_for_nothing(test: TestDb) {
        let house = house(&test).await;
        let ana = house.account("ana@shop.example").await;
        let token = invited(&house, "ana@shop.example", Role::Owner).await;
        // As versions before left it.
        let at = store::Moment(house.app.now());
        let mut tx = house.app.db().begin().await.expect("begins");
        let turn = store::organisations::Turn { from: Standing::Active, to: Standing::Revoked, reason: None, by: "test", at };
        assert!(store::organisations::turn(&mut tx, house.organisation(), turn).await.expect("turns"));
        tx.commit(*at).await.expect("commits");
        assert!(invitations::of_account(&house.app, ana).await.expect("reads").is_empty());
        assert!(matches!(invitations::open(&house.app, &token).await.err(), Some(Error::Rule(Rule::InvitationEnded))));
        assert!(matches!(invitations::accept(&house.app, ana, &token).await, Err(Error::Rule(Rule::InvitationEnded))));
        assert_eq!(role_of(&house, ana).await, None);
    }

    async fn somebody_is_told_of_what_is_open_for_a_verified_address_and_not_how_to_get_in(test: TestDb) {
        let house = house(&test).await;
        let ana = house.account("ana@shop.example").await;
        let mine = async || invitations::of_account(&house.app, ana).await.expect("reads");
        assert!(mine().await.is_empty());
        invited(&house, "bea@shop.example", Role::Owner).await;
        let token = invited(&house, "ana@shop.example", Role::Developer).await;
        let told = mine().await;
        assert_eq!(told.iter().map(|one| (one.organisation.as_str(), one.invitation.role)).collect::<Vec<_>>(), [("Librería", Role::Developer)]);
        house.hands.advance(7 * 86_400);
        assert!(mine().await.is_empty(), "too old");
        let another = invited(&house, "ana@shop.example", Role::Viewer).await;
        assert_ne!(token, another);
        invitations::accept(&house.app, ana, &another).await.expect("accepts");
        assert!(mine().await.is_empty(), "accepted");

        let id = domain::AccountId(uuid::Uuid::from_u128(5));
        store::testkit::account(house.app.db(), id, "new@shop.example", false, None).await;
        invited(&house, "new@shop.example", Role::Viewer).await;
        assert!(invitations::of_account(&house.app, id).await.expect("reads").is_empty(), "nobody proved to read that address");
    }

    async fn of_sixteen_who_accept_at_once_one_does(test: TestDb) {
        let house = house(&test).await;
        let ana = house.account("ana@shop.example").await;
        let token = invited(&house, "ana@shop.example", Role::Admin).await;
        let tasks: Vec<_> = (0..16)
            .map(|_| {
                let (app, token) = (house.app.clone(), token.clone());
                tokio::spawn(async move { invitations::accept(&app, ana, &token).await.is_ok() })
            })
            .collect();
        let mut accepted = 0;
        for task in tasks {
            accepted += usize::from(task.await.expect("joins"));
        }
        assert_eq!(accepted, 1);
        let entries = store::audit::latest(house.app.db(), 100).await.expect("reads");
        assert_eq!(entries.iter().filter(|entry| entry.action == "invitation.accept").count(), 1);
    }

    async fn an_invitation_ends_by_time_by_being_withdrawn_and_by_another(test: TestDb) {
        let house = house(&test).await;
        let ana = house.account("ana@shop.example").await;
        let ended = async |token: &str| matches!(invitations::accept(&house.app, ana, token).await, Err(Error::Rule(Rule::InvitationEnded)));

        let old = invited(&house, "ana@shop.example", Role::Viewer).await;
        house.hands.advance(7 * 86_400);
        assert!(ended(&old).await, "seven days");

        let replaced = invited(&house, "ana@shop.example", Role::Viewer).await;
        let withdrawn = invitations::invite(&house.app, &actor(), house.organisation(), "ana@shop.example", Role::Viewer).await.expect("invites again");
        assert!(ended(&replaced).await, "one open link for each address");
        invitations::withdraw(&house.app, &actor(), withdrawn.record.id).await.expect("withdraws");
        assert!(ended(withdrawn.secret.expose()).await);
        assert!(matches!(invitations::withdraw(&house.app, &actor(), withdrawn.record.id).await, Err(Error::Rule(Rule::InvitationEnded))));

        let closed = invited(&house, "ana@shop.example", Role::Viewer).await;
        organisations::close(&house.app, &actor(), house.organisation()).await.expect("closes");
        assert!(ended(&closed).await, "a closed organisation takes nobody in");
    }

    async fn what_is_stored_is_not_the_link_and_the_audit_log_holds_neither_it_nor_the_address(test: TestDb) {
        let house = house(&test).await;
        let token = invited(&house, "ana@shop.example", Role::Viewer).await;
        for entry in store::audit::latest(house.app.db(), 100).await.expect("reads") {
            assert!(!entry.detail.contains(&token) && !entry.detail.contains("ana@"), "{}", entry.detail);
        }
    }

    async fn what_is_no_address_is_refused_before_anything_is_sent(test: TestDb) {
        let house = house(&test).await;
        for odd in ["", "ana", "@shop.example", "ana@", "ana@shop", "ana@shop.example\nBcc: all@shop.example", "a b@shop.example", "<ana@shop.example>",
            "ana@shop.example,bea@shop.example", "ana@.example", "a@b@shop.example", &format!("{}@shop.example", "a".repeat(250))] {
            let refused = invitations::invite(&house.app, &actor(), house.organisation(), odd, Role::Viewer).await.err();
            assert!(matches!(refused, Some(Error::Invalid { field: "email", .. })), "{odd:?}");
        }
    }

    async fn an_organisation_is_no_mailing_machine(test: TestDb) {
        let house = house(&test).await;
        let by = Actor::Account(house.member("olga@shop.example", Role::Owner).await);
        for _ in 0..invitations::MOST {
            invitations::invite(&house.app, &by, house.organisation(), "victim@mail.example", Role::Viewer).await.expect("invites");
        }
        let refused = invitations::invite(&house.app, &by, house.organisation(), "victim@mail.example", Role::Viewer).await.err();
        assert!(matches!(refused, Some(Error::Rule(Rule::TooMany(Bounded::Invitations, _)))));
        house.hands.advance(86_401);
        invitations::invite(&house.app, &by, house.organisation(), "victim@mail.example", Role::Viewer).await.expect("the next day");
    }

    async fn staff_invite_the_first_owner_and_nobody_after(test: TestDb) {
        let house = house(&test).await;
        let (by, into) = (house.staff(domain::role::Staff::Administrator).await, house.organisation());
        let first = invitations::invite(&house.app, &by, into, "olga@shop.example", Role::Owner).await.expect("nobody owns it").secret;
        let olga = house.account("olga@shop.example").await;
        invitations::accept(&house.app, olga, first.expose()).await.expect("accepts");
        for role in [Role::Owner, Role::Viewer] {
            let refused = invitations::invite(&house.app, &by, into, "administrator@carrier.example", role).await.err();
            assert!(matches!(refused, Some(Error::Forbidden { .. })), "{refused:?}");
        }
        let Actor::Account(staff) = by else { panic!("an account") };
        house.enlist(into, &[(staff, Role::Admin)]).await;
        invitations::invite(&house.app, &by, into, "new@shop.example", Role::Viewer).await.expect("as the admin that they are there too");
        assert!(matches!(invitations::invite(&house.app, &by, into, "new@shop.example", Role::Owner).await, Err(Error::Forbidden { .. })));
    }

    async fn nor_is_an_account_however_many_organisations_it_makes_and_closes(test: TestDb) {
        let house = house(&test).await;
        let olga = house.account("olga@shop.example").await;
        let (by, mut sent) = (Actor::Account(olga), 0);
        for turn in 0..3 {
            let into = organisations::create_by(&house.app, olga, &format!("Tienda {turn}"), "Web").await.expect("founds").organisation.id;
            for _ in 0..60 {
                match invitations::invite(&house.app, &by, into, "victim@mail.example", Role::Viewer).await {
                    Ok(_) => sent += 1,
                    Err(error) => assert!(matches!(error, Error::Wait { .. }), "{error}"),
                }
            }
            organisations::close(&house.app, &by, into).await.expect("closes");
        }
        assert_eq!(sent, 101, "a hundred at once, and then they wait");
    }
}
