//! Organisations: the list, founding one, and the pages of each.

mod acting;
mod ask;
mod close;
mod contracts;
mod created;
mod customer_type;
mod invitation;
mod leave;
mod list;
mod member;
mod members;
mod new;
mod project;
mod settings;
mod show;
mod withdraw;
mod words;

pub(crate) use acting::{acting, agree, ask as ask_to_stop, ask_all as ask_to_stop_all, stop, stop_all};
pub(crate) use close::{ask as ask_to_close, close};
pub(crate) use contracts::{contracts, link};
pub(crate) use customer_type::{ask as ask_for_customer_type, customer_type};
pub(crate) use invitation::{accept, invitation};
pub(crate) use leave::{ask as ask_to_leave, leave};
pub(crate) use list::list;
pub(crate) use member::{ask_to_remove, member, remove, set_role};
pub(crate) use members::{invite, members};
pub(crate) use new::{create, new};
pub(crate) use project::{create as create_project, new as new_project};
pub(crate) use settings::{rename, settings};
pub(crate) use show::show;
pub(crate) use withdraw::{ask as ask_to_withdraw, withdraw};

use app::{Error, view, view::OrganisationPage};
use domain::{
    Language, OrganisationId,
    contract::{ContractStatus, Standing},
    role::{Permission, Role},
};
use http::StatusCode;

use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Rail},
    visit::Visit,
};

/// How long the name of an organisation or a project may be, in characters.
const LONGEST_NAME: usize = 120;

/// An organisation that somebody has in front of them, with everything in it.
struct Place {
    all: OrganisationPage,
    /// The path of its pages.
    path: String,
}

impl Place {
    /// The organisation of the path, for those who may see it.
    async fn of(visit: &Visit<'_>) -> Result<Self, Failure> {
        let id: OrganisationId = visit.id_segment("organisation")?;
        let all = view::organisation(visit.portal.app(), &visit.actor()?, id).await?;
        Ok(Self { all, path: format!("/organisations/{id}") })
    }

    /// The same for a form that takes a permission: who lacks it hears so before filling it in.
    async fn for_somebody_who_may(visit: &Visit<'_>, permission: Permission) -> Result<Self, Failure> {
        let id: OrganisationId = visit.id_segment("organisation")?;
        app::permission::member(visit.portal.app(), &visit.actor()?, id, permission).await?;
        Self::of(visit).await
    }

    /// The same for a page with a form on it: everybody who may see it sees it, and it is shown again to those who might have sent it.
    async fn of_form(visit: &Visit<'_>, status: StatusCode, permission: Permission) -> Result<Self, Failure> {
        if status == StatusCode::OK { Self::of(visit).await } else { Self::for_somebody_who_may(visit, permission).await }
    }

    fn id(&self) -> OrganisationId {
        self.all.organisation.id
    }

    /// Whether to show the one who looks what takes this permission. Whether it is done, the use case decides.
    fn may(&self, permission: Permission) -> bool {
        !self.is_closed() && self.all.role.is_some_and(|role| role.may(permission))
    }

    // What templates ask.

    fn may_develop(&self) -> bool {
        self.may(Permission::Develop)
    }

    fn may_administer(&self) -> bool {
        self.may(Permission::Administer)
    }

    fn may_own(&self) -> bool {
        self.may(Permission::Own)
    }

    fn is_member(&self) -> bool {
        self.all.role.is_some()
    }

    fn is_closed(&self) -> bool {
        self.all.organisation.status == Standing::Revoked
    }

    fn is_suspended(&self) -> bool {
        self.all.organisation.status == Standing::Suspended
    }

    /// Why it may not act, and since when, as far as somebody said.
    fn stopped(&self) -> (&str, Option<domain::Timestamp>) {
        let stopped = self.all.stopped.as_ref();
        (stopped.and_then(|stopped| stopped.reason.as_deref()).unwrap_or_default(), stopped.and_then(|stopped| stopped.at).map(|at| at.0))
    }

    /// Whether it has account numbers of its own, for which others may act.
    fn holds(&self) -> bool {
        !self.is_closed() && self.all.contracts.iter().any(|contract| contract.status == ContractStatus::Active)
    }

    fn owners(&self) -> usize {
        self.all.members.iter().filter(|member| member.role == Role::Owner).count()
    }

    /// Whether the one who looks cannot leave, because nobody else owns it.
    fn is_last_owner(&self) -> bool {
        self.all.role == Some(Role::Owner) && self.owners() == 1
    }

    fn frame<'v>(&self, visit: &'v Visit<'_>, title: impl Into<String>) -> Frame<'v> {
        let stop = |rest: &str, spanish, english| (format!("{}{rest}", self.path), visit.t(spanish, english).to_owned());
        let mut stops = vec![
            stop("", "Resumen", "Overview"),
            stop("/members", "Miembros", "Members"),
            stop("/contracts", "Contratos", "Contracts"),
            stop("/customer-type", "Tipo de cliente", "Customer type"),
            stop("/settings", "Ajustes", "Settings"),
        ];
        if self.holds() {
            stops.insert(3, stop("/acting", "Quién actúa por nosotros", "Who acts for us"));
        }
        let rail = Rail::new(self.all.organisation.name.as_str(), &visit.path, stops);
        visit.frame(title).beside(rail.of_organisation(self.id(), self.is_member()))
    }
}

/// Whether `app` would take a trimmed text as a name: asked before, because it calls an organisation's and a project's the same.
fn is_name(text: &str) -> bool {
    (1..=LONGEST_NAME).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

/// Notes what a use case said, in the reader's language: beside its field, or beside `unique` when that is taken. What no form can mend
/// is handed back.
fn refused(form: &mut Form, error: Error, unique: &'static str, language: Language) -> Result<(), Error> {
    match error {
        Error::Taken { id, .. } => form.wrong(
            unique,
            match language {
                Language::Spanish => format!("«{id}» ya existe. Escribe otro."),
                Language::English => format!("\"{id}\" exists already. Write another one."),
            },
        ),
        error => form.refused(error, language)?,
    }
    Ok(())
}
