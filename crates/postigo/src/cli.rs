//! The command line.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};

use crate::{
    alone,
    commands::{
        self, access, account, announcement, api_credential, audit, catalogue, client, contract, customer_key, decision, holders, keys,
        organisation, plan, policies, project, revoke, secret,
    },
    config::Config,
    demo, doctor, house, log, node,
};

/// The front door of a parcel carrier's APIs: developer portal, OAuth 2.0 authorization server, gateway and sandbox carrier.
#[derive(Debug, Parser)]
#[command(name = "postigo", version, max_term_width = 100, after_help = "Start with: postigo demo")]
pub struct Cli {
    /// Configuration file [default: ./postigo.toml when it exists, else development defaults]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the whole thing on this machine, with a guided tour
    Demo(demo::Arguments),
    /// Serve what the configuration says
    #[command(after_help = "Example:\n  postigo serve --config /etc/postigo/postigo.toml")]
    Serve,
    /// Serve the sandbox carrier alone, as an upstream for another gateway or for bare calls
    Carrier(alone::Arguments),
    /// Make the catalogue, its plans, the policies and how the queues are worked equal to the documents in a folder
    Apply(catalogue::Apply),
    /// Write the documents that `apply` reads to a folder
    Export(catalogue::Export),
    /// Check configuration, database, keys, clock and listeners, and say how to mend what is wrong
    #[command(after_help = "Example:\n  postigo doctor --config /etc/postigo/postigo.toml")]
    Doctor(commands::Plain),
    /// Bring the tables of the database to this version
    #[command(after_help = "Example:\n  postigo migrate --config /etc/postigo/postigo.toml")]
    Migrate(commands::Plain),
    /// Companies
    #[command(subcommand, alias = "organization", after_help = "Example:\n  postigo organisation list")]
    Organisation(organisation::Command),
    /// Plans of the house, which APIs offer by name
    #[command(subcommand, after_help = "Example:\n  postigo plan list")]
    Plan(plan::Command),
    /// Transport contracts
    #[command(subcommand, after_help = "Example:\n  postigo contract list --status pending")]
    Contract(contract::Command),
    /// Applications of an organisation
    #[command(subcommand, after_help = "Example:\n  postigo project list")]
    Project(project::Command),
    /// A project's credentials in one environment
    #[command(subcommand, after_help = "Example:\n  postigo client list --project 0197…")]
    Client(client::Command),
    /// Client secrets: issue, list, retire
    #[command(subcommand, after_help = "Example:\n  postigo secret list --client sbx_ci_…")]
    Secret(secret::Command),
    /// The second credential pair that some APIs demand on every call
    #[command(subcommand, after_help = "Example:\n  postigo api-credential list --project 0197…")]
    ApiCredential(api_credential::Command),
    /// Access requests and grants
    #[command(subcommand, after_help = "Example:\n  postigo access list --status pending")]
    Access(access::Command),
    /// People who sign in to the portal
    #[command(subcommand, after_help = "Example:\n  postigo account list")]
    Account(account::Command),
    /// What everybody is told: notices, maintenance, incidents
    #[command(subcommand, after_help = "Example:\n  postigo announcement list")]
    Announcement(announcement::Command),
    /// The usage policies, version by version
    #[command(subcommand, after_help = "Example:\n  postigo policies list")]
    Policies(policies::Command),
    /// Child credentials: a project acts for an account number
    #[command(subcommand, after_help = "Example:\n  postigo customer-key list --project 0197…")]
    CustomerKey(customer_key::Command),
    /// The register of account holders, whom platforms register as their customers
    #[command(subcommand, after_help = "Example:\n  postigo holders import holders.csv --environment sandbox --dry-run")]
    Holders(holders::Command),
    /// Stop something everywhere, within a second
    Revoke(revoke::Revoke),
    /// Signing keys
    #[command(subcommand, after_help = "Example:\n  postigo keys list --environment sandbox")]
    Keys(keys::Command),
    /// Why a request was passed or refused
    Decision(decision::Decision),
    /// The audit log
    #[command(subcommand, after_help = "Example:\n  postigo audit list --limit 20")]
    Audit(audit::Command),
}

impl Cli {
    /// Does what was asked.
    ///
    /// # Errors
    /// One line for standard error.
    pub fn run(self) -> Result<()> {
        if let Command::Demo(arguments) = self.command {
            return runtime(None)?.block_on(demo::run(arguments));
        }
        let config = Config::read(self.config.as_deref(), std::env::vars())?;
        let runtime = runtime(config.worker_threads)?;
        runtime.block_on(async move {
            match self.command {
                Command::Demo(_) => Ok(()),
                Command::Serve => Box::pin(serve(config)).await,
                Command::Carrier(arguments) => alone::run(arguments, &config).await,
                Command::Doctor(plain) => doctor::run(&config, plain.output()).await,
                Command::Migrate(plain) => {
                    house::database(&config).await?.migrate().await?;
                    plain.output().done("The tables are of this version.")
                }
                command => {
                    log::start(config.log_format, "warn");
                    house::must_exist(&config, self.config.is_some())?;
                    let house = house::open(&config).await?;
                    administration(command, &house.app).await
                }
            }
        })
    }
}

async fn administration(command: Command, app: &app::App) -> Result<()> {
    let actor = &house::operator();
    match command {
        Command::Apply(command) => command.run(app, actor).await,
        Command::Export(command) => command.run(app, actor).await,
        Command::Organisation(command) => command.run(app, actor).await,
        Command::Plan(command) => command.run(app, actor).await,
        Command::Contract(command) => command.run(app, actor).await,
        Command::Project(command) => command.run(app, actor).await,
        Command::Client(command) => command.run(app, actor).await,
        Command::Secret(command) => command.run(app, actor).await,
        Command::ApiCredential(command) => command.run(app, actor).await,
        Command::Access(command) => command.run(app, actor).await,
        Command::Account(command) => command.run(app, actor).await,
        Command::CustomerKey(command) => command.run(app, actor).await,
        Command::Holders(command) => command.run(app, actor).await,
        Command::Announcement(command) => command.run(app, actor).await,
        Command::Policies(command) => command.run(app, actor).await,
        Command::Revoke(command) => command.run(app, actor).await,
        Command::Keys(command) => command.run(app, actor).await,
        Command::Decision(command) => command.run(app).await,
        Command::Audit(command) => command.run(app, actor).await,
        Command::Demo(_) | Command::Serve | Command::Carrier(_) | Command::Doctor(_) | Command::Migrate(_) => Ok(()),
    }
}

async fn serve(config: Config) -> Result<()> {
    log::start(config.log_format, "info");
    let _lock = house::lock(&config)?;
    let house = house::open_to_people(&config).await?;
    let node = node::Node::start(&config, &house).await?;
    for (table, listener) in config.listeners() {
        tracing::info!(listen = %listener.listen, url = %listener.public_url(), "{table} is open");
    }
    node::stopped().await?;
    tracing::info!("stopping: what is under way may end");
    node.stop().await;
    house.app.db().close().await;
    Ok(())
}

fn runtime(threads: Option<usize>) -> Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if let Some(threads) = threads {
        builder.worker_threads(threads.max(1));
    }
    builder.enable_all().build().context("the runtime could not be started")
}
