//! Everybody who may try something, and a fresh organisation for each try.

use std::collections::HashMap;

use app::{Actor, App, access, contracts, customer_keys, customer_types, invitations, organisations, policies};
use domain::{
    AccountId, ChildKey, ClientId, ContractId, CustomerType, CustomerTypeRequestId,
    Environment::{self, Production, Sandbox},
    GrantId, InvitationId, OrganisationId, ProjectId, SecretId,
    contract::ContractStatus,
    role::{Role, Staff},
};
use store::testkit::TestDb;

use crate::house::{House, actor, house};

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

    pub async fn grant(&self, fresh: &Fresh) -> GrantId {
        self.asked(fresh, Sandbox).await.grant.expect("granted").id
    }

    pub async fn contract(&self, fresh: &Fresh) -> ContractId {
        contracts::link(self.app(), &actor(), fresh.organisation, "54000001", "80000001", "LCE1").await.expect("links").id
    }

    /// Everything that production takes.
    pub async fn ready(&self, fresh: &Fresh) -> ProjectId {
        let contract = self.contract(fresh).await;
        contracts::set_status(self.app(), &actor(), contract, ContractStatus::Active, None).await.expect("activates");
        let owner = Actor::Account(self.owner);
        policies::accept(self.app(), &owner, fresh.project, Production, policies::CURRENT, "192.0.2.1").await.expect("accepts");
        fresh.project
    }

    pub async fn key(&self, fresh: &Fresh) -> ChildKey {
        customer_keys::create(self.app(), &actor(), fresh.project, Sandbox, "740561073").await.expect("issues").record.id
    }

    pub async fn customer_type(&self, fresh: &Fresh) -> CustomerTypeRequestId {
        let wanted = CustomerType::ProprietaryParent;
        customer_types::request(self.app(), &actor(), fresh.organisation, wanted, "we ship").await.expect("asks").id
    }

    pub async fn invitation(&self, fresh: &Fresh) -> InvitationId {
        invitations::invite(self.app(), &actor(), fresh.organisation, "new@shop.example", Role::Viewer).await.expect("invites").record.id
    }

    /// A decision on a request of the fresh project.
    pub async fn decision(&self, fresh: &Fresh) -> uuid::Uuid {
        crate::view::decided(&self.house, Some((fresh.organisation, fresh.project, fresh.client.clone()))).await
    }
}
