//! The records that use cases answer with, for those who name their types. Reading one is not reaching the database.

pub use store::{
    Moment,
    access_requests::{AccessRequest, Status as AccessStatus},
    announcements::{Announcement, Update as AnnouncementUpdate},
    api_credentials::ApiCredentialRow,
    clients::{ClientRow, SecretRow},
    contracts::Contract,
    customer_keys::CustomerKeyRow,
    customer_type_requests::CustomerTypeRequest,
    decisions::Kept,
    grants::GrantRow,
    invitations::{Invitation, Offer},
    mails::Mail,
    memberships::{Member, Membership},
    organisations::Organisation,
    passkeys::Passkey,
    policies::{Policies, Published as PublishedPolicies},
    policy_acceptances::{Acceptance, Signed},
    projects::{Project, ProjectOfAccount},
    sessions::Session as SessionRow,
};
