//! `postigo-bench token`: the token route beside a bare server that reads the form, checks the secret and signs.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};

use crate::{
    Measure,
    contest::{self, Contender},
    cores::Cores,
    limit, load, node, report,
    server::{Server, local},
};

pub async fn run(measure: &Measure, cores: Cores) -> Result<()> {
    // No request goes to the API here.
    let house = node::House::build(measure.program()?, local(9))?;
    let postigo = house.serve(cores).await?;
    let sample = house.token().await?;
    let limit = start_limit(&house, &sample, cores)?;

    let request = house.token_request();
    let (_, body) = load::ask(limit.address, &request).await.context(report::LIMIT)?;
    ensure!(body.len() == sample.body.len(), "the limit answers {} bytes, postigo {}", body.len(), sample.body.len());

    let requests: load::Requests = Arc::from([request]);
    let contenders = [
        Contender { name: "postigo", server: postigo, requests: Arc::clone(&requests) },
        Contender { name: report::LIMIT, server: limit, requests },
    ];
    let scores = contest::hold(&contenders, measure).await?;
    report::give("token, ES256", measure, cores, &scores)
}

fn start_limit(house: &node::House, sample: &node::Sample, cores: Cores) -> Result<Server> {
    let (header, payload) = sample.parts()?;
    let (before, after) = sample.body.split_once(&sample.token).context("the token is in the answer")?;
    let settings = limit::token::Settings {
        client_id: house.client_id.clone(),
        client_secret: house.client_secret.clone(),
        header: header.to_owned(),
        payload,
        before: before.to_owned(),
        after: after.to_owned(),
        headers: sample.headers.clone(),
    };
    let mut command = cores.of_server(std::env::current_exe()?);
    command.arg("limit-token");
    Server::own(command, &settings)
}
