//! The console of an API: its operations, to be tried with one's own sandbox project.

use app::{records::ProjectOfAccount, try_it};
use askama::Template;
use domain::{Environment, ProjectId, role::Permission};
use http::{HeaderValue, StatusCode, header::CONTENT_SECURITY_POLICY};
use serde_json::{Value, json};
use web::respond;

use crate::{
    POLICY, assets,
    failure::Failure,
    frame::Frame,
    language::Language,
    reference::Reference,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "apis/try_it.html")]
struct TryIt<'v> {
    frame: Frame<'v>,
    reference: &'v Reference,
    /// The projects that may call this API, and that this account builds for.
    projects: Vec<&'v ProjectOfAccount>,
    /// A project that could, had it asked for access.
    without_access: Option<&'v ProjectOfAccount>,
    chosen: Option<&'v ProjectOfAccount>,
    /// Whether this house has a sandbox and the API is served there.
    is_served: bool,
}

/// `GET /apis/{name}/console`: with `?project=`, in the name of that project.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let reference = visit.portal.references().find(&visit.portal.catalogue(), visit.segment("name")).ok_or(Failure::Missing)?;
    let mine = try_it::projects_for(visit.portal.app(), visit.somebody()?, visit.segment("name")).await?;
    let (projects, others): (Vec<_>, Vec<_>) =
        mine.iter().filter(|project| project.role.may(Permission::Develop)).partition(|project| !project.scopes.is_empty());
    let wanted = visit.query.text("project");
    let chosen = projects.iter().find(|project| project.id.to_string() == wanted).or(projects.first()).copied();
    let is_served = visit.portal.settings().sandbox.is_open() && !reference.api.upstreams.of(Environment::Sandbox).is_empty();
    let title = match visit.language {
        Language::Spanish => format!("Consola de {}", reference.title()),
        Language::English => format!("{} console", reference.title()),
    };
    // Without the rail: the console has its own, and needs the room.
    let frame = visit.frame(title);
    let without_access = others.first().copied();
    let mut response = visit.page(&TryIt { frame, reference: &reference, projects, without_access, chosen, is_served })?;
    let policy = format!("{POLICY}; frame-src 'self'");
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, policy.parse().map_err(|_| Failure::Broken("a policy that is no header".into()))?);
    Ok(response)
}

/// `GET /apis/{name}/console/frame?project=`: the console itself. It runs a script of somebody else's, so it is a document of no origin: it
/// has no cookie, reads nothing of the portal, and may connect to the portal alone. Linked from nowhere but [`show`].
pub(crate) async fn frame(visit: &Visit<'_>) -> Outcome {
    let name = visit.segment("name");
    let reference = visit.portal.references().find(&visit.portal.catalogue(), name).ok_or(Failure::Missing)?;
    let project: ProjectId = visit.query.text("project").parse().map_err(|_| Failure::Missing)?;
    let ticket = try_it::ticket(visit.portal.app(), visit.somebody()?, project).await?;
    let portal = visit.portal.settings().public_url.as_str();
    let configuration = json!({
        "content": adapted(reference.document.clone(), &format!("{portal}/apis/{name}/console/call"), visit.language),
        "authentication": {"preferredSecurityScheme": SCHEME, "securitySchemes": {SCHEME: {"token": ticket.expose()}}},
        "layout": "modern", "telemetry": false, "withDefaultFonts": false, "hiddenClients": true, "hideClientButton": true,
        "showDeveloperTools": "never", "persistAuth": false, "agent": {"disabled": true}, "mcp": {"disabled": true},
        "documentDownloadType": "none",
    });
    // Nothing in a document ends the element it stands in.
    let configuration = configuration.to_string().replace('<', "\\u003c");
    let (memory, scalar, start) = (assets::address("console-before.js"), assets::scalar_address(), assets::address("console-after.js"));
    let html = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, \
         initial-scale=1\">\n<title>{}</title>\n</head>\n<body>\n<main id=\"console\"></main>\n<script type=\"application/json\" \
         id=\"configuration\">{configuration}</script>\n<script src=\"{memory}\"></script>\n<script src=\"{scalar}\"></script>\n<script \
         src=\"{start}\"></script>\n</body>\n</html>\n",
        visit.language.as_str(),
        visit.t("Consola", "Console"),
    );
    let mut response = respond::answer(StatusCode::OK, HeaderValue::from_static("text/html; charset=utf-8"), html, visit.id);
    visit.portal.seal(&mut response, visit.language);
    // The host by its name: `'self'` means nothing to a document of no origin. Styles are the one exception the console needs.
    let policy = format!(
        "sandbox allow-scripts allow-forms allow-downloads; default-src 'none'; script-src {portal}/assets/; style-src 'unsafe-inline'; img-src data: \
         blob:; font-src data:; connect-src {portal}/apis/{name}/console/call/; base-uri 'none'; form-action 'none'; frame-ancestors {portal}"
    );
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, policy.parse().map_err(|_| Failure::Broken("a policy that is no header".into()))?);
    Ok(response)
}

/// The one way of authentication that the console knows.
const SCHEME: &str = "console";

/// The document as the console shows it: served by the portal, and authenticated by the ticket in place of token and API credential.
fn adapted(mut document: Value, server: &str, language: Language) -> Value {
    let note = language.pick("El sandbox, con tu proyecto", "The sandbox, with your project");
    document["servers"] = json!([{"url": server, "description": note}]);
    let says = language.pick(
        "La consola pone por ti el token y la credencial de API de tu proyecto.",
        "The console adds your project's token and API credential for you.",
    );
    document["components"]["securitySchemes"] = json!({SCHEME: {"type": "http", "scheme": "bearer", "description": says}});
    if document.get("security").is_some() {
        document["security"] = json!([{SCHEME: []}]);
    }
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flat_map(|paths| paths.values_mut());
    for path in paths {
        let Some(path) = path.as_object_mut() else { continue };
        path.remove("servers");
        for operation in path.values_mut().filter_map(Value::as_object_mut) {
            operation.remove("servers");
            if operation.contains_key("security") {
                operation.insert("security".into(), json!([{SCHEME: []}]));
            }
        }
    }
    document
}
