//! Another secret for a customer key, while the one before goes on for as long as it is chosen.

use domain::{ChildKey, contract::Standing, credential::SecretKind, role::Permission, rotation::Overlap};
use serde_json::json;
use store::{
    Moment,
    customer_keys::{CustomerKeyRow, Rotation},
};

use crate::{
    Actor, App, Error, Issued, Result,
    notices::{Notice, notice},
    permission::Needs,
    projects,
};

/// Replaces the secret of a customer key, in production too: what its holder agreed to stands, and only the secret is another. The one before
/// opens on for the overlap, and its tokens live out; with [`Overlap::Now`] every secret there was ends.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Refused`] when the key is revoked, or while two secrets live and one of them is to go on;
/// [`Error::Rule`](crate::Error::Rule) when the project is archived.
pub async fn rotate(app: &App, actor: &Actor, id: &ChildKey, overlap: Overlap) -> Result<Issued<CustomerKeyRow>> {
    let absent = || Error::not_found("customer key", id);
    let key = store::customer_keys::find(app.db(), id).await?.ok_or_else(absent)?;
    projects::reach_for(app, actor, key.project_id, Needs::Member(Permission::Develop), ("customer key", id)).await?;
    let secret = SecretKind::Child.mint(key.environment, &app.entropy);
    let (at, prefix) = (app.moment(), secret.prefix());
    let until = (overlap != Overlap::Now).then(|| Moment(*at + jiff::SignedDuration::from_secs(i64::from(overlap.seconds()))));
    let mut tx = app.begin().await?;
    projects::hold(&mut tx, key.project_id).await?;
    let rotation = Rotation { hash: &app.hash_key.hash(secret.expose()), prefix: &prefix, at, previous_until: until };
    if !store::customer_keys::rotate(&mut tx, id, &rotation).await? {
        drop(tx);
        let now = store::customer_keys::find(app.db(), id).await?.ok_or_else(absent)?;
        return Err(refusal(&now));
    }
    let previous_prefix = until.map(|_| key.prefix.clone());
    let record = CustomerKeyRow { prefix, rotated_at: Some(at), previous_prefix, previous_until: until, ..key };
    notice(app, &mut tx, Notice::CustomerKeyRotated { key: &record }).await?;
    let detail = json!({"project": record.project_id, "prefix": record.prefix, "overlap": overlap});
    app.commit(tx, actor, "customer_key.rotate", id, detail).await?;
    Ok(Issued { record, secret })
}

fn refusal(key: &CustomerKeyRow) -> Error {
    let id = &key.id;
    if key.status == Standing::Revoked {
        return super::revoked(id);
    }
    Error::refused(
        format!(
            "La clave de cliente {id} ya tiene dos contraseñas en vigor, que es el máximo: espera a que termine la anterior, o renueva con efecto inmediato."
        ),
        format!(
            "customer key {id} has two live secrets, which is the most: wait until the one before ends, or let both end now (`--overlap now`)"
        ),
    )
}
