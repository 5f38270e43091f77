use app::{Actor, Bounded, Error, Rule, access, api_credentials, clients, customer_keys, organisations, projects, secrets};
use domain::{
    CustomerType,
    Environment::{Production, Sandbox},
    contract::Standing,
    role::Role,
};
use store::{Moment, access_requests::Status, changes::Change};

use crate::house::{actor, house};

store::on_both_engines! {
    async fn a_project_is_born_with_the_apis_one_chose(test: TestDb) {
        let house = house(&test).await;
        let by = Actor::Account(house.member("dora@shop.example", Role::Developer).await);
        let chosen = ["labels".into(), "tracking".into(), "labels".into()];
        let equipped = projects::create_with(&house.app, &by, house.organisation(), "App", &chosen).await.expect("creates");
        assert_eq!(equipped.access.iter().map(|outcome| outcome.request.status).collect::<Vec<_>>(), [Status::Approved; 2], "twice the same is once");
        assert!(equipped.access[0].api_credential.is_some() && equipped.access[1].api_credential.is_none());
        let granted = store::grants::live(house.app.db(), equipped.created.project.id, Sandbox).await.expect("reads");
        assert_eq!(granted.len(), 2);
        let unknown = projects::create_with(&house.app, &by, house.organisation(), "Other", &["nothing".into()]).await;
        assert!(matches!(unknown, Err(Error::NotFound { what: "API", .. })));
        let there = store::projects::of_organisation(house.app.db(), house.organisation()).await.expect("reads");
        assert_eq!(there.len(), 2, "all of it or nothing");
        assert!(store::audit::verify(house.app.db()).await.expect("reads").is_ok());
    }

    async fn archiving_ends_everything_in_both_environments_and_tells_every_node(test: TestDb) {
        let house = house(&test).await;
        let (app, project) = (&house.app, house.project());
        organisations::set_customer_type(app, &actor(), house.organisation(), CustomerType::Integrator).await.expect("sets");
        let contract = app::contracts::link(app, &actor(), house.organisation(), "54000001", "80000001", "LCE1").await.expect("links");
        app::contracts::set_status(app, &actor(), contract.id, domain::contract::ContractStatus::Active, None).await.expect("activates");
        let production = clients::create(app, &actor(), project, Production).await.expect("creates").client.id;
        let granted = access::request(app, &actor(), house.wish(Sandbox, "labels", None)).await.expect("asks");
        let waiting = access::request(app, &actor(), house.wish(Production, "labels", None)).await.expect("asks");
        let key = customer_keys::create(app, &actor(), project, Sandbox, "740561073").await.expect("issues").record.id;
        let head = store::changes::head(app.db()).await.expect("reads");

        projects::archive(app, &actor(), project).await.expect("archives");
        let sandbox = &house.founded.first.client.client.id;
        for (environment, client) in [(Sandbox, sandbox), (Production, &production)] {
            let record = store::clients::record(app.db(), environment, client, Moment(app.now())).await.expect("reads").expect("there");
            assert_eq!((record.standing, record.grants.len()), (Standing::Revoked, 0), "{environment}");
        }
        assert_eq!(store::customer_keys::find(app.db(), &key).await.expect("reads").expect("there").status, Standing::Revoked);
        let credential = granted.api_credential.expect("issued").record.id;
        assert!(store::api_credentials::find(app.db(), &credential).await.expect("reads").expect("there").revoked_at.is_some());
        let states: Vec<_> = store::access_requests::of_project(app.db(), project).await.expect("reads").iter().map(|request| request.status).collect();
        assert_eq!(states, [Status::Revoked, Status::Rejected]);

        let changes: Vec<_> = store::changes::after(app.db(), head).await.expect("reads").into_iter().filter_map(|(_, change)| change).collect();
        for expected in [Change::Client(sandbox.clone()), Change::Client(production.clone()), Change::ApiCredential(credential), Change::CustomerKey(key.clone())] {
            assert!(changes.contains(&expected), "{expected:?} is missing in {changes:?}");
        }

        for refused in [
            projects::archive(app, &actor(), project).await.err(),
            projects::rename(app, &actor(), project, "New").await.err(),
            clients::create(app, &actor(), project, Sandbox).await.err(),
            api_credentials::create(app, &actor(), project, Sandbox).await.err(),
            customer_keys::create(app, &actor(), project, Sandbox, "740561073").await.err(),
            access::request(app, &actor(), house.wish(Sandbox, "labels", None)).await.err(),
            access::approve(app, &actor(), waiting.request.id, None).await.err(),
        ] {
            assert!(matches!(refused, Some(Error::Rule(Rule::Archived))), "{refused:?}");
        }
        assert!(matches!(secrets::create(app, &actor(), sandbox, None).await, Err(Error::Refused(_))));
        assert!(matches!(clients::set_status(app, &actor(), sandbox, Standing::Active).await, Err(Error::Refused(_))));
        let again = projects::create(app, &actor(), house.organisation(), "Web").await;
        assert!(matches!(again, Err(Error::Taken { .. })), "its history keeps the name");
    }

    async fn whoever_adds_to_a_project_that_is_being_archived_adds_nothing_that_lives(test: TestDb) {
        let house = house(&test).await;
        let mut tasks = Vec::new();
        for at in 0..16 {
            let (app, project) = (house.app.clone(), house.project());
            let wish = house.wish(Sandbox, if at % 2 == 0 { "labels" } else { "tracking" }, None);
            tasks.push(tokio::spawn(async move {
                match at {
                    8 => drop(projects::archive(&app, &actor(), project).await),
                    at if at % 3 == 0 => drop(clients::create(&app, &actor(), project, Sandbox).await),
                    at if at % 3 == 1 => drop(api_credentials::create(&app, &actor(), project, Sandbox).await),
                    _ => drop(access::request(&app, &actor(), wish).await),
                }
            }));
        }
        for task in tasks {
            task.await.expect("joins");
        }
        let page = app::view::project(&house.app, &actor(), house.project()).await.expect("sees");
        assert!(page.project.archived_at.is_some());
        assert!(page.clients.iter().all(|client| client.client.status == Standing::Revoked));
        assert!(page.api_credentials.iter().all(|credential| credential.revoked_at.is_some()));
        assert!(page.grants.iter().all(|grant| grant.revoked_at.is_some()));
    }

    async fn members_have_bounds_and_the_operator_has_none(test: TestDb) {
        let house = house(&test).await;
        let by = Actor::Account(house.member("dora@shop.example", Role::Developer).await);
        for _ in 1..clients::MOST {
            clients::create(&house.app, &by, house.project(), Sandbox).await.expect("creates");
        }
        let refused = clients::create(&house.app, &by, house.project(), Sandbox).await.err();
        assert!(matches!(refused, Some(Error::Rule(Rule::TooMany(Bounded::Clients, clients::MOST)))), "{refused:?}");
        clients::create(&house.app, &actor(), house.project(), Sandbox).await.expect("the operator imports");
        clients::set_status(&house.app, &by, &house.founded.first.client.client.id, Standing::Revoked).await.expect("revokes");
    }

    async fn what_the_operator_suspended_its_owner_cannot_resume(test: TestDb) {
        let house = house(&test).await;
        let (app, client) = (&house.app, &house.founded.first.client.client.id);
        organisations::set_customer_type(app, &actor(), house.organisation(), CustomerType::Integrator).await.expect("sets");
        let key = customer_keys::create(app, &actor(), house.project(), Sandbox, "740561073").await.expect("issues").record.id;
        let by = Actor::Account(house.member("olga@shop.example", Role::Owner).await);
        let set = async |who: &Actor, status| {
            let one = clients::set_status(app, who, client, status).await.err();
            let other = customer_keys::set_status(app, who, &key, status).await.err();
            assert_eq!(one.is_some(), other.is_some(), "{one:?} {other:?}");
            one
        };
        assert!(set(&by, Standing::Suspended).await.is_none());
        assert!(set(&by, Standing::Active).await.is_none(), "one's own suspension is one's own to end");
        assert!(set(&actor(), Standing::Suspended).await.is_none());
        for status in [Standing::Active, Standing::Suspended] {
            assert!(matches!(set(&by, status).await, Some(Error::Rule(Rule::SuspendedByOperator))));
        }
        assert!(set(&actor(), Standing::Active).await.is_none());
        assert!(set(&by, Standing::Suspended).await.is_none());
        assert!(set(&actor(), Standing::Suspended).await.is_none(), "the operator makes it its own");
        assert!(set(&by, Standing::Active).await.is_some());
        assert!(set(&by, Standing::Revoked).await.is_none(), "to end it is always allowed");
    }
}
