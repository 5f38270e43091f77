//! The operator's own people: who is staff, who is invited to be, and what they are.

use domain::{
    AccountId, InvitationId, digest,
    role::{Duty, Staff},
    secret::{Secret, SecretHash},
};
use jiff::SignedDuration;
use serde_json::json;
use store::{
    Moment, Tx, accounts as stored,
    staff::{self as rows, Person, StaffInvitation},
};

use crate::{
    Actor, App, Error, Issued, Result, Rule, accounts,
    invitations::{LIFE, address},
    mail::{self, Text, To},
    permission,
};

/// How many people of the staff are listed.
pub const LISTED: i64 = 1000;

/// How many invitations staff may send in a day.
pub const MOST: i64 = 100;

/// The staff by address, [`LISTED`] at most.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Person>> {
    permission::staff(app, actor, Duty::See).await?;
    Ok(rows::list(app.db(), LISTED).await?)
}

/// One of the staff.
///
/// # Errors
/// [`Error::NotFound`] when the account is not of the staff, or for those who are not staff.
pub async fn find(app: &App, actor: &Actor, id: AccountId) -> Result<stored::Account> {
    permission::staff(app, actor, Duty::See).await?;
    let account = stored::find(app.db(), id).await?.filter(|account| account.staff().is_some());
    account.ok_or_else(|| Error::not_found("staff", id))
}

/// The invitations that wait for an answer, newest first.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn invitations(app: &App, actor: &Actor) -> Result<Vec<StaffInvitation>> {
    permission::staff(app, actor, Duty::See).await?;
    Ok(rows::open(app.db(), app.moment(), LISTED).await?)
}

/// Invites an address to be one of the staff. The link's secret is in the answer and in the mail, and nowhere else; an open invitation of the
/// address is replaced.
///
/// # Errors
/// [`Error::NotFound`] or [`Error::StaffOnly`] to who may not; [`Error::Invalid`] for what is no address; [`Error::Refused`] for somebody of the
/// staff, when there are too many, or where staff come by the operator's provider only; [`Error::Wait`] when the account wrote to too many.
pub async fn invite(app: &App, actor: &Actor, email: &str, role: Staff) -> Result<Issued<StaffInvitation>> {
    permission::staff(app, actor, Duty::Administer).await?;
    must_not_come_by_provider(app)?;
    let email = address(email)?;
    let mut tx = app.begin().await?;
    rows::hold(&mut tx).await?;
    must_administer(&mut tx, actor).await?;
    let known = stored::find_by_email_in(&mut tx, &email).await?;
    if known.as_ref().is_some_and(|account| account.staff().is_some()) {
        return Err(Error::refused(format!("{email} ya es del equipo."), format!("{email} is of the staff already")));
    }
    let now = app.moment();
    if rows::since(&mut tx, Moment(now.0 - SignedDuration::from_hours(24))).await? >= MOST {
        return Err(Error::refused(
            format!("Hoy ya se han enviado {MOST} invitaciones al equipo, que es el máximo: sigue mañana."),
            format!("{MOST} invitations onto the staff were sent within a day, which is the most: go on tomorrow"),
        ));
    }
    if let Actor::Account(account) = actor {
        accounts::letter(app, &mut tx, *account).await?;
    }
    rows::replace(&mut tx, email.as_str(), now).await?;
    // 256 random bits, named by their digest because that is text.
    let secret = Secret::new(format!("pgs_{}", digest::hex(&app.entropy.bytes::<32>())));
    let record = StaffInvitation {
        id: app.uuid().into(),
        email: email.to_string(),
        role,
        invited_by: actor.to_string(),
        created_at: now,
        expires_at: Moment(now.0 + LIFE),
        ended_at: None,
        outcome: None,
    };
    rows::invite(&mut tx, &record, &hash(app, secret.expose())).await?;
    if mail::has_room(app, &mut tx, &email).await? {
        let inviter = match actor {
            Actor::Account(id) => stored::find_in(&mut tx, *id).await?,
            _ => None,
        };
        let chosen = known.as_ref().and_then(stored::Account::language);
        let language = chosen.or_else(|| inviter.as_ref()?.language()).unwrap_or(mail::DEFAULT_LANGUAGE);
        let nobody = language.pick("El equipo de la operadora", "The operator's staff");
        let inviter = inviter.as_ref().map_or(nobody, |account| account.name.as_str());
        let link = mail::link(app, "/staff/accept", &secret);
        let text = Text::StaffInvitation { inviter, role, link: &link };
        mail::queue(app, &mut tx, &To { email: &email, name: "", language }, &text).await?;
    }
    // The address is in the table; the audit log keeps what it holds.
    app.commit(tx, actor, "staff.invite", record.id, json!({"role": role})).await?;
    Ok(Issued { record, secret })
}

/// Takes an invitation back.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or for those who are not staff; [`Error::StaffOnly`]; [`Error::Rule`] when it has ended.
pub async fn withdraw(app: &App, actor: &Actor, id: InvitationId) -> Result<()> {
    permission::staff(app, actor, Duty::Administer).await?;
    rows::find(app.db(), id).await?.ok_or_else(|| Error::not_found("invitation", id))?;
    let mut tx = app.begin().await?;
    if !rows::withdraw(&mut tx, id, app.moment()).await? {
        return Err(Rule::InvitationEnded.into());
    }
    app.commit(tx, actor, "staff.withdraw", id, json!({})).await
}

/// What a link is for, before one signs in or registers to accept it.
///
/// # Errors
/// [`Error::Rule`] when the link is not good any more, or never was.
pub async fn open(app: &App, token: &str) -> Result<StaffInvitation> {
    let invitation = rows::find_by_hash(app.db(), &hash(app, token)).await?;
    Ok(invitation.filter(|invitation| invitation.is_open(app.moment())).ok_or(Rule::InvitationEnded)?)
}

/// Accepts an invitation: it takes the link and the invited address, verified. Where staff must have a second factor, the account can do
/// nothing as staff before it has one.
///
/// # Errors
/// [`Error::Rule`]: the link is not good, the account's address is not verified or is another one; [`Error::Refused`] for somebody of the staff, or
/// where staff come by the operator's provider only.
pub async fn accept(app: &App, account: AccountId, token: &str) -> Result<StaffInvitation> {
    let invitation = open(app, token).await?;
    must_not_come_by_provider(app)?;
    let mut tx = app.begin().await?;
    rows::hold(&mut tx).await?;
    let person = stored::find_in(&mut tx, account).await?.ok_or_else(|| Error::not_found("account", account))?;
    if person.email.as_str() != invitation.email {
        return Err(Rule::WrongAddress { invited: invitation.email, account: person.email.to_string() }.into());
    }
    if person.verified_at.is_none() {
        return Err(Rule::Unverified.into());
    }
    if person.staff().is_some() {
        return Err(Error::refused("Ya eres del equipo.", "you are of the staff already"));
    }
    if !rows::accept(&mut tx, invitation.id, app.moment()).await? {
        return Err(Rule::InvitationEnded.into());
    }
    stored::set_staff(&mut tx, account, Some(invitation.role)).await?;
    let detail = json!({"role": invitation.role, "invitation": invitation.id, "invited_by": invitation.invited_by});
    app.commit(tx, &Actor::Account(account), "staff.accept", account, detail).await?;
    Ok(invitation)
}

/// Sets what an account is among the staff; `None`: nothing any more, and its sessions end at once. It holds from the next request on, and who
/// may invite no more has invited nobody.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::StaffOnly`] to staff who may not, and [`Error::NotFound`] to everybody else; [`Error::Refused`] for one's own
/// role, and for the last administrator's.
pub async fn set_role(app: &App, actor: &Actor, id: AccountId, role: Option<Staff>) -> Result<()> {
    permission::staff(app, actor, Duty::Administer).await?;
    if *actor == Actor::Account(id) {
        return Err(Error::refused(
            "Nadie cambia su propio papel: pídeselo a otra persona de administración.",
            "nobody changes their own role: ask another administrator",
        ));
    }
    let mut tx = app.begin().await?;
    rows::hold(&mut tx).await?;
    let before = stored::find_in(&mut tx, id).await?.ok_or_else(|| Error::not_found("account", id))?.staff();
    must_administer(&mut tx, actor).await?;
    if role != Some(Staff::Administrator) {
        must_not_be_the_last(&mut tx, id, before).await?;
    }
    stored::set_staff(&mut tx, id, role).await?;
    if !role.is_some_and(|role| role.may(Duty::Administer)) {
        rows::withdraw_of_inviter(&mut tx, &Actor::Account(id).to_string(), app.moment()).await?;
    }
    if role.is_none() && before.is_some() {
        store::sessions::end_all(&mut tx, id).await?;
    }
    app.commit(tx, actor, "account.set_staff", id, json!({"from": before, "to": role})).await
}

/// By whom staff come here, where they can come by the operator's provider and by nothing else.
#[must_use]
pub fn only_by_provider(app: &App) -> Option<&str> {
    app.sign_on().filter(|on| on.terms().only).map(|on| on.terms().name.as_str())
}

/// Refuses invitations where they lead nowhere: whoever accepted one could sign in by nothing, not even as before.
fn must_not_come_by_provider(app: &App) -> Result<()> {
    only_by_provider(app).map_or(Ok(()), |name| {
        Err(Error::refused(
            format!("Aquí el equipo entra con {name}: pon allí a esa persona en el grupo que le toca."),
            format!("here staff come by {name}: put the person into the group there"),
        ))
    })
}

/// Asked again where the staff is held: of two administrators who take each other's role at once, the second has lost it.
async fn must_administer(tx: &mut Tx, actor: &Actor) -> Result<()> {
    let Actor::Account(by) = actor else { return Ok(()) };
    let by = stored::find_in(tx, *by).await?.and_then(|account| account.staff());
    if by.is_some_and(|staff| staff.may(Duty::Administer)) { Ok(()) } else { Err(Error::StaffOnly { needs: Duty::Administer }) }
}

/// Whether the operator's provider says at each sign-on what somebody is: what is changed here holds until the next one.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn is_linked(app: &App, actor: &Actor, id: AccountId) -> Result<bool> {
    permission::staff(app, actor, Duty::See).await?;
    let identities = store::staff_identities::of_account(app.db(), id).await?;
    Ok(identities.iter().any(|identity| app.sign_on().is_none_or(|on| on.terms().issuer == identity.issuer)))
}

/// Refuses what would leave the staff without an administrator. The staff must be held.
pub(crate) async fn must_not_be_the_last(tx: &mut Tx, id: AccountId, before: Option<Staff>) -> Result<()> {
    if before == Some(Staff::Administrator) && rows::other_administrators(tx, id).await? == 0 {
        return Err(Error::refused(
            "Es la última persona de administración: nombra antes a otra.",
            "this is the last administrator: make somebody else one first",
        ));
    }
    Ok(())
}

/// Hashed apart from every other kind of secret, so that no one of them can pass for a link.
fn hash(app: &App, token: &str) -> SecretHash {
    app.hash_key.hash(&format!("staff invitation {token}"))
}
