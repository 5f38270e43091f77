//! To whom is told what happened: people with a verified address, read inside the transaction of what happened.

use domain::{
    AccountId, Email, Language, OrganisationId, ProjectId,
    role::{Role, Staff},
};
use sqlx::FromRow;

use crate::{Result, Tx};

sql! {
    /// Who answers for the organisation comes first, so that a bound leaves out the others.
    OF_ORGANISATION = "SELECT a.id, a.email, a.name, a.language FROM memberships m JOIN accounts a ON a.id = m.account_id
        WHERE m.organisation_id = $1 AND (m.role IN ('owner', 'admin') OR m.role = $2) AND a.verified_at IS NOT NULL AND a.deleted_at IS NULL
        ORDER BY CASE m.role WHEN 'owner' THEN 0 WHEN 'admin' THEN 1 ELSE 2 END, m.created_at, m.account_id LIMIT $3";
    /// Who has been there longest comes first.
    OF_STAFF = "SELECT id, email, name, language FROM accounts WHERE (staff = $1 OR staff = $2 OR staff = $3 OR staff = $4)
        AND verified_at IS NOT NULL AND deleted_at IS NULL ORDER BY created_at, id LIMIT $5";
    PERSON = "SELECT id, email, name, language FROM accounts WHERE id = $1 AND deleted_at IS NULL";
    LANGUAGE_OF = "SELECT language FROM accounts WHERE email = $1 AND deleted_at IS NULL AND language IS NOT NULL";
    ORGANISATION = "SELECT name FROM organisations WHERE id = $1";
    PROJECT = "SELECT p.name, o.id, o.name FROM projects p JOIN organisations o ON o.id = p.organisation_id WHERE p.id = $1";
}

/// Somebody to write to.
#[derive(Debug, Clone, FromRow)]
pub struct Addressee {
    /// The account.
    #[sqlx(try_from = "String")]
    pub id: AccountId,
    /// The address.
    #[sqlx(try_from = "String")]
    pub email: Email,
    /// The person's name.
    pub name: String,
    language: Option<String>,
}

impl Addressee {
    /// The language the person chose, when one was chosen.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        self.language.as_deref()?.parse().ok()
    }
}

/// The members with an organisation who may at least what `least` may; `least` is developer or above. Owners come first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_organisation(tx: &mut Tx, organisation: OrganisationId, least: Role, most: i64) -> Result<Vec<Addressee>> {
    Ok(
        on_tx!(tx, on => sqlx::query_as(OF_ORGANISATION).bind(organisation.to_string()).bind(least.as_str()).bind(most).fetch_all(on).await)?,
    )
}

/// Those of the operator's staff with one of these roles.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_staff(tx: &mut Tx, roles: &[Staff], most: i64) -> Result<Vec<Addressee>> {
    // Nobody is staff without a role, so that what is not asked for matches nobody.
    let role = |at: usize| roles.get(at).map_or("nobody", |role| role.as_str());
    Ok(on_tx!(tx, on => sqlx::query_as(OF_STAFF).bind(role(0)).bind(role(1)).bind(role(2)).bind(role(3)).bind(most).fetch_all(on).await)?)
}

/// The account with this id.
///
/// # Errors
/// When the database cannot be read.
pub async fn person(tx: &mut Tx, account: AccountId) -> Result<Option<Addressee>> {
    Ok(on_tx!(tx, on => sqlx::query_as(PERSON).bind(account.to_string()).fetch_optional(on).await)?)
}

/// The language that the account with this address chose, when there is such an account and it chose one.
///
/// # Errors
/// When the database cannot be read.
pub async fn language_of(tx: &mut Tx, email: &Email) -> Result<Option<Language>> {
    let found: Option<String> = on_tx!(tx, on => sqlx::query_scalar(LANGUAGE_OF).bind(email.as_str()).fetch_optional(on).await)?;
    Ok(found.and_then(|language| language.parse().ok()))
}

/// The name of an organisation.
///
/// # Errors
/// When the database cannot be read.
pub async fn organisation(tx: &mut Tx, id: OrganisationId) -> Result<Option<String>> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(ORGANISATION).bind(id.to_string()).fetch_optional(on).await)?)
}

/// The name of a project, and the id and name of its organisation.
///
/// # Errors
/// When the database cannot be read.
pub async fn project(tx: &mut Tx, id: ProjectId) -> Result<Option<(String, OrganisationId, String)>> {
    let found: Option<(String, String, String)> = on_tx!(tx, on => sqlx::query_as(PROJECT).bind(id.to_string()).fetch_optional(on).await)?;
    Ok(found.and_then(|(project, id, organisation)| Some((project, id.parse().ok()?, organisation))))
}
