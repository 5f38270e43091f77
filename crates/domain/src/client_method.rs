//! The ways in which clients prove who they are: at the token endpoint, and at the gateway with what they got there.

use crate::words::words;

words! {
    /// How a client proves who it is. The names are those of the register of RFC 8414, section 2, as far as it has one.
    pub enum ClientMethod: "a method of clients" {
        /// The token stands in the address of a call (RFC 6750, section 2.3). RFC 9700, section 4.3.2, forbids it.
        QueryToken = "query_token",
        /// The secret stands in the body of a token request (RFC 6749, section 2.3.1, which recommends the header). FedEx' and Correos' clients know no
        /// other way.
        SecretPost = "client_secret_post",
        /// The secret by HTTP Basic (RFC 6749, section 2.3.1).
        SecretBasic = "client_secret_basic",
        /// A signed assertion (RFC 7523, section 2.2).
        PrivateKeyJwt = "private_key_jwt",
    }
}

impl ClientMethod {
    /// Whether clients should leave it for another one, because some day it is switched off.
    #[must_use]
    pub const fn is_old(self) -> bool {
        matches!(self, Self::QueryToken)
    }
}
