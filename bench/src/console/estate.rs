//! A large house: set up with the program's own commands, then filled in bulk.

use std::{
    fmt, fs,
    io::Write as _,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context as _, Result, bail, ensure};
use serde::Serialize;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{cores::Cores, server::Server};

/// Who signs in.
pub const EMAIL: &str = "bench@postigo.example";
pub const PASSWORD: &str = "a long sentence that nobody else has";

/// A house with a catalogue, a program of the operator's and somebody of the staff.
pub struct Estate {
    program: PathBuf,
    url: String,
    pub portal: SocketAddr,
    pub production: SocketAddr,
    telemetry: SocketAddr,
    project: String,
    pub client_id: String,
    pub client_secret: String,
    /// Removed when dropped.
    folder: TempDir,
}

/// How long the catalogue took, in seconds.
#[derive(Serialize)]
pub struct Catalogue {
    apply: f64,
    export: f64,
    apply_of_the_exported: f64,
}

impl fmt::Display for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "apply {:.2} s, export {:.2} s, apply of what was exported {:.2} s", self.apply, self.export, self.apply_of_the_exported)
    }
}

impl Estate {
    /// Makes a folder with a SQLite file, or uses the empty database at `url`, and takes the catalogue in, out and in again.
    pub fn build(program: PathBuf, url: Option<&str>, apis: i64) -> Result<(Self, Catalogue)> {
        let folder = tempfile::Builder::new().prefix("postigo-bench.").tempdir().context("no temporary folder")?;
        let [portal, sandbox, production, telemetry] = crate::server::free_ports()?;
        let path = folder.path().display();
        let url = url.map_or_else(|| format!("sqlite://{path}/postigo.db"), str::to_owned);
        let config = format!(
            "database_url = \"{url}\"\nmaster_key_file = \"{path}/master.key\"\nworker_threads = 1\n\n\
             [portal]\nlisten = \"{portal}\"\nstaff_second_factor = false\n\n[environments.sandbox]\nlisten = \"{sandbox}\"\n\n\
             [environments.production]\nlisten = \"{production}\"\n\n[telemetry]\nlisten = \"{telemetry}\"\n"
        );
        fs::write(folder.path().join("postigo.toml"), config)?;
        let (project, client_id, client_secret) = Default::default();
        let mut estate = Self { program, url, portal, production, telemetry, project, client_id, client_secret, folder };
        let catalogue = estate.catalogue(apis)?;

        let founded = estate.administer(&["organisation", "create", "Bench", "--type", "internal"])?;
        estate.project = member(&founded, "project_id")?;
        let organisation = member(&founded, "organisation_id")?;
        let contract = ["--number", "99999999", "--client-number", "99999999", "--labeller", "ZZZZ"];
        let contract =
            estate.administer(&[&["contract", "create", "--organisation", organisation.as_str()][..], &contract[..]].concat())?;
        estate.run(&["contract", "activate", &member(&contract, "id")?], "")?;
        let client = estate.administer(&["client", "create", "--project", &estate.project, "--environment", "production"])?;
        (estate.client_id, estate.client_secret) = (member(&client, "client_id")?, member(&client, "client_secret")?);
        let person = ["account", "create", EMAIL, "--name", "Bench", "--password-stdin", "--staff", "administrator"];
        estate.run(&person, &format!("{PASSWORD}\n"))?;
        Ok((estate, catalogue))
    }

    fn catalogue(&self, apis: i64) -> Result<Catalogue> {
        let folder = |name: &str| self.folder.path().join(name);
        let (documents, exported) = (folder("catalogue"), folder("exported"));
        fs::create_dir(&documents)?;
        for number in 1..=apis {
            fs::write(documents.join(format!("{number}.json")), document(number).to_string())?;
        }
        let rate = json!({"requests": 100, "window_seconds": 10});
        let plan = json!({"plans": [{"name": "standard", "title": {"es": "Normal", "en": "Standard"}, "rate": rate}]});
        fs::write(documents.join("plans.json"), plan.to_string())?;
        let timed = |word: &str, folder: &Path| -> Result<(f64, String)> {
            let began = Instant::now();
            let said = self.run(&[word, &folder.to_string_lossy()], "")?;
            Ok((began.elapsed().as_secs_f64(), said))
        };
        let (apply, _) = timed("apply", &documents)?;
        let (export, _) = timed("export", &exported)?;
        let (apply_of_the_exported, said) = timed("apply", &exported)?;
        ensure!(said.contains("The catalogue is as the files say."), "what was exported differs from the catalogue: {said}");
        Ok(Catalogue { apply, export, apply_of_the_exported })
    }

    /// Lets the operator's program use the management API, which is in the catalogue once a node has run.
    pub async fn staff(&self, cores: Cores) -> Result<()> {
        let _server = self.serve(cores).await?;
        let access = ["access", "create", "--project", self.project.as_str(), "--environment", "production", "--api", "management"];
        // The node puts it there beside opening its doors.
        let mut asked = self.administer(&access);
        for _ in 0..100 {
            if asked.is_ok() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            asked = self.administer(&access);
        }
        let asked = asked?;
        self.run(&["access", "approve", &member(&asked, "id")?], "").map(drop)
    }

    /// Fills the database while no node runs.
    pub async fn fill(&self, size: store::scale::Size) -> Result<()> {
        let db = store::Db::open(&self.url).await?;
        let began = Instant::now();
        let told = |name: &str, rows: i64| eprintln!("{:5.0} s  {rows} {name}", began.elapsed().as_secs_f64());
        store::scale::fill(&db, size, jiff::Timestamp::now(), told).await?;
        db.close().await;
        Ok(())
    }

    /// Starts `postigo serve`.
    pub async fn serve(&self, cores: Cores) -> Result<Server> {
        let mut command = self.prepared(cores.of_server(&self.program));
        command.arg("serve");
        let server = Server::other(command, self.portal, self.telemetry).await?;
        // Its doors open one after the other.
        for _ in 0..100 {
            let open = async |address| tokio::net::TcpStream::connect(address).await.is_ok();
            if open(self.portal).await && open(self.production).await {
                return Ok(server);
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        bail!("postigo did not listen on {} within ten seconds", self.portal)
    }

    fn prepared(&self, mut command: Command) -> Command {
        command.arg("--config").arg(self.folder.path().join("postigo.toml")).env("RUST_LOG", "off");
        // What somebody set for another node must not change what is measured.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("POSTIGO__")) {
            command.env_remove(name);
        }
        command
    }

    /// Runs a command that prints JSON.
    fn administer(&self, words: &[&str]) -> Result<Value> {
        let said = self.run(&[words, &["--json"]].concat(), "")?;
        serde_json::from_str(&said).with_context(|| format!("{words:?} printed no JSON"))
    }

    fn run(&self, words: &[&str], typed: &str) -> Result<String> {
        let mut command = self.prepared(Command::new(&self.program));
        command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().with_context(|| format!("cannot run {command:?}"))?;
        if let Some(mut stdin) = process.stdin.take() {
            // Who reads nothing of it has ended meanwhile.
            drop(stdin.write_all(typed.as_bytes()));
        }
        let output = process.wait_with_output()?;
        if !output.status.success() {
            bail!("{words:?} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8(output.stdout)?)
    }
}

fn member(value: &Value, name: &str) -> Result<String> {
    Ok(value[name].as_str().with_context(|| format!("{name} is missing in {value}"))?.to_owned())
}

/// An API of eight operations, as `store::scale` expects it.
fn document(number: i64) -> Value {
    let fields: serde_json::Map<String, Value> =
        (0..8).map(|field| (format!("field{field}"), json!({"type": "string", "description": "A field"}))).collect();
    let done = json!({"description": "Done", "content": {"application/json": {"schema": {"type": "object", "properties": fields}}}});
    let operation = |verb: &str, noun: &str| {
        json!({
            "operationId": format!("{verb}-{noun}"), "summary": format!("{verb} {noun}"), "security": [{"oauth2": ["SCALE"]}],
            "responses": {"200": done, "default": {"description": "A refusal"}},
        })
    };
    let paths: serde_json::Map<String, Value> = ["parcels", "events", "labels", "prices"]
        .into_iter()
        .map(|noun| (format!("/scale/{number}/{noun}"), json!({"get": operation("get", noun), "post": operation("post", noun)})))
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": {"title": format!("Scale {number}"), "version": "1.0.0"},
        "paths": paths,
        "components": {"securitySchemes": {"oauth2": {
            "type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/oauth2/token", "scopes": {"SCALE": "Everything"}}},
        }}},
        "x-postigo": {
            "name": format!("scale-{number:05}"),
            "upstreams": {"sandbox": ["http://127.0.0.1:9"], "production": ["http://127.0.0.1:9"]},
            "api_credential": "none",
            "plans": ["standard"],
        },
    })
}
