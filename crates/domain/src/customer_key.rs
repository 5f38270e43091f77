//! Customer keys: the child credentials of the FedEx guide.

use crate::{ChildKey, Environment, ProjectId, contract::Standing, secret::SecretHash};

/// A customer key as the hot path sees it: this project may act for that account number.
#[derive(Debug, Clone)]
pub struct CustomerKey {
    /// Its public half ("customer key").
    pub id: ChildKey,
    /// Where it is good.
    pub environment: Environment,
    /// The only project whose client may use it.
    pub project: ProjectId,
    /// The account acted for.
    pub account_number: String,
    /// The keyed hash of its secret ("customer password").
    pub hash: SecretHash,
    /// Whether it may act.
    pub standing: Standing,
    /// The thumbprint of the public key that its client must prove itself with; `None`: whatever proves the client will do.
    pub bound_to: Option<String>,
}
