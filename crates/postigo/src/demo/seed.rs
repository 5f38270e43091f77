//! The demo's sample data, made through the same use cases that everybody else goes through.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use app::{Actor, App, access, accounts, catalogue, catalogue::Document, clients, contracts, customer_keys, invitations, organisations};
use domain::{
    AccountId, ApiName, CustomerType, Environment, OrganisationId, ProjectId, ScopeSet,
    contract::ContractStatus,
    management,
    role::{Role, Staff},
    secret::Secret,
};

use super::{
    credentials::{BaseUrl, Credentials, CustomerKey, Environments, Management, Member, Pair, Portal, Project, SignIn, Url},
    holders,
};
use crate::{
    commands::catalogue::parse,
    config::{Config, Listener},
};

/// A shop with everything, in both environments.
pub const SHOP: &str = "Librería Cervantes";
/// The client number of that shop's contract, by which others act for it.
pub const SHOPS_ACCOUNT: &str = "80000000";
/// A shop that may print labels and track, and nothing else.
pub const SMALL_SHOP: &str = "Papelería Sol";
/// A platform that acts for many.
pub const PLATFORM: &str = "Envíos Unidos";
/// A parent company that acts for its own.
pub const PARENT: &str = "Grupo Meseta";

/// The carrier's own, whose programs administer it.
pub const OPERATOR: &str = "Operadora";

/// Every API of the demo and whether Correos' second credential goes with it.
const CORREOS: [&str; 5] = ["preregister", "labels", "requests", "tracking", "shop"];
const FEDEX: [&str; 2] = ["fedex-track", "fedex-ship"];
/// What platforms and parents have besides: keys for their customers.
const REGISTRATION: &str = "registration";

/// Fills an empty house.
pub async fn sow(app: &App, config: &Config) -> Result<Credentials> {
    let mut sower = Sower { app, actor: Actor::System, projects: Vec::new() };
    let all = carrier::openapi::DOCUMENTS.iter().chain([&authority::registration::DOCUMENT]);
    let documents = all.map(|(file, text)| Ok(Document { file: (*file).to_owned(), content: parse(file, text)? }));
    catalogue::apply(app, &sower.actor, documents.collect::<Result<_>>()?, false).await?;

    let everything: Vec<_> = CORREOS.iter().chain(&FEDEX).map(|api| (*api, None)).collect();
    let shop = sower.organisation(SHOP, CustomerType::Customer, "Tienda web", &everything).await?;
    sower.contract(shop.0, "54000000", SHOPS_ACCOUNT, "XXX1", ContractStatus::Active).await?;
    sower.production(shop.1, &everything).await?;

    let mut more = everything.clone();
    more.push((REGISTRATION, None));
    let platform = sower.organisation(PLATFORM, CustomerType::Integrator, "Plataforma", &more).await?;
    sower.keys(platform.1, Environment::Sandbox, &["700257037", "740561073"]).await?;
    let parent = sower.organisation(PARENT, CustomerType::ProprietaryParent, "Logística del grupo", &more).await?;
    sower.keys(parent.1, Environment::Sandbox, &["510087100", "510087283"]).await?;
    // Both act for the shop in production, where it sees them; the platform for somebody else too. What they send of their own goes under
    // contracts of their own.
    sower.contract(platform.0, "54000003", "80000003", "EUN1", ContractStatus::Active).await?;
    sower.contract(parent.0, "54000004", "80000004", "GME1", ContractStatus::Active).await?;
    sower.production(platform.1, &more).await?;
    sower.keys(platform.1, Environment::Production, &[SHOPS_ACCOUNT, "740561073"]).await?;
    sower.production(parent.1, &more).await?;
    sower.keys(parent.1, Environment::Production, &[SHOPS_ACCOUNT]).await?;

    let some = [("labels", None), ("tracking", None), ("shop", Some("LBS TPB"))];
    let small = sower.organisation(SMALL_SHOP, CustomerType::Customer, "Mostrador", &some).await?;
    sower.contract(small.0, "54000002", "80000002", "PSO1", ContractStatus::Pending).await?;
    // Production is never approved at once: this one waits for the operator.
    sower.ask(small.1, Environment::Production, "labels", None, "Imprimir etiquetas en el mostrador desde enero").await?;

    let account_holders = holders::sow(app, &sower.actor).await?;
    let mut accounts = Vec::new();
    for (organisation, (id, _), name, role) in [
        (SHOP, &shop, "Lucía Fernández", Role::Owner),
        (SHOP, &shop, "Dani Ruiz", Role::Developer),
        (SHOP, &shop, "Vera Molina", Role::Viewer),
        (SMALL_SHOP, &small, "Sol Navarro", Role::Owner),
        (PLATFORM, &platform, "Pau Vidal", Role::Owner),
        (PARENT, &parent, "Marta Alonso", Role::Admin),
    ] {
        accounts.push(sower.member(organisation, *id, name, role).await?);
    }
    let operator = sower.person("operator@postigo.example", "Olga Prado", Some(Staff::Administrator)).await?.0;
    let management = sower.management(config).await?;
    let url = |listener: &Option<Listener>| listener.as_ref().map(Listener::public_url).unwrap_or_default();
    Ok(Credentials {
        portal: Portal { url: url(&config.portal), operator, accounts },
        environments: Environments {
            sandbox: BaseUrl { base_url: url(&config.environments.sandbox) },
            production: BaseUrl { base_url: url(&config.environments.production) },
        },
        telemetry: Url { url: url(&config.telemetry) },
        projects: sower.projects,
        account_holders,
        management,
    })
}

struct Sower<'a> {
    app: &'a App,
    actor: Actor,
    projects: Vec<Project>,
}

type Asked<'a> = (&'a str, Option<&'a str>);

impl Sower<'_> {
    async fn organisation(
        &mut self,
        name: &str,
        customer_type: CustomerType,
        project: &str,
        apis: &[Asked<'_>],
    ) -> Result<(OrganisationId, ProjectId)> {
        let founded = organisations::create(self.app, &self.actor, name, customer_type, project).await?;
        let client = founded.first.client;
        self.projects.push(Project {
            organisation: name.to_owned(),
            customer_type,
            project: project.to_owned(),
            project_id: founded.first.project.id.to_string(),
            environment: Environment::Sandbox,
            client_id: client.client.id.to_string(),
            client_secret: client.secret.secret.expose().to_owned(),
            scopes: Vec::new(),
            api_credentials: BTreeMap::new(),
            customer_keys: Vec::new(),
        });
        self.access(founded.first.project.id, Environment::Sandbox, apis).await?;
        Ok((founded.organisation.id, founded.first.project.id))
    }

    /// A production client beside the sandbox client of a project, with the same APIs, approved by the operator.
    async fn production(&mut self, project: ProjectId, apis: &[Asked<'_>]) -> Result<()> {
        let created = clients::create(self.app, &self.actor, project, Environment::Production).await?;
        let sandbox = self.projects.iter().find(|known| known.project_id == project.to_string()).context("the project is known")?;
        self.projects.push(Project {
            environment: Environment::Production,
            client_id: created.client.id.to_string(),
            client_secret: created.secret.secret.expose().to_owned(),
            scopes: Vec::new(),
            api_credentials: BTreeMap::new(),
            customer_keys: Vec::new(),
            ..sandbox.clone()
        });
        self.access(project, Environment::Production, apis).await
    }

    async fn access(&mut self, project: ProjectId, environment: Environment, apis: &[Asked<'_>]) -> Result<()> {
        let mut scopes = ScopeSet::EMPTY;
        for (api, some) in apis {
            let mut outcome = self.ask(project, environment, api, *some, "Demo").await?;
            if outcome.grant.is_none() {
                outcome = access::approve(self.app, &self.actor, outcome.request.id, Some("Demo")).await?;
            }
            scopes = scopes.union(&outcome.request.scopes);
            if let Some(issued) = outcome.api_credential {
                self.pair(project, environment, issued.record.id.as_str(), &issued.secret)?;
            }
        }
        self.known(project, environment)?.scopes = scopes.iter().map(ToString::to_string).collect();
        Ok(())
    }

    async fn ask(
        &self,
        project: ProjectId,
        environment: Environment,
        api: &str,
        scopes: Option<&str>,
        reason: &str,
    ) -> Result<access::Outcome> {
        let scopes = scopes.map(ScopeSet::parse).transpose()?;
        let wish = access::Wish { project, environment, api: ApiName::from(api), scopes, plan: None, reason: reason.to_owned() };
        Ok(access::request(self.app, &self.actor, wish).await?)
    }

    /// One pair opens every Correos-shaped API, as at Correos; it is listed under each of them.
    fn pair(&mut self, project: ProjectId, environment: Environment, id: &str, secret: &Secret) -> Result<()> {
        let pair = Pair { client_id: id.to_owned(), client_secret: secret.expose().to_owned() };
        self.known(project, environment)?.api_credentials = CORREOS.iter().map(|api| ((*api).to_owned(), pair.clone())).collect();
        Ok(())
    }

    async fn keys(&mut self, project: ProjectId, environment: Environment, accounts: &[&str]) -> Result<()> {
        for account_number in accounts {
            let issued = customer_keys::create(self.app, &self.actor, project, environment, account_number).await?;
            let key = CustomerKey {
                account_number: (*account_number).to_owned(),
                child_key: issued.record.id.to_string(),
                child_secret: issued.secret.expose().to_owned(),
            };
            self.known(project, environment)?.customer_keys.push(key);
        }
        Ok(())
    }

    /// An account that signs in by password, and stores no language: pages follow the browser.
    async fn person(&self, email: &str, name: &str, staff: Option<Staff>) -> Result<(SignIn, AccountId)> {
        let created = accounts::create_verified(self.app, &self.actor, email, name, None, None, staff).await?;
        let password = created.drawn.context("a password was drawn")?;
        Ok((SignIn { email: email.to_owned(), password: password.expose().to_owned() }, created.account.id))
    }

    /// Somebody who was invited into an organisation and accepted. The address is the first name's.
    async fn member(&self, name: &str, organisation: OrganisationId, person: &str, role: Role) -> Result<Member> {
        let first = person.split(' ').next().unwrap_or(person).to_lowercase().replace('í', "i");
        let email = format!("{first}@{}", domain_of(name));
        let (sign_in, account) = self.person(&email, person, None).await?;
        let invitation = invitations::invite(self.app, &self.actor, organisation, &email, role).await?;
        invitations::accept(self.app, account, invitation.secret.expose()).await?;
        Ok(Member { sign_in, organisation: name.to_owned(), role })
    }

    async fn contract(
        &self,
        organisation: OrganisationId,
        number: &str,
        client_number: &str,
        labeller: &str,
        status: ContractStatus,
    ) -> Result<()> {
        let contract = contracts::link(self.app, &self.actor, organisation, number, client_number, labeller).await?;
        if status != ContractStatus::Pending {
            contracts::set_status(self.app, &self.actor, contract.id, status, None).await?;
        }
        Ok(())
    }

    /// A client of the operator's own that may do everything the management API can.
    async fn management(&self, config: &Config) -> Result<Management> {
        let url = |listener: &Option<Listener>| listener.as_ref().map(Listener::public_url).unwrap_or_default();
        let token_url = crate::node::token_url(&url(&config.environments.production));
        catalogue::keep_management(self.app, &portal::management::document(&url(&config.portal), &token_url)).await?;
        let founded = organisations::create(self.app, &self.actor, OPERATOR, CustomerType::Internal, "Automatización").await?;
        self.contract(founded.organisation.id, "54000009", "80000009", "OPE1", ContractStatus::Active).await?;
        let project = founded.first.project.id;
        let created = clients::create(self.app, &self.actor, project, Environment::Production).await?;
        let asked = self.ask(project, Environment::Production, management::NAME, None, "Demo").await?;
        access::approve(self.app, &self.actor, asked.request.id, Some("Demo")).await?;
        Ok(Management { client_id: created.client.id.to_string(), client_secret: created.secret.secret.expose().to_owned(), token_url })
    }

    fn known(&mut self, project: ProjectId, environment: Environment) -> Result<&mut Project> {
        let id = project.to_string();
        self.projects.iter_mut().find(|known| known.project_id == id && known.environment == environment).context("the project is known")
    }
}

/// Where the people of a sample organisation have their mail.
fn domain_of(organisation: &str) -> &'static str {
    match organisation {
        SHOP => "cervantes.example",
        SMALL_SHOP => "papeleriasol.example",
        PLATFORM => "enviosunidos.example",
        _ => "meseta.example",
    }
}
