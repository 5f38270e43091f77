-- The secret of a customer key that was replaced, for as long as it still opens anything, and since when the present one is.
ALTER TABLE customer_keys ADD COLUMN rotated_at BIGINT;
ALTER TABLE customer_keys ADD COLUMN previous_hash BYTEA;
ALTER TABLE customer_keys ADD COLUMN previous_prefix TEXT;
ALTER TABLE customer_keys ADD COLUMN previous_until BIGINT;
