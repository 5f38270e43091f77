use app::{Actor, Error, clients, secrets, view};
use domain::{
    ApiName, ClientId,
    Environment::{Production, Sandbox},
    OrganisationId, ProjectId,
    decision::{Caller, Decision, Outcome},
    request_id::RequestId,
    role::Role,
    rotation::{Overlap, Verdict},
};
use store::Moment;
use uuid::Uuid;

use crate::house::{House, actor, house};

/// A decision on a request of this caller, or of nobody.
pub async fn decided(house: &House, caller: Option<(OrganisationId, ProjectId, ClientId)>) -> Uuid {
    let decision = Decision {
        id: RequestId::new(house.app.now(), &house.entropy),
        at: house.app.now(),
        environment: Sandbox,
        method: "GET".into(),
        path: "/labels".into(),
        api: Some(ApiName::from("labels")),
        operation: None,
        caller: caller.map(|(organisation, project, client)| Caller { organisation, project, client, customer_key: None }),
        address: [192, 0, 2, 1].into(),
        micros: 1,
        outcome: Outcome::Passed(200),
    };
    let mut tx = house.app.db().begin().await.expect("begins");
    store::decisions::insert(&mut tx, &decision).await.expect("keeps");
    tx.commit(house.app.now()).await.expect("commits");
    decision.id.0
}

async fn used(house: &House, id: domain::SecretId) {
    let mut tx = house.app.db().begin().await.expect("begins");
    store::testkit::note_use(&mut tx, id, Moment(house.app.now()), Some("curl")).await.expect("notes");
    tx.commit(house.app.now()).await.expect("commits");
}

store::on_both_engines! {
    async fn a_viewer_sees_the_whole_organisation_and_the_whole_project(test: TestDb) {
        let house = house(&test).await;
        let by = Actor::Account(house.member("vera@shop.example", Role::Viewer).await);
        app::invitations::invite(&house.app, &actor(), house.organisation(), "new@shop.example", Role::Viewer).await.expect("invites");
        app::access::request(&house.app, &actor(), house.wish(Sandbox, "labels", None)).await.expect("asks");
        app::contracts::link(&house.app, &actor(), house.organisation(), "54000001", "80000001", "LCE1").await.expect("links");
        let page = view::organisation(&house.app, &by, house.organisation()).await.expect("sees");
        assert_eq!((page.role, page.members.len(), page.invitations.len(), page.contracts.len(), page.projects.len()), (Some(Role::Viewer), 1, 1, 1, 1));
        let page = view::project(&house.app, &by, house.project()).await.expect("sees");
        assert_eq!((page.clients.len(), page.api_credentials.len(), page.access_requests.len(), page.grants.len()), (1, 1, 1, 1));
        assert_eq!(page.production, view::Production { contract: false, policies: false });
        let json = serde_json::to_string(&page).expect("serialises");
        assert!(!json.contains(house.founded.first.client.secret.secret.expose()) && !json.contains("hash"), "{json}");
    }

    async fn a_secret_is_safe_to_retire_once_the_switch_was_seen(test: TestDb) {
        let house = house(&test).await;
        let client = house.founded.first.client.client.id.clone();
        let old = house.founded.first.client.secret.record.id;
        let verdicts = async || {
            let page = view::project(&house.app, &actor(), house.project()).await.expect("sees");
            page.clients[0].secrets.iter().map(|secret| secret.verdict).collect::<Vec<_>>()
        };
        used(&house, old).await;
        assert_eq!(verdicts().await, [Verdict::Only]);
        let new = secrets::create(&house.app, &actor(), &client, None).await.expect("issues").record.id;
        assert_eq!(verdicts().await, [Verdict::InUse, Verdict::Unused]);
        house.hands.advance(27 * 3600);
        assert_eq!(verdicts().await, [Verdict::Unproven, Verdict::Unused]);
        used(&house, new).await;
        assert_eq!(verdicts().await, [Verdict::Safe, Verdict::InUse]);
        secrets::retire(&house.app, &actor(), old, 0).await.expect("retires");
        assert_eq!(verdicts().await, [Verdict::Ended, Verdict::Only]);
    }

    async fn a_replaced_client_says_when_it_is_over(test: TestDb) {
        let house = house(&test).await;
        let old = house.founded.first.client.client.id.clone();
        clients::set_rules(&house.app, &actor(), &old, None, 600).await.expect("sets");
        let new = clients::replace(&house.app, &actor(), &old, Overlap::Week).await.expect("replaces").client;
        assert_eq!((new.token_lifetime, new.environment, new.project_id), (600, Sandbox, house.project()));
        let page = view::project(&house.app, &actor(), house.project()).await.expect("sees");
        let ends = |id: &ClientId| page.clients.iter().find(|client| client.client.id == *id).expect("there").retires_at;
        assert_eq!(ends(&old).map(|at| at.as_second()), Some(house.app.now().as_second() + 7 * 86_400));
        assert_eq!(ends(&new.id), None);
        let record = store::clients::record(house.app.db(), Sandbox, &old, Moment(house.app.now())).await.expect("reads").expect("there");
        let later = house.app.now() + jiff::SignedDuration::from_hours(7 * 24);
        let hash = record.secrets[0].hash.clone();
        assert!(record.secret(&hash, house.app.now()).is_some() && record.secret(&hash, later).is_none(), "it opens until the overlap is over");

        clients::set_status(&house.app, &actor(), &old, domain::contract::Standing::Suspended).await.expect("suspends");
        assert!(matches!(clients::replace(&house.app, &actor(), &old, Overlap::Now).await, Err(Error::Refused(_))), "no way round a suspension");
    }

    async fn decisions_are_those_of_the_project_newest_first(test: TestDb) {
        let house = house(&test).await;
        let caller = || Some((house.organisation(), house.project(), house.founded.first.client.client.id.clone()));
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(decided(&house, caller()).await.to_string());
            house.hands.advance(1);
        }
        decided(&house, None).await;
        let kept = view::decisions(&house.app, &actor(), house.project(), 2).await.expect("sees");
        assert_eq!(kept.iter().map(|kept| kept.id.as_str()).collect::<Vec<_>>(), [ids[2].as_str(), ids[1].as_str()]);
        for odd in [0, -1, i64::MAX] {
            view::decisions(&house.app, &actor(), house.project(), odd).await.expect("a limit outside is brought inside");
        }
    }

    async fn production_comes_last_on_the_page(test: TestDb) {
        let house = house(&test).await;
        let contract = app::contracts::link(&house.app, &actor(), house.organisation(), "54000001", "80000001", "LCE1").await.expect("links");
        app::contracts::set_status(&house.app, &actor(), contract.id, domain::contract::ContractStatus::Active, None).await.expect("activates");
        clients::create(&house.app, &actor(), house.project(), Production).await.expect("creates");
        let page = view::project(&house.app, &actor(), house.project()).await.expect("sees");
        assert_eq!(page.clients.iter().map(|client| client.client.environment).collect::<Vec<_>>(), [Sandbox, Production]);
    }
}
