//! An organisation at a glance.

use app::{acting, records::Project};
use askama::Template;
use domain::role::Role;

use super::{Place, contracts::Line, customer_type::Kind};
use crate::{
    frame::Frame,
    visit::{Outcome, Visit},
    words,
};

/// How many archived projects are named.
const MOST_ARCHIVED: usize = 100;

#[derive(Template)]
#[template(path = "organisations/show.html")]
struct Show<'v> {
    frame: Frame<'v>,
    place: &'v Place,
    projects: Vec<&'v Project>,
    archived: Vec<&'v Project>,
    /// The names of its owners, the first few.
    owners: Vec<&'v str>,
    /// How many members have each role, the highest first; roles nobody has are left out.
    roles: Vec<(&'static str, usize)>,
    open_invitations: usize,
    contracts: Vec<Line<'v>>,
    kind: Kind,
    /// How many customer keys act for it, when there are any.
    acting: Option<String>,
    /// The customer type it asked to be and waits for.
    wanted: Option<(Kind, domain::Timestamp)>,
}

/// `GET /organisations/{organisation}`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let place = Place::of(visit).await?;
    let acting = if place.holds() { acting::count(visit.portal.app(), &visit.actor()?, place.id()).await? } else { 0 };
    let all = &place.all;
    let (archived, projects): (Vec<&Project>, Vec<&Project>) = all.projects.iter().partition(|project| project.archived_at.is_some());
    let count = |role: Role| all.members.iter().filter(|member| member.role == role).count();
    let waiting = all.customer_types.iter().find(|request| request.decided_at.is_none());
    visit.page(&Show {
        acting: (acting > 0).then(|| super::acting::number(visit, acting)),
        frame: place.frame(visit, all.organisation.name.as_str()),
        projects,
        archived: archived.into_iter().take(MOST_ARCHIVED).collect(),
        owners: all.members.iter().filter(|member| member.role == Role::Owner).map(|member| member.name.as_str()).take(3).collect(),
        roles: Role::ALL
            .iter()
            .rev()
            .map(|role| (words::role(*role, visit.language), count(*role)))
            .filter(|(_, count)| *count > 0)
            .collect(),
        open_invitations: all.invitations.iter().filter(|invitation| invitation.is_open(app::records::Moment(visit.at))).count(),
        contracts: all.contracts.iter().map(|contract| Line::new(contract, visit.language)).collect(),
        kind: Kind::new(all.organisation.customer_type, visit.language),
        wanted: waiting.map(|request| (Kind::new(request.customer_type, visit.language), *request.created_at)),
        place: &place,
    })
}
