-- Whom a circular under way was written to: whoever belongs to several organisations gets it once. Removed when the circular is done.
CREATE TABLE circular_readers (
    circular_id TEXT NOT NULL REFERENCES circulars (id),
    account_id  TEXT NOT NULL,
    PRIMARY KEY (circular_id, account_id)
);

-- PINs are redeemed under a keyed hash of project and account, and counted under one of organisation and account. Those under way live for minutes
-- and are asked for anew.
DELETE FROM registration_pins;
ALTER TABLE registration_pins ADD COLUMN counted BYTEA NOT NULL DEFAULT '';
CREATE INDEX registration_pins_counted ON registration_pins (counted, created_at);

-- registration_tries are counted by organisation from here on, not by project: those under way begin anew under their new keys.

-- customer_keys_by_account_number finds them as well.
DROP INDEX customer_keys_by_account;
