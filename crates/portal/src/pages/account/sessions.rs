//! Where the account is signed in.

use app::accounts;
use askama::Template;

use crate::{
    agent,
    frame::{Frame, Moment, Notice},
    session,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "account/sessions.html")]
struct Sessions<'v> {
    frame: Frame<'v>,
    sessions: Vec<Row>,
}

struct Row {
    id: String,
    address: String,
    agent: String,
    since: Moment,
    last_used: Moment,
    /// Whether its second factor is still awaited.
    half: bool,
    /// Whether it is the one that asks.
    this: bool,
}

/// `GET /account/sessions`
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    let who = visit.somebody()?;
    let frame = super::frame(visit, visit.t("Sesiones", "Sessions"));
    let sessions = accounts::list_sessions(visit.portal.app(), who).await?;
    let sessions = sessions.into_iter().map(|session| Row {
        id: session.id.to_string(),
        address: session.address,
        agent: agent::words(&session.agent, visit.language),
        since: frame.moment(*session.created_at),
        last_used: frame.moment(*session.last_used_at),
        half: session.half,
        this: session.id == who.session().id,
    });
    let sessions = sessions.collect();
    visit.page(&Sessions { frame, sessions })
}

/// `POST /account/sessions/{session}/end`
pub(crate) async fn end(visit: &Visit<'_>) -> Outcome {
    let (who, id) = (visit.somebody()?, visit.id_segment("session")?);
    accounts::end_session(visit.portal.app(), who, id).await?;
    if id == who.session().id {
        let mut response = visit.redirect_with("/", Notice::SignedOut)?;
        session::end(visit, &mut response);
        return Ok(response);
    }
    visit.redirect_with("/account/sessions", Notice::SessionEnded)
}

/// `POST /account/sessions/end-others`
pub(crate) async fn end_others(visit: &Visit<'_>) -> Outcome {
    accounts::end_all_others(visit.portal.app(), visit.somebody()?).await?;
    visit.redirect_with("/account/sessions", Notice::SessionsEnded)
}
