-- Public keys by which a client proves itself instead of with a secret. `jwk` is the key and nothing else, in the spelling that its thumbprint is taken
-- of. What was removed stays, so that it is known when it comes again.
CREATE TABLE client_public_keys (
    id                TEXT PRIMARY KEY,
    client_id         TEXT NOT NULL REFERENCES clients (id),
    thumbprint        TEXT NOT NULL,
    jwk               TEXT NOT NULL,
    created_at        INTEGER NOT NULL,
    retires_at        INTEGER,
    revoked_at        INTEGER,
    last_used_at      INTEGER,
    last_used_address TEXT,
    last_used_agent   TEXT
) STRICT;
CREATE INDEX client_public_keys_by_client ON client_public_keys (client_id);
CREATE UNIQUE INDEX client_public_keys_alive ON client_public_keys (client_id, thumbprint) WHERE revoked_at IS NULL;

-- The thumbprint of the public key that a client must prove itself with to use the customer key.
ALTER TABLE customer_keys ADD COLUMN bound_to TEXT;
