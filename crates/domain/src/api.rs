//! The catalogue's entries as the gateway needs them, born from OpenAPI documents (see [`openapi`](crate::openapi)).

use serde_json::Value;

use crate::{ApiName, CustomerType, Environment, ScopeSet, Timestamp, plan::Plan, words::words};

words! {
    /// The shape of an API's refusals.
    pub enum Dialect: "a dialect" {
        /// RFC 9457.
        Problem = "problem",
        /// FedEx' envelope.
        Fedex = "fedex",
        /// Correos' error object.
        Correos = "correos",
        /// The shape of Correos' tracking: title and body.
        CorreosTracking = "correos_tracking",
    }
}

words! {
    /// Whether an API may still be asked for and called.
    pub enum Status: "a state of an API" {
        /// Both.
        Published = "published",
        /// Called by those who may, until its sunset; asked for by nobody any more.
        Deprecated = "deprecated",
        /// Neither: nothing serves it.
        Retired = "retired",
    }
}

/// The life of an API in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// Whether it may still be asked for and called.
    pub status: Status,
    /// The number of the live version, counted from one.
    pub version: i64,
    /// Since when that version is live.
    pub since: Timestamp,
    /// Since when it is deprecated.
    pub deprecated_at: Option<Timestamp>,
    /// From when on callers must not count on it.
    pub sunset_at: Option<Timestamp>,
    /// Since when nothing serves it.
    pub retired_at: Option<Timestamp>,
}

/// An API of the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct Api {
    /// Its name.
    pub name: ApiName,
    /// What people call it.
    pub title: String,
    /// The shape of its refusals.
    pub dialect: Dialect,
    /// Where requests go.
    pub upstreams: PerEnvironment<Vec<Upstream>>,
    /// How long to wait for a connection, in milliseconds.
    pub connect_ms: u64,
    /// How long to wait for the head of the answer, in milliseconds.
    pub response_ms: u64,
    /// The longest request body, in bytes.
    pub max_body_bytes: u64,
    /// Whether every call needs an API credential beside the token.
    pub api_credential: bool,
    /// Whether the token may come in the query.
    pub token_in_query: bool,
    /// Organisations of which types may ask for it; `None`: of all.
    pub open_to: Option<Vec<CustomerType>>,
    /// Whether it is left out of the list that everybody sees.
    pub hidden: bool,
    /// Whose access requests are approved at once.
    pub auto_approve: PerEnvironment<AutoApprove>,
    /// What is offered; the first is the default.
    pub plans: Vec<Plan>,
    /// Whether the upstream gets the caller's identity as a signed JWT too.
    pub identity_jwt: bool,
    /// Whether request bodies are checked against the document.
    pub validate_requests: bool,
    /// What can be called.
    pub operations: Vec<Operation>,
    /// `components` of the document, which the schemas refer to.
    pub components: Value,
}

/// One value for each environment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PerEnvironment<T> {
    /// The sandbox's.
    pub sandbox: T,
    /// Production's.
    pub production: T,
}

impl<T> PerEnvironment<T> {
    /// The value of `environment`.
    pub const fn of(&self, environment: Environment) -> &T {
        match environment {
            Environment::Sandbox => &self.sandbox,
            Environment::Production => &self.production,
        }
    }
}

/// Where requests of an API go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Upstream {
    /// A service inside this program, by its name.
    Service(String),
    /// An origin, without a path: `http://10.0.0.7:8080`.
    Origin(String),
}

/// Which access requests need nobody's decision.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AutoApprove {
    /// None.
    #[default]
    None,
    /// All.
    All,
    /// Those of organisations of these types.
    Types(Vec<CustomerType>),
}

impl AutoApprove {
    /// Whether a request of an organisation of this type is approved at once.
    #[must_use]
    pub fn approves(&self, customer_type: CustomerType) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Types(types) => types.contains(&customer_type),
        }
    }
}

/// One operation of an API.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Its `operationId`, or method and path where the document gives none.
    pub id: String,
    /// The method, upper case.
    pub method: String,
    /// The path template.
    pub path: String,
    /// Alternatives, each a set of scopes that suffices.
    pub scopes: Vec<ScopeSet>,
    /// The JSON schema of the request body, where the document has one.
    pub body: Option<BodySchema>,
}

/// What a request body must look like.
#[derive(Debug, Clone, PartialEq)]
pub struct BodySchema {
    /// Whether a body must be there.
    pub required: bool,
    /// The schema, which may refer to the document's `components`.
    pub schema: Value,
}

impl Operation {
    /// Whether a token with `held` may call it.
    #[must_use]
    pub fn open_to(&self, held: &ScopeSet) -> bool {
        self.scopes.iter().any(|needed| held.covers(needed))
    }
}

impl Api {
    /// Every scope some operation asks for.
    #[must_use]
    pub fn scopes(&self) -> ScopeSet {
        self.operations.iter().flat_map(|op| &op.scopes).flat_map(|set| set.iter().cloned()).collect()
    }

    /// Whether organisations of this type may ask for it.
    #[must_use]
    pub fn is_open_to(&self, customer_type: CustomerType) -> bool {
        self.open_to.as_ref().is_none_or(|types| types.contains(&customer_type))
    }

    /// The plan of that name.
    #[must_use]
    pub fn plan(&self, name: &str) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.name == name)
    }
}
