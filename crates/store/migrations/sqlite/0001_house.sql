-- Conventions: ids are TEXT (UUIDs or issued public identifiers), moments are INTEGER microseconds since 1970,
-- sets of scopes are TEXT, byte-sorted and space-separated. The postgres folder holds the same tables under the same numbers.

CREATE TABLE organisations (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL UNIQUE,
    customer_type TEXT NOT NULL,
    status        TEXT NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE contracts (
    id              TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    number          TEXT NOT NULL,
    client_number   TEXT NOT NULL,
    labeller        TEXT NOT NULL,
    status          TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    UNIQUE (organisation_id, number)
) STRICT;

CREATE TABLE projects (
    id              TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    name            TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    UNIQUE (organisation_id, name)
) STRICT;

CREATE TABLE clients (
    id             TEXT PRIMARY KEY,
    project_id     TEXT NOT NULL REFERENCES projects (id),
    environment    TEXT NOT NULL,
    status         TEXT NOT NULL,
    grant_types    TEXT,
    token_lifetime INTEGER NOT NULL,
    created_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX clients_by_project ON clients (project_id, environment);

CREATE TABLE client_secrets (
    id                TEXT PRIMARY KEY,
    client_id         TEXT NOT NULL REFERENCES clients (id),
    hash              BLOB NOT NULL,
    prefix            TEXT NOT NULL,
    created_at        INTEGER NOT NULL,
    retires_at        INTEGER,
    revoked_at        INTEGER,
    last_used_at      INTEGER,
    last_used_address TEXT,
    last_used_agent   TEXT
) STRICT;
CREATE INDEX client_secrets_by_client ON client_secrets (client_id);

CREATE TABLE apis (
    name       TEXT PRIMARY KEY,
    document   TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE access_requests (
    id              TEXT PRIMARY KEY,
    project_id      TEXT NOT NULL REFERENCES projects (id),
    environment     TEXT NOT NULL,
    api             TEXT NOT NULL REFERENCES apis (name),
    scopes          TEXT NOT NULL,
    plan            TEXT NOT NULL,
    reason          TEXT NOT NULL,
    status          TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    decided_at      INTEGER,
    decided_by      TEXT,
    decision_reason TEXT
) STRICT;
CREATE INDEX access_requests_by_status ON access_requests (status, created_at);
CREATE INDEX access_requests_by_project ON access_requests (project_id);

CREATE TABLE grants (
    id                TEXT PRIMARY KEY,
    access_request_id TEXT NOT NULL REFERENCES access_requests (id),
    project_id        TEXT NOT NULL REFERENCES projects (id),
    environment       TEXT NOT NULL,
    api               TEXT NOT NULL REFERENCES apis (name),
    scopes            TEXT NOT NULL,
    plan              TEXT NOT NULL,
    created_at        INTEGER NOT NULL,
    revoked_at        INTEGER
) STRICT;
-- One live grant for each API: approving more scopes replaces the grant, so that revoking it leaves nothing behind.
CREATE UNIQUE INDEX grants_live ON grants (project_id, environment, api) WHERE revoked_at IS NULL;

CREATE TABLE api_credentials (
    id          TEXT PRIMARY KEY,
    project_id  TEXT NOT NULL REFERENCES projects (id),
    environment TEXT NOT NULL,
    hash        BLOB NOT NULL,
    prefix      TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    revoked_at  INTEGER
) STRICT;
CREATE INDEX api_credentials_by_project ON api_credentials (project_id, environment);

CREATE TABLE customer_keys (
    id             TEXT PRIMARY KEY,
    project_id     TEXT NOT NULL REFERENCES projects (id),
    environment    TEXT NOT NULL,
    account_number TEXT NOT NULL,
    hash           BLOB NOT NULL,
    prefix         TEXT NOT NULL,
    status         TEXT NOT NULL,
    created_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX customer_keys_by_project ON customer_keys (project_id, environment, id);

-- Keys wrapped by the master key, which is never in the database.
CREATE TABLE vault (
    name       TEXT PRIMARY KEY,
    wrapped    BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE signing_keys (
    id           TEXT PRIMARY KEY,
    environment  TEXT NOT NULL,
    algorithm    TEXT NOT NULL,
    public_jwk   TEXT NOT NULL,
    wrapped      BLOB NOT NULL,
    created_at   INTEGER NOT NULL,
    activates_at INTEGER NOT NULL,
    retires_at   INTEGER
) STRICT;

CREATE TABLE revoked_tokens (
    id         TEXT PRIMARY KEY,
    client_id  TEXT,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX revoked_tokens_by_expiry ON revoked_tokens (expires_at);
CREATE INDEX revoked_tokens_by_client ON revoked_tokens (client_id, expires_at);

-- Each entry's digest covers the one before it: an entry changed or removed later shows.
CREATE TABLE audit (
    seq      INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    actor    TEXT NOT NULL,
    action   TEXT NOT NULL,
    subject  TEXT NOT NULL,
    detail   TEXT NOT NULL,
    digest   TEXT NOT NULL
) STRICT;

-- The change feed. `feed` is one row; its numbers are taken last in a transaction, so they are gapless and in commit order.
CREATE TABLE feed (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    seq       INTEGER NOT NULL,
    audit_seq INTEGER NOT NULL,
    digest    TEXT NOT NULL
) STRICT;
INSERT INTO feed (id, seq, audit_seq, digest) VALUES (1, 0, 0, '');

CREATE TABLE changes (
    seq     INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL
) STRICT;

CREATE TABLE decisions (
    id          TEXT PRIMARY KEY,
    at          INTEGER NOT NULL,
    environment TEXT NOT NULL,
    project_id  TEXT,
    detail      TEXT NOT NULL
) STRICT;
CREATE INDEX decisions_by_project ON decisions (project_id, at);
CREATE INDEX decisions_by_age ON decisions (at);
