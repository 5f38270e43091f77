use app::{Actor, Error, Rule, invitations, members};
use domain::role::Role;

use crate::house::house;

store::on_both_engines! {
    async fn the_last_owner_stays_one(test: TestDb) {
        let house = house(&test).await;
        let owner = house.member("olga@shop.example", Role::Owner).await;
        let by = Actor::Account(owner);
        for refused in [
            members::leave(&house.app, owner, house.organisation()).await,
            members::remove(&house.app, &by, house.organisation(), owner).await,
            members::set_role(&house.app, &by, house.organisation(), owner, Role::Admin).await,
            members::remove(&house.app, &crate::house::actor(), house.organisation(), owner).await,
        ] {
            assert!(matches!(refused, Err(Error::Rule(Rule::LastOwner))), "{refused:?}");
        }
        assert_eq!(members::owned_alone(&house.app, owner).await.expect("reads").len(), 1);
        house.member("otto@shop.example", Role::Owner).await;
        assert_eq!(members::owned_alone(&house.app, owner).await.expect("reads").len(), 0);
        members::leave(&house.app, owner, house.organisation()).await.expect("there is another");
    }

    async fn of_two_owners_who_end_each_other_at_once_one_remains(test: TestDb) {
        let house = house(&test).await;
        let (olga, otto) = (house.account("olga@shop.example").await, house.account("otto@shop.example").await);
        for round in 0..12 {
            let name = format!("Tienda {round}");
            let founded = app::organisations::create_by(&house.app, olga, &name, "Web").await.expect("founds");
            let organisation = founded.organisation.id;
            house.enlist(organisation, &[(otto, Role::Owner)]).await;
            let tasks: Vec<_> = [(olga, otto), (otto, olga)]
                .map(|(by, other)| {
                    let app = house.app.clone();
                    tokio::spawn(async move {
                        let by = Actor::Account(by);
                        match round % 3 {
                            0 => members::set_role(&app, &by, organisation, other, Role::Viewer).await,
                            1 => members::remove(&app, &by, organisation, other).await,
                            _ => members::leave(&app, other, organisation).await,
                        }
                    })
                })
                .into();
            for task in tasks {
                let _ = task.await.expect("joins");
            }
            let left = store::memberships::of_organisation(house.app.db(), organisation).await.expect("reads");
            assert_eq!(left.iter().filter(|member| member.role == Role::Owner).count(), 1, "{left:?}");
        }
    }

    async fn what_was_taken_away_is_gone_at_once(test: TestDb) {
        let house = house(&test).await;
        house.member("olga@shop.example", Role::Owner).await;
        let admin = house.member("adam@shop.example", Role::Admin).await;
        let by = Actor::Account(admin);
        app::projects::create(&house.app, &by, house.organisation(), "App").await.expect("an admin may");
        members::set_role(&house.app, &by, house.organisation(), admin, Role::Viewer).await.expect("of oneself too");
        let refused = app::projects::create(&house.app, &by, house.organisation(), "Shop").await.err().expect("refused");
        assert!(matches!(refused, Error::Forbidden { needs: Role::Developer }), "{refused}");
        members::leave(&house.app, admin, house.organisation()).await.expect("leaves");
        let refused = app::view::organisation(&house.app, &by, house.organisation()).await.err().expect("refused");
        assert!(matches!(refused, Error::NotFound { .. }), "{refused}");
    }

    async fn whoever_loses_power_loses_the_invitations_sent_with_it(test: TestDb) {
        let house = house(&test).await;
        house.member("olga@shop.example", Role::Owner).await;
        let admin = house.member("adam@shop.example", Role::Admin).await;
        let second = house.account("adam@home.example").await;
        for loses in ["demoted", "removed"] {
            members::set_role(&house.app, &crate::house::actor(), house.organisation(), admin, Role::Admin).await.expect("sets");
            let way_back = invitations::invite(&house.app, &Actor::Account(admin), house.organisation(), "adam@home.example", Role::Admin).await.expect("invites");
            if loses == "demoted" {
                members::set_role(&house.app, &crate::house::actor(), house.organisation(), admin, Role::Developer).await.expect("demotes");
            } else {
                members::remove(&house.app, &crate::house::actor(), house.organisation(), admin).await.expect("removes");
            }
            let refused = invitations::accept(&house.app, second, way_back.secret.expose()).await.err();
            assert!(matches!(refused, Some(Error::Rule(Rule::InvitationEnded))), "{loses}");
        }
    }

    async fn a_refusal_names_the_role_and_who_can_help(test: TestDb) {
        let house = house(&test).await;
        let viewer = Actor::Account(house.member("vera@shop.example", Role::Viewer).await);
        let refused = app::organisations::close(&house.app, &viewer, house.organisation()).await.expect_err("refused");
        assert_eq!(refused.to_string(), "this takes the role owner in the organisation: ask one of its owners to do it, or to give you the role");
    }
}
