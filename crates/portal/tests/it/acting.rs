//! Who acts for an organisation, on its own pages; and that the platform and the operator read who stopped what.

use app::{Actor, contracts, customer_keys, organisations, organisations::Founded};
use domain::{
    ChildKey, CustomerType,
    Environment::Production,
    contract::{ContractStatus, Standing},
    role::{Role, Staff},
};
use http::StatusCode;
use store::testkit::{self, TestDb};

use crate::desk::{Browser, Desk};

const ACCOUNT: &str = "80000001";

struct Stage {
    _test: TestDb,
    desk: Desk,
    holder: Founded,
    platform: Founded,
    key: ChildKey,
}

async fn stage() -> Stage {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    let (holder, platform) = (desk.founded("Librería").await, desk.founded("Envíos Unidos").await);
    let (app, system) = (&desk.app, &Actor::System);
    organisations::set_customer_type(app, system, platform.organisation.id, CustomerType::Integrator).await.expect("sets");
    let contract = contracts::link(app, system, holder.organisation.id, "54000001", ACCOUNT, "LCE1").await.expect("links").id;
    contracts::set_status(app, system, contract, ContractStatus::Active, None).await.expect("activates");
    let key = customer_keys::create(app, system, platform.first.project.id, Production, ACCOUNT).await.expect("issues").record.id;
    Stage { _test: test, desk, holder, platform, key }
}

impl Stage {
    fn path(&self) -> String {
        format!("/organisations/{}/acting", self.holder.organisation.id)
    }

    async fn holder(&self, role: Role) -> Browser {
        self.desk.member(self.holder.organisation.id, &format!("{role}@shop.example"), role).await
    }

    async fn standing(&self, key: &ChildKey) -> Standing {
        customer_keys::find(&self.desk.app, &Actor::System, key).await.expect("there").status
    }
}

#[tokio::test]
async fn an_admin_sees_who_acts_and_stops_one_key_with_a_reason_that_the_platform_reads() {
    let stage = stage().await;
    let mut ada = stage.holder(Role::Admin).await;
    let home = ada.get(&format!("/organisations/{}", stage.holder.organisation.id)).await.page;
    assert!(home.matches(&format!("href=\"{}\"", stage.path())).count() >= 2, "in the rail and on the page: {home}");
    let list = ada.get(&stage.path()).await.page;
    for shown in ["Envíos Unidos", "Web", ACCOUNT, "issued by the operator", "never"] {
        assert!(list.contains(shown), "{shown}: {list}");
    }
    let client = stage.platform.first.client.client.id.as_str();
    let project = stage.platform.first.project.id.to_string();
    assert!(!list.contains(client) && !list.contains(&project), "nothing else of the platform: {list}");
    let stop = format!("{}/{}/stop", stage.path(), stage.key);
    assert!(list.contains(&stop));
    let asks = ada.get(&stop).await.page;
    assert!(asks.contains("for good") && asks.contains(&format!("action=\"{stop}\"")) && !asks.contains("stop-all"), "{asks}");
    let wrong = ada.post(&stop, &[("reason", &"x".repeat(2001))]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.page.contains("2000 characters"), "{}", wrong.page);
    assert_eq!(stage.standing(&stage.key).await, Standing::Active);
    let mut dora = stage.desk.member(stage.platform.organisation.id, "dora@platform.example", Role::Developer).await;
    let done = ada.post(&stop, &[("reason", "we ship <ourselves>")]).await;
    assert_eq!(done.location(), format!("{}?done=acting-stopped", stage.path()));
    assert_eq!(stage.standing(&stage.key).await, Standing::Revoked);
    let list = ada.get(&stage.path()).await.page;
    assert!(list.contains("you stopped it on") && list.contains("we ship &#60;ourselves&#62;") && !list.contains(&stop), "{list}");
    assert_eq!(ada.post(&stop, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "it is stopped already");
    assert_eq!(ada.get(&stop).await.location(), stage.path());

    let theirs = format!("/projects/{project}/customer-keys");
    let (list, page) = (dora.get(&theirs).await.page, dora.get(&format!("{theirs}/{}", stage.key)).await.page);
    assert!(list.contains("by the customer") && page.contains("The customer stopped it") && page.contains("we ship"), "{page}");
    assert!(!page.contains("Librería") && !page.contains("/resume"), "{page}");
    assert_eq!(dora.post(&format!("{theirs}/{}/resume", stage.key), &[]).await.status, StatusCode::CONFLICT);
    let mut boss = stage.desk.signed_in("boss@carrier.example", Some(Staff::Administrator)).await;
    let page = boss.get(&format!("/console{theirs}/{}", stage.key)).await.page;
    assert!(page.contains("Librería") && page.contains("we ship"), "{page}");
    let mailed = app::mail::mailbox(&stage.desk.app, 20).await.expect("reads");
    assert!(
        mailed
            .iter()
            .any(|posted| posted.mail.kind == "customer_keys_stopped" && posted.mail.recipient.as_str() == "dora@platform.example")
    );
}

#[tokio::test]
async fn all_keys_of_a_project_stop_from_the_page_of_one() {
    let stage = stage().await;
    let another = customer_keys::create(&stage.desk.app, &Actor::System, stage.platform.first.project.id, Production, "54000001").await;
    let another = another.expect("issues").record.id;
    let mut olga = stage.holder(Role::Owner).await;
    olga.language = "es";
    let all = format!("{}/{}/stop-all", stage.path(), stage.key);
    assert!(olga.get(&format!("{}/{}/stop", stage.path(), stage.key)).await.page.contains(&all));
    let asks = olga.get(&all).await.page;
    assert!(asks.contains("Claves que se paran</dt><dd>2<") && asks.contains("Parar todas para siempre"), "{asks}");
    assert_eq!(olga.post(&all, &[("reason", "")]).await.location(), format!("{}?done=all-stopped", stage.path()));
    assert_eq!((stage.standing(&stage.key).await, stage.standing(&another).await), (Standing::Revoked, Standing::Revoked));
}

#[tokio::test]
async fn viewers_look_and_strangers_find_nothing() {
    let stage = stage().await;
    let mut vera = stage.holder(Role::Viewer).await;
    let list = vera.get(&stage.path()).await.page;
    assert!(list.contains("Envíos Unidos") && !list.contains("/stop\""), "{list}");
    for verb in ["stop", "stop-all"] {
        let path = format!("{}/{}/{verb}", stage.path(), stage.key);
        assert_eq!((vera.get(&path).await.status, vera.post(&path, &[]).await.status), (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN));
    }
    // The platform's owner, who knows the key, stops nothing by way of an organisation of their own.
    let platform = stage.platform.organisation.id;
    let mut pau = stage.desk.member(platform, "pau@platform.example", Role::Owner).await;
    assert_eq!(pau.get(&stage.path()).await.status, StatusCode::NOT_FOUND);
    for verb in ["stop", "stop-all"] {
        let path = format!("/organisations/{platform}/acting/{}/{verb}", stage.key);
        assert_eq!((pau.get(&path).await.status, pau.post(&path, &[]).await.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    }
    let empty = pau.get(&format!("/organisations/{platform}/acting")).await.page;
    assert!(empty.contains("there is none at this moment") && !empty.contains(ACCOUNT), "{empty}");
    assert!(!pau.get(&format!("/organisations/{platform}")).await.page.contains("/acting"), "no contract, nothing to see");
    assert_eq!(stage.standing(&stage.key).await, Standing::Active);
}

#[tokio::test]
async fn many_keys_are_paged_and_filtered() {
    let stage = stage().await;
    for _ in 0..26 {
        stage.desk.hands.advance(1);
        customer_keys::create(&stage.desk.app, &Actor::System, stage.platform.first.project.id, Production, "54000001")
            .await
            .expect("issues");
    }
    let mut olga = stage.holder(Role::Owner).await;
    let first = olga.get(&format!("{}?account=", stage.path())).await.page;
    assert!(first.matches("/stop\"").count() == 25 && !first.contains(stage.key.as_str()), "{first}");
    let next = first.split(&format!("{}?", stage.path())).find(|rest| rest.contains("after=")).and_then(|rest| rest.split('"').next());
    let next = next.expect("a next page").replace("&#38;", "&");
    let second = olga.get(&format!("{}?{next}", stage.path())).await.page;
    assert!(second.matches("/stop\"").count() == 2 && second.contains(stage.key.as_str()), "{second}");
    let one = olga.get(&format!("{}?account={ACCOUNT}", stage.path())).await.page;
    assert!(one.matches("/stop\"").count() == 1 && one.contains(stage.key.as_str()), "{one}");
    assert!(olga.get(&format!("{}?status=suspended", stage.path())).await.page.contains("No key fits that"));
}

#[tokio::test]
async fn an_admin_reads_that_the_policies_changed_and_agrees_again_to_what_others_do() {
    let stage = stage().await;
    let app = &stage.desk.app;
    let consent = store::consents::Consent {
        id: uuid::Uuid::from_u128(1).into(),
        project_id: stage.platform.first.project.id,
        environment: Production,
        account_number: ACCOUNT.into(),
        client_id: "pro_ci_1".into(),
        method: "pin".into(),
        agreement: "2025-01".into(),
        address: "192.0.2.7".into(),
        created_at: store::Moment(app.now()),
    };
    let mut tx = app.db().begin().await.expect("begins");
    store::consents::insert(&mut tx, &consent).await.expect("writes");
    store::consents::bears(&mut tx, consent.id, &stage.key).await.expect("writes");
    tx.commit(app.now()).await.expect("commits");
    let (mut ada, mut vera) = (stage.holder(Role::Admin).await, stage.holder(Role::Viewer).await);
    let mut dora = stage.desk.member(stage.platform.organisation.id, "dora@platform.example", Role::Developer).await;
    let theirs = format!("/projects/{}/customer-keys/{}", stage.platform.first.project.id, stage.key);
    let asked = dora.get(&theirs).await.page;
    assert!(asked.contains("version 2025-01 of the policies, by a PIN (another is in force; it is asked: "), "{asked}");
    let agree = format!("{}/agree", stage.path());
    let seen = vera.get(&stage.path()).await.page;
    assert!(seen.contains("id=\"anew\"") && !seen.contains(&agree), "a viewer reads it and has no button: {seen}");
    assert_eq!(vera.post(&agree, &[("version", app::policies::FIRST)]).await.status, StatusCode::FORBIDDEN);
    let list = ada.get(&stage.path()).await.page;
    assert!(
        list.contains(&format!("action=\"{agree}\"")) && list.contains(&format!("/policies?version={}#acting", app::policies::FIRST)),
        "{list}"
    );
    assert_eq!(ada.post(&agree, &[("version", "2025-01")]).await.status, StatusCode::CONFLICT, "it is not the one in force");
    assert_eq!(ada.post(&agree, &[("version", app::policies::FIRST)]).await.location(), format!("{}?done=agreed-anew", stage.path()));
    let list = ada.get(&stage.path()).await.page;
    assert!(!list.contains("id=\"anew\"") && list.contains(&format!("terms {}", app::policies::FIRST)), "{list}");
    assert!(!dora.get(&theirs).await.page.contains("another is in force"));
}
