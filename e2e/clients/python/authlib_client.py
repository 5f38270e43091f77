"""Authlib as client and as resource server, from the sandbox's discovery document alone.

    python -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python authlib_client.py DEMO_JSON

DEMO_JSON is the file that `postigo demo --json FILE` writes. Prints `ok NAME` for each check, exits non-zero at the
first that fails.
"""

import sys
import time

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client as HttpxClient
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc6750 import InsufficientScopeError
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata, get_well_known_url
from authlib.oauth2.rfc9068 import JWTBearerTokenValidator
from joserfc import jwt
from joserfc.jwk import KeySet

from demo import check, customer_with_cxs, load

METHODS = ["client_secret_basic", "client_secret_post"]


class ResourceServer(JWTBearerTokenValidator):
    """Authlib's validator of RFC 9068 tokens, with the keys it was given."""

    def __init__(self, issuer, audience, keys):
        super().__init__(issuer, audience)
        self.keys = keys

    def get_jwks(self):
        return self.keys

    def admits(self, token, scope):
        try:
            self.validate_token(self.authenticate_token(token), [scope], request=None)
        except InsufficientScopeError:
            return False
        return True


def get_json(url):
    response = requests.get(url, timeout=10)
    check(f"GET {url} is JSON", response.ok and "json" in response.headers["Content-Type"], (response.status_code, response.headers))
    return response.json()


def discover(issuer):
    metadata = AuthorizationServerMetadata(get_json(get_well_known_url(issuer, external=True)))
    for key in metadata.REGISTRY_KEYS:
        # Authlib takes the empty list, right for a server without an authorization endpoint, for a missing member.
        if key != "response_types_supported":
            getattr(metadata, f"validate_{key}")()
    check("the metadata passes Authlib's validation", metadata["issuer"] == issuer, metadata["issuer"])
    check("response_types_supported is empty", metadata["response_types_supported"] == [], metadata["response_types_supported"])
    check("both ways to authenticate are offered", set(METHODS) <= set(metadata["token_endpoint_auth_methods_supported"]), metadata)
    check("client_credentials is offered", "client_credentials" in metadata["grant_types_supported"], metadata["grant_types_supported"])
    return metadata


def refusal(session, **parameters):
    """The error code, and the HTTP status, of a token request that must fail."""
    statuses = []
    session.hooks["response"].append(lambda response, **_: statuses.append(response.status_code))
    try:
        session.fetch_token(grant_type="client_credentials", **parameters)
    except OAuthError as error:
        return error.error, statuses[-1]
    return None, statuses[-1]


def main(demo_json):
    demo = load(demo_json)
    project = customer_with_cxs(demo)
    issuer = demo["environments"]["sandbox"]["base_url"]
    client_id, client_secret = project["client_id"], project["client_secret"]
    metadata = discover(issuer)
    jwks = get_json(metadata["jwks_uri"])
    check("the JWKS holds no private key", all("d" not in key for key in jwks["keys"]), [sorted(key) for key in jwks["keys"]])

    def session(method, secret=client_secret):
        return OAuth2Session(
            client_id,
            secret,
            token_endpoint=metadata["token_endpoint"],
            token_endpoint_auth_method=method,
            revocation_endpoint_auth_method=method,
        )

    for method in METHODS:
        granted = session(method).fetch_token(grant_type="client_credentials")
        check(f"{method}: a token", granted["token_type"] == "Bearer" and granted["access_token"], granted)
        check(f"{method}: every scope of the project", granted["scope"] == " ".join(sorted(project["scopes"])), granted["scope"])
        check(f"{method}: expires_in in seconds", isinstance(granted["expires_in"], int) and 0 < granted["expires_in"] <= 3600, granted["expires_in"])

        narrow = session(method).fetch_token(grant_type="client_credentials", scope="CXS")
        check(f"{method}: the scope asked for", narrow["scope"] == "CXS", narrow["scope"])

        seen = refusal(session(method), scope="no-such-scope")
        check(f"{method}: invalid_scope", seen == ("invalid_scope", 400), seen)
        seen = refusal(session(method, secret="wrong-" + client_secret[::-1]))
        check(f"{method}: invalid_client", seen == ("invalid_client", 401), seen)

    with HttpxClient(client_id, client_secret, token_endpoint=metadata["token_endpoint"]) as client:
        granted = client.fetch_token(grant_type="client_credentials", scope="CXS")
    check("httpx: a token", granted["scope"] == "CXS", granted)

    keys = KeySet.import_key_set(jwks)
    token = jwt.decode(narrow["access_token"], keys, algorithms=["ES256"])
    claims, now = token.claims, time.time()
    check("the signature is ES256 by a published key", token.header["alg"] == "ES256" and token.header["kid"], token.header)
    check("typ is at+jwt", token.header["typ"] == "at+jwt", token.header)
    check("iss and aud are the base URL", claims["iss"] == issuer and claims["aud"] in (issuer, [issuer]), claims)
    check("client_id and sub are the client", claims["client_id"] == client_id == claims["sub"], claims)
    check("iat and exp span the life told", claims["iat"] <= now + 5 and abs(claims["exp"] - claims["iat"] - narrow["expires_in"]) <= 1, claims)
    check("jti, scope, org and env are there", bool(claims["jti"] and claims["org"]) and (claims["scope"], claims["env"]) == ("CXS", "sandbox"), claims)

    server = ResourceServer(issuer, issuer, keys)
    check("Authlib's resource server admits the token", server.admits(narrow["access_token"], "CXS"))
    check("and wants the scope", not server.admits(narrow["access_token"], "LBS"))

    owner = session(METHODS[0])
    answer = owner.introspect_token(metadata["introspection_endpoint"], token=narrow["access_token"]).json()
    check("introspection: active", answer["active"] is True and answer["scope"] == "CXS", answer)
    revoked = owner.revoke_token(metadata["revocation_endpoint"], token=narrow["access_token"])
    check("revocation", revoked.status_code == 200, (revoked.status_code, revoked.text))
    answer = owner.introspect_token(metadata["introspection_endpoint"], token=narrow["access_token"]).json()
    check("introspection: no longer active", answer == {"active": False}, answer)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
