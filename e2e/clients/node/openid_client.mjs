/**
 * openid-client against the sandbox's authorization server, from the discovery document alone, and jose for the token.
 *
 *     npm ci
 *     node openid_client.mjs DEMO_JSON
 *
 * DEMO_JSON is the file that `postigo demo --json FILE` writes. Prints `ok NAME` for each check, exits non-zero at the
 * first that fails. Plain http is allowed because the demo listens on loopback.
 */

import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as client from 'openid-client';

if (process.argv.length !== 3) {
  console.error('usage: node openid_client.mjs DEMO_JSON');
  process.exit(2);
}

function check(name, passed, seen) {
  if (!passed) {
    console.error(`FAILED ${name}:`, seen);
    process.exit(1);
  }
  console.log(`ok ${name}`);
}

/** The status and the body of a token request that must fail. */
async function refusal(configuration, parameters) {
  try {
    await client.clientCredentialsGrant(configuration, parameters);
  } catch (error) {
    // Of an answer with a challenge, as a 401 has to have one, the library leaves the body unread.
    const body = error instanceof client.WWWAuthenticateChallengeError ? await error.response.json() : error.cause;
    return { status: error.status, ...body };
  }
}

const demo = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const issuer = demo.environments.sandbox.base_url;
const project = demo.projects.find(
  (one) => one.customer_type === 'customer' && one.environment === 'sandbox' && one.scopes.includes('CXS'),
);
check('the demo has a sandbox customer with scope CXS', project, demo.projects);

const discover = (secret, authentication) =>
  client.discovery(new URL(issuer), project.client_id, { client_secret: secret }, authentication(secret), {
    algorithm: 'oauth2',
    execute: [client.allowInsecureRequests],
  });

let metadata;
let narrow;
let configuration;
for (const [method, authentication] of [
  ['client_secret_basic', client.ClientSecretBasic],
  ['client_secret_post', client.ClientSecretPost],
]) {
  configuration = await discover(project.client_secret, authentication);
  metadata = configuration.serverMetadata();
  check(`${method}: discovery`, metadata.issuer === issuer, metadata);
  check(`${method}: is offered`, metadata.token_endpoint_auth_methods_supported?.includes(method), metadata);

  const all = await client.clientCredentialsGrant(configuration);
  check(`${method}: a token`, all.access_token && all.token_type === 'bearer', all); // the library writes the type in lower case
  check(`${method}: every scope of the project`, all.scope === project.scopes.toSorted().join(' '), all.scope);
  check(`${method}: expires_in in seconds`, all.expiresIn() > 0 && all.expiresIn() <= 3600, all.expires_in);

  narrow = await client.clientCredentialsGrant(configuration, { scope: 'CXS' });
  check(`${method}: the scope asked for`, narrow.scope === 'CXS', narrow.scope);

  let seen = await refusal(configuration, { scope: 'no-such-scope' });
  check(`${method}: invalid_scope`, seen?.error === 'invalid_scope' && seen.status === 400, seen);
  seen = await refusal(await discover(`wrong-${project.client_secret}`, authentication));
  check(`${method}: invalid_client`, seen?.error === 'invalid_client' && seen.status === 401, seen);
}

// Token exchange by the library's general way to ask: a platform's customer key is the subject's token.
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const platform = demo.projects.find((one) => one.customer_type === 'integrator' && one.environment === 'sandbox' && one.customer_keys?.length);
check('the demo has a sandbox platform with customer keys', platform, demo.projects);
check('token exchange is offered', metadata.grant_types_supported?.includes(EXCHANGE), metadata);
const acting = await client.discovery(
  new URL(issuer),
  platform.client_id,
  { client_secret: platform.client_secret },
  client.ClientSecretBasic(platform.client_secret),
  { algorithm: 'oauth2', execute: [client.allowInsecureRequests] },
);
const [customer] = platform.customer_keys;
const exchange = (secret) =>
  client.genericGrantRequest(acting, EXCHANGE, {
    subject_token: `${customer.child_key}.${secret}`,
    subject_token_type: 'urn:postigo:token-type:customer-key',
  });
const exchanged = await exchange(customer.child_secret);
check('token exchange: a token', exchanged.access_token && exchanged.expiresIn() > 0, exchanged);
check('token exchange: of the type it says', exchanged.issued_token_type === 'urn:ietf:params:oauth:token-type:access_token', exchanged);
const stands = await client.tokenIntrospection(acting, exchanged.access_token);
const forWhom = { active: stands.active, sub: stands.sub, account: stands.account, act: stands.act };
const whom = { active: true, sub: customer.child_key, account: customer.account_number, act: { sub: platform.client_id } };
check('token exchange: introspection says for whom and who acts', isDeepStrictEqual(forWhom, whom), stands);
const wrong = await exchange('wrong').catch((error) => error);
check('token exchange: a wrong secret is a 401', wrong.status === 401, wrong);

const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));
const { payload, protectedHeader } = await jwtVerify(narrow.access_token, keys, {
  algorithms: ['ES256'],
  typ: 'at+jwt',
  issuer,
  audience: issuer,
  requiredClaims: ['exp', 'iat', 'sub', 'client_id', 'jti', 'scope', 'org', 'env'],
});
check('the token verifies with the published keys', protectedHeader.kid, protectedHeader);
const { sub, client_id, scope, env } = payload;
const expected = { sub: project.client_id, client_id: project.client_id, scope: 'CXS', env: 'sandbox' };
check('its claims are those of the client', isDeepStrictEqual({ sub, client_id, scope, env }, expected), payload);

let answer = await client.tokenIntrospection(configuration, narrow.access_token);
check('introspection: active', answer.active === true && answer.scope === 'CXS', answer);
await client.tokenRevocation(configuration, narrow.access_token);
answer = await client.tokenIntrospection(configuration, narrow.access_token);
check('revocation: no longer active', isDeepStrictEqual(answer, { active: false }), answer);
