//! What may stand in the queries of the management API.

use app::{Error, policies};
use domain::openapi::is_name;
use serde_json::{Value, json};

use super::{
    call::{LONGEST_PAGE, PAGE},
    nouns::{apis, client_methods, contracts, organisations, queues, secret_review, signing_keys},
    problem::Problem,
    schema::one_of,
};

/// What values a parameter has.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// How many things a page holds.
    Limit,
    /// Where a page begins.
    Cursor,
    /// A text of people's.
    Text,
    /// One of our words.
    Word(fn() -> Vec<&'static str>),
}

impl Kind {
    pub(super) fn admits(self, value: &str) -> bool {
        match self {
            Self::Limit => {
                value.bytes().all(|byte| byte.is_ascii_digit())
                    && value.parse::<i64>().is_ok_and(|limit| (1..=LONGEST_PAGE).contains(&limit))
            }
            Self::Cursor => (1..=200).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic()),
            Self::Text => {
                let length = value.chars().count();
                (1..=120).contains(&length) && !value.chars().any(char::is_control)
            }
            Self::Word(words) => words().contains(&value),
        }
    }

    pub(crate) fn schema(self) -> Value {
        match self {
            Self::Limit => json!({"type": "integer", "minimum": 1, "maximum": LONGEST_PAGE, "default": PAGE}),
            Self::Cursor => json!({"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}),
            Self::Text => json!({"type": "string", "minLength": 1, "maxLength": 120, "pattern": "^[^\\x00-\\x1f\\x7f-\\x9f]+$"}),
            Self::Word(words) => one_of(words()),
        }
    }
}

/// Something is put only where it may be: the last segment that a path leaves open is what it will be called.
pub(super) fn may_be_called(segments: &[(String, String)]) -> Result<(), Problem> {
    match segments.last().map(|(segment, value)| (segment.as_str(), value.as_str())) {
        Some(("name", name)) if !is_name(name) => Err(Problem::parameter(
            "name",
            "De 1 a 64 caracteres: minúsculas sin acento, cifras y guiones; el primero, una letra.",
            "1 to 64 characters of a-z, 0-9 and -, starting with a letter",
        )),
        Some(("version", version)) => match policies::version(version) {
            Err(Error::Invalid { mend, .. }) => Err(Problem::parameter("version", mend.spanish, mend.english)),
            checked => checked.map(drop).map_err(Problem::from),
        },
        _ => Ok(()),
    }
}

/// A parameter of the query; each may be left out.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) what: &'static str,
}

/// The parameters of every list.
macro_rules! paged {
    ($($parameter:expr),*) => {
        &[
            $($parameter,)*
            Parameter { name: "limit", kind: Kind::Limit, what: "How many things the page holds at most." },
            Parameter { name: "after", kind: Kind::Cursor, what: "Where the page begins: `next` of the page before." },
        ]
    };
}

pub(super) const NONE: &[Parameter] = &[];
pub(super) const PAGED: &[Parameter] = paged![];
pub(super) const ORGANISATIONS: &[Parameter] = paged![
    Parameter { name: "name", kind: Kind::Text, what: "Only those with this in their name, in either case." },
    Parameter { name: "customer_type", kind: Kind::Word(organisations::customer_types), what: "Only those of this customer type." },
    Parameter { name: "status", kind: Kind::Word(organisations::standings), what: "Only those in this state." }
];
pub(super) const SEARCH: &[Parameter] = paged![
    Parameter {
        name: "text",
        kind: Kind::Text,
        what: "Words of a name and how they begin, an id, a contract or client number, a `client_id`, a member's address."
    },
    Parameter { name: "customer_type", kind: Kind::Word(organisations::customer_types), what: "Only those of this customer type." },
    Parameter { name: "status", kind: Kind::Word(organisations::standings), what: "Only those in this state." },
    Parameter { name: "order", kind: Kind::Word(organisations::orders), what: "The newest first when it is left out." }
];
pub(super) const API_SEARCH: &[Parameter] = paged![
    Parameter { name: "text", kind: Kind::Text, what: "Words that stand in the title or the name, whatever their capitals and accents." },
    Parameter { name: "state", kind: Kind::Word(apis::states), what: "Only those in this state; `drafts`: of which a draft waits." }
];
pub(super) const REVIEW: &[Parameter] =
    paged![Parameter { name: "kind", kind: Kind::Word(secret_review::kinds), what: "Which; `ending` when it is left out." }];
pub(super) const CONTRACTS: &[Parameter] = paged![
    Parameter { name: "status", kind: Kind::Word(contracts::states), what: "Those in this state; `pending` when it is left out." },
    Parameter { name: "organisation", kind: Kind::Text, what: "Only of organisations with this in their name." }
];
pub(super) const WAITING: &[Parameter] =
    paged![Parameter { name: "organisation", kind: Kind::Text, what: "Only of organisations with this in their name." }];
pub(super) const ACCESS: &[Parameter] = paged![
    Parameter { name: "organisation", kind: Kind::Text, what: "Only of organisations with this in their name." },
    Parameter { name: "api", kind: Kind::Text, what: "Only for the API of this name." },
    Parameter { name: "environment", kind: Kind::Word(signing_keys::environments), what: "Only in this environment." }
];
pub(super) const ENVIRONMENT: &[Parameter] = paged![Parameter {
    name: "environment",
    kind: Kind::Word(signing_keys::environments),
    what: "Those of this environment; `production` when it is left out."
}];
pub(super) const OF_ACCOUNT: &[Parameter] = paged![
    Parameter { name: "account_number", kind: Kind::Text, what: "For which account number; it must be there." },
    Parameter {
        name: "environment",
        kind: Kind::Word(signing_keys::environments),
        what: "Those of this environment; `production` when it is left out."
    }
];
pub(super) const CUSTOMER_KEYS: &[Parameter] = paged![
    Parameter { name: "account_number", kind: Kind::Text, what: "Only those for this account number, or the one with this public half." },
    Parameter { name: "environment", kind: Kind::Word(signing_keys::environments), what: "Only in this environment." },
    Parameter { name: "status", kind: Kind::Word(organisations::standings), what: "Only those in this state." }
];
pub(super) const OF_HOLDER: &[Parameter] = paged![
    Parameter { name: "account_number", kind: Kind::Text, what: "Only those for this one of its account numbers." },
    Parameter { name: "status", kind: Kind::Word(organisations::standings), what: "Only those in this state." }
];
pub(super) const WAITS: &[Parameter] = paged![
    Parameter { name: "organisation", kind: Kind::Text, what: "Only of organisations with this in their name." },
    Parameter { name: "taken_by", kind: Kind::Text, what: "Only what this account takes care of, by its id, or `nobody`." }
];
pub(super) const OF_QUEUE: &[Parameter] =
    paged![Parameter { name: "queue", kind: Kind::Word(queues::queues), what: "Only those that help in this queue." }];
pub(super) const METHODS: &[Parameter] = paged![Parameter {
    name: "method",
    kind: Kind::Word(client_methods::methods),
    what: "Those that used this method; `query_token` when it is left out."
}];
pub(super) const AUDIT: &[Parameter] = paged![
    Parameter { name: "actor", kind: Kind::Text, what: "Only what this actor did, as it stands in the log, or an account's address." },
    Parameter { name: "action", kind: Kind::Text, what: "Only this, as `access.approve`, or all of one kind, as `access`." },
    Parameter { name: "subject", kind: Kind::Text, what: "Only what was done to the thing of this id." },
    Parameter { name: "since", kind: Kind::Text, what: "From then on: a moment by RFC 3339, or a day in Madrid, as 2026-11-22." },
    Parameter { name: "until", kind: Kind::Text, what: "Until then: a moment, which does not count, or a day, which does." }
];
