//! A large house, for benchmarks: as many organisations as asked for, and what comes with so many, as this crate's own functions would have written it.
//!
//! Rows are numbered from 1 and everything of a row follows from its number, so that two engines hold the same and a table can refer to
//! another without looking. Digests of the audit log are not chained: who verifies the log hears of the first of them.

use domain::Timestamp;

use crate::{Db, Moment, Result};

/// How many rows are written in one transaction.
const BATCH: i64 = 5_000;

/// What follows `WITH` for the rows `$1` to `$2`; `$3` is now, `$4` how many organisations there are, `$5` how many APIs.
macro_rules! rows {
    ($into:literal, $($rest:expr),+) => {
        concat!(
            "RECURSIVE given (at, many, apis) AS (SELECT CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT)),
            numbers (n) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n < CAST($2 AS BIGINT))
            INSERT INTO ", $into, $($rest,)+ " FROM numbers CROSS JOIN given"
        )
    };
}

/// The id of the row of a number: a UUID of version 7 whose time grows with the number. Decimal digits are hexadecimal ones too.
macro_rules! id {
    ($kind:literal, $number:literal) => {
        concat!(
            "'0197' || substr(CAST(100000000 + ",
            $number,
            " AS TEXT), 2, 4) || '-' || substr(CAST(100000000 + ",
            $number,
            " AS TEXT), 6, 4) || '-70",
            $kind,
            "-8000-' || CAST(100000000000 + ",
            $number,
            " AS TEXT)"
        )
    };
}

/// What is issued, of 22 characters behind its prefix.
macro_rules! issued {
    ($prefix:literal, $number:literal) => {
        concat!($prefix, " || 'Scale00000' || CAST(100000000000 + ", $number, " AS TEXT)")
    };
}

macro_rules! account {
    ($number:literal) => {
        id!("10", $number)
    };
}
macro_rules! staff {
    ($number:literal) => {
        id!("11", $number)
    };
}
macro_rules! organisation {
    ($number:literal) => {
        id!("12", $number)
    };
}
macro_rules! contract {
    ($number:literal) => {
        id!("13", $number)
    };
}
macro_rules! project {
    ($number:literal) => {
        id!("14", $number)
    };
}
macro_rules! request {
    ($number:literal) => {
        id!("16", $number)
    };
}
/// The clients of production come behind those of the sandbox.
macro_rules! client {
    ($number:literal) => {
        concat!(
            "CASE WHEN ",
            $number,
            " <= many THEN 'sbx' ELSE 'prd' END || '_ci_Scale00000' || CAST(100000000000 + ",
            $number,
            " AS TEXT)"
        )
    };
}
/// The API of a request: another one for each request of a project.
macro_rules! api {
    () => {
        "'scale-' || substr(CAST(100000 + (n + n / many) % apis + 1 AS TEXT), 2)"
    };
}
/// Most requests are decided; the newest wait, and a few old ones.
macro_rules! waits {
    () => {
        "(n > many * 10 - many / 20 OR n % 1000 = 7)"
    };
}
/// The year behind now, from the first row to the last of `$most`.
macro_rules! when {
    ($most:literal) => {
        concat!("given.at - (", $most, " - n) * (31536000000000 / (", $most, "))")
    };
}

sql! {
    ACCOUNTS = concat!("WITH ", rows!("accounts (id, email, name, language, staff, verified_at, created_at) SELECT ",
        account!("n"), ", 'persona' || CAST(n AS TEXT) || '@empresa' || CAST(n AS TEXT) || '.example', 'Persona ' || CAST(n AS TEXT), 'es', '', ",
        when!("many"), ", ", when!("many")));
    STAFF = concat!("WITH ", rows!("accounts (id, email, name, language, staff, verified_at, created_at) SELECT ",
        staff!("n"), ", 'equipo' || CAST(n AS TEXT) || '@postigo.example', 'Equipo ' || CAST(n AS TEXT), 'es',
        CASE n % 4 WHEN 0 THEN 'viewer' WHEN 1 THEN 'support' WHEN 2 THEN 'publisher' ELSE 'administrator' END, ", when!("50"), ", ", when!("50")));
    ORGANISATIONS = concat!("WITH ", rows!("organisations (id, name, customer_type, status, created_at, standing_reason, standing_by, standing_at, folded) SELECT ",
        organisation!("n"), ", CASE n % 5 WHEN 0 THEN 'Transportes' WHEN 1 THEN 'Envíos' WHEN 2 THEN 'Logística' WHEN 3 THEN 'Comercial' ELSE 'Librería' END
            || ' Zona ' || CAST(n % 97 AS TEXT) || ', ' || CAST(100000 + n AS TEXT),
        CASE n % 10 WHEN 0 THEN 'integrator' WHEN 1 THEN 'compatible_provider' ELSE 'customer' END,
        CASE WHEN n % 500 = 3 THEN 'revoked' WHEN n % 200 = 4 THEN 'suspended' ELSE 'active' END, ", when!("many"), ",
        CASE WHEN n % 500 = 3 OR n % 200 = 4 THEN 'No paga' END, CASE WHEN n % 500 = 3 OR n % 200 = 4 THEN 'operator:scale' END,
        CASE WHEN n % 500 = 3 OR n % 200 = 4 THEN given.at END,
        CASE n % 5 WHEN 0 THEN 'transportes' WHEN 1 THEN 'envios' WHEN 2 THEN 'logistica' WHEN 3 THEN 'comercial' ELSE 'libreria' END
            || ' zona ' || CAST(n % 97 AS TEXT) || ', ' || CAST(100000 + n AS TEXT)"));
    WORDS = concat!("WITH ", rows!("organisation_words (word, organisation_id, project_id) SELECT ",
        "CASE kind WHEN 0 THEN CASE n % 5 WHEN 0 THEN 'transportes' WHEN 1 THEN 'envios' WHEN 2 THEN 'logistica' WHEN 3 THEN 'comercial' ELSE 'libreria' END
            WHEN 1 THEN 'zona' WHEN 2 THEN CAST(n % 97 AS TEXT) WHEN 3 THEN CAST(100000 + n AS TEXT) WHEN 4 THEN 'tienda' ELSE CAST(n AS TEXT) END, ",
        organisation!("n"), ", CASE WHEN kind < 4 THEN '' ELSE ", project!("n"), " END"),
        " CROSS JOIN (SELECT 0 AS kind UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5) AS kinds
        WHERE given.at > 0 ON CONFLICT DO NOTHING");
    /// Everybody owns one organisation, and one in three helps in the next.
    MEMBERSHIPS = concat!("WITH ", rows!("memberships (organisation_id, account_id, role, created_at) SELECT ",
        "CASE WHEN n <= many THEN ", organisation!("n"), " ELSE ", organisation!("((n - many) * 3)"), " END, CASE WHEN n <= many THEN ", account!("n"), " ELSE ",
        account!("((n - many) * 3 - 1)"), " END, CASE WHEN n <= many THEN 'owner' ELSE 'admin' END, given.at - 1000000"));
    NOTES = concat!("WITH ", rows!("organisation_notes (id, organisation_id, author, text, created_at) SELECT ",
        id!("17", "n"), ", CASE WHEN n <= 300 THEN ", organisation!("1"), " ELSE ", organisation!("(n % many + 1)"), " END, 'account:' || ", staff!("(n % 50 + 1)"),
        ", 'Habló con soporte por teléfono.', ", when!("many / 5")));
    CONTRACTS = concat!("WITH ", rows!("contracts (id, organisation_id, number, client_number, labeller, status, created_at) SELECT ",
        contract!("n"), ", ", organisation!("((n - 1) % many + 1)"), ", CAST(50000000 + n AS TEXT), CAST(10000000 + n AS TEXT), 'ABCD',
        CASE WHEN n > many * 3 / 2 - many / 20 THEN 'pending' WHEN n % 50 = 0 THEN 'suspended' WHEN n % 50 = 1 THEN 'ended' ELSE 'active' END, ",
        when!("many * 3 / 2")));
    CUSTOMER_TYPES = concat!("WITH ", rows!("customer_type_requests (id, organisation_id, customer_type, reason, status, created_at, decided_at, decided_by) SELECT ",
        id!("18", "n"), ", ", organisation!("n * 5"), ", 'integrator', 'Revendemos.', CASE WHEN n % 5 = 0 THEN 'pending' ELSE 'approved' END, ", when!("many / 5"),
        ", CASE WHEN n % 5 = 0 THEN NULL ELSE given.at END, CASE WHEN n % 5 = 0 THEN NULL ELSE 'account:' || ", staff!("(n % 50 + 1)"), " END"));
    PROJECTS = concat!("WITH ", rows!("projects (id, organisation_id, name, created_at, archived_at, folded) SELECT ",
        project!("n"), ", ", organisation!("n"), ", 'Tienda ' || CAST(n AS TEXT), ", when!("many"), ", CASE WHEN n % 100 = 99 THEN given.at END,
        'tienda ' || CAST(n AS TEXT)"));
    CLIENTS = concat!("WITH ", rows!("clients (id, project_id, environment, status, token_lifetime, created_at) SELECT ",
        client!("n"), ", ", project!("((n - 1) % many + 1)"), ", CASE WHEN n <= many THEN 'sandbox' ELSE 'production' END,
        CASE WHEN n % 100 = 98 THEN 'suspended' WHEN n % 100 = 99 THEN 'revoked' ELSE 'active' END, 3600, ", when!("many * 2")));
    /// One for each client, and another for some, which are changing theirs; one in ten was not used for long.
    SECRETS = concat!("WITH ", rows!("client_secrets (id, client_id, hash, prefix, created_at, retires_at, last_used_at, last_used_address, last_used_agent) SELECT ",
        id!("19", "n"), ", ", client!("((n - 1) % (many * 2) + 1)"), ", (SELECT hash FROM client_secrets ORDER BY id LIMIT 1), 'pgs_sbx_Ab12', ", when!("many * 21 / 10"),
        ", CASE WHEN n % 50 = 0 THEN given.at + 86400000000 * (n % 40) END,
        given.at - CASE WHEN n % 10 = 0 THEN 13000000000000 ELSE 60000000 * (n % 20000) END, '192.0.2.7', 'Java/21'"));
    REQUESTS = concat!("WITH ", rows!("access_requests (id, project_id, environment, api, scopes, plan, reason, status, created_at, decided_at, decided_by, decision_reason) SELECT ",
        request!("n"), ", ", project!("((n - 1) % many + 1)"), ", CASE n % 3 WHEN 0 THEN 'production' ELSE 'sandbox' END, ", api!(), ", 'SCALE', 'standard',
        'Para la tienda.', CASE WHEN ", waits!(), " THEN 'pending' WHEN n % 10 = 0 THEN 'rejected' WHEN n % 10 = 1 THEN 'revoked' ELSE 'approved' END, ",
        when!("many * 10"), ", CASE WHEN ", waits!(), " THEN NULL ELSE given.at END, CASE WHEN ", waits!(), " THEN NULL ELSE 'account:' || ",
        staff!("(n % 50 + 1)"), " END, CASE WHEN n % 10 = 0 AND NOT ", waits!(), " THEN 'No hace falta.' END"));
    GRANTS = concat!("WITH ", rows!("grants (id, access_request_id, project_id, environment, api, scopes, plan, created_at, revoked_at) SELECT ",
        id!("20", "n"), ", ", request!("n"), ", ", project!("((n - 1) % many + 1)"), ", CASE n % 3 WHEN 0 THEN 'production' ELSE 'sandbox' END, ", api!(),
        ", 'SCALE', 'standard', ", when!("many * 10"), ", CASE WHEN n % 10 = 1 THEN given.at END"), " WHERE n % 10 <> 0 AND NOT ", waits!());
    /// Every third has somebody who takes care of it.
    OWNERS = concat!("WITH ", rows!("queue_owners (queue, id, account_id, since) SELECT ", "'access', ", request!("n"), ", ", staff!("(n % 50 + 1)"), ", given.at"),
        " WHERE n % 3 = 1 AND apis > 0 AND ", waits!());
    /// All of one project, as a platform has them.
    CONSENTS = concat!("WITH ", rows!("consents (id, project_id, environment, account_number, client_id, method, agreement, address, created_at) SELECT ",
        id!("21", "n"), ", ", project!("1"), ", 'production', CAST(700000000 + n AS TEXT), ", client!("many + 1"), ", 'pin', '2024-01', '192.0.2.7', ", when!("many")));
    CUSTOMER_KEYS = concat!("WITH ", rows!("customer_keys (id, project_id, environment, account_number, hash, prefix, status, created_at, consent_id) SELECT ",
        issued!("'prd_ck_'", "n"), ", ", project!("1"), ", 'production', CAST(700000000 + n AS TEXT), (SELECT hash FROM client_secrets ORDER BY id LIMIT 1), 'pgc_prd_Ab12',
        CASE WHEN n % 20 = 0 THEN 'revoked' WHEN n % 100 = 1 THEN 'suspended' ELSE 'active' END, ", when!("many"), ", ", id!("21", "n")));
    KEY_USES = concat!("WITH ", rows!("customer_key_uses (customer_key_id, last_used_at) SELECT ", issued!("'prd_ck_'", "n"), ", ", when!("many")), " WHERE n % 2 = 0");
    POLICIES = concat!("WITH ", rows!("policies (version, spanish, english, changed_spanish, changed_english, revision, created_at, created_by, published_at, published_by, in_force_at) SELECT ",
        "CAST(2000 + n AS TEXT) || '-scale', '# Condiciones', '# Terms', '', '', 1, ", when!("1000"), ", 'operator:scale', ", when!("1000"), ", 'operator:scale', ", when!("1000")));
    ACCEPTANCES = concat!("WITH ", rows!("policy_acceptances (project_id, environment, version, account_id, address, accepted_at) SELECT ",
        project!("((n - 1) % many + 1)"), ", CASE WHEN n <= many THEN 'sandbox' ELSE 'production' END, CAST(2001 + n % 5 AS TEXT) || '-scale', ",
        account!("((n - 1) % many + 1)"), ", '192.0.2.7', ", when!("many * 2")));
    ANNOUNCEMENTS = concat!("WITH ", rows!("announcements (id, kind, environment, api, title_spanish, title_english, text_spanish, text_english, starts_at, ends_at, revision,
            created_at, created_by, published_at) SELECT ",
        id!("22", "n"), ", CASE n % 3 WHEN 0 THEN 'notice' WHEN 1 THEN 'maintenance' ELSE 'incident' END, CASE n % 2 WHEN 0 THEN 'sandbox' ELSE '' END, '',
        'Obras ' || CAST(n AS TEXT), 'Works ' || CAST(n AS TEXT), 'Se notará poco.', 'Little will be noticed.', ", when!("many / 50 + 1"), ", ",
        when!("many / 50 + 1"), " + 3600000000, 1, ", when!("many / 50 + 1"), ", 'operator:scale', ", when!("many / 50 + 1")));
    ANNOUNCEMENT_UPDATES = concat!("WITH ", rows!("announcement_updates (announcement_id, number, at, stage, spanish, english) SELECT ",
        id!("22", "n"), ", 1, ", when!("many / 50 + 1"), ", 'resolved', 'Hecho.', 'Done.'"));
    /// Half is people signing in, a tenth the program's own, a twentieth staff's; of those every second one never signed in.
    AUDIT = concat!("WITH ", rows!("audit (seq, at, actor, action, subject, detail, digest) SELECT ",
        "(SELECT audit_seq FROM feed WHERE id = 1) + n, ", when!("many * 10"), ",
        CASE WHEN n % 20 = 0 OR n % 40 = 39 THEN 'account:' || ", staff!("(n / 20 % 50 + 1)"), " WHEN n % 10 = 1 THEN 'system' ELSE 'account:' || ",
        account!("((n - 1) % many + 1)"), " END,
        CASE WHEN n % 20 = 0 THEN CASE n / 1000 % 2 WHEN 0 THEN 'access.approve' ELSE 'organisation.look' END WHEN n % 40 = 39 THEN 'account.sign_in'
            WHEN n % 10 = 1 THEN 'policies.accept' WHEN n % 2 = 1 THEN 'account.sign_in' WHEN n % 10 = 2 THEN 'client.create' WHEN n % 10 = 4 THEN 'project.rename'
            WHEN n % 1000 = 6 THEN 'organisation.close' ELSE 'access.request' END,
        CASE WHEN n % 20 = 0 AND n / 1000 % 2 = 1 THEN ", organisation!("((n - 1) % many + 1)"), " WHEN n % 40 = 39 THEN ", staff!("(n / 20 % 50 + 1)"),
        " WHEN n % 2 = 1 AND n % 10 <> 1 THEN ", account!("((n - 1) % many + 1)"), " WHEN n % 10 = 2 THEN ", client!("((n - 1) % many + 1)"),
        " WHEN n % 10 = 4 THEN ", project!("((n - 1) % many + 1)"), " WHEN n % 1000 = 6 THEN ", organisation!("((n - 1) % many + 1)"), " ELSE ", request!("n"), " END,
        '{\"address\":\"192.0.2.7\"}', substr('0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', 1, 52) || CAST(100000000000 + n AS TEXT)"));
    /// What [`crate::uses`] would have noted meanwhile.
    LAST_TOKENS = "UPDATE projects SET last_token_at = (SELECT MAX(s.last_used_at) FROM clients c JOIN client_secrets s ON s.client_id = c.id
        WHERE c.project_id = projects.id)";
    SUPERSEDED = "UPDATE client_secrets SET superseded_at = (SELECT MAX(n.last_used_at) FROM client_secrets n WHERE n.client_id = client_secrets.client_id
        AND n.id <> client_secrets.id AND n.last_used_at > client_secrets.last_used_at)";
    HEAD = "UPDATE feed SET audit_seq = (SELECT MAX(seq) FROM audit), digest = (SELECT digest FROM audit ORDER BY seq DESC LIMIT 1)
        WHERE id = 1 AND audit_seq < (SELECT MAX(seq) FROM audit)";
    /// What a server that has run for some time knows of its tables anyway. SQLite is never told.
    LEARN_POSTGRES = "ANALYZE";
    /// That takes longer than anybody waits for a page.
    UNHURRIED_POSTGRES = "SET LOCAL statement_timeout = 0";
}

/// How much there shall be.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Organisations, 100 at least. There are ten times as many access requests and audit entries, and as many customer keys of the first project.
    pub organisations: i64,
    /// APIs of the catalogue, named `scale-00001` and on, which must be there already with a scope `SCALE`.
    pub apis: i64,
}

/// Whose rows are written, and how many by the number of organisations.
type Step = (&'static str, &'static str, fn(i64) -> i64);

const STEPS: &[Step] = &[
    ("accounts", ACCOUNTS, |many| many),
    ("staff", STAFF, |_| 50),
    ("organisations", ORGANISATIONS, |many| many),
    ("words of names", WORDS, |many| many),
    ("memberships", MEMBERSHIPS, |many| many + many / 3),
    ("notes", NOTES, |many| many / 5),
    ("contracts", CONTRACTS, |many| many * 3 / 2),
    ("customer type requests", CUSTOMER_TYPES, |many| many / 5),
    ("projects", PROJECTS, |many| many),
    ("clients", CLIENTS, |many| many * 2),
    ("secrets", SECRETS, |many| many * 21 / 10),
    ("access requests", REQUESTS, |many| many * 10),
    ("grants", GRANTS, |many| many * 10),
    ("owners of what waits", OWNERS, |many| many * 10),
    ("consents", CONSENTS, |many| many),
    ("customer keys", CUSTOMER_KEYS, |many| many),
    ("uses of customer keys", KEY_USES, |many| many),
    ("policies", POLICIES, |_| 5),
    ("acceptances", ACCEPTANCES, |many| many * 2),
    ("announcements", ANNOUNCEMENTS, |many| many / 50),
    ("updates of announcements", ANNOUNCEMENT_UPDATES, |many| many / 50),
    ("audit entries", AUDIT, |many| many * 10),
];

/// Fills a migrated database that no node uses meanwhile and in which there is a client with a secret, whose hash the others get. `told` hears the
/// name of each table and for how many numbers rows were written.
///
/// # Errors
/// When the database does not take it, as where it was filled before.
pub async fn fill(db: &Db, size: Size, now: Timestamp, mut told: impl FnMut(&str, i64)) -> Result<()> {
    for &(name, statement, count) in STEPS {
        let all = count(size.organisations);
        let mut from = 1;
        while from <= all {
            let to = all.min(from + BATCH - 1);
            let mut tx = db.begin().await?;
            on_tx!(tx, on => sqlx::query(statement).bind(from).bind(to).bind(Moment(now)).bind(size.organisations).bind(size.apis)
                .execute(on).await.map(drop))?;
            tx.commit(now).await?;
            from = to + 1;
        }
        told(name, all);
    }
    let mut tx = db.begin().await?;
    if matches!(db, Db::Postgres(_)) {
        on_tx!(tx, on => sqlx::query(UNHURRIED_POSTGRES).execute(on).await.map(drop))?;
    }
    for statement in [LAST_TOKENS, SUPERSEDED, HEAD] {
        on_tx!(tx, on => sqlx::query(statement).execute(on).await.map(drop))?;
    }
    if matches!(db, Db::Postgres(_)) {
        on_tx!(tx, on => sqlx::query(LEARN_POSTGRES).execute(on).await.map(drop))?;
    }
    tx.commit(now).await
}
