//! What gateway and authorization server decided about a project's requests.

use app::{
    records::Kept,
    view::{self, ProjectPage},
};
use askama::Template;
use domain::request_id::RequestId;
use serde_json::Value;

use super::{opened, rail};
use crate::{
    Portal,
    failure::Failure,
    form::Form,
    frame::{Frame, Moment, Rail},
    language::Language,
    pages::errors,
    visit::{Outcome, Visit},
    words,
};

/// How many are listed.
const LISTED: usize = 100;

/// A kept decision, read.
pub(crate) struct Seen {
    pub(crate) id: String,
    pub(crate) at: Moment,
    pub(crate) environment: String,
    pub(crate) method: String,
    /// Without its query; whatever the caller sent.
    pub(crate) path: String,
    pub(crate) address: String,
    /// The name of the API, its title, the operation; empty when the request did not come that far.
    pub(crate) api: String,
    pub(crate) title: String,
    pub(crate) operation: String,
    pub(crate) client: String,
    pub(crate) customer_key: String,
    pub(crate) status: u64,
    pub(crate) passed: bool,
    /// Of a refusal.
    pub(crate) code: String,
    /// What happened and what to do.
    pub(crate) what: String,
    /// The scopes of the operation, when they are what is lacking.
    pub(crate) needs: String,
    pub(crate) checks: Vec<Checked>,
    /// What the check is called that refused.
    pub(crate) layer: &'static str,
    /// Whether it was a token that was asked for.
    pub(crate) of_token: bool,
    /// How long it took, in milliseconds with one decimal; empty where nobody measured.
    pub(crate) took: String,
}

/// A check of a decision.
pub(crate) struct Checked {
    pub(crate) name: &'static str,
    pub(crate) asks: &'static str,
    pub(crate) state: &'static str,
    pub(crate) class: &'static str,
}

impl Seen {
    /// Reads a decision for a reader of this language.
    pub(crate) fn read(portal: &Portal, language: Language, kept: &Kept) -> Self {
        let detail: Value = serde_json::from_str(&kept.detail).unwrap_or_default();
        let text = |pointer: &str| detail.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (api, operation, code) = (text("/api"), text("/operation"), text("/code"));
        let catalogue = portal.catalogue();
        let entry = catalogue.find(&api);
        let lacks = matches!(code.as_str(), "scope-missing" | "grant-revoked");
        let needs = entry.filter(|_| lacks).and_then(|api| api.operations.iter().find(|known| known.id == operation));
        let needs = needs.map(|operation| operation.scopes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" / "));
        let checks = detail["checks"].as_array().map(Vec::as_slice).unwrap_or_default();
        let refused = checks.iter().find(|check| check["verdict"] == "refused").and_then(|check| check["check"].as_str());
        // The report names places and numbers; it is in English.
        let told = text("/explanation");
        let meaning = errors::meaning(&code, language).filter(|_| language == Language::Spanish || told.is_empty());
        let took = |micros: u64| format!("{}{}{}", micros / 1000, language.pick(",", "."), micros % 1000 / 100);
        Self {
            id: kept.id.clone(),
            at: Moment::new(*kept.at, language),
            environment: kept.environment.clone(),
            method: text("/request/method"),
            path: text("/request/path"),
            address: text("/request/address"),
            title: entry.map_or_else(|| api.clone(), |entry| entry.title.clone()),
            api,
            operation,
            client: text("/caller/client_id"),
            customer_key: text("/caller/customer_key"),
            status: detail["status"].as_u64().unwrap_or(0),
            passed: detail["verdict"] == "passed",
            what: meaning.map_or(told, str::to_owned),
            code,
            needs: needs.unwrap_or_default(),
            checks: checks.iter().map(|check| checked(check, language)).collect(),
            layer: refused.map_or("", |word| words::check(word, language).0),
            of_token: detail["layer"] == "token",
            took: detail["micros"].as_u64().map(took).unwrap_or_default(),
        }
    }

    /// Whether the API answered with an error of its own.
    pub(crate) fn api_erred(&self) -> bool {
        self.passed && self.status >= 400
    }
}

fn checked(check: &Value, language: Language) -> Checked {
    let (name, asks) = words::check(check["check"].as_str().unwrap_or_default(), language);
    let (state, class) = match check["verdict"].as_str() {
        Some("passed") => (language.pick("pasó", "passed"), "ok"),
        Some("refused") => (language.pick("rechazada aquí", "refused here"), "wrong"),
        _ => (language.pick("no se llegó a mirar", "not reached"), ""),
    };
    Checked { name, asks, state, class }
}

#[derive(Template)]
#[template(path = "projects/decisions.html")]
struct List<'v> {
    frame: Frame<'v>,
    page: &'v ProjectPage,
    form: Form,
    outcomes: Vec<(&'static str, &'static str)>,
    apis: Vec<(String, String)>,
    seen: Vec<Seen>,
    /// Whether something is filtered away.
    filtered: bool,
}

/// `GET /projects/{project}/decisions?outcome=&api=`.
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let kept = view::decisions(visit.portal.app(), &visit.actor()?, page.project.id, view::LAST).await?;
    let (outcome, api) = (visit.query.text("outcome"), visit.query.text("api"));
    let fits = |seen: &Seen| {
        (api.is_empty() || seen.api == api)
            && match outcome {
                "passed" => seen.passed,
                "refused" => !seen.passed,
                _ => true,
            }
    };
    let seen = kept.iter().map(|kept| Seen::read(visit.portal, visit.language, kept)).filter(fits).take(LISTED).collect();
    let any = || (String::new(), visit.t("todas", "all").to_owned());
    let apis = visit.portal.catalogue().apis.iter().map(|api| (api.name.to_string(), api.title.clone())).collect::<Vec<_>>();
    visit.page(&List {
        frame: visit.frame(visit.t("Decisiones", "Decisions")).beside(rail(visit, &page)),
        form: Form::with(&[("outcome", outcome), ("api", api)]),
        outcomes: vec![
            ("", visit.language.pick("todas", "all")),
            ("passed", visit.language.pick("pasaron", "passed")),
            ("refused", visit.language.pick("rechazadas", "refused")),
        ],
        apis: std::iter::once(any()).chain(apis).collect(),
        seen,
        filtered: !outcome.is_empty() || !api.is_empty(),
        page: &page,
    })
}

#[derive(Template)]
#[template(path = "projects/decision.html")]
struct Show<'v> {
    frame: Frame<'v>,
    seen: Seen,
    /// Where the other decisions are; empty for one that belongs to no project.
    others: String,
}

/// `GET /projects/{project}/decisions/{id}`.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let id: RequestId = visit.id_segment("id")?;
    let kept = view::decision(visit.portal.app(), &visit.actor()?, id.0).await?;
    if kept.project_id.as_deref() != Some(page.project.id.to_string().as_str()) {
        return Err(Failure::Missing);
    }
    let others = format!("/projects/{}/decisions", page.project.id);
    shown(visit, &kept, Some(rail(visit, &page)), others)
}

/// The page of a decision, of a project's or of nobody's.
pub(crate) fn shown(visit: &Visit<'_>, kept: &Kept, rail: Option<Rail>, others: String) -> Outcome {
    let seen = Seen::read(visit.portal, visit.language, kept);
    let title = if seen.passed {
        visit.t("La petición pasó", "The request passed")
    } else {
        visit.t("La petición se rechazó", "The request was refused")
    };
    let mut frame = visit.frame(title);
    if let Some(rail) = rail {
        frame = frame.beside(rail);
    }
    visit.page(&Show { frame, seen, others })
}
