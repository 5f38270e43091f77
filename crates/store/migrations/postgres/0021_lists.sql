-- Lists of the whole house: what they are ordered by stands in a row of their own, so that each walks one index.

-- When a project last got a token, to the hour.
ALTER TABLE projects ADD COLUMN last_token_at BIGINT;
UPDATE projects SET last_token_at = GREATEST(
    (SELECT MAX(s.last_used_at) FROM clients c JOIN client_secrets s ON s.client_id = c.id WHERE c.project_id = projects.id),
    (SELECT MAX(k.last_used_at) FROM clients c JOIN client_public_keys k ON k.client_id = c.id WHERE c.project_id = projects.id));
DROP INDEX projects_by_age;
DROP INDEX clients_of_project;
CREATE INDEX projects_by_use ON projects (COALESCE(last_token_at, created_at), id) WHERE archived_at IS NULL;

-- Not null: another secret of its client, or a public key, was used after this one last was. The list looks closer.
ALTER TABLE client_secrets ADD COLUMN superseded_at BIGINT;
UPDATE client_secrets SET superseded_at = (SELECT MAX(n.last_used_at) FROM client_secrets n
    WHERE n.client_id = client_secrets.client_id AND n.id <> client_secrets.id AND n.last_used_at > client_secrets.last_used_at)
    WHERE revoked_at IS NULL AND retires_at IS NULL AND last_used_at IS NOT NULL;
DROP INDEX client_secrets_live;
CREATE INDEX client_secrets_superseded ON client_secrets (created_at, id)
    WHERE revoked_at IS NULL AND retires_at IS NULL AND superseded_at IS NOT NULL;

-- What people call an API and whether it is left out of the public list, as its document says.
ALTER TABLE apis ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE apis ADD COLUMN hidden BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE apis SET title = COALESCE(document::json -> 'info' ->> 'title', name),
    hidden = COALESCE((document::json -> 'x-postigo' ->> 'hidden')::boolean, FALSE)
    WHERE document NOT LIKE '%\\u0000%';
CREATE INDEX apis_heads ON apis (name, title, hidden, updated_at, status, version, sunset_at);

-- When somebody last signed in, read from the index alone.
CREATE INDEX audit_sign_ins ON audit (actor, seq, at) WHERE action = 'account.sign_in';

-- What few organisations have, found from them.
CREATE INDEX customer_type_requests_of_organisation ON customer_type_requests (organisation_id);

-- What support does has scopes of its own; programs that may do it still may.
UPDATE grants SET scopes = REPLACE(REPLACE(REPLACE(scopes, 'contracts:write', 'contracts:decide'),
    'organisations:write', 'organisations:decide organisations:write'), 'customer-keys:write', 'customer-keys:issue customer-keys:write')
    WHERE api = 'management';
