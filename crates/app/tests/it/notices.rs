use app::{
    Actor, access, api_credentials, clients, contracts, customer_keys, customer_types, invitations,
    mail::{self, Posted},
    organisations, public_keys, secrets,
};
use domain::{
    AccountId, CustomerType,
    Environment::{Production, Sandbox},
    Language,
    contract::ContractStatus,
    role::{Role, Staff},
    rotation::Overlap,
};

use crate::house::{House, actor, house};

/// An organisation with one of each role, a member elsewhere and staff; the owner reads Spanish, the developer English, the others have not said.
async fn peopled(test: &store::testkit::TestDb) -> House {
    let house = house(test).await;
    for (email, role) in [
        ("olga@shop.example", Role::Owner),
        ("ada@shop.example", Role::Admin),
        ("dora@shop.example", Role::Developer),
        ("vera@shop.example", Role::Viewer),
    ] {
        house.member(email, role).await;
    }
    let elsewhere = organisations::create(&house.app, &actor(), "Elsewhere", CustomerType::Customer, "Web").await.expect("founds");
    let stranger = house.account("owner@elsewhere.example").await;
    house.enlist(elsewhere.organisation.id, &[(stranger, Role::Owner)]).await;
    house.staff(Staff::Support).await;
    reads(&house, "olga@shop.example", Language::Spanish).await;
    reads(&house, "dora@shop.example", Language::English).await;
    house
}

async fn id(house: &House, email: &str) -> AccountId {
    app::accounts::find(&house.app, email).await.expect("there").id
}

async fn reads(house: &House, email: &str, language: Language) {
    let account = id(house, email).await;
    let mut tx = house.app.db().begin().await.expect("begins");
    store::accounts::set_language(&mut tx, account, Some(language)).await.expect("sets");
    tx.commit(house.app.now()).await.expect("commits");
}

async fn mails(house: &House) -> Vec<Posted> {
    mail::mailbox(&house.app, 1000).await.expect("reads")
}

/// Who got a mail of this kind, by address.
async fn told(house: &House, kind: &str) -> Vec<String> {
    let mut told: Vec<_> =
        mails(house).await.into_iter().filter(|posted| posted.mail.kind == kind).map(|posted| posted.mail.recipient.to_string()).collect();
    told.sort();
    told
}

/// The mail of this kind to that address, in its language, as subject and text.
async fn letter(house: &House, kind: &str, to: &str) -> (String, String) {
    let mut found = mails(house).await.into_iter().filter(|posted| posted.mail.kind == kind && posted.mail.recipient.as_str() == to);
    let posted = found.next().unwrap_or_else(|| panic!("no {kind} to {to}"));
    assert!(found.next().is_none(), "{kind} to {to} once");
    (posted.mail.subject, posted.text.expect("its text").expose().to_owned())
}

const ANSWERING: &[&str] = &["ada@shop.example", "olga@shop.example"];
const BUILDING: &[&str] = &["ada@shop.example", "dora@shop.example", "olga@shop.example"];

store::on_both_engines! {
    async fn a_decision_on_access_is_told_to_those_who_build_each_in_their_language(test: TestDb) {
        let house = peopled(&test).await;
        let asked = access::request(&house.app, &actor(), house.wish(Production, "labels", Some("LBS"))).await.expect("asks");
        assert!(mails(&house).await.is_empty(), "asking tells nobody");
        let support = Actor::Account(id(&house, "support@carrier.example").await);
        access::reject(&house.app, &support, asked.request.id, "no hay contrato").await.expect("rejects");
        assert_eq!(told(&house, "access_decided").await, BUILDING);
        // People here are called like their addresses; a name never becomes a link.
        let (subject, text) = letter(&house, "access_decided", "olga@shop.example").await;
        assert_eq!(subject, "Acceso rechazado: labels");
        assert!(text.contains("Hola, olga@shop. example:") && text.contains("Motivo: no hay contrato"), "{text}");
        assert!(text.contains(&format!("/projects/{}/access", house.project())), "{text}");
        for english in ["dora@shop.example", "ada@shop.example"] {
            let (subject, text) = letter(&house, "access_decided", english).await;
            assert_eq!(subject, "Access rejected: labels");
            assert!(text.contains("Reason: no hay contrato"), "{text}");
        }
    }

    async fn who_loses_the_race_to_decide_tells_nobody(test: TestDb) {
        let house = peopled(&test).await;
        let asked = access::request(&house.app, &actor(), house.wish(Production, "labels", None)).await.expect("asks");
        access::approve(&house.app, &actor(), asked.request.id, None).await.expect("approves");
        let before = mails(&house).await.len();
        assert!(access::reject(&house.app, &actor(), asked.request.id, "no").await.is_err());
        assert_eq!(mails(&house).await.len(), before);
        let (_, text) = letter(&house, "access_decided", "dora@shop.example").await;
        assert!(!text.contains("API credential"), "the command line made one: {text}");
    }

    async fn staff_who_approve_make_no_secret_and_the_mail_says_that_one_is_missing(test: TestDb) {
        let house = peopled(&test).await;
        let asked = access::request(&house.app, &actor(), house.wish(Production, "labels", None)).await.expect("asks");
        let support = Actor::Account(id(&house, "support@carrier.example").await);
        let approved = access::approve(&house.app, &support, asked.request.id, None).await.expect("approves");
        assert!(approved.grant.is_some() && approved.api_credential.is_none());
        let credentials = store::api_credentials::of_project(house.app.db(), house.project()).await.expect("reads");
        assert!(credentials.iter().all(|credential| credential.environment != Production), "none was made in secret either");
        let (_, text) = letter(&house, "access_decided", "dora@shop.example").await;
        assert!(text.contains("demands an API credential"), "{text}");
        let dora = Actor::Account(id(&house, "dora@shop.example").await);
        api_credentials::create(&house.app, &dora, house.project(), Production).await.expect("its people make it");
        let next = access::request(&house.app, &actor(), house.wish(Production, "tracking", None)).await.expect("asks");
        access::approve(&house.app, &support, next.request.id, None).await.expect("approves");
        let letters: Vec<_> = mails(&house).await.into_iter().filter(|posted| posted.mail.subject.contains("tracking")).collect();
        assert!(letters.iter().all(|posted| !posted.text.as_ref().expect("text").expose().contains("credenc")));
    }

    async fn a_grant_taken_back_and_contracts_and_types_decided_are_told_to_the_right_people(test: TestDb) {
        let house = peopled(&test).await;
        let grant = access::request(&house.app, &actor(), house.wish(Sandbox, "labels", None)).await.expect("asks").grant.expect("granted");
        access::revoke_grant(&house.app, &actor(), grant.id, None).await.expect("revokes");
        let (subject, text) = letter(&house, "access_decided", "olga@shop.example").await;
        assert!(subject.starts_with("Acceso retirado") && !text.contains("Motivo"), "{subject} {text}");
        let contract = contracts::link(&house.app, &actor(), house.organisation(), "54000001", "80000001", "LCE1").await.expect("links");
        contracts::set_status(&house.app, &actor(), contract.id, ContractStatus::Active, None).await.expect("activates");
        assert_eq!(told(&house, "contract_decided").await, ANSWERING);
        house.hands.advance(1);
        contracts::set_status(&house.app, &actor(), contract.id, ContractStatus::Ended, Some("unpaid")).await.expect("ends");
        let subjects: Vec<_> = mails(&house).await.into_iter().filter(|posted| posted.mail.recipient.as_str() == "ada@shop.example")
            .map(|posted| posted.mail.subject).filter(|subject| subject.starts_with("Contract")).collect();
        assert_eq!(subjects, ["Contract 54000001 ended", "Contract 54000001 activated"]);
        let asked = customer_types::request(&house.app, &actor(), house.organisation(), CustomerType::Integrator, "we ship").await.expect("asks");
        customer_types::approve(&house.app, &actor(), asked.id, None).await.expect("approves");
        assert_eq!(told(&house, "customer_type_decided").await, ANSWERING);
        assert!(letter(&house, "customer_type_decided", "olga@shop.example").await.1.contains("pase a ser integrador"));
    }

    async fn an_api_credential_in_whose_hands_soever_is_told_to_those_who_build(test: TestDb) {
        let house = peopled(&test).await;
        let app = &house.app;
        let at_once = access::request(app, &actor(), house.wish(Sandbox, "labels", None)).await.expect("asks").api_credential;
        let asked = access::request(app, &actor(), house.wish(Production, "labels", None)).await.expect("asks").request.id;
        let approved = access::approve(app, &actor(), asked, None).await.expect("approves").api_credential;
        let own = api_credentials::create(app, &actor(), house.project(), Sandbox).await.expect("issues");
        for issued in [at_once.expect("made at once"), approved.expect("made by the command line"), own] {
            let letters: Vec<_> = mails(&house).await.into_iter().filter(|posted| posted.mail.kind == "api_credential_issued")
                .map(|posted| (posted.mail.recipient.to_string(), posted.text.expect("its text").expose().to_owned()))
                .filter(|(_, text)| text.contains(issued.record.id.as_str()) && text.contains(&issued.record.prefix)).collect();
            let mut to: Vec<_> = letters.iter().map(|(to, _)| to.as_str()).collect();
            to.sort_unstable();
            assert_eq!(to, BUILDING, "{}", issued.record.id);
            for (_, text) in &letters {
                assert!(text.contains(&format!("/projects/{}", house.project())) && !text.contains(issued.secret.expose()), "{text}");
            }
        }
    }

    async fn another_secret_and_another_client_are_told_to_those_who_build(test: TestDb) {
        let house = peopled(&test).await;
        let client = house.founded.first.client.client.id.clone();
        let issued = secrets::create(&house.app, &actor(), &client, Some(Overlap::Day.seconds())).await.expect("issues");
        assert_eq!(told(&house, "secret_issued").await, BUILDING);
        let (_, text) = letter(&house, "secret_issued", "dora@shop.example").await;
        assert!(text.contains(&issued.record.prefix) && text.contains("stops working on") && !text.contains(issued.secret.expose()), "{text}");
        let added = public_keys::add(&house.app, &actor(), &client, crate::public_keys::ED25519).await.expect("adds");
        assert_eq!(told(&house, "public_key_added").await, BUILDING);
        let (_, text) = letter(&house, "public_key_added", "olga@shop.example").await;
        assert!(text.contains(&added.thumbprint) && text.contains(client.as_str()), "{text}");
        let new = clients::replace(&house.app, &actor(), &client, Overlap::Week).await.expect("replaces");
        assert_eq!(told(&house, "client_replaced").await, BUILDING);
        let (_, text) = letter(&house, "client_replaced", "olga@shop.example").await;
        assert!(text.contains(new.client.id.as_str()) && text.contains(client.as_str()), "{text}");
        assert!(!text.contains(new.secret.secret.expose()));
    }

    async fn an_invitation_brings_its_link_to_the_invited_address_alone_in_the_inviters_language(test: TestDb) {
        let house = peopled(&test).await;
        let olga = Actor::Account(id(&house, "olga@shop.example").await);
        let issued = invitations::invite(&house.app, &olga, house.organisation(), "New@Shop.example", Role::Developer).await.expect("invites");
        assert_eq!(told(&house, "invitation").await, ["new@shop.example"]);
        let (subject, text) = letter(&house, "invitation", "new@shop.example").await;
        assert_eq!(subject, "Invitación a Librería");
        assert!(text.contains(&format!("/invitations/accept?token={}", issued.secret.expose())), "{text}");
        let new = house.account("new@shop.example").await;
        invitations::accept(&house.app, new, issued.secret.expose()).await.expect("accepts");
        assert_eq!(told(&house, "joined").await, ANSWERING, "and not who joined");
        assert!(letter(&house, "joined", "olga@shop.example").await.1.contains("new@shop.example se ha unido a «Librería» con el papel de desarrollo"));
    }

    async fn nobodys_mailbox_is_filled_by_invitations(test: TestDb) {
        let house = peopled(&test).await;
        for _ in 0..30 {
            invitations::invite(&house.app, &actor(), house.organisation(), "victim@mail.example", Role::Viewer).await.expect("invites");
        }
        assert_eq!(told(&house, "invitation").await.len(), 10);
    }

    async fn the_holder_of_an_account_number_hears_of_keys_in_production_and_nobody_else_does(test: TestDb) {
        let house = peopled(&test).await;
        let platform = organisations::create(&house.app, &actor(), "Platform", CustomerType::Integrator, "Hub").await.expect("founds");
        let contract = contracts::link(&house.app, &actor(), house.organisation(), "54000001", "80000001", "LCE1").await.expect("links");
        let key = async |environment| customer_keys::create(&house.app, &actor(), platform.first.project.id, environment, "80000001").await.expect("issues");
        key(Production).await;
        assert!(told(&house, "customer_key_created").await.is_empty(), "whose contract the operator has not confirmed, holds nothing");
        contracts::set_status(&house.app, &actor(), contract.id, ContractStatus::Active, None).await.expect("activates");
        key(Sandbox).await;
        assert!(told(&house, "customer_key_created").await.is_empty(), "nothing real is behind the sandbox");
        key(Production).await;
        assert_eq!(told(&house, "customer_key_created").await, ANSWERING);
        let (subject, text) = letter(&house, "customer_key_created", "olga@shop.example").await;
        assert!(subject.contains("80000001") && text.contains("«Hub» de «Platform»"), "{subject} {text}");
    }

    async fn one_thing_is_told_to_so_many_people_and_no_more_owners_first(test: TestDb) {
        let house = peopled(&test).await;
        for number in 0..60 {
            house.member(&format!("d{number}@shop.example"), Role::Developer).await;
        }
        secrets::create(&house.app, &actor(), &house.founded.first.client.client.id, None).await.expect("issues");
        let told = told(&house, "secret_issued").await;
        assert_eq!(told.len(), usize::try_from(app::notices::MOST).expect("few"));
        assert!(ANSWERING.iter().all(|answering| told.iter().any(|email| email == answering)));
    }

    async fn an_address_that_nobody_verified_is_not_written_to(test: TestDb) {
        let house = house(&test).await;
        let unverified = AccountId(uuid::Uuid::from_bytes([7; 16]));
        store::testkit::account(house.app.db(), unverified, "maybe@shop.example", false, None).await;
        house.enlist(house.organisation(), &[(unverified, Role::Owner)]).await;
        secrets::create(&house.app, &actor(), &house.founded.first.client.client.id, None).await.expect("issues");
        assert!(mails(&house).await.is_empty());
    }
}
