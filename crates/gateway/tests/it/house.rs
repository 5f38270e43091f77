//! A gateway with everything around it.

use std::{collections::HashMap, net::IpAddr, sync::Arc, time::Duration};

use directory::{Directory, Ledger};
use domain::{
    ApiCredentialId, ChildKey, ClientId, CustomerType, Entropy, Environment, GrantId, OrganisationId, ProjectId, ScopeSet, SecretId,
    Timestamp,
    contract::Standing,
    credential::{self, SecretKind},
    request_id::RequestId,
    secret::HashKey,
    signing_key::{self, SigningKey},
    token::{Actor, Claims},
    wrapping::{MasterKey, SECRET_HASH_KEY},
};
use gateway::{Gateway, Service, Settings};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use store::{
    Db, Moment,
    access_requests::{AccessRequest, Status},
    api_credentials::ApiCredentialRow,
    apis::ApiRow,
    clients::{ClientRow, NewSecret},
    customer_keys::CustomerKeyRow,
    grants::GrantRow,
    organisations::Organisation,
    projects::Project,
    signing_keys::SigningKeyRow,
    testkit::{self, Hands, TestDb},
};
use web::Visit;

pub use crate::call::{Answer, Call, call, get, post};
use crate::clerk::Clerk;

pub const SANDBOX: &str = "http://sandbox.test";
pub const PRODUCTION: &str = "http://production.test";

/// An API whose requests go to `upstreams` in the sandbox, with the operations most tests need.
pub fn api(name: &str, upstreams: &[&str]) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": name, "version": "1"},
        "paths": {
            format!("/{name}/things"): {
                "get": {"operationId": "list", "security": [{"oauth": ["READ"]}]},
                "post": {"operationId": "create", "security": [{"oauth": ["WRITE"]}], "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}
            },
            format!("/{name}/things/{{code}}"): {
                "get": {"operationId": "read", "security": [{"oauth": ["READ"]}, {"oauth": ["WRITE", "ADMIN"]}]},
                "put": {"operationId": "replace", "security": [{"oauth": ["WRITE"]}]}
            },
            format!("/{name}/admin"): {"get": {"operationId": "administer", "security": [{"oauth": ["ADMIN"]}]}}
        },
        "components": {
            "securitySchemes": {"oauth": {"type": "oauth2"}},
            "schemas": {"Thing": {
                "type": "object", "required": ["name"],
                "properties": {"name": {"type": "string", "maxLength": 20}, "weight": {"type": "integer", "nullable": true}, "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}}
            }}
        },
        "x-postigo": {
            "name": name,
            "upstreams": {"sandbox": upstreams},
            "timeouts": {"connect_ms": 2000, "response_ms": 5000},
            "plans": [{"name": "unlimited"}, {"name": "narrow", "rate": {"requests": 5, "window_seconds": 10}, "quota": {"requests": 7}}, {"name": "one", "rate": {"requests": 1}}, {"name": "daily", "quota": {"requests": 1}}],
            "max_body_bytes": 65536
        }
    })
}

/// A company with one project and one client.
#[derive(Clone)]
pub struct Member {
    pub organisation: OrganisationId,
    pub project: ProjectId,
    pub client: ClientId,
    pub secret: SecretId,
    /// What its client got granted, one for each API.
    pub grants: Vec<GrantId>,
    pub api_credential: (ApiCredentialId, String),
}

pub struct House {
    pub test: TestDb,
    pub hands: Hands,
    pub entropy: Entropy,
    pub directory: Directory,
    pub gateway: Gateway,
    pub production: Gateway,
    pub shop: Member,
    pub clerk: Arc<Clerk>,
    master: Arc<MasterKey>,
    writer: tokio::task::JoinHandle<()>,
}

/// What the house is made of, before it stands.
pub struct Plan {
    pub apis: Vec<Value>,
    pub sample: u32,
    pub max_stale: Option<Duration>,
}

/// A house whose catalogue is `apis`; its shop has every scope of each.
pub async fn house(apis: Vec<Value>) -> House {
    build(testkit::sqlite().await, Plan { apis, sample: 1, max_stale: None }).await
}

pub async fn build(test: TestDb, plan: Plan) -> House {
    let (hands, entropy) = (Hands::new(), testkit::entropy(7));
    let clock = hands.clock();
    let now = Moment(clock.now());
    let master = Arc::new(MasterKey::parse(&MasterKey::draw(&entropy)).expect("a master key"));
    let mut tx = test.db.begin().await.expect("begins");
    store::vault::put(&mut tx, SECRET_HASH_KEY, &master.wrap(SECRET_HASH_KEY, &[9; 32], &entropy), now).await.expect("vault");
    tx.commit(*now).await.expect("commits");
    for environment in Environment::ALL {
        let key = new_key(&master, &entropy, *environment, &format!("{environment}-1"), now);
        let mut tx = test.db.begin().await.expect("begins");
        store::signing_keys::insert(&mut tx, &key, now).await.expect("inserts");
        tx.commit(*now).await.expect("commits");
    }
    for api in &plan.apis {
        put_api(&test.db, api, now).await;
    }
    let directory = Directory::open(
        test.db.clone(),
        Arc::clone(&master),
        clock.clone(),
        directory::Settings { capacity: 1000, max_stale: plan.max_stale },
    )
    .await
    .expect("opens");
    let (ledger, writer) = Ledger::open(test.db.clone(), clock, Duration::from_secs(86_400));
    let clerk = Arc::new(Clerk::default());
    let gateway = |environment, issuer: &str| {
        let services = HashMap::from([("clerk".to_owned(), Arc::clone(&clerk) as Arc<dyn Service>)]);
        let settings = Settings { environment, issuer: issuer.into(), portal: "http://portal.test".into(), decision_sample: plan.sample };
        Gateway::new(directory.clone(), ledger.clone(), entropy.clone(), services, settings)
    };
    let names: Vec<_> = plan
        .apis
        .iter()
        .map(|api| (api["x-postigo"]["name"].as_str().expect("a name").to_owned(), "unlimited", "READ WRITE ADMIN"))
        .collect();
    let grants: Vec<_> = names.iter().map(|(name, plan, scopes)| (name.as_str(), *plan, *scopes)).collect();
    let shop = add_member(&test.db, &entropy, now, "shop", &grants).await;
    House {
        gateway: gateway(Environment::Sandbox, SANDBOX),
        production: gateway(Environment::Production, PRODUCTION),
        test,
        hands,
        entropy,
        directory,
        shop,
        clerk,
        master,
        writer,
    }
}

fn new_key(master: &MasterKey, entropy: &Entropy, environment: Environment, id: &str, at: Moment) -> SigningKeyRow {
    let pkcs8 = signing_key::draw();
    let key = SigningKey::read(id.into(), environment, *at, None, &pkcs8).expect("a key");
    SigningKeyRow {
        id: id.into(),
        environment,
        algorithm: "ES256".into(),
        public_jwk: key.public_jwk().to_string(),
        wrapped: master.wrap(&signing_key::wrapping_name(&id.into()), &pkcs8, entropy),
        created_at: at,
        activates_at: at,
        retires_at: None,
    }
}

pub async fn put_api(db: &Db, document: &Value, now: Moment) {
    domain::openapi::read(document, &domain::plan::Plans::default()).expect("an API without faults");
    let name = document["x-postigo"]["name"].as_str().expect("a name");
    let mut tx = db.begin().await.expect("begins");
    store::apis::put(&mut tx, &ApiRow { name: name.into(), document: document.to_string(), updated_at: now }).await.expect("puts");
    tx.commit(*now).await.expect("commits");
}

async fn add_member(db: &Db, entropy: &Entropy, now: Moment, name: &str, grants: &[(&str, &str, &str)]) -> Member {
    let environment = Environment::Sandbox;
    let organisation = Organisation {
        id: entropy.uuid(*now).into(),
        name: name.into(),
        customer_type: CustomerType::Integrator,
        status: Standing::Active,
        created_at: now,
    };
    let project =
        Project { id: entropy.uuid(*now).into(), organisation_id: organisation.id, name: name.into(), created_at: now, archived_at: None };
    let client = ClientRow {
        id: credential::client_id(environment, entropy),
        project_id: project.id,
        environment,
        status: Standing::Active,
        grant_types: None,
        token_lifetime: 3600,
        created_at: now,
    };
    let hash_key = HashKey::new(&[9; 32]);
    let secret = SecretKind::Client.mint(environment, entropy);
    let secret_id: SecretId = entropy.uuid(*now).into();
    let mut tx = db.begin().await.expect("begins");
    store::organisations::insert(&mut tx, &organisation).await.expect("organisation");
    store::projects::insert(&mut tx, &project).await.expect("project");
    store::clients::insert(&mut tx, &client).await.expect("client");
    let hash = hash_key.hash(secret.expose());
    let new = NewSecret { id: secret_id, hash: &hash, prefix: secret.prefix(), created_at: now };
    assert!(store::clients::insert_secret(&mut tx, &client.id, &new, 2).await.expect("secret"));
    let mut ids = Vec::new();
    for (api, plan, scopes) in grants {
        let scopes = ScopeSet::parse(scopes).expect("scopes");
        let request = AccessRequest {
            id: entropy.uuid(*now).into(),
            project_id: project.id,
            environment,
            api: (*api).into(),
            scopes: scopes.clone(),
            plan: (*plan).into(),
            reason: "test".into(),
            status: Status::Approved,
            created_at: now,
            decided_at: None,
            decided_by: None,
            decision_reason: None,
        };
        store::access_requests::insert(&mut tx, &request).await.expect("request");
        let grant = GrantRow {
            id: entropy.uuid(*now).into(),
            access_request_id: request.id,
            project_id: project.id,
            environment,
            api: (*api).into(),
            scopes,
            plan: (*plan).into(),
            created_at: now,
            revoked_at: None,
        };
        store::grants::insert(&mut tx, &grant).await.expect("grant");
        ids.push(grant.id);
    }
    let api_secret = SecretKind::Api.mint(environment, entropy);
    let row = ApiCredentialRow {
        id: credential::api_credential_id(environment, entropy),
        project_id: project.id,
        environment,
        prefix: api_secret.prefix(),
        created_at: now,
        revoked_at: None,
    };
    store::api_credentials::insert(&mut tx, &row, &hash_key.hash(api_secret.expose())).await.expect("credential");
    tx.commit(*now).await.expect("commits");
    Member {
        organisation: organisation.id,
        project: project.id,
        client: client.id,
        secret: secret_id,
        grants: ids,
        api_credential: (row.id, api_secret.expose().to_owned()),
    }
}

impl House {
    pub fn now(&self) -> Moment {
        Moment(self.hands.clock().now())
    }

    /// Another company, with these grants: API, plan, scopes.
    pub async fn member(&self, name: &str, grants: &[(&str, &str, &str)]) -> Member {
        let member = add_member(&self.test.db, &self.entropy, self.now(), name, grants).await;
        self.directory.catch_up().await.expect("catches up");
        member
    }

    /// Another signing key of the sandbox.
    pub fn new_key(&self, id: &str, at: Moment) -> SigningKeyRow {
        new_key(&self.master, &self.entropy, Environment::Sandbox, id, at)
    }

    /// A customer key of a member's project.
    pub async fn customer_key(&self, member: &Member) -> ChildKey {
        let secret = SecretKind::Child.mint(Environment::Sandbox, &self.entropy);
        let row = CustomerKeyRow {
            id: credential::child_key(Environment::Sandbox, &self.entropy),
            project_id: member.project,
            environment: Environment::Sandbox,
            account_number: "700257037".into(),
            prefix: secret.prefix(),
            status: Standing::Active,
            bound_to: None,
            created_at: self.now(),
            rotated_at: None,
            previous_prefix: None,
            previous_until: None,
        };
        self.change(async |tx| store::customer_keys::insert(tx, &row, &HashKey::new(&[9; 32]).hash(secret.expose())).await).await;
        row.id
    }

    /// Changes something and waits until the gateway has heard of it.
    pub async fn change<T>(&self, change: impl AsyncFnOnce(&mut store::Tx) -> store::Result<T>) -> T {
        let mut tx = self.test.db.begin().await.expect("begins");
        let changed = change(&mut tx).await.expect("changes");
        tx.commit(*self.now()).await.expect("commits");
        self.directory.catch_up().await.expect("catches up");
        changed
    }

    /// The claims of a token that `member` could get now.
    pub fn claims(&self, member: &Member, scope: &str) -> Claims {
        let now = self.now();
        Claims {
            iss: SANDBOX.into(),
            sub: member.client.as_str().into(),
            aud: SANDBOX.into(),
            client_id: member.client.clone(),
            exp: now.as_second() + 3600,
            iat: now.as_second(),
            jti: self.entropy.uuid(*now),
            scope: ScopeSet::parse(scope).expect("scopes"),
            org: member.organisation,
            env: Environment::Sandbox,
            secret_id: member.secret,
            account: None,
            act: None,
        }
    }

    pub fn with_customer_key(&self, member: &Member, key: &ChildKey, scope: &str) -> Claims {
        Claims {
            sub: key.as_str().into(),
            account: Some("700257037".into()),
            act: Some(Actor { sub: member.client.clone() }),
            ..self.claims(member, scope)
        }
    }

    pub fn sign(&self, claims: &Claims) -> String {
        claims.sign(&self.directory.keys(claims.env).access, *self.now()).expect("a key signs")
    }

    /// A token of `member`.
    pub fn token(&self, member: &Member, scope: &str) -> String {
        self.sign(&self.claims(member, scope))
    }

    pub fn visit(&self) -> Visit {
        let at: Timestamp = *self.now();
        Visit { id: RequestId::new(at, &self.entropy), at, address: IpAddr::from([192, 0, 2, 7]), secure: false }
    }

    /// Sends a request to the sandbox's gateway.
    pub async fn send(&self, call: Call) -> Answer {
        self.send_to(&self.gateway, call, self.visit()).await
    }

    pub async fn send_to(&self, gateway: &Gateway, call: Call, visit: Visit) -> Answer {
        let response = gateway.handle(call.0, visit).await;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        assert_eq!(parts.headers["x-request-id"], visit.id.to_string(), "every answer has the request's id, and it is ours");
        Answer { status: parts.status, headers: parts.headers, body, id: visit.id }
    }

    /// Ends the gateways and waits until every decision is written.
    pub async fn close(self) -> TestDb {
        drop((self.gateway, self.production));
        self.writer.await.expect("joins");
        self.test
    }
}
