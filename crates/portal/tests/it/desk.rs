//! A portal with people at browsers: what they ask, what comes back, which cookies they hold.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use app::{Actor, App, Cost, accounts, catalogue, catalogue::Document, organisations, organisations::Founded};
use directory::Directory;
use domain::{
    AccountId, CustomerType, Environment, OrganisationId,
    role::{Role, Staff},
    wrapping::MasterKey,
};
use http::{Method, StatusCode};
use http_body_util::BodyExt as _;
use portal::Portal;
use store::{
    Moment,
    testkit::{self, Hands, TestDb},
};
use web::Body;

pub const URL: &str = "http://portal.example";
/// Of everybody whose account the desk makes.
pub const PASSWORD: &str = "cuatro gatos pardos";
const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

/// A portal, the use cases behind it, and the hands of its clock.
pub struct Desk {
    pub portal: Portal,
    pub directory: Directory,
    pub app: App,
    pub hands: Hands,
}

/// Somebody at a browser.
pub struct Browser {
    portal: Portal,
    app: App,
    pub cookies: HashMap<String, String>,
    /// The language the browser asks for.
    pub language: &'static str,
    /// Who signed in, when the desk did it.
    pub account: Option<AccountId>,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: http::HeaderMap,
    pub page: String,
}

impl Answer {
    /// Where the browser is sent.
    pub fn location(&self) -> &str {
        self.headers.get("location").map_or("", |value| value.to_str().expect("text"))
    }
}

impl Desk {
    /// A portal with two APIs, a mailbox and the cheapest password hashes.
    pub async fn open(test: &TestDb) -> Self {
        Self::open_with(test, |_| {}).await
    }

    pub async fn open_with(test: &TestDb, change: impl FnOnce(&mut portal::Settings)) -> Self {
        Self::open_told(test, told(URL), change).await
    }

    /// The same, where links in mails and passkeys name another address.
    pub async fn open_under(test: &TestDb, url: &str, change: impl FnOnce(&mut portal::Settings)) -> Self {
        Self::open_told(test, told(url), change).await
    }

    /// The same for tests of the console: staff are let in by password alone.
    pub async fn open_to_staff(test: &TestDb) -> Self {
        Self::open_to_staff_with(test, |_| {}).await
    }

    /// The same, where something else is set.
    pub async fn open_to_staff_with(test: &TestDb, change: impl FnOnce(&mut portal::Settings)) -> Self {
        Self::open_told(test, app::Settings { staff_second_factor: false, ..told(URL) }, change).await
    }

    pub async fn open_told(test: &TestDb, told: app::Settings, change: impl FnOnce(&mut portal::Settings)) -> Self {
        let (hands, entropy) = (Hands::new(), testkit::entropy(1));
        let master = Arc::new(MasterKey::parse(&MasterKey::draw(&testkit::entropy(1))).expect("a master key"));
        let url = told.portal_url.to_string();
        let app = App::open(test.db.clone(), Arc::clone(&master), hands.clock(), entropy.clone()).await.expect("opens").with(told);
        let documents = vec![api("labels", "/labels", "LBS"), api("tracking", "/track", "TPB")];
        catalogue::apply(&app, &Actor::System, documents, false).await.expect("applies");
        let directory = Directory::open(test.db.clone(), master, hands.clock(), directory::Settings::default()).await.expect("opens");
        let mut settings = portal::Settings {
            public_url: url,
            environments: vec![
                (Environment::Sandbox, "https://sandbox.example".into()),
                (Environment::Production, "https://production.example".into()),
            ],
            mailbox: true,
            ..Default::default()
        };
        change(&mut settings);
        let portal = Portal::new(directory.clone(), app.clone(), entropy, settings);
        Self { portal, directory, app, hands }
    }

    /// Somebody who has not signed in.
    pub fn browser(&self) -> Browser {
        Browser { portal: self.portal.clone(), app: self.app.clone(), cookies: HashMap::new(), language: "en", account: None }
    }

    /// Somebody who has, by password, with an account that is made for it.
    pub async fn signed_in(&self, email: &str, staff: Option<Staff>) -> Browser {
        let made =
            accounts::create_verified(&self.app, &Actor::System, email, email, Some(PASSWORD), None, staff).await.expect("an account");
        self.browser().signed_in_as(made.account.id, email).await
    }

    /// An organisation with its first project, and nobody in it.
    pub async fn founded(&self, name: &str) -> Founded {
        organisations::create(&self.app, &Actor::System, name, CustomerType::Customer, "Web").await.expect("founds")
    }

    /// Somebody signed in who is a member of the organisation.
    pub async fn member(&self, organisation: OrganisationId, email: &str, role: Role) -> Browser {
        let browser = self.signed_in(email, None).await;
        let mut tx = self.app.db().begin().await.expect("begins");
        let account = browser.account.expect("signed in");
        store::memberships::insert(&mut tx, organisation, account, role, Moment(self.app.now())).await.expect("a member");
        tx.commit(self.app.now()).await.expect("commits");
        browser
    }
}

impl Browser {
    async fn signed_in_as(mut self, account: AccountId, email: &str) -> Self {
        let visit = accounts::Visit { address: ADDRESS, agent: Some("test") };
        let opened = accounts::sign_in(&self.app, email, PASSWORD, visit).await.expect("signs in");
        self.cookies.insert("postigo-session".into(), opened.cookie.expose().to_owned());
        self.account = Some(account);
        self
    }

    /// Asks for a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[], String::new()).await
    }

    /// Sends a form as its page would, token included.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        if !self.cookies.keys().any(|name| name.ends_with("session") || name.ends_with("visitor")) {
            self.get("/").await;
        }
        let holder = self.cookies.get("postigo-session").or_else(|| self.cookies.get("postigo-visitor")).expect("a cookie");
        let token = self.app.form_token(holder);
        let mut form = vec![("form_token", token.as_str())];
        form.extend_from_slice(fields);
        self.post_only(path, &form, &[("sec-fetch-site", "same-origin")]).await
    }

    /// Sends exactly these fields under exactly these headers.
    pub async fn post_only(&mut self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.ask(Method::POST, path, headers, body).await
    }

    /// Asks for anything.
    pub async fn ask(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
        let mut response = self.send(method, path, headers, body).await;
        let body = match std::mem::replace(response.body_mut(), Body::Empty) {
            Body::Made(made) => made.collect().await.expect("whole").to_bytes(),
            body => body.read(1 << 20).await.expect("whole"),
        };
        let page = String::from_utf8(body.to_vec()).expect("text");
        Answer { status: response.status(), headers: response.headers().clone(), page }
    }

    /// Asks for an answer that is made while it is read.
    pub async fn listen(&mut self, path: &str) -> web::Response {
        self.send(Method::GET, path, &[], String::new()).await
    }

    async fn send(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: String) -> web::Response {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let mut request = http::Request::builder()
            .method(method)
            .uri(path)
            .header("accept-language", self.language)
            .header("user-agent", "test")
            .header("cookie", cookies);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.portal.handle(request.body(Body::from(body)).expect("a request"), ADDRESS).await;
        for cookie in response.headers().get_all("set-cookie") {
            let (pair, rest) = cookie.to_str().expect("text").split_once(';').expect("attributes");
            let (name, value) = pair.split_once('=').expect("a pair");
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        response
    }
}

fn told(url: &str) -> app::Settings {
    app::Settings { portal_url: url.into(), password_cost: Cost::TEST, ..Default::default() }
}

fn api(name: &str, path: &str, scope: &str) -> Document {
    let content = serde_json::json!({
        "openapi": "3.1.0",
        "info": {"title": name, "version": "1"},
        "paths": {path: {"get": {"security": [{"oauth": [scope]}]}}},
        "components": {"securitySchemes": {"oauth": {"type": "oauth2"}}},
        "x-postigo": {"name": name, "upstreams": {"sandbox": ["service:paloma"], "production": ["service:paloma"]}, "api_credential": "required",
            "plans": [{"name": "standard"}, {"name": "starter", "quota": {"requests": 10}}]}
    });
    Document { file: format!("{name}.yaml"), content }
}
