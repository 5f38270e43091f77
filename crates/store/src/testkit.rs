//! Databases for tests: both engines, real ones, one of its own for each test.
//!
//! SQLite lives in a temporary folder. PostgreSQL is the server named in `POSTIGO_TEST_POSTGRES`, which `./test` starts; each test gets a
//! schema of its own there. Without that variable the PostgreSQL half fails: a suite that quietly leaves out an engine proves nothing.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use domain::{AccountId, Clock, Entropy, SecretId, Timestamp, role::Staff};
use uuid::Uuid;

use crate::{
    Db, Moment, Result, Tx,
    uses::{self, Use},
};

sql! {
    ALL_FOR_ONE = "UPDATE customer_keys SET account_number = $1, environment = 'production'";
    ALL_USE = "INSERT INTO client_methods (client_id, method, first_at, last_at, address)
        SELECT id, CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($2 AS BIGINT), '192.0.2.1' FROM clients";
    ACCOUNT = "INSERT INTO accounts (id, email, name, staff, verified_at, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
}

/// A migrated database that goes away with this value.
pub struct TestDb {
    /// The database.
    pub db: Db,
    /// How another process would open it.
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

/// Makes every customer key one for this account number, in production.
///
/// # Panics
/// When the database does not take it.
pub async fn all_for_one(test: &TestDb, account_number: &str) {
    let mut tx = test.db.begin().await.expect("begins");
    on_tx!(tx, on => sqlx::query(ALL_FOR_ONE).bind(account_number).execute(on).await.map(drop)).expect("changes");
    tx.commit(Timestamp::UNIX_EPOCH).await.expect("commits");
}

/// Makes every client one that used a method, by its word, at this moment and never before.
///
/// # Panics
/// When one did.
pub async fn all_use(test: &TestDb, method: &str, at: Moment) {
    let mut tx = test.db.begin().await.expect("begins");
    on_tx!(tx, on => sqlx::query(ALL_USE).bind(method).bind(at).execute(on).await.map(drop)).expect("notes");
    tx.commit(*at).await.expect("commits");
}

/// Notes that a secret, or a public key, got a token, from 192.0.2.1.
///
/// # Errors
/// When the database cannot be written.
pub async fn note_use(tx: &mut Tx, id: SecretId, at: Moment, agent: Option<&str>) -> Result<()> {
    uses::note(tx, &[Use { id, at, address: "192.0.2.1".into(), agent: agent.map(str::to_owned) }]).await
}

/// A fresh SQLite database.
///
/// # Panics
/// When it cannot be made.
pub async fn sqlite() -> TestDb {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let db = Db::open(&url).await.expect("opens");
    db.migrate().await.expect("migrates");
    TestDb { db, url, _folder: Some(folder) }
}

/// A fresh schema on the PostgreSQL server of the test run.
///
/// # Panics
/// When `POSTIGO_TEST_POSTGRES` is not set or the server does not answer.
pub async fn postgres() -> TestDb {
    let server = std::env::var("POSTIGO_TEST_POSTGRES")
        .expect("POSTIGO_TEST_POSTGRES names no server: run the tests through ./test, or `cargo xtask postgres -- cargo nextest run`");
    #[expect(clippy::disallowed_methods, reason = "tests of several processes share the server: only chance keeps their names apart")]
    let schema = format!("test_{}", Uuid::new_v4().simple());
    let admin = sqlx::PgPool::connect(&server).await.expect("the test server answers");
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE SCHEMA {schema}"))).execute(&admin).await.expect("a schema");
    admin.close().await;
    let separator = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{separator}options=-c%20search_path%3D{schema}");
    let db = Db::open(&url).await.expect("opens");
    db.migrate().await.expect("migrates");
    TestDb { db, url, _folder: None }
}

/// An account that cannot sign in: `email` is also its name.
///
/// # Panics
/// When the address is taken.
pub async fn account(db: &Db, id: AccountId, email: &str, verified: bool, staff: Option<Staff>) {
    let at = Moment(Timestamp::UNIX_EPOCH);
    let mut tx = db.begin().await.expect("begins");
    on_tx!(tx, on => sqlx::query(ACCOUNT).bind(id.to_string()).bind(email).bind(email).bind(staff.map_or("", Staff::as_str))
        .bind(verified.then_some(at)).bind(at).execute(on).await.map(drop))
    .expect("an account");
    tx.commit(*at).await.expect("commits");
}

/// Makes an account a member of an organisation, in a role by its word.
///
/// # Panics
/// When there is no such account or organisation.
pub async fn member(test: &TestDb, organisation: domain::OrganisationId, account: AccountId, role: &str) {
    let statement = "INSERT INTO memberships (organisation_id, account_id, role, created_at) VALUES ($1, $2, $3, 0)";
    let mut tx = test.db.begin().await.expect("begins");
    on_tx!(tx, on => sqlx::query(statement).bind(organisation.to_string()).bind(account.to_string()).bind(role).execute(on).await.map(drop))
        .expect("joins");
    tx.commit(Timestamp::UNIX_EPOCH).await.expect("commits");
}

/// So many organisations, each with a project, a client, a contract and a member, and as many customer keys of the first project.
///
/// # Panics
/// When they cannot be written.
pub async fn many_organisations(test: &TestDb, number: u32) {
    const N: &str = "WITH RECURSIVE n (i, d) AS (SELECT 1, substr(CAST(1000000000001 AS TEXT), 2)
        UNION ALL SELECT i + 1, substr(CAST(1000000000001 + i AS TEXT), 2) FROM n WHERE i < NUMBER)";
    let rows = [
        "INSERT INTO organisations (id, name, customer_type, status, created_at, folded) SELECT '00000000-0000-7000-8000-' || d,
            'Librería número ' || i, CASE WHEN i % 10 = 0 THEN 'integrator' ELSE 'customer' END,
            CASE WHEN i % 1000 = 0 THEN 'suspended' ELSE 'active' END, 1000 * i, 'libreria numero ' || i FROM n",
        "INSERT INTO contracts (id, organisation_id, number, client_number, labeller, status, created_at)
            SELECT '00000000-0000-7000-8001-' || d, '00000000-0000-7000-8000-' || d, CAST(54000000 + i AS TEXT), CAST(80000000 + i AS TEXT),
            'XXX1', 'active', 0 FROM n",
        "INSERT INTO projects (id, organisation_id, name, created_at, folded) SELECT '00000000-0000-7000-8002-' || d,
            '00000000-0000-7000-8000-' || d, 'Tienda en línea ' || i, 0, 'tienda en linea ' || i FROM n",
        "INSERT INTO organisation_words (word, organisation_id, project_id) SELECT v.word, '00000000-0000-7000-8000-' || n.d, '' FROM n
            CROSS JOIN (SELECT 'libreria' AS word UNION ALL SELECT 'numero') AS v",
        "INSERT INTO organisation_words (word, organisation_id, project_id) SELECT CAST(i AS TEXT), '00000000-0000-7000-8000-' || d, '' FROM n",
        "INSERT INTO organisation_words (word, organisation_id, project_id)
            SELECT v.word, '00000000-0000-7000-8000-' || n.d, '00000000-0000-7000-8002-' || n.d FROM n
            CROSS JOIN (SELECT 'tienda' AS word UNION ALL SELECT 'en' UNION ALL SELECT 'linea') AS v",
        "INSERT INTO organisation_words (word, organisation_id, project_id)
            SELECT CAST(i AS TEXT), '00000000-0000-7000-8000-' || d, '00000000-0000-7000-8002-' || d FROM n",
        "INSERT INTO clients (id, project_id, environment, status, token_lifetime, created_at)
            SELECT 'sbx_ci_' || d, '00000000-0000-7000-8002-' || d, 'sandbox', 'active', 3600, 0 FROM n",
        "INSERT INTO accounts (id, email, name, created_at) SELECT '00000000-0000-7000-8003-' || d, 'p' || i || '@shop.example', 'P', 0 FROM n",
        "INSERT INTO memberships (organisation_id, account_id, role, created_at)
            SELECT '00000000-0000-7000-8000-' || d, '00000000-0000-7000-8003-' || d, 'owner', 0 FROM n",
        "INSERT INTO customer_keys (id, project_id, environment, account_number, hash, prefix, status, created_at)
            SELECT 'sbx_ck_' || d, '00000000-0000-7000-8002-000000000001', 'sandbox', CAST(740000000 + i AS TEXT), CAST('' AS BLOB_TYPE), 'x',
            CASE WHEN i % 1000 = 0 THEN 'suspended' ELSE 'active' END, i FROM n",
    ];
    let blob = if matches!(test.db, Db::Postgres(_)) { "BYTEA" } else { "BLOB" };
    let mut tx = test.db.begin().await.expect("begins");
    if matches!(test.db, Db::Postgres(_)) {
        on_tx!(tx, on => sqlx::query("SET LOCAL statement_timeout = 0").execute(on).await.map(drop)).expect("patience");
    }
    for row in rows {
        let statement = format!("{} {}", N.replace("NUMBER", &number.to_string()), row.replace("BLOB_TYPE", blob));
        on_tx!(tx, on => sqlx::query(sqlx::AssertSqlSafe(statement.clone())).execute(on).await.map(drop)).expect("rows");
    }
    // One by one: all tables at once take more locks than a server that many tests share has.
    for table in ["organisations", "organisation_words", "contracts", "projects", "clients", "accounts", "memberships", "customer_keys"] {
        let statement = format!("ANALYZE {table}");
        on_tx!(tx, on => sqlx::query(sqlx::AssertSqlSafe(statement.clone())).execute(on).await.map(drop)).expect("statistics");
    }
    tx.commit(Timestamp::UNIX_EPOCH).await.expect("commits");
}

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub struct Hands(Arc<AtomicU64>);

impl Hands {
    /// A clock standing at 2026-06-01 12:00:00 UTC.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(AtomicU64::new(1_780_315_200_000_000)))
    }

    /// The clock these hands belong to.
    #[must_use]
    pub fn clock(&self) -> Clock {
        let micros = Arc::clone(&self.0);
        Clock::new(move || {
            let now = i64::try_from(micros.load(Ordering::SeqCst)).unwrap_or(i64::MAX);
            Timestamp::from_microsecond(now).unwrap_or(Timestamp::MAX)
        })
    }

    /// Moves the clock forward.
    pub fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Default for Hands {
    fn default() -> Self {
        Self::new()
    }
}

/// Entropy that repeats itself in every run: for tests only.
#[must_use]
pub fn entropy(seed: u64) -> Entropy {
    let state = Arc::new(AtomicU64::new(seed));
    Entropy::new(move |buffer| {
        for byte in buffer {
            // SplitMix64.
            let mut z = state.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            *byte = (z >> 56) as u8;
        }
    })
}

/// Makes two tests of one async function that takes a [`TestDb`]: one on SQLite, one on PostgreSQL.
///
/// ```text
/// store::on_both_engines! {
///     async fn what_is_written_is_read(test: TestDb) { ... }
/// }
/// ```
#[macro_export]
macro_rules! on_both_engines {
    ($(async fn $name:ident($test:ident: TestDb) $body:block)+) => {$(
        mod $name {
            use super::*;
            async fn run($test: $crate::testkit::TestDb) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                run($crate::testkit::sqlite().await).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                run($crate::testkit::postgres().await).await;
            }
        }
    )+};
}
