-- The secret of a customer key that was replaced, for as long as it still opens anything, and since when the present one is.
ALTER TABLE customer_keys ADD COLUMN rotated_at BIGINT;
ALTER TABLE customer_keys ADD COLUMN previous_hash BYTEA;
ALTER TABLE customer_keys ADD COLUMN previous_prefix TEXT;
ALTER TABLE customer_keys ADD COLUMN previous_until BIGINT;

-- Requests with a customer key, by day since 1970 (UTC), for keys that were used that day. Rows of more than a quarter are removed.
CREATE TABLE customer_key_usage (
    customer_key_id TEXT NOT NULL,
    day             BIGINT NOT NULL,
    passed          BIGINT NOT NULL,
    refused         BIGINT NOT NULL,
    last_at         BIGINT NOT NULL,
    PRIMARY KEY (customer_key_id, day)
);
CREATE INDEX customer_key_usage_by_day ON customer_key_usage (day);
