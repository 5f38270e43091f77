//! Whose account the provider's word opens, and what that account is from now on.

use domain::{
    AccountId, Email, Language, Timestamp,
    account::LONGEST_NAME,
    openid::Claims,
    role::{Duty, Staff},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{
    Tx,
    accounts::{self, Account, NewAccount},
    sessions as rows, sign_ons, staff, staff_identities,
};

use super::{Arrived, BY_PROVIDER, SignOnRefusal, Vouched, browser_hash, hash, proved, send, taken};
use crate::{
    Actor, App, Error, Result,
    accounts::{Opened, SignedIn, Visit, links, sessions},
    name,
    staff::must_not_be_the_last,
};

/// Somebody the provider vouches for.
pub(super) struct Person<'a> {
    pub(super) issuer: &'a str,
    pub(super) claims: &'a Claims,
    /// What the provider says the person is here.
    pub(super) role: Option<Staff>,
    /// The language of the page.
    pub(super) language: Language,
}

/// What waits for the holder of an account to say yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linking {
    /// The account.
    pub account: AccountId,
    /// What the account is from then on.
    pub role: Staff,
    issuer: String,
    subject: String,
    session: String,
    both_factors: bool,
    /// Where to go afterwards.
    pub next: String,
}

impl Person<'_> {
    /// Signs the person on: to the account that is known to be theirs, or to a new one.
    pub(super) async fn enter(&self, app: &App, who: Option<&SignedIn>, next: &str, browser: &str, visit: Visit<'_>) -> Result<Arrived> {
        let mut tx = app.begin().await?;
        staff::hold(&mut tx).await?;
        let known = staff_identities::use_by(&mut tx, self.issuer, self.claims.subject(), app.moment()).await?;
        let id = match known {
            Some(id) => id,
            None => {
                let role = self.role.ok_or(SignOnRefusal::NoRole)?;
                let email = self.claims.verified_email().ok_or(SignOnRefusal::Unverified)?;
                let email: Email = email.parse().map_err(|_| SignOnRefusal::Unverified)?;
                match accounts::find_by_email_in(&mut tx, &email).await? {
                    // The same address is no proof of the same person: who holds the account must have shown it here, and lately.
                    Some(account) if account.verified_at.is_some() => {
                        let holder = who.filter(|who| who.id() == account.id && who.must_be_proved(app).is_ok());
                        let Some(holder) = holder else { return Err(SignOnRefusal::AddressTaken.into()) };
                        drop(tx);
                        return self.offer(app, holder, role, next, browser).await;
                    }
                    unverified => self.make(app, &mut tx, &email, unverified, role).await?,
                }
            }
        };
        let Some(account) = apply(app, &mut tx, self.role, id, self.issuer).await? else {
            return self.dismissed(app, tx, id).await;
        };
        let opened = sessions::open_vouched(app, &mut tx, account, &self.vouched(app), visit).await?;
        let whole = opened.session.whole().is_ok();
        let detail = json!({"by": "provider", "issuer": self.issuer, "whole": whole, "staff": self.role});
        app.commit(tx, &Actor::Account(id), "account.sign_in", id, detail).await?;
        Ok(Arrived::In { opened: Box::new(opened), next: next.to_owned() })
    }

    /// Takes the provider's word for a proof: that of the person who is signed in, whose role is seen to as well.
    pub(super) async fn prove(&self, app: &App, who: &SignedIn) -> Result<()> {
        let mut tx = app.begin().await?;
        staff::hold(&mut tx).await?;
        let known = staff_identities::use_by(&mut tx, self.issuer, self.claims.subject(), app.moment()).await?;
        if known != Some(who.id()) {
            return Err(SignOnRefusal::OtherPerson.into());
        }
        if apply(app, &mut tx, self.role, who.id(), self.issuer).await?.is_none() {
            return self.dismissed(app, tx, who.id()).await;
        }
        proved(app, tx, who, BY_PROVIDER).await
    }

    fn vouched<'p>(&'p self, app: &App) -> Vouched<'p> {
        let asked_of_all = app.sign_on().is_some_and(|on| on.terms().second_factor);
        Vouched {
            issuer: self.issuer,
            both_factors: asked_of_all || self.claims.has_both_factors(),
            session: self.claims.session(),
            // Who does not say when it asked may have asked long ago.
            proved_at: self.claims.proved_at().and_then(|at| Timestamp::from_second(at).ok()).unwrap_or(Timestamp::UNIX_EPOCH),
        }
    }

    /// A new account, or one that somebody opened with the person's address and never showed to be theirs: until then it belongs to nobody.
    async fn make(&self, app: &App, tx: &mut Tx, email: &Email, unverified: Option<Account>, role: Staff) -> Result<AccountId> {
        let called =
            self.claims.name().and_then(|called| name("name", called, LONGEST_NAME).ok()).unwrap_or_else(|| email.local().to_owned());
        let said = self.claims.locale().and_then(|tag| tag.get(..2)).and_then(|tag| tag.parse().ok());
        let language = Some(said.unwrap_or(self.language));
        let id = match unverified {
            Some(account) => {
                // Somebody showed it to be theirs this very moment.
                if !accounts::replace(tx, account.id, &called, None, language).await? {
                    return Err(SignOnRefusal::AddressTaken.into());
                }
                links::end(app, tx, account.id, None).await?;
                accounts::verify(tx, account.id, app.moment()).await?;
                accounts::set_staff(tx, account.id, Some(role)).await?;
                account.id
            }
            None => {
                let new = NewAccount {
                    id: app.uuid().into(),
                    email,
                    name: &called,
                    password: None,
                    language,
                    staff: Some(role),
                    verified_at: Some(app.moment()),
                    created_at: app.moment(),
                };
                accounts::insert(tx, &new).await.map_err(|e| Error::taken(e, "an account with that address", email))?;
                new.id
            }
        };
        staff_identities::insert(tx, self.issuer, self.claims.subject(), id, app.moment()).await?;
        Ok(id)
    }

    /// Writes down that somebody is nobody here any more, and says so.
    async fn dismissed<T>(&self, app: &App, tx: Tx, id: AccountId) -> Result<T> {
        app.commit(tx, &Actor::System, "account.sign_on_without_role", id, json!({"issuer": self.issuer})).await?;
        Err(SignOnRefusal::NoRole.into())
    }

    /// Keeps what the provider said until the holder of the account says yes.
    async fn offer(&self, app: &App, holder: &SignedIn, role: Staff, next: &str, browser: &str) -> Result<Arrived> {
        let vouched = self.vouched(app);
        let linking = Linking {
            account: holder.id(),
            issuer: self.issuer.to_owned(),
            subject: self.claims.subject().to_owned(),
            session: vouched.session.to_owned(),
            role,
            both_factors: vouched.both_factors,
            next: next.to_owned(),
        };
        let state = serde_json::to_string(&linking).map_err(|_| store::Error::Corrupt("a state"))?;
        Ok(Arrived::Linking { ticket: send(app, "link", &state, browser).await? })
    }
}

/// Sets what the account is to what the provider says; as it is then, `None` when that is nothing. Who is nobody any more loses the role and every
/// session the provider began, and who may invite no more has invited nobody. The staff must be held.
async fn apply(app: &App, tx: &mut Tx, role: Option<Staff>, id: AccountId, issuer: &str) -> Result<Option<Account>> {
    let before = accounts::find_in(tx, id).await?.ok_or_else(|| Error::not_found("account", id))?.staff();
    if before != role {
        accounts::set_staff(tx, id, role).await?;
        tx.audit(store::audit::Entry {
            actor: Actor::System.to_string(),
            action: "account.set_staff",
            subject: id.to_string(),
            detail: json!({"from": before, "to": role, "by": "provider", "issuer": issuer}),
        });
    }
    if !role.is_some_and(|role| role.may(Duty::Administer)) {
        staff::withdraw_of_inviter(tx, &Actor::Account(id).to_string(), app.moment()).await?;
    }
    if role.is_none() {
        rows::end_of_provider(tx, id, issuer, "").await?;
        return Ok(None);
    }
    Ok(accounts::find_in(tx, id).await?)
}

/// What waits for this person to say yes; it stays.
///
/// # Errors
/// [`SignOnRefusal::State`] when nothing does; [`Error::Unproved`].
pub async fn linking(app: &App, who: &SignedIn, ticket: &str, browser: &str) -> Result<Linking> {
    let mut tx = app.begin().await?;
    let found = sign_ons::peek(&mut tx, &hash(app, ticket)).await?;
    let found = found.filter(|found| found.purpose == "link" && found.is_of(&browser_hash(app, browser)) && app.now() < *found.expires_at);
    mine(app, who, &found.ok_or(SignOnRefusal::State)?.state)
}

/// Links the account to what the provider calls the person, and signs on. All sessions before are over.
///
/// # Errors
/// [`SignOnRefusal::State`]; [`Error::Unproved`]; [`Error::Taken`] when either is linked already; [`Error::Refused`] to the last administrator, whom
/// the provider gives less.
pub async fn link_sign_on(app: &App, who: &SignedIn, ticket: &str, browser: &str, visit: Visit<'_>) -> Result<(Opened, String)> {
    // Asked before the ticket is used, so that it is good for after the proof.
    who.must_be_proved(app)?;
    let (purpose, state) = taken(app, ticket, browser).await?;
    let linking = mine(app, who, &state)?;
    if purpose != "link" || app.sign_on().is_none_or(|on| on.terms().issuer != linking.issuer) {
        return Err(SignOnRefusal::State.into());
    }
    let mut tx = app.begin().await?;
    staff::hold(&mut tx).await?;
    if linking.role != Staff::Administrator {
        let before = accounts::find_in(&mut tx, who.id()).await?.ok_or_else(|| Error::not_found("account", who.id()))?.staff();
        must_not_be_the_last(&mut tx, who.id(), before).await?;
    }
    staff_identities::insert(&mut tx, &linking.issuer, &linking.subject, who.id(), app.moment())
        .await
        .map_err(|e| Error::taken(e, "a link to that provider", &linking.issuer))?;
    let account = apply(app, &mut tx, Some(linking.role), who.id(), &linking.issuer).await?.ok_or(SignOnRefusal::NoRole)?;
    // Those that a password or a passkey began would outlive the provider's word.
    rows::end_all(&mut tx, who.id()).await?;
    let vouched = Vouched {
        issuer: &linking.issuer,
        both_factors: linking.both_factors,
        session: &linking.session,
        proved_at: *who.session.proved_at,
    };
    let opened = sessions::open_vouched(app, &mut tx, account, &vouched, visit).await?;
    app.commit(tx, &who.actor(), "account.link_sign_on", who.id(), json!({"issuer": linking.issuer, "staff": linking.role})).await?;
    Ok((opened, linking.next))
}

fn mine(app: &App, who: &SignedIn, state: &str) -> Result<Linking> {
    who.must_be_proved(app)?;
    let linking: Linking = serde_json::from_str(state).map_err(|_| SignOnRefusal::State)?;
    if linking.account == who.id() { Ok(linking) } else { Err(SignOnRefusal::State.into()) }
}
