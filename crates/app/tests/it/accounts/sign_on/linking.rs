//! Whose account the provider's word opens when there is one with that address.

use app::{
    Error,
    accounts::{self, Arrived, Refusal, SignOnRefusal},
};
use domain::role::Staff;
use serde_json::json;

use super::{
    super::people::{PASSWORD, operator, registration, visit, whole},
    ANA, BROWSER, house, why,
};

store::on_both_engines! {
    async fn an_address_alone_opens_nobodys_account(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        assert_eq!(why(people.sign_on_with(&operators, json!({"email_verified": false})).await), SignOnRefusal::Unverified);
        assert_eq!(why(people.sign_on_with(&operators, json!({"email_verified": null})).await), SignOnRefusal::Unverified);
        assert_eq!(why(people.sign_on_with(&operators, json!({"email": null})).await), SignOnRefusal::Unverified);

        people.person(ANA, None).await;
        people.person("luis@operator.example", None).await;
        operators.says(&json!({}));
        assert_eq!(why(people.sign_on(&operators).await), SignOnRefusal::AddressTaken);
        let luis = people.enter("luis@operator.example").await;
        let state = people.begin(&operators, None).await;
        assert_eq!(why(people.come_back(&state, Some(&luis)).await), SignOnRefusal::AddressTaken, "somebody else is signed in");

        let ana = people.enter(ANA).await;
        people.hands.advance(601);
        let state = people.begin(&operators, None).await;
        assert_eq!(why(people.come_back(&state, Some(&ana)).await), SignOnRefusal::AddressTaken, "proved too long ago");
    }

    async fn who_holds_the_account_is_asked_and_links_it_once(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        people.person(ANA, None).await;
        people.person("luis@operator.example", None).await;
        let (ana, luis) = (people.enter(ANA).await, people.enter("luis@operator.example").await);
        let state = people.begin(&operators, None).await;
        let Arrived::Linking { ticket } = people.come_back(&state, Some(&ana)).await.expect("asks") else { panic!("let in unasked") };
        assert_eq!(why(people.come_back(&ticket, Some(&ana)).await), SignOnRefusal::State, "a ticket is no state");
        let state = people.begin(&operators, None).await;
        let Arrived::Linking { ticket } = people.come_back(&state, Some(&ana)).await.expect("asks") else { panic!("let in unasked") };
        assert_eq!(why(accounts::linking(&people.app, &luis, &ticket, BROWSER).await), SignOnRefusal::State);
        assert_eq!(why(accounts::linking(&people.app, &ana, &ticket, "another browser").await), SignOnRefusal::State);
        accounts::linking(&people.app, &ana, &ticket, BROWSER).await.expect("waits");
        let (opened, next) = accounts::link_sign_on(&people.app, &ana, &ticket, BROWSER, visit()).await.expect("links");
        assert_eq!((whole(opened.session).account().staff(), next.as_str()), (Some(Staff::Support), "/console"));
        assert_eq!(why(accounts::link_sign_on(&people.app, &ana, &ticket, BROWSER, visit()).await), SignOnRefusal::State, "once");
        assert_eq!(whole(people.sign_on(&operators).await.expect("signs on").session).id(), ana.id());
        let by_password = accounts::sign_in(&people.app, ANA, PASSWORD, visit()).await;
        assert!(matches!(by_password, Err(Error::Account(Refusal::SignOnOnly))), "the role is the provider's to give, each time");
        operators.says(&json!({"sub": "u-ana-2"}));
        assert_eq!(why(people.sign_on(&operators).await), SignOnRefusal::AddressTaken, "another person by what it is called");
        accounts::unlink_sign_on(&people.app, &operator(), ana.id()).await.expect("unlinks");
        let ana = people.enter_as_staff(ANA).await;
        let state = people.begin(&operators, None).await;
        assert!(matches!(people.come_back(&state, Some(&ana)).await, Ok(Arrived::Linking { .. })));
        assert!(matches!(accounts::unlink_sign_on(&people.app, &operator(), ana.id()).await, Err(Error::Refused(_))));
    }

    async fn who_opened_an_account_with_an_address_and_never_showed_it_keeps_nobody_out(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        accounts::register(&people.app, registration(ANA), visit()).await.expect("registers");
        let squatters = people.token(ANA).await;
        people.sign_on(&operators).await.expect("signs on");
        assert!(accounts::verify(&people.app, &squatters, visit()).await.is_err(), "the link is dead");
        let by_password = accounts::sign_in(&people.app, ANA, PASSWORD, visit()).await;
        assert!(matches!(by_password, Err(Error::Account(Refusal::Credentials))), "and so is the password");
    }

    async fn who_shows_an_address_to_be_theirs_during_a_sign_on_keeps_the_account(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        accounts::register(&people.app, registration(ANA), visit()).await.expect("registers");
        let id = accounts::find(&people.app, ANA).await.expect("there").id;
        let mut tx = people.app.db().begin().await.expect("begins");
        store::accounts::verify(&mut tx, id, store::Moment(people.app.now())).await.expect("verifies");
        let arrives = tokio::spawn({
            let (people, operators) = (people.clone(), operators.clone());
            async move { people.sign_on(&operators).await.map(drop) }
        });
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        tx.commit(people.app.now()).await.expect("commits");
        assert_eq!(why(arrives.await.expect("joins")), SignOnRefusal::AddressTaken);
    }

    async fn linking_takes_the_role_from_no_last_administrator_and_says_which_it_will_be(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        people.person(ANA, Some(Staff::Administrator)).await;
        let ana = people.enter_as_staff(ANA).await;
        let ticket = people.ticket(&operators, &ana).await;
        assert_eq!(accounts::linking(&people.app, &ana, &ticket, BROWSER).await.expect("waits").role, Staff::Support);
        assert!(matches!(accounts::link_sign_on(&people.app, &ana, &ticket, BROWSER, visit()).await, Err(Error::Refused(_))));
        assert_eq!(accounts::find(&people.app, ANA).await.expect("there").staff(), Some(Staff::Administrator));
        people.person("eva@operator.example", Some(Staff::Administrator)).await;
        let ticket = people.ticket(&operators, &ana).await;
        let (opened, _) = accounts::link_sign_on(&people.app, &ana, &ticket, BROWSER, visit()).await.expect("links");
        assert_eq!(whole(opened.session).account().staff(), Some(Staff::Support));
    }

    async fn a_link_that_wants_a_proof_first_is_good_for_after_it(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        people.person(ANA, None).await;
        people.hands.advance(1);
        let ana = people.enter(ANA).await;
        people.hands.advance(300);
        let ticket = people.ticket(&operators, &ana).await;
        people.hands.advance(400);
        assert!(matches!(accounts::link_sign_on(&people.app, &ana, &ticket, BROWSER, visit()).await, Err(Error::Unproved)));
        let ana = people.enter(ANA).await;
        accounts::link_sign_on(&people.app, &ana, &ticket, BROWSER, visit()).await.expect("links");
    }
}
