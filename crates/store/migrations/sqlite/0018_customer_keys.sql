-- Requests with a customer key, by day since 1970 (UTC), for keys that were used that day. Rows of more than a quarter are removed.
CREATE TABLE customer_key_usage (
    customer_key_id TEXT NOT NULL,
    day             INTEGER NOT NULL,
    passed          INTEGER NOT NULL,
    refused         INTEGER NOT NULL,
    PRIMARY KEY (customer_key_id, day)
) STRICT;
CREATE INDEX customer_key_usage_by_day ON customer_key_usage (day);

-- How much one customer key may ask for, all APIs together. What a project says holds for each of its keys in that environment that says nothing itself;
-- on a key, `limited` says that it does. Columns without a value limit nothing.
CREATE TABLE customer_key_limits (
    project_id     TEXT NOT NULL REFERENCES projects (id),
    environment    TEXT NOT NULL,
    rate_requests  INTEGER,
    rate_seconds   INTEGER,
    quota_requests INTEGER,
    PRIMARY KEY (project_id, environment)
) STRICT;
ALTER TABLE customer_keys ADD COLUMN limited INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customer_keys ADD COLUMN rate_requests INTEGER;
ALTER TABLE customer_keys ADD COLUMN rate_seconds INTEGER;
ALTER TABLE customer_keys ADD COLUMN quota_requests INTEGER;

-- That a holder agreed again to what a customer key stands on, when the policies had a new version. The first of a version stands.
CREATE TABLE consent_renewals (
    consent_id      TEXT NOT NULL REFERENCES consents (id),
    version         TEXT NOT NULL,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    account_id      TEXT NOT NULL,
    address         TEXT NOT NULL,
    agreed_at       INTEGER NOT NULL,
    PRIMARY KEY (consent_id, version)
) STRICT;
