//! A demo under way.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    call::get,
    credentials::{CustomerKey, Project, text},
    operator::Operator,
    ports,
    program::{Running, postigo},
};

/// A running demo with a folder of its own. It goes away with this value.
pub struct Demo {
    /// The process.
    pub process: Running,
    /// What it wrote for programs.
    pub written: Value,
    /// The file in which that stands.
    pub json: PathBuf,
    /// The first of its four ports.
    pub port_base: u16,
    data: PathBuf,
    // Last, so that the process is gone before its files are.
    folder: TempDir,
}

impl Demo {
    /// Starts one and waits until it is ready and has walked its tour.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start() -> Self {
        Self::start_with(|command| command).await
    }

    /// Starts one whose command is changed before.
    ///
    /// # Panics
    /// When it does not start, or is ready before its credentials are written.
    pub async fn start_with(change: impl FnOnce(&mut Command) -> &mut Command) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (data, json) = (folder.path().join("data"), folder.path().join("demo.json"));
        let port_base = ports::four();
        let mut command = postigo(folder.path());
        command.args(["demo", "--port-base", &port_base.to_string()]).arg("--data-dir").arg(&data).arg("--json").arg(&json);
        let mut process = Running::start(change(&mut command), folder.path());
        let ready = format!("http://127.0.0.1:{}/readyz", port_base + 3);
        process.wait_for("readiness", async || get(&ready).attempt().await.ok().filter(|answer| answer.status == 200)).await;
        // Complete before it is ready: nobody has to ask twice.
        let written = std::fs::read_to_string(&json).expect("the credentials are written before /readyz answers 200");
        let written = serde_json::from_str(&written).expect("the credentials are whole before /readyz answers 200");
        let mut demo = Self { process, written, json, port_base, data, folder };
        let printed = demo.folder.path().join("stdout");
        let invited = async || std::fs::read_to_string(&printed).ok().filter(|text| text.contains("stop it with Ctrl-C"));
        demo.process.wait_for("invitation", invited).await;
        demo
    }

    /// Where it keeps its database.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// A folder for what a test writes.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Somebody who administers it.
    #[must_use]
    pub fn operator(&self) -> Operator {
        Operator::new(&self.data.join("postigo.toml"))
    }

    /// The URL of an environment.
    #[must_use]
    pub fn base(&self, environment: &str) -> String {
        text(&self.written, &format!("/environments/{environment}/base_url"))
    }

    /// The portal's URL.
    #[must_use]
    pub fn portal(&self) -> String {
        text(&self.written, "/portal/url")
    }

    /// The URL of health and metrics.
    #[must_use]
    pub fn telemetry(&self) -> String {
        text(&self.written, "/telemetry/url")
    }

    /// The customer that holds every scope, in the sandbox.
    #[must_use]
    pub fn shop(&self) -> Project {
        self.project("sandbox", "customer", |scopes| scopes.contains(&"AP3"))
    }

    /// The same customer in production.
    #[must_use]
    pub fn shop_in_production(&self) -> Project {
        self.project("production", "customer", |scopes| scopes.contains(&"AP3"))
    }

    /// The customer that may print labels and track.
    #[must_use]
    pub fn small_shop(&self) -> Project {
        self.project("sandbox", "customer", |scopes| scopes == ["LBS", "TPB"])
    }

    /// The platform that acts for its customers.
    #[must_use]
    pub fn platform(&self) -> Project {
        self.project("sandbox", "integrator", |_| true)
    }

    /// The parent company that acts for its own.
    #[must_use]
    pub fn parent(&self) -> Project {
        self.project("sandbox", "proprietary_parent", |_| true)
    }

    /// The same platform in production, where it acts for the shop and for somebody else.
    #[must_use]
    pub fn platform_in_production(&self) -> Project {
        self.project("production", "integrator", |_| true)
    }

    /// The same parent in production, where it acts for the shop.
    #[must_use]
    pub fn parent_in_production(&self) -> Project {
        self.project("production", "proprietary_parent", |_| true)
    }

    fn project(&self, environment: &str, customer_type: &str, fits: impl Fn(&[&str]) -> bool) -> Project {
        let scopes = |one: &Value| one["scopes"].as_array().into_iter().flatten().map(|scope| text(scope, "")).collect::<Vec<_>>();
        let is_it = |one: &&Value| {
            let held = scopes(one);
            let held: Vec<_> = held.iter().map(String::as_str).collect();
            one["environment"] == environment && one["customer_type"] == customer_type && fits(&held)
        };
        let all = self.written["projects"].as_array().expect("projects");
        let one = all.iter().find(is_it).unwrap_or_else(|| panic!("no such {customer_type} in {environment}: {:#}", self.written));
        let keys = one["customer_keys"].as_array().expect("customer keys");
        let key = |key: &Value| CustomerKey {
            account: text(key, "/account_number"),
            key: text(key, "/child_key"),
            secret: text(key, "/child_secret"),
        };
        Project {
            base: self.base(environment),
            organisation: text(one, "/organisation"),
            id: text(one, "/project_id"),
            client_id: text(one, "/client_id"),
            client_secret: text(one, "/client_secret"),
            scopes: scopes(one),
            api_credential: (text(one, "/api_credentials/preregister/client_id"), text(one, "/api_credentials/preregister/client_secret")),
            customer_keys: keys.iter().map(key).collect(),
        }
    }
}
