//! The file that `--json` writes: everything a program needs to play every part of the demo.

use std::collections::BTreeMap;

use domain::{CustomerType, Environment, role::Role};
use serde::Serialize;

/// The whole file.
#[derive(Serialize)]
pub struct Credentials {
    pub portal: Portal,
    pub environments: Environments,
    pub telemetry: Url,
    pub projects: Vec<Project>,
    pub account_holders: Vec<serde_json::Value>,
    pub management: Management,
}

/// A client whose token may do all of the management API.
#[derive(Serialize)]
pub struct Management {
    pub client_id: String,
    pub client_secret: String,
    pub token_url: String,
}

#[derive(Serialize)]
pub struct Portal {
    pub url: String,
    /// Of the operator's staff, an administrator.
    pub operator: SignIn,
    pub accounts: Vec<Member>,
}

/// What somebody signs in with.
#[derive(Serialize, Clone)]
pub struct SignIn {
    pub email: String,
    pub password: String,
}

/// A member of a sample organisation.
#[derive(Serialize)]
pub struct Member {
    #[serde(flatten)]
    pub sign_in: SignIn,
    pub organisation: String,
    pub role: Role,
}

#[derive(Serialize)]
pub struct Environments {
    pub sandbox: BaseUrl,
    pub production: BaseUrl,
}

#[derive(Serialize)]
pub struct BaseUrl {
    pub base_url: String,
}

#[derive(Serialize)]
pub struct Url {
    pub url: String,
}

/// A project in one environment.
#[derive(Serialize, Clone)]
pub struct Project {
    pub organisation: String,
    pub customer_type: CustomerType,
    pub project: String,
    pub project_id: String,
    pub environment: Environment,
    pub client_id: String,
    pub client_secret: String,
    pub scopes: Vec<String>,
    pub api_credentials: BTreeMap<String, Pair>,
    pub customer_keys: Vec<CustomerKey>,
}

#[derive(Serialize, Clone)]
pub struct Pair {
    pub client_id: String,
    pub client_secret: String,
}

#[derive(Serialize, Clone)]
pub struct CustomerKey {
    pub account_number: String,
    pub child_key: String,
    pub child_secret: String,
}

impl Credentials {
    /// The base URL of an environment.
    pub fn base_url(&self, environment: Environment) -> &str {
        match environment {
            Environment::Sandbox => &self.environments.sandbox.base_url,
            Environment::Production => &self.environments.production.base_url,
        }
    }

    /// The project of an organisation in an environment.
    pub fn project(&self, organisation: &str, environment: Environment) -> Option<&Project> {
        self.projects.iter().find(|project| project.organisation == organisation && project.environment == environment)
    }
}
