//! The sections of a project.

use app::view::ProjectPage;

use crate::{frame::Rail, pages::customer_keys, visit::Visit};

/// The rail of a project's pages.
pub(crate) fn rail(visit: &Visit<'_>, page: &ProjectPage) -> Rail {
    let base = format!("/projects/{}", page.project.id);
    let mut stops = vec![
        (base.clone(), visit.language.pick("Resumen", "Overview")),
        (format!("{base}/first-call"), visit.language.pick("Primera llamada", "First call")),
        (format!("{base}/access"), visit.language.pick("Acceso a las API", "Access to APIs")),
        (format!("{base}/decisions"), visit.language.pick("Decisiones", "Decisions")),
        (format!("{base}/settings"), visit.language.pick("Ajustes", "Settings")),
    ];
    if customer_keys::acts_for_others(page.organisation.customer_type) {
        stops.insert(3, (format!("{base}/customer-keys"), visit.language.pick("Claves de cliente", "Customer keys")));
    }
    Rail::new(page.project.name.as_str(), &visit.path, stops).of_organisation(visit, page.organisation.id, page.role.is_some())
}
