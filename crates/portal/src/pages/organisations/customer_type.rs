//! What an organisation is to the carrier, which decides the grants its clients may use.

use app::{
    customer_types,
    records::{AccessStatus, CustomerTypeRequest},
};
use askama::Template;
use domain::{CustomerType, Language, client::GrantType, role::Permission};
use http::StatusCode;

use super::{Place, refused, words::mend};
use crate::{
    form::Form,
    frame::{Frame, Notice},
    visit::{Outcome, Visit},
    words::{self, State},
};

/// How many past requests are shown.
const MOST: usize = 10;

#[derive(Template)]
#[template(path = "organisations/customer_type.html")]
struct Page<'v> {
    frame: Frame<'v>,
    place: &'v Place,
    current: Kind,
    kinds: Vec<Kind>,
    requests: Vec<Asked<'v>>,
    waits: bool,
    decided: bool,
    form: Form,
    offered: Vec<(&'static str, String)>,
}

/// A customer type in words.
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// As `grant_type` spells them.
    grants: Vec<&'static str>,
    /// Whether its clients act for others, with their customer keys.
    acts_for_others: bool,
    is: CustomerType,
}

impl Kind {
    pub(super) fn new(is: CustomerType, language: Language) -> Self {
        let grants: Vec<GrantType> = GrantType::ALL.iter().copied().filter(|grant| grant.open_to(is)).collect();
        Self {
            name: words::customer_type(is, language),
            about: words::about_customer_type(is, language),
            acts_for_others: grants.iter().any(|grant| grant.needs_customer_key()),
            grants: grants.into_iter().map(GrantType::as_str).collect(),
            is,
        }
    }
}

/// A request of the past or the present.
struct Asked<'v> {
    request: &'v CustomerTypeRequest,
    name: &'static str,
    state: State,
    decided_at: Option<domain::Timestamp>,
}

impl<'v> Asked<'v> {
    fn new(request: &'v CustomerTypeRequest, language: Language) -> Self {
        Self {
            name: words::customer_type(request.customer_type, language),
            state: words::request_state(request.status, language),
            decided_at: request.decided_at.map(|at| *at),
            request,
        }
    }
}

/// `GET /organisations/{organisation}/customer-type`
pub(crate) async fn customer_type(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, Form::new()).await
}

/// `POST /organisations/{organisation}/customer-type`: asks to be another one.
pub(crate) async fn ask(visit: &Visit<'_>) -> Outcome {
    let organisation = visit.id_segment("organisation")?;
    let mut form = Form::typed(&visit.form);
    let Ok(wanted) = visit.form.text("customer_type").parse::<CustomerType>() else {
        form.wrong("customer_type", mend("customer_type", visit.language));
        return page(visit, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    match customer_types::request(visit.portal.app(), &visit.actor()?, organisation, wanted, visit.form.text("reason")).await {
        Ok(_) => visit.redirect_with(&format!("/organisations/{organisation}/customer-type"), Notice::CustomerTypeAsked),
        Err(error) => {
            refused(&mut form, error, "customer_type", visit.language)?;
            page(visit, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

async fn page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    let (place, language) = (Place::of_form(visit, status, Permission::Administer).await?, visit.language);
    let current = place.all.organisation.customer_type;
    // What the carrier itself is, nobody asks to be.
    let open = CustomerType::ALL.iter().copied().filter(|kind| *kind != CustomerType::Internal);
    visit.page_with(
        status,
        &Page {
            frame: place.frame(visit, visit.t("Tipo de cliente", "Customer type")),
            current: Kind::new(current, language),
            kinds: open.clone().map(|kind| Kind::new(kind, language)).collect(),
            requests: place.all.customer_types.iter().take(MOST).map(|request| Asked::new(request, language)).collect(),
            waits: place.all.customer_types.iter().any(|request| request.status == AccessStatus::Pending),
            decided: place.all.customer_types.iter().any(|request| request.decided_at.is_some()),
            offered: open
                .filter(|kind| *kind != current)
                .map(|kind| (kind.as_str(), words::customer_type(kind, language).to_owned()))
                .collect(),
            form,
            place: &place,
        },
    )
}
