//! Words of announcements: kinds, stages, places.

use domain::{
    Environment, Language,
    announcement::{Kind, Stage},
};

/// Of what kind an announcement is, in a word.
pub(crate) const fn kind(kind: Kind, language: Language) -> &'static str {
    match kind {
        Kind::Notice => language.pick("Aviso", "Notice"),
        Kind::Maintenance => language.pick("Mantenimiento", "Maintenance"),
        Kind::Incident => language.pick("Incidencia", "Incident"),
    }
}

/// How far it has come, in a word.
pub(crate) const fn stage(stage: Stage, language: Language) -> &'static str {
    match stage {
        Stage::Investigating => language.pick("Lo estamos mirando", "Investigating"),
        Stage::Identified => language.pick("Sabemos qué es", "Identified"),
        Stage::Monitoring => language.pick("Arreglado, en observación", "Monitoring"),
        Stage::Resolved => language.pick("Resuelto", "Resolved"),
    }
}

/// Which environment is concerned.
pub(crate) fn place(environment: Option<Environment>, language: Language) -> &'static str {
    match environment {
        Some(Environment::Sandbox) => language.pick("pruebas", "sandbox"),
        Some(Environment::Production) => language.pick("producción", "production"),
        None => language.pick("pruebas y producción", "sandbox and production"),
    }
}
