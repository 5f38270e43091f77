//! One organisation with everything about it, and what staff do to it from there.

use std::collections::HashMap;

use app::{
    Error, contracts,
    organisations::{self, COUNTED, Dossier},
    records::{Holdings, NoteId},
};
use askama::Template;
use domain::{
    CustomerType, Environment, Language, OrganisationId,
    contract::{ContractStatus, Standing},
    role::{Duty, Role},
};
use http::StatusCode;

use super::{counted_to, frame, has_duty, person, undecided};
use crate::{
    form::Form,
    frame::{Frame, Moment, Notice},
    pages::projects::DecisionSeen,
    visit::{Outcome, Visit},
    words::{self, State},
};

/// How many members, projects and grants stand on the page; the customer's own pages have the others.
const SHOWN: usize = 25;

#[derive(Template)]
#[template(path = "console/organisation.html")]
struct Show<'v> {
    frame: Frame<'v>,
    id: String,
    status: Standing,
    state: State,
    /// Why it may not act, who stopped it, since when.
    reason: String,
    by: String,
    since: Option<Moment>,
    kind: CustomerType,
    customer_type: &'static str,
    created: Moment,
    members: Vec<(String, String, &'static str)>,
    more_members: usize,
    contracts: Vec<(String, String, String, State)>,
    projects: Vec<Project>,
    more_projects: usize,
    acts_for_others: bool,
    grants: Vec<Grant>,
    more_grants: usize,
    holdings: Vec<Held>,
    last_use: Option<Moment>,
    waiting: Vec<(String, String, Moment)>,
    refused: Vec<(String, DecisionSeen)>,
    notes: Vec<Note>,
    entries: Vec<Entry>,
    types: Vec<(&'static str, &'static str)>,
    /// Where somebody was going who has not said why they look.
    next: Option<String>,
    /// Who needs not say why.
    is_member: bool,
    form: Form,
    decides: bool,
    administers: bool,
}

struct Project {
    id: String,
    name: String,
    archived: bool,
    /// Its clients: where, and their state.
    clients: Vec<(&'static str, State)>,
    last_use: Option<Moment>,
}

struct Grant {
    id: String,
    api: String,
    environment: &'static str,
    project_id: String,
    project: String,
    scopes: String,
    plan: String,
}

struct Held {
    environment: &'static str,
    clients: String,
    api_credentials: String,
    customer_keys: String,
    suspended_keys: String,
}

struct Note {
    id: String,
    by: String,
    at: Moment,
    text: String,
    removable: bool,
}

struct Entry {
    at: Moment,
    by: String,
    action: String,
    subject: String,
    detail: String,
}

/// `GET /console/organisations/{organisation}`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, Form::new()).await
}

/// `POST /console/organisations/{organisation}/customer-type`, from the type that was seen.
pub(crate) async fn set_customer_type(visit: &Visit<'_>) -> Outcome {
    let id: OrganisationId = visit.id_segment("organisation")?;
    let (app, actor) = (visit.portal.app(), visit.actor()?);
    app::permission::staff(app, &actor, Duty::Decide).await?;
    let (Ok(from), Ok(to)) = (visit.form.text("was").parse(), visit.form.text("customer_type").parse()) else {
        let mut form = Form::typed(&visit.form);
        form.wrong("customer_type", visit.t("Elige uno de estos tipos.", "Choose one of these types."));
        return page(visit, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    match organisations::change_customer_type(app, &actor, id, from, to).await {
        Ok(()) => visit.redirect_with(&back(id), Notice::CustomerTypeSet),
        Err(error) => again(visit, error).await,
    }
}

/// `POST /console/organisations/{organisation}/contracts`: links one in the organisation's name; its page activates it.
pub(crate) async fn link_contract(visit: &Visit<'_>) -> Outcome {
    let id: OrganisationId = visit.id_segment("organisation")?;
    let text = |name: &str| visit.form.text(name);
    let labeller = text("labeller").to_ascii_uppercase();
    let (app, actor) = (visit.portal.app(), visit.actor()?);
    app::permission::staff(app, &actor, Duty::Decide).await?;
    match contracts::link(app, &actor, id, text("number"), text("client_number"), &labeller).await {
        Ok(contract) => visit.redirect_with(&format!("/console/contracts/{}", contract.id), Notice::Saved),
        Err(Error::Invalid { .. }) => {
            let mut form = Form::typed(&visit.form);
            for fault in contracts::faults(text("number"), text("client_number"), &labeller) {
                form.refused(fault, visit.language)?;
            }
            page(visit, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
        Err(error) => again(visit, error).await,
    }
}

/// `POST /console/organisations/{organisation}/notes`
pub(crate) async fn add_note(visit: &Visit<'_>) -> Outcome {
    let id: OrganisationId = visit.id_segment("organisation")?;
    match organisations::add_note(visit.portal.app(), &visit.actor()?, id, visit.form.text("text")).await {
        Ok(_) => visit.redirect_with(&back(id), Notice::NoteAdded),
        Err(error) => again(visit, error).await,
    }
}

/// `POST /console/organisations/{organisation}/notes/{note}/remove`
pub(crate) async fn remove_note(visit: &Visit<'_>) -> Outcome {
    let id: OrganisationId = visit.id_segment("organisation")?;
    let note: NoteId = visit.id_segment("note")?;
    organisations::remove_note(visit.portal.app(), &visit.actor()?, id, note).await?;
    visit.redirect_with(&back(id), Notice::NoteRemoved)
}

/// `POST /console/organisations/{organisation}/look`: notes why, and goes to what its members see, to the page that was asked for.
pub(crate) async fn look(visit: &Visit<'_>) -> Outcome {
    let id: OrganisationId = visit.id_segment("organisation")?;
    match organisations::look(visit.portal.app(), &visit.actor()?, id, visit.form.text("reason")).await {
        Ok(()) => visit.redirect_with(&onward(visit).unwrap_or_else(|| format!("/organisations/{id}")), Notice::LookNoted),
        Err(error) => again(visit, error).await,
    }
}

/// The page of members that somebody was going to who had not said why.
fn onward(visit: &Visit<'_>) -> Option<String> {
    Some(visit.next("")).filter(|next| next.starts_with("/organisations/") || next.starts_with("/projects/"))
}

/// `POST /console/organisations/{organisation}/look/end`
pub(crate) async fn look_away(visit: &Visit<'_>) -> Outcome {
    let id: OrganisationId = visit.id_segment("organisation")?;
    organisations::look_away(visit.portal.app(), &visit.actor()?, id).await?;
    visit.redirect_with(&back(id), Notice::LookEnded)
}

fn back(id: OrganisationId) -> String {
    format!("/console/organisations/{id}")
}

/// The page once more, with what was typed and why it was not done.
pub(super) async fn again(visit: &Visit<'_>, error: Error) -> Outcome {
    let mut form = Form::typed(&visit.form);
    let status = undecided(visit, &mut form, error)?;
    page(visit, status, form).await
}

/// Names of actors, each asked for once.
#[derive(Default)]
struct Names(HashMap<String, String>);

impl Names {
    async fn of(&mut self, visit: &Visit<'_>, actor: &str) -> String {
        if let Some(known) = self.0.get(actor) {
            return known.clone();
        }
        // Where something was granted at once, that is no answer: here the system did many things.
        let name = match actor {
            "system" => visit.t("el propio sistema", "the system itself").to_owned(),
            _ => person(visit, Some(actor)).await,
        };
        self.0.insert(actor.to_owned(), name.clone());
        name
    }
}

async fn page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    let (app, actor, language) = (visit.portal.app(), visit.actor()?, visit.language);
    let dossier = organisations::dossier(app, &actor, visit.id_segment("organisation")?).await?;
    let (frame, _) = frame(visit, dossier.page.organisation.name.as_str()).await?;
    let mut names = Names::default();
    let administers = has_duty(visit, Duty::Administer);
    let mut notes = Vec::new();
    for note in &dossier.notes {
        notes.push(Note {
            id: note.id.to_string(),
            by: names.of(visit, &note.author).await,
            at: Moment::new(*note.created_at, language),
            text: note.text.clone(),
            removable: administers || note.author == actor.to_string(),
        });
    }
    let mut entries = Vec::new();
    for entry in &dossier.audit {
        entries.push(Entry {
            at: Moment::new(*entry.at, language),
            by: names.of(visit, &entry.actor).await,
            action: entry.action.clone(),
            subject: entry.subject.clone(),
            detail: crate::waits::clipped(&entry.detail, 300),
        });
    }
    let stopped = dossier.page.stopped.as_ref();
    let by = match stopped.and_then(|stopped| stopped.by_whom.as_deref()) {
        Some(by) => names.of(visit, by).await,
        None => String::new(),
    };
    let reason = stopped.and_then(|stopped| stopped.reason.clone()).unwrap_or_default();
    let since = stopped.and_then(|stopped| stopped.at).map(|at| Moment::new(*at, language));
    let form = if form.is_wrong() { form } else { Form::with(&[("customer_type", dossier.page.organisation.customer_type.as_str())]) };
    let show = Show {
        reason,
        by,
        since,
        notes,
        entries,
        next: onward(visit),
        is_member: dossier.page.role.is_some(),
        form,
        decides: super::decides(visit),
        administers,
        ..shown(visit, frame, &dossier)
    };
    visit.page_with(status, &show)
}

/// What needs no names of people.
fn shown<'v>(visit: &Visit<'_>, frame: Frame<'v>, dossier: &Dossier) -> Show<'v> {
    let (language, page) = (visit.language, &dossier.page);
    let organisation = &page.organisation;
    let mut members: Vec<_> = page.members.iter().collect();
    members.sort_by_key(|member| std::cmp::Reverse(member.role as u8));
    let held = |environment, held: Holdings| Held {
        environment: words::environment(environment, language),
        clients: counted_to(&frame, held.clients, COUNTED),
        api_credentials: counted_to(&frame, held.api_credentials, COUNTED),
        customer_keys: counted_to(&frame, held.customer_keys, COUNTED),
        suspended_keys: if held.suspended_keys == 0 { String::new() } else { counted_to(&frame, held.suspended_keys, COUNTED) },
    };
    let holdings = vec![held(Environment::Production, dossier.production), held(Environment::Sandbox, dossier.sandbox)];
    let refused =
        dossier.refused.iter().filter_map(|kept| Some((kept.project_id.clone()?, DecisionSeen::read(visit.portal, language, kept))));
    Show {
        id: organisation.id.to_string(),
        status: organisation.status,
        state: words::organisation_state(organisation.status, language),
        reason: String::new(),
        by: String::new(),
        since: None,
        kind: organisation.customer_type,
        customer_type: words::customer_type(organisation.customer_type, language),
        created: Moment::new(*organisation.created_at, language),
        more_members: members.len().saturating_sub(SHOWN),
        members: members
            .into_iter()
            .take(SHOWN)
            .map(|member| (member.name.clone(), member.email.clone(), role(member.role, language)))
            .collect(),
        contracts: page
            .contracts
            .iter()
            .map(|contract| {
                let state = words::contract_state(contract.status, language);
                (contract.id.to_string(), contract.number.clone(), contract.client_number.clone(), state)
            })
            .collect(),
        projects: projects(dossier, language),
        more_projects: page.projects.len().saturating_sub(SHOWN),
        acts_for_others: organisation.customer_type.acts_for_others(),
        grants: dossier
            .grants
            .iter()
            .take(SHOWN)
            .map(|grant| Grant {
                id: grant.id.to_string(),
                api: grant.api.to_string(),
                environment: words::environment(grant.environment, language),
                project_id: grant.project_id.to_string(),
                project: grant.project.clone(),
                scopes: grant.scopes.to_string(),
                plan: grant.plan.clone(),
            })
            .collect(),
        more_grants: dossier.grants.len().saturating_sub(SHOWN),
        holdings,
        last_use: dossier.clients.iter().filter_map(|client| client.last_used_at).max().map(|at| Moment::new(*at, language)),
        waiting: waiting(dossier, language),
        refused: refused.collect(),
        notes: Vec::new(),
        entries: Vec::new(),
        types: {
            // Making an internal one, or ending one, is an administrator's.
            let open = |kind: &&CustomerType| **kind != CustomerType::Internal || has_duty(visit, Duty::Administer);
            CustomerType::ALL.iter().filter(open).map(|kind| (kind.as_str(), words::customer_type(*kind, language))).collect()
        },
        next: None,
        is_member: false,
        form: Form::new(),
        decides: false,
        administers: false,
        frame,
    }
}

const fn role(role: Role, language: Language) -> &'static str {
    words::role(role, language)
}

fn projects(dossier: &Dossier, language: Language) -> Vec<Project> {
    let mut projects: Vec<_> = dossier.page.projects.iter().collect();
    projects.sort_by_key(|project| project.archived_at.is_some());
    let of = |project: &app::records::Project| {
        let clients: Vec<_> = dossier.clients.iter().filter(|client| client.project_id == project.id).collect();
        Project {
            id: project.id.to_string(),
            name: project.name.clone(),
            archived: project.archived_at.is_some(),
            last_use: clients.iter().filter_map(|client| client.last_used_at).max().map(|at| Moment::new(*at, language)),
            clients: clients
                .iter()
                .map(|client| (words::environment(client.environment, language), words::client_state(client.status, language)))
                .collect(),
        }
    };
    projects.into_iter().take(SHOWN).map(of).collect()
}

/// What of the organisation waits in the queues: where it is decided, what it is, since when.
fn waiting(dossier: &Dossier, language: Language) -> Vec<(String, String, Moment)> {
    let access = dossier.waiting.iter().take(SHOWN).map(|request| {
        let what = format!("{} · {} · {}", request.api, words::environment(request.environment, language), request.project);
        (format!("/console/access/{}", request.id), what, Moment::new(*request.created_at, language))
    });
    let contracts = dossier.page.contracts.iter().filter(|contract| contract.status == ContractStatus::Pending).map(|contract| {
        let what = format!("{} {}", language.pick("contrato", "contract"), contract.number);
        (format!("/console/contracts/{}", contract.id), what, Moment::new(*contract.created_at, language))
    });
    let types = dossier.page.customer_types.iter().filter(|request| request.decided_at.is_none()).map(|request| {
        let what = format!("{} {}", language.pick("quiere ser", "wants to be"), words::customer_type(request.customer_type, language));
        (format!("/console/customer-types/{}", request.id), what, Moment::new(*request.created_at, language))
    });
    access.chain(contracts).chain(types).collect()
}
