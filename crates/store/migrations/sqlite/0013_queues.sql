-- How the operator's queues are worked: who took what, within what time, with which words, and what needs nobody.

-- Who takes care of something that waits. `queue`: access, contracts or customer_types; gone once it is decided.
CREATE TABLE queue_owners (
    queue      TEXT NOT NULL,
    id         TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    since      INTEGER NOT NULL,
    PRIMARY KEY (queue, id)
) STRICT;
CREATE INDEX queue_owners_by_account ON queue_owners (account_id);

-- Within how many hours something should be decided, where that is not as the program has it.
CREATE TABLE queue_targets (
    queue TEXT PRIMARY KEY,
    hours INTEGER NOT NULL
) STRICT;

-- Words for a rejection, to begin with.
CREATE TABLE reason_templates (
    id         TEXT PRIMARY KEY,
    queue      TEXT NOT NULL,
    name       TEXT NOT NULL,
    spanish    TEXT NOT NULL,
    english    TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (queue, name)
) STRICT;

-- Access requests that need nobody: every condition that is set must hold. Sets are TEXT, byte-sorted and space-separated; empty: any.
CREATE TABLE approval_rules (
    id              TEXT PRIMARY KEY,
    name            TEXT NOT NULL UNIQUE,
    api             TEXT NOT NULL,
    environment     TEXT NOT NULL,
    customer_types  TEXT NOT NULL,
    mail_domains    TEXT NOT NULL,
    active_contract INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;

-- The weeks for which staff were written to about what waits too long.
CREATE TABLE queue_digests (
    week    TEXT PRIMARY KEY,
    sent_at INTEGER NOT NULL
) STRICT;

-- A queue is read in the order of its rows, page by page.
DROP INDEX access_requests_by_status;
CREATE INDEX access_requests_by_status ON access_requests (status, created_at, id);
DROP INDEX contracts_by_status;
CREATE INDEX contracts_by_status ON contracts (status, created_at, id);
DROP INDEX customer_type_requests_by_status;
CREATE INDEX customer_type_requests_by_status ON customer_type_requests (status, created_at, id);
