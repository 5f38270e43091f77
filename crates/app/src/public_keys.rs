//! Public keys of clients: a client proves itself by what it signs, and sends no secret that could be read on the way or leak at its end.

use domain::{ClientId, SecretId, contract::Standing, public_key::PublicKey, role::Permission};
use serde_json::json;
use store::public_keys::PublicKeyRow;

use crate::{
    Actor, App, Bounded, Error, Result, Rule, clients,
    notices::{Notice, notice},
    permission::{Hat, Needs},
    projects, secrets,
    secrets::MOST_A_DAY,
};

/// How many live public keys a client may have.
pub const MOST: i64 = 5;

/// Registers a public key, a JWK, for a client.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] when it is no key that is taken; [`Error::Refused`] when the client is revoked or has as many as it may,
/// when it has this one or the project had it removed, or when a program asks for a project that may call the management API; [`Error::Rule`] when
/// the project got too many today.
pub async fn add(app: &App, actor: &Actor, client: &ClientId, jwk: &str) -> Result<PublicKeyRow> {
    let (client, hat) = clients::reach(app, actor, client, Needs::Member(Permission::Develop)).await?;
    if client.status == Standing::Revoked {
        return Err(Error::refused(
            format!("El cliente {} está revocado para siempre: crea otro.", client.id),
            format!("client {} is revoked for good; create a new one", client.id),
        ));
    }
    let key = PublicKey::read(jwk.trim()).map_err(unusable)?;
    let row = PublicKeyRow {
        id: SecretId::from(app.uuid()),
        client_id: client.id.clone(),
        thumbprint: key.thumbprint().to_owned(),
        jwk: key.jwk(),
        created_at: app.moment(),
        retires_at: None,
        revoked_at: None,
        last_used_at: None,
        last_used_address: None,
        last_used_agent: None,
    };
    let mut tx = app.begin().await?;
    projects::hold(&mut tx, client.project_id).await?;
    secrets::not_of_management(&mut tx, actor, client.project_id, client.environment).await?;
    if hat == Hat::Member && store::public_keys::since(&mut tx, client.project_id, secrets::a_day_ago(app)).await? >= MOST_A_DAY {
        return Err(Rule::TooMany(Bounded::PublicKeys, MOST_A_DAY).into());
    }
    // What is bound to it would come back to life with it, in whose hands soever the private half is by now.
    if store::public_keys::was_removed(&mut tx, client.project_id, client.environment, &row.thumbprint).await? {
        return Err(Error::refused(
            "Esa clave pública se quitó, y lo que se quita no vuelve: genera otro par y registra su mitad pública.",
            "that public key was removed, and what was removed does not come back; make another pair and register its public half",
        ));
    }
    if store::public_keys::live(&mut tx, &client.id, app.moment()).await? >= MOST {
        return Err(Error::refused(
            format!("El cliente {} ya tiene {MOST} claves públicas en vigor, que es el máximo: quita antes una.", client.id),
            format!("client {} has {MOST} live public keys, which is the most; remove one first", client.id),
        ));
    }
    store::public_keys::insert(&mut tx, &row).await.map_err(|error| Error::taken(error, "public key", &row.thumbprint))?;
    notice(app, &mut tx, Notice::PublicKeyAdded { client: &client, key: &row }).await?;
    app.commit(tx, actor, "client.add_public_key", &client.id, json!({"public_key": row.id, "thumbprint": row.thumbprint})).await?;
    Ok(row)
}

fn unusable(error: domain::public_key::Unusable) -> Error {
    use domain::public_key::Unusable::{Kind, Malformed, Point, Private, Use};
    let spanish = match error {
        Malformed => "No es una JWK: un objeto JSON con kty, crv y x, y una sola clave.",
        Private => "Lleva dentro la mitad privada, que con esto ha salido de tus manos: genera otro par y envía solo la mitad pública.",
        Kind => "Solo valen claves P-256 (ES256) y Ed25519 (EdDSA).",
        Use => "Dice que no es para firmar: use ha de ser sig y key_ops, verify, cuando están.",
        Point => "Sus coordenadas no son las de un punto de su curva.",
    };
    Error::invalid("public_key", spanish, error.to_string())
}

/// The public keys of a client, oldest first, those that are over too.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn list(app: &App, actor: &Actor, client: &ClientId) -> Result<Vec<PublicKeyRow>> {
    let (client, _) = clients::reach(app, actor, client, Needs::Member(Permission::See)).await?;
    Ok(store::public_keys::of_client(app.db(), &client.id).await?)
}

/// Takes a public key off a client and ends, within a second on every node, every token it got. Customer keys that are bound to it get no more
/// tokens from this client until they are bound anew.
///
/// # Errors
/// [`Error::NotFound`]: also when the client does not have it.
pub async fn remove(app: &App, actor: &Actor, client: &ClientId, thumbprint: &str) -> Result<()> {
    let (client, _) = clients::reach(app, actor, client, Needs::Member(Permission::Develop)).await?;
    let mut tx = app.begin().await?;
    if !store::public_keys::remove(&mut tx, &client.id, thumbprint, app.moment()).await? {
        return Err(Error::not_found("public key", thumbprint));
    }
    app.commit(tx, actor, "client.remove_public_key", &client.id, json!({"thumbprint": thumbprint})).await
}
