//! The sections of a project.

use app::view::ProjectPage;
use domain::Environment;

use crate::{
    frame::{Moment, Rail, Word},
    language::Language,
    visit::Visit,
};

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
    if page.organisation.customer_type.acts_for_others() {
        stops.insert(3, (format!("{base}/customer-keys"), visit.language.pick("Claves de cliente", "Customer keys")));
    }
    Rail::new(page.project.name.as_str(), &visit.path, stops)
        .of_organisation(page.organisation.id, page.role.is_some())
        .saying(policies(visit, page))
}

/// That the policies are to be accepted anew, because only an older version was.
fn policies(visit: &Visit<'_>, page: &ProjectPage) -> Option<Word> {
    let anew = page.policies.anew.as_ref().filter(|_| page.project.archived_at.is_none())?;
    let from = Moment::new(*anew.in_force_at, visit.language).plain();
    let version = &anew.version;
    let came = *anew.in_force_at <= visit.at;
    let text = match (visit.language, anew.environment) {
        (Language::Spanish, Environment::Production) if came => format!(
            "Las políticas de uso tienen una versión nueva, la {version}, en vigor desde el {from}. Lo que funciona sigue funcionando; para crear claves de producción nuevas hay que aceptarla antes."
        ),
        (Language::English, Environment::Production) if came => format!(
            "The usage policies have a new version, {version}, in force since {from}. What works goes on working; new production keys take its acceptance first."
        ),
        (Language::Spanish, Environment::Production) => format!(
            "Las políticas de uso cambian el {from}: versión {version}. Lo que funciona seguirá funcionando; desde entonces, las claves de producción nuevas piden haberla aceptado."
        ),
        (Language::English, Environment::Production) => format!(
            "The usage policies change on {from}: version {version}. What works will go on working; from then on new production keys take its acceptance."
        ),
        (Language::Spanish, Environment::Sandbox) => {
            format!("Las políticas de uso tienen una versión nueva, la {version}, en vigor desde el {from}.")
        }
        (Language::English, Environment::Sandbox) => {
            format!("The usage policies have a new version, {version}, in force since {from}.")
        }
    };
    let (href, link) = match anew.environment {
        Environment::Production => ("production#policies", visit.language.pick("Leerla y aceptarla", "Read and accept it")),
        Environment::Sandbox => ("first-call", visit.language.pick("Aceptarla", "Accept it")),
    };
    Some(Word { text, href: format!("/projects/{}/{href}", page.project.id), link })
}
