//! Those who act for account numbers, and those they act for. Either side can make the other be written to, so that each organisation gets so many
//! mails of a kind a day, then one that says there are more.

use domain::{Environment, OrganisationId, ProjectId, role::Role};
use store::{
    Tx,
    acting::{count_told, holders},
    addressees::{self, Addressee},
    customer_keys::CustomerKeyRow,
};

use super::{MOST, builders, tell};
use crate::{App, Result, mail::Text};

/// How many mails of a kind an organisation gets in a day (UTC) before the one that says there are more.
const MOST_A_DAY: i64 = 10;
/// How many organisations may hold one account number and hear of it.
const HOLDERS: i64 = 20;

/// What an organisation is told the next time.
enum Turn {
    /// What happened.
    This,
    /// That there is more than it was told.
    More,
    /// Nothing until tomorrow.
    Nothing,
}

async fn turn(app: &App, tx: &mut Tx, organisation: OrganisationId, kind: &'static str) -> Result<Turn> {
    let told = count_told(tx, organisation, kind, app.moment()).await?;
    Ok(match told - 1 {
        before if before < MOST_A_DAY => Turn::This,
        MOST_A_DAY => Turn::More,
        _ => Turn::Nothing,
    })
}

/// To the owners and admins of whoever holds the account number.
pub(super) async fn created(app: &App, tx: &mut Tx, key: &CustomerKeyRow) -> Result<()> {
    if key.environment == Environment::Sandbox {
        return Ok(());
    }
    let holders = holders(tx, &key.account_number, HOLDERS).await?;
    if holders.is_empty() {
        return Ok(());
    }
    let Some((project, _, platform)) = addressees::project(tx, key.project_id).await? else { return Ok(()) };
    let mut reached: Vec<Addressee> = Vec::new();
    for holder in holders {
        let page = format!("/organisations/{holder}/acting");
        let (account_number, environment) = (key.account_number.as_str(), key.environment);
        let text = Text::CustomerKeyCreated { account_number, organisation: &platform, project: &project, environment, page: &page };
        let mut people = addressees::of_organisation(tx, holder, Role::Admin, MOST).await?;
        people.retain(|person| !reached.iter().any(|known| known.email == person.email));
        if people.is_empty() {
            continue;
        }
        let text = match turn(app, tx, holder, text.kind()).await? {
            Turn::This => text,
            Turn::More => Text::MoreCustomerKeysCreated { page: &page },
            Turn::Nothing => continue,
        };
        tell(app, tx, &people, &text).await?;
        reached.extend(people);
    }
    Ok(())
}

/// To those who build in the platform's organisation.
pub(super) async fn stopped(
    app: &App,
    tx: &mut Tx,
    project: ProjectId,
    accounts: &[String],
    keys: usize,
    reason: Option<&str>,
) -> Result<()> {
    let Some((_, platform, _)) = addressees::project(tx, project).await? else { return Ok(()) };
    let (name, people) = builders(tx, project).await?;
    if people.is_empty() {
        return Ok(());
    }
    let page = format!("/projects/{project}/customer-keys?status=revoked");
    let reason = reason.unwrap_or_default();
    let text = Text::CustomerKeysStopped { project: &name, accounts, keys, reason, page: &page };
    let text = match turn(app, tx, platform, text.kind()).await? {
        Turn::This => text,
        Turn::More => Text::MoreCustomerKeysStopped { project: &name, page: &page },
        Turn::Nothing => return Ok(()),
    };
    tell(app, tx, &people, &text).await
}
