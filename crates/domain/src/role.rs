//! Who may do what in the portal: members of organisations by their role, the operator's staff by their duty.

use crate::words::words;

words! {
    /// What a member is in an organisation; each may do what the ones before it may.
    pub enum Role: "a role" {
        /// Looks.
        Viewer = "viewer",
        /// Builds: projects, secrets, access requests, customer keys.
        Developer = "developer",
        /// Also answers for it: members, contracts, production.
        Admin = "admin",
        /// Also decides about the organisation itself and its owners.
        Owner = "owner",
    }
}

words! {
    /// What a member may be asked to be allowed to do, named after the least role that may.
    pub enum Permission: "a permission" {
        /// Look at anything of the organisation but its secrets, which nobody can.
        See = "see",
        /// Make projects, rotate and revoke secrets, ask for access, handle customer keys.
        Develop = "develop",
        /// Invite and remove members, link contracts, open production, archive projects, accept policies.
        Administer = "administer",
        /// Make and unmake owners, rename or close the organisation.
        Own = "own",
    }
}

impl Role {
    /// Whether a member of this role has the permission.
    #[must_use]
    pub const fn may(self, permission: Permission) -> bool {
        self as u8 >= permission as u8
    }
}

impl Permission {
    /// The least role that has it.
    #[must_use]
    pub const fn least(self) -> Role {
        match self {
            Self::See => Role::Viewer,
            Self::Develop => Role::Developer,
            Self::Administer => Role::Admin,
            Self::Own => Role::Owner,
        }
    }
}

words! {
    /// What somebody of the operator's staff is.
    pub enum Staff: "a staff role" {
        /// Looks at everything.
        Viewer = "viewer",
        /// Also decides what waits in the queues.
        Support = "support",
        /// Looks, and publishes APIs, plans and policies.
        Publisher = "publisher",
        /// Everything, staff and signing keys included.
        Administrator = "administrator",
    }
}

words! {
    /// What staff may be asked to be allowed to do.
    pub enum Duty: "a duty" {
        /// Look at organisations, queues, decisions, the audit log.
        See = "see",
        /// Decide access requests, contracts and customer types.
        Decide = "decide",
        /// Publish APIs, plans, policies, announcements.
        Publish = "publish",
        /// Suspend organisations, handle staff and signing keys.
        Administer = "administer",
    }
}

impl Staff {
    /// Whether staff of this role has the duty.
    #[must_use]
    pub const fn may(self, duty: Duty) -> bool {
        match (self, duty) {
            (Self::Administrator, _) | (_, Duty::See) => true,
            (Self::Support, Duty::Decide) | (Self::Publisher, Duty::Publish) => true,
            (Self::Viewer | Self::Support | Self::Publisher, _) => false,
        }
    }
}

impl Duty {
    /// Whether a program that was given this duty has `needed` too: as staff whose one duty it is, so that whoever does something may look,
    /// and the administrator's is every other one.
    #[must_use]
    pub const fn covers(self, needed: Self) -> bool {
        let staff = match self {
            Self::See => Staff::Viewer,
            Self::Decide => Staff::Support,
            Self::Publish => Staff::Publisher,
            Self::Administer => Staff::Administrator,
        };
        staff.may(needed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_the_one_below_may_and_one_thing_more() {
        for (have, role) in Role::ALL.iter().enumerate() {
            let may: Vec<_> = Permission::ALL.iter().filter(|permission| role.may(**permission)).collect();
            assert_eq!(may.len(), have + 1, "{role}");
        }
        for permission in Permission::ALL {
            assert!(permission.least().may(*permission));
        }
    }

    #[test]
    fn only_an_administrator_does_everything_and_a_viewer_only_looks() {
        let duties = |staff: Staff| Duty::ALL.iter().copied().filter(|duty| staff.may(*duty)).collect::<Vec<_>>();
        assert_eq!(duties(Staff::Viewer), [Duty::See]);
        assert_eq!(duties(Staff::Support), [Duty::See, Duty::Decide]);
        assert_eq!(duties(Staff::Publisher), [Duty::See, Duty::Publish]);
        assert_eq!(duties(Staff::Administrator), Duty::ALL);
    }

    #[test]
    fn a_duty_covers_looking_and_itself_and_only_the_administrators_covers_the_rest() {
        for have in Duty::ALL {
            for needed in Duty::ALL {
                assert_eq!(have.covers(*needed), have == needed || *needed == Duty::See || *have == Duty::Administer, "{have} {needed}");
            }
        }
    }
}
