//! Rules that members of organisations run into, in both languages: whoever shows a page shows these words.

use std::fmt;

use domain::CustomerType;

/// A rule that says no, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// Nobody has proved yet to read the account's address.
    Unverified,
    /// There are as many as there may be.
    TooMany(Bounded, i64),
    /// An organisation always has an owner.
    LastOwner,
    /// Who is invited is a member already.
    AlreadyMember(String),
    /// The link is unknown, used, withdrawn, replaced or too old; which of these it is, is nobody's business.
    InvitationEnded,
    /// The invitation is for another address than the account's.
    WrongAddress {
        /// The invited address.
        invited: String,
        /// The account's.
        account: String,
    },
    /// The organisation was closed.
    Closed,
    /// The project was archived.
    Archived,
    /// Production needs an active contract.
    NoContract,
    /// Production needs the usage policies accepted.
    PoliciesNotAccepted,
    /// The policies are not those any more that were read.
    PoliciesChanged,
    /// Policies are accepted by people who signed in.
    NoSignature,
    /// The organisation is what it asks to be.
    SameCustomerType(CustomerType),
    /// A request of this kind waits already.
    AlreadyAsked,
    /// Somebody else decided first.
    AlreadyDecided,
    /// The operator suspended it.
    SuspendedByOperator,
    /// The API is deprecated: nobody new gets access.
    ApiDeprecated,
    /// The API is retired: nothing serves it.
    ApiRetired,
    /// The API is for organisations of other types.
    ApiNotOpen(CustomerType),
}

/// What there may be a number of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bounded {
    /// Organisations that an account owns.
    Organisations,
    /// Members of an organisation.
    Members,
    /// Invitations of an organisation in a day.
    Invitations,
    /// Projects of an organisation.
    Projects,
    /// Contracts of an organisation.
    Contracts,
    /// Live clients of a project in an environment.
    Clients,
    /// Secrets that are made for a project in a day.
    Secrets,
    /// Public keys that are added to a project's clients in a day.
    PublicKeys,
    /// Access requests of a project that wait.
    WaitingRequests,
    /// Passkeys of an account.
    Passkeys,
    /// Access requests of a project, ever.
    Requests,
    /// Customer keys of a project in the sandbox.
    CustomerKeys,
}

impl Rule {
    /// The rule in Spanish.
    #[must_use]
    pub fn spanish(&self) -> String {
        match self {
            Self::Unverified => "Primero verifica tu dirección de correo con el enlace que te enviamos.".into(),
            Self::TooMany(what, most) => what.spanish(*most),
            Self::LastOwner => "Toda organización necesita una persona propietaria: nombra antes a otra.".into(),
            Self::AlreadyMember(email) => format!("{email} ya es miembro de la organización."),
            Self::InvitationEnded => "Esta invitación ya no vale: pide que te envíen otra.".into(),
            Self::WrongAddress { invited, account } => {
                format!(
                    "La invitación es para {invited} y has entrado como {account}: entra con esa dirección o pide una invitación para la tuya."
                )
            }
            Self::Closed => "La organización está cerrada: puedes consultarla, pero no cambiar nada.".into(),
            Self::Archived => "El proyecto está archivado: crea otro.".into(),
            Self::NoContract => {
                "Producción necesita un contrato activo: vincula uno en la página de la organización y espera a que lo activemos.".into()
            }
            Self::PoliciesNotAccepted => "Antes de pasar a producción hay que aceptar las políticas de uso para el proyecto.".into(),
            Self::PoliciesChanged => "Las políticas de uso han cambiado desde que las leíste: lee la versión actual y acéptala.".into(),
            Self::NoSignature => "Las políticas de uso solo puede aceptarlas alguien que haya entrado con su cuenta.".into(),
            Self::SameCustomerType(kind) => format!("La organización ya es de este tipo: {kind}."),
            Self::AlreadyAsked => "Ya hay una solicitud pendiente: espera a que la resolvamos.".into(),
            Self::AlreadyDecided => "Alguien ya lo ha resuelto: vuelve a cargar la página para ver cómo.".into(),
            Self::SuspendedByOperator => "Lo suspendimos nosotros: escríbenos para reactivarlo. Revocarlo sí puedes.".into(),
            Self::ApiDeprecated => "Esta API está en desuso y ya no admite solicitudes: en su página pone hasta cuándo se sirve.".into(),
            Self::ApiRetired => "Esta API está retirada: ya no se sirve.".into(),
            Self::ApiNotOpen(kind) => {
                format!("Esta API no está abierta a organizaciones de tu tipo ({kind}): solicita otro tipo de cliente o escríbenos.")
            }
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unverified => f.write_str("verify your e-mail address first, with the link in the mail we sent you"),
            Self::TooMany(what, most) => what.english(*most, f),
            Self::LastOwner => f.write_str("an organisation always has an owner: make somebody else one first"),
            Self::AlreadyMember(email) => write!(f, "{email} is a member already"),
            Self::InvitationEnded => f.write_str("this invitation is not good any more: ask for another one"),
            Self::WrongAddress { invited, account } => {
                write!(
                    f,
                    "the invitation is for {invited} and you are signed in as {account}: sign in with that address, or ask for an invitation to yours"
                )
            }
            Self::Closed => f.write_str("the organisation is closed: it can be looked at, and nothing of it can be changed"),
            Self::Archived => f.write_str("the project is archived: create another one"),
            Self::NoContract => {
                f.write_str("production needs an active contract: link one on the page of the organisation; the operator activates it")
            }
            Self::PoliciesNotAccepted => f.write_str("production needs the usage policies accepted for this project first"),
            Self::PoliciesChanged => {
                f.write_str("the usage policies changed since you read them: read the current version and accept that")
            }
            Self::NoSignature => {
                f.write_str("the usage policies are accepted by somebody who signed in; the command line needs no acceptance")
            }
            Self::SameCustomerType(kind) => write!(f, "the organisation is a {kind} already"),
            Self::AlreadyAsked => f.write_str("a request of this kind waits already: it has to be decided first"),
            Self::AlreadyDecided => f.write_str("somebody decided this already: load the page again to see how"),
            Self::SuspendedByOperator => f.write_str("the operator suspended it: ask the operator to resume it; you may revoke it"),
            Self::ApiDeprecated => f.write_str("this API is deprecated and takes no new requests: its page says until when it is served"),
            Self::ApiRetired => f.write_str("this API is retired: nothing serves it any more"),
            Self::ApiNotOpen(kind) => {
                write!(f, "this API is not open to organisations of your type ({kind}): ask for another customer type, or write to us")
            }
        }
    }
}

impl std::error::Error for Rule {}

impl Bounded {
    fn english(self, most: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whose, mend) = match self {
            Self::Organisations => ("an account owns at most {} organisations", "close one you do not need"),
            Self::Members => ("an organisation has at most {} members", "remove somebody who left"),
            Self::Invitations => ("an organisation sends at most {} invitations a day", "go on tomorrow"),
            Self::Projects => ("an organisation has at most {} projects", "archive one you do not need"),
            Self::Contracts => ("an organisation has at most {} contracts", "ask the operator"),
            Self::Clients => ("a project has at most {} live clients in an environment", "revoke one you do not need"),
            Self::Secrets => ("a project gets at most {} new secrets of a kind a day", "go on tomorrow, or ask the operator"),
            Self::PublicKeys => ("a project gets at most {} new public keys a day", "go on tomorrow, or ask the operator"),
            Self::WaitingRequests => ("a project has at most {} access requests waiting", "wait until they are decided"),
            Self::Passkeys => ("an account has at most {} passkeys", "remove one you do not use"),
            Self::Requests => ("a project makes at most {} access requests", "create another project, or ask the operator"),
            Self::CustomerKeys => ("a project has at most {} customer keys in the sandbox", "revoke one you do not need"),
        };
        write!(f, "{}: {mend}", whose.replace("{}", &most.to_string()))
    }

    fn spanish(self, most: i64) -> String {
        let (whose, mend) = match self {
            Self::Organisations => ("Una cuenta puede ser propietaria de {} organizaciones como mucho", "cierra una que no necesites"),
            Self::Members => ("Una organización tiene {} miembros como mucho", "quita a alguien que ya no esté"),
            Self::Invitations => ("Una organización envía {} invitaciones al día como mucho", "sigue mañana"),
            Self::Projects => ("Una organización tiene {} proyectos como mucho", "archiva uno que no necesites"),
            Self::Contracts => ("Una organización tiene {} contratos como mucho", "escríbenos"),
            Self::Clients => ("Un proyecto tiene {} clientes vivos por entorno como mucho", "revoca uno que no necesites"),
            Self::Secrets => ("Un proyecto recibe {} claves secretas nuevas de cada tipo al día como mucho", "sigue mañana o escríbenos"),
            Self::PublicKeys => ("Un proyecto recibe {} claves públicas nuevas al día como mucho", "sigue mañana o escríbenos"),
            Self::Passkeys => ("Una cuenta tiene {} llaves de acceso como mucho", "quita una que no uses"),
            Self::WaitingRequests => ("Un proyecto tiene {} solicitudes pendientes como mucho", "espera a que se resuelvan"),
            Self::Requests => ("Un proyecto hace {} solicitudes de acceso como mucho", "crea otro proyecto o escríbenos"),
            Self::CustomerKeys => ("Un proyecto tiene {} claves de cliente en el sandbox como mucho", "revoca una que no necesites"),
        };
        format!("{}: {mend}.", whose.replace("{}", &most.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_names_its_number_in_both_languages() {
        let rule = Rule::TooMany(Bounded::Projects, 100);
        assert_eq!(rule.to_string(), "an organisation has at most 100 projects: archive one you do not need");
        assert_eq!(rule.spanish(), "Una organización tiene 100 proyectos como mucho: archiva uno que no necesites.");
    }
}
