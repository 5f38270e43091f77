//! The seam between what happens and who is told: every use case that people must hear of calls [`notice`] inside its transaction, so that a
//! mail is written exactly when what it tells comes true.
//!
//! Only verified addresses are written to, each in the language its person chose, and no more of them than [`MOST`] for one thing.

mod acting;

use domain::{
    Email, OrganisationId, ProjectId, Timestamp,
    contract::{ContractStatus, Standing},
    role::Role,
    secret::Secret,
};
use store::{
    Tx,
    access_requests::{AccessRequest, Status},
    addressees::{self, Addressee},
    api_credentials::ApiCredentialRow,
    clients::{ClientRow, SecretRow},
    contracts::Contract,
    customer_keys::CustomerKeyRow,
    customer_type_requests::CustomerTypeRequest,
    invitations::Invitation,
    organisations::Organisation,
    public_keys::PublicKeyRow,
};

use crate::{
    App, Result,
    mail::{self, Decided, Text, To},
};

/// How many people are written to about one thing: those who answer for the organisation first.
pub const MOST: i64 = 50;

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
        /// Whether the API also demands an API credential, and the project has none that anybody knows the secret of.
        lacks_credential: bool,
    },
    /// To the owners and admins: the operator stopped it, or lets it act again.
    OrganisationTurned {
        /// The organisation as it was before.
        organisation: &'a Organisation,
        /// What it may do now.
        to: Standing,
        /// Why; empty when nobody said.
        reason: &'a str,
    },
    /// To the owners and admins of the project's organisation: the operator issued a customer key for it. The secret is for who asked.
    CustomerKeyIssued {
        /// The key.
        key: &'a CustomerKeyRow,
    },
    /// To the owners and admins.
    ContractDecided {
        /// The state it was in.
        before: ContractStatus,
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
        /// When the ones before stop opening anything, where an end was set for them.
        before_until: Option<Timestamp>,
    },
    /// To those who build in the project's organisation: an API credential was added, in whose hands soever.
    ApiCredentialCreated {
        /// Its record.
        credential: &'a ApiCredentialRow,
    },
    /// To those who build in the client's organisation: somebody may act as the client with the private half of this.
    PublicKeyAdded {
        /// Whose key.
        client: &'a ClientRow,
        /// The key.
        key: &'a PublicKeyRow,
    },
    /// To those who build in the project's organisation: another client takes the place of one.
    ClientReplaced {
        /// The one that goes.
        old: &'a ClientRow,
        /// The one that comes.
        new: &'a ClientRow,
        /// When the one that goes gets no more tokens.
        until: Timestamp,
    },
    /// To those who build in the project's organisation, as far as they are left in peace: a platform may rotate thousands. The account's
    /// holder agreed to the key, whatever its secret.
    CustomerKeyRotated {
        /// The key with its new secret's record.
        key: &'a CustomerKeyRow,
    },
    /// To the account holder, who must hear of every new key: the owners and admins of the organisations that ship under its number by a
    /// contract the operator confirmed. Not in the sandbox, where anybody may write any number and nothing real is behind it.
    CustomerKeyCreated {
        /// The key.
        key: &'a CustomerKeyRow,
    },
    /// To those who build in the project's organisation: the holder of account numbers stopped keys for them, for good.
    CustomerKeysStopped {
        /// Whose keys.
        project: ProjectId,
        /// For which account numbers.
        accounts: &'a [String],
        /// How many.
        keys: usize,
        /// Why, as far as the holder said.
        reason: Option<&'a str>,
    },
}

/// Tells people. Called inside the transaction of what happened, before it commits.
///
/// # Errors
/// When the database cannot be written; then nothing of it happened.
pub(crate) async fn notice(app: &App, tx: &mut Tx, notice: Notice<'_>) -> Result<()> {
    match notice {
        Notice::Invited { invitation, organisation, token } => invited(app, tx, invitation, organisation, token).await,
        Notice::Joined { organisation, email, role } => {
            let Some(name) = addressees::organisation(tx, organisation).await? else { return Ok(()) };
            let page = format!("/organisations/{organisation}/members");
            let mut people = addressees::of_organisation(tx, organisation, Role::Admin, MOST).await?;
            people.retain(|person| person.email.as_str() != email);
            tell(app, tx, &people, &Text::Joined { organisation: &name, email, role, page: &page }).await
        }
        Notice::AccessDecided { request, lacks_credential } => {
            let reason = request.decision_reason.as_deref().unwrap_or_default();
            let decided = match request.status {
                Status::Approved => Decided::Approved,
                Status::Rejected => Decided::Rejected { reason },
                Status::Revoked => Decided::Withdrawn { reason },
                Status::Pending => return Ok(()),
            };
            let (project, people) = builders(tx, request.project_id).await?;
            let page = format!("/projects/{}/access", request.project_id);
            let (api, environment) = (request.api.as_str(), request.environment);
            let text = Text::AccessDecided { project: &project, api, environment, decided, lacks_credential, page: &page };
            tell(app, tx, &people, &text).await
        }
        Notice::ContractDecided { before, contract } => {
            let reason = contract.reason.as_deref().unwrap_or_default();
            let decided = match (before, contract.status) {
                (_, ContractStatus::Active) => Decided::Approved,
                (_, ContractStatus::Suspended) => Decided::Withdrawn { reason },
                (ContractStatus::Pending, ContractStatus::Ended) => Decided::Rejected { reason },
                (_, ContractStatus::Ended) => Decided::Over { reason },
                (_, ContractStatus::Pending) => return Ok(()),
            };
            let (organisation, people) = answering(tx, contract.organisation_id).await?;
            let page = format!("/organisations/{}/contracts", contract.organisation_id);
            let text = Text::ContractDecided { organisation: &organisation, contract: &contract.number, decided, page: &page };
            tell(app, tx, &people, &text).await
        }
        Notice::OrganisationTurned { organisation, to, reason } => {
            let (name, people) = answering(tx, organisation.id).await?;
            let page = format!("/organisations/{}", organisation.id);
            tell(app, tx, &people, &Text::OrganisationTurned { organisation: &name, to, reason, page: &page }).await
        }
        Notice::CustomerKeyIssued { key } => {
            let Some((project, organisation, _)) = addressees::project(tx, key.project_id).await? else { return Ok(()) };
            let people = addressees::of_organisation(tx, organisation, Role::Admin, MOST).await?;
            let page = format!("/projects/{}/customer-keys", key.project_id);
            let (account_number, key_id, environment) = (key.account_number.as_str(), key.id.as_str(), key.environment);
            tell(app, tx, &people, &Text::CustomerKeyIssued { project: &project, account_number, key_id, environment, page: &page }).await
        }
        Notice::CustomerTypeDecided { request } => {
            let reason = request.decision_reason.as_deref().unwrap_or_default();
            let decided = if request.status == Status::Approved { Decided::Approved } else { Decided::Rejected { reason } };
            let (organisation, people) = answering(tx, request.organisation_id).await?;
            let page = format!("/organisations/{}", request.organisation_id);
            let text =
                Text::CustomerTypeDecided { organisation: &organisation, customer_type: request.customer_type, decided, page: &page };
            tell(app, tx, &people, &text).await
        }
        Notice::SecretCreated { client, secret, before_until } => {
            let (project, people) = builders(tx, client.project_id).await?;
            let (environment, client_id, prefix) = (client.environment, client.id.as_str(), secret.prefix.as_str());
            let page = format!("/projects/{}", client.project_id);
            let text = Text::SecretIssued { project: &project, environment, client_id, prefix, before_until, page: &page };
            tell(app, tx, &people, &text).await
        }
        Notice::ApiCredentialCreated { credential } => {
            let (project, people) = builders(tx, credential.project_id).await?;
            let (environment, id, prefix) = (credential.environment, credential.id.as_str(), credential.prefix.as_str());
            let page = format!("/projects/{}", credential.project_id);
            tell(app, tx, &people, &Text::ApiCredentialIssued { project: &project, environment, id, prefix, page: &page }).await
        }
        Notice::PublicKeyAdded { client, key } => {
            let (project, people) = builders(tx, client.project_id).await?;
            let page = format!("/projects/{}", client.project_id);
            let (environment, client_id, thumbprint) = (client.environment, client.id.as_str(), key.thumbprint.as_str());
            let text = Text::PublicKeyAdded { project: &project, environment, client_id, thumbprint, page: &page };
            tell(app, tx, &people, &text).await
        }
        Notice::ClientReplaced { old, new, until } => {
            let (project, people) = builders(tx, new.project_id).await?;
            let page = format!("/projects/{}", new.project_id);
            let (environment, old, new) = (new.environment, old.id.as_str(), new.id.as_str());
            tell(app, tx, &people, &Text::ClientReplaced { project: &project, environment, old, new, until, page: &page }).await
        }
        Notice::CustomerKeyRotated { key } => {
            let (project, builders) = builders(tx, key.project_id).await?;
            let mut people = Vec::new();
            for person in builders {
                if mail::has_room(app, tx, &person.email).await? {
                    people.push(person);
                }
            }
            let page = format!("/projects/{}/customer-keys/{}", key.project_id, key.id);
            tell(app, tx, &people, &Text::CustomerKeyRotated { project: &project, key, page: &page }).await
        }
        Notice::CustomerKeyCreated { key } => acting::created(app, tx, key).await,
        Notice::CustomerKeysStopped { project, accounts, keys, reason } => acting::stopped(app, tx, project, accounts, keys, reason).await,
    }
}

async fn invited(app: &App, tx: &mut Tx, invitation: &Invitation, organisation: &Organisation, token: &Secret) -> Result<()> {
    let Ok(email) = invitation.email.parse::<Email>() else { return Ok(()) };
    // Whoever invites sees the link; an address that others write to a lot is left in peace.
    if !mail::has_room(app, tx, &email).await? {
        return Ok(());
    }
    let inviter = match invitation.invited_by.strip_prefix("account:").and_then(|id| id.parse().ok()) {
        Some(id) => addressees::person(tx, id).await?,
        None => None,
    };
    // Who has no language yet is likelier to read the inviter's than any other.
    let chosen = addressees::language_of(tx, &email).await?;
    let language = chosen.or_else(|| inviter.as_ref()?.language()).unwrap_or(mail::DEFAULT_LANGUAGE);
    let nobody = language.pick("El equipo de la operadora", "The operator's staff");
    let inviter = inviter.as_ref().map_or(nobody, |person| person.name.as_str());
    let link = mail::link(app, "/invitations/accept", token);
    let text = Text::Invitation { organisation: &organisation.name, inviter, role: invitation.role, link: &link };
    mail::queue(app, tx, &To { email: &email, name: "", language }, &text).await
}

/// The project's name, and those who build in its organisation.
async fn builders(tx: &mut Tx, project: ProjectId) -> Result<(String, Vec<Addressee>)> {
    let Some((name, organisation, _)) = addressees::project(tx, project).await? else { return Ok(Default::default()) };
    Ok((name, addressees::of_organisation(tx, organisation, Role::Developer, MOST).await?))
}

/// The organisation's name, and its owners and admins.
async fn answering(tx: &mut Tx, organisation: OrganisationId) -> Result<(String, Vec<Addressee>)> {
    let name = addressees::organisation(tx, organisation).await?.unwrap_or_default();
    Ok((name, addressees::of_organisation(tx, organisation, Role::Admin, MOST).await?))
}

async fn tell(app: &App, tx: &mut Tx, people: &[Addressee], text: &Text<'_>) -> Result<()> {
    for person in people {
        let language = person.language().unwrap_or(mail::DEFAULT_LANGUAGE);
        mail::queue(app, tx, &To { email: &person.email, name: &person.name, language }, text).await?;
    }
    Ok(())
}
