//! A house with nobody in it yet, and what people do there.

use std::{net::IpAddr, sync::Arc};

use app::{
    Actor, App, Cost, Settings,
    accounts::{self, Opened, Registration, Session, SignedIn, Visit},
    mail::{self, Delivery},
};
use domain::{Email, Language, role::Staff, wrapping::MasterKey};
use store::testkit::{self, Hands, TestDb};

pub const PASSWORD: &str = "caballo pila grapa";
pub const ANA: &str = "ana@example.com";

#[derive(Clone)]
pub struct People {
    pub app: App,
    pub hands: Hands,
}

pub fn settings() -> Settings {
    Settings { portal_url: "https://portal.example".into(), password_cost: Cost::TEST, ..Settings::default() }
}

pub async fn people(test: &TestDb) -> People {
    people_with(test, settings()).await
}

pub async fn people_with(test: &TestDb, settings: Settings) -> People {
    let (hands, entropy) = (Hands::new(), testkit::entropy(23));
    let master = Arc::new(MasterKey::parse(&MasterKey::draw(&entropy)).expect("a master key"));
    let app = App::open(test.db.clone(), master, hands.clock(), entropy).await.expect("opens").with(settings);
    People { app, hands }
}

pub fn visit() -> Visit<'static> {
    visit_from([192, 0, 2, 1])
}

pub fn visit_from(address: impl Into<IpAddr>) -> Visit<'static> {
    Visit { address: address.into(), agent: Some("Browser/1") }
}

pub fn operator() -> Actor {
    Actor::Operator("ana".into())
}

pub fn registration(email: &str) -> Registration<'_> {
    Registration { email, name: "Ana Pérez", password: Some(PASSWORD), language: Some(Language::Spanish) }
}

impl People {
    /// Somebody who registered, verified the address and signed in.
    pub async fn ana(&self) -> SignedIn {
        self.person(ANA, None).await;
        self.enter(ANA).await
    }

    pub async fn person(&self, email: &str, staff: Option<Staff>) {
        let created = accounts::create_verified(&self.app, &operator(), email, "Ana Pérez", Some(PASSWORD), None, staff).await;
        assert!(created.expect("creates").drawn.is_none());
    }

    pub async fn sign_in(&self, email: &str) -> Opened {
        accounts::sign_in(&self.app, email, PASSWORD, visit()).await.expect("signs in")
    }

    pub async fn enter(&self, email: &str) -> SignedIn {
        whole(self.sign_in(email).await.session)
    }

    /// What the cookie stands for now.
    pub async fn session(&self, opened: &Opened) -> Option<Session> {
        accounts::session(&self.app, opened.cookie.expose()).await.expect("reads")
    }

    /// The kinds of the mails there are, oldest first.
    pub async fn mails(&self) -> Vec<(String, String)> {
        let mails = store::mails::latest(self.app.db(), 1000).await.expect("reads");
        mails.into_iter().rev().map(|mail| (mail.kind, mail.recipient.to_string())).collect()
    }

    /// The secret of the link in the newest mail to this address.
    pub async fn token(&self, email: &str) -> String {
        let email: Email = email.parse().expect("an address");
        let posted = mail::mailbox(&self.app, 1000).await.expect("reads").into_iter().find(|posted| posted.mail.recipient == email);
        let text = posted.expect("a mail").text.expect("its text");
        let (_, token) = text.expose().split_once("?token=").expect("a link");
        token.split_whitespace().next().expect("a token").to_owned()
    }

    /// A code of the authenticator app with this `otpauth` link, of now.
    pub fn code(&self, uri: &str) -> String {
        let totp = totp_rs::Totp::from_url(uri).expect("an app reads it");
        totp.generate(u64::try_from(self.app.now().as_second()).expect("after 1970")).to_string()
    }

    /// Sets up an authenticator app: its link and the recovery codes.
    pub async fn enrol(&self, who: &SignedIn) -> (String, Vec<String>) {
        let enroller = who.enroller(&self.app).expect("proved");
        let enrolment = accounts::enrol_totp(&self.app, &enroller).await.expect("begins");
        let uri = enrolment.uri.expose().to_owned();
        let confirmed = accounts::confirm_totp(&self.app, &enroller, &self.code(&uri)).await.expect("confirms");
        (uri, confirmed.codes.iter().map(|code| code.expose().to_owned()).collect())
    }
}

pub fn whole(session: Session) -> SignedIn {
    match session {
        Session::Whole(signed_in) => signed_in,
        Session::Half(half) => panic!("half a session: {:?}", half.needs()),
    }
}

pub fn half(session: Session) -> accounts::Half {
    match session {
        Session::Half(half) => half,
        Session::Whole(_) => panic!("a whole session"),
    }
}

pub fn smtp() -> Settings {
    Settings { delivery: Delivery::Smtp, ..settings() }
}

/// Lets sixteen do the same at once; how many succeed.
pub async fn sixteen<T: Send + 'static, F: Future<Output = Result<T, app::Error>> + Send + 'static>(each: impl Fn() -> F) -> usize {
    let tasks: Vec<_> = (0..16).map(|_| tokio::spawn(each())).collect();
    let mut done = 0;
    for task in tasks {
        match task.await.expect("joins") {
            Ok(_) => done += 1,
            Err(app::Error::Account(_) | app::Error::Wait { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
    done
}
