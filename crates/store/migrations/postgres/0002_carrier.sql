-- What the sandbox carrier keeps. Everything belongs to one project in one environment; no row refers to the projects
-- table, because the carrier also runs alone in front of somebody else's gateway.

-- Where each project's codes have got to.
CREATE TABLE carrier_counters (
    environment TEXT NOT NULL,
    project_id  TEXT NOT NULL,
    name        TEXT NOT NULL,
    value       BIGINT NOT NULL,
    PRIMARY KEY (environment, project_id, name)
);

-- An expedition as it was declared (JSON); `code` has 16 characters.
CREATE TABLE shipments (
    environment TEXT NOT NULL,
    project_id  TEXT NOT NULL,
    code        TEXT NOT NULL,
    product     TEXT NOT NULL,
    declaration TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (environment, project_id, code)
);

-- One parcel of an expedition, `number` counting from 1 in it.
CREATE TABLE parcels (
    environment   TEXT NOT NULL,
    project_id    TEXT NOT NULL,
    code          TEXT NOT NULL,
    shipment_code TEXT NOT NULL,
    number        BIGINT NOT NULL,
    annulled_at   BIGINT,
    PRIMARY KEY (environment, project_id, code),
    FOREIGN KEY (environment, project_id, shipment_code) REFERENCES shipments (environment, project_id, code)
);
CREATE UNIQUE INDEX parcels_by_shipment ON parcels (environment, project_id, shipment_code, number);

-- What happened to a parcel: `event` is a code of the event matrix.
CREATE TABLE parcel_events (
    environment TEXT NOT NULL,
    project_id  TEXT NOT NULL,
    parcel_code TEXT NOT NULL,
    number      BIGINT NOT NULL,
    event       TEXT NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (environment, project_id, parcel_code, number),
    FOREIGN KEY (environment, project_id, parcel_code) REFERENCES parcels (environment, project_id, code)
);

-- Collection requests as they were declared (JSON).
CREATE TABLE collections (
    environment TEXT NOT NULL,
    project_id  TEXT NOT NULL,
    code        TEXT NOT NULL,
    state       TEXT NOT NULL,
    declaration TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (environment, project_id, code)
);
CREATE INDEX collections_by_age ON collections (environment, project_id, created_at, code);

-- Answers kept for a retry under the same `Idempotency-Key`. `status` and `body` are written in the transaction that
-- claims the key, so no other transaction ever sees them empty.
CREATE TABLE idempotency_keys (
    environment TEXT NOT NULL,
    project_id  TEXT NOT NULL,
    key         TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status      BIGINT,
    body        TEXT,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (environment, project_id, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
