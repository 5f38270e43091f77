//! Signing keys: what each does, the next one announced, a leaked one ended.

use app::{
    Error, permission,
    signing_keys::{self, Listed, State},
};
use askama::Template;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Environment, KeyId, digest, role::Duty, signing_key::JWKS_MAX_AGE};
use http::StatusCode;
use serde_json::Value;

use super::{administers, frame};
use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Moment, Notice},
    visit::{Outcome, Visit},
    waits,
    words::{self, State as Word},
};

const HERE: &str = "/console/keys";

#[derive(Template)]
#[template(path = "console/keys.html")]
struct List<'v> {
    frame: Frame<'v>,
    environments: Vec<Ring>,
    form: Form,
    administers: bool,
    /// How old the master key is at least, and since when.
    master: Option<(String, Moment)>,
}

/// The keys of one environment.
struct Ring {
    environment: Environment,
    name: &'static str,
    /// Where it publishes them.
    jwks: Option<String>,
    /// Whether another is announced already.
    announced: bool,
    keys: Vec<Key>,
}

struct Key {
    id: String,
    thumbprint: String,
    algorithm: String,
    state: Word,
    created: Moment,
    signs: Moment,
    ends: Option<Moment>,
    retired: bool,
}

#[derive(Template)]
#[template(path = "console/key_retire.html")]
struct Retire<'v> {
    frame: Frame<'v>,
    key: Key,
    environment: &'static str,
    production: bool,
    signing: bool,
    announced: bool,
    minutes: u32,
}

/// `GET /console/keys`
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, Form::new()).await
}

/// `POST /console/keys/{environment}/rotate`: the ordinary way, which stops nothing.
pub(crate) async fn rotate(visit: &Visit<'_>) -> Outcome {
    let environment: Environment = visit.segment("environment").parse().map_err(|_| Failure::Missing)?;
    match signing_keys::rotate(visit.portal.app(), &visit.actor()?, environment).await {
        Ok(_) => visit.redirect_with(HERE, Notice::KeyAnnounced),
        Err(error @ Error::Refused(_)) => {
            let mut form = Form::new();
            form.refused(error, visit.language)?;
            page(visit, StatusCode::CONFLICT, form).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /console/keys/{key}/retire`
pub(crate) async fn retiring(visit: &Visit<'_>) -> Outcome {
    let (listed, announced) = may_retire(visit).await?;
    if listed.state == State::Retired {
        return visit.redirect(HERE);
    }
    let (frame, _) = frame(visit, visit.t("Retirar una clave de firma ya", "Retire a signing key now")).await?;
    visit.page(&Retire {
        environment: words::environment(listed.key.environment, visit.language),
        production: listed.key.environment == Environment::Production,
        signing: listed.state == State::Signing,
        announced,
        minutes: JWKS_MAX_AGE / 60,
        key: Key::read(visit, listed),
        frame,
    })
}

/// `POST /console/keys/{key}/retire`
pub(crate) async fn retire(visit: &Visit<'_>) -> Outcome {
    let (listed, _) = may_retire(visit).await?;
    signing_keys::retire(visit.portal.app(), &visit.actor()?, &listed.key.id).await?;
    visit.redirect_with(HERE, Notice::KeyRetired)
}

/// The key, for somebody who may end it and proved a moment ago who they are, and whether another is announced in its environment.
async fn may_retire(visit: &Visit<'_>) -> Result<(Listed, bool), Failure> {
    let (app, actor) = (visit.portal.app(), visit.actor()?);
    permission::staff(app, &actor, Duty::Administer).await?;
    visit.proved()?;
    let id = KeyId::from(visit.segment("key"));
    for environment in Environment::ALL {
        let keys = signing_keys::list(app, &actor, *environment).await?;
        let announced = keys.iter().any(|listed| listed.state == State::Announced);
        if let Some(listed) = keys.into_iter().find(|listed| listed.key.id == id) {
            return Ok((listed, announced));
        }
    }
    Err(Failure::Missing)
}

async fn page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    let (app, actor) = (visit.portal.app(), visit.actor()?);
    let mut environments = Vec::new();
    for environment in Environment::ALL {
        let keys = signing_keys::list(app, &actor, *environment).await?;
        environments.push(Ring {
            environment: *environment,
            name: words::environment(*environment, visit.language),
            jwks: visit.portal.settings().base_url(*environment).map(|url| format!("{url}/.well-known/jwks.json")),
            announced: keys.iter().any(|listed| listed.state == State::Announced),
            keys: keys.into_iter().map(|listed| Key::read(visit, listed)).collect(),
        });
    }
    let since = signing_keys::master_key_since(app, &actor).await?;
    let (frame, _) = frame(visit, visit.t("Claves de firma", "Signing keys")).await?;
    visit.page_with(
        status,
        &List {
            environments,
            form,
            administers: administers(visit),
            master: since.map(|since| (waits::age(*since, visit.at, visit.language), frame.moment(*since))),
            frame,
        },
    )
}

impl Key {
    fn read(visit: &Visit<'_>, Listed { key, state }: Listed) -> Self {
        let moment = |at| Moment::new(at, visit.language);
        Self {
            thumbprint: thumbprint(&key.public_jwk),
            id: key.id.to_string(),
            algorithm: key.algorithm,
            state: words::signing_key_state(state, visit.language),
            created: moment(*key.created_at),
            signs: moment(*key.activates_at),
            ends: key.retires_at.map(|at| moment(*at)),
            retired: state == State::Retired,
        }
    }
}

/// The thumbprint of a public key (RFC 7638, section 3), by which others know it; empty for what is no EC key.
fn thumbprint(jwk: &str) -> String {
    let Ok(Value::Object(jwk)) = serde_json::from_str(jwk) else { return String::new() };
    let members = ["crv", "kty", "x", "y"].map(|name| jwk.get(name).and_then(Value::as_str).map(|value| format!("\"{name}\":\"{value}\"")));
    let Some(members) = members.into_iter().collect::<Option<Vec<_>>>() else { return String::new() };
    URL_SAFE_NO_PAD.encode(digest::sha256(format!("{{{}}}", members.join(",")).as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::thumbprint;

    /// By another program: `python3 -c` with hashlib over the members in their order.
    #[test]
    fn a_thumbprint_is_of_the_members_that_make_the_key_and_no_others() {
        let jwk = r#"{"kid":"k","use":"sig","y":"b","alg":"ES256","x":"a","kty":"EC","crv":"P-256"}"#;
        assert_eq!(thumbprint(jwk), "RDgNRYDb79jbk-P-ajJnMZumfDir5astRaQ6H-xiOCM");
        assert_eq!(thumbprint(r#"{"kty":"RSA"}"#), "");
    }
}
