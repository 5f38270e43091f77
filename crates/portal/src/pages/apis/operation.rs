//! One operation: what it takes, what it answers, the call in seven languages.

use askama::Template;
use domain::Environment;

use super::rail;
use crate::{
    failure::Failure,
    frame::Frame,
    reference::{
        Reference,
        operation::{Operation, token_route},
    },
    samples::{self, CLIENT_SECRET, Call, Ids, Sample},
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "apis/operation.html")]
struct Show<'v> {
    frame: Frame<'v>,
    reference: &'v Reference,
    operation: Operation<'v>,
    token_path: &'static str,
    samples: Vec<Sample>,
    client_secret: &'static str,
}

/// `GET /apis/{name}/{operation}`.
pub(crate) async fn operation(visit: &Visit<'_>) -> Outcome {
    let reference = visit.portal.references().find(&visit.portal.catalogue(), visit.segment("name")).ok_or(Failure::Missing)?;
    let listed = reference.operation(visit.segment("operation")).ok_or(Failure::Missing)?;
    let operation = reference.read(listed, visit.language);
    let settings = visit.portal.settings();
    // Code is tried out in the sandbox first.
    let base_url = [Environment::Sandbox, Environment::Production].into_iter().find_map(|environment| settings.base_url(environment));
    let call = Call::new(&reference.api, &operation, base_url.unwrap_or("https://api.example.com"), &Ids::default());
    visit.page(&Show {
        frame: visit.frame(operation.summary.as_str()).beside(rail(visit, &reference)),
        reference: &reference,
        token_path: token_route(reference.api.dialect).0,
        samples: samples::of(&call),
        client_secret: CLIENT_SECRET,
        operation,
    })
}
