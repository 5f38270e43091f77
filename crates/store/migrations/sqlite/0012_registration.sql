-- Credential registration: whom account numbers belong to, who tried to act for them, and who agreed to it.

-- The carrier's register of account holders. Postigo keeps it where the carrier has no service of its own for it. `street_lines` is a JSON array;
-- `pin` is looked at in the sandbox only.
CREATE TABLE account_holders (
    environment    TEXT NOT NULL,
    account_number TEXT NOT NULL,
    customer_name  TEXT NOT NULL,
    street_lines   TEXT NOT NULL,
    city           TEXT NOT NULL,
    state          TEXT NOT NULL,
    postal_code    TEXT NOT NULL,
    country        TEXT NOT NULL,
    email          TEXT,
    phone          TEXT,
    language       TEXT,
    pin            TEXT,
    updated_at     INTEGER NOT NULL,
    PRIMARY KEY (environment, account_number)
) STRICT;

CREATE TABLE account_invoices (
    environment    TEXT NOT NULL,
    account_number TEXT NOT NULL,
    number         TEXT NOT NULL,
    currency       TEXT NOT NULL,
    date           TEXT NOT NULL,
    amount         TEXT NOT NULL,
    PRIMARY KEY (environment, account_number, number),
    FOREIGN KEY (environment, account_number) REFERENCES account_holders (environment, account_number) ON DELETE CASCADE
) STRICT;

-- Failures of one method for one account by one platform, under a keyed hash of the three, whether or not there is such an account. `last_at` is
-- that of the last try that was let through.
CREATE TABLE registration_tries (
    key      BLOB PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX registration_tries_by_age ON registration_tries (last_at);

-- PINs that were sent, as keyed hashes, under a keyed hash of platform and account.
CREATE TABLE registration_pins (
    id         TEXT PRIMARY KEY,
    key        BLOB NOT NULL,
    hash       BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT;
CREATE INDEX registration_pins_by_key ON registration_pins (key, created_at);
CREATE INDEX registration_pins_by_age ON registration_pins (created_at);

-- How an account holder agreed that a platform acts for it: by which method, under which version of the agreement, from where.
CREATE TABLE consents (
    id             TEXT PRIMARY KEY,
    project_id     TEXT NOT NULL REFERENCES projects (id),
    environment    TEXT NOT NULL,
    account_number TEXT NOT NULL,
    client_id      TEXT NOT NULL,
    method         TEXT NOT NULL,
    agreement      TEXT NOT NULL,
    address        TEXT NOT NULL,
    created_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX consents_by_project ON consents (project_id, environment, account_number);
ALTER TABLE customer_keys ADD COLUMN consent_id TEXT REFERENCES consents (id);
CREATE INDEX customer_keys_by_account ON customer_keys (project_id, environment, account_number);

-- Text messages and calls, queued, claimed and sent as mails are. `body` is under the master key and empty once it was sent. After `expires_at`
-- nobody needs it any more.
CREATE TABLE messages (
    id         TEXT PRIMARY KEY,
    channel    TEXT NOT NULL,
    recipient  TEXT NOT NULL,
    language   TEXT NOT NULL,
    body       BLOB NOT NULL,
    state      TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    next_at    INTEGER NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    sent_at    INTEGER,
    last_error TEXT
) STRICT;
CREATE INDEX messages_waiting ON messages (next_at) WHERE state = 'waiting';
CREATE INDEX messages_by_age ON messages (created_at);
CREATE INDEX messages_by_recipient ON messages (recipient, created_at);
