-- The life of an API: every document it ever had, and whether what is live may still be asked for.

-- `status`: published, deprecated or retired. What is retired keeps its row, so that what was granted can be read; nothing serves it.
ALTER TABLE apis ADD COLUMN status TEXT NOT NULL DEFAULT 'published';
ALTER TABLE apis ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE apis ADD COLUMN deprecated_at INTEGER;
ALTER TABLE apis ADD COLUMN sunset_at INTEGER;
ALTER TABLE apis ADD COLUMN retired_at INTEGER;

-- A draft is a version that was never published. An API of which nothing was published has drafts only and no row in `apis`.
CREATE TABLE api_versions (
    api          TEXT NOT NULL,
    number       INTEGER NOT NULL,
    document     TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    created_by   TEXT NOT NULL,
    published_at INTEGER,
    note         TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (api, number)
) STRICT;
CREATE INDEX api_drafts ON api_versions (created_at) WHERE published_at IS NULL;

INSERT INTO api_versions (api, number, document, created_at, created_by, published_at)
SELECT name, 1, document, updated_at, 'system', updated_at FROM apis;
