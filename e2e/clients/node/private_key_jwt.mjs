/**
 * openid-client authenticates with private_key_jwt, for itself and for a customer whose key is bound to the public key.
 *
 *     npm ci
 *     node private_key_jwt.mjs DEMO_JSON PRIVATE_JWK CLIENT_ID CHILD_KEY
 *
 * DEMO_JSON is the file that `postigo demo --json FILE` writes, PRIVATE_JWK a file with the private half of a P-256 key whose public half the
 * client has. Prints `ok NAME` for each check, exits non-zero at the first that fails.
 */

import { readFileSync } from 'node:fs';
import { calculateJwkThumbprint, generateKeyPair, importJWK } from 'jose';
import * as client from 'openid-client';

if (process.argv.length !== 6) {
  console.error('usage: node private_key_jwt.mjs DEMO_JSON PRIVATE_JWK CLIENT_ID CHILD_KEY');
  process.exit(2);
}

function check(name, passed, seen) {
  if (!passed) {
    console.error(`FAILED ${name}:`, seen);
    process.exit(1);
  }
  console.log(`ok ${name}`);
}

const [demo, jwk] = process.argv.slice(2, 4).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const [clientId, childKey] = process.argv.slice(4);
const issuer = demo.environments.sandbox.base_url;
const customer = demo.projects.flatMap((project) => project.customer_keys ?? []).find((key) => key.child_key === childKey);
check('the demo has the customer key', customer, demo.projects);

const discover = (authentication) =>
  client.discovery(new URL(issuer), clientId, undefined, authentication, { algorithm: 'oauth2', execute: [client.allowInsecureRequests] });
const kid = await calculateJwkThumbprint(jwk);
const key = await importJWK(jwk, 'ES256');
const configuration = await discover(client.PrivateKeyJwt({ key, kid }));
const metadata = configuration.serverMetadata();
check('private_key_jwt is offered', metadata.token_endpoint_auth_methods_supported?.includes('private_key_jwt'), metadata);
check('ES256 is offered', metadata.token_endpoint_auth_signing_alg_values_supported?.includes('ES256'), metadata);

const own = await client.clientCredentialsGrant(configuration);
check('a token for the client itself', own.access_token, own);
const exchanged = await client.genericGrantRequest(configuration, 'urn:ietf:params:oauth:grant-type:token-exchange', {
  subject_token: `${childKey}.${customer.child_secret}`,
  subject_token_type: 'urn:postigo:token-type:customer-key',
});
const stands = await client.tokenIntrospection(configuration, exchanged.access_token);
check('a token for the customer, by the key that it is bound to', stands.active && stands.sub === childKey, stands);
const csp = await client.genericGrantRequest(configuration, 'csp_credentials', { child_key: childKey, child_secret: customer.child_secret });
check("and by the carrier's own grant", csp.access_token, csp);

const { privateKey } = await generateKeyPair('ES256');
const stranger = await discover(client.PrivateKeyJwt({ key: privateKey, kid }));
const refused = await client.clientCredentialsGrant(stranger).catch((error) => error);
check("a stranger's key is a 401", refused.status === 401, refused);
