//! What is asked before a page: whether a form comes from a page of ours (cross-site request forgery, trust section 1, row 51), and why staff
//! go to pages that are not theirs.

use app::{
    App, Error,
    accounts::SignedIn,
    organisations::{self, Pages, Sight},
};
use http::{Method, header::ORIGIN};

use crate::{failure::Failure, header, visit::Visit};

/// Whether the visitor may go on to the pages of the organisation or the project in the path. What they may do there the use cases decide;
/// here staff who are no members are kept from looking without a reason, and from more than looking.
pub(crate) async fn may_enter(visit: &Visit<'_>) -> Result<(), Failure> {
    let somebody = visit.somebody()?;
    let pages = match visit.segment("project") {
        "" => Pages::Organisation(visit.id_segment("organisation")?),
        _ => Pages::Project(visit.id_segment("project")?),
    };
    match sight(visit.portal.app(), somebody, pages).await? {
        Sight::Member => Ok(()),
        Sight::Looking(organisation) | Sight::Unsaid(organisation) if visit.method == Method::POST => {
            Err(Failure::OnlyLooking(organisation))
        }
        Sight::Looking(_) => Ok(()),
        Sight::Unsaid(organisation) => Err(Failure::Unsaid(organisation)),
    }
}

/// As who somebody is at these pages, where it takes more than being a member.
pub(crate) async fn sight(app: &App, somebody: &SignedIn, pages: Pages) -> Result<Sight, Error> {
    // Nobody else needs a reason: each page is spared the question, and its use cases know strangers.
    if somebody.account().staff().is_none() {
        return Ok(Sight::Member);
    }
    organisations::sight(app, &somebody.actor(), pages).await
}

/// A form must carry the token that belongs to this visitor's cookie, and the browser must not say that another site sent
/// it. The token suffices; the headers stop a forged request even if a token leaks.
pub(crate) fn is_ours(visit: &Visit<'_>) -> Result<(), Failure> {
    match header(&visit.headers, http::HeaderName::from_static("sec-fetch-site")) {
        "same-origin" | "none" => {}
        // Browsers say nothing on plain connections and old ones never do: then the origin must be the portal's own.
        "" => {
            let origin = header(&visit.headers, ORIGIN);
            if !origin.is_empty() && origin != visit.portal.settings().public_url {
                return Err(Failure::Foreign);
            }
        }
        _ => return Err(Failure::Foreign),
    }
    if visit.portal.app().is_form_token(visit.form.raw("form_token"), &visit.form_token) { Ok(()) } else { Err(Failure::Foreign) }
}
