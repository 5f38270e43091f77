//! The records that use cases answer with, for those who name their types. Reading one is not reaching the database.

pub use store::{
    Moment,
    access_requests::{AccessRequest, Status as AccessStatus},
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
    policy_acceptances::Acceptance,
    projects::{Project, ProjectOfAccount},
    secret_review::{Quiet as QuietProject, Reviewed as ReviewedSecret},
    sessions::Session as SessionRow,
    staff::{Person as StaffPerson, StaffInvitation},
};
