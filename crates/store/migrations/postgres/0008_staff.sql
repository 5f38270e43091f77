-- What the operator's staff looks for: who did what, which keys and secrets are old, who is staff.

-- The log in pages, by what was done and by its noun: `rtrim` leaves the noun with its dot, on both engines.
CREATE INDEX audit_by_action ON audit (action, seq);
CREATE INDEX audit_by_noun ON audit (rtrim(action, 'abcdefghijklmnopqrstuvwxyz_'), seq);
CREATE INDEX audit_by_time ON audit (at);

-- The operator's people are few among many accounts.
CREATE INDEX accounts_of_staff ON accounts (email) WHERE staff <> '';

-- Invitations to be one of the operator's staff. `hash` is of the link's secret. One is open for an address at a time.
CREATE TABLE staff_invitations (
    id         TEXT PRIMARY KEY,
    email      TEXT NOT NULL,
    role       TEXT NOT NULL,
    hash       BYTEA NOT NULL UNIQUE,
    invited_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at   BIGINT,
    outcome    TEXT
);
CREATE UNIQUE INDEX staff_invitations_open ON staff_invitations (email) WHERE ended_at IS NULL;
CREATE INDEX staff_invitations_by_age ON staff_invitations (created_at);

-- Secrets across the house: those that end, those that are old, and projects that nobody uses.
CREATE INDEX client_secrets_ending ON client_secrets (retires_at, id) WHERE revoked_at IS NULL AND retires_at IS NOT NULL;
CREATE INDEX client_secrets_by_age ON client_secrets (created_at, id) WHERE revoked_at IS NULL;
CREATE INDEX projects_by_age ON projects (created_at, id) WHERE archived_at IS NULL;
