//! Everybody who may try something, and a fresh organisation for each try.

use std::collections::HashMap;

use app::{
    Actor, App, access, announcements, approval_rules, catalogue, contracts, customer_keys, customer_types, invitations, organisations,
    plans, policies, public_keys, reason_templates,
};
use domain::{
    AccountId, AnnouncementId, ApiName, ApprovalRuleId, ChildKey, ClientId, ContractId, CustomerType, CustomerTypeRequestId,
    Environment::{self, Production, Sandbox},
    GrantId, InvitationId, OrganisationId, ProjectId, ReasonTemplateId, SecretId,
    contract::ContractStatus,
    queue::Queue,
    role::{Duty, Role, Staff},
};
use store::testkit::TestDb;

use crate::house::{House, actor, document, house};

/// The columns of the table.
pub const PEOPLE: &[&str] = &[
    "a stranger",
    "a viewer",
    "a developer",
    "an admin",
    "an owner",
    "staff: viewer",
    "staff: support",
    "staff: publisher",
    "staff: administrator",
    "the operator",
    "a program: all duties",
    "a program: sees",
];

pub struct Stage {
    pub house: House,
    people: HashMap<&'static str, Actor>,
    members: Vec<(AccountId, Role)>,
    /// Members of every fresh organisation, to be handled by others.
    pub developer: AccountId,
    pub owner: AccountId,
}

/// An organisation, an integrator, with a project and a client.
pub struct Fresh {
    pub organisation: OrganisationId,
    pub project: ProjectId,
    pub client: ClientId,
    pub secret: SecretId,
}

impl Stage {
    pub async fn new(test: &TestDb) -> Self {
        let house = house(test).await;
        let (mut people, mut members) = (HashMap::new(), Vec::new());
        for (who, role) in PEOPLE[1..5].iter().zip(Role::ALL) {
            let account = house.account(&format!("{role}@shop.example")).await;
            people.insert(*who, Actor::Account(account));
            members.push((account, *role));
        }
        for (who, role) in PEOPLE[5..9].iter().zip(Staff::ALL) {
            people.insert(*who, house.staff(*role).await);
        }
        // The stranger owns an organisation, and nothing of it helps.
        people.insert(PEOPLE[0], Actor::Account(house.member("owner@elsewhere.example", Role::Owner).await));
        people.insert(PEOPLE[9], actor());
        for (who, duty) in PEOPLE[10..].iter().zip([Duty::Administer, Duty::See]) {
            people.insert(*who, Actor::Service { client: "p-program".into(), duty });
        }
        let (developer, owner) = (house.account("dora@shop.example").await, house.account("olga@shop.example").await);
        members.extend([(developer, Role::Developer), (owner, Role::Owner)]);
        Self { house, people, members, developer, owner }
    }

    pub fn app(&self) -> &App {
        &self.house.app
    }

    pub fn actor(&self, who: &str) -> &Actor {
        &self.people[who]
    }

    /// The viewer among the staff.
    pub fn viewer_of_staff(&self) -> AccountId {
        match self.actor("staff: viewer") {
            Actor::Account(id) => *id,
            other => panic!("{other} is no account"),
        }
    }

    pub async fn fresh(&self) -> Fresh {
        let name = uuid::Uuid::from_bytes(self.house.entropy.bytes()).to_string();
        let founded = organisations::create(self.app(), &actor(), &name, CustomerType::Integrator, "Web").await.expect("founds");
        self.house.enlist(founded.organisation.id, &self.members).await;
        Fresh {
            organisation: founded.organisation.id,
            project: founded.first.project.id,
            client: founded.first.client.client.id,
            secret: founded.first.client.secret.record.id,
        }
    }

    pub fn wish(&self, fresh: &Fresh, environment: Environment) -> access::Wish {
        access::Wish { project: fresh.project, ..self.house.wish(environment, "labels", None) }
    }

    pub async fn asked(&self, fresh: &Fresh, environment: Environment) -> access::Outcome {
        access::request(self.app(), &actor(), self.wish(fresh, environment)).await.expect("asks")
    }

    /// An API of this try alone, published once.
    pub async fn api(&self, fresh: &Fresh) -> ApiName {
        let name = format!("a{}", fresh.project);
        let text = document(&name, &format!("/{name}"), "FRESH").content.to_string();
        let written = catalogue::write(self.app(), &actor(), None, &text).await.expect("writes");
        let catalogue::Draft::Kept(name, number) = written else { panic!("faults") };
        catalogue::publish(self.app(), &actor(), &name, number, self.looked_at(&name, number, 0).await, "").await.expect("publishes");
        name
    }

    /// What somebody looked at who compared this draft with that version.
    pub async fn looked_at(&self, api: &ApiName, number: i64, over: i64) -> catalogue::LookedAt {
        let seen = catalogue::version(self.app(), &actor(), api, number).await.expect("reads");
        catalogue::LookedAt { over, written: seen.version.created_at.as_microsecond() }
    }

    /// The same with a second version that waits.
    pub async fn draft(&self, fresh: &Fresh) -> ApiName {
        let api = self.api(fresh).await;
        catalogue::write_again(self.app(), &actor(), &api, 1).await.expect("writes");
        api
    }

    pub async fn grant(&self, fresh: &Fresh) -> GrantId {
        self.asked(fresh, Sandbox).await.grant.expect("granted").id
    }

    /// The name of a plan that no API offers.
    pub async fn plan(&self, fresh: &Fresh) -> String {
        let plan = plans::put(self.app(), &actor(), crate::house::plan(&format!("p-{}", fresh.secret), 5), None).await.expect("a plan");
        plan.name
    }

    pub async fn contract(&self, fresh: &Fresh) -> ContractId {
        contracts::link(self.app(), &actor(), fresh.organisation, "54000001", "80000001", "LCE1").await.expect("links").id
    }

    /// Everything that production takes.
    pub async fn ready(&self, fresh: &Fresh) -> ProjectId {
        let contract = self.contract(fresh).await;
        contracts::set_status(self.app(), &actor(), contract, ContractStatus::Active, None).await.expect("activates");
        let owner = Actor::Account(self.owner);
        policies::accept(self.app(), &owner, fresh.project, Production, policies::FIRST, "192.0.2.1").await.expect("accepts");
        fresh.project
    }

    /// What a rule that approves nothing of these tests shall be.
    pub fn wanted_rule(&self, fresh: &Fresh) -> approval_rules::Wanted {
        let name = fresh.secret.to_string();
        approval_rules::Wanted { name, mail_domains: "nobody.example".into(), ..approval_rules::Wanted::default() }
    }

    pub async fn rule(&self, fresh: &Fresh) -> ApprovalRuleId {
        approval_rules::put(self.app(), &actor(), None, &self.wanted_rule(fresh)).await.expect("adds").id
    }

    pub fn wanted_template(&self, fresh: &Fresh) -> reason_templates::Wanted {
        let (name, spanish, english) = (fresh.secret.to_string(), "Falta el contrato.".into(), "The contract is missing.".into());
        reason_templates::Wanted { queue: Queue::Access, name, spanish, english }
    }

    pub async fn template(&self, fresh: &Fresh) -> ReasonTemplateId {
        reason_templates::put(self.app(), &actor(), None, &self.wanted_template(fresh)).await.expect("adds").id
    }

    pub async fn key(&self, fresh: &Fresh) -> ChildKey {
        customer_keys::create(self.app(), &actor(), fresh.project, Sandbox, "740561073").await.expect("issues").record.id
    }

    /// A key in production for an account number that the organisation holds.
    pub async fn held_key(&self, fresh: &Fresh) -> ChildKey {
        let contract = self.contract(fresh).await;
        contracts::set_status(self.app(), &actor(), contract, ContractStatus::Active, None).await.expect("activates");
        customer_keys::create(self.app(), &actor(), fresh.project, Production, "80000001").await.expect("issues").record.id
    }

    pub fn jwk(&self) -> &'static str {
        crate::public_keys::ED25519
    }

    /// The thumbprint of a public key of the fresh client.
    pub async fn public_key(&self, fresh: &Fresh) -> String {
        public_keys::add(self.app(), &actor(), &fresh.client, self.jwk()).await.expect("adds").thumbprint
    }

    pub async fn customer_type(&self, fresh: &Fresh) -> CustomerTypeRequestId {
        let wanted = CustomerType::ProprietaryParent;
        customer_types::request(self.app(), &actor(), fresh.organisation, wanted, "we ship").await.expect("asks").id
    }

    /// A note of somebody else's.
    pub async fn note(&self, fresh: &Fresh) -> app::records::NoteId {
        organisations::add_note(self.app(), &Actor::System, fresh.organisation, "They pay late.").await.expect("writes").id
    }

    pub async fn invitation(&self, fresh: &Fresh) -> InvitationId {
        invitations::invite(self.app(), &actor(), fresh.organisation, "new@shop.example", Role::Viewer).await.expect("invites").record.id
    }

    /// An announcement, published or a draft.
    pub async fn announcement(&self, published: bool) -> AnnouncementId {
        let id = announcements::create(self.app(), &actor(), &crate::announcements::notice()).await.expect("writes");
        if published {
            announcements::publish(self.app(), &actor(), id, 1, false).await.expect("publishes");
        }
        id
    }

    /// A version of the policies that there is not yet.
    pub fn version(&self, fresh: &Fresh) -> String {
        format!("2027-{}", &fresh.secret.0.simple().to_string()[12..])
    }

    /// A draft of the policies, later than what was published before.
    pub async fn drafted(&self, fresh: &Fresh) -> String {
        self.house.hands.advance(1);
        let version = self.version(fresh);
        policies::put_draft(self.app(), &actor(), &crate::policies::draft(&version), None).await.expect("writes");
        version
    }

    /// A decision on a request of the fresh project.
    pub async fn decision(&self, fresh: &Fresh) -> uuid::Uuid {
        crate::view::decided(&self.house, Some((fresh.organisation, fresh.project, fresh.client.clone()))).await
    }
}
