-- By which methods a client proved itself, each with its first and its last use. It may be some minutes behind.
CREATE TABLE client_methods (
    client_id TEXT NOT NULL REFERENCES clients (id),
    method    TEXT NOT NULL,
    first_at  BIGINT NOT NULL,
    last_at   BIGINT NOT NULL,
    address   TEXT NOT NULL,
    agent     TEXT,
    PRIMARY KEY (client_id, method)
);

-- Who uses a method, the latest use first.
CREATE INDEX client_methods_by_use ON client_methods (method, last_at, client_id);
