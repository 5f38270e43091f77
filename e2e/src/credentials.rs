//! What a project holds, and what it does with it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::Method;
use serde_json::Value;

use crate::{
    call::{Answer, Call, call, post},
    shipment::{DELIVERY, delivery},
};

/// A project in one environment.
#[derive(Clone, Debug)]
pub struct Project {
    /// The environment's URL.
    pub base: String,
    /// Who owns it.
    pub organisation: String,
    /// Its id.
    pub id: String,
    /// Its OAuth client.
    pub client_id: String,
    /// That client's secret.
    pub client_secret: String,
    /// What it was granted.
    pub scopes: Vec<String>,
    /// The second layer: the pair that Correos-shaped APIs demand. Empty texts when it has none.
    pub api_credential: (String, String),
    /// The accounts it may act for.
    pub customer_keys: Vec<CustomerKey>,
}

/// A child credential.
#[derive(Clone, Debug)]
pub struct CustomerKey {
    /// The account number.
    pub account: String,
    /// Its public half.
    pub key: String,
    /// Its secret half.
    pub secret: String,
}

impl Project {
    /// The parameters that authenticate its client.
    #[must_use]
    pub fn client(&self) -> [(&str, &str); 2] {
        [("client_id", &self.client_id), ("client_secret", &self.client_secret)]
    }

    /// A token request with these further parameters.
    #[must_use]
    pub fn asks(&self, path: &str, more: &[(&str, &str)]) -> Call {
        let all: Vec<_> = self.client().into_iter().chain(more.iter().copied()).collect();
        post(format!("{}{path}", self.base)).form(&all)
    }

    /// What the token endpoint says to its client and secret alone.
    pub async fn knocks(&self) -> Answer {
        self.asks("/oauth2/token", &[("grant_type", "client_credentials")]).send().await
    }

    /// A token for these scopes; for everything granted when the text is empty.
    ///
    /// # Panics
    /// When there is none.
    pub async fn token(&self, scope: &str) -> String {
        let answer = self.asks("/oauth2/token", &[("grant_type", "client_credentials"), ("scope", scope)]).send().await;
        assert_eq!(answer.status, 200, "{answer:?}");
        text(&answer.json(), "/access_token")
    }

    /// A token to act for an account.
    ///
    /// # Panics
    /// When there is none.
    pub async fn token_for(&self, grant_type: &str, key: &CustomerKey) -> String {
        let answer = self.knocks_for("/oauth2/token", grant_type, (&key.key, &key.secret)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        text(&answer.json(), "/access_token")
    }

    /// What a token endpoint says to its client with this customer key.
    pub async fn knocks_for(&self, path: &str, grant_type: &str, (key, secret): (&str, &str)) -> Answer {
        self.asks(path, &[("grant_type", grant_type), ("child_key", key), ("child_secret", secret)]).send().await
    }

    /// Its API credential, both halves.
    #[must_use]
    pub fn pair(&self) -> (&str, &str) {
        (&self.api_credential.0, &self.api_credential.1)
    }

    /// A call of an API with both layers.
    #[must_use]
    pub fn api(&self, method: Method, path: &str, token: &str) -> Call {
        call(method, format!("{}{path}", self.base)).bearer(token).pair(self.pair())
    }

    /// The code of a parcel that it has just preregistered.
    ///
    /// # Panics
    /// When the parcel is refused.
    pub async fn parcel(&self, token: &str) -> String {
        let answer = self.api(Method::POST, DELIVERY, token).json(&delivery()).send().await;
        assert_eq!(answer.status, 201, "{answer:?}");
        text(&answer.json(), "/shipments/0/packages/0/packageCode")
    }
}

/// A text in JSON.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn text(value: &Value, pointer: &str) -> String {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("there is no text at {pointer} in {value:#}")).to_owned()
}

/// What a token says of itself. Whether that is true is another question.
///
/// # Panics
/// When it is no token.
#[must_use]
pub fn claims(token: &str) -> Value {
    part(token, 1)
}

/// How a token says that it is signed.
///
/// # Panics
/// When it is no token.
#[must_use]
pub fn header(token: &str) -> Value {
    part(token, 0)
}

fn part(token: &str, at: usize) -> Value {
    let part = token.split('.').nth(at).expect("a token has three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}
