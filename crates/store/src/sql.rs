//! How statements are declared and how one text runs on two engines.

/// On which engine a statement runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// One text for both.
    Both,
    /// SQLite only.
    Sqlite,
    /// PostgreSQL only.
    Postgres,
}

/// A statement under its name, so that a test can prepare every one of them on its engines.
#[derive(Debug, Clone, Copy)]
pub struct Statement {
    /// The module it stands in.
    pub module: &'static str,
    /// The name of its constant; `_SQLITE` or `_POSTGRES` at the end says that it is half of a pair.
    pub name: &'static str,
    /// The SQL.
    pub text: &'static str,
}

impl Statement {
    /// The engine, read off the constant's name.
    #[must_use]
    pub fn engine(&self) -> Engine {
        if self.name.ends_with("_SQLITE") {
            Engine::Sqlite
        } else if self.name.ends_with("_POSTGRES") {
            Engine::Postgres
        } else {
            Engine::Both
        }
    }
}

/// Declares the statements of a module as constants and lists them for the test that prepares them all.
///
/// ```text
/// sql! {
///     INSERT = "INSERT INTO organisations (id, name) VALUES ($1, $2)";
///     /// Comments are welcome.
///     BY_ID = "SELECT id, name FROM organisations WHERE id = $1";
/// }
/// ```
macro_rules! sql {
    ($($(#[$meta:meta])* $name:ident = $text:expr;)+) => {
        $($(#[$meta])* const $name: &str = $text;)+
        pub(crate) const STATEMENTS: &[$crate::Statement] = &[
            $($crate::Statement { module: module_path!(), name: stringify!($name), text: $name }),+
        ];
    };
}

/// Runs one body on whichever engine a [`Db`](crate::Db) is; the body is compiled once for each. Reads only.
macro_rules! on_db {
    ($db:expr, $on:ident => $body:expr) => {
        match $db {
            $crate::Db::Sqlite(db) => {
                let $on = db.reader();
                $body
            }
            $crate::Db::Postgres(db) => {
                let $on = db.pool();
                $body
            }
        }
    };
}

/// The same within a [`Tx`](crate::Tx).
macro_rules! on_tx {
    ($tx:expr, $on:ident => $body:expr) => {
        match $tx.inner() {
            $crate::tx::Inner::Sqlite(tx) => {
                let $on = &mut **tx;
                $body
            }
            $crate::tx::Inner::Postgres(tx) => {
                let $on = &mut **tx;
                $body
            }
        }
    };
}

/// Every statement of the crate.
pub fn statements() -> impl Iterator<Item = &'static Statement> {
    [
        crate::access_requests::STATEMENTS,
        crate::account_holders::STATEMENTS,
        crate::accounts::STATEMENTS,
        crate::acting::STATEMENTS,
        crate::addressees::STATEMENTS,
        crate::announcements::STATEMENTS,
        crate::api_credentials::STATEMENTS,
        crate::api_versions::STATEMENTS,
        crate::apis::STATEMENTS,
        crate::approval_rules::STATEMENTS,
        crate::audit::STATEMENTS,
        crate::audit_search::STATEMENTS,
        crate::carrier_clocks::STATEMENTS,
        crate::carrier_webhooks::STATEMENTS,
        crate::ceremonies::STATEMENTS,
        crate::changes::STATEMENTS,
        crate::circulars::STATEMENTS,
        crate::client_methods::STATEMENTS,
        crate::clients::STATEMENTS,
        crate::collections::STATEMENTS,
        crate::consents::STATEMENTS,
        crate::contracts::STATEMENTS,
        crate::customer_key_limits::STATEMENTS,
        crate::customer_key_usage::STATEMENTS,
        crate::customer_keys::STATEMENTS,
        crate::customer_type_requests::STATEMENTS,
        crate::db::STATEMENTS,
        crate::decisions::STATEMENTS,
        crate::dossiers::STATEMENTS,
        crate::grants::STATEMENTS,
        crate::idempotency_keys::STATEMENTS,
        crate::invitations::STATEMENTS,
        crate::locks::STATEMENTS,
        crate::looks::STATEMENTS,
        crate::mail_links::STATEMENTS,
        crate::mails::STATEMENTS,
        crate::management_answers::STATEMENTS,
        crate::memberships::STATEMENTS,
        crate::organisation_notes::STATEMENTS,
        crate::organisation_search::STATEMENTS,
        crate::organisation_words::STATEMENTS,
        crate::messages::STATEMENTS,
        crate::organisations::STATEMENTS,
        crate::owners::STATEMENTS,
        crate::passkeys::STATEMENTS,
        crate::policies::STATEMENTS,
        crate::plans::STATEMENTS,
        crate::policy_acceptances::STATEMENTS,
        crate::projects::STATEMENTS,
        crate::public_keys::STATEMENTS,
        crate::queue_owners::STATEMENTS,
        crate::queue_targets::STATEMENTS,
        crate::queues::STATEMENTS,
        crate::queues::WAYS,
        crate::reason_templates::STATEMENTS,
        crate::recovery_codes::STATEMENTS,
        crate::registration_pins::STATEMENTS,
        crate::registration_tries::STATEMENTS,
        crate::revoked_tokens::STATEMENTS,
        #[cfg(feature = "scale")]
        crate::scale::STATEMENTS,
        crate::secret_review::STATEMENTS,
        crate::sessions::STATEMENTS,
        crate::shipment_lists::STATEMENTS,
        crate::shipments::STATEMENTS,
        crate::sign_in_tries::STATEMENTS,
        crate::sign_ons::STATEMENTS,
        crate::signing_keys::STATEMENTS,
        crate::staff_identities::STATEMENTS,
        crate::staff::STATEMENTS,
        crate::uses::STATEMENTS,
        #[cfg(feature = "testkit")]
        crate::testkit::STATEMENTS,
        crate::vault::STATEMENTS,
    ]
    .into_iter()
    .flatten()
}
