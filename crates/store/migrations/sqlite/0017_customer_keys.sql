-- The secret of a customer key that was replaced, for as long as it still opens anything, and since when the present one is.
ALTER TABLE customer_keys ADD COLUMN rotated_at INTEGER;
ALTER TABLE customer_keys ADD COLUMN previous_hash BLOB;
ALTER TABLE customer_keys ADD COLUMN previous_prefix TEXT;
ALTER TABLE customer_keys ADD COLUMN previous_until INTEGER;

-- Requests with a customer key, by day since 1970 (UTC), for keys that were used that day. Rows of more than a quarter are removed.
CREATE TABLE customer_key_usage (
    customer_key_id TEXT NOT NULL,
    day             INTEGER NOT NULL,
    passed          INTEGER NOT NULL,
    refused         INTEGER NOT NULL,
    last_at         INTEGER NOT NULL,
    PRIMARY KEY (customer_key_id, day)
) STRICT;
CREATE INDEX customer_key_usage_by_day ON customer_key_usage (day);
