//! A project: its credentials, how they are replaced, its first call, what was decided about its requests.
//!
//! Every id in a path is looked for in the project that the path begins with: one of another project is not there, whoever asks.

mod api_credentials;
mod archive;
mod decisions;
mod first_call;
mod issued;
mod light;
mod production;
mod public_keys;
mod quarter;
mod rail;
mod replace;
mod rotate;
mod secrets;
mod settings;
mod show;

use app::{
    Error, Rule,
    view::{self, ClientPage, ProjectPage, SecretPage},
};
use domain::{
    ClientId, Environment, ProjectId, SecretId,
    contract::Standing,
    role::Permission,
    rotation::{Overlap, Verdict},
};

pub(crate) use {
    api_credentials::{
        create as create_api_credential, new as new_api_credential, revoke as revoke_api_credential, revoking as revoking_api_credential,
    },
    archive::{ask as archiving, submit as archive},
    decisions::{Seen as DecisionSeen, list as decisions, show as decision, shown as decision_shown},
    first_call::{ids, show as first_call},
    light::stream as light,
    production::{accept as accept_policies, create as create_production, show as production},
    public_keys::{add as add_public_key, list as public_keys, remove as remove_public_key, removing as removing_public_key},
    rail::rail,
    replace::{show as replacing, submit as replace},
    rotate::{show as rotating, submit as rotate},
    secrets::{retire as retire_secret, retiring as retiring_secret, revoke as revoke_secret, revoking as revoking_secret},
    settings::{show as settings, submit as rename},
    show::show,
};

use crate::{failure::Failure, form::Form, frame::Moment, visit::Visit};

/// The project in the path, for whoever may see it.
pub(crate) async fn opened(visit: &Visit<'_>) -> Result<ProjectPage, Failure> {
    let id: ProjectId = visit.id_segment("project")?;
    Ok(view::project(visit.portal.app(), &visit.actor()?, id).await?)
}

/// Whether who looks may do something here: by their role, and because it is neither archived nor of a closed organisation.
pub(crate) fn may(page: &ProjectPage, permission: Permission) -> bool {
    page.role.is_some_and(|role| role.may(permission))
        && page.project.archived_at.is_none()
        && page.organisation.status != Standing::Revoked
}

/// The same, as a refusal. Use cases refuse by themselves; this is for pages that only lead to one.
pub(crate) fn must(page: &ProjectPage, permission: Permission) -> Result<(), Failure> {
    if !page.role.is_some_and(|role| role.may(permission)) {
        return Err(Error::Forbidden { needs: permission.least() }.into());
    }
    if page.organisation.status == Standing::Revoked {
        return Err(Failure::Rule(Rule::Closed));
    }
    if page.project.archived_at.is_some() {
        return Err(Failure::Rule(Rule::Archived));
    }
    Ok(())
}

/// Whether the project has a client in an environment that is not revoked.
pub(crate) fn has_client(page: &ProjectPage, environment: Environment) -> bool {
    page.clients.iter().any(|client| client.client.environment == environment && client.client.status != Standing::Revoked)
}

/// The client in the path, which must be the project's.
fn client<'p>(visit: &Visit<'_>, page: &'p ProjectPage) -> Result<&'p ClientPage, Failure> {
    let id = ClientId::from(visit.segment("client"));
    page.clients.iter().find(|client| client.client.id == id).ok_or(Failure::Missing)
}

/// The secret in the path and its client, which must be the project's.
fn secret<'p>(visit: &Visit<'_>, page: &'p ProjectPage) -> Result<(&'p ClientPage, &'p SecretPage), Failure> {
    let id: SecretId = visit.id_segment("secret")?;
    let found = page.clients.iter().find_map(|client| {
        let secret = client.secrets.iter().find(|secret| secret.secret.id == id)?;
        Some((client, secret))
    });
    found.ok_or(Failure::Missing)
}

/// The secrets that still open something.
fn live(client: &ClientPage) -> impl Iterator<Item = &SecretPage> {
    client.secrets.iter().filter(|secret| secret.verdict != Verdict::Ended)
}

/// The overlaps one may choose, as a form shows them.
pub(crate) fn overlaps(visit: &Visit<'_>) -> Vec<(&'static str, &'static str)> {
    let named = |overlap: &Overlap| match overlap {
        Overlap::Now => visit.language.pick("ahora mismo", "now"),
        Overlap::Day => visit.language.pick("dentro de 24 horas", "in 24 hours"),
        Overlap::Week => visit.language.pick("dentro de 7 días", "in 7 days"),
        Overlap::Month => visit.language.pick("dentro de 30 días", "in 30 days"),
    };
    Overlap::ALL.iter().map(|overlap| (overlap.as_str(), named(overlap))).collect()
}

/// The overlap that was chosen; `None`, and said beside the field, when none was.
pub(crate) fn overlap(visit: &Visit<'_>, form: &mut Form) -> Option<Overlap> {
    let chosen = visit.form.text("overlap").parse().ok();
    if chosen.is_none() {
        form.wrong("overlap", visit.t("Elige cuándo.", "Choose when."));
    }
    chosen
}

/// When what there was before stops opening anything.
pub(crate) fn ends(visit: &Visit<'_>, overlap: Overlap) -> Option<Moment> {
    let at = visit.portal.app().now() + std::time::Duration::from_secs(overlap.seconds().into());
    (overlap != Overlap::Now).then(|| Moment::new(at, visit.language))
}
