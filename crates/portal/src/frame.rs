//! What stands around every page: title, bar, rail, what was just done.

use std::{borrow::Cow, fmt};

use app::accounts::{self, Account, Session};
use askama::filters::HtmlSafe;
use domain::{OrganisationId, Timestamp, role::Staff};
use jiff::tz::TimeZone;

use crate::{
    assets,
    bands::{self, Band},
    language::{self, Language},
    visit::{Visit, is_local},
};

/// The frame of a page; templates find it as `frame`.
pub(crate) struct Frame<'v> {
    pub(crate) language: Language,
    pub(crate) title: String,
    /// Whether the page is for everybody, which is where the airmail edge is.
    pub(crate) public: bool,
    /// The name of who signed in and may act.
    pub(crate) somebody: Option<&'v str>,
    /// What they are among the operator's people.
    pub(crate) staff: Option<Staff>,
    /// Somebody of whom more is awaited: they can only bring it, or leave.
    pub(crate) half: bool,
    pub(crate) rail: Option<Rail>,
    /// What the operator announced that must not be missed.
    pub(crate) bands: Vec<Band>,
    pub(crate) notice: Option<&'static str>,
    pub(crate) form_token: &'v str,
    pub(crate) request: String,
    /// Whether there is a mailbox page, which only a house without a mail server has.
    pub(crate) mailbox: bool,
    path: &'v str,
    query: String,
}

/// The list beside the work: whose it is, and its sections.
pub(crate) struct Rail {
    pub(crate) name: String,
    pub(crate) stops: Vec<Stop>,
    /// Of pages of an organisation that somebody of the staff looks at who is no member of it: where it is in the console.
    pub(crate) look: Option<String>,
    /// What whoever works here must hear on every page.
    pub(crate) word: Option<Word>,
}

/// Something to hear, and where to do something about it.
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) href: String,
    pub(crate) link: &'static str,
}

/// A section in the rail.
pub(crate) struct Stop {
    pub(crate) href: String,
    pub(crate) text: Cow<'static, str>,
    pub(crate) current: bool,
}

impl<'v> Frame<'v> {
    pub(crate) fn new(visit: &'v Visit<'_>, title: String) -> Self {
        let somebody = visit.somebody().ok().map(accounts::SignedIn::account);
        Self {
            language: visit.language,
            title,
            public: visit.session.is_none(),
            somebody: somebody.map(|account| account.name.as_str()),
            staff: somebody.and_then(Account::staff),
            half: matches!(visit.session, Some(Session::Half(_))),
            rail: None,
            bands: bands::of(visit),
            notice: visit.query.text("done").parse::<Notice>().ok().map(|notice| notice.text(visit.language)),
            form_token: &visit.form_token,
            request: visit.id.0.to_string(),
            mailbox: visit.portal.has_mailbox(),
            path: &visit.path,
            query: visit.query.without(&["lang", "done"]),
        }
    }

    /// With this rail beside the work.
    pub(crate) fn beside(mut self, rail: Rail) -> Self {
        self.rail = Some(rail);
        self
    }

    /// Without what was asked for beside the path: it was good once, or somebody else wrote it.
    pub(crate) fn without_query(mut self) -> Self {
        self.query.clear();
        self
    }

    /// As nobody sees it: the session of this visit has just ended.
    pub(crate) fn of_nobody(mut self) -> Self {
        (self.public, self.somebody, self.staff, self.half) = (true, None, None, false);
        self
    }

    /// One of two texts.
    pub(crate) fn t<'a>(&self, spanish: &'a str, english: &'a str) -> &'a str {
        self.language.pick(spanish, english)
    }

    /// The language the page is not in.
    pub(crate) const fn other(&self) -> Language {
        language::other(self.language)
    }

    /// What that one calls itself.
    pub(crate) const fn others_name(&self) -> &'static str {
        language::name(self.other())
    }

    /// Where an asset is; its address changes with its content, so that browsers may keep it for ever.
    pub(crate) fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// The page's own path.
    pub(crate) fn path(&self) -> &str {
        self.path
    }

    pub(crate) fn is_under(&self, path: &str) -> bool {
        self.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// A moment in Madrid's time, with the zone named; the script shows it in the reader's own.
    pub(crate) fn moment(&self, at: Timestamp) -> Moment {
        Moment { at, language: self.language }
    }

    /// A number as people of the language write it.
    pub(crate) fn number(&self, number: impl Into<u64>) -> String {
        let digits = number.into().to_string();
        let separator = self.language.pick(".", ",");
        // Spanish writes four digits together.
        if digits.len() <= 3 || (digits.len() == 4 && self.language == Language::Spanish) {
            return digits;
        }
        let mut out = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at) % 3 == 0 {
                out.push_str(separator);
            }
            out.push(digit);
        }
        out
    }

    /// This page in another language: the same path and query.
    pub(crate) fn in_language(&self, tag: &str) -> String {
        let joint = if self.query.is_empty() { "" } else { "&" };
        // The path of a page that is not there may be anything, also what a browser reads as another host.
        let path = if is_local(self.path) { self.path } else { "/" };
        format!("{path}?{}{joint}lang={tag}", self.query)
    }
}

impl Rail {
    /// A rail over `stops` of address and text; the longest address the path begins with is the current one.
    pub(crate) fn new(name: impl Into<String>, path: &str, stops: Vec<(String, impl Into<Cow<'static, str>>)>) -> Self {
        let leads = |href: &str| path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let longest = stops.iter().map(|(href, _)| href).filter(|href| leads(href)).map(String::len).max();
        let stops = stops
            .into_iter()
            .map(|(href, text)| Stop { current: leads(&href) && Some(href.len()) == longest, href, text: text.into() })
            .collect();
        Self { name: name.into(), stops, look: None, word: None }
    }

    /// The rail of pages of an organisation, of which the visitor is a member or not: staff who are not only look.
    pub(crate) fn of_organisation(mut self, organisation: OrganisationId, is_member: bool) -> Self {
        self.look = (!is_member).then(|| format!("/console/organisations/{organisation}"));
        self
    }

    /// With something to hear on every page.
    pub(crate) fn saying(mut self, word: Option<Word>) -> Self {
        self.word = word;
        self
    }
}

/// A moment as a `time` element.
pub(crate) struct Moment {
    at: Timestamp,
    language: Language,
}

/// It holds numbers and words of ours.
impl HtmlSafe for Moment {}

impl Moment {
    /// A moment for a reader of this language.
    pub(crate) const fn new(at: Timestamp, language: Language) -> Self {
        Self { at, language }
    }

    /// The moment as words alone, where no markup can stand.
    pub(crate) fn plain(&self) -> String {
        const SPANISH: [&str; 12] = ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"];
        const ENGLISH: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let local = self.at.to_zoned(TimeZone::get("Europe/Madrid").unwrap_or(TimeZone::UTC));
        let months = if self.language == Language::Spanish { SPANISH } else { ENGLISH };
        let month = months.get(usize::try_from(local.month() - 1).unwrap_or(0)).copied().unwrap_or_default();
        let (day, year, hour, minute) = (local.day(), local.year(), local.hour(), local.minute());
        format!("{day} {month} {year}, {hour:02}:{minute:02} {}", local.strftime("%Z"))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = Timestamp::from_second(self.at.as_second()).unwrap_or(self.at);
        write!(f, "<time datetime=\"{seconds}\">{}</time>", self.plain())
    }
}

macro_rules! notices {
    ($($name:ident = $word:literal: $spanish:literal, $english:literal;)+) => {
        /// What was done before the browser was sent to the page it sees now.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Notice { $($name),+ }

        impl Notice {
            pub(crate) const fn text(self, language: Language) -> &'static str {
                match self { $(Self::$name => language.pick($spanish, $english)),+ }
            }
        }

        impl std::fmt::Display for Notice {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $(Self::$name => $word),+ })
            }
        }

        impl std::str::FromStr for Notice {
            type Err = ();
            fn from_str(text: &str) -> Result<Self, ()> {
                match text { $($word => Ok(Self::$name),)+ _ => Err(()) }
            }
        }
    };
}

notices! {
    Saved = "saved": "Guardado.", "Saved.";
    Invited = "invited": "Invitación enviada. El enlace vale siete días.", "Invitation sent. Its link is good for seven days.";
    InvitationWithdrawn = "invitation-withdrawn": "Invitación retirada. Su enlace ya no vale.", "Invitation withdrawn. Its link is not good any more.";
    Joined = "joined": "Ya eres miembro de esta organización.", "You are a member of this organisation now.";
    RoleChanged = "role-changed": "Papel cambiado.", "Role changed.";
    MemberRemoved = "member-removed": "Ya no es miembro de la organización.", "They are no longer a member of the organisation.";
    Left = "left": "Ya no eres miembro de esa organización.", "You are no longer a member of that organisation.";
    ContractLinked = "contract-linked": "Contrato vinculado. La operadora comprueba que es de la organización y lo activa.", "Contract linked. The operator checks that it is the organisation's and activates it.";
    CustomerTypeAsked = "customer-type-asked": "Solicitud enviada.", "Request sent.";
    OrganisationClosed = "organisation-closed": "Organización cerrada.", "Organisation closed.";
    AddressAsked = "address-asked": "Te hemos escrito a la dirección nueva. Hasta que abras el enlace de ese correo, sigue valiendo la de siempre.", "We have written to the new address. Until you open the link in that mail, the old one stays.";
    AddressMoved = "address-moved": "Hecho: desde ahora entras con la dirección nueva.", "Done: from now on you sign in with the new address.";
    PasswordChanged = "password-changed": "Contraseña cambiada. Las demás sesiones se han cerrado.", "Password changed. All other sessions have ended.";
    AppAdded = "app-added": "La aplicación de autenticación ya es tu segundo factor. Las demás sesiones se han cerrado.", "The authenticator app is your second factor now. All other sessions have ended.";
    AppRemoved = "app-removed": "La aplicación de autenticación ya no vale para entrar.", "The authenticator app does not sign in any more.";
    PasskeyAdded = "passkey-added": "Llave de acceso añadida: con ella entras sin contraseña. Las demás sesiones se han cerrado.", "Passkey added: it signs you in without a password. All other sessions have ended.";
    PasskeyRemoved = "passkey-removed": "Esa llave de acceso ya no vale para entrar.", "That passkey does not sign in any more.";
    SessionEnded = "session-ended": "Sesión cerrada.", "The session has ended.";
    SessionsEnded = "sessions-ended": "Solo queda abierta esta sesión.", "Only this session is left.";
    AccountDeleted = "account-deleted": "Tu cuenta ya no existe. Gracias por haber estado aquí.", "Your account is gone. Thank you for having been here.";
    // Of access and the console.
    AccessAsked = "access-asked": "Solicitud enviada. Te escribiremos cuando se resuelva.", "Request sent. We will write to you once it is decided.";
    AccessGranted = "access-granted": "Acceso concedido. Los tokens que pidas desde ahora lo llevan.", "Access granted. Tokens you ask for from now on carry it.";
    AccessTakenBack = "access-taken-back": "Acceso revocado. Sus permisos desaparecen de los tokens en un segundo.", "Access revoked. Its scopes vanish from tokens within a second.";
    PlanChanged = "plan-changed": "Plan cambiado. El límite nuevo vale en un segundo.", "Plan changed. The new limit holds within a second.";
    PlanSaved = "plan-saved": "Plan guardado. La pasarela lo aplica en un segundo.", "Plan saved. The gateway follows within a second.";
    PlanRemoved = "plan-removed": "Plan quitado.", "Plan removed.";
    Approved = "approved": "Aprobado. Vale desde ahora, y se ha escrito a quien lo pidió.", "Approved. It holds from now on, and those who asked are told by mail.";
    Rejected = "rejected": "Rechazado. Quien lo pidió lee tu motivo, también por correo.", "Rejected. Those who asked read your reason, by mail too.";
    ContractChanged = "contract-changed": "Contrato cambiado. Se ha escrito a la organización.", "Contract changed. The organisation is told by mail.";
    // Of organisations in the console, and customer keys.
    OrganisationSuspended = "organisation-suspended": "Organización suspendida. Sus clientes se paran en un segundo, y se ha escrito a quien responde de ella.", "Organisation suspended. Its clients stop within a second, and those who answer for it are told by mail.";
    OrganisationResumed = "organisation-resumed": "Organización reactivada. Sus clientes vuelven a pasar en un segundo, y se ha escrito a quien responde de ella.", "Organisation resumed. Its clients pass again within a second, and those who answer for it are told by mail.";
    CustomerTypeSet = "customer-type-set": "Tipo de cliente cambiado. Vale desde el segundo siguiente.", "Customer type changed. It holds from the next second on.";
    NoteAdded = "note-added": "Nota guardada. Solo la ve el equipo de la operadora.", "Note saved. Only the operator's staff sees it.";
    NoteRemoved = "note-removed": "Nota borrada.", "Note removed.";
    LookNoted = "look-noted": "Anotado. Desde aquí lo ves como sus miembros.", "Noted. From here on you see it as its members do.";
    LookEnded = "look-ended": "Has vuelto a la consola.", "You are back in the console.";
    KeySuspended = "key-suspended": "Clave de cliente suspendida. Sus tokens dejan de valer en un segundo.", "Customer key suspended. Its tokens stop within a second.";
    KeyResumed = "key-resumed": "Clave de cliente reactivada. Vuelve a valer en un segundo.", "Customer key resumed. It works again within a second.";
    KeyRevoked = "key-revoked": "Clave de cliente revocada. Sus tokens dejan de valer en un segundo.", "Customer key revoked. Its tokens stop within a second.";
    ActingStopped = "acting-stopped": "Parada. Sus tokens dejan de valer en un segundo, y hemos escrito a la plataforma.", "Stopped. Its tokens end within a second, and the platform is told by mail.";
    AgreedAnew = "agreed-anew": "Aceptado. Queda anotado quién, cuándo y con qué versión.", "Agreed. Who did, when, and under which version is kept.";
    AllStopped = "all-stopped": "Paradas todas. Sus tokens dejan de valer en un segundo, y hemos escrito a la plataforma.", "All of them are stopped. Their tokens end within a second, and the platform is told by mail.";
    KeyBound = "key-bound": "Clave de cliente atada. Los tokens que no se pidieron con esa clave pública dejan de valer en un segundo.", "Customer key bound. Tokens that were not got with that public key stop within a second.";
    KeyLimited = "key-limited": "Límites guardados. Valen en un segundo.", "Limits saved. They hold within a second.";
    KeysLimited = "keys-limited": "Límites guardados. Valen en un segundo para cada clave que no tiene los suyos.", "Limits saved. They hold within a second for each key that has none of its own.";
    KeyUnbound = "key-unbound": "Clave de cliente desatada. Vuelve a bastar la clave secreta del cliente OAuth.", "Customer key unbound. The OAuth client's secret is enough for it again.";
    // Of the operator's keys and staff.
    KeyAnnounced = "key-announced": "Clave anunciada. Firma dentro de diez minutos; la anterior sigue verificando lo que firmó.", "Key announced. It signs in ten minutes; the one before goes on verifying what it signed.";
    KeyRetired = "key-retired": "Clave retirada. Lo que firmó deja de valer en un segundo.", "Key retired. What it signed stops within a second.";
    // Of the catalogue.
    Drafted = "drafted": "Borrador guardado. Todavía no lo sirve nadie: mira qué cambia y publícalo.", "Draft kept. Nothing serves it yet: see what changes and publish it.";
    Published = "published": "Publicada. Las pasarelas la sirven en un segundo.", "Published. The gateways serve it within a second.";
    Discarded = "discarded": "Borrador descartado.", "Draft discarded.";
    Deprecated = "deprecated": "En desuso. Sus respuestas lo dicen desde ahora, con la fecha de retirada, y nadie más puede pedir acceso.", "Deprecated. Its answers say so from now on, with the sunset, and nobody else can ask for access.";
    Kept = "kept": "Ya no está en desuso: se puede volver a pedir acceso.", "It is not deprecated any more: access can be asked for again.";
    Retired = "retired": "Retirada. Las pasarelas dejan de servirla en un segundo.", "Retired. The gateways stop serving it within a second.";
    PutBack = "put-back": "Hecho: puede encargarse otra persona.", "Done: somebody else can take care of it.";
    Removed = "removed": "Quitado.", "Removed.";
    StaffRemoved = "staff-removed": "Ya no es del equipo. Sus sesiones se han cerrado.", "They are no longer of the staff. Their sessions have ended.";
    SignedOut = "signed-out": "Has salido. Hasta pronto.", "You are signed out. See you soon.";
    Verified = "verified": "Tu dirección está confirmada. Ya puedes entrar.", "Your address is confirmed. You can sign in now.";
    PasswordSet = "password-set": "La contraseña nueva ya vale. Entra con ella.", "The new password works from now on. Sign in with it.";
    // Of announcements and policies.
    DraftSaved = "draft-saved": "Borrador guardado. Solo lo ve el equipo.", "Draft saved. Only staff see it.";
    DraftDiscarded = "draft-discarded": "Borrador descartado.", "Draft discarded.";
    AnnouncementPublished = "announcement-published": "Publicado. Ya está en la página de estado.", "Published. It is on the status page now.";
    AnnouncementUpdated = "announcement-updated": "Novedad publicada.", "Update published.";
    AnnouncementEnded = "announcement-ended": "Terminado. Queda en la página de estado durante 90 días.", "Ended. It stays on the status page for 90 days.";
    PoliciesPublished = "policies-published": "Versión publicada. Se está escribiendo a quien aceptó una anterior.", "Version published. Those who accepted an older one are being told by mail.";
    // Of projects.
    SecretRevoked = "secret-revoked": "Clave secreta revocada. Los tokens que obtuvo dejan de valer en un segundo.", "Secret revoked. The tokens it got stop within a second.";
    SecretRetired = "secret-retired": "Guardado. La clave secreta deja de valer a la hora que ves abajo.", "Saved. The secret stops working at the time you see below.";
    PublicKeyAdded = "public-key-added": "Clave pública registrada. Vale en un segundo.", "Public key registered. It works within a second.";
    PublicKeyRemoved = "public-key-removed": "Clave pública quitada. Los tokens que obtuvo dejan de valer en un segundo.", "Public key removed. The tokens it got stop within a second.";
    CredentialRevoked = "credential-revoked": "Credencial de API revocada. Deja de valer en un segundo.", "API credential revoked. It stops within a second.";
    PoliciesAccepted = "policies-accepted": "Políticas aceptadas. Queda anotado quién, cuándo y qué versión.", "Policies accepted. Who, when and which version is kept.";
    ProjectArchived = "project-archived": "Proyecto archivado. Sus credenciales dejan de valer en un segundo; su historia se queda.", "Project archived. Its credentials stop within a second; its history stays.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_names_its_zone_in_summer_and_in_winter() {
        let shown = |at: &str, language| Moment { at: at.parse().expect("a moment"), language }.to_string();
        assert_eq!(
            shown("2026-11-22T09:00:00.5Z", Language::Spanish),
            "<time datetime=\"2026-11-22T09:00:00Z\">22 nov 2026, 10:00 CET</time>"
        );
        assert!(shown("2026-07-01T22:30:00Z", Language::English).contains(">2 Jul 2026, 00:30 CEST<"));
    }

    #[test]
    fn the_rail_marks_the_section_one_is_in_and_no_other() {
        let stops = vec![("/projects/1".to_owned(), "a"), ("/projects/1/access".to_owned(), "b")];
        let current = |path: &str| {
            Rail::new("x", path, stops.clone()).stops.iter().filter(|stop| stop.current).map(|stop| stop.text.clone()).collect::<String>()
        };
        assert_eq!(current("/projects/1"), "a");
        assert_eq!(current("/projects/1/access/new"), "b");
        assert_eq!(current("/projects/12"), "");
    }
}
