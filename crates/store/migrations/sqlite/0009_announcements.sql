-- The usage policies, version by version, in both languages. A draft changes, each time under another `revision`; what was published never
-- does. In force is the last one whose moment has come.
CREATE TABLE policies (
    version         TEXT PRIMARY KEY,
    spanish         TEXT NOT NULL,
    english         TEXT NOT NULL,
    changed_spanish TEXT NOT NULL,
    changed_english TEXT NOT NULL,
    revision        INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    created_by      TEXT NOT NULL,
    published_at    INTEGER,
    published_by    TEXT,
    in_force_at     INTEGER UNIQUE
) STRICT;
CREATE INDEX policy_acceptances_by_time ON policy_acceptances (accepted_at);

-- What the operator tells everybody. `environment` and `api` are empty when it concerns all. Without `ends_at` it goes on until somebody
-- ends it.
CREATE TABLE announcements (
    id            TEXT PRIMARY KEY,
    kind          TEXT NOT NULL,
    environment   TEXT NOT NULL,
    api           TEXT NOT NULL,
    title_spanish TEXT NOT NULL,
    title_english TEXT NOT NULL,
    text_spanish  TEXT NOT NULL,
    text_english  TEXT NOT NULL,
    starts_at     INTEGER NOT NULL,
    ends_at       INTEGER,
    revision      INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    created_by    TEXT NOT NULL,
    published_at  INTEGER
) STRICT;
CREATE INDEX announcements_by_start ON announcements (starts_at);

-- What was said since.
CREATE TABLE announcement_updates (
    announcement_id TEXT NOT NULL REFERENCES announcements (id),
    number          INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    stage           TEXT NOT NULL,
    spanish         TEXT NOT NULL,
    english         TEXT NOT NULL,
    PRIMARY KEY (announcement_id, number)
) STRICT;

-- Mails to many organisations, some at a time: `told_to` is the last organisation that was written to, empty before the first.
CREATE TABLE circulars (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    told_to    TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    done_at    INTEGER
) STRICT;
CREATE INDEX circulars_open ON circulars (created_at) WHERE done_at IS NULL;
