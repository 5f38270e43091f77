-- Who acts for an account number, as its holder sees and stops it.

-- When a customer key last got a token; it may be some minutes behind. Apart from the keys, so that who writes it down in batches waits for nobody
-- who stops many.
CREATE TABLE customer_key_uses (
    customer_key_id TEXT PRIMARY KEY REFERENCES customer_keys (id),
    last_used_at    BIGINT NOT NULL
);
-- Which organisation stopped it for good because the account number is its own, when, and why as far as it said.
ALTER TABLE customer_keys ADD COLUMN stopped_by TEXT REFERENCES organisations (id);
ALTER TABLE customer_keys ADD COLUMN stopped_at BIGINT;
ALTER TABLE customer_keys ADD COLUMN stop_reason TEXT;

-- The keys of one account number, newest first, whosever they are and however many. What a list is filtered by stands in its index.
CREATE INDEX customer_keys_of_account ON customer_keys (account_number, environment, created_at, id, status);

-- How many mails of a kind an organisation was sent on a day, counted in days since 1970. One row for each, written over every day.
CREATE TABLE told (
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    kind            TEXT NOT NULL,
    day             BIGINT NOT NULL,
    number          BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, kind)
);
