//! Two organisations, somebody of each, and one of everything that belongs to the first.

use app::{Actor, access, contracts, customer_keys, customer_types, invitations, organisations};
use domain::{
    CustomerType,
    Environment::{Production, Sandbox},
    OrganisationId,
    decision::Outcome,
    queue::Queue,
    role::{Role, Staff},
};
use portal::routes::Verb;
use store::{Moment, passkeys::Passkey, testkit::TestDb};
use web::Body;

use crate::{
    desk::{Answer, Browser, Desk, PASSWORD},
    projects,
};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A fresh browser.
    Nobody,
    /// An owner of the second organisation.
    Stranger,
    /// A viewer of the first.
    Viewer,
    /// Somebody of the operator's people.
    Staff(Staff),
}

/// What stands in the open segments of paths.
#[derive(Clone)]
pub struct Names(Vec<(&'static str, String)>);

impl Names {
    /// A path with its open segments filled.
    pub fn fill(&self, path: &str) -> String {
        let mut filled = path.to_owned();
        // The same word stands for other things under other nouns.
        let kind = path.split('/').nth(if path.starts_with("/console") { 2 } else { 1 }).unwrap_or_default();
        for (segment, value) in &self.0 {
            let (of, segment) = segment.split_once(' ').unwrap_or(("", segment));
            if of.is_empty() || of == kind {
                filled = filled.replace(&format!("{{{segment}}}"), value);
            }
        }
        assert!(!filled.contains('{'), "nothing fills {filled}");
        filled
    }

    /// The same names, but for those of these segments, which nothing has: of the same form, one sign apart.
    pub fn made_up(&self, segments: &[&str]) -> Self {
        let other = |value: &str| {
            let (start, last) = value.split_at(value.len() - 1);
            format!("{start}{}", if last == "1" { "2" } else { "1" })
        };
        let is_made_up = |segment: &str| segments.contains(&segment.split_once(' ').map_or(segment, |(_, name)| name));
        Self(self.0.iter().map(|(name, value)| (*name, if is_made_up(name) { other(value) } else { value.clone() })).collect())
    }

    /// The same names, with another value for this one.
    pub fn with(&self, segment: &str, value: &str) -> Self {
        Self(self.0.iter().map(|(name, old)| (*name, if *name == segment { value.to_owned() } else { old.clone() })).collect())
    }

    /// What came back, as it would read if every name were the same: status, where to, page.
    pub fn anonymous(&self, answer: &Answer) -> String {
        let id = answer.headers["x-request-id"].to_str().expect("text");
        let mut text = format!("{} {}\n{}", answer.status, answer.location(), answer.page.replace(id, "REQUEST"));
        // The number of a version stands on every page for something else.
        for (segment, value) in self.0.iter().filter(|(segment, _)| *segment != "number") {
            text = text.replace(value, segment);
        }
        text
    }
}

pub struct Stage {
    desk: Desk,
    /// What the first organisation has.
    pub names: Names,
    /// What the stranger has of the same.
    pub own: Vec<(&'static str, String)>,
    first: OrganisationId,
    second: OrganisationId,
    people: Vec<(Who, Browser)>,
    /// How many forms were filled in, so that no two ask for the same.
    forms: usize,
}

impl Stage {
    pub async fn set(test: &TestDb) -> Self {
        let desk = Desk::open_to_staff(test).await;
        let (founded, second) = (desk.founded("Librería").await, desk.founded("Elsewhere").await);
        let (first, project) = (founded.organisation.id, founded.first.project.id);
        let app = &desk.app;
        let credential = projects::granted(&desk, project, "labels").await;
        let grant = store::grants::live(app.db(), project, Sandbox).await.expect("reads")[0].id.to_string();
        let decision = projects::decided(&desk, &founded, "/labels", Outcome::Passed(200)).await;
        // Customer keys are for platforms; the organisation is a customer again afterwards.
        organisations::set_customer_type(app, &Actor::System, first, CustomerType::CompatibleProvider).await.expect("sets");
        let child = customer_keys::create(app, &Actor::System, project, Sandbox, "740561073").await.expect("issues").record.id;
        organisations::set_customer_type(app, &Actor::System, first, CustomerType::Customer).await.expect("sets");
        let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        let public_key = app::public_keys::add(app, &Actor::System, &founded.first.client.client.id, jwk).await.expect("adds");
        let note = organisations::add_note(app, &Actor::System, first, "They pay late.").await.expect("writes").id;
        let wish = access::Wish { project, environment: Production, api: "labels".into(), scopes: None, plan: None, reason: "soon".into() };
        let request = access::request(app, &Actor::System, wish).await.expect("asks").request.id;
        let contract = contracts::link(app, &Actor::System, first, "54000001", "80000001", "LCE1").await.expect("links").id;
        let customer_type =
            customer_types::request(app, &Actor::System, first, CustomerType::Integrator, "we ship").await.expect("asks").id;
        let invited = invitations::invite(app, &Actor::System, first, "asked@shop.example", Role::Viewer).await.expect("invites");
        let announcement = crate::announcements::written(app).await;
        crate::policies::written(app, "2027-01").await;
        let mail = app::mail::mailbox(app, 1).await.expect("reads")[0].mail.id;
        let member = desk.member(first, "owner@shop.example", Role::Owner).await.account.expect("signed in");
        let now = Moment(app.now());
        let passkey = Passkey {
            id: "b25l".into(),
            account_id: member,
            name: "Laptop".into(),
            credential: "{}".into(),
            created_at: now,
            last_used_at: None,
        };
        let mut tx = app.db().begin().await.expect("begins");
        assert!(store::passkeys::insert(&mut tx, &passkey, 20).await.expect("inserts"));
        tx.commit(*now).await.expect("commits");
        let session = store::sessions::of_account(app.db(), member, now, Moment(domain::Timestamp::UNIX_EPOCH)).await.expect("reads")[0].id;
        let page = desk.browser().get("/apis/labels").await.page;
        let after = |start: &str| page.split(start).nth(1).and_then(|rest| rest.split(['"', '?', '#']).next()).expect("a link").to_owned();
        let asset = after("/assets/");
        let (digest, asset) = asset.split_once('/').expect("a name");
        let mut links = page.split("/apis/labels/").skip(1).filter_map(|rest| rest.split(['"', '?', '#']).next());
        let operation = links.find(|name| !["console", "openapi.json", "changes"].contains(name)).expect("an operation");
        crate::plans::made(&desk, "gold", 5).await;
        let wanted = app::approval_rules::Wanted { name: "Own people".into(), active_contract: true, ..Default::default() };
        let rule = app::approval_rules::put(app, &Actor::System, None, &wanted).await.expect("adds").id;
        let wanted = app::reason_templates::Wanted {
            queue: Queue::Access,
            name: "No contract".into(),
            spanish: "Falta el contrato.".into(),
            english: "The contract is missing.".into(),
        };
        let template = app::reason_templates::put(app, &Actor::System, None, &wanted).await.expect("adds").id;
        let names = vec![
            ("queues rule", rule.to_string()),
            ("queues template", template.to_string()),
            ("plan", "gold".into()),
            ("projects request", request.to_string()),
            ("access request", request.to_string()),
            ("customer-types request", customer_type.to_string()),
            ("apis name", "labels".into()),
            ("api", "labels".into()),
            ("number", "1".into()),
            ("guides name", "sandbox".into()),
            ("assets name", asset.to_owned()),
            ("child", child.to_string()),
            ("note", note.to_string()),
            ("digest", digest.to_owned()),
            ("operation", operation.to_owned()),
            ("code", "token-expired".into()),
            ("mail", mail.to_string()),
            ("announcement", announcement.to_string()),
            ("version", "2027-01".into()),
            ("token", invited.secret.expose().to_owned()),
            ("organisation", first.to_string()),
            ("account", member.to_string()),
            ("invitation", invited.record.id.to_string()),
            ("passkey", passkey.id),
            ("session", session.to_string()),
            ("project", project.to_string()),
            ("grant", grant),
            ("contract", contract.to_string()),
            ("client", founded.first.client.client.id.to_string()),
            ("thumbprint", public_key.thumbprint),
            ("secret", founded.first.client.secret.record.id.to_string()),
            ("credential", credential),
            ("id", decision),
            ("environment", "production".into()),
            ("key", store::signing_keys::of_environment(app.db(), Sandbox).await.expect("reads")[0].id.to_string()),
        ];
        let own = vec![("organisation", second.organisation.id.to_string()), ("project", second.first.project.id.to_string())];
        Self { names: Names(names), own, first, second: second.organisation.id, people: Vec::new(), forms: 0, desk }
    }

    /// Somebody with an account of their own, where that is more than nobody.
    async fn fresh(&mut self, who: Who) -> Browser {
        self.forms += 1;
        let name: String = format!("{who:?}{}", self.forms).chars().filter(char::is_ascii_alphanumeric).collect();
        let email = format!("{name}@people.example").to_lowercase();
        match who {
            Who::Nobody => self.desk.browser(),
            Who::Stranger => self.desk.member(self.second, &email, Role::Owner).await,
            Who::Viewer => self.desk.member(self.first, &email, Role::Viewer).await,
            Who::Staff(role) => self.desk.signed_in(&email, Some(role)).await,
        }
    }

    /// Asks as somebody: for a page, or with a form of ours that holds whatever any page could want. Who changed something is
    /// somebody else from then on.
    pub async fn ask(&mut self, who: Who, verb: Verb, path: &str) -> Answer {
        let mut browser = self.person(who).await;
        let answer = match verb {
            Verb::Get => got(&mut browser, path).await,
            Verb::Post => {
                let fields = self.fields();
                let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                browser.post(path, &fields).await
            }
        };
        if who != Who::Nobody && (verb == Verb::Get || answer.status.as_u16() >= 400) {
            self.people.push((who, browser));
        }
        answer
    }

    /// Sends a form with its token, and with nothing in it.
    pub async fn send_empty(&mut self, who: Who, path: &str) -> Answer {
        let mut browser = self.person(who).await;
        let answer = browser.post(path, &[]).await;
        if who != Who::Nobody && answer.status.as_u16() >= 400 {
            self.people.push((who, browser));
        }
        answer
    }

    /// Sends a form that no page of ours sent: without a token, then with one and from another site.
    pub async fn forge(&mut self, who: Who, path: &str) -> [Answer; 2] {
        let mut browser = self.person(who).await;
        let token = self.desk.app.form_token(&browser.cookies["postigo-session"]);
        let fields = self.fields();
        let mut fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let without = browser.post_only(path, &fields, &[("sec-fetch-site", "same-origin")]).await;
        fields.push(("form_token", &token));
        let across = browser.post_only(path, &fields, &[("sec-fetch-site", "cross-site")]).await;
        self.people.push((who, browser));
        [without, across]
    }

    async fn person(&mut self, who: Who) -> Browser {
        match self.people.iter().position(|(known, _)| *known == who) {
            Some(at) => self.people.swap_remove(at).1,
            None => self.fresh(who).await,
        }
    }

    fn fields(&mut self) -> Vec<(&'static str, String)> {
        self.forms += 1;
        let form = self.forms;
        let fixed = [
            ("password", PASSWORD),
            ("change", "name"),
            ("step", "begin"),
            ("role", "viewer"),
            ("number", "54000001"),
            ("client_number", "80000001"),
            ("labeller", "LCE1"),
            ("customer_type", "integrator"),
            ("project", "Web"),
            ("reason", "because"),
            ("apis", "labels"),
            ("api", "labels"),
            ("environment", "sandbox"),
            ("scopes", "LBS"),
            ("plan", "standard"),
            ("overlap", "24h"),
            ("version", app::policies::FIRST),
            ("kind", "notice"),
            ("stage", "identified"),
            ("code", "000000"),
            ("token", "none"),
            ("ceremony", "none"),
            ("credential", "{}"),
        ];
        let mut fields: Vec<_> = fixed.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        fields.extend([("name", format!("Name {form}")), ("email", format!("new{form}@people.example"))]);
        fields
    }
}

/// A page, whatever it is made of; of what is made while it is read, that it began.
async fn got(browser: &mut Browser, path: &str) -> Answer {
    let mut response = browser.listen(path).await;
    let (status, headers) = (response.status(), response.headers().clone());
    let body = std::mem::replace(response.body_mut(), Body::Empty);
    let is_open = matches!(body, Body::Made(_)) && status.is_success();
    let page = if is_open { Vec::new() } else { body.read(4 << 20).await.expect("whole").to_vec() };
    Answer { status, headers, page: String::from_utf8_lossy(&page).into_owned() }
}
