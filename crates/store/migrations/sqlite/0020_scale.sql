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
