//! A house with one organisation and two APIs.

use std::sync::Arc;

use app::{Actor, App, catalogue, catalogue::Document, organisations, organisations::Founded};
use domain::{ApiName, CustomerType, Environment, ProjectId, ScopeSet, wrapping::MasterKey};
use serde_json::{Value, json};
use store::testkit::{self, Hands, TestDb};

pub struct House {
    pub app: App,
    pub hands: Hands,
    pub founded: Founded,
    pub master: Arc<MasterKey>,
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

pub async fn house(test: &TestDb) -> House {
    let (hands, entropy) = (Hands::new(), testkit::entropy(11));
    let master = Arc::new(MasterKey::parse(&MasterKey::draw(&entropy)).expect("a master key"));
    let app = App::open(test.db.clone(), Arc::clone(&master), hands.clock(), entropy).await.expect("opens");
    catalogue::apply(&app, &actor(), vec![document("labels", "/labels", "LBS"), document("tracking", "/track/{code}", "TPB")], false)
        .await
        .expect("applies");
    let founded = organisations::create(&app, &actor(), "Librería", CustomerType::Customer, "Web").await.expect("founds");
    House { app, hands, founded, master }
}

impl House {
    pub fn project(&self) -> ProjectId {
        self.founded.first.project.id
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

pub fn change(document: &mut Document, pointer: &str, to: Value) {
    *document.content.pointer_mut(pointer).expect("there") = to;
}
