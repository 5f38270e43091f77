//! The operator's office: a portal whose management API is guarded by a real gateway, and a client of production with every scope.

use std::{collections::HashMap, net::IpAddr, sync::Arc, time::Duration};

use app::{Actor, App, access, access::Wish, catalogue, catalogue::Document, clients, contracts, organisations};
use authority::Authority;
use directory::{Directory, Ledger};
use domain::{
    ClientId, CustomerType, Environment, OrganisationId, ProjectId, ScopeSet, contract::ContractStatus, request_id::RequestId,
    wrapping::MasterKey,
};
use gateway::Gateway;
use http::{HeaderMap, StatusCode, request::Parts};
use portal::{
    Portal,
    management::{Admitted, Declined, Gate, Guard, Judging},
    upstreams::Line,
};
use serde_json::{Value, json};
use store::{
    Db,
    testkit::{self, Hands, TestDb},
};
use web::{Body, Visit};

use crate::upstreams::Answering;

pub const PORTAL: &str = "http://portal.example";
const SANDBOX: &str = "http://sandbox.example";
const PRODUCTION: &str = "http://production.example";
pub const ADDRESS: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 9));

struct InHouse(Gateway);

impl Guard for InHouse {
    fn judge<'g>(&'g self, head: &'g Parts, visit: &'g Visit, operation: &'g str, scope: &'g ScopeSet) -> Judging<'g> {
        Box::pin(async move {
            match self.0.judge(head, visit, operation, scope).await {
                Ok(admission) => {
                    let client = admission.client().clone();
                    Ok(Admitted { client, answered: Box::new(move |response| admission.answered(response)) })
                }
                Err(declined) => Err(Declined { code: declined.code, response: declined.response }),
            }
        })
    }
}

pub struct Office {
    pub app: App,
    pub portal: Portal,
    pub hands: Hands,
    pub directory: Directory,
    pub document: Value,
    sandbox: Authority,
    production: Authority,
    pub organisation: OrganisationId,
    pub project: ProjectId,
    pub client: (ClientId, String),
    sandbox_client: (ClientId, String),
    writer: tokio::task::JoinHandle<()>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("JSON: {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// The status and the word of the problem.
    pub fn verdict(&self) -> String {
        let kind = self.json()["type"].as_str().and_then(|kind| kind.rsplit('/').next().map(str::to_owned)).unwrap_or_default();
        format!("{} {kind}", self.status.as_u16())
    }
}

/// A request under construction.
pub struct Ask<'o> {
    office: &'o Office,
    request: http::request::Builder,
    path: String,
    method: String,
    body: Body,
}

impl Office {
    pub async fn open(test: &TestDb) -> Self {
        let (hands, entropy) = (Hands::new(), testkit::entropy(1));
        let master = Arc::new(MasterKey::parse(&MasterKey::draw(&testkit::entropy(1))).expect("a master key"));
        let app = App::open(test.db.clone(), Arc::clone(&master), hands.clock(), entropy.clone()).await.expect("opens");
        let token_url = format!("{PRODUCTION}/oauth2/token");
        let document = portal::management::document(PORTAL, &token_url);
        catalogue::apply(&app, &Actor::System, vec![api("labels", "/labels", "LBS")], false).await.expect("applies");
        catalogue::keep_management(&app, &document).await.expect("keeps");

        let founded = organisations::create(&app, &Actor::System, "Operadora", CustomerType::Internal, "Tools").await.expect("founds");
        let (organisation, project) = (founded.organisation.id, founded.first.project.id);
        let contract = contracts::link(&app, &Actor::System, organisation, "54000000", "80000000", "XXX1").await.expect("links");
        contracts::set_status(&app, &Actor::System, contract.id, ContractStatus::Active, None).await.expect("activates");
        let made = clients::create(&app, &Actor::System, project, Environment::Production).await.expect("a client");
        for (api, environment) in
            [("management", Environment::Production), ("labels", Environment::Production), ("labels", Environment::Sandbox)]
        {
            let wish = Wish { project, environment, api: api.into(), scopes: None, plan: None, reason: "test".into() };
            let asked = access::request(&app, &Actor::System, wish).await.expect("asks");
            if asked.grant.is_none() {
                access::approve(&app, &Actor::System, asked.request.id, None).await.expect("approves");
            }
        }
        let directory = Directory::open(test.db.clone(), master, hands.clock(), directory::Settings::default()).await.expect("opens");
        let (ledger, writer) = Ledger::open(test.db.clone(), hands.clock(), Duration::from_secs(86_400));
        let authority = |environment, issuer: &str| {
            let settings = authority::Settings { environment, issuer: issuer.into(), portal: PORTAL.into() };
            Authority::new(directory.clone(), ledger.clone(), app.clone(), entropy.clone(), settings)
        };
        let settings = gateway::Settings {
            environment: Environment::Production,
            issuer: PRODUCTION.into(),
            portal: PORTAL.into(),
            decision_sample: 1,
        };
        let gateway = Gateway::new(directory.clone(), ledger.clone(), entropy.clone(), HashMap::new(), settings);
        let (sandbox, production) = (authority(Environment::Sandbox, SANDBOX), authority(Environment::Production, PRODUCTION));
        let settings = portal::Settings {
            public_url: PORTAL.into(),
            management: Gate::with(Arc::new(InHouse(gateway)), token_url),
            upstreams: Line::to(Arc::new(Answering)),
            ..Default::default()
        };
        let portal = Portal::new(directory.clone(), app.clone(), entropy, settings);
        let pair = |made: &clients::Created| (made.client.id.clone(), made.secret.secret.expose().to_owned());
        Self {
            sandbox_client: pair(&founded.first.client),
            client: pair(&made),
            app,
            portal,
            hands,
            directory,
            document,
            sandbox,
            production,
            organisation,
            project,
            writer,
        }
    }

    pub fn db(&self) -> &Db {
        self.app.db()
    }

    /// Closes the office, so that everything learned so far is written.
    pub async fn close(self) -> App {
        let Self { app, portal, sandbox, production, writer, .. } = self;
        // Each of them holds on to the ledger.
        drop((portal, sandbox, production));
        writer.await.expect("writes");
        app
    }

    /// A token of the operator's client with these scopes; empty: all it may have.
    pub async fn token(&self, scope: &str) -> String {
        token(&self.production, &self.client, scope, &self.app).await
    }

    /// A token of the same project in the sandbox.
    pub async fn sandbox_token(&self) -> String {
        token(&self.sandbox, &self.sandbox_client, "", &self.app).await
    }

    pub fn ask(&self, method: &str, path: &str) -> Ask<'_> {
        let request = http::Request::builder().method(method).uri(path);
        Ask { office: self, request, path: path.to_owned(), method: method.to_owned(), body: Body::Empty }
    }
}

async fn token(authority: &Authority, client: &(ClientId, String), scope: &str, app: &App) -> String {
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "client_credentials")
        .append_pair("client_id", client.0.as_str())
        .append_pair("client_secret", &client.1)
        .append_pair("scope", scope)
        .finish();
    let request = http::Request::post("/oauth2/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(form))
        .expect("a request");
    let at = app.now();
    let visit = Visit { id: RequestId::new(at, &testkit::entropy(5)), at, address: ADDRESS, secure: true };
    let Ok(mut response) = authority.handle(request, visit).await else { panic!("the token route is the authority's") };
    let body = std::mem::replace(response.body_mut(), Body::Empty).read(1 << 20).await.expect("whole");
    let answer: Value = serde_json::from_slice(&body).expect("JSON");
    answer["access_token"].as_str().unwrap_or_else(|| panic!("a token: {answer}")).to_owned()
}

impl Ask<'_> {
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    pub fn json(mut self, body: &Value) -> Self {
        self.body = Body::from(body.to_string());
        self.header("content-type", "application/json")
    }

    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it, and holds the answer against the published document.
    pub async fn send(self) -> Answer {
        let mut response = self.office.portal.handle(self.request.body(self.body).expect("a request"), ADDRESS).await;
        let body = std::mem::replace(response.body_mut(), Body::Empty).read(4 << 20).await.expect("whole");
        let answer = Answer {
            status: response.status(),
            headers: response.headers().clone(),
            text: String::from_utf8(body.to_vec()).expect("text"),
        };
        hold(&self.office.document, &self.method, &self.path, &answer);
        answer
    }
}

/// Whether an answer is one that the document promises: its status, its media type and its shape.
fn hold(document: &Value, method: &str, path: &str, answer: &Answer) {
    let path = path.split('?').next().expect("a path");
    let fits = |template: &str| {
        template.split('/').count() == path.split('/').count()
            && template.split('/').zip(path.split('/')).all(|(template, own)| template.starts_with('{') || template == own)
    };
    let mut templates: Vec<_> = document["paths"].as_object().expect("paths").keys().filter(|template| fits(template)).collect();
    // A word that is written out comes before one that is left open.
    templates.sort_by_key(|template| template.matches('{').count());
    let Some(operation) = templates.first().and_then(|template| document["paths"][template.as_str()].get(method.to_lowercase())) else {
        return;
    };
    let status = answer.status.as_u16().to_string();
    let response = operation["responses"].get(&status).or_else(|| operation["responses"].get("default")).expect("described");
    let response = response["$ref"].as_str().and_then(|to| document.pointer(&to[1..])).unwrap_or(response);
    let Some(content) = response["content"].as_object() else {
        assert_eq!(answer.text, "", "{method} {path} says nothing");
        return;
    };
    let (media_type, content) = content.iter().next().expect("a media type");
    assert_eq!(answer.header("content-type"), media_type, "{method} {path}: {answer:?}");
    let mut schema = json!({"allOf": [content["schema"]], "components": document["components"]});
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
    let wrong: Vec<_> = validator.iter_errors(&answer.json()).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{method} {path} answers {status} otherwise than its document says: {wrong:?}\n{answer:?}");
}

/// An API for everybody.
pub fn api(name: &str, path: &str, scope: &str) -> Document {
    let content = json!({
        "openapi": "3.1.0",
        "info": {"title": name, "version": "1"},
        "paths": {path: {"get": {"security": [{"oauth": [scope]}]}}},
        "components": {"securitySchemes": {"oauth": {"type": "oauth2"}}},
        "x-postigo": {"name": name, "upstreams": {"sandbox": ["service:paloma"], "production": ["service:paloma"]}}
    });
    Document { file: format!("{name}.yaml"), content }
}
