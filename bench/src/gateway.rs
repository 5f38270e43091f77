//! `postigo-bench gateway`: a request through the gateway beside a bare proxy that remembers verified tokens.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::{
    Measure, Pass,
    contest::{self, Contender},
    cores::Cores,
    limit, load, nginx,
    node::{House, PATH},
    report,
    server::Server,
};

/// How many tokens take turns.
const TOKENS: usize = 256;

pub async fn run(measure: &Measure, pass: Option<Pass>, cores: Cores) -> Result<()> {
    // Beside the load, where this process and what it starts runs.
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("origin");
    let origin = Server::own(command, &limit::origin::Settings { path: PATH.to_owned() })?;

    let house = House::build(measure.program()?, origin.address)?;
    let postigo = house.serve(cores).await?;
    let mut requests = Vec::with_capacity(TOKENS);
    for _ in 0..TOKENS {
        let token = house.token().await?.token;
        requests.push(format!("GET {PATH} HTTP/1.1\r\nhost: api.example\r\nuser-agent: postigo-bench\r\naccept: */*\r\nauthorization: Bearer {token}\r\n\r\n").into_bytes());
    }
    let requests: load::Requests = requests.into();

    let mut command = cores.of_server(std::env::current_exe()?);
    command.arg("limit-gateway");
    let limit = Server::own(command, &limit::gateway::Settings { origin: origin.address, keys: house.jwks().await? })?;

    let mut servers = vec![("postigo", postigo), (report::LIMIT, limit)];
    match pass {
        Some(Pass::Nginx) => servers.push(("nginx", nginx::start(house.folder(), origin.address, cores).await?)),
        None => {}
    }
    let contenders: Vec<_> = servers.into_iter().map(|(name, server)| Contender { name, server, requests: requests.clone() }).collect();
    for contender in &contenders {
        let (_, body) = load::ask(contender.server.address, &contender.requests[0]).await.context(contender.name)?;
        ensure!(body.len() == limit::origin::LENGTH, "{} answers {} bytes", contender.name, body.len());
    }
    let scores = contest::hold(&contenders, measure).await?;
    report::give("gateway, 256 tokens repeating, 1 KiB", measure, cores, &scores)
}
