//! Whether what is behind an API answers.

use domain::{
    ApiName, Environment,
    api::{Status, Upstream},
    role::Duty,
};
use serde_json::json;

use super::look;
use crate::{Actor, App, Error, Result, Rule, permission};

/// The longest path that is tried, in bytes.
const LONGEST: usize = 500;

/// Notes that somebody tries an upstream of a version, draft or published (`None`: of what is live), and answers its origin: only those that
/// the document names can be tried. `at` counts them from zero.
///
/// # Errors
/// [`Error::Rule`] for what is retired, but for its drafts; [`Error::NotFound`] for what is not live, is no version, has no such upstream, or
/// one inside this program; [`Error::Invalid`] for what is no path.
pub async fn upstream(
    app: &App,
    actor: &Actor,
    name: &ApiName,
    number: Option<i64>,
    environment: Environment,
    at: usize,
    path: &str,
) -> Result<String> {
    permission::staff(app, actor, Duty::Publish).await?;
    let is_path = path.len() <= LONGEST
        && path.starts_with('/')
        && path.bytes().all(|byte| {
            (0x21..0x7f).contains(&byte) && !matches!(byte, b'"' | b'#' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
        });
    if !is_path {
        return Err(Error::invalid(
            "path",
            "Escribe una ruta que empiece por /, sin espacios.",
            "write a path that begins with /, without spaces",
        ));
    }
    let entry = store::apis::entry(app.db(), name).await?;
    let live = || entry.as_ref().map(|entry| entry.version).ok_or_else(|| Error::not_found("API", name));
    let number = number.map_or_else(live, Ok)?;
    let seen = look::read(app, name, number).await?;
    // A draft is how what is retired comes back: where that leads is known before.
    let is_retired = entry.is_some_and(|entry| entry.status == Status::Retired);
    if is_retired && seen.version.published_at.is_some() {
        return Err(Rule::ApiRetired.into());
    }
    let Some(Upstream::Origin(origin)) = seen.api.upstreams.of(environment).get(at) else {
        return Err(Error::not_found("upstream", format_args!("{at} of {name} in {environment}")));
    };
    let tx = app.begin().await?;
    // Without its query, which may hold what nobody should keep.
    let path = path.split('?').next().unwrap_or_default();
    let detail = json!({"version": number, "environment": environment, "origin": origin, "path": path});
    app.commit(tx, actor, "api.try_upstream", name, detail).await?;
    Ok(origin.clone())
}
