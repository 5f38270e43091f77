//! Recovery codes: ten, each good once, for when the second factor is lost.

use domain::{
    AccountId,
    account::RECOVERY_CODES,
    secret::{Secret, SecretHash},
};
use serde_json::json;
use store::{Tx, recovery_codes};

use super::{Refusal, SignedIn};
use crate::{App, Result};

/// Crockford's base 32: no letter that could be read as another.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 50 bits: with a keyed hash at rest and a count of tries, far from guessable.
const GROUPS: usize = 2;

/// How many codes still work.
///
/// # Errors
/// When the database cannot be read.
pub async fn codes_left(app: &App, who: &SignedIn) -> Result<i64> {
    Ok(recovery_codes::left(app.db(), who.id()).await?)
}

/// Draws new codes; the old ones are worthless from now on. They can be shown this once.
///
/// # Errors
/// [`Error::Unproved`](crate::Error::Unproved); [`Refusal::NoSecondFactor`] when there is none that they could stand in for.
pub async fn regenerate_codes(app: &App, who: &SignedIn) -> Result<Vec<Secret>> {
    who.must_be_proved(app)?;
    let mut tx = app.begin().await?;
    let account = store::accounts::find_in(&mut tx, who.id()).await?.ok_or(Refusal::Ended)?;
    if !account.has_second_factor() {
        return Err(Refusal::NoSecondFactor.into());
    }
    let codes = replace(app, &mut tx, who.id()).await?;
    app.commit(tx, &who.actor(), "account.regenerate_codes", who.id(), json!({})).await?;
    Ok(codes)
}

/// Codes for an account that has none left; an empty list when it has.
pub(super) async fn if_none(app: &App, tx: &mut Tx, account: AccountId) -> Result<Vec<Secret>> {
    if recovery_codes::left_in(tx, account).await? > 0 { Ok(Vec::new()) } else { replace(app, tx, account).await }
}

async fn replace(app: &App, tx: &mut Tx, account: AccountId) -> Result<Vec<Secret>> {
    let codes: Vec<Secret> = (0..RECOVERY_CODES).map(|_| letters(app, GROUPS)).collect();
    let hashes: Vec<_> = codes.iter().map(|code| hash(app, account, code.expose())).collect();
    recovery_codes::replace(tx, account, &hashes).await?;
    Ok(codes)
}

/// Random letters that nobody confuses, in `groups` of five with dashes between them: 25 bits a group.
pub(super) fn letters(app: &App, groups: usize) -> Secret {
    let group = || app.entropy.bytes::<5>().into_iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect::<String>();
    Secret::new((0..groups).map(|_| group()).collect::<Vec<_>>().join("-"))
}

/// The keyed hash of a code as a person may write it down and type it.
pub(super) fn hash(app: &App, account: AccountId, code: &str) -> SecretHash {
    let plain: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            c => c,
        })
        .collect();
    app.hash_key.hash(&format!("recovery-code:{account}:{plain}"))
}
