//! Token introspection (RFC 7662). A client sees its own tokens; all else is `{"active":false}` and nothing more.

use domain::{ScopeSet, contract::Standing, token::Claims};
use http::StatusCode;
use serde::Serialize;
use web::{
    Request, Response, Visit,
    respond::{JSON, answer as respond_with, json},
};

use crate::{
    House,
    client_auth::{Presented, Proven, TwoMethods},
    dialect::Dialect,
    refusal::Refusal,
    respond,
    submission::Submission,
};

#[derive(Serialize)]
struct Active<'a> {
    active: bool,
    token_type: &'a str,
    /// What of it is still granted.
    scope: &'a ScopeSet,
    #[serde(flatten)]
    claims: Flat<'a>,
}

/// The claims without their scope.
#[derive(Serialize)]
struct Flat<'a> {
    client_id: &'a domain::ClientId,
    sub: &'a str,
    iss: &'a str,
    aud: &'a str,
    exp: i64,
    iat: i64,
    jti: uuid::Uuid,
    org: domain::OrganisationId,
    env: domain::Environment,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    act: Option<&'a domain::token::Actor>,
}

pub(crate) async fn answer(house: &House, request: Request, visit: &Visit) -> Response {
    match introspect(house, request, visit).await {
        Ok(Some((claims, scope))) => json(StatusCode::OK, &active(&claims, &scope), visit.id),
        Ok(None) => respond_with(StatusCode::OK, JSON, r#"{"active":false}"#, visit.id),
        Err(refusal) => respond::refused(house, Dialect::Oauth, refusal, visit, None),
    }
}

async fn introspect(house: &House, request: Request, visit: &Visit) -> Result<Option<(Claims, ScopeSet)>, Refusal> {
    let submission = Submission::receive(request).await?;
    let form = submission.form()?;
    let presented = Presented::read(&submission.head.headers, &form, TwoMethods::Refused)?;
    house.decides(visit)?;
    let proven = presented.require(house, visit).await?;
    let token = form.get("token").ok_or(Refusal::Malformed("The parameter token is missing."))?;
    // `token_type_hint` is a hint (section 2.1): there is one type of token here.
    let Some(claims) = own(house, &proven, token, visit) else { return Ok(None) };
    still_good(house, &proven, claims, visit).await
}

/// The claims of `token` when it was issued here to this client and has not expired.
pub(crate) fn own(house: &House, proven: &Proven, token: &str, visit: &Visit) -> Option<Claims> {
    let keys = house.directory.keys(house.settings.environment);
    let claims = Claims::verify(token, &keys.access, &house.settings.issuer, house.settings.environment, visit.at).ok()?;
    (claims.client_id == proven.client.id).then_some(claims)
}

/// Whether all that the token stands on still stands, and what of its scope is left.
async fn still_good(house: &House, proven: &Proven, claims: Claims, visit: &Visit) -> Result<Option<(Claims, ScopeSet)>, Refusal> {
    // No leeway here: an answer must not say that something is active and over at once.
    let expired = claims.exp <= visit.at.as_second();
    if expired || house.directory.is_revoked(claims.jti) || !proven.client.knows_secret(claims.secret_id) {
        return Ok(None);
    }
    if claims.act.is_some() {
        if !proven.client.may_act_for_others() {
            return Ok(None);
        }
        let key = house.directory.customer_key(house.settings.environment, &claims.sub).await;
        let key = key.map_err(|error| Refusal::unavailable(visit, &error))?;
        if key.is_none_or(|key| key.standing != Standing::Active || !proven.client.may_use_key(&key, claims.secret_id)) {
            return Ok(None);
        }
    }
    let scope = claims.scope.intersection(&proven.client.granted());
    Ok((!scope.is_empty()).then_some((claims, scope)))
}

fn active<'a>(claims: &'a Claims, scope: &'a ScopeSet) -> Active<'a> {
    Active {
        active: true,
        token_type: "Bearer",
        scope,
        claims: Flat {
            client_id: &claims.client_id,
            sub: &claims.sub,
            iss: &claims.iss,
            aud: &claims.aud,
            exp: claims.exp,
            iat: claims.iat,
            jti: claims.jti,
            org: claims.org,
            env: claims.env,
            account: claims.account.as_deref(),
            act: claims.act.as_ref(),
        },
    }
}
