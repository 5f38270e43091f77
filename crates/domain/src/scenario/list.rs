//! Every scenario in words, in both languages.

use super::{Fault, Scenario};

/// Every scenario, in the order in which a page tells them.
pub const ALL: &[Scenario] = &[
    Scenario {
        fault: Fault::ExpiredToken,
        header: "expired-token",
        fixed: "SBX-EXPIRED-TOKEN",
        statuses: &[401],
        spanish: "El token parece caducado: pide otro y repite la llamada.",
        english: "The token seems to have expired: ask for another one and repeat the call.",
    },
    Scenario {
        fault: Fault::RevokedAccess,
        header: "revoked-access",
        fixed: "SBX-REVOKED-ACCESS",
        statuses: &[403],
        spanish: "Parece que al proyecto se le ha retirado el acceso a la API: un token nuevo no lo arregla.",
        english: "The project's access to the API seems to be withdrawn: a new token does not help.",
    },
    Scenario {
        fault: Fault::Throttled,
        header: "throttled",
        fixed: "SBX-THROTTLED",
        statuses: &[429],
        spanish: "Límite alcanzado, con Retry-After, RateLimit y RateLimit-Policy.",
        english: "The limit is reached, with Retry-After, RateLimit and RateLimit-Policy.",
    },
    Scenario {
        fault: Fault::ThrottledBare,
        header: "throttled-bare",
        fixed: "SBX-THROTTLED-BARE",
        statuses: &[429],
        spanish: "Límite alcanzado, sin ninguna cabecera que diga cuánto hay que esperar.",
        english: "The limit is reached, without any header that says how long to wait.",
    },
    Scenario {
        fault: Fault::ServerError,
        header: "server-error",
        fixed: "SBX-SERVER-ERROR",
        statuses: &[500],
        spanish: "Error interno del transportista.",
        english: "A fault inside the carrier.",
    },
    Scenario {
        fault: Fault::Unavailable,
        header: "unavailable",
        fixed: "SBX-UNAVAILABLE",
        statuses: &[503],
        spanish: "El servicio no está disponible; Retry-After dice cuándo probar otra vez.",
        english: "The service is not available; Retry-After says when to try again.",
    },
    Scenario {
        fault: Fault::Slow,
        header: "slow",
        fixed: "SBX-SLOW",
        statuses: &[],
        spanish: "La respuesta verdadera llega 10 s tarde; slow-3 la retrasa 3 s, y el máximo son 30. La operación sí tiene efecto.",
        english: "The true answer comes 10 s late; slow-3 makes it 3 s, and 30 is the most. The operation does take effect.",
    },
    Scenario {
        fault: Fault::Cut,
        header: "cut",
        fixed: "SBX-CUT",
        statuses: &[200],
        spanish: "La conexión se corta a mitad de la respuesta. La operación no tiene efecto.",
        english: "The connection breaks off in the middle of the answer. The operation takes no effect.",
    },
    Scenario {
        fault: Fault::ErrorInside,
        header: "error-inside",
        fixed: "SBX-ERROR-INSIDE",
        statuses: &[200],
        spanish: "Responde 200 con el error dentro, tal como lo da cada API. Las operaciones que nunca responden así dan un 400 que lo dice.",
        english: "Answers 200 with the error inside, as each API has it. Operations that never do so answer a 400 that says it.",
    },
    Scenario {
        fault: Fault::AnnulmentFailsTwice,
        header: "annulment-fails-twice",
        fixed: "SBX-ANNULMENT-FAILS-TWICE",
        statuses: &[500, 200, 200],
        spanish: "Anular ese envío falla dos veces, con un 500 y con el error dentro de un 200, y a la tercera funciona. \
                  El valor fijo va en una referencia al prerregistrar.",
        english: "Annulling that parcel fails twice, with a 500 and with the error inside a 200, and works the third time. \
                  The fixed value goes into a reference when preregistering.",
    },
    Scenario {
        fault: Fault::LabelNotReady,
        header: "label-not-ready",
        fixed: "SBX-LABEL-NOT-READY",
        statuses: &[200],
        spanish: "La etiqueta de ese envío no está lista las dos primeras veces; a la tercera sale. \
                  El valor fijo va en una referencia al prerregistrar.",
        english: "The label of that parcel is not ready the first two times and comes the third time. \
                  The fixed value goes into a reference when preregistering.",
    },
];
