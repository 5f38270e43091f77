//! What becomes too old, or too much, is removed.

use domain::account::Patience;
use jiff::SignedDuration;
use store::{
    Moment, ceremonies, mail_links, mails, management_answers, messages, registration_pins, registration_tries, sessions, sign_in_tries,
    sign_ons,
};

use crate::{App, Result, registration};

/// Mails and messages are kept for so many days, sent or not.
const MAILS: i64 = 30;
/// A mail that waits is tried for so many days, and kept as long, however many there are.
const WAITING: i64 = 1;
/// Links are kept for so many days after they stopped working: the person may ask what was sent.
const LINKS: i64 = 30;
/// Slices removed at once; what is left over is for the next time.
const SLICES: usize = 50;

/// How many batches of a circular are written at once; what is left over is for the next time.
const BATCHES: usize = 50;

/// Removes a bounded number of what is too old, then goes on with mails to many; how many rows were removed. To be called now and then, on
/// any node.
///
/// # Errors
/// When the database cannot be written.
pub async fn upkeep(app: &App) -> Result<u64> {
    let now = app.now();
    let ago = |seconds: i64| Moment(now - SignedDuration::from_secs(seconds));
    let oldest_mail = mails::surplus(app.db()).await?.map_or(ago(MAILS * 86_400), |surplus| surplus.max(ago(MAILS * 86_400)));
    let mut removed = 0;
    for _ in 0..SLICES {
        // One slice of each in a transaction of its own: nobody waits long.
        let mut tx = app.begin().await?;
        let slice = mails::prune(&mut tx, oldest_mail, ago(WAITING * 86_400)).await?
            + sessions::prune(&mut tx, Moment(now)).await?
            + ceremonies::prune(&mut tx, Moment(now)).await?
            + sign_ons::prune(&mut tx, Moment(now)).await?
            + mail_links::prune(&mut tx, ago(LINKS * 86_400)).await?
            + management_answers::prune(&mut tx, ago(crate::management::KEPT)).await?
            + sign_in_tries::prune(&mut tx, ago(Patience::ACCOUNT.memory)).await?
            + registration_tries::prune(&mut tx, ago(registration::LOCK)).await?
            + registration_pins::prune(&mut tx, ago(registration::SENDING_WINDOW)).await?
            + messages::prune(&mut tx, ago(MAILS * 86_400)).await?;
        tx.commit(now).await?;
        removed += slice;
        if slice == 0 {
            break;
        }
    }
    // Last: what cannot be written must not keep what is too old.
    circulars(app).await?;
    Ok(removed)
}

/// Goes on with mails to many, as [`upkeep`] does: for in between, since they only go on while few mails wait.
///
/// # Errors
/// When the database cannot be read. What cannot be written is logged, and tried again the next time.
pub async fn circulars(app: &App) -> Result<()> {
    crate::circulars::go_on(app, BATCHES).await
}
