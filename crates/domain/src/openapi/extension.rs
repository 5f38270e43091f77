//! The extension object `x-postigo`, as it is written.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    CustomerType,
    api::{AutoApprove, Dialect},
};

/// The extension object as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Extension {
    pub(super) name: String,
    #[serde(default)]
    pub(super) dialect: Option<Dialect>,
    pub(super) upstreams: Upstreams,
    #[serde(default)]
    pub(super) timeouts: Timeouts,
    #[serde(default)]
    pub(super) api_credential: Need,
    #[serde(default)]
    pub(super) token_in_query: bool,
    #[serde(default = "everybody")]
    pub(super) open_to: Who,
    #[serde(default)]
    pub(super) hidden: bool,
    #[serde(default)]
    pub(super) auto_approve: AutoApproves,
    #[serde(default)]
    pub(super) plans: Vec<Value>,
    #[serde(default)]
    pub(super) identity_jwt: bool,
    #[serde(default)]
    pub(super) validate_requests: bool,
    #[serde(default = "two_mebibytes")]
    pub(super) max_body_bytes: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Upstreams {
    #[serde(default)]
    pub(super) sandbox: Vec<String>,
    #[serde(default)]
    pub(super) production: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Timeouts {
    pub(super) connect_ms: u64,
    pub(super) response_ms: u64,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect_ms: 2_000, response_ms: 30_000 }
    }
}

#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Need {
    Required,
    #[default]
    None,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AutoApproves {
    pub(super) sandbox: Who,
    pub(super) production: Who,
}

impl Default for AutoApproves {
    fn default() -> Self {
        Self { sandbox: Who::Word(WhoWord::All), production: Who::Word(WhoWord::None) }
    }
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "`all`, `none` or a list of customer types")]
pub(super) enum Who {
    Word(WhoWord),
    Types(Vec<CustomerType>),
}

impl Default for Who {
    fn default() -> Self {
        Self::Word(WhoWord::None)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum WhoWord {
    All,
    None,
}

impl From<Who> for AutoApprove {
    fn from(who: Who) -> Self {
        match who {
            Who::Word(WhoWord::All) => Self::All,
            Who::Word(WhoWord::None) => Self::None,
            Who::Types(types) => Self::Types(types),
        }
    }
}

impl From<Who> for Option<Vec<CustomerType>> {
    fn from(who: Who) -> Self {
        match who {
            Who::Word(WhoWord::All) => None,
            Who::Word(WhoWord::None) => Some(Vec::new()),
            Who::Types(types) => Some(types),
        }
    }
}

const fn everybody() -> Who {
    Who::Word(WhoWord::All)
}

const fn two_mebibytes() -> u64 {
    2 * 1024 * 1024
}
