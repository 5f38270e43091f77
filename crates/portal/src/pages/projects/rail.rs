//! The sections of a project.

use app::view::ProjectPage;

use crate::{frame::Rail, visit::Visit};

/// The rail of a project's pages.
pub(crate) fn rail(visit: &Visit<'_>, page: &ProjectPage) -> Rail {
    let base = format!("/projects/{}", page.project.id);
    let stops = vec![
        (base.clone(), visit.language.pick("Resumen", "Overview")),
        (format!("{base}/first-call"), visit.language.pick("Primera llamada", "First call")),
        (format!("{base}/access"), visit.language.pick("Acceso a las API", "Access to APIs")),
        (format!("{base}/decisions"), visit.language.pick("Decisiones", "Decisions")),
        (format!("{base}/settings"), visit.language.pick("Ajustes", "Settings")),
    ];
    Rail::new(page.project.name.as_str(), &visit.path, stops)
}
