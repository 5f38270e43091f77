//! The methods of clients in words.

use domain::{Language, client_method::ClientMethod};

/// How a client proves itself, for somebody who may not know its name.
pub(crate) const fn method(method: ClientMethod, language: Language) -> &'static str {
    match method {
        ClientMethod::QueryToken => language.pick("con el token en la dirección", "with the token in the URL"),
        ClientMethod::SecretPost => language.pick("con la clave secreta en el cuerpo", "with the secret in the body"),
        ClientMethod::SecretBasic => language.pick("con la clave secreta por HTTP Basic", "with the secret by HTTP Basic"),
        ClientMethod::PrivateKeyJwt => language.pick("con una firma", "with a signature"),
    }
}

/// What to do instead, said to whoever builds the client. `None`: it may stay as it is.
pub(crate) const fn method_advice(method: ClientMethod, language: Language) -> Option<&'static str> {
    match method {
        ClientMethod::QueryToken => Some(language.pick(
            "Envía el token en la cabecera Authorization: Bearer y quita access_token de la dirección: las direcciones quedan escritas en \
             los registros de servidores y proxies, y el token con ellas.",
            "Send the token in the header Authorization: Bearer and take access_token out of the URL: servers and proxies write URLs into \
             their logs, and the token with them.",
        )),
        ClientMethod::SecretPost | ClientMethod::SecretBasic | ClientMethod::PrivateKeyJwt => None,
    }
}
