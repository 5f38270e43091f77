-- Answers of the management API kept for a retry under the same `Idempotency-Key`, for a day. `status` and `body` are empty while the
-- request is under way; `body` is wrapped by the master key, because it may hold a secret that is shown once.
CREATE TABLE management_answers (
    client_id   TEXT NOT NULL REFERENCES clients (id),
    key         TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status      INTEGER,
    body        BLOB,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (client_id, key)
) STRICT;
CREATE INDEX management_answers_by_age ON management_answers (created_at);
