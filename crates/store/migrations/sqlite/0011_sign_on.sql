-- Staff who sign on by the operator's own OpenID Connect provider.

-- Whom the provider means. `subject` is what it calls the person, for ever; an address of mail is not: it may be somebody else's tomorrow.
CREATE TABLE staff_identities (
    issuer       TEXT NOT NULL,
    subject      TEXT NOT NULL,
    account_id   TEXT NOT NULL REFERENCES accounts (id),
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT;
CREATE UNIQUE INDEX staff_identities_by_account ON staff_identities (account_id, issuer);

-- Whoever was sent to the provider and has not come back: good for one answer, in the browser that was sent. `hash` is of the state, `browser` of
-- what tells that browser apart. The verifier and the nonce are made of the state and stand nowhere.
CREATE TABLE sign_ons (
    hash       BLOB PRIMARY KEY,
    browser    BLOB NOT NULL,
    purpose    TEXT NOT NULL,
    state      TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_ons_by_browser ON sign_ons (browser, expires_at);
CREATE INDEX sign_ons_by_expiry ON sign_ons (expires_at);

-- A session that a provider began names it, and the provider's own session when that is told. `both_factors`: what the provider asked for counts
-- as the second factor too.
ALTER TABLE sessions ADD COLUMN issuer TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN both_factors INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN provider_session TEXT NOT NULL DEFAULT '';
