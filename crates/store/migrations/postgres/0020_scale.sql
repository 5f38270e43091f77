-- A large house: what staff look at walks an index that has all it needs, however much there is beside it.

-- Who holds an API, before it is changed.
CREATE INDEX grants_by_api ON grants (api) WHERE revoked_at IS NULL;

-- Who is on a plan, project by project. `revoked_at` stands in it so that SQLite need not look at the row.
DROP INDEX grants_by_plan;
CREATE INDEX grants_by_plan ON grants (plan, project_id, api, revoked_at) WHERE revoked_at IS NULL;

-- How many customer keys of a project are in a state.
CREATE INDEX customer_keys_by_standing ON customer_keys (project_id, environment, status);

-- Which clients have several secrets.
CREATE INDEX client_secrets_live ON client_secrets (client_id, revoked_at) WHERE revoked_at IS NULL;

-- What a project was granted, the ended ones too.
CREATE INDEX grants_by_project ON grants (project_id);

-- Which projects have clients that nobody uses: read from the indexes alone.
CREATE INDEX clients_of_project ON clients (project_id, id);
DROP INDEX client_secrets_by_client;
CREATE INDEX client_secrets_by_use ON client_secrets (client_id, last_used_at);

-- Who accepted one version.
CREATE INDEX policy_acceptances_of_version ON policy_acceptances (version, accepted_at);
