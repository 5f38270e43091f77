//! The guides: how to begin, and what one wishes one had known. A template for each guide and language.

use askama::Template;
use domain::{
    Environment,
    collection::State,
    journey::Journey,
    scenario::{self, Scenario},
};

use crate::{
    failure::Failure,
    frame::{Frame, Rail},
    language::Language,
    visit::{Outcome, Visit},
};

/// What guides say about this very house.
struct House<'v> {
    sandbox: &'v str,
    production: &'v str,
    language: Language,
}

/// A journey as the guide to the sandbox lists it.
struct Trip {
    header: String,
    fixed: String,
    meaning: &'static str,
}

/// A state of a collection as the guide to the sandbox lists it.
struct Stand {
    fixed: String,
    meaning: &'static str,
}

/// A guide in the list of them.
struct Listed {
    word: &'static str,
    title: &'static str,
    about: &'static str,
}

impl House<'_> {
    fn scenarios(&self) -> &'static [Scenario] {
        scenario::ALL
    }

    fn says(&self, scenario: &Scenario) -> &'static str {
        match self.language {
            Language::Spanish => scenario.spanish,
            Language::English => scenario.english,
        }
    }

    fn statuses(&self, scenario: &Scenario) -> String {
        scenario.statuses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }

    fn trips(&self) -> Vec<Trip> {
        let trip = |journey: &Journey| Trip {
            header: journey.header_value(),
            fixed: journey.fixed_value(),
            meaning: journey.meaning(self.language),
        };
        Journey::ALL.iter().map(trip).collect()
    }

    fn stands(&self) -> Vec<Stand> {
        let stand = |state: &State| {
            let (spanish, english) = state.meaning();
            Stand { fixed: state.fixed_value(), meaning: self.language.pick(spanish, english) }
        };
        State::ALL.iter().map(stand).collect()
    }
}

/// Declares a guide: its word, its templates, and title and purpose in both languages.
macro_rules! guides {
    ($($word:literal $Spanish:ident $spanish:tt $English:ident $english:tt [$title_es:literal, $title_en:literal] [$about_es:literal, $about_en:literal];)+) => {
        $(
            #[derive(Template)]
            #[template(path = $spanish)]
            #[allow(dead_code, reason = "not every guide names an address")]
            struct $Spanish<'v> { frame: Frame<'v>, house: House<'v> }

            #[derive(Template)]
            #[template(path = $english)]
            #[allow(dead_code, reason = "not every guide names an address")]
            struct $English<'v> { frame: Frame<'v>, house: House<'v> }
        )+

        fn all(language: Language) -> Vec<Listed> {
            vec![$(Listed {
                word: $word,
                title: language.pick($title_es, $title_en),
                about: language.pick($about_es, $about_en),
            }),+]
        }

        fn page(visit: &Visit<'_>, word: &str, frame: Frame<'_>, house: House<'_>) -> Outcome {
            match (word, visit.language) {
                $(
                    ($word, Language::Spanish) => visit.page(&$Spanish { frame, house }),
                    ($word, Language::English) => visit.page(&$English { frame, house }),
                )+
                _ => Err(Failure::Missing),
            }
        }
    };
}

guides! {
    "registration-manual" RegistrationEs "guides/registration-manual.es.html" RegistrationEn "guides/registration-manual.en.html"
        ["Manual de alta", "Registration manual"]
        ["De cero a tener claves de pruebas, paso a paso", "From nothing to sandbox keys, step by step"];
    "oauth-in-four-steps" OauthEs "guides/oauth-in-four-steps.es.html" OauthEn "guides/oauth-in-four-steps.en.html"
        ["OAuth 2.0 en cuatro pasos", "OAuth 2.0 in four steps"]
        ["Claves, token, llamada, token nuevo: con las direcciones de verdad", "Keys, token, call, new token: with the real addresses"];
    "credentials" CredentialsEs "guides/credentials.es.html" CredentialsEn "guides/credentials.en.html"
        ["Qué clave es cuál", "Which key is which"]
        ["Tres parejas de claves, dónde va cada una y cómo se cambian sin parar nada", "Three pairs of keys, where each goes, and how to change them without stopping anything"];
    "api-access-manual" AccessEs "guides/api-access-manual.es.html" AccessEn "guides/api-access-manual.en.html"
        ["Manual de acceso a las API", "API access manual"]
        ["Solicitudes, planes, credenciales de API y el paso a producción", "Access requests, plans, API credentials, and going live"];
    "errors" ErrorsEs "guides/errors.es.html" ErrorsEn "guides/errors.en.html"
        ["Cómo leer un error", "How to read an error"]
        ["Las formas que tiene un error y qué hacer con cada estado", "The shapes of an error, and what to do about each status"];
    "limits" LimitsEs "guides/limits.es.html" LimitsEn "guides/limits.en.html"
        ["Límites", "Limits"]
        ["Cuánto puedes llamar, cómo se cuenta y qué hacer con un 429", "How much you may call, how it is counted, and what to do about a 429"];
    "idempotency-keys" RepeatEs "guides/idempotency-keys.es.html" RepeatEn "guides/idempotency-keys.en.html"
        ["Repetir sin duplicar", "Repeating without duplicates"]
        ["Qué se puede repetir tras un corte, y la cabecera Idempotency-Key", "What may be repeated after a break, and the header Idempotency-Key"];
    "sandbox" SandboxEs "guides/sandbox.es.html" SandboxEn "guides/sandbox.en.html"
        ["El entorno de pruebas", "The sandbox"]
        ["Datos fijos, tiempo que se mueve, viajes y fallos a la carta", "Fixed data, time that moves, journeys, and faults on demand"];
    "returned-parcels" ReturnedEs "guides/returned-parcels.es.html" ReturnedEn "guides/returned-parcels.en.html"
        ["Envíos devueltos", "Returned parcels"]
        ["La trampa: un envío devuelto acaba en la fase ENTREGADO", "The trap: a returned parcel ends in the phase DELIVERED"];
}

/// The title of a guide; empty when there is none of that word.
pub(crate) fn title(word: &str, language: Language) -> &'static str {
    all(language).iter().find(|guide| guide.word == word).map_or("", |guide| guide.title)
}

#[derive(Template)]
#[template(path = "guides/list.html")]
struct List<'v> {
    frame: Frame<'v>,
    guides: Vec<Listed>,
}

/// `GET /guides`: all of them, in the order in which one needs them.
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    visit.page(&List { frame: visit.frame(visit.t("Guías", "Guides")), guides: all(visit.language) })
}

/// `GET /guides/{name}`: one of them.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let word = visit.segment("name");
    let guides = all(visit.language);
    let title = guides.iter().find(|guide| guide.word == word).ok_or(Failure::Missing)?.title;
    let mut stops = vec![("/guides".to_owned(), visit.t("Todas", "All"))];
    stops.extend(guides.iter().map(|guide| (format!("/guides/{}", guide.word), guide.title)));
    let frame = visit.frame(title).beside(Rail::new(visit.t("Guías", "Guides"), &visit.path, stops));
    let address = |environment, or| visit.portal.settings().base_url(environment).unwrap_or(or);
    let house = House {
        sandbox: address(Environment::Sandbox, "https://sandbox.example.com"),
        production: address(Environment::Production, "https://api.example.com"),
        language: visit.language,
    };
    page(visit, word, frame, house)
}
