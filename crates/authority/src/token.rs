//! The token endpoint (RFC 6749, section 3.2): read, authenticate, run the grant, narrow the scope, sign.

use std::sync::Arc;

use domain::{
    ClientId, Timestamp, client::GrantType, contract::Standing, decision::Caller, secret::Secret, token::Claims,
    token_refusal::TokenRefusal,
};
use http::header::USER_AGENT;
use web::{Request, Response, Visit};

use crate::{
    House,
    client_auth::{Presented, Proven, TwoMethods, plausible},
    customer_key,
    dialect::{Dialect, Granted},
    form::Form,
    grants::{self, Evidence, Subject, token_exchange},
    refusal::Refusal,
    respond, scope,
    submission::Submission,
};

pub(crate) async fn answer(house: &House, dialect: Dialect, request: Request, visit: &Visit) -> Response {
    let transaction = respond::customer_transaction(request.headers());
    let outcome = match issue(house, dialect.two_methods(), request, visit).await {
        Ok(granted) => Ok(granted),
        Err(stopped) => {
            if let Some(client) = stopped.client {
                keep(house, dialect, &client, stopped.refusal, visit).await;
            }
            Err(stopped.refusal)
        }
    };
    respond::token(house, dialect, outcome, visit, transaction)
}

/// A refusal, and the client that the request named.
struct Stopped {
    refusal: Refusal,
    client: Option<String>,
}

impl From<Refusal> for Stopped {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, client: None }
    }
}

/// Leaves a refusal where the people of the client it names find it. It proves nothing about who asked, so that nothing else comes of it.
async fn keep(house: &House, dialect: Dialect, client: &str, refusal: Refusal, visit: &Visit) {
    // What could not be decided is no verdict, and a database that is away is not waited for.
    let Some(step) = refusal.step().filter(|_| plausible(client) && !house.directory.is_degraded()) else { return };
    let environment = house.settings.environment;
    let Ok(Some(client)) = house.directory.client(environment, client).await else { return };
    let refusal = TokenRefusal {
        id: visit.id,
        at: visit.at,
        environment,
        path: dialect.path(),
        address: visit.address,
        caller: Caller { organisation: client.organisation, project: client.project, client: client.id.clone(), customer_key: None },
        step,
        code: refusal.word(),
        status: dialect.status(refusal).as_u16(),
        explanation: refusal.description(),
    };
    let proofs = client.secrets.iter().map(|secret| secret.id).chain(client.public_keys.iter().map(|key| key.id));
    house.ledger.token_refused(refusal, proofs);
}

async fn issue(house: &House, two_methods: TwoMethods, request: Request, visit: &Visit) -> Result<Granted, Stopped> {
    let submission = Submission::receive(request).await?;
    let form = submission.form()?;
    let named = |refusal| Stopped { refusal, client: form.get("client_id").map(str::to_owned) };
    let key = customer_key::Presented::read(&form).map_err(named)?;
    let presented = Presented::read(&submission.head.headers, &form, two_methods).map_err(named)?;
    let outcome = decide(house, &submission, &form, key, &presented, visit).await;
    outcome.map_err(|refusal| Stopped { refusal, client: Some(presented.id) })
}

async fn decide(
    house: &House,
    submission: &Submission,
    form: &Form<'_>,
    key: customer_key::Presented<'_>,
    presented: &Presented<'_>,
    visit: &Visit,
) -> Result<Granted, Refusal> {
    let grant_type = form.get("grant_type").ok_or(Refusal::Malformed("The parameter grant_type is missing."))?;
    let grant_type: GrantType = grant_type.parse().map_err(|_| Refusal::UnsupportedGrant)?;
    house.decides(visit)?;
    let exchanged = grant_type == GrantType::TokenExchange;
    let key = if exchanged { token_exchange::presented(form)? } else { key };

    // Both pairs are looked at before either is judged, so that a wrong secret and a wrong customer key take equally long.
    let proven = presented.prove(house, visit).await?;
    let customer_key = if grant_type.needs_customer_key() { key.prove(house, visit).await? } else { None };
    let proven = proven.ok_or_else(|| presented.failed(house, visit))?;

    let evidence = Evidence { client: &proven.client, proven_by: proven.secret, presented: key, customer_key: customer_key.as_deref() };
    let subject = grants::subject(grant_type, &evidence).map_err(|refusal| match refusal {
        Refusal::WrongCredentials => presented.failed(house, visit),
        other => other,
    })?;
    let granted = Granted { exchanged, ..sign(house, &proven, subject, form.get("scope"), visit)? };
    let agent = submission.head.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
    house.ledger.secret_used(proven.secret, visit.at, visit.address, agent);
    house.ledger.method_used(&proven.client.id, presented.method, visit.at, visit.address, agent);
    if let Some(key) = &customer_key {
        house.ledger.key_used(&key.id, visit.at);
    }
    Ok(granted)
}

/// A token for the client itself, with all that is granted: for a caller inside this program that has decided itself who may have it. It stands
/// on the newest secret of the client, or on its newest public key where no secret is left, so that it ends with it. `None`: the client may not act, or nothing can sign.
pub(crate) async fn vouch(house: &House, client: &ClientId, visit: &Visit) -> Option<Secret> {
    let client = house.directory.client(house.settings.environment, client.as_str()).await.ok().flatten()?;
    if client.standing != Standing::Active || house.decides(visit).is_err() {
        return None;
    }
    let live = |retires_at: &Option<Timestamp>| retires_at.is_none_or(|at| visit.at < at);
    let newest = client.secrets.iter().rfind(|secret| live(&secret.retires_at)).map(|secret| secret.id);
    let secret = newest.or_else(|| client.public_keys.iter().rfind(|key| live(&key.retires_at)).map(|key| key.id))?;
    let presented = customer_key::Presented { key: None, secret: None };
    let evidence = Evidence { client: &client, proven_by: secret, presented, customer_key: None };
    let subject = grants::subject(GrantType::ClientCredentials, &evidence).ok()?;
    sign(house, &Proven { client: Arc::clone(&client), secret }, subject, None, visit).ok().map(|granted| Secret::new(granted.token))
}

fn sign(house: &House, proven: &Proven, subject: Subject, asked: Option<&str>, visit: &Visit) -> Result<Granted, Refusal> {
    let Proven { client, secret } = proven;
    let iat = visit.at.as_second();
    let claims = Claims {
        iss: Arc::clone(&house.settings.issuer),
        sub: subject.sub,
        aud: Arc::clone(&house.settings.issuer),
        client_id: client.id.clone(),
        exp: iat + i64::from(client.token_lifetime),
        iat,
        jti: house.entropy.uuid(visit.at),
        scope: scope::narrow(subject.reach, asked)?,
        org: client.organisation,
        env: house.settings.environment,
        secret_id: *secret,
        account: subject.account,
        act: subject.act,
    };
    let keys = house.directory.keys(house.settings.environment);
    let token =
        claims.sign(&keys.access, visit.at).ok_or_else(|| Refusal::broken(visit, "no signing key of this environment is active"))?;
    Ok(Granted { token, lifetime: client.token_lifetime, scope: claims.scope, exchanged: false })
}
