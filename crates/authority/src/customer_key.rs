//! The second pair of the FedEx guide: customer key and customer password, known on the wire as child key and child secret.

use std::sync::Arc;

use domain::{
    contract::Standing,
    customer_key::{CustomerKey, Secrets},
};
use web::Visit;

use crate::{House, client_auth::plausible, form::Form, refusal::Refusal};

/// The three spellings of one parameter: FedEx' own example, its OpenAPI document, its prose.
const SPELLINGS: [&str; 3] = ["child_key", "child_Key", "child_id"];

/// What of a customer key a request presents. No `Debug`.
#[derive(Clone, Copy)]
pub(crate) struct Presented<'a> {
    pub(crate) key: Option<&'a str>,
    pub(crate) secret: Option<&'a str>,
}

impl<'a> Presented<'a> {
    /// Reads the parameters. The same value in two spellings is one value.
    pub(crate) fn read(form: &'a Form<'_>) -> Result<Self, Refusal> {
        let mut spelled = SPELLINGS.iter().filter_map(|name| form.get(name));
        let key = spelled.next();
        if spelled.any(|other| Some(other) != key) {
            return Err(Refusal::Malformed("child_key, child_Key and child_id are one parameter, and came with different values."));
        }
        let secret = form.get("child_secret");
        if (key.is_some() || secret.is_some()) && form.get("subject_token").is_some() {
            return Err(Refusal::Malformed("A customer key comes in subject_token, or in child_key and child_secret. Send it once."));
        }
        Ok(Self { key, secret })
    }

    /// Whether nothing of a customer key came.
    pub(crate) fn is_empty(&self) -> bool {
        self.key.is_none() && self.secret.is_none()
    }

    /// The customer key, when the secret is its own and it may act. Whose it is, the caller must look at. `None` for everything else,
    /// after the same steps: one look-up, one hash, two comparisons.
    pub(crate) async fn prove(&self, house: &House, visit: &Visit) -> Result<Option<Arc<CustomerKey>>, Refusal> {
        let (Some(key), Some(secret)) = (self.key, self.secret) else { return Ok(None) };
        let hash = house.directory.hash_key().hash(secret);
        let known = if plausible(key) {
            let found = house.directory.customer_key(house.settings.environment, key).await;
            found.map_err(|error| Refusal::unavailable(visit, &error))?
        } else {
            None
        };
        let Some(known) = known else {
            Secrets::open_nothing(&hash);
            return Ok(None);
        };
        Ok((known.secrets.open(&hash, visit.at) && known.standing == Standing::Active).then_some(known))
    }
}
