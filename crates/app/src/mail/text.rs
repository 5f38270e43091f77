//! What mails say. Plain text, in Spanish and English, from typed values.

use domain::{
    CustomerType, Environment, Language, Timestamp,
    announcement::Kind,
    contract::Standing,
    queue::Queue,
    role::{Role, Staff},
    secret::Secret,
};
use store::customer_keys::CustomerKeyRow;

use super::{To, plain::plain, wording};

/// What a mail tells, with what it needs to tell it.
#[derive(Clone, Copy)]
pub enum Text<'a> {
    /// To somebody who registered: show that the address is yours.
    Verify {
        /// The link.
        link: &'a Secret,
    },
    /// To the owner of an account, when somebody registers its address again.
    AlreadyRegistered,
    /// To somebody who wants a new password.
    Recover {
        /// The link.
        link: &'a Secret,
    },
    /// The password was changed.
    PasswordChanged,
    /// To the address an account wants to move to.
    ConfirmAddress {
        /// The link.
        link: &'a Secret,
    },
    /// To the address an account moved away from.
    AddressChanged,
    /// A second factor was set up.
    SecondFactorAdded,
    /// A second factor was taken away.
    SecondFactorRemoved,
    /// The account is gone.
    AccountDeleted,
    /// To somebody whom a member wants in an organisation.
    Invitation {
        /// The organisation's name.
        organisation: &'a str,
        /// The member's name.
        inviter: &'a str,
        /// The role offered.
        role: Role,
        /// The link.
        link: &'a Secret,
    },
    /// To somebody whom the operator wants on its staff.
    StaffInvitation {
        /// Who invites.
        inviter: &'a str,
        /// The role offered.
        role: Staff,
        /// The link.
        link: &'a Secret,
    },
    /// An access request was decided.
    AccessDecided {
        /// The project's name.
        project: &'a str,
        /// The API's name.
        api: &'a str,
        /// Where.
        environment: Environment,
        /// How.
        decided: Decided<'a>,
        /// Whether the project must still make an API credential to use it.
        lacks_credential: bool,
        /// The path of the page that shows it.
        page: &'a str,
    },
    /// The operator stopped an organisation, or lets it act again.
    OrganisationTurned {
        /// The organisation's name.
        organisation: &'a str,
        /// What it may do now.
        to: Standing,
        /// The reason, as it was written; empty when none was given.
        reason: &'a str,
        /// The path of the page that shows it.
        page: &'a str,
    },
    /// To the platform: the operator issued a customer key for its project.
    CustomerKeyIssued {
        /// The project's name.
        project: &'a str,
        /// The account it acts for.
        account_number: &'a str,
        /// The key's public half.
        key_id: &'a str,
        /// Where.
        environment: Environment,
        /// The path of the page that shows it.
        page: &'a str,
    },
    /// A contract was decided.
    ContractDecided {
        /// The organisation's name.
        organisation: &'a str,
        /// The contract's number.
        contract: &'a str,
        /// How.
        decided: Decided<'a>,
        /// The path of the page that shows it.
        page: &'a str,
    },
    /// A request for another customer type was decided.
    CustomerTypeDecided {
        /// The organisation's name.
        organisation: &'a str,
        /// The type asked for.
        customer_type: CustomerType,
        /// How.
        decided: Decided<'a>,
        /// The path of the page that shows it.
        page: &'a str,
    },
    /// A project has another secret.
    SecretIssued {
        /// The project's name.
        project: &'a str,
        /// Where.
        environment: Environment,
        /// The client it is of.
        client_id: &'a str,
        /// Its first characters.
        prefix: &'a str,
        /// When the one before stops opening anything; `None`: it does not.
        before_until: Option<Timestamp>,
        /// The path of the page that shows it.
        page: &'a str,
    },
    /// A project has another API credential.
    ApiCredentialIssued {
        /// The project's name.
        project: &'a str,
        /// Where.
        environment: Environment,
        /// Its id.
        id: &'a str,
        /// The first characters of its secret.
        prefix: &'a str,
        /// The path of the page that shows it.
        page: &'a str,
    },
    /// A customer key has another secret.
    CustomerKeyRotated {
        /// The project's name.
        project: &'a str,
        /// The key with its new secret's record.
        key: &'a CustomerKeyRow,
        /// The path of the page that shows it.
        page: &'a str,
    },
    /// A client of a project has another public key.
    PublicKeyAdded {
        /// The project's name.
        project: &'a str,
        /// Where.
        environment: Environment,
        /// The client it is of.
        client_id: &'a str,
        /// The key's thumbprint.
        thumbprint: &'a str,
        /// The path of the page that shows it.
        page: &'a str,
    },
    /// A client took the place of another.
    ClientReplaced {
        /// The project's name.
        project: &'a str,
        /// Where.
        environment: Environment,
        /// The one that goes.
        old: &'a str,
        /// The one that comes.
        new: &'a str,
        /// When the one that goes gets no more tokens.
        until: Timestamp,
        /// The path of the page that shows it.
        page: &'a str,
    },
    /// Somebody came into an organisation.
    Joined {
        /// The organisation's name.
        organisation: &'a str,
        /// With which address.
        email: &'a str,
        /// As what.
        role: Role,
        /// The path of the page that shows it.
        page: &'a str,
    },
    /// To those of the operator's staff who decide: what waits too long.
    QueuesOverdue {
        /// Each queue.
        overdue: &'a [Overdue],
    },
    /// To the holder of an account number: somebody else's project may act for it.
    CustomerKeyCreated {
        /// The account number.
        account_number: &'a str,
        /// The name of the organisation that may.
        organisation: &'a str,
        /// The name of its project.
        project: &'a str,
        /// Where.
        environment: Environment,
        /// The path of the page where the holder sees and stops it.
        page: &'a str,
    },
    /// The same, once there were many in a day: there are more.
    MoreCustomerKeysCreated {
        /// The path of the page that shows them.
        page: &'a str,
    },
    /// To the platform: the holder of account numbers stopped its keys for them, for good.
    CustomerKeysStopped {
        /// The project's name.
        project: &'a str,
        /// For which account numbers.
        accounts: &'a [String],
        /// How many keys.
        keys: usize,
        /// The reason, as it was written; empty when none was given.
        reason: &'a str,
        /// The path of the page that shows them.
        page: &'a str,
    },
    /// The same, once there were many in a day: there are more.
    MoreCustomerKeysStopped {
        /// The project's name.
        project: &'a str,
        /// The path of the page that shows them.
        page: &'a str,
    },
    /// To those whose projects accepted older policies: there is another version.
    PoliciesPublished {
        /// The version.
        version: &'a str,
        /// From when it is in force.
        in_force_at: Timestamp,
        /// What changes, in the reader's language; may be empty.
        changed: &'a str,
    },
    /// To those who may use what is concerned: something the operator announces.
    Announced {
        /// Of what kind it is.
        kind: Kind,
        /// Its title in the reader's language.
        title: &'a str,
        /// Its text in the reader's language.
        text: &'a str,
        /// Where; `None`: everywhere.
        environment: Option<Environment>,
        /// The API concerned; empty: all.
        api: &'a str,
        /// From when on.
        starts_at: Timestamp,
        /// Until when; `None`: it is not known.
        ends_at: Option<Timestamp>,
    },
    /// To the holder of an account number: what it tells a platform when it agrees that this acts for it.
    RegistrationPin {
        /// The PIN.
        pin: &'a Secret,
        /// The account number.
        account_number: &'a str,
        /// The name of the organisation that will act.
        organisation: &'a str,
    },
}

/// What waits beyond the target of a queue.
#[derive(Debug, Clone)]
pub struct Overdue {
    /// The queue.
    pub queue: Queue,
    /// How many.
    pub number: i64,
    /// The target, in hours.
    pub hours: i64,
    /// The oldest by their names, a few.
    pub oldest: Vec<String>,
}

/// How something was decided.
#[derive(Debug, Clone, Copy)]
pub enum Decided<'a> {
    /// Yes.
    Approved,
    /// No, and why.
    Rejected {
        /// The reason, as it was written.
        reason: &'a str,
    },
    /// What was approved holds no longer, and why.
    Withdrawn {
        /// The reason, as it was written; empty when none was given.
        reason: &'a str,
    },
    /// What was approved is over for good, and why.
    Over {
        /// The reason, as it was written; empty when none was given.
        reason: &'a str,
    },
}

/// A mail in words.
pub(super) struct Written {
    pub(super) subject: String,
    pub(super) body: Secret,
}

impl Text<'_> {
    /// What it is about, in one word, for lists.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Verify { .. } => "verify",
            Self::AlreadyRegistered => "already_registered",
            Self::Recover { .. } => "recover",
            Self::PasswordChanged => "password_changed",
            Self::ConfirmAddress { .. } => "confirm_address",
            Self::AddressChanged => "address_changed",
            Self::SecondFactorAdded => "second_factor_added",
            Self::SecondFactorRemoved => "second_factor_removed",
            Self::AccountDeleted => "account_deleted",
            Self::Invitation { .. } => "invitation",
            Self::StaffInvitation { .. } => "staff_invitation",
            Self::AccessDecided { .. } => "access_decided",
            Self::OrganisationTurned { .. } => "organisation_turned",
            Self::CustomerKeyIssued { .. } => "customer_key_issued",
            Self::ContractDecided { .. } => "contract_decided",
            Self::CustomerTypeDecided { .. } => "customer_type_decided",
            Self::SecretIssued { .. } => "secret_issued",
            Self::ApiCredentialIssued { .. } => "api_credential_issued",
            Self::CustomerKeyRotated { .. } => "customer_key_rotated",
            Self::PublicKeyAdded { .. } => "public_key_added",
            Self::ClientReplaced { .. } => "client_replaced",
            Self::Joined { .. } => "joined",
            Self::QueuesOverdue { .. } => "queues_overdue",
            Self::CustomerKeyCreated { .. } => "customer_key_created",
            Self::MoreCustomerKeysCreated { .. } => "more_customer_keys_created",
            Self::CustomerKeysStopped { .. } => "customer_keys_stopped",
            Self::MoreCustomerKeysStopped { .. } => "more_customer_keys_stopped",
            Self::PoliciesPublished { .. } => "policies_published",
            Self::Announced { .. } => "announced",
            Self::RegistrationPin { .. } => "registration_pin",
        }
    }

    /// Whether the reader is known to have an account: only then it is greeted by name, because until then the name is what a stranger typed.
    const fn is_for_strangers(&self) -> bool {
        matches!(
            self,
            Self::Verify { .. }
                | Self::ConfirmAddress { .. }
                | Self::Invitation { .. }
                | Self::StaffInvitation { .. }
                | Self::AlreadyRegistered
                | Self::RegistrationPin { .. }
        )
    }

    pub(super) fn write(&self, to: &To<'_>, portal: &str) -> Written {
        let (subject, message) = match to.language {
            Language::Spanish => wording::spanish(self, portal),
            Language::English => wording::english(self, portal),
        };
        let hello = to.language.pick("Hola", "Hello");
        let name = if self.is_for_strangers() { String::new() } else { plain(to.name, 100) };
        let greeting = if name.is_empty() { format!("{hello}:") } else { format!("{hello}, {name}:") };
        let farewell = to.language.pick(
            "Este mensaje es automático; no hace falta que respondas.",
            "This message was sent automatically; there is no need to reply.",
        );
        Written { subject, body: Secret::new(format!("{greeting}\n\n{message}\n\n--\nPostigo · {portal}\n{farewell}\n")) }
    }
}
