//! Who is signed in.

use app::App;
use domain::{AccountId, role::Staff};

use crate::{failure::Failure, language::Language};

/// Somebody whose session is whole.
#[derive(Debug, Clone)]
#[allow(dead_code, reason = "for the pages of accounts")]
pub(crate) struct SignedIn {
    pub(crate) account: AccountId,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) language: Option<Language>,
    /// Of the operator's people.
    pub(crate) staff: Option<Staff>,
}

/// Whose session the cookie's value opens; `None` when it opens none.
#[expect(clippy::unused_async, reason = "sessions come with the accounts")]
pub(crate) async fn of(_app: &App, _cookie: Option<&str>) -> Result<Option<SignedIn>, Failure> {
    Ok(None)
}
