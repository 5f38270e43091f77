//! A house to ask: organisations of every kind, with clients, secrets, grants and customer keys.

use std::{sync::Arc, time::Duration};

use app::App;
use authority::{Authority, Settings};
use directory::{Directory, Ledger};
use domain::{
    AccessRequestId, ApiName, ChildKey, ClientId, CustomerType, Entropy, Environment, GrantId, OrganisationId, ProjectId, ScopeSet,
    SecretId,
    contract::Standing,
    credential::{self, SecretKind},
    wrapping::MasterKey,
};
use serde_json::{Value, json};
use store::{
    Db, Moment, Tx,
    access_requests::{AccessRequest, Status},
    apis::ApiRow,
    clients::{ClientRow, NewSecret},
    customer_keys::CustomerKeyRow,
    grants::GrantRow,
    organisations::Organisation,
    projects::Project,
    testkit::{Hands, TestDb, entropy},
};

pub const SANDBOX: &str = "http://127.0.0.1:8081";
pub const PRODUCTION: &str = "http://127.0.0.1:8082";
pub const PORTAL: &str = "http://127.0.0.1:8080";

/// Every part of an installation that the authorization server stands on.
pub struct House {
    pub hands: Hands,
    pub db: Db,
    pub app: App,
    pub directory: Directory,
    pub ledger: Ledger,
    pub entropy: Entropy,
    pub sandbox: Authority,
    pub production: Authority,
    _test: TestDb,
}

/// An organisation with one project, and its client in one environment.
pub struct Member {
    pub organisation: OrganisationId,
    pub project: ProjectId,
    pub environment: Environment,
    pub id: ClientId,
    pub secret: String,
    pub secret_id: SecretId,
}

/// A customer key with its secret.
pub struct Key {
    pub id: ChildKey,
    pub secret: String,
}

impl House {
    pub async fn open(test: TestDb) -> Self {
        Self::open_with(test, directory::Settings::default()).await
    }

    pub async fn open_with(test: TestDb, settings: directory::Settings) -> Self {
        let (hands, entropy, db) = (Hands::new(), entropy(7), test.db.clone());
        let master = Arc::new(MasterKey::parse(&MasterKey::draw(&entropy)).expect("a master key"));
        let app = App::open(db.clone(), Arc::clone(&master), hands.clock(), entropy.clone()).await.expect("opens");
        let mut tx = db.begin().await.expect("begins");
        for (name, scopes, path) in [
            ("preregister", "AP3", "/admissions/preregister/api/v1/delivery"),
            ("labels", "LBS", "/support/labels/api/v1/labels/print"),
            ("requests", "RCG", "/logistics/requests/api/v1/requests/{codRequest}"),
            ("fedex-track", "CXS", "/track/v1/trackingnumbers"),
            ("registration", "CXS-REG", "/registration/v2/address/keysgeneration"),
        ] {
            let document = document(name, scopes, path).to_string();
            let row = ApiRow { name: name.into(), document, updated_at: Moment(hands.clock().now()) };
            store::apis::put(&mut tx, &row).await.expect("puts");
        }
        tx.commit(hands.clock().now()).await.expect("commits");

        let directory = Directory::open(db.clone(), master, hands.clock(), settings).await.expect("opens");
        let (ledger, _) = Ledger::open(db.clone(), hands.clock(), Duration::from_secs(3600));
        let authority = |environment, issuer: &str| {
            let settings = Settings { environment, issuer: issuer.into(), portal: PORTAL.into() };
            Authority::new(directory.clone(), ledger.clone(), app.clone(), entropy.clone(), settings)
        };
        let sandbox = authority(Environment::Sandbox, SANDBOX);
        let production = authority(Environment::Production, PRODUCTION);
        Self { hands, db, app, directory, ledger, entropy, sandbox, production, _test: test }
    }

    pub fn of(&self, environment: Environment) -> &Authority {
        match environment {
            Environment::Sandbox => &self.sandbox,
            Environment::Production => &self.production,
        }
    }

    pub fn now(&self) -> Moment {
        Moment(self.hands.clock().now())
    }

    /// Commits, and waits until the directory has heard of it.
    pub async fn commit(&self, tx: Tx) {
        tx.commit(self.now().0).await.expect("commits");
        tokio::time::timeout(Duration::from_secs(5), self.directory.catch_up()).await.expect("hears in time").expect("hears");
    }

    fn uuid(&self) -> uuid::Uuid {
        self.entropy.uuid(self.now().0)
    }

    /// An organisation whose sandbox client holds `grants`: the names of APIs with scopes.
    pub async fn member(&self, customer_type: CustomerType, grants: &[(&str, &str)]) -> Member {
        self.member_in(Environment::Sandbox, customer_type, grants).await
    }

    pub async fn member_in(&self, environment: Environment, customer_type: CustomerType, grants: &[(&str, &str)]) -> Member {
        let id = credential::client_id(environment, &self.entropy);
        let secret = SecretKind::Client.mint(environment, &self.entropy).expose().to_owned();
        self.member_as(environment, customer_type, grants, id, &secret).await
    }

    /// The same with an id and a secret from elsewhere, as an import brings them.
    pub async fn member_as(
        &self,
        environment: Environment,
        customer_type: CustomerType,
        grants: &[(&str, &str)],
        id: ClientId,
        secret: &str,
    ) -> Member {
        let organisation = OrganisationId(self.uuid());
        let project = ProjectId(self.uuid());
        let mut tx = self.db.begin().await.expect("begins");
        let row = Organisation {
            id: organisation,
            name: organisation.to_string(),
            customer_type,
            status: Standing::Active,
            created_at: self.now(),
        };
        store::organisations::insert(&mut tx, &row).await.expect("an organisation");
        let row = Project { id: project, organisation_id: organisation, name: "Shop".into(), created_at: self.now(), archived_at: None };
        store::projects::insert(&mut tx, &row).await.expect("a project");
        let row = ClientRow {
            id: id.clone(),
            project_id: project,
            environment,
            status: Standing::Active,
            grant_types: None,
            token_lifetime: 3600,
            created_at: self.now(),
        };
        store::clients::insert(&mut tx, &row).await.expect("a client");
        self.commit(tx).await;
        let secret_id = self.add_secret(&id, secret).await;
        let member = Member { organisation, project, environment, id, secret: secret.to_owned(), secret_id };
        for (api, scopes) in grants {
            self.grant(&member, api, scopes).await;
        }
        member
    }

    pub async fn add_secret(&self, client: &ClientId, secret: &str) -> SecretId {
        let id = SecretId(self.uuid());
        let hash = self.directory.hash_key().hash(secret);
        let mut tx = self.db.begin().await.expect("begins");
        let row = NewSecret { id, hash: &hash, prefix: secret.chars().take(12).collect(), created_at: self.now() };
        assert!(store::clients::insert_secret(&mut tx, client, &row, 2).await.expect("a secret"));
        self.commit(tx).await;
        id
    }

    pub async fn grant(&self, member: &Member, api: &str, scopes: &str) -> GrantRow {
        let (request, id) = (AccessRequestId(self.uuid()), GrantId(self.uuid()));
        let (api, scopes) = (ApiName::from(api), ScopeSet::parse(scopes).expect("scopes"));
        let mut tx = self.db.begin().await.expect("begins");
        let row = AccessRequest {
            id: request,
            project_id: member.project,
            environment: member.environment,
            api: api.clone(),
            scopes: scopes.clone(),
            plan: "unlimited".into(),
            reason: "to ship".into(),
            status: Status::Approved,
            created_at: self.now(),
            decided_at: None,
            decided_by: None,
            decision_reason: None,
        };
        store::access_requests::insert(&mut tx, &row).await.expect("an access request");
        let row = GrantRow {
            id,
            access_request_id: request,
            project_id: member.project,
            environment: member.environment,
            api,
            scopes,
            plan: "unlimited".into(),
            created_at: self.now(),
            revoked_at: None,
        };
        store::grants::insert(&mut tx, &row).await.expect("a grant");
        self.commit(tx).await;
        row
    }

    pub async fn customer_key(&self, member: &Member, account_number: &str) -> Key {
        let id = credential::child_key(member.environment, &self.entropy);
        let secret = SecretKind::Child.mint(member.environment, &self.entropy);
        let row = CustomerKeyRow {
            id: id.clone(),
            project_id: member.project,
            environment: member.environment,
            account_number: account_number.into(),
            prefix: secret.prefix(),
            status: Standing::Active,
            bound_to: None,
            created_at: self.now(),
            rotated_at: None,
            previous_prefix: None,
            previous_until: None,
        };
        let mut tx = self.db.begin().await.expect("begins");
        store::customer_keys::insert(&mut tx, &row, &self.directory.hash_key().hash(secret.expose())).await.expect("a customer key");
        self.commit(tx).await;
        Key { id, secret: secret.expose().to_owned() }
    }

    /// A customer with the three scopes of the Correos guide.
    pub async fn shop(&self) -> Member {
        self.member(CustomerType::Customer, &[("preregister", "AP3"), ("labels", "LBS"), ("requests", "RCG")]).await
    }

    /// An integrator with one customer key.
    pub async fn platform(&self) -> (Member, Key) {
        let member = self.member(CustomerType::Integrator, &[("fedex-track", "CXS"), ("registration", "CXS-REG")]).await;
        let key = self.customer_key(&member, "740561073").await;
        (member, key)
    }

    /// A proprietary parent with one customer key.
    pub async fn parent(&self) -> (Member, Key) {
        let member = self.member(CustomerType::ProprietaryParent, &[("fedex-track", "CXS")]).await;
        let key = self.customer_key(&member, "700257037").await;
        (member, key)
    }

    pub async fn set_client(&self, id: &ClientId, status: Standing) {
        let mut tx = self.db.begin().await.expect("begins");
        assert!(store::clients::set_status(&mut tx, id, status).await.expect("sets"));
        self.commit(tx).await;
    }

    pub async fn set_key(&self, id: &ChildKey, status: Standing) {
        let mut tx = self.db.begin().await.expect("begins");
        assert!(store::customer_keys::set_status(&mut tx, id, status).await.expect("sets"));
        self.commit(tx).await;
    }

    /// Gives a customer key another secret; the one before opens for so many seconds more.
    pub async fn rotate_key(&self, key: &Key, overlap: i64) -> Key {
        let secret = SecretKind::Child.mint(Environment::Sandbox, &self.entropy);
        let until = (overlap > 0).then(|| Moment(self.now().0 + Duration::from_secs(overlap.unsigned_abs())));
        let hash = self.directory.hash_key().hash(secret.expose());
        let mut tx = self.db.begin().await.expect("begins");
        let rotation = store::customer_keys::Rotation { hash: &hash, prefix: &secret.prefix(), at: self.now(), previous_until: until };
        assert!(store::customer_keys::rotate(&mut tx, &key.id, &rotation).await.expect("rotates"));
        self.commit(tx).await;
        Key { id: key.id.clone(), secret: secret.expose().to_owned() }
    }

    pub async fn set_organisation(&self, id: OrganisationId, status: Standing) {
        let known = store::organisations::find(&self.db, id).await.expect("reads").expect("there");
        let turn = store::organisations::Turn { from: known.status, to: status, reason: None, by: "test", at: known.created_at };
        let mut tx = self.db.begin().await.expect("begins");
        assert!(store::organisations::turn(&mut tx, id, turn).await.expect("turns"));
        self.commit(tx).await;
    }

    pub async fn narrow(&self, id: &ClientId, grant_types: Option<&str>, token_lifetime: u32) {
        let mut tx = self.db.begin().await.expect("begins");
        assert!(store::clients::set_rules(&mut tx, id, grant_types, token_lifetime).await.expect("sets"));
        self.commit(tx).await;
    }

    pub async fn revoke_grant(&self, grant: &GrantRow) {
        let mut tx = self.db.begin().await.expect("begins");
        assert!(store::grants::revoke(&mut tx, grant, self.now()).await.expect("revokes"));
        self.commit(tx).await;
    }

    pub async fn revoke_secret(&self, id: SecretId) {
        let row = store::clients::secret(&self.db, id).await.expect("reads").expect("is there");
        let mut tx = self.db.begin().await.expect("begins");
        assert!(store::clients::revoke_secret(&mut tx, &row, self.now()).await.expect("revokes"));
        self.commit(tx).await;
    }

    pub async fn retire_secret(&self, id: SecretId, in_seconds: i64) {
        let row = store::clients::secret(&self.db, id).await.expect("reads").expect("is there");
        let at = Moment(self.now().0 + Duration::from_secs(in_seconds.unsigned_abs()));
        let mut tx = self.db.begin().await.expect("begins");
        assert!(store::clients::retire_secret(&mut tx, &row, at).await.expect("retires"));
        self.commit(tx).await;
    }
}

fn document(name: &str, scopes: &str, path: &str) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": name, "version": "1"},
        "paths": {path: {"post": {"security": [{"oauth": [scopes]}]}}},
        "components": {"securitySchemes": {"oauth": {"type": "oauth2"}}},
        "x-postigo": {"name": name, "upstreams": {"sandbox": ["service:paloma"], "production": if name == "labels" { json!([]) } else { json!(["https://api.example"]) }}}
    })
}
