//! The operator's console: what waits to be decided. To whoever is not staff it is not there; staff without the duty look and decide nothing.

pub(crate) mod acceptances;
mod access;
mod access_request;
pub(crate) mod announcement;
pub(crate) mod announcements;
pub(crate) mod apis;
mod audit;
mod care;
mod client_methods;
mod contract;
mod contracts;
mod customer_type;
mod customer_types;
mod keys;
mod organisation;
mod organisations;
mod overview;
mod plan;
mod plan_remove;
mod plans;
pub(crate) mod policies;
pub(crate) mod queues;
mod secrets;
mod staff;
mod standing;

use app::{
    Error, Rule, accounts,
    queues::{Counts, Cursor, Query},
};
use domain::{AccountId, role::Duty};
use http::StatusCode;

pub(crate) use {
    access::list as access,
    access_request::{approve as approve_access, reject as reject_access, show as access_request},
    audit::{export as export_audit, list as audit, verify as verify_audit},
    care::{leave_access, leave_contract, leave_customer_type, take_access, take_contract, take_customer_type},
    client_methods::list as client_methods,
    contract::{
        activate as activate_contract, end as end_contract, reject as reject_contract, show as contract, suspend as suspend_contract,
    },
    contracts::list as contracts,
    customer_type::{approve as approve_customer_type, reject as reject_customer_type, show as customer_type},
    customer_types::list as customer_types,
    keys::{list as keys, retire as retire_key, retiring as retiring_key, rotate as rotate_key},
    organisation::{add_note, link_contract, look, look_away, remove_note, set_customer_type, show as organisation},
    organisations::list as organisations,
    overview::show,
    plan::{change as change_plan, create as create_plan, new as new_plan, show as plan},
    plan_remove::{ask as removing_plan, submit as remove_plan},
    plans::list as plans,
    secrets::list as secrets,
    staff::{
        invite as invite_staff, inviting as inviting_staff, list as staff, remove as remove_staff, removing as removing_staff,
        set_role as set_staff_role, show as staff_person, withdraw as withdraw_staff,
    },
    standing::{ask as ask_to_suspend, resume, suspend},
};

use crate::{
    failure::Failure,
    form::{Form, Values},
    frame::{Frame, Rail},
    visit::Visit,
};

/// How many rows of a queue stand on one page.
const PAGE: i64 = 25;
/// How much of a reason stands in a queue, in characters.
const CLIPPED: usize = 300;

/// Whether who looks may decide; the use cases ask for themselves.
fn decides(visit: &Visit<'_>) -> bool {
    has_duty(visit, Duty::Decide)
}

/// Whether who looks has a duty among the staff; the use cases ask for themselves.
pub(super) fn has_duty(visit: &Visit<'_>, duty: Duty) -> bool {
    visit.somebody().is_ok_and(|somebody| somebody.account().staff().is_some_and(|staff| staff.may(duty)))
}

/// Whether who looks answers for everything; the use cases ask for themselves.
fn administers(visit: &Visit<'_>) -> bool {
    has_duty(visit, Duty::Administer)
}

/// Whether who looks may publish; the use cases ask for themselves.
fn publishes(visit: &Visit<'_>) -> bool {
    has_duty(visit, Duty::Publish)
}

/// The same, as a refusal, for pages that only lead to one.
fn must_publish(visit: &Visit<'_>) -> Result<(), Failure> {
    if publishes(visit) { Ok(()) } else { Err(Error::StaffOnly { needs: Duty::Publish }.into()) }
}

/// Notes why something was not published, and answers the status of the page that says so. What no form can mend is handed back.
fn unpublished(visit: &Visit<'_>, form: &mut Form, error: Error) -> Result<StatusCode, Failure> {
    let status = if matches!(error, Error::Refused(_)) { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    form.refused(error, visit.language)?;
    Ok(status)
}

/// The revision that was read, from a hidden field; what is none is none that there ever was.
fn revision(visit: &Visit<'_>) -> i64 {
    visit.form.text("revision").parse().unwrap_or(0)
}

/// A number as the queues count: exact up to a thousand.
fn counted(frame: &Frame<'_>, number: i64) -> String {
    counted_to(frame, number, app::queues::COUNTED)
}

/// A number that was counted exactly up to `most`.
fn counted_to(frame: &Frame<'_>, number: i64, most: i64) -> String {
    let shown = frame.number(u64::try_from(number.min(most)).unwrap_or(0));
    if number > most { format!("> {shown}") } else { shown }
}

/// The frame of a page of the console, with what waits in the rail.
pub(super) async fn frame<'v>(visit: &'v Visit<'_>, title: impl Into<String>) -> Result<(Frame<'v>, Counts), Failure> {
    let counts = app::queues::counts(visit.portal.app(), &visit.actor()?).await?;
    let frame = visit.frame(title);
    let stop = |path: &str, text: &str, number: i64| (path.to_owned(), format!("{text} ({})", counted(&frame, number)));
    let plain = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let stops = vec![
        plain("/console", visit.t("Resumen", "Overview")),
        stop("/console/access", visit.t("Acceso", "Access"), counts.access),
        stop("/console/contracts", visit.t("Contratos", "Contracts"), counts.contracts),
        stop("/console/customer-types", visit.t("Tipos de cliente", "Customer types"), counts.customer_types),
        plain("/console/queues", visit.t("Plazos, reglas y plantillas", "Targets, rules and templates")),
        plain("/console/organisations", visit.t("Organizaciones", "Organisations")),
        plain("/console/apis", visit.t("Catálogo", "Catalogue")),
        plain("/console/plans", visit.t("Planes", "Plans")),
        plain("/console/policies", visit.t("Políticas de uso", "Usage policies")),
        plain("/console/announcements", visit.t("Anuncios", "Announcements")),
        plain("/console/staff", visit.t("Equipo", "Staff")),
        plain("/console/secrets", visit.t("Claves secretas", "Secrets")),
        plain("/console/keys", visit.t("Claves de firma", "Signing keys")),
        plain("/console/audit", visit.t("Registro de auditoría", "Audit log")),
    ];
    let rail = Rail::new(visit.t("Consola", "Console"), &visit.path, stops);
    Ok((frame.beside(rail), counts))
}

/// The page of a queue that the address asks for. A cursor that is none of ours leads nowhere.
fn asked(visit: &Visit<'_>) -> Result<Query, Failure> {
    let after = visit.query.text("after");
    let after: Option<Cursor> = if after.is_empty() { None } else { Some(after.parse().map_err(|_| Failure::Missing)?) };
    Ok(Query {
        organisation: visit.query.text("organisation").to_owned(),
        after,
        limit: PAGE,
        taken: care::taken(visit)?,
        ..Query::default()
    })
}

/// The query of this page without what was said once: what links to decisions carry along, so that one comes back to the same place.
fn carried(visit: &Visit<'_>) -> String {
    visit.query.without(&["done", "lang"])
}

/// The query of the page after this one.
fn next(visit: &Visit<'_>, cursor: Option<impl std::fmt::Display>) -> Option<String> {
    let rest = visit.query.without(&["done", "lang", "after"]);
    cursor.map(|cursor| if rest.is_empty() { format!("after={cursor}") } else { format!("{rest}&after={cursor}") })
}

/// A queue, where it was left.
fn back(visit: &Visit<'_>, queue: &str) -> String {
    let query = carried(visit);
    if query.is_empty() { queue.to_owned() } else { format!("{queue}?{query}") }
}

/// Notes why something was not decided, and answers the status of the page that says so. What no form can mend is handed back.
fn undecided(visit: &Visit<'_>, form: &mut Form, error: Error) -> Result<StatusCode, Failure> {
    if is_late(&error) {
        form.wrong("", late(visit, &error));
        return Ok(StatusCode::CONFLICT);
    }
    form.refused(error, visit.language)?;
    Ok(StatusCode::UNPROCESSABLE_ENTITY)
}

/// Whether an error says that somebody else was faster.
const fn is_late(error: &Error) -> bool {
    matches!(error, Error::Refused(_) | Error::Rule(Rule::AlreadyDecided))
}

/// The person behind what a decision says of who made it.
async fn person(visit: &Visit<'_>, by: Option<&str>) -> String {
    let Some(by) = by else { return String::new() };
    if by == "system" {
        return visit.t("nadie: se concede al momento", "nobody: it is granted at once").to_owned();
    }
    let Some(id) = by.strip_prefix("account:").and_then(|id| id.parse::<AccountId>().ok()) else {
        return by.strip_prefix("operator:").unwrap_or(by).to_owned();
    };
    let account = accounts::find(visit.portal.app(), &id.to_string()).await;
    account.map_or_else(|_| visit.t("una cuenta que ya no existe", "an account that is gone").to_owned(), |account| account.name)
}

/// What was typed and could not be used, so that it is not lost.
fn typed(form: &Values) -> String {
    form.text("reason").to_owned()
}

/// That somebody else was faster, and that nothing of it is lost.
fn late(visit: &Visit<'_>, error: &Error) -> String {
    let first = visit.t("Otra persona lo resolvió antes. Así está ahora.", "Somebody else decided first. This is how it stands now.");
    match error {
        Error::Refused(words) => format!("{first} {}", crate::words::said(words, visit.language)),
        _ => first.to_owned(),
    }
}
