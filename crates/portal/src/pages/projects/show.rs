//! A project on one screen.

use app::view::ProjectPage;
use askama::Template;
use domain::{Environment, contract::Standing, role::Permission};

use super::{
    may, opened,
    quarter::{Quarter, quarter},
    rail,
};
use crate::{
    frame::Frame,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "projects/show.html")]
struct Show<'v> {
    frame: Frame<'v>,
    page: &'v ProjectPage,
    quarters: Vec<Quarter>,
    develops: bool,
}

impl Show<'_> {
    /// Why the organisation is suspended, and since when; `None`: it is not.
    fn suspended(&self) -> Option<(&str, Option<domain::Timestamp>)> {
        let stopped = self.page.stopped.as_ref().filter(|_| self.page.organisation.status == Standing::Suspended)?;
        Some((stopped.reason.as_deref().unwrap_or_default(), stopped.at.map(|at| at.0)))
    }
}

/// `GET /projects/{project}`.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let mut quarters = Vec::new();
    for environment in Environment::ALL {
        quarters.push(quarter(visit, &page, *environment).await?);
    }
    visit.page(&Show {
        frame: visit.frame(page.project.name.as_str()).beside(rail(visit, &page)),
        quarters,
        develops: may(&page, Permission::Develop),
        page: &page,
    })
}
