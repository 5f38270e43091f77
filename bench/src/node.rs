//! Postigo as it is measured: the program itself, in a folder of its own, set up with its own commands.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{cores::Cores, load, server::Server};

/// The path of the one operation of the one API.
pub const PATH: &str = "/bench/parcel";
const API: &str = "bench";
const SCOPE: &str = "BENCH";

/// A set up house with one client.
pub struct House {
    program: PathBuf,
    environment: SocketAddr,
    telemetry: SocketAddr,
    pub client_id: String,
    pub client_secret: String,
    /// Removed when dropped.
    folder: TempDir,
}

/// An answer of the token route, and what it is made of.
pub struct Sample {
    /// The headers, without those that frame the message.
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub token: String,
}

impl House {
    /// Makes a folder with a database, an API whose upstream is `origin`, and a client that may use it.
    pub fn build(program: PathBuf, origin: SocketAddr) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("postigo-bench.").tempdir().context("no temporary folder")?;
        let [environment, telemetry] = crate::server::free_ports()?;
        let path = folder.path().display();
        let config = format!(
            "database_url = \"sqlite://{path}/postigo.db\"\nmaster_key_file = \"{path}/master.key\"\nworker_threads = 1\n\n\
             [environments.sandbox]\nlisten = \"{environment}\"\n\n[telemetry]\nlisten = \"{telemetry}\"\n"
        );
        fs::write(folder.path().join("postigo.toml"), config)?;
        let catalogue = folder.path().join("catalogue");
        fs::create_dir(&catalogue)?;
        fs::write(catalogue.join("bench.json"), document(origin).to_string())?;

        let mut house = Self { program, environment, telemetry, client_id: String::new(), client_secret: String::new(), folder };
        house.administer(&["apply", &catalogue.to_string_lossy()])?;
        let founded = house.administer(&["organisation", "create", "Bench", "--type", "customer"])?;
        house.client_id = member(&founded, "client_id")?;
        house.client_secret = member(&founded, "client_secret")?;
        let project = member(&founded, "project_id")?;
        house.administer(&["access", "create", "--project", &project, "--environment", "sandbox", "--api", API])?;
        Ok(house)
    }

    /// Where files of this run may lie.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn prepared(&self, mut command: Command) -> Command {
        command.arg("--config").arg(self.folder.path().join("postigo.toml")).env("RUST_LOG", "off");
        // What somebody set for another node must not change what is measured.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("POSTIGO__")) {
            command.env_remove(name);
        }
        command
    }

    fn administer(&self, words: &[&str]) -> Result<Value> {
        let mut command = self.prepared(Command::new(&self.program));
        let output = command.args(words).arg("--json").output().with_context(|| format!("cannot run {command:?}"))?;
        if !output.status.success() {
            bail!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        serde_json::from_slice(&output.stdout).with_context(|| format!("{command:?} printed no JSON"))
    }

    /// Starts `postigo serve`.
    pub async fn serve(&self, cores: Cores) -> Result<Server> {
        let mut command = self.prepared(cores.of_server(&self.program));
        command.arg("serve");
        Server::other(command, self.environment, self.telemetry).await
    }

    /// The request for a token.
    pub fn token_request(&self) -> Vec<u8> {
        let form = format!("grant_type=client_credentials&client_id={}&client_secret={}", self.client_id, self.client_secret);
        let (host, length) = (self.environment, form.len());
        format!(
            "POST /oauth2/token HTTP/1.1\r\nhost: {host}\r\nuser-agent: postigo-bench\r\naccept: application/json\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{form}"
        )
        .into_bytes()
    }

    /// Asks for one token.
    pub async fn token(&self) -> Result<Sample> {
        let (head, body) = load::ask(self.environment, &self.token_request()).await.context("the token route")?;
        let body = String::from_utf8(body)?;
        let token = member(&serde_json::from_str(&body)?, "access_token")?;
        let headers = head.lines().skip(1).filter_map(|line| line.split_once(": "));
        let headers = headers.filter(|(name, _)| !matches!(*name, "date" | "content-length" | "connection"));
        Ok(Sample { headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(), body, token })
    }

    /// The public keys.
    pub async fn jwks(&self) -> Result<Value> {
        let request = format!("GET /.well-known/jwks.json HTTP/1.1\r\nhost: {}\r\n\r\n", self.environment);
        let (_, body) = load::ask(self.environment, request.as_bytes()).await.context("the key set")?;
        Ok(serde_json::from_slice(&body)?)
    }
}

impl Sample {
    /// The header and the payload of the token: the first as it stands, the second decoded.
    pub fn parts(&self) -> Result<(&str, String)> {
        let mut parts = self.token.split('.');
        let (header, payload) = parts.next().zip(parts.next()).context("a token has three parts")?;
        Ok((header, String::from_utf8(URL_SAFE_NO_PAD.decode(payload)?)?))
    }
}

fn member(value: &Value, name: &str) -> Result<String> {
    Ok(value[name].as_str().with_context(|| format!("{name} is missing"))?.to_owned())
}

fn document(origin: SocketAddr) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Bench", "version": "1.0.0"},
        "paths": {PATH: {"get": {
            "operationId": "readParcel", "summary": "A parcel of 1 KiB", "security": [{"oauth2": [SCOPE]}],
            "responses": {"200": {"description": "The parcel"}, "default": {"description": "A refusal"}},
        }}},
        "components": {"securitySchemes": {"oauth2": {
            "type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/oauth2/token", "scopes": {SCOPE: "Read parcels"}}},
        }}},
        "x-postigo": {
            "name": API,
            "upstreams": {"sandbox": [format!("http://{origin}")]},
            "api_credential": "none",
            "auto_approve": {"sandbox": "all"},
            // Counted like any other plan, never reached.
            "plans": [{"name": "generous", "rate": {"requests": 4_000_000_000_u32, "window_seconds": 10}, "quota": {"requests": 4_000_000_000_u32}}],
        },
    })
}
