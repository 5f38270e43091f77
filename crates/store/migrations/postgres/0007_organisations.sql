-- Organisations as the operator's staff look after them.

-- Why it may not act, who stopped it, since when; nothing while it may.
ALTER TABLE organisations ADD COLUMN standing_reason TEXT;
ALTER TABLE organisations ADD COLUMN standing_by TEXT;
ALTER TABLE organisations ADD COLUMN standing_at BIGINT;

-- Names as they are looked for and sorted: lower-case, without accents. The program writes them; for what is here this is near enough.
ALTER TABLE organisations ADD COLUMN folded TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN folded TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE organisations SET folded = translate(lower(name), 'áàâäéèêëíìîïóòôöúùûüñç', 'aaaaeeeeiiiioooouuuunc');
UPDATE projects SET folded = translate(lower(name), 'áàâäéèêëíìîïóòôöúùûüñç', 'aaaaeeeeiiiioooouuuunc');

-- The words of the names of organisations (`project_id` is empty) and of their projects, so that the beginning of a word finds whose it is.
CREATE TABLE organisation_words (
    word            TEXT COLLATE "C" NOT NULL,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    project_id      TEXT NOT NULL,
    PRIMARY KEY (word, organisation_id, project_id)
);
CREATE INDEX organisation_words_by_name ON organisation_words (organisation_id, project_id);
INSERT INTO organisation_words (word, organisation_id, project_id)
SELECT DISTINCT left(word, 40), id, project FROM (
    SELECT regexp_split_to_table(folded, '[^[:alnum:]]+') AS word, id, '' AS project FROM organisations
    UNION ALL SELECT regexp_split_to_table(folded, '[^[:alnum:]]+'), organisation_id, id FROM projects) AS names
WHERE word <> '';

-- What a list is filtered by stands in its index, so that a rare state costs no row.
CREATE INDEX organisations_by_age ON organisations (created_at, id, status, customer_type);
CREATE INDEX organisations_by_folded ON organisations (folded, id, status, customer_type);
CREATE INDEX contracts_by_number ON contracts (number);
CREATE INDEX contracts_by_client_number ON contracts (client_number);

-- What staff tell each other of an organisation; its members never see it.
CREATE TABLE organisation_notes (
    id              TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    author          TEXT NOT NULL,
    text            TEXT NOT NULL,
    created_at      BIGINT NOT NULL
);
CREATE INDEX organisation_notes_by_organisation ON organisation_notes (organisation_id, created_at, id);

-- The customer keys of one project, newest first, however many they are.
CREATE INDEX customer_keys_by_age ON customer_keys (project_id, created_at, id, environment, status);
CREATE INDEX customer_keys_by_account_number ON customer_keys (project_id, account_number);

-- What was done to one thing.
CREATE INDEX audit_of_subject ON audit (subject, seq);
