//! Who may do what. Every use case asks here, and here only.
//!
//! Roles are read from the database each time: what was taken from somebody a moment ago is gone. Whoever is nothing to an organisation
//! hears exactly what they would hear of one that does not exist, so that no id can be tried out; a member, or staff, who may look but
//! not touch hears which role it takes.

use domain::{
    AccountId, OrganisationId,
    contract::Standing,
    role::{Duty, Permission, Role, Staff},
};
use store::{Tx, memberships, memberships::Place};

use crate::{Actor, App, Error, Result, rule::Rule};

/// Whether `actor` has `permission` in the organisation. To see it, staff need not be members.
///
/// # Errors
/// [`Error::NotFound`] for strangers, [`Error::Forbidden`] naming the role it takes; [`Error::Rule`] when the organisation is closed.
pub async fn member(app: &App, actor: &Actor, organisation: OrganisationId, permission: Permission) -> Result<()> {
    over(app, actor, organisation, Needs::Member(permission), ("organisation", &organisation)).await.map(drop)
}

/// Whether `actor` has a duty among the operator's staff, whatever it is about.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff, [`Error::StaffOnly`] for staff without the duty.
pub async fn staff(app: &App, actor: &Actor, duty: Duty) -> Result<()> {
    let account = match actor {
        Actor::Operator(_) | Actor::System => return Ok(()),
        Actor::Client(_) => return Err(Error::not_found("staff role", format_args!("for {actor}"))),
        Actor::Service { duty: own, .. } => return serve(*own, duty),
        Actor::Account(account) => *account,
    };
    let staff = memberships::person(app.db(), account).await?.and_then(|person| person.staff);
    match staff {
        None => Err(Error::not_found("staff role", format_args!("for {actor}"))),
        Some(staff) if staff.may(duty) => Ok(()),
        Some(_) => Err(Error::StaffOnly { needs: duty }),
    }
}

/// The account behind the actor.
///
/// # Errors
/// [`Error::NotFound`] when the actor is no account, or one that does not exist.
pub(crate) async fn person(app: &App, account: AccountId) -> Result<memberships::Person> {
    memberships::person(app.db(), account).await?.ok_or_else(|| Error::not_found("account", account))
}

/// In what capacity somebody was let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hat {
    /// As a member, whose bounds and rules apply.
    Member,
    /// For the operator: its staff, the command line, the program itself.
    Operator,
}

/// What it takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Needs {
    /// A permission in the organisation.
    Member(Permission),
    /// A duty among the operator's staff.
    Staff(Duty),
    /// One or the other.
    Either(Permission, Duty),
}

/// A noun and an id for "there is no ...": of the thing the caller named, which need not be the organisation.
pub(crate) type Thing<'a> = (&'static str, &'a (dyn std::fmt::Display + Sync));

/// Lets the actor through to something of the organisation, or says why not.
pub(crate) async fn over(app: &App, actor: &Actor, organisation: OrganisationId, needs: Needs, thing: Thing<'_>) -> Result<Hat> {
    match actor {
        Actor::Operator(_) | Actor::System => Ok(Hat::Operator),
        Actor::Client(_) => Err(Error::not_found(thing.0, thing.1)),
        Actor::Service { duty, .. } => serve(*duty, instead(needs)).map(|()| Hat::Operator),
        Actor::Account(account) => judge(memberships::place(app.db(), organisation, *account).await?, needs, thing),
    }
}

/// The same inside a transaction that holds the organisation, where the answer must still be true when it is used.
pub(crate) async fn over_held(tx: &mut Tx, actor: &Actor, organisation: OrganisationId, needs: Needs, thing: Thing<'_>) -> Result<Hat> {
    match actor {
        Actor::Operator(_) | Actor::System => Ok(Hat::Operator),
        Actor::Client(_) => Err(Error::not_found(thing.0, thing.1)),
        Actor::Service { duty, .. } => serve(*duty, instead(needs)).map(|()| Hat::Operator),
        Actor::Account(account) => judge(memberships::place_held(tx, organisation, *account).await?, needs, thing),
    }
}

/// What a program of the operator's needs: what is a member's to do it does for the operator, as the command line would, and only an
/// administrator's duty is enough for that.
const fn instead(needs: Needs) -> Duty {
    match needs {
        Needs::Member(Permission::See) => Duty::See,
        Needs::Member(_) => Duty::Administer,
        Needs::Staff(duty) | Needs::Either(_, duty) => duty,
    }
}

fn serve(own: Duty, needs: Duty) -> Result<()> {
    if own.covers(needs) { Ok(()) } else { Err(Error::StaffOnly { needs }) }
}

fn judge(place: Option<Place>, needs: Needs, thing: Thing<'_>) -> Result<Hat> {
    let Some(place) = place else { return Err(Error::not_found(thing.0, thing.1)) };
    let (permission, duty) = match needs {
        // To look, it is enough to be staff.
        Needs::Member(Permission::See) => (Some(Permission::See), Some(Duty::See)),
        Needs::Member(permission) => (Some(permission), None),
        Needs::Staff(duty) => (None, Some(duty)),
        Needs::Either(permission, duty) => (Some(permission), Some(duty)),
    };
    let may_staff = |duty: Duty| place.staff.is_some_and(|staff: Staff| staff.may(duty));
    if duty.is_some_and(may_staff) {
        return Ok(Hat::Operator);
    }
    if let Some(permission) = permission.filter(|permission| place.role.is_some_and(|role: Role| role.may(*permission))) {
        if place.status == Standing::Revoked && permission != Permission::See {
            return Err(Error::Rule(Rule::Closed));
        }
        return Ok(Hat::Member);
    }
    match (place.role, permission, duty) {
        (None, ..) if !may_staff(Duty::See) => Err(Error::not_found(thing.0, thing.1)),
        // Staff who are not members are told of their own duty, where there is one.
        (None, _, Some(duty)) | (_, None, Some(duty)) => Err(Error::StaffOnly { needs: duty }),
        (_, Some(permission), _) => Err(Error::Forbidden { needs: permission.least() }),
        (_, None, None) => Err(Error::not_found(thing.0, thing.1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(role: Option<Role>, staff: Option<Staff>) -> Option<Place> {
        Some(Place { status: Standing::Active, role, staff })
    }

    fn verdict(place: Option<Place>, needs: Needs) -> String {
        match judge(place, needs, ("thing", &"x")) {
            Ok(hat) => format!("{hat:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn strangers_hear_the_same_of_what_exists_and_of_what_does_not() {
        for needs in [
            Needs::Member(Permission::See),
            Needs::Member(Permission::Own),
            Needs::Staff(Duty::Decide),
            Needs::Either(Permission::Develop, Duty::See),
        ] {
            assert_eq!(verdict(None, needs), "there is no thing x");
            assert_eq!(verdict(place(None, None), needs), "there is no thing x");
        }
    }

    #[test]
    fn staff_look_without_being_members_and_touch_only_what_is_their_duty() {
        assert_eq!(verdict(place(None, Some(Staff::Viewer)), Needs::Member(Permission::See)), "Operator");
        assert!(verdict(place(None, Some(Staff::Administrator)), Needs::Member(Permission::Develop)).contains("takes the role developer"));
        assert!(verdict(place(None, Some(Staff::Viewer)), Needs::Either(Permission::Develop, Duty::Decide)).contains("support"));
        assert_eq!(verdict(place(None, Some(Staff::Support)), Needs::Either(Permission::Develop, Duty::Decide)), "Operator");
    }

    #[test]
    fn members_hear_which_role_it_takes_and_what_is_not_theirs_to_decide() {
        assert!(verdict(place(Some(Role::Viewer), None), Needs::Member(Permission::Administer)).contains("takes the role admin"));
        assert!(verdict(place(Some(Role::Owner), None), Needs::Staff(Duty::Decide)).contains("operator's staff"));
        assert!(verdict(place(Some(Role::Viewer), None), Needs::Either(Permission::Develop, Duty::Decide)).contains("developer"));
    }

    #[test]
    fn a_closed_organisation_is_looked_at_and_nothing_else() {
        let closed = Some(Place { status: Standing::Revoked, role: Some(Role::Owner), staff: None });
        assert_eq!(verdict(closed, Needs::Member(Permission::See)), "Member");
        assert!(verdict(closed, Needs::Member(Permission::Develop)).contains("closed"));
    }
}
