//! The rules of an API that are edited without its document: who may ask, who is approved at once, what a call must bring.

use domain::{
    CustomerType, Environment,
    api::{Api, AutoApprove, Dialect, PerEnvironment},
};
use serde_json::{Value, json};

/// The rules, as a form shows them.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// Organisations of which types may ask; `None`: of all.
    pub open_to: Option<Vec<CustomerType>>,
    /// Whether it is left out of the list that everybody sees.
    pub hidden: bool,
    /// Whose requests are approved at once.
    pub auto_approve: PerEnvironment<AutoApprove>,
    /// Whether every call needs an API credential.
    pub api_credential: bool,
    /// The shape of its refusals.
    pub dialect: Dialect,
    /// Whether the token may come in the query.
    pub token_in_query: bool,
    /// Whether request bodies are checked against the document.
    pub validate_requests: bool,
}

impl Rules {
    /// Those of an API.
    #[must_use]
    pub fn of(api: &Api) -> Self {
        Self {
            open_to: api.open_to.clone(),
            hidden: api.hidden,
            auto_approve: api.auto_approve.clone(),
            api_credential: api.api_credential,
            dialect: api.dialect,
            token_in_query: api.token_in_query,
            validate_requests: api.validate_requests,
        }
    }

    /// Writes them into a document's `x-postigo`, and nothing else.
    pub(super) fn write(&self, document: &mut Value) {
        let types = |types: &[CustomerType]| json!(types);
        let extension = &mut document["x-postigo"];
        extension["open_to"] = self.open_to.as_ref().map_or_else(|| json!("all"), |open| types(open));
        extension["hidden"] = json!(self.hidden);
        for environment in Environment::ALL {
            extension["auto_approve"][environment.as_str()] = match self.auto_approve.of(*environment) {
                AutoApprove::All => json!("all"),
                AutoApprove::None => json!("none"),
                AutoApprove::Types(approved) => types(approved),
            };
        }
        extension["api_credential"] = json!(if self.api_credential { "required" } else { "none" });
        extension["dialect"] = json!(self.dialect);
        extension["token_in_query"] = json!(self.token_in_query);
        extension["validate_requests"] = json!(self.validate_requests);
    }
}
