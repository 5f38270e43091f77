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
    Get "/projects/{project}/access" Account pages::access::list;
    Get "/projects/{project}/access/new" Account pages::access::new;
    Post "/projects/{project}/access/new" Account pages::access::ask;
    Get "/projects/{project}/access/{request}" Account pages::access::show;
    Get "/projects/{project}/access/grants/{grant}/revoke" Account pages::access::revoking;
    Post "/projects/{project}/access/grants/{grant}/revoke" Account pages::access::revoke;
    Get "/console" Staff pages::console::show;
    Get "/console/access" Staff pages::console::access;
    Get "/console/access/{request}" Staff pages::console::access_request;
    Post "/console/access/{request}/approve" Staff pages::console::approve_access;
    Post "/console/access/{request}/reject" Staff pages::console::reject_access;
    Get "/console/contracts" Staff pages::console::contracts;
    Get "/console/contracts/{contract}" Staff pages::console::contract;
    Post "/console/contracts/{contract}/activate" Staff pages::console::activate_contract;
    Post "/console/contracts/{contract}/reject" Staff pages::console::reject_contract;
    Post "/console/contracts/{contract}/suspend" Staff pages::console::suspend_contract;
    Post "/console/contracts/{contract}/end" Staff pages::console::end_contract;
    Get "/console/customer-types" Staff pages::console::customer_types;
    Get "/console/customer-types/{request}" Staff pages::console::customer_type;
    Post "/console/customer-types/{request}/approve" Staff pages::console::approve_customer_type;
    Post "/console/customer-types/{request}/reject" Staff pages::console::reject_customer_type;
    Get "/assets/{digest}/{name}" Anyone pages::assets::show;
}
