//! A project on one screen.

use app::view::ProjectPage;
use askama::Template;
use domain::{Environment, role::Permission};

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
