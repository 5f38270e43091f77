//! Every code that an answer may link to.

/// Code, then what happened and what to do, in Spanish and in English.
pub(super) const CODES: &[(&str, &str, &str)] = &[
    (
        "malformed-request",
        "La petición no está bien formada: debe nombrar un solo servidor y decir la longitud de su cuerpo una sola vez.",
        "The request is not well formed: it must name one host and say the length of its body once.",
    ),
    (
        "ambiguous-path",
        "La ruta se puede leer de más de una manera. Envíala sin barras codificadas, segmentos de puntos, barras dobles ni punto y coma.",
        "The path can be read in more than one way. Send it without encoded slashes, dot segments, double slashes or semicolons.",
    ),
    (
        "no-route",
        "Ninguna API tiene esta ruta. Compárala con la página de referencia de la API; las mayúsculas cuentan.",
        "No API has this path. Compare it with the API's reference page; upper and lower case count.",
    ),
    (
        "method-not-allowed",
        "La ruta existe, pero no con este método. La cabecera Allow dice cuáles admite.",
        "The path exists, but not with this method. The Allow header says which it takes.",
    ),
    (
        "not-in-this-environment",
        "Esta API no se ofrece en este entorno. Llama a la dirección del otro, con su propio cliente OAuth; la página de la API dice dónde está.",
        "This API is not offered in this environment. Call the address of the other one, with its own OAuth client; the API's page says where it is.",
    ),
    (
        "no-token",
        "La petición no lleva token de acceso. Envíalo así: Authorization: Bearer <token>.",
        "The request carries no access token. Send it as: Authorization: Bearer <token>.",
    ),
    (
        "two-tokens",
        "La petición lleva más de un token de acceso. Envíalo una sola vez, en la cabecera Authorization.",
        "The request carries more than one access token. Send it once, in the Authorization header.",
    ),
    (
        "token-in-query",
        "Esta API no admite el token en la dirección. Envíalo en la cabecera Authorization.",
        "This API does not take the token in the query. Send it in the Authorization header.",
    ),
    (
        "token-malformed",
        "El token no tiene forma de token. Envía exactamente lo que respondió el servidor de autorización.",
        "The token does not have the form of a token. Send exactly what the token endpoint answered.",
    ),
    (
        "token-foreign",
        "El token no se emitió en este entorno. Comprueba que no mezclas pruebas y producción.",
        "The token was not issued by this environment. Check that sandbox and production are not mixed.",
    ),
    (
        "token-expired",
        "El token ha caducado. Pide uno nuevo y repite la petición.",
        "The token has expired. Ask for a new one and repeat the request.",
    ),
    ("token-revoked", "El token se revocó. Pide uno nuevo.", "The token was revoked. Ask for a new one."),
    (
        "secret-revoked",
        "La clave secreta con la que se obtuvo el token está revocada. Pide otro token con una clave en vigor.",
        "The secret that obtained the token was revoked. Ask for a new token with a live secret.",
    ),
    (
        "client-stopped",
        "El cliente de este token no puede actuar: él o su organización están suspendidos o revocados. Habla con la operadora.",
        "The client of this token may not act: it, or its organisation, is suspended or revoked. Talk to the operator.",
    ),
    (
        "wrong-audience",
        "El token se emitió para otro destinatario. Pídelo en la dirección del entorno al que llamas.",
        "The token was issued for another audience. Get it at the address of the environment you call.",
    ),
    (
        "scope-missing",
        "La operación necesita un permiso (scope) que el token no tiene. Pídelo en la petición del token; si aún no está concedido, pide acceso a la API.",
        "The operation needs a scope that the token lacks. Ask for it in the token request; if it is not granted yet, ask for access to the API.",
    ),
    (
        "grant-revoked",
        "El permiso (scope) del token ya no está concedido a tu proyecto. Vuelve a pedir acceso a la API.",
        "The scope in the token is no longer granted to your project. Ask for access to the API again.",
    ),
    (
        "api-credential-missing",
        "Esta API pide su propia credencial además del token. Envía las cabeceras client_id y client_secret.",
        "This API needs its own credential beside the token. Send the headers client_id and client_secret.",
    ),
    (
        "api-credential-wrong",
        "La credencial de API no vale aquí, o no es de la organización del token. Comprueba que client_id y client_secret son los de la API y no los del token.",
        "The API credential is not valid here, or does not belong to the organisation of the token. Check that client_id and client_secret are the API's and not the token's.",
    ),
    (
        "api-not-approved",
        "La credencial de API es correcta, pero el proyecto no tiene acceso a esta API. Pide acceso en la página del proyecto.",
        "The API credential is right, but the project has no access to this API. Ask for access on the project's page.",
    ),
    (
        "customer-key-stopped",
        "La clave de cliente que hay detrás del token está suspendida o revocada. Mírala en la página de claves de cliente del proyecto: si está suspendida, se puede reanudar; si está revocada, hace falta otra.",
        "The customer key behind the token is suspended or revoked. Look at it on the project's page of customer keys: a suspended one can be resumed; for a revoked one another is needed.",
    ),
    (
        "rate-exceeded",
        "Demasiadas peticiones en esta ventana. La cabecera Retry-After dice cuánto esperar.",
        "Too many requests in this window. The Retry-After header says how long to wait.",
    ),
    (
        "quota-exceeded",
        "La cuota del día está agotada. Empieza de nuevo a las 00:00 UTC.",
        "The daily quota is used up. It starts anew at 00:00 UTC.",
    ),
    (
        "customer-key-rate-exceeded",
        "Demasiadas peticiones con esta clave de cliente en esta ventana. La cabecera Retry-After dice cuánto esperar; las demás claves del proyecto siguen.",
        "Too many requests with this customer key in this window. The Retry-After header says how long to wait; the project's other keys go on.",
    ),
    (
        "customer-key-quota-exceeded",
        "Lo que esta clave de cliente puede pedir en un día está agotado. Empieza de nuevo a las 00:00 UTC; las demás claves del proyecto siguen. El límite está en la página de la clave.",
        "What this customer key may ask for in a day is used up. It starts anew at 00:00 UTC; the project's other keys go on. The limit is on the key's page.",
    ),
    (
        "too-many-failures",
        "Demasiadas peticiones con una credencial incorrecta. Espera lo que dice Retry-After y revisa la credencial.",
        "Too many requests with a wrong credential. Wait as Retry-After says and check the credential.",
    ),
    (
        "body-too-large",
        "El cuerpo de la petición es más largo de lo que admite la API. Repártelo en varias peticiones.",
        "The request body is longer than the API takes. Split it into several requests.",
    ),
    (
        "body-unfit",
        "El cuerpo de la petición no encaja en el esquema de la API. La respuesta nombra los campos.",
        "The request body does not fit the API's schema. The answer names the fields.",
    ),
    (
        "upstream-unreachable",
        "La API que hay detrás no responde. Inténtalo de nuevo en un momento.",
        "The API behind the gateway cannot be reached. Try again in a moment.",
    ),
    (
        "upstream-too-slow",
        "La API que hay detrás no contestó a tiempo. Mira si la petición tuvo efecto antes de repetirla.",
        "The API behind the gateway did not answer in time. Look whether the request took effect before you repeat it.",
    ),
    (
        "unavailable",
        "Ahora mismo no se puede decidir. Inténtalo en unos segundos.",
        "Nothing can be decided at the moment. Try again in a few seconds.",
    ),
    (
        "invalid-request",
        "Falta un parámetro, está repetido o está mal escrito. La respuesta dice cuál.",
        "A parameter is missing, repeated or malformed. The answer says which.",
    ),
    (
        "invalid-client",
        "El cliente no se pudo autenticar. Comprueba el client_id y el client_secret, que sean de este entorno y que no lleven un salto de línea al final.",
        "The client could not be authenticated. Check client_id and client_secret, that they belong to this environment, and that no line break is pasted at their end.",
    ),
    (
        "unauthorized-client",
        "Este cliente no puede usar ese grant_type: depende del tipo de cliente de la organización.",
        "This client may not use that grant_type: it depends on the customer type of its organisation.",
    ),
    (
        "unsupported-grant-type",
        "Ese grant_type no existe aquí. Usa client_credentials, csp_credentials, client_pc_credentials o urn:ietf:params:oauth:grant-type:token-exchange.",
        "There is no such grant_type here. Use client_credentials, csp_credentials, client_pc_credentials or urn:ietf:params:oauth:grant-type:token-exchange.",
    ),
    (
        "invalid-scope",
        "Ninguno de los permisos (scopes) pedidos está concedido a tu proyecto. Pide acceso a la API.",
        "None of the scopes asked for is granted to your project. Ask for access to the API.",
    ),
    (
        "server-error",
        "Ha fallado algo por nuestra parte. Con el identificador de la petición podemos encontrar qué.",
        "Something failed on our side. With the request id we can find out what.",
    ),
    // What the management API refuses.
    (
        "bad-parameter",
        "Un parámetro o una cabecera no existe, se repite o tiene un valor que no vale. La respuesta nombra cuál.",
        "A parameter or a header does not exist, is repeated or has a value that cannot be used. The answer names it.",
    ),
    (
        "not-permitted",
        "El permiso (scope) de esta operación no basta para lo que haría. Mira en el documento de la API de gestión cuál lo permite.",
        "The scope of this operation is not enough for what it would do. The document of the management API says which is.",
    ),
    (
        "not-found",
        "No existe lo que pides. Comprueba el identificador, entero y sin espacios.",
        "What you ask for does not exist. Check the id: the whole of it, without spaces.",
    ),
    (
        "not-acceptable",
        "La API de gestión solo habla application/json. Admítelo en la cabecera Accept.",
        "The management API speaks application/json only. Admit it in the Accept header.",
    ),
    (
        "rule",
        "Una regla no lo permite tal como están las cosas: un nombre ocupado, algo ya decidido o terminado. La respuesta dice cuál y no se ha cambiado nada.",
        "A rule does not allow it as things stand: a name that is taken, something that was decided or is over. The answer says which, and nothing was changed.",
    ),
    (
        "idempotency-key-busy",
        "Esa misma petición se está atendiendo en este momento. Espera un poco y repítela con la misma Idempotency-Key.",
        "That very request is being answered at this moment. Wait a little and repeat it with the same Idempotency-Key.",
    ),
    (
        "precondition-failed",
        "Alguien ha cambiado lo que ibas a cambiar desde que lo leíste. Léelo otra vez y envía su nuevo ETag en If-Match.",
        "Somebody changed what you were about to change since you read it. Read it again and send its new ETag in If-Match.",
    ),
    (
        "media-type",
        "El cuerpo tiene que ser application/json, sin comprimir. Dilo en Content-Type.",
        "The body must be application/json, not compressed. Say so in Content-Type.",
    ),
    (
        "idempotency-key-reused",
        "La Idempotency-Key ya se usó con otra petición. Usa una nueva para cada petición distinta.",
        "The Idempotency-Key was used with another request. Use a new one for each different request.",
    ),
    (
        "precondition-required",
        "Para cambiar o quitar algo hay que decir cómo lo viste: lee su ETag y envíalo en If-Match.",
        "To change or remove something, say how you saw it: read its ETag and send it in If-Match.",
    ),
    // What the carrier behind the gateway refuses, by its status.
    (
        "400",
        "A la petición le falta algo, o no se puede leer. La respuesta dice qué: corrígelo y vuelve a enviarla; repetirla igual no sirve.",
        "The request lacks something, or cannot be read. The answer says what: mend it and send it again; sending it unchanged will not help.",
    ),
    (
        "401",
        "La llamada llegó sin decir en nombre de quién se hace. Pide un token nuevo y envíalo en la cabecera Authorization, por la dirección del entorno y no por otra.",
        "The call arrived without saying on whose behalf it is made. Get a new token and send it in the Authorization header, to the environment's own address and no other.",
    ),
    (
        "404",
        "No existe lo que pides, o no es de tu proyecto: desde fuera las dos cosas se ven igual. Revisa el código letra por letra, y que lo creaste con este proyecto y en este entorno.",
        "What you ask for does not exist, or is not your project's: both look the same. Check the code letter by letter, and that you made it with this project and in this environment.",
    ),
    (
        "405",
        "La ruta existe, pero no con este método. La cabecera Allow dice cuáles admite; la página de la API dice para qué sirve cada uno.",
        "The path exists, but not with this method. The Allow header says which it takes; the API's page says what each is for.",
    ),
    (
        "409",
        "La petición choca con lo que ya hay: lo que quieres cambiar ya no admite ese cambio, o la Idempotency-Key se usó con otra petición. Consulta primero cómo está; para una petición distinta usa otra clave.",
        "The request clashes with what is there: the thing no longer takes that change, or the Idempotency-Key was used with another request. Read first how it stands; use another key for a different request.",
    ),
    (
        "413",
        "El cuerpo de la petición es demasiado grande. Repártelo en varias peticiones.",
        "The request body is too large. Split it into several requests.",
    ),
    (
        "500",
        "Ha fallado algo por nuestra parte. Mira si la petición tuvo efecto antes de repetirla; si sigue fallando, escríbenos con el identificador de la petición.",
        "Something failed on our side. Look whether the request took effect before you repeat it; if it keeps failing, write to us with the request id.",
    ),
    (
        "503",
        "El servicio no puede atender la petición ahora mismo. Repítela en unos segundos.",
        "The service cannot take the request at the moment. Repeat it in a few seconds.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_the_carrier_links_to_is_explained() {
        for status in ["400", "401", "404", "405", "409", "413", "500", "503"] {
            assert!(CODES.iter().any(|(code, ..)| *code == status), "{status}");
        }
    }

    #[test]
    fn no_code_is_explained_twice_or_not_at_all() {
        for (at, (code, spanish, english)) in CODES.iter().enumerate() {
            assert!(CODES[..at].iter().all(|(other, ..)| other != code), "{code}");
            assert!(!spanish.is_empty() && !english.is_empty() && spanish != english, "{code}");
        }
    }
}
