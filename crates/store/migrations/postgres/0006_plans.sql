-- Plans of the house: written once, named by the documents of the APIs that offer them. What is NULL is not limited. A rate is so many requests
-- in a window of so many seconds, a quota so many in a day. `version` grows with each change, so that of two people who edit one plan none
-- overwrites the other.
CREATE TABLE plans (
    name             TEXT PRIMARY KEY,
    title_es         TEXT NOT NULL,
    title_en         TEXT NOT NULL,
    rate_requests    BIGINT,
    rate_window      BIGINT,
    quota_requests   BIGINT,
    version          BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL
);

-- Who is on a plan is asked before it is changed.
CREATE INDEX grants_by_plan ON grants (plan) WHERE revoked_at IS NULL;
