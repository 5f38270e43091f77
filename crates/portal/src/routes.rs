//! Every page: its method, its path, for whom it is, and the function that makes it.
//!
//! The table is public, so that a test can call each route as nobody, as a stranger and as a viewer, and none is forgotten.

use std::pin::Pin;

use crate::{
    pages,
    visit::{Outcome, Visit},
};

/// How a page is asked for; HEAD counts as GET.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Shows.
    Get,
    /// Does.
    Post,
}

/// Who may ask. What members of an organisation may do is decided in `app`, by their role there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody.
    Anyone,
    /// Whoever signed in.
    Account,
    /// The operator's people.
    Staff,
}

/// What a page function answers in the end.
type Answering<'v> = Pin<Box<dyn Future<Output = Outcome> + Send + 'v>>;

/// One route.
pub struct Route {
    /// How it is asked for.
    pub verb: Verb,
    /// Its path; `{name}` stands for one segment.
    pub path: &'static str,
    /// For whom it is.
    pub audience: Audience,
    pub(crate) page: for<'v> fn(&'v Visit<'v>) -> Answering<'v>,
}

macro_rules! routes {
    ($($verb:ident $path:literal $audience:ident $($page:ident)::+;)+) => {
        /// The routes of the portal.
        pub static ROUTES: &[Route] = &[$(Route {
            verb: Verb::$verb,
            path: $path,
            audience: Audience::$audience,
            page: {
                fn page<'v>(visit: &'v Visit<'v>) -> Answering<'v> {
                    Box::pin($($page)::+(visit))
                }
                page
            },
        }),+];
    };
}

routes! {
    Get "/" Anyone pages::home::show;
    Get "/apis" Anyone pages::apis::list;
    Get "/apis/{name}" Anyone pages::apis::show;
    Get "/apis/{name}/openapi.json" Anyone pages::apis::document;
    Get "/apis/{name}/{operation}" Anyone pages::apis::operation;
    Get "/event-matrix" Anyone pages::event_matrix::show;
    Get "/event-matrix.csv" Anyone pages::event_matrix::csv;
    Get "/event-matrix.xlsx" Anyone pages::event_matrix::xlsx;
    Get "/event-matrix.json" Anyone pages::event_matrix::json;
    Get "/guides" Anyone pages::guides::list;
    Get "/guides/{name}" Anyone pages::guides::show;
    Get "/errors" Anyone pages::errors::list;
    Get "/errors/{code}" Anyone pages::errors::show;
    Get "/policies" Anyone pages::policies::show;
    Get "/support" Anyone pages::support::show;
    Get "/status" Anyone pages::status::show;
    Get "/sign-in" Anyone pages::sign_in::show;
    Post "/sign-in" Anyone pages::sign_in::submit;
    Post "/sign-out" Anyone pages::sign_out::submit;
    Get "/projects/{project}" Account pages::projects::show;
    Get "/projects/{project}/clients/{client}/rotate" Account pages::projects::rotating;
    Post "/projects/{project}/clients/{client}/rotate" Account pages::projects::rotate;
    Get "/projects/{project}/clients/{client}/replace" Account pages::projects::replacing;
    Post "/projects/{project}/clients/{client}/replace" Account pages::projects::replace;
    Get "/projects/{project}/secrets/{secret}/retire" Account pages::projects::retiring_secret;
    Post "/projects/{project}/secrets/{secret}/retire" Account pages::projects::retire_secret;
    Get "/projects/{project}/secrets/{secret}/revoke" Account pages::projects::revoking_secret;
    Post "/projects/{project}/secrets/{secret}/revoke" Account pages::projects::revoke_secret;
    Get "/projects/{project}/api-credentials/new" Account pages::projects::new_api_credential;
    Post "/projects/{project}/api-credentials/new" Account pages::projects::create_api_credential;
    Get "/projects/{project}/api-credentials/{credential}/revoke" Account pages::projects::revoking_api_credential;
    Post "/projects/{project}/api-credentials/{credential}/revoke" Account pages::projects::revoke_api_credential;
    Get "/projects/{project}/production" Account pages::projects::production;
    Post "/projects/{project}/production" Account pages::projects::create_production;
    Post "/projects/{project}/policies" Account pages::projects::accept_policies;
    Get "/projects/{project}/settings" Account pages::projects::settings;
    Post "/projects/{project}/settings" Account pages::projects::rename;
    Get "/projects/{project}/archive" Account pages::projects::archiving;
    Post "/projects/{project}/archive" Account pages::projects::archive;
    Get "/projects/{project}/first-call" Account pages::projects::first_call;
    Get "/projects/{project}/first-call/light" Account pages::projects::light;
    Get "/projects/{project}/decisions" Account pages::projects::decisions;
    Get "/projects/{project}/decisions/{id}" Account pages::projects::decision;
    Get "/decisions" Account pages::decisions::find;
    Get "/assets/{digest}/{name}" Anyone pages::assets::show;
}
