//! What the codes of refusals mean, one page each; answers link here.

mod answers;
mod codes;

use askama::Template;
use codes::CODES;
use domain::decision::{Refusal, Unfit};

use crate::{
    failure::Failure,
    frame::Frame,
    language::Language,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "errors/list.html")]
struct List<'v> {
    frame: Frame<'v>,
    codes: Vec<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "errors/show.html")]
struct Show<'v> {
    frame: Frame<'v>,
    text: &'static str,
    /// The status of the answer, and what HTTP calls it.
    status: String,
    asked: &'static str,
    repeat: &'static str,
    guide: &'static str,
    guide_title: &'static str,
    /// The sandbox's word that calls this very refusal up; empty when there is none.
    scenario: &'static str,
    /// Dialect and body.
    answers: Vec<(&'static str, String)>,
}

/// Who answers with a code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    TokenServer,
    Gateway,
    Carrier,
    Management,
}

/// `GET /errors`: all of them.
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    let codes = CODES.iter().map(|(code, spanish, english)| (*code, visit.language.pick(spanish, english))).collect();
    visit.page(&List { frame: visit.frame(visit.t("Errores", "Errors")), codes })
}

/// `GET /errors/{code}`: one of them.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let wanted = visit.segment("code");
    let (code, spanish, english) = CODES.iter().find(|(code, ..)| *code == wanted).ok_or(Failure::Missing)?;
    let (by, status) = origin(code);
    let asked = match by {
        By::TokenServer => visit.t("el servidor de autorización, al pedir un token", "the authorization server, when a token is asked for"),
        By::Gateway => visit.t("la pasarela, antes de que la llamada llegue a la API", "the gateway, before the call reaches the API"),
        By::Management => visit.t("la API de gestión", "the management API"),
        By::Carrier => visit.t("la API, cuando la llamada ya ha pasado la pasarela", "the API, when the call has passed the gateway"),
    };
    let guide = guide(code);
    let explanation = refusals().into_iter().find(|refusal| refusal.code() == *code);
    let explanation = explanation.map_or_else(|| (*english).to_owned(), |refusal| refusal.explanation());
    let link = format!("{}/errors/{code}", visit.portal.settings().public_url);
    visit.page(&Show {
        frame: visit.frame(*code),
        text: visit.language.pick(spanish, english),
        status: answers::named(status),
        asked,
        repeat: repeat(status, visit),
        guide,
        guide_title: super::guides::title(guide, visit.language),
        scenario: scenario(code),
        answers: match by {
            By::TokenServer => answers::of_token_server(code, status, &explanation, &link),
            By::Management => answers::of_management(status, &explanation, &link),
            By::Gateway | By::Carrier => answers::of_apis(status, &explanation, &link, by == By::Carrier),
        },
    })
}

/// What a code means and what to do; `None` for one that no answer carries.
pub(crate) fn meaning(code: &str, language: Language) -> Option<&'static str> {
    CODES.iter().find(|(known, ..)| *known == code).map(|(_, spanish, english)| language.pick(spanish, english))
}

/// One of each, to be asked for its status and its words.
fn refusals() -> Vec<Refusal> {
    use Refusal as R;
    let scope = || domain::ScopeSet::parse("AP3").unwrap_or(domain::ScopeSet::EMPTY);
    vec![
        R::Malformed,
        R::AmbiguousPath,
        R::NoRoute,
        R::MethodNotAllowed("GET, HEAD".into()),
        R::NotHere,
        R::NoToken,
        R::TwoTokens,
        R::TokenInQuery,
        R::TokenMalformed,
        R::TokenForeign,
        R::TokenExpired,
        R::TokenRevoked,
        R::SecretRevoked,
        R::ClientStopped,
        R::WrongAudience,
        R::ScopeMissing(scope()),
        R::GrantRevoked(scope()),
        R::ApiCredentialMissing,
        R::ApiCredentialWrong,
        R::ApiNotApproved,
        R::CustomerKeyStopped,
        R::RateExceeded(7),
        R::QuotaExceeded(59_714),
        R::KeyRateExceeded(7),
        R::KeyQuotaExceeded(59_714),
        R::TooManyFailures(41),
        R::BodyTooLarge(2_097_152),
        R::BodyUnfit(vec![Unfit { at: "/shipments/0/product".into(), what: "is missing".into() }]),
        R::UpstreamUnreachable,
        R::UpstreamTooSlow,
        R::Unavailable,
    ]
}

/// Who answers with this code, and with which status.
fn origin(code: &str) -> (By, u16) {
    if let Ok(status) = code.parse() {
        return (By::Carrier, status);
    }
    if let Some(refusal) = refusals().iter().find(|refusal| refusal.code() == code) {
        return (By::Gateway, refusal.status());
    }
    if let Some((_, status)) = crate::management::problem::CODES.iter().find(|(known, _)| *known == code) {
        return (By::Management, *status);
    }
    let status = match code {
        "invalid-client" => 401,
        "server-error" => 500,
        _ => 400,
    };
    (By::TokenServer, status)
}

fn repeat(status: u16, visit: &Visit<'_>) -> &'static str {
    match status {
        401 => visit.t("una vez, con un token nuevo o con la clave correcta", "once, with a new token or the right key"),
        403 => visit.t("no, hasta tener el permiso o el acceso", "no, not before the scope or the access is there"),
        409 => visit.t("no, sin mirar antes cómo está", "not without looking first how things stand"),
        429 => visit.t("sí, pasados los segundos de Retry-After", "yes, after the seconds in Retry-After"),
        504 => visit.t(
            "sí, si antes compruebas que no tuvo efecto o llevas Idempotency-Key",
            "yes, once you know that it took no effect, or with an Idempotency-Key",
        ),
        500.. => visit.t("sí, con pausas cada vez más largas", "yes, with growing pauses"),
        _ => visit.t("no: igual dará lo mismo", "no: unchanged, it will be the same"),
    }
}

/// The guide that says more about a code.
fn guide(code: &str) -> &'static str {
    match code {
        "api-credential-missing" | "api-credential-wrong" | "invalid-client" | "token-foreign" | "secret-revoked" => "credentials",
        "no-token"
        | "two-tokens"
        | "token-in-query"
        | "token-malformed"
        | "token-expired"
        | "token-revoked"
        | "wrong-audience"
        | "client-stopped"
        | "invalid-request"
        | "unauthorized-client"
        | "unsupported-grant-type"
        | "401" => "oauth-in-four-steps",
        "scope-missing" | "grant-revoked" | "api-not-approved" | "invalid-scope" | "not-in-this-environment" | "customer-key-stopped" => {
            "api-access-manual"
        }
        "rate-exceeded" | "quota-exceeded" | "customer-key-rate-exceeded" | "customer-key-quota-exceeded" | "too-many-failures" => "limits",
        "upstream-too-slow" | "upstream-unreachable" | "unavailable" | "server-error" | "409" | "500" | "503" => "idempotency-keys",
        _ => "errors",
    }
}

fn scenario(code: &str) -> &'static str {
    match code {
        "token-expired" => "expired-token",
        "grant-revoked" | "api-not-approved" => "revoked-access",
        "rate-exceeded" => "throttled",
        "500" => "server-error",
        "503" => "unavailable",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_of_the_gateway_has_its_page() {
        for refusal in refusals() {
            assert!(CODES.iter().any(|(code, ..)| *code == refusal.code()), "{}", refusal.code());
        }
    }

    #[test]
    fn every_refusal_of_the_management_api_has_its_page() {
        for (code, _) in crate::management::problem::CODES {
            assert!(CODES.iter().any(|(known, ..)| known == code), "{code}");
        }
    }

    #[test]
    fn every_scenario_that_a_page_names_exists() {
        for (code, ..) in CODES {
            let word = scenario(code);
            assert!(word.is_empty() || domain::scenario::ALL.iter().any(|scenario| scenario.header == word), "{word}");
        }
    }
}
