use app::{Actor, Error, Rule, accounts, mail, staff};
use domain::{AccountId, role::Staff};

use crate::house::{House, actor, house};

async fn administrator(house: &House, email: &str) -> (AccountId, Actor) {
    let id = house.account(email).await;
    staff::set_role(&house.app, &actor(), id, Some(Staff::Administrator)).await.expect("sets");
    (id, Actor::Account(id))
}

async fn role(house: &House, id: AccountId) -> Option<Staff> {
    accounts::find(&house.app, &id.to_string()).await.expect("reads").staff()
}

store::on_both_engines! {
    async fn who_is_invited_is_staff_once_the_invited_address_accepts(test: TestDb) {
        let house = house(&test).await;
        let app = &house.app;
        let (_, by) = administrator(&house, "ada@carrier.example").await;
        let first = staff::invite(app, &by, "Sara@carrier.example", Staff::Support).await.expect("invites");
        let invited = staff::invite(app, &by, "sara@carrier.example", Staff::Publisher).await.expect("invites again");
        assert!(staff::open(app, first.secret.expose()).await.is_err(), "the first link is replaced");
        assert_eq!(staff::invitations(app, &by).await.expect("reads").len(), 1);
        let letter = mail::mailbox(app, 1).await.expect("reads").remove(0);
        assert!(letter.text.expect("kept").expose().contains(invited.secret.expose()), "the link is in the mail");

        let other = house.account("eva@carrier.example").await;
        let wrong = staff::accept(app, other, invited.secret.expose()).await;
        assert!(matches!(wrong.err(), Some(Error::Rule(Rule::WrongAddress { .. }))));
        let sara = house.account("sara@carrier.example").await;
        assert!(staff::accept(app, sara, "pgs_nothing").await.is_err());
        staff::accept(app, sara, invited.secret.expose()).await.expect("accepts");
        assert_eq!((role(&house, sara).await, role(&house, other).await), (Some(Staff::Publisher), None));
        assert!(staff::accept(app, sara, invited.secret.expose()).await.is_err(), "once");
        assert!(matches!(staff::invite(app, &by, "sara@carrier.example", Staff::Viewer).await.err(), Some(Error::Refused(_))));
    }

    async fn an_invitation_ends_in_seven_days_or_with_its_inviter(test: TestDb) {
        let house = house(&test).await;
        let app = &house.app;
        let (ada, by) = administrator(&house, "ada@carrier.example").await;
        administrator(&house, "bea@carrier.example").await;
        let late = staff::invite(app, &by, "sara@carrier.example", Staff::Support).await.expect("invites");
        house.hands.advance(7 * 86_400);
        assert!(matches!(staff::open(app, late.secret.expose()).await.err(), Some(Error::Rule(Rule::InvitationEnded))));
        let open = staff::invite(app, &by, "sara@carrier.example", Staff::Support).await.expect("invites");
        staff::set_role(app, &actor(), ada, None).await.expect("removes");
        assert!(staff::open(app, open.secret.expose()).await.is_err(), "else it would be a way back in");
    }

    async fn the_last_administrator_stays_and_nobody_changes_their_own_role(test: TestDb) {
        let house = house(&test).await;
        let app = &house.app;
        let (ada, by_ada) = administrator(&house, "ada@carrier.example").await;
        for role in [None, Some(Staff::Viewer)] {
            assert!(matches!(staff::set_role(app, &actor(), ada, role).await, Err(Error::Refused(_))));
        }
        assert!(matches!(accounts::delete_by(app, &actor(), ada).await, Err(Error::Refused(_))));
        let (bea, _) = administrator(&house, "bea@carrier.example").await;
        assert!(matches!(staff::set_role(app, &by_ada, ada, Some(Staff::Administrator)).await, Err(Error::Refused(_))));
        staff::set_role(app, &by_ada, bea, Some(Staff::Support)).await.expect("one is left");
        assert_eq!(role(&house, bea).await, Some(Staff::Support));
    }

    async fn who_was_made_the_last_administrator_a_moment_ago_is_not_deleted(test: TestDb) {
        let house = house(&test).await;
        let id = house.account("ada@carrier.example").await;
        let mut tx = house.app.db().begin().await.expect("begins");
        store::staff::hold(&mut tx).await.expect("holds");
        store::accounts::set_staff(&mut tx, id, Some(Staff::Administrator)).await.expect("sets");
        let app = house.app.clone();
        let deletes = tokio::spawn(async move { accounts::delete_by(&app, &actor(), id).await });
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        tx.commit(house.app.now()).await.expect("commits");
        assert!(matches!(deletes.await.expect("joins"), Err(Error::Refused(_))));
        assert_eq!(role(&house, id).await, Some(Staff::Administrator));
    }

    async fn who_is_no_administrator_any_more_invites_nobody_and_who_just_came_is_not_invited(test: TestDb) {
        let house = house(&test).await;
        let (ada, by_ada) = administrator(&house, "ada@carrier.example").await;
        let (_, by_bea) = administrator(&house, "bea@carrier.example").await;
        let sara = house.account("sara@carrier.example").await;
        let mut tx = house.app.db().begin().await.expect("begins");
        store::staff::hold(&mut tx).await.expect("holds");
        store::accounts::set_staff(&mut tx, ada, Some(Staff::Viewer)).await.expect("sets");
        store::accounts::set_staff(&mut tx, sara, Some(Staff::Viewer)).await.expect("sets");
        let invites = |by: Actor, email: &'static str| {
            let app = house.app.clone();
            tokio::spawn(async move { staff::invite(&app, &by, email, Staff::Administrator).await.err() })
        };
        let (lowered, known) = (invites(by_ada, "luis@carrier.example"), invites(by_bea, "sara@carrier.example"));
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        tx.commit(house.app.now()).await.expect("commits");
        assert!(matches!(lowered.await.expect("joins"), Some(Error::StaffOnly { .. })));
        assert!(matches!(known.await.expect("joins"), Some(Error::Refused(_))));
    }

    async fn of_two_administrators_who_lower_each_other_at_once_one_stays(test: TestDb) {
        let house = house(&test).await;
        let (ada, by_ada) = administrator(&house, "ada@carrier.example").await;
        let (bea, by_bea) = administrator(&house, "bea@carrier.example").await;
        let lower = |by: Actor, whom: AccountId| {
            let app = house.app.clone();
            tokio::spawn(async move { staff::set_role(&app, &by, whom, None).await.is_ok() })
        };
        let (first, second) = (lower(by_ada, bea), lower(by_bea, ada));
        let done = [first.await.expect("joins"), second.await.expect("joins")];
        assert_eq!(done.iter().filter(|done| **done).count(), 1, "{done:?}");
        let left = staff::list(&house.app, &actor()).await.expect("reads");
        assert_eq!(left.iter().filter(|person| person.account.staff() == Some(Staff::Administrator)).count(), 1);
    }
}
