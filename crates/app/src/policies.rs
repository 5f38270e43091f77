//! The usage policies, and who accepted which version of them for what.

use domain::{Environment, ProjectId, role::Permission};
use serde_json::json;
use store::policy_acceptances::{self, Acceptance};

use crate::{Actor, App, Error, Result, Rule, permission::Needs, projects};

/// The version in force. Whoever changes the policies changes it, and everybody is asked anew.
pub const CURRENT: &str = "2026-06";

/// Accepts the policies for a project in an environment: in production for an admin to do, in the sandbox for whoever builds there.
/// `version`: the one that was read, which must be [`CURRENT`]; `address`: from where, an IP address. Accepting twice changes nothing.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Rule`] when the policies changed meanwhile, or when nobody signed in does it.
pub async fn accept(app: &App, actor: &Actor, project: ProjectId, environment: Environment, version: &str, address: &str) -> Result<()> {
    let permission = match environment {
        Environment::Sandbox => Permission::Develop,
        Environment::Production => Permission::Administer,
    };
    projects::reach(app, actor, project, Needs::Member(permission)).await?;
    let Actor::Account(account) = actor else { return Err(Rule::NoSignature.into()) };
    if version != CURRENT {
        return Err(Rule::PoliciesChanged.into());
    }
    if address.parse::<std::net::IpAddr>().is_err() {
        return Err(Error::invalid("address", "Una dirección IP.", "an IP address"));
    }
    let acceptance = Acceptance {
        environment,
        version: version.to_owned(),
        account_id: *account,
        address: address.to_owned(),
        accepted_at: app.moment(),
    };
    let mut tx = app.begin().await?;
    projects::hold(&mut tx, project).await?;
    if !policy_acceptances::insert(&mut tx, project, &acceptance).await? {
        return Ok(());
    }
    app.commit(tx, actor, "policies.accept", project, json!({"environment": environment, "version": version})).await
}

/// Whether the policies in force were accepted for a project in an environment.
pub(crate) async fn accepted(app: &App, project: ProjectId, environment: Environment) -> Result<bool> {
    Ok(in_force(&policy_acceptances::of_project(app.db(), project).await?, environment))
}

/// Whether one of these is of the policies in force.
pub(crate) fn in_force(acceptances: &[Acceptance], environment: Environment) -> bool {
    acceptances.iter().any(|acceptance| acceptance.environment == environment && acceptance.version == CURRENT)
}
