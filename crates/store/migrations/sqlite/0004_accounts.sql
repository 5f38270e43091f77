-- People: who signs in, what proves it, whose organisations they work for, and what they were told by mail.

-- `email` is trimmed and lower-case. Without a password an account signs in by passkey. `staff`: the operator's own people
-- have a role of theirs; empty for everybody else.
CREATE TABLE accounts (
    id             TEXT PRIMARY KEY,
    email          TEXT NOT NULL UNIQUE,
    name           TEXT NOT NULL,
    password       TEXT,
    language       TEXT,
    staff          TEXT NOT NULL DEFAULT '',
    verified_at    INTEGER,
    created_at     INTEGER NOT NULL,
    -- The authenticator app: its secret under the master key, and the last time step used, so that no code works twice.
    totp           BLOB,
    totp_step      INTEGER NOT NULL DEFAULT 0,
    totp_since     INTEGER,
    -- A deleted account keeps its id, which the audit log and others name, and nothing else.
    deleted_at     INTEGER
) STRICT;

-- Failures in a row, under the keyed hash of what was tried: an address of mail or of the network, whether or not it is known here, so that
-- having to wait tells nobody which accounts there are.
CREATE TABLE sign_in_tries (
    key          BLOB PRIMARY KEY,
    failures     INTEGER NOT NULL,
    last_at      INTEGER NOT NULL,
    locked_until INTEGER
) STRICT;
CREATE INDEX sign_in_tries_by_age ON sign_in_tries (last_at);

-- One-time codes for when the authenticator is lost, as keyed hashes.
CREATE TABLE recovery_codes (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    hash       BLOB NOT NULL,
    used_at    INTEGER,
    PRIMARY KEY (account_id, hash)
) STRICT;

-- WebAuthn credentials; `id` is the authenticator's own in base64url, `credential` is JSON and changes at every use (its counter).
CREATE TABLE passkeys (
    id           TEXT PRIMARY KEY,
    account_id   TEXT NOT NULL REFERENCES accounts (id),
    name         TEXT NOT NULL,
    credential   TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT;
CREATE INDEX passkeys_by_account ON passkeys (account_id);

-- Ceremonies under way (WebAuthn), each good for one answer.
CREATE TABLE ceremonies (
    id         TEXT PRIMARY KEY,
    account_id TEXT REFERENCES accounts (id),
    purpose    TEXT NOT NULL,
    state      TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ceremonies_by_expiry ON ceremonies (expires_at);

-- `hash` is of the cookie's value, which is never stored. `half`: the password was right and the second factor is awaited.
CREATE TABLE sessions (
    id           TEXT PRIMARY KEY,
    hash         BLOB NOT NULL UNIQUE,
    account_id   TEXT NOT NULL REFERENCES accounts (id),
    half         INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    proved_at    INTEGER NOT NULL,
    address      TEXT NOT NULL,
    agent        TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Links sent by mail: to verify an address, to recover an account, to move to another address (`email`). Each works once.
CREATE TABLE mail_links (
    hash       BLOB PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    purpose    TEXT NOT NULL,
    email      TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT;
CREATE INDEX mail_links_by_account ON mail_links (account_id, purpose);
CREATE INDEX mail_links_by_expiry ON mail_links (expires_at);

-- Mail to be sent and sent. A mail is written in the transaction that makes it true; a node claims it, sends it and says so. `body` is under the
-- master key, because it may hold a link that opens an account, and empty once it was sent. `state`: `waiting`, `sent`, `failed`, or `mailbox` where
-- nothing sends: it is read there.
CREATE TABLE mails (
    id           TEXT PRIMARY KEY,
    kind         TEXT NOT NULL,
    recipient    TEXT NOT NULL,
    language     TEXT NOT NULL,
    subject      TEXT NOT NULL,
    body         BLOB NOT NULL,
    state        TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    next_at      INTEGER NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0,
    sent_at      INTEGER,
    last_error   TEXT
) STRICT;
CREATE INDEX mails_waiting ON mails (next_at) WHERE state = 'waiting';
CREATE INDEX mails_by_age ON mails (created_at);
CREATE INDEX mails_by_recipient ON mails (recipient, created_at);

-- People are shown what they did and what was done to them.
CREATE INDEX audit_by_actor ON audit (actor, seq);
CREATE INDEX audit_by_subject ON audit (subject, seq);

CREATE TABLE memberships (
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    account_id      TEXT NOT NULL REFERENCES accounts (id),
    role            TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, account_id)
) STRICT;
CREATE INDEX memberships_by_account ON memberships (account_id);

-- `hash` is of the link's secret. An invitation ends by being accepted, withdrawn or too old.
CREATE TABLE invitations (
    id              TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    email           TEXT NOT NULL,
    role            TEXT NOT NULL,
    hash            BLOB NOT NULL UNIQUE,
    invited_by      TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    ended_at        INTEGER,
    outcome         TEXT
) STRICT;
CREATE INDEX invitations_by_organisation ON invitations (organisation_id, created_at);
CREATE UNIQUE INDEX invitations_open ON invitations (organisation_id, email) WHERE ended_at IS NULL;

-- An organisation asks to be another customer type; the operator decides.
CREATE TABLE customer_type_requests (
    id              TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    customer_type   TEXT NOT NULL,
    reason          TEXT NOT NULL,
    status          TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    decided_at      INTEGER,
    decided_by      TEXT,
    decision_reason TEXT
) STRICT;
CREATE UNIQUE INDEX customer_type_requests_open ON customer_type_requests (organisation_id) WHERE status = 'pending';
CREATE INDEX customer_type_requests_by_status ON customer_type_requests (status, created_at);

-- Who accepted which version of the usage policies for a project in an environment.
CREATE TABLE policy_acceptances (
    project_id  TEXT NOT NULL REFERENCES projects (id),
    environment TEXT NOT NULL,
    version     TEXT NOT NULL,
    account_id  TEXT NOT NULL,
    address     TEXT NOT NULL,
    accepted_at INTEGER NOT NULL,
    PRIMARY KEY (project_id, environment, version)
) STRICT;

-- An archived project keeps its history; its clients are revoked.
ALTER TABLE projects ADD COLUMN archived_at INTEGER;
-- What a contract is refused for, or why it was suspended, in words for the organisation.
ALTER TABLE contracts ADD COLUMN reason TEXT;
CREATE INDEX contracts_by_status ON contracts (status, created_at);
-- Whose hand suspended it, `operator` or `owner`: what the operator suspended, its owner cannot resume.
ALTER TABLE clients ADD COLUMN suspended_by TEXT;
ALTER TABLE customer_keys ADD COLUMN suspended_by TEXT;
