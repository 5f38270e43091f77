//! The management API, `/api/v1`: what the console decides, for programs, over the same use cases.
//!
//! An operation asks twice: its scope at the door, where production's gateway judges the token ([`guard`]), and its duty in the use case,
//! whose actor holds the one duty that this scope stands for. Both must hold. No cookie is read here and none is given.

mod answer;
mod call;
mod document;
mod guard;
mod nouns;
mod parameters;
pub(crate) mod problem;
mod schema;
pub mod table;

use std::{collections::HashMap, net::IpAddr, sync::LazyLock};

use app::{Actor, management, management::Claim};
use bytes::Bytes;
use domain::{Language, ScopeSet, digest, request_id::RequestId};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
    header::{ACCEPT, ACCEPT_LANGUAGE, ALLOW, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY},
    request::Parts,
};
use matchit::Router;
use serde_json::Value;
use web::{
    Request, Response, Visit,
    body::{Body, ReadError},
};

pub use document::document;
pub use guard::{Admitted, Declined, Gate, Guard, Judging};

use crate::{Portal, header, language};
use answer::Answer;
use call::{Call, Outcome};
use problem::Problem;
use table::{Intake, OPERATIONS, Operation, Output, Verb};

/// Where the API begins.
pub(crate) const ROOT: &str = "/api/v1";

/// Its document.
const DOCUMENT: &str = "/api/v1/openapi.json";

/// How long a body may be, in bytes, and one that is a document.
const LONGEST: usize = 1 << 20;
const LONGEST_DOCUMENT: usize = 2 << 20;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The operations of one path.
type Place = Vec<&'static Operation>;

static ROUTER: LazyLock<Router<Place>> = LazyLock::new(|| {
    let mut places: HashMap<&'static str, Place> = HashMap::new();
    for operation in OPERATIONS {
        places.entry(operation.path).or_default().push(operation);
    }
    let mut router = Router::new();
    for (path, place) in places {
        // Two paths that contradict each other would be found by the first test.
        let _ = router.insert(path, place);
    }
    router
});

/// Whether a path is this API's.
pub(crate) fn is_here(path: &str) -> bool {
    path.strip_prefix(ROOT).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Answers a request from `address`.
pub(crate) async fn answer(portal: &Portal, request: Request, address: IpAddr, id: RequestId) -> Response {
    let at = portal.app().now();
    let visit = Visit { id, at, address, secure: portal.is_secure() };
    let (head, body) = request.into_parts();
    let language = language::preferred(header(&head.headers, ACCEPT_LANGUAGE));
    let mut response = match head.uri.path() {
        DOCUMENT => published(portal, &head, &visit),
        _ => serve(portal, &head, body, &visit, language).await,
    }
    .unwrap_or_else(|problem| problem.response(&visit, language, &portal.settings().public_url));
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
    headers.insert(VARY, HeaderValue::from_static("accept, accept-language, authorization"));
    response
}

/// The document, for everybody.
fn published(portal: &Portal, head: &Parts, visit: &Visit) -> Result<Response, Problem> {
    match head.method {
        Method::GET | Method::HEAD => {
            let document = document(&portal.settings().public_url, portal.settings().management.token_url());
            Ok(Answer::one(document).response(visit))
        }
        Method::OPTIONS => Ok(options("GET, HEAD, OPTIONS", visit)),
        _ => Err(Problem::method_not_allowed("GET, HEAD, OPTIONS")),
    }
}

fn options(allow: &str, visit: &Visit) -> Response {
    let mut response = Answer::nothing().response(visit);
    if let Ok(allow) = HeaderValue::from_str(allow) {
        response.headers_mut().insert(ALLOW, allow);
    }
    response
}

async fn serve(portal: &Portal, head: &Parts, body: Body, visit: &Visit, language: Language) -> Result<Response, Problem> {
    let path = head.uri.path().strip_prefix(ROOT).unwrap_or_default();
    let found = ROUTER.at(path).map_err(|_| no_route())?;
    let method = if head.method == Method::HEAD { &Method::GET } else { &head.method };
    let allow = allowed(found.value);
    if *method == Method::OPTIONS {
        return Ok(options(&allow, visit));
    }
    let operation = found.value.iter().find(|operation| operation.verb.as_str() == method.as_str());
    let operation = *operation.ok_or_else(|| Problem::method_not_allowed(&allow))?;
    let segments = found.params.iter().map(|(name, value)| (name.to_owned(), crate::decoded(value))).collect();

    let scope: ScopeSet = operation.scope.parse().into_iter().collect();
    let Some(guard) = portal.settings().management.guard() else {
        return Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "Esta casa no conoce ningún entorno de producción, y la API de gestión vive de sus tokens: configúralo en [environments.production].",
            "This house knows no production environment, whose tokens the management API takes: configure [environments.production].",
        ));
    };
    let admitted = match guard.judge(head, visit, operation.id, &scope).await {
        Ok(admitted) => admitted,
        Err(declined) => return Ok(translated(declined, language).await),
    };
    let outcome = admit(portal, operation, head, body, segments, &admitted.client).await;
    let mut response = match outcome {
        Ok(answer) => answer.response(visit),
        Err(problem) => problem.response(visit, language, &portal.settings().public_url),
    };
    (admitted.answered)(&mut response);
    Ok(response)
}

fn no_route() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "no-route",
        format!("La API de gestión no tiene esta ruta: las tiene todas {DOCUMENT}."),
        format!("The management API has no such path: {DOCUMENT} has them all."),
    )
}

fn allowed(place: &Place) -> String {
    let mut allow = Vec::new();
    for operation in place {
        allow.push(operation.verb.as_str());
        if operation.verb == Verb::Get {
            allow.push("HEAD");
        }
    }
    allow.push("OPTIONS");
    allow.join(", ")
}

/// The gateway explains itself in English; its pages know both languages.
async fn translated(declined: Declined, language: Language) -> Response {
    let Declined { code, response } = declined;
    let Some(spanish) = crate::pages::errors::meaning(code, language).filter(|_| language == Language::Spanish) else { return response };
    let (parts, body) = response.into_parts();
    let whole = body.read(LONGEST).await.unwrap_or_default();
    let text = match serde_json::from_slice::<Value>(&whole) {
        Ok(mut problem) => {
            problem["detail"] = spanish.into();
            Bytes::from(problem.to_string())
        }
        Err(_) => whole,
    };
    Response::from_parts(parts, Body::Whole(text))
}

/// Everything between the door and the use case.
async fn admit(
    portal: &Portal,
    operation: &'static Operation,
    head: &Parts,
    body: Body,
    segments: Vec<(String, String)>,
    client: &domain::ClientId,
) -> Outcome {
    if !accepts_json(&head.headers) {
        return Err(Problem::new(
            StatusCode::NOT_ACCEPTABLE,
            "not-acceptable",
            "Esta API solo habla application/json: admítelo en Accept.",
            "This API speaks application/json only: admit it in Accept.",
        ));
    }
    if matches!(operation.output, Output::Placed(_)) {
        parameters::may_be_called(&segments)?;
    }
    let query = call::parameters(operation, head.uri.query().unwrap_or_default())?;
    let bytes = whole(operation, body).await?;
    let read = read(operation, &head.headers, &bytes)?;
    let duty = domain::management::duty(operation.scope).ok_or_else(Problem::not_found)?;
    let call = Call {
        portal: portal.clone(),
        operation,
        actor: Actor::Service { client: client.clone(), duty },
        client: client.clone(),
        headers: head.headers.clone(),
        path: head.uri.path().to_owned(),
        segments,
        query,
        body: read,
    };
    if operation.verb == Verb::Get {
        return (operation.run)(&call).await;
    }
    // A caller that hangs up must not stop a change between its commit and the keeping of its answer.
    let changing =
        tokio::spawn(async move { if operation.verb == Verb::Post { once(&call, &bytes).await } else { (operation.run)(&call).await } });
    changing.await.unwrap_or_else(|broken| Err(Problem::ours(&broken)))
}

/// Runs an operation once for each `Idempotency-Key`.
async fn once(call: &Call, bytes: &[u8]) -> Outcome {
    let mut keys = call.headers.get_all(&IDEMPOTENCY_KEY).iter();
    let Some(key) = keys.next() else { return (call.operation.run)(call).await };
    let key = key.to_str().ok().filter(|key| (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()));
    let Some(key) = key.filter(|_| keys.next().is_none()) else {
        return Err(Problem::parameter(
            "Idempotency-Key",
            "Una sola clave, de 1 a 255 caracteres visibles sin espacios.",
            "one key of 1 to 255 visible characters without spaces",
        ));
    };
    let mut asked = format!("{} {}\n", call.operation.verb.as_str(), call.path).into_bytes();
    asked.extend_from_slice(bytes);
    let fingerprint = digest::hex(&asked);
    let (app, client) = (call.app(), &call.client);
    let held = match management::claim(app, client, key, &fingerprint).await? {
        Claim::Fresh(held) => held,
        Claim::Answered(status, kept) => return Answer::again(status, &kept).ok_or_else(Problem::not_found),
        Claim::UnderWay => {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "idempotency-key-busy",
                "Esa misma petición se está atendiendo: espera y repítela con la misma clave.",
                "That very request is being answered: wait and repeat it with the same key.",
            ));
        }
        Claim::OtherRequest => {
            return Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency-key-reused",
                "Esa clave ya se usó con otra petición: usa una nueva para cada una.",
                "This key was used with another request: use a new one for each.",
            ));
        }
    };
    let outcome = (call.operation.run)(call).await;
    let kept = match &outcome {
        Ok(answer) => management::settle(app, &held, answer.status.as_u16(), &answer.kept()).await,
        // Refused, nothing was changed: it may be mended and sent again under the same key.
        Err(problem) if problem.is_refusal() => management::release(app, &held).await,
        // What broke may have been done all the same: the key stays taken until it is given up, so that nothing is done twice in haste.
        Err(_) => Ok(()),
    };
    // The caller hears what became of the request, not of the key.
    if let Err(error) = kept {
        tracing::error!(%error, operation = call.operation.id, "an Idempotency-Key was left unsettled");
    }
    outcome
}

async fn whole(operation: &Operation, body: Body) -> Result<Bytes, Problem> {
    let is_document = matches!(operation.output, Output::Placed(_)) || operation.intake == Intake::Takes("Document");
    let limit = if is_document { LONGEST_DOCUMENT } else { LONGEST };
    body.read(limit).await.map_err(|error| match error {
        ReadError::TooLong => Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body-too-large",
            format!("El cuerpo pasa de {limit} bytes."),
            format!("The body is longer than {limit} bytes."),
        ),
        ReadError::Broken => unfit("se cortó antes de acabar", "broke off before its end"),
    })
}

fn unfit(spanish: &str, english: &str) -> Problem {
    Problem::body(vec![schema::Wrong::new("", spanish, english)])
}

/// The body of a call as its operation takes it.
fn read(operation: &Operation, headers: &HeaderMap, bytes: &[u8]) -> Result<Value, Problem> {
    let shape = match operation.intake {
        Intake::No if bytes.is_empty() => return Ok(Value::Null),
        Intake::No => return Err(unfit("esta operación no lleva cuerpo: no envíes ninguno", "is not taken by this operation; send none")),
        Intake::May(_) if bytes.is_empty() => return Ok(Value::Null),
        Intake::May(shape) | Intake::Takes(shape) => shape,
    };
    let media_type = header(headers, CONTENT_TYPE).split(';').next().unwrap_or_default().trim();
    let encoded = headers.get(CONTENT_ENCODING).is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"));
    // Who sends nothing at all hears that a body is missing.
    let labelled = media_type.eq_ignore_ascii_case("application/json") || (bytes.is_empty() && media_type.is_empty());
    if encoded || !labelled {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "media-type",
            "Envía el cuerpo como application/json, sin comprimir.",
            "Send the body as application/json, not compressed.",
        ));
    }
    // The reader gives up at 128 levels, so that depth costs nobody's stack.
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        let at = (error.line(), error.column());
        unfit(&format!("no es JSON (línea {}, columna {})", at.0, at.1), &format!("is not JSON (line {} column {})", at.0, at.1))
    })?;
    let wrong = schema::wrong(shape, &value);
    if wrong.is_empty() { Ok(value) } else { Err(Problem::body(wrong)) }
}

/// Whether the caller takes `application/json` (RFC 9110, section 12.5.1).
fn accepts_json(headers: &HeaderMap) -> bool {
    let mut named = false;
    for value in headers.get_all(ACCEPT) {
        for range in value.to_str().unwrap_or_default().split(',').take(32) {
            let mut parts = range.split(';');
            let range = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
            if range.is_empty() {
                continue;
            }
            named = true;
            let none = parts.filter_map(|part| part.trim().strip_prefix("q=")?.parse::<f32>().ok()).any(|weight| weight <= 0.0);
            if !none && matches!(range.as_str(), "*/*" | "application/*" | "application/json") {
                return true;
            }
        }
    }
    !named
}
