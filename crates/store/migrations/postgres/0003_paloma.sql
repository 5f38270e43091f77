-- The sandbox carrier, whole: time that moves, journeys, look-ups by reference and by parcel, webhooks of tracking events.

-- How far a project's time stands before the real one, in microseconds (negative: behind it).
CREATE TABLE carrier_clocks (
    environment TEXT NOT NULL,
    project_id  TEXT NOT NULL,
    ahead       BIGINT NOT NULL,
    PRIMARY KEY (environment, project_id)
);

-- What happens to a parcel follows from its journey, its preregistration and its annulment: nothing of it is kept.
DROP TABLE parcel_events;

-- Which scripted journey the shipment takes; empty: the one of its product.
ALTER TABLE shipments ADD COLUMN journey TEXT NOT NULL DEFAULT '';

-- What the client calls a shipment; several shipments may have one reference.
CREATE TABLE shipment_references (
    environment   TEXT NOT NULL,
    project_id    TEXT NOT NULL,
    reference     TEXT NOT NULL,
    shipment_code TEXT NOT NULL,
    PRIMARY KEY (environment, project_id, reference, shipment_code),
    FOREIGN KEY (environment, project_id, shipment_code) REFERENCES shipments (environment, project_id, code)
);

-- Which parcels a collection request names; the codes are the client's word and need not be parcels of ours.
CREATE TABLE collection_parcels (
    environment     TEXT NOT NULL,
    project_id      TEXT NOT NULL,
    parcel_code     TEXT NOT NULL,
    collection_code TEXT NOT NULL,
    PRIMARY KEY (environment, project_id, parcel_code, collection_code),
    FOREIGN KEY (environment, project_id, collection_code) REFERENCES collections (environment, project_id, code)
);

-- Where a project wants to hear of tracking events. What came of the last delivery stands beside it.
CREATE TABLE carrier_webhooks (
    environment TEXT NOT NULL,
    project_id  TEXT NOT NULL,
    id          TEXT NOT NULL,
    url         TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    failures    BIGINT NOT NULL,
    last_at     BIGINT,
    last_result TEXT,
    PRIMARY KEY (environment, project_id, id)
);

-- How many of a parcel's events its project has been told of, and when (in the project's time) the next one comes; NULL:
-- nothing is to come.
ALTER TABLE parcels ADD COLUMN events_told BIGINT NOT NULL DEFAULT 0;
ALTER TABLE parcels ADD COLUMN next_event_at BIGINT;
CREATE INDEX parcels_by_next_event ON parcels (environment, project_id, next_event_at) WHERE next_event_at IS NOT NULL;
