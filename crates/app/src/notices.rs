//! The seam between what happens and who is told: every use case that people must hear of calls [`notice`] inside its transaction.
//!
//! Nothing is sent from here yet. Whoever queues mails does it in [`notice`], with the transaction it is given, so that a mail is written
//! exactly when what it tells comes true.

use domain::{OrganisationId, role::Role, secret::Secret};
use store::{
    Tx,
    access_requests::AccessRequest,
    clients::{ClientRow, SecretRow},
    contracts::Contract,
    customer_keys::CustomerKeyRow,
    customer_type_requests::CustomerTypeRequest,
    invitations::Invitation,
    organisations::Organisation,
};

use crate::{App, Result};

/// Something that people must hear of.
pub enum Notice<'a> {
    /// To the invited address: the link, which stands nowhere else.
    Invited {
        /// The invitation.
        invitation: &'a Invitation,
        /// Into what.
        organisation: &'a Organisation,
        /// The secret of the link.
        token: &'a Secret,
    },
    /// To the owners and admins: somebody came in.
    Joined {
        /// Into which organisation.
        organisation: OrganisationId,
        /// With which address.
        email: &'a str,
        /// As what.
        role: Role,
    },
    /// To those who build in the project's organisation. A grant that was taken back is one too.
    AccessDecided {
        /// The request, decided.
        request: &'a AccessRequest,
    },
    /// To the owners and admins.
    ContractDecided {
        /// The contract in its new state, with the reason.
        contract: &'a Contract,
    },
    /// To the owners and admins.
    CustomerTypeDecided {
        /// The request, decided.
        request: &'a CustomerTypeRequest,
    },
    /// To those who build in the client's organisation: a secret was added, in whose hands soever.
    SecretCreated {
        /// Whose secret.
        client: &'a ClientRow,
        /// The secret's record.
        secret: &'a SecretRow,
    },
    /// To those who build in the project's organisation: another client takes the place of one.
    ClientReplaced {
        /// The one that goes.
        old: &'a ClientRow,
        /// The one that comes.
        new: &'a ClientRow,
    },
    /// To the account holder, who must hear of every new key.
    CustomerKeyCreated {
        /// The key.
        key: &'a CustomerKeyRow,
    },
}

/// Tells people. Called inside the transaction of what happened, before it commits.
///
/// # Errors
/// When the database cannot be written; then nothing of it happened.
pub(crate) async fn notice(_app: &App, _tx: &mut Tx, notice: Notice<'_>) -> Result<()> {
    match notice {
        Notice::Invited { .. }
        | Notice::Joined { .. }
        | Notice::AccessDecided { .. }
        | Notice::ContractDecided { .. }
        | Notice::CustomerTypeDecided { .. }
        | Notice::SecretCreated { .. }
        | Notice::ClientReplaced { .. }
        | Notice::CustomerKeyCreated { .. } => Ok(()),
    }
}
