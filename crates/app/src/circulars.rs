//! Mails to the owners and admins of many organisations: some are written in the transaction of what they tell, the others later, batch by
//! batch, on whichever node has the time.

use domain::{AnnouncementId, CircularId, role::Role};
use store::{
    Moment, Tx, addressees,
    announcements::{self, Announcement},
    circulars::{self, Circular},
    mails,
    policies::{self, Policies},
};

use crate::{
    App, Result,
    mail::{self, Text, To},
};

/// How many organisations one transaction writes to.
const BATCH: i64 = 20;
/// How many people of an organisation are written to: owners first.
const PEOPLE: i64 = 20;

/// Circulars wait while so many mails do: what a person asked for a moment ago must not expire behind them, and a server that is down must
/// not find a mountain when it is back.
const MOST_WAITING: i64 = 300;

/// What a circular tells.
pub(crate) enum About<'a> {
    /// That a version of the policies was published: to whoever accepted another.
    Policies(&'a Policies),
    /// What the operator announced: to whoever may use what is concerned.
    Announcement(&'a Announcement),
}

/// Begins a circular in the transaction of what it tells.
pub(crate) async fn begin(app: &App, tx: &mut Tx, about: &About<'_>) -> Result<()> {
    let (kind, subject) = match about {
        About::Policies(policies) => ("policies", policies.version.clone()),
        About::Announcement(announcement) => ("announcement", announcement.id.to_string()),
    };
    let circular = Circular { id: CircularId::from(app.uuid()), kind: kind.to_owned(), subject, told_to: String::new() };
    circulars::insert(tx, &circular, app.moment()).await?;
    batch(app, tx, &circular, about).await.map(drop)
}

/// Writes some more of every circular under way, at most `batches` of each and none while many mails wait. One that cannot be written keeps
/// neither the others nor its caller from going on.
pub(crate) async fn go_on(app: &App, batches: usize) -> Result<()> {
    for circular in circulars::open(app.db()).await? {
        let id = circular.id;
        match some(app, circular, batches).await {
            Ok(0) => {}
            Ok(written) => tracing::debug!(circular = %id, batches = written, "more of a mail to many was written"),
            Err(error) => tracing::warn!(circular = %id, %error, "a mail to many cannot be written; it is tried again"),
        }
    }
    Ok(())
}

/// Some batches of one circular; how many.
async fn some(app: &App, mut circular: Circular, batches: usize) -> Result<u64> {
    let mut written = 0;
    for _ in 0..batches {
        if mails::waiting(app.db(), MOST_WAITING).await? >= MOST_WAITING {
            break;
        }
        let (policies, announcement) = match circular.kind.as_str() {
            "policies" => (policies::find(app.db(), &circular.subject).await?, None),
            _ => (None, find(app, &circular.subject).await?),
        };
        let mut tx = app.begin().await?;
        let told_to = match (&policies, &announcement) {
            (Some(policies), _) => batch(app, &mut tx, &circular, &About::Policies(policies)).await?,
            // What is over by now is not worth a mail.
            (_, Some(announcement)) if !announcement.is_over(app.now()) => {
                batch(app, &mut tx, &circular, &About::Announcement(announcement)).await?
            }
            _ => {
                if circulars::advance(&mut tx, &circular, &circular.told_to, Some(app.moment())).await? {
                    circulars::forget_readers(&mut tx, circular.id).await?;
                }
                None
            }
        };
        tx.commit(app.now()).await?;
        written += 1;
        let Some(told_to) = told_to else { break };
        circular.told_to = told_to;
    }
    Ok(written)
}

async fn find(app: &App, subject: &str) -> Result<Option<Announcement>> {
    let Ok(id) = subject.parse::<AnnouncementId>() else { return Ok(None) };
    Ok(announcements::find(app.db(), id).await?)
}

/// One batch. The last organisation written to; `None`: nothing is left, or another node was faster.
async fn batch(app: &App, tx: &mut Tx, circular: &Circular, about: &About<'_>) -> Result<Option<String>> {
    let next = match about {
        About::Policies(_) => circulars::accepters(tx, &circular.told_to, BATCH).await?,
        About::Announcement(one) => circulars::users(tx, &one.api, &one.environment, &circular.told_to, BATCH).await?,
    };
    let is_last = i64::try_from(next.len()).is_ok_and(|found| found < BATCH);
    let last = next.last().map_or_else(|| circular.told_to.clone(), ToString::to_string);
    let done_at = is_last.then(|| app.moment());
    // First: whoever was slower writes nothing.
    if !circulars::advance(tx, circular, &last, done_at).await? {
        return Ok(None);
    }
    for organisation in next {
        for person in addressees::of_organisation(tx, organisation, Role::Admin, PEOPLE).await? {
            if !circulars::reaches(tx, circular.id, person.id).await? {
                continue;
            }
            let language = person.language().unwrap_or(mail::DEFAULT_LANGUAGE);
            let text = match about {
                About::Policies(policies) => Text::PoliciesPublished {
                    version: &policies.version,
                    in_force_at: *policies.in_force_at.unwrap_or(Moment(app.now())),
                    changed: policies.changed(language),
                },
                About::Announcement(one) => Text::Announced {
                    kind: one.kind,
                    title: one.title(language),
                    text: one.text(language),
                    environment: one.environment(),
                    api: &one.api,
                    starts_at: *one.starts_at,
                    ends_at: one.ends_at.map(|end| end.0),
                },
            };
            mail::queue(app, tx, &To { email: &person.email, name: &person.name, language }, &text).await?;
        }
    }
    if is_last {
        circulars::forget_readers(tx, circular.id).await?;
    }
    Ok((!is_last).then_some(last))
}
