//! The people of an organisation, and those who are invited.

use app::{
    invitations,
    records::{Invitation, Member, Moment},
};
use askama::Template;
use domain::{
    AccountId,
    role::{Permission, Role},
};
use http::StatusCode;

use super::{Place, refused, words::mend};
use crate::{
    form::Form,
    frame::{Frame, Notice},
    visit::{Outcome, Visit},
    words,
};

/// How many members a page shows, and how many open invitations.
const A_PAGE: usize = 100;
const MOST_INVITATIONS: usize = 50;

#[derive(Template)]
#[template(path = "organisations/members.html")]
struct Members<'v> {
    frame: Frame<'v>,
    place: &'v Place,
    form: Form,
    members: Vec<Row<'v>>,
    /// The page before and the one after, where there are any.
    before: Option<usize>,
    after: Option<usize>,
    invitations: Vec<(&'v Invitation, &'static str)>,
    left_out: usize,
    /// What each role is, the highest last.
    roles: Vec<(&'static str, &'static str)>,
    /// The roles the one who looks may give, as the form offers them.
    offered: Vec<(&'static str, String)>,
}

struct Row<'v> {
    member: &'v Member,
    role: &'static str,
    is_me: bool,
    /// Whether the one who looks may give this member another role, or remove them.
    may_be_changed: bool,
}

impl<'v> Row<'v> {
    fn new(place: &Place, member: &'v Member, me: AccountId, visit: &Visit<'_>) -> Self {
        Self {
            role: words::role(member.role, visit.language),
            is_me: member.account_id == me,
            may_be_changed: member.account_id != me && may_be_changed(place, member),
            member,
        }
    }
}

/// `GET /organisations/{organisation}/members`
pub(crate) async fn members(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, Form::with(&[("role", Role::Developer.as_str())])).await
}

/// `POST /organisations/{organisation}/members`: invites.
pub(crate) async fn invite(visit: &Visit<'_>) -> Outcome {
    let organisation = visit.id_segment("organisation")?;
    let mut form = Form::typed(&visit.form);
    let Ok(role) = visit.form.text("role").parse::<Role>() else {
        form.wrong("role", mend("role", visit.language));
        return page(visit, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    match invitations::invite(visit.portal.app(), &visit.actor()?, organisation, visit.form.text("email"), role).await {
        Ok(_) => visit.redirect_with(&format!("/organisations/{organisation}/members"), Notice::Invited),
        Err(error) => {
            refused(&mut form, error, "email", visit.language)?;
            page(visit, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

/// The roles somebody may give, with what each means.
pub(super) fn offered(place: &Place, visit: &Visit<'_>) -> Vec<(&'static str, String)> {
    let most = if place.may(Permission::Own) { Role::Owner } else { Role::Admin };
    let text = |role: Role| format!("{} · {}", words::role(role, visit.language), words::duty_of(role, visit.language));
    Role::ALL.iter().filter(|role| **role <= most).map(|role| (role.as_str(), text(*role))).collect()
}

/// Whether the one who looks may give this member another role, or remove them: owners are for owners, and the last one stays.
pub(super) fn may_be_changed(place: &Place, member: &Member) -> bool {
    match member.role {
        Role::Owner => place.may(Permission::Own) && place.owners() > 1,
        _ => place.may(Permission::Administer),
    }
}

async fn page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    let place = Place::of_form(visit, status, Permission::Administer).await?;
    let (me, now) = (visit.somebody()?.id(), Moment(visit.at));
    let number = visit.query.text("page").parse::<usize>().unwrap_or(1).max(1);
    let from = number.saturating_sub(1).saturating_mul(A_PAGE);
    let total = place.all.members.len();
    let open: Vec<&Invitation> = place.all.invitations.iter().filter(|invitation| invitation.is_open(now)).collect();
    visit.page_with(
        status,
        &Members {
            frame: place.frame(visit, visit.t("Miembros", "Members")),
            form,
            members: place.all.members.iter().skip(from).take(A_PAGE).map(|member| Row::new(&place, member, me, visit)).collect(),
            before: (number > 1).then(|| number - 1),
            after: (from.saturating_add(A_PAGE) < total).then(|| number + 1),
            left_out: open.len().saturating_sub(MOST_INVITATIONS),
            invitations: open
                .into_iter()
                .take(MOST_INVITATIONS)
                .map(|invitation| (invitation, words::role(invitation.role, visit.language)))
                .collect(),
            roles: Role::ALL.iter().map(|role| (words::role(*role, visit.language), words::duty_of(*role, visit.language))).collect(),
            offered: offered(&place, visit),
            place: &place,
        },
    )
}
