//! `postigo doctor`: looks at everything a node needs and says how to mend what is wrong.

use std::{collections::HashSet, net::TcpListener, time::Duration};

use anyhow::{Context as _, Result, bail};
use domain::{Environment, api::Upstream, openapi, wrapping::MasterKey};
use serde::Serialize;
use serde_json::json;
use store::Db;
use tokio::net::TcpStream;

use crate::{
    config::{Config, Listener},
    house,
    output::Output,
    paloma, sign_on, system,
};

/// What was looked at and how it is.
#[derive(Serialize)]
struct Finding {
    check: String,
    verdict: &'static str,
    detail: String,
}

struct Findings(Vec<Finding>);

impl Findings {
    fn good(&mut self, check: impl Into<String>, detail: impl Into<String>) {
        self.0.push(Finding { check: check.into(), verdict: "good", detail: detail.into() });
    }
    fn note(&mut self, check: impl Into<String>, detail: impl Into<String>) {
        self.0.push(Finding { check: check.into(), verdict: "note", detail: detail.into() });
    }
    fn bad(&mut self, check: impl Into<String>, detail: impl Into<String>) {
        self.0.push(Finding { check: check.into(), verdict: "bad", detail: detail.into() });
    }
}

/// Runs every check; an error when one of them is bad.
pub async fn run(config: &Config, output: Output) -> Result<()> {
    let mut findings = Findings(Vec::new());
    findings.good("configuration", "every key is known");
    match store::sqlite_path(&config.database_url).filter(|file| !file.exists()) {
        // Looking must not make what it looks for.
        Some(file) => findings.note("database", format!("{} is not there yet: the first start of a node makes it", file.display())),
        None => match house::database(config).await {
            Err(error) => findings.bad("database", format!("{error:#}")),
            Ok(db) => {
                findings.good("database", format!("{} answers", db.engine()));
                database(config, &db, &mut findings).await;
            }
        },
    }
    match paloma::event_matrix(config.sandbox.event_matrix.as_deref()) {
        Ok(matrix) => findings.good("event matrix", format!("{} events", matrix.rows().len())),
        Err(error) => findings.bad("event matrix", format!("{error:#}")),
    }
    clock(&mut findings);
    second_factor(config, &mut findings);
    staff_sign_on(config, &mut findings).await;
    listeners(config, &mut findings);
    let bad = findings.0.iter().filter(|finding| finding.verdict == "bad").count();
    output.many(&findings.0, &["verdict", "check", "detail"], "")?;
    if bad > 0 {
        bail!("{bad} of {} checks are bad", findings.0.len());
    }
    Ok(())
}

async fn database(config: &Config, db: &Db, findings: &mut Findings) {
    let pending = match db.pending_migrations().await {
        Ok(pending) => pending,
        Err(error) => return findings.bad("migrations", error.to_string()),
    };
    if pending > 0 {
        return findings.note("migrations", format!("{pending} to come: `postigo migrate`, or the next start of a node, brings them"));
    }
    findings.good("migrations", "the tables are of this version");
    let file = config.master_key_file.display();
    let master = std::fs::read_to_string(&config.master_key_file).map_err(|error| error.to_string());
    let master = match master.and_then(|text| MasterKey::parse(&text).map_err(|error| error.to_string())) {
        Err(error) => return findings.bad("master key", format!("{file}: {error}")),
        Ok(master) => master,
    };
    match std::fs::metadata(&config.master_key_file).map(|meta| std::os::unix::fs::MetadataExt::mode(&meta) & 0o077) {
        Ok(0) => findings.good("master key", format!("{file}, readable by its owner only")),
        _ => findings.bad("master key", format!("{file} can be read by others: chmod 600 {file}")),
    }
    for environment in Environment::ALL {
        match store::signing_keys::of_environment(db, *environment).await {
            Err(error) => findings.bad(format!("signing keys, {environment}"), error.to_string()),
            Ok(keys) if keys.is_empty() => {
                findings.note(format!("signing keys, {environment}"), "none yet: the first start of a node draws one");
            }
            Ok(keys) => {
                let opened = keys.iter().all(|key| master.unwrap("it", &domain::signing_key::wrapping_name(&key.id), &key.wrapped).is_ok());
                if opened {
                    findings.good(format!("signing keys, {environment}"), format!("{} open with the master key", keys.len()));
                } else {
                    findings.bad(
                        format!("signing keys, {environment}"),
                        format!("{file} does not open them: it is not the master key of this database"),
                    );
                }
            }
        }
    }
    upstreams(db, findings).await;
}

/// Whether something listens where the catalogue sends requests to.
async fn upstreams(db: &Db, findings: &mut Findings) {
    let rows = match store::apis::all(db).await {
        Ok(rows) => rows,
        Err(error) => return findings.bad("catalogue", error.to_string()),
    };
    let plans = match store::plans::named(db).await {
        Ok(plans) => plans,
        Err(error) => return findings.bad("plans", error.to_string()),
    };
    let mut asked = HashSet::new();
    for row in rows {
        let Some(api) = serde_json::from_str(&row.document).ok().and_then(|document| openapi::read(&document, &plans).ok()) else {
            findings.bad("catalogue", format!("the document of {} cannot be read: publish it again with `postigo apply`", row.name));
            continue;
        };
        for upstream in Environment::ALL.iter().flat_map(|environment| api.upstreams.of(*environment)) {
            let Upstream::Origin(origin) = upstream else { continue };
            if !asked.insert(origin.clone()) {
                continue;
            }
            match reach(origin).await {
                Ok(()) => findings.good("upstream", format!("{origin} of {} takes connections", row.name)),
                Err(error) => findings.bad("upstream", format!("{origin} of {}: {error}", row.name)),
            }
        }
    }
}

async fn reach(origin: &str) -> Result<()> {
    let uri: http::Uri = origin.parse()?;
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let connecting = TcpStream::connect((host, port));
    tokio::time::timeout(Duration::from_secs(2), connecting).await.context("no connection within 2 s")??;
    Ok(())
}

/// Whether a password alone opens the console.
fn second_factor(config: &Config, findings: &mut Findings) {
    let check = "second factor of staff";
    if config.portal.is_none() {
        return;
    }
    if config.settings().staff_second_factor {
        findings.good(check, "asked of everybody");
    } else {
        findings.note(check, "a password alone opens the console, which is for demos: take `[portal] staff_second_factor = false` out");
    }
}

/// Whether staff can sign on by the provider that is named.
async fn staff_sign_on(config: &Config, findings: &mut Findings) {
    let check = "[portal.staff_sign_on]";
    let on = match sign_on::of(config) {
        Ok(None) => return,
        Err(error) => return findings.bad(check, format!("{error:#}")),
        Ok(Some(on)) => on,
    };
    let redirect = format!("{}{}", config.portal.as_ref().map(Listener::public_url).unwrap_or_default(), app::accounts::CALLBACK);
    if domain::openid::is_safe(&redirect) {
        findings.good(check, format!("the redirect URI to register at the provider is {redirect}"));
    } else {
        findings.bad(check, format!("{redirect} is neither https nor of this machine: set [portal] public_url to an https address"));
    }
    let issuer = &on.terms().issuer;
    let looked = match on.look().await {
        Ok(provider) => on.look_for_keys(&provider).await,
        Err(cause) => Err(cause),
    };
    match looked {
        Ok(_) => findings.good(check, format!("{issuer} answers, and its metadata and keys are fit for use")),
        Err(cause) => findings.bad(check, format!("{issuer}: {cause}")),
    }
}

/// A clock that stands in the past issues tokens nobody believes.
fn clock(findings: &mut Findings) {
    let now = system::clock().now();
    let built = jiff::civil::date(2026, 11, 1).to_zoned(jiff::tz::TimeZone::UTC).map(|zoned| zoned.timestamp());
    if built.is_ok_and(|built| now < built) {
        findings.bad("clock", format!("it says {now}, which is before this program was made: set the system's time"));
    } else {
        findings.good("clock", now.to_string());
    }
}

fn listeners(config: &Config, findings: &mut Findings) {
    if config.portal.as_ref().is_some_and(Listener::has_mailbox) {
        findings.note(
            "[portal] mailbox",
            "whoever reaches the portal reads every mail, links that open accounts among them: for development only",
        );
    }
    for (table, listener) in config.listeners() {
        let check = format!("[{table}]");
        match TcpListener::bind(listener.listen) {
            Ok(_) => findings.good(&check, format!("{} is free; public_url {}", listener.listen, listener.public_url())),
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                findings.note(&check, format!("{} is in use: by a running node, or by another program", listener.listen));
            }
            Err(error) => findings.bad(&check, format!("{}: {error}", listener.listen)),
        }
        for file in [&listener.certificate, &listener.private_key].into_iter().flatten() {
            if let Err(error) = std::fs::File::open(file) {
                findings.bad(&check, format!("{}: {error}", file.display()));
            }
        }
        if listener.certificate.is_none() && !listener.listen.ip().is_loopback() {
            let advice = json!({"certificate": "…", "private_key": "…"});
            findings.note(
                &check,
                format!("{} takes requests without TLS from other machines; put a TLS proxy in front or set {advice}", listener.listen),
            );
        }
    }
}
