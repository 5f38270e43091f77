//! Token revocation (RFC 7009). A client revokes its own tokens; for anything else the answer is the same and nothing happens.

use std::time::Duration;

use app::Actor;
use bytes::Bytes;
use domain::Timestamp;
use http::{StatusCode, header::CONTENT_TYPE};
use web::{
    Request, Response, Visit,
    respond::{JSON, answer as respond_with},
};

use crate::{
    House,
    client_auth::{Presented, TwoMethods},
    dialect::Dialect,
    introspect::own,
    refusal::Refusal,
    respond,
    submission::Submission,
};

/// How long a client waits for this node to have heard of the revocation itself.
const PATIENCE: Duration = Duration::from_secs(1);

pub(crate) async fn answer(house: &House, request: Request, visit: &Visit) -> Response {
    match revoke(house, request, visit).await {
        // Section 2.2: the content of the answer says nothing, so there is none.
        Ok(()) => {
            let mut response = respond_with(StatusCode::OK, JSON, Bytes::new(), visit.id);
            response.headers_mut().remove(CONTENT_TYPE);
            response
        }
        Err(refusal) => respond::refused(house, Dialect::Oauth, refusal, visit, None),
    }
}

async fn revoke(house: &House, request: Request, visit: &Visit) -> Result<(), Refusal> {
    let submission = Submission::receive(request).await?;
    let form = submission.form()?;
    let presented = Presented::read(&submission.head.headers, &form, TwoMethods::Refused)?;
    let proven = presented.require(house, visit).await?;
    let token = form.get("token").ok_or(Refusal::Malformed("The parameter token is missing."))?;
    // Section 2.2: what is not valid, or somebody else's, is not an error the client could do anything about.
    let Some(claims) = own(house, &proven, token, visit) else { return Ok(()) };
    let Ok(expires_at) = Timestamp::from_second(claims.exp) else { return Ok(()) };
    if house.directory.is_revoked(claims.jti) {
        return Ok(());
    }
    let actor = Actor::Client(claims.client_id.clone());
    app::tokens::revoke(&house.app, &actor, claims.jti, Some(&claims.client_id), expires_at).await.map_err(|error| match error {
        app::Error::Refused(_) => Refusal::TooManyRevoked,
        error => Refusal::unavailable(visit, &error),
    })?;
    // "Done" means that this node refuses the token from now on.
    match tokio::time::timeout(PATIENCE, house.directory.catch_up()).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(Refusal::unavailable(visit, &error)),
        Err(_) => Err(Refusal::unavailable(visit, &"a token was revoked, but this node has not heard of it yet")),
    }
}
