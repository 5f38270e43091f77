-- Conventions: ids are TEXT (UUIDs or issued public identifiers), moments are BIGINT microseconds since 1970,
-- sets of scopes are TEXT, byte-sorted and space-separated. The sqlite folder holds the same tables under the same numbers.

CREATE TABLE organisations (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL UNIQUE,
    customer_type TEXT NOT NULL,
    status        TEXT NOT NULL,
    created_at    BIGINT NOT NULL
);

CREATE TABLE contracts (
    id              TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    number          TEXT NOT NULL,
    client_number   TEXT NOT NULL,
    labeller        TEXT NOT NULL,
    status          TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    UNIQUE (organisation_id, number)
);

CREATE TABLE projects (
    id              TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    name            TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    UNIQUE (organisation_id, name)
);

CREATE TABLE clients (
    id             TEXT PRIMARY KEY,
    project_id     TEXT NOT NULL REFERENCES projects (id),
    environment    TEXT NOT NULL,
    status         TEXT NOT NULL,
    grant_types    TEXT,
    token_lifetime BIGINT NOT NULL,
    created_at     BIGINT NOT NULL
);
CREATE INDEX clients_by_project ON clients (project_id, environment);

CREATE TABLE client_secrets (
    id                TEXT PRIMARY KEY,
    client_id         TEXT NOT NULL REFERENCES clients (id),
    hash              BYTEA NOT NULL,
    prefix            TEXT NOT NULL,
    created_at        BIGINT NOT NULL,
    retires_at        BIGINT,
    revoked_at        BIGINT,
    last_used_at      BIGINT,
    last_used_address TEXT,
    last_used_agent   TEXT
);
CREATE INDEX client_secrets_by_client ON client_secrets (client_id);

CREATE TABLE apis (
    name       TEXT PRIMARY KEY,
    document   TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE access_requests (
    id              TEXT PRIMARY KEY,
    project_id      TEXT NOT NULL REFERENCES projects (id),
    environment     TEXT NOT NULL,
    api             TEXT NOT NULL REFERENCES apis (name),
    scopes          TEXT NOT NULL,
    plan            TEXT NOT NULL,
    reason          TEXT NOT NULL,
    status          TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    decided_at      BIGINT,
    decided_by      TEXT,
    decision_reason TEXT
);
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
    created_at        BIGINT NOT NULL,
    revoked_at        BIGINT
);
-- One live grant for each API: approving more scopes replaces the grant, so that revoking it leaves nothing behind.
CREATE UNIQUE INDEX grants_live ON grants (project_id, environment, api) WHERE revoked_at IS NULL;

CREATE TABLE api_credentials (
    id          TEXT PRIMARY KEY,
    project_id  TEXT NOT NULL REFERENCES projects (id),
    environment TEXT NOT NULL,
    hash        BYTEA NOT NULL,
    prefix      TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    revoked_at  BIGINT
);
CREATE INDEX api_credentials_by_project ON api_credentials (project_id, environment);

CREATE TABLE customer_keys (
    id             TEXT PRIMARY KEY,
    project_id     TEXT NOT NULL REFERENCES projects (id),
    environment    TEXT NOT NULL,
    account_number TEXT NOT NULL,
    hash           BYTEA NOT NULL,
    prefix         TEXT NOT NULL,
    status         TEXT NOT NULL,
    created_at     BIGINT NOT NULL
);
CREATE INDEX customer_keys_by_project ON customer_keys (project_id, environment, id);

-- Keys wrapped by the master key, which is never in the database.
CREATE TABLE vault (
    name       TEXT PRIMARY KEY,
    wrapped    BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE signing_keys (
    id           TEXT PRIMARY KEY,
    environment  TEXT NOT NULL,
    algorithm    TEXT NOT NULL,
    public_jwk   TEXT NOT NULL,
    wrapped      BYTEA NOT NULL,
    created_at   BIGINT NOT NULL,
    activates_at BIGINT NOT NULL,
    retires_at   BIGINT
);

CREATE TABLE revoked_tokens (
    id         TEXT PRIMARY KEY,
    client_id  TEXT,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL
);
CREATE INDEX revoked_tokens_by_expiry ON revoked_tokens (expires_at);
CREATE INDEX revoked_tokens_by_client ON revoked_tokens (client_id, expires_at);

-- Each entry's digest covers the one before it: an entry changed or removed later shows.
CREATE TABLE audit (
    seq      BIGINT PRIMARY KEY,
    at       BIGINT NOT NULL,
    actor    TEXT NOT NULL,
    action   TEXT NOT NULL,
    subject  TEXT NOT NULL,
    detail   TEXT NOT NULL,
    digest   TEXT NOT NULL
);

-- The change feed. `feed` is one row; its numbers are taken last in a transaction, so they are gapless and in commit order.
CREATE TABLE feed (
    id        BIGINT PRIMARY KEY CHECK (id = 1),
    seq       BIGINT NOT NULL,
    audit_seq BIGINT NOT NULL,
    digest    TEXT NOT NULL
);
INSERT INTO feed (id, seq, audit_seq, digest) VALUES (1, 0, 0, '');

CREATE TABLE changes (
    seq     BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL,
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL
);

CREATE TABLE decisions (
    id          TEXT PRIMARY KEY,
    at          BIGINT NOT NULL,
    environment TEXT NOT NULL,
    project_id  TEXT,
    detail      TEXT NOT NULL
);
CREATE INDEX decisions_by_project ON decisions (project_id, at);
CREATE INDEX decisions_by_age ON decisions (at);
