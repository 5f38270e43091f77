//! A token request that was refused, for those it belongs to: kept beside the gateway's decisions, in their shape.
//!
//! As there, the order of the steps is fixed: what passed is what stands before the one that refused.

use std::net::IpAddr;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{Environment, decision::Caller, request_id::RequestId, words::words};

words! {
    /// What a token request goes through, in this order.
    pub enum Step: "a step" {
        /// Is it whole and well formed?
        Request = "request",
        /// Is the client who it says?
        Client = "client",
        /// May it use this grant?
        Grant = "grant",
        /// Is anything of what it asks for granted?
        Scope = "granted_scope",
    }
}

/// A refused token request.
#[derive(Debug, Clone)]
pub struct TokenRefusal {
    /// The id in `X-Request-Id`.
    pub id: RequestId,
    /// When it came.
    pub at: Timestamp,
    /// Where.
    pub environment: Environment,
    /// The path of the route it came by.
    pub path: &'static str,
    /// From where.
    pub address: IpAddr,
    /// Whose client it named. Nothing proves that it came from them.
    pub caller: Caller,
    /// Where it stopped.
    pub step: Step,
    /// The word for the page `/errors/{code}`.
    pub code: &'static str,
    /// The status of the answer.
    pub status: u16,
    /// What happened and what to do; what the answer says too.
    pub explanation: &'static str,
}

impl TokenRefusal {
    /// As people and programs read it: the members of [`Decision::report`](crate::decision::Decision::report), and `layer`.
    #[must_use]
    pub fn report(&self) -> Value {
        let verdict = |step: &Step| match step.cmp(&self.step) {
            std::cmp::Ordering::Less => "passed",
            std::cmp::Ordering::Equal => "refused",
            std::cmp::Ordering::Greater => "not reached",
        };
        json!({
            "id": self.id.to_string(),
            "at": self.at.to_string(),
            "environment": self.environment,
            "layer": "token",
            "request": {"method": "POST", "path": self.path, "address": self.address},
            "api": null,
            "operation": null,
            "caller": {
                "organisation": self.caller.organisation, "project": self.caller.project,
                "client_id": self.caller.client, "customer_key": self.caller.customer_key,
            },
            "verdict": "refused",
            "status": self.status,
            "code": self.code,
            "explanation": self.explanation,
            "checks": Step::ALL.iter().map(|step| json!({"check": step, "verdict": verdict(step)})).collect::<Vec<_>>(),
        })
    }
}
