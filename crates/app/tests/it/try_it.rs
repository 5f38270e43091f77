//! Tickets of the console: what they open, and until when.

use app::{
    Actor, Error,
    accounts::{self, Refusal, Session, SignedIn, Visit},
    projects, try_it,
};
use domain::{AccountId, role::Role, secret::Secret};

use crate::house::{House, actor, house};

const VISIT: Visit<'static> = Visit { address: std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), agent: None };

/// Somebody signed in, as this in the house's organisation.
async fn signed_in(house: &House, email: &str, role: Role) -> (SignedIn, Secret) {
    let password = "cuatro gatos pardos";
    let made = accounts::create_verified(&house.app, &actor(), email, "Ana", Some(password), None, None).await.expect("an account");
    house.enlist(house.organisation(), &[(made.account.id, role)]).await;
    let opened = accounts::sign_in(&house.app, email, password, VISIT).await.expect("signs in");
    let Session::Whole(who) = opened.session else { panic!("a whole session") };
    (who, opened.cookie)
}

fn ended(error: Error) -> bool {
    matches!(error, Error::Account(Refusal::Ended))
}

store::on_both_engines! {
    async fn a_ticket_stands_for_the_projects_sandbox_client(test: TestDb) {
        let house = house(&test).await;
        let (who, _) = signed_in(&house, "dora@shop.example", Role::Developer).await;
        let ticket = try_it::ticket(&house.app, &who, house.project()).await.expect("a ticket");
        let client = try_it::redeem(&house.app, ticket.expose()).await.expect("a client");
        assert_eq!(client, house.founded.first.client.client.id);
        let choices = try_it::projects_for(&house.app, &who, "labels").await.expect("reads");
        assert_eq!((choices.len(), choices[0].id, choices[0].scopes.is_empty()), (1, house.project(), true));
        app::access::request(&house.app, &actor(), house.wish(domain::Environment::Sandbox, "labels", Some("LBS"))).await.expect("asks");
        let choices = try_it::projects_for(&house.app, &who, "labels").await.expect("reads");
        assert_eq!(choices[0].scopes.to_string(), "LBS");
        assert!(try_it::projects_for(&house.app, &who, "tracking").await.expect("reads")[0].scopes.is_empty());
    }

    async fn a_ticket_ends_with_its_session_its_half_hour_and_the_role_it_was_given_for(test: TestDb) {
        let house = house(&test).await;
        let (who, cookie) = signed_in(&house, "dora@shop.example", Role::Developer).await;
        let ticket = try_it::ticket(&house.app, &who, house.project()).await.expect("a ticket");
        accounts::sign_out(&house.app, cookie.expose()).await.expect("signs out");
        assert!(ended(try_it::redeem(&house.app, ticket.expose()).await.expect_err("a dead session")));

        let (other, _) = signed_in(&house, "mora@shop.example", Role::Developer).await;
        let ticket = try_it::ticket(&house.app, &other, house.project()).await.expect("a ticket");
        app::members::set_role(&house.app, &actor(), house.organisation(), other.id(), Role::Viewer).await.expect("a viewer now");
        assert!(matches!(try_it::redeem(&house.app, ticket.expose()).await, Err(Error::Forbidden { .. })));
        app::members::set_role(&house.app, &actor(), house.organisation(), other.id(), Role::Developer).await.expect("again");
        try_it::redeem(&house.app, ticket.expose()).await.expect("good again");
        house.hands.advance(30 * 60);
        assert!(ended(try_it::redeem(&house.app, ticket.expose()).await.expect_err("too old")));
    }

    async fn a_ticket_ends_with_its_project_its_organisation_and_its_account(test: TestDb) {
        let house = house(&test).await;
        let (owner, _) = signed_in(&house, "olga@shop.example", Role::Owner).await;
        let (other, _) = signed_in(&house, "otto@shop.example", Role::Owner).await;
        let (mine, theirs) = (try_it::ticket(&house.app, &owner, house.project()).await, try_it::ticket(&house.app, &other, house.project()).await);
        let (mine, theirs) = (mine.expect("a ticket"), theirs.expect("a ticket"));
        accounts::delete(&house.app, &other).await.expect("deletes");
        assert!(ended(try_it::redeem(&house.app, theirs.expose()).await.expect_err("nobody's")));
        try_it::redeem(&house.app, mine.expose()).await.expect("still good");

        let second = projects::create(&house.app, &actor(), house.organisation(), "Almacén").await.expect("a project").project.id;
        let of_second = try_it::ticket(&house.app, &owner, second).await.expect("a ticket");
        projects::archive(&house.app, &actor(), second).await.expect("archives");
        assert!(matches!(try_it::redeem(&house.app, of_second.expose()).await, Err(Error::NotFound { .. })), "no client of it may act");

        app::organisations::close(&house.app, &actor(), house.organisation()).await.expect("closes");
        assert!(matches!(try_it::redeem(&house.app, mine.expose()).await, Err(Error::Rule(app::Rule::Closed))));
    }

    async fn nobody_gets_a_ticket_for_what_they_do_not_build(test: TestDb) {
        let house = house(&test).await;
        let (viewer, _) = signed_in(&house, "vera@shop.example", Role::Viewer).await;
        assert!(matches!(try_it::ticket(&house.app, &viewer, house.project()).await, Err(Error::Forbidden { .. })));
        let (owner, _) = signed_in(&house, "olga@shop.example", Role::Owner).await;
        let elsewhere = app::organisations::create_by(&house.app, who_else(&house).await, "Otra", "Web").await.expect("founds");
        assert!(matches!(try_it::ticket(&house.app, &owner, elsewhere.first.project.id).await, Err(Error::NotFound { .. })));
        projects::archive(&house.app, &Actor::Account(owner.id()), house.project()).await.expect("archives");
        assert!(matches!(try_it::ticket(&house.app, &owner, house.project()).await, Err(Error::Rule(_))));
    }

    async fn no_other_text_is_a_ticket(test: TestDb) {
        let house = house(&test).await;
        let (who, cookie) = signed_in(&house, "dora@shop.example", Role::Developer).await;
        let ticket = try_it::ticket(&house.app, &who, house.project()).await.expect("a ticket").expose().to_owned();
        let mut wrong = vec![String::new(), "pgx_".into(), cookie.expose().to_owned(), ticket.replacen("pgx_", "", 1), format!("{ticket}A"), "pgx_".to_owned() + &"A".repeat(9000)];
        // One letter changed, anywhere.
        for at in (4..ticket.len()).step_by(7) {
            let mut letters = ticket.clone().into_bytes();
            letters[at] = if letters[at] == b'A' { b'B' } else { b'A' };
            wrong.push(String::from_utf8(letters).expect("text"));
        }
        for text in wrong {
            assert!(ended(try_it::redeem(&house.app, &text).await.expect_err(&text)), "{text}");
        }
    }
}

async fn who_else(house: &House) -> AccountId {
    house.account("otto@elsewhere.example").await
}
