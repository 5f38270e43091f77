//! Invitations into organisations: a link sent to an address, good for whoever holds it *and* signed in with that address.

use domain::{
    AccountId, Email, InvitationId, OrganisationId,
    contract::Standing,
    digest,
    role::{Duty, Permission, Role},
    secret::{Secret, SecretHash},
};
use jiff::SignedDuration;
use serde_json::json;
use store::{
    Moment,
    invitations::{Invitation, Offer},
    memberships,
    organisations::Organisation,
};

use crate::{
    Actor, App, Bounded, Error, Issued, Result, Rule, accounts, members,
    notices::{Notice, notice},
    permission::{self, Hat, Needs},
};

/// For how long an invitation can be accepted.
pub const LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How many invitations an organisation may send in a day: each is a mail to somebody who may never have heard of us.
pub const MOST: i64 = 100;

/// How many open invitations one is told of at once.
const OFFERED: i64 = 20;

/// An invitation as whoever holds its link sees it.
pub struct Opened {
    /// The invitation.
    pub invitation: Invitation,
    /// Into what.
    pub organisation: Organisation,
}

/// Invites an address. The link's secret is in the answer and in the mail, and nowhere else; an open invitation of the address is replaced.
/// Nobody gives more than their own role. Staff invite into an organisation that has no owner, and into no other.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] for what is no address; [`Error::Rule`] for a member, when there are too many,
/// or when the organisation is closed; [`Error::Wait`] when the account wrote to too many, for whatever organisation.
pub async fn invite(app: &App, actor: &Actor, organisation: OrganisationId, email: &str, role: Role) -> Result<Issued<Invitation>> {
    let mut tx = app.begin().await?;
    store::organisations::hold(&mut tx, organisation).await?;
    let permission = if role == Role::Owner { Permission::Own } else { Permission::Administer };
    let needs = Needs::Either(permission, Duty::Administer);
    let hat = permission::over_held(&mut tx, actor, organisation, needs, ("organisation", &organisation)).await?;
    // Else staff could let themselves in, to the secrets of customers that no page shows to staff.
    if hat == Hat::Operator && matches!(actor, Actor::Account(_)) && memberships::owners(&mut tx, organisation).await? > 0 {
        permission::over_held(&mut tx, actor, organisation, Needs::Member(permission), ("organisation", &organisation)).await?;
    }
    let into = store::organisations::find(app.db(), organisation).await?.ok_or_else(|| Error::not_found("organisation", organisation))?;
    // The operator is asked for no place in it, which is where members hear of this.
    if into.status == Standing::Revoked {
        return Err(Rule::Closed.into());
    }
    let email = address(email)?.to_string();
    if memberships::has_address(&mut tx, organisation, &email).await? {
        return Err(Rule::AlreadyMember(email).into());
    }
    let now = app.moment();
    if store::invitations::since(&mut tx, organisation, Moment(now.0 - SignedDuration::from_hours(24))).await? >= MOST {
        return Err(Rule::TooMany(Bounded::Invitations, MOST).into());
    }
    if let Actor::Account(account) = actor {
        accounts::letter(app, &mut tx, *account).await?;
    }
    store::invitations::replace(&mut tx, organisation, &email, now).await?;
    // 256 random bits, named by their digest because that is text.
    let secret = Secret::new(format!("pgi_{}", digest::hex(&app.entropy.bytes::<32>())));
    let record = Invitation {
        id: app.uuid().into(),
        organisation_id: organisation,
        email,
        role,
        invited_by: actor.to_string(),
        created_at: now,
        expires_at: Moment(now.0 + LIFE),
        ended_at: None,
        outcome: None,
    };
    store::invitations::insert(&mut tx, &record, &hash(app, secret.expose())).await?;
    notice(app, &mut tx, Notice::Invited { invitation: &record, organisation: &into, token: &secret }).await?;
    // The address is in the table, from where it can be erased; the audit log keeps what it holds.
    let detail = json!({"organisation": organisation, "role": role});
    app.commit(tx, actor, "invitation.create", record.id, detail).await?;
    Ok(Issued { record, secret })
}

/// Takes an invitation back.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Rule`] when it has ended.
pub async fn withdraw(app: &App, actor: &Actor, id: InvitationId) -> Result<()> {
    let found = store::invitations::find(app.db(), id).await?.ok_or_else(|| Error::not_found("invitation", id))?;
    let needs = Needs::Either(Permission::Administer, Duty::Administer);
    permission::over(app, actor, found.organisation_id, needs, ("invitation", &id)).await?;
    let mut tx = app.begin().await?;
    if !store::invitations::withdraw(&mut tx, id, app.moment()).await? {
        return Err(Rule::InvitationEnded.into());
    }
    app.commit(tx, actor, "invitation.withdraw", id, json!({"organisation": found.organisation_id})).await
}

/// What a link is for, before one signs in or registers to accept it.
///
/// # Errors
/// [`Error::Rule`] when the link is not good any more, or never was.
pub async fn open(app: &App, token: &str) -> Result<Opened> {
    let invitation = store::invitations::find_by_hash(app.db(), &hash(app, token)).await?;
    let invitation = invitation.filter(|invitation| invitation.is_open(app.moment())).ok_or(Rule::InvitationEnded)?;
    let organisation = store::organisations::find(app.db(), invitation.organisation_id).await?;
    let organisation = organisation.filter(|organisation| organisation.status != Standing::Revoked).ok_or(Rule::InvitationEnded)?;
    Ok(Opened { invitation, organisation })
}

/// The open invitations to an account's address, newest first, 20 at most; none while nobody has verified the address. To accept one
/// takes the link in the mail all the same.
///
/// # Errors
/// [`Error::NotFound`] when there is no such account.
pub async fn of_account(app: &App, account: AccountId) -> Result<Vec<Offer>> {
    let person = permission::person(app, account).await?;
    if !person.verified {
        return Ok(Vec::new());
    }
    Ok(store::invitations::open_of(app.db(), &person.email, app.moment(), OFFERED).await?)
}

/// Accepts an invitation: it takes the link and the invited address, verified. Of those who do it at once one does.
///
/// # Errors
/// [`Error::Rule`]: the link is not good, the account's address is not verified or is another one, the account is a member.
pub async fn accept(app: &App, account: AccountId, token: &str) -> Result<Opened> {
    let opened = open(app, token).await?;
    let person = permission::person(app, account).await?;
    if person.email != opened.invitation.email {
        return Err(Rule::WrongAddress { invited: opened.invitation.email, account: person.email }.into());
    }
    if !person.verified {
        return Err(Rule::Unverified.into());
    }
    let (id, organisation, role) = (opened.invitation.id, opened.organisation.id, opened.invitation.role);
    let mut tx = app.begin().await?;
    store::organisations::hold(&mut tx, organisation).await?;
    let place = memberships::place_held(&mut tx, organisation, account).await?;
    if place.as_ref().is_some_and(|place| place.status == Standing::Revoked) {
        return Err(Rule::InvitationEnded.into());
    }
    if place.is_none_or(|place| place.role.is_some()) {
        return Err(Rule::AlreadyMember(person.email).into());
    }
    if memberships::count(&mut tx, organisation).await? >= members::MOST {
        return Err(Rule::TooMany(Bounded::Members, members::MOST).into());
    }
    if !store::invitations::accept(&mut tx, id, app.moment()).await? {
        return Err(Rule::InvitationEnded.into());
    }
    memberships::insert(&mut tx, organisation, account, role, app.moment()).await?;
    notice(app, &mut tx, Notice::Joined { organisation, email: &person.email, role }).await?;
    let detail = json!({"organisation": organisation, "role": role, "invited_by": opened.invitation.invited_by});
    app.commit(tx, &Actor::Account(account), "invitation.accept", id, detail).await?;
    Ok(opened)
}

/// Hashed apart from every other kind of secret, so that no one of them can pass for a link.
fn hash(app: &App, token: &str) -> SecretHash {
    app.hash_key.hash(&format!("invitation {token}"))
}

/// An address as the table of accounts has it. Whether it exists, the mail will show.
pub(crate) fn address(text: &str) -> Result<Email> {
    let wrong = |_| Error::invalid("email", "Escribe una dirección, como ana@example.com.", "write one address, as in ana@example.com");
    text.parse().map_err(wrong)
}
