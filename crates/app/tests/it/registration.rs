//! Credential registration: what proves a customer, what locks, and what nobody learns.

mod asking;
mod guesses;

use app::{
    holders, mail, messages,
    registration::{Failure, Holders, Outcome, Platform, Refusal, Registration},
};
use domain::{
    CustomerType, Environment,
    Environment::{Production, Sandbox},
    holder::{Channel, Holder, Invoice, PostalAddress},
    secret::Secret,
};
use store::{clients, testkit::TestDb};

use crate::house::{House, actor, house};

pub const ACCOUNT: &str = "700257037";
/// Proves nothing but its address.
pub const PLAIN: &str = "510087283";

pub struct Stage {
    pub house: House,
    pub registration: Registration,
    pub platform: Platform,
}

pub async fn stage(test: &TestDb, environment: Environment) -> Stage {
    let house = house(test).await;
    let platform = platform(&house, "Envíos Unidos", CustomerType::Integrator, environment).await;
    for holder in [holder(ACCOUNT), Holder { email: None, phone: None, pin: None, invoices: Vec::new(), ..holder(PLAIN) }] {
        holders::put(&house.app, &actor(), environment, &[holder]).await.expect("puts");
    }
    let registration = Registration::open(house.app.clone(), Holders::Table, true).await.expect("opens");
    Stage { house, registration, platform }
}

pub async fn platform(house: &House, name: &str, customer_type: CustomerType, environment: Environment) -> Platform {
    let founded = app::organisations::create(&house.app, &actor(), name, customer_type, "Plataforma").await.expect("founds");
    let project = founded.first.project.id;
    let client = if environment == Sandbox {
        founded.first.client.client.id
    } else {
        let number = if name.contains('U') { "54000007" } else { "54000008" };
        let contract =
            app::contracts::link(&house.app, &actor(), founded.organisation.id, number, "80000007", "XXX7").await.expect("links");
        let active = domain::contract::ContractStatus::Active;
        app::contracts::set_status(&house.app, &actor(), contract.id, active, None).await.expect("activates");
        app::clients::create(&house.app, &actor(), project, environment).await.expect("creates").client.id
    };
    Platform { client, project, environment, address: "192.0.2.7".into() }
}

pub fn holder(account_number: &str) -> Holder {
    let (number, currency, amount) = ("234562278".into(), "USD".into(), "234.00".into());
    Holder {
        account_number: account_number.into(),
        customer_name: "Almacenes Hudson, S.L.".into(),
        address: address(),
        email: Some("cuenta@hudson.example".parse().expect("an address")),
        phone: Some("+34600123456".into()),
        language: Some(domain::Language::Spanish),
        pin: Some("234560".into()),
        invoices: vec![Invoice { number, currency, date: String::new(), amount }],
    }
}

pub fn address() -> PostalAddress {
    PostalAddress {
        street_lines: vec!["15 W 18TH ST FL 7".into()],
        city: "NEW YORK".into(),
        state_or_province_code: "NY".into(),
        postal_code: "100114624".into(),
        country_code: "US".into(),
    }
}

impl Stage {
    /// The account token after a right address.
    pub async fn token(&self) -> String {
        match self.by_address(ACCOUNT, "NEW YORK").await.expect("the address is right") {
            Outcome::Options(options) => options.account_token.expose().to_owned(),
            Outcome::Key(_) => panic!("a holder with a PIN got a key from its address alone"),
        }
    }

    pub async fn by_address(&self, account: &str, city: &str) -> Result<Outcome, Failure> {
        let there = PostalAddress { city: city.into(), ..address() };
        self.registration.by_address(&self.platform, account, "almacenes hudson sl", &there).await
    }

    pub async fn by_pin(&self, token: &str, pin: &str) -> Result<String, Failure> {
        let issued = self.registration.by_pin(&self.platform, token, &Secret::new(pin.into())).await?;
        Ok(issued.record.id.to_string())
    }

    pub async fn by_invoice(&self, token: &str, amount: &str, days_ago: i64) -> Result<String, Failure> {
        let day = self.house.app.now() - jiff::SignedDuration::from_hours(24 * days_ago);
        let date = day.to_string()[..10].to_owned();
        let invoice = Invoice { number: "234562278".into(), currency: "usd".into(), date, amount: amount.into() };
        Ok(self.registration.by_invoice(&self.platform, token, &invoice).await?.record.id.to_string())
    }

    /// The last PIN that was sent, out of the message it was sent in.
    pub async fn sent(&self, channel: Channel) -> String {
        let text = match channel {
            Channel::Email => mail::mailbox(&self.house.app, 1).await.expect("reads").remove(0).text,
            Channel::Sms | Channel::Call => messages::mailbox(&self.house.app, 1).await.expect("reads").remove(0).text,
        };
        let text = text.expect("there is a text");
        let joined = if channel == Channel::Call { text.expose().replace(", ", "") } else { text.expose().to_owned() };
        let digits = joined.split(|c: char| !c.is_ascii_digit()).filter(|part| part.len() == 6);
        digits.map(str::to_owned).next_back().unwrap_or_else(|| panic!("no PIN in {joined}"))
    }
}

pub fn refused<T>(outcome: Result<T, Failure>) -> Refusal {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal,
        Err(Failure::Broken(error)) => panic!("broken: {error}"),
        Ok(_) => panic!("it was let through"),
    }
}

store::on_both_engines! {
    async fn a_customer_registers_by_what_it_can_prove_and_the_consent_says_how(test: TestDb) {
        let stage = stage(&test, Sandbox).await;
        let Ok(Outcome::Key(plain)) = stage.by_address(PLAIN, "new york").await else { panic!("nothing else to prove") };
        let token = stage.token().await;
        let pin = stage.by_pin(&token, "234560").await.expect("the fixed PIN");
        let invoice = stage.by_invoice(&token, "234", 30).await.expect("the invoice");
        let again = stage.by_pin(&token, "234560").await.expect("another key");
        assert!(pin != invoice && pin != again, "registering again gives a new key");
        for (key, method, account) in [(plain.record.id.as_str(), "address", PLAIN), (&pin, "pin", ACCOUNT), (&invoice, "invoice", ACCOUNT)] {
            let key = domain::ChildKey::from(key);
            let row = store::customer_keys::find(&test.db, &key).await.expect("reads").expect("is there");
            let consent = store::consents::of_key(&test.db, &key).await.expect("reads").expect("stands on a consent");
            assert_eq!((row.project_id, row.account_number.as_str()), (stage.platform.project, account));
            assert_eq!((consent.method.as_str(), consent.account_number.as_str()), (method, account));
            assert_eq!((consent.client_id, consent.address.as_str(), consent.agreement.as_str()), (stage.platform.client.clone(), "192.0.2.7", app::policies::FIRST));
        }
        let entries = store::audit::latest(&test.db, 1000).await.expect("reads");
        let entry = entries.iter().find(|entry| entry.subject == pin).expect("it stands in the audit log");
        assert_eq!((entry.action.as_str(), entry.actor.as_str()), ("customer_key.register", format!("client:{}", stage.platform.client).as_str()));
    }

    async fn in_production_the_pin_is_drawn_sent_and_good_once_for_ten_minutes(test: TestDb) {
        let stage = stage(&test, Production).await;
        let token = stage.token().await;
        assert_eq!(refused(stage.by_pin(&token, "234560").await), Refusal::WrongPin, "the sandbox's PIN is nothing here");
        for channel in [Channel::Email, Channel::Sms] {
            stage.registration.send_pin(&stage.platform, &token, channel, None).await.expect("sends");
            // Of two of one moment neither is the last.
            stage.house.hands.advance(1);
        }
        let last = stage.sent(Channel::Sms).await;
        let first = stage.sent(Channel::Email).await;
        if first != last {
            assert_eq!(refused(stage.by_pin(&token, &first).await), Refusal::WrongPin, "the one before is worthless");
        }
        stage.by_pin(&token, &last).await.expect("the last one is good");
        assert_eq!(refused(stage.by_pin(&token, &last).await), Refusal::WrongPin, "once");

        stage.registration.send_pin(&stage.platform, &token, Channel::Call, Some("en_US")).await.expect("sends");
        let said = stage.sent(Channel::Call).await;
        let fourth = stage.registration.send_pin(&stage.platform, &token, Channel::Email, None).await;
        assert!(matches!(refused(fourth), Refusal::TooManyPins(_)), "three an hour");
        stage.house.hands.advance(601);
        assert_eq!(refused(stage.by_pin(&token, &said).await), Refusal::WrongPin, "too late");
        stage.house.hands.advance(300);
        assert_eq!(refused(stage.by_pin(&token, &said).await), Refusal::SessionOver, "and the account token is over too");
        stage.house.hands.advance(3600);
        let token = stage.token().await;
        stage.registration.send_pin(&stage.platform, &token, Channel::Email, None).await.expect("an hour later");
    }

    async fn a_message_is_handed_over_by_one_node_and_given_up_when_nobody_needs_it(test: TestDb) {
        let stage = stage(&test, Production).await;
        let app = stage.house.app.clone().with(app::Settings { messages: mail::Delivery::Smtp, ..app::Settings::default() });
        let registration = Registration::open(app.clone(), Holders::Table, true).await.expect("opens");
        let token = stage.token().await;
        for channel in [Channel::Sms, Channel::Call] {
            registration.send_pin(&stage.platform, &token, channel, Some("es_ES")).await.expect("sends");
        }
        let first = messages::claim(&app).await.expect("reads").expect("one waits");
        let second = messages::claim(&app).await.expect("reads").expect("another waits");
        assert!(first.message.id != second.message.id && messages::claim(&app).await.expect("reads").is_none(), "one node has them");
        assert!(first.text.expose().contains("tu cuenta 700257037"), "in the language that was asked for: {}", first.text.expose());
        messages::sent(&app, &first).await.expect("notes");
        assert!(messages::find(&app, first.message.id).await.expect("reads").text.is_none(), "its text is forgotten");
        assert!(messages::failed(&app, &second, "status 500").await.expect("notes"), "there will be another try");
        stage.house.hands.advance(60);
        let again = messages::claim(&app).await.expect("reads").expect("the one that failed");
        assert_eq!(again.message.id, second.message.id);
        stage.house.hands.advance(600);
        assert!(messages::claim(&app).await.expect("reads").is_none(), "ten minutes later nobody needs it");
        let given_up = messages::find(&app, second.message.id).await.expect("reads");
        assert!(given_up.text.is_none() && given_up.message.state == "failed", "{}", given_up.message.state);
        stage.house.hands.advance(40 * 86_400);
        assert!(app::upkeep(&app).await.expect("tidies") > 0);
        assert!(messages::find(&app, second.message.id).await.is_err(), "and in the end it is gone");
    }

    async fn an_account_token_is_good_for_its_platform_and_a_quarter_of_an_hour(test: TestDb) {
        let stage = stage(&test, Sandbox).await;
        let token = stage.token().await;
        let other = platform(&stage.house, "Otra", CustomerType::CompatibleProvider, Sandbox).await;
        let pin = Secret::new("234560".into());
        assert_eq!(refused(stage.registration.by_pin(&other, &token, &pin).await), Refusal::SessionOver, "another project's");
        let elsewhere = Platform { environment: Production, ..stage.platform.clone() };
        assert_eq!(refused(stage.registration.by_pin(&elsewhere, &token, &pin).await), Refusal::Forbidden, "another environment's client");
        stage.house.hands.advance(900);
        assert_eq!(refused(stage.by_pin(&token, "234560").await), Refusal::SessionOver);
        assert_eq!(refused(stage.by_invoice(&token, "234.00", 1).await), Refusal::SessionOver);
        let sending = stage.registration.send_pin(&stage.platform, &token, Channel::Sms, None).await;
        assert_eq!(refused(sending), Refusal::SessionOver);
    }

    async fn who_may_not_act_for_others_registers_nobody(test: TestDb) {
        let stage = stage(&test, Sandbox).await;
        let shop = platform(&stage.house, "Tienda", CustomerType::Customer, Sandbox).await;
        let asked = stage.registration.by_address(&shop, ACCOUNT, "Almacenes Hudson SL", &address()).await;
        assert_eq!(refused(asked), Refusal::Forbidden, "a customer");
        let stranger = Platform { client: domain::ClientId::from("sbx_nobody"), ..stage.platform.clone() };
        let asked = stage.registration.by_address(&stranger, ACCOUNT, "Almacenes Hudson SL", &address()).await;
        assert_eq!(refused(asked), Refusal::Forbidden, "no client");
        clients_of(&stage).await;
        assert_eq!(refused(stage.by_address(ACCOUNT, "NEW YORK").await), Refusal::Forbidden, "a client that was suspended");
    }
}

async fn clients_of(stage: &Stage) {
    let suspended = domain::contract::Standing::Suspended;
    app::clients::set_status(&stage.house.app, &actor(), &stage.platform.client, suspended).await.expect("suspends");
    let client = clients::find(stage.house.app.db(), &stage.platform.client).await.expect("reads").expect("is there");
    assert_eq!(client.status, suspended);
}
