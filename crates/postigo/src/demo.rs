//! `postigo demo`: the whole thing on this machine, with a guided tour.

mod call;
mod credentials;
mod holders;
mod seed;
mod stage;
mod tour;

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::{
    house, log,
    node::{self, Node},
    output::line,
};

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  postigo demo\n  postigo demo --once\n  postigo demo --port-base 9000 --json credentials.json")]
pub struct Arguments {
    /// Stop after the tour; fail when a step of it failed
    #[arg(long)]
    once: bool,
    /// Write the demo's credentials to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Portal on this port, sandbox, production and telemetry on the three after it
    #[arg(long, value_name = "N", default_value_t = 8080, value_parser = clap::value_parser!(u16).range(1..=65532))]
    port_base: u16,
    /// Call the portal by this name of the machine instead of 127.0.0.1; passkeys need a name, such as localhost
    #[arg(long, value_name = "NAME", value_parser = host)]
    portal_host: Option<String>,
    /// Where the demo keeps its database; rebuilt at each start
    #[arg(long, value_name = "DIR", default_value = "postigo-data")]
    data_dir: PathBuf,
}

/// A host as it can stand in a URL.
fn host(text: &str) -> Result<String, &'static str> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    if !text.is_empty() && text.bytes().all(fits) { Ok(text.to_owned()) } else { Err("write a name such as localhost") }
}

/// Runs the demo.
pub async fn run(arguments: Arguments) -> Result<()> {
    log::start(crate::config::LogFormat::Text, "warn");
    let stage = stage::build(&arguments.data_dir, arguments.port_base, arguments.portal_host.as_deref())?;
    let house = house::open_to_people(&stage.config).await?;
    let credentials = seed::sow(&house.app, &stage.config).await.context("the sample data could not be made")?;
    if let Some(file) = &arguments.json {
        let text = serde_json::to_string_pretty(&credentials)?;
        house::write_private(file, &text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    let node = Node::start(&stage.config, &house).await.context("the demo cannot start here; --port-base chooses other ports")?;
    let failed = tour::walk(&stage, &credentials, house.app.db()).await?;
    if !arguments.once {
        tour::invite(&stage, &credentials)?;
        node::stopped().await?;
        line("\nStopping.")?;
    }
    node.stop().await;
    house.app.db().close().await;
    if arguments.once && failed > 0 {
        bail!("{failed} steps of the tour failed");
    }
    Ok(())
}
