//! A house with one organisation and two APIs.

use std::sync::Arc;

use app::{Actor, App, catalogue, catalogue::Document, organisations, organisations::Founded};
use domain::{
    AccountId, ApiName, CustomerType, Entropy, Environment, OrganisationId, ProjectId, ScopeSet,
    plan::{HousePlan, Rate, Title},
    role::{Role, Staff},
    secret::HashKey,
    wrapping::{MasterKey, SECRET_HASH_KEY},
};
use serde_json::{Value, json};
use store::{
    Moment,
    testkit::{self, Hands, TestDb},
};

pub struct House {
    pub app: App,
    pub hands: Hands,
    pub founded: Founded,
    pub master: Arc<MasterKey>,
    /// Apart from the program's own.
    pub entropy: Entropy,
}

pub fn actor() -> Actor {
    Actor::Operator("ana".into())
}

pub fn document(name: &str, path: &str, scope: &str) -> Document {
    let content = json!({
        "openapi": "3.1.0",
        "info": {"title": name, "version": "1"},
        "paths": {path: {"get": {"security": [{"oauth": [scope]}]}, "post": {"security": [{"oauth": [format!("{scope}W")]}]}}},
        "components": {"securitySchemes": {"oauth": {"type": "oauth2"}}},
        "x-postigo": {"name": name, "upstreams": {"sandbox": ["service:paloma"], "production": ["service:paloma"]}, "api_credential": "required",
            "plans": [{"name": "standard"}, {"name": "starter", "quota": {"requests": 10}}]}
    });
    Document { file: format!("{name}.yaml"), content }
}

/// A plan of the house with so many requests in ten seconds.
pub fn plan(name: &str, requests: u32) -> HousePlan {
    HousePlan {
        name: name.into(),
        title: Title { es: format!("Plan {name}"), en: format!("{name} plan") },
        rate: Some(Rate { requests, window_seconds: 10 }),
        quota: None,
    }
}

pub async fn house(test: &TestDb) -> House {
    let (hands, entropy) = (Hands::new(), testkit::entropy(11));
    let master = Arc::new(MasterKey::parse(&MasterKey::draw(&entropy)).expect("a master key"));
    let app = App::open(test.db.clone(), Arc::clone(&master), hands.clock(), entropy).await.expect("opens");
    catalogue::apply(&app, &actor(), vec![document("labels", "/labels", "LBS"), document("tracking", "/track/{code}", "TPB")], false)
        .await
        .expect("applies");
    let founded = organisations::create(&app, &actor(), "Librería", CustomerType::Customer, "Web").await.expect("founds");
    House { app, hands, founded, master, entropy: testkit::entropy(77) }
}

impl House {
    pub fn project(&self) -> ProjectId {
        self.founded.first.project.id
    }

    pub fn organisation(&self) -> OrganisationId {
        self.founded.organisation.id
    }

    /// The key under which the program hashes secrets.
    pub async fn hashes(&self) -> HashKey {
        let wrapped = store::vault::get(self.app.db(), SECRET_HASH_KEY).await.expect("reads").expect("there");
        let key = self.master.unwrap("the key", SECRET_HASH_KEY, &wrapped).expect("opens");
        HashKey::new(key.as_slice().try_into().expect("32 bytes"))
    }

    /// A verified account with this address.
    pub async fn account(&self, email: &str) -> AccountId {
        let id = account_id(email);
        testkit::account(self.app.db(), id, email, true, None).await;
        id
    }

    /// Somebody of the operator's staff.
    pub async fn staff(&self, role: Staff) -> Actor {
        let email = format!("{role}@carrier.example");
        let id = account_id(&email);
        testkit::account(self.app.db(), id, &email, true, Some(role)).await;
        Actor::Account(id)
    }

    /// A new member of the organisation.
    pub async fn member(&self, email: &str, role: Role) -> AccountId {
        let id = self.account(email).await;
        self.enlist(self.organisation(), &[(id, role)]).await;
        id
    }

    pub async fn enlist(&self, organisation: OrganisationId, members: &[(AccountId, Role)]) {
        let mut tx = self.app.db().begin().await.expect("begins");
        for (account, role) in members {
            store::memberships::insert(&mut tx, organisation, *account, *role, Moment(self.app.now())).await.expect("a member");
        }
        tx.commit(self.app.now()).await.expect("commits");
    }

    pub fn wish(&self, environment: Environment, api: &str, scopes: Option<&str>) -> app::access::Wish {
        app::access::Wish {
            project: self.project(),
            environment,
            api: ApiName::from(api),
            scopes: scopes.map(|scopes| ScopeSet::parse(scopes).expect("scopes")),
            plan: None,
            reason: "because".into(),
        }
    }

    /// What the project may do, as the hot path would read it.
    pub async fn granted(&self, environment: Environment) -> String {
        let grants = store::grants::live(self.app.db(), self.project(), environment).await.expect("reads");
        grants.iter().flat_map(|grant| grant.scopes.iter().cloned()).collect::<ScopeSet>().to_string()
    }
}

/// The same address has the same id in every test.
fn account_id(email: &str) -> AccountId {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&domain::digest::sha256(email.as_bytes())[..16]);
    AccountId(uuid::Uuid::from_bytes(bytes))
}

pub fn change(document: &mut Document, pointer: &str, to: Value) {
    *document.content.pointer_mut(pointer).expect("there") = to;
}
