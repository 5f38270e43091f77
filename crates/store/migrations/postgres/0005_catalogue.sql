-- The life of an API: every document it ever had, and whether what is live may still be asked for.

-- `status`: published, deprecated or retired. What is retired keeps its row, so that what was granted can be read; nothing serves it.
ALTER TABLE apis ADD COLUMN status TEXT NOT NULL DEFAULT 'published';
ALTER TABLE apis ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE apis ADD COLUMN deprecated_at BIGINT;
ALTER TABLE apis ADD COLUMN sunset_at BIGINT;
ALTER TABLE apis ADD COLUMN retired_at BIGINT;

-- A draft is a version that was never published. An API of which nothing was published has drafts only and no row in `apis`.
CREATE TABLE api_versions (
    api          TEXT NOT NULL,
    number       BIGINT NOT NULL,
    document     TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    created_by   TEXT NOT NULL,
    published_at BIGINT,
    note         TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (api, number)
);
CREATE INDEX api_drafts ON api_versions (created_at) WHERE published_at IS NULL;

INSERT INTO api_versions (api, number, document, created_at, created_by, published_at)
SELECT name, 1, document, updated_at, 'system', updated_at FROM apis;
