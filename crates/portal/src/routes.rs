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
    Get "/apis/{name}/console" Account pages::apis::try_it;
    Get "/apis/{name}/console/frame" Account pages::apis::frame;
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
    Post "/sign-in/passkey/begin" Anyone pages::sign_in::passkey::begin;
    Post "/sign-in/passkey" Anyone pages::sign_in::passkey::finish;
    Get "/sign-in/second-factor" Anyone pages::sign_in::second_factor::show;
    Post "/sign-in/second-factor" Anyone pages::sign_in::second_factor::submit;
    Post "/sign-in/second-factor/passkey/begin" Anyone pages::sign_in::second_factor::begin_passkey;
    Post "/sign-in/second-factor/passkey" Anyone pages::sign_in::second_factor::finish_passkey;
    Post "/sign-out" Anyone pages::sign_out::submit;
    Get "/register" Anyone pages::register::show;
    Post "/register" Anyone pages::register::submit;
    Get "/register/again" Anyone pages::register::again::show;
    Post "/register/again" Anyone pages::register::again::submit;
    Get "/verify" Anyone pages::verify::show;
    Post "/verify" Anyone pages::verify::submit;
    Get "/recover" Anyone pages::recover::show;
    Post "/recover" Anyone pages::recover::submit;
    Get "/recover/new-password" Anyone pages::recover::new_password::show;
    Post "/recover/new-password" Anyone pages::recover::new_password::submit;
    Get "/mailbox" Anyone pages::mailbox::list;
    Get "/mailbox/{mail}" Anyone pages::mailbox::show;
    Get "/organisations" Account pages::organisations::list;
    Get "/organisations/new" Account pages::organisations::new;
    Post "/organisations/new" Account pages::organisations::create;
    Get "/organisations/{organisation}" Account pages::organisations::show;
    Get "/organisations/{organisation}/members" Account pages::organisations::members;
    Post "/organisations/{organisation}/members" Account pages::organisations::invite;
    Get "/organisations/{organisation}/members/{account}" Account pages::organisations::member;
    Post "/organisations/{organisation}/members/{account}" Account pages::organisations::set_role;
    Get "/organisations/{organisation}/members/{account}/remove" Account pages::organisations::ask_to_remove;
    Post "/organisations/{organisation}/members/{account}/remove" Account pages::organisations::remove;
    Get "/organisations/{organisation}/leave" Account pages::organisations::ask_to_leave;
    Post "/organisations/{organisation}/leave" Account pages::organisations::leave;
    Get "/organisations/{organisation}/invitations/{invitation}/withdraw" Account pages::organisations::ask_to_withdraw;
    Post "/organisations/{organisation}/invitations/{invitation}/withdraw" Account pages::organisations::withdraw;
    Get "/organisations/{organisation}/contracts" Account pages::organisations::contracts;
    Post "/organisations/{organisation}/contracts" Account pages::organisations::link;
    Get "/organisations/{organisation}/customer-type" Account pages::organisations::customer_type;
    Post "/organisations/{organisation}/customer-type" Account pages::organisations::ask_for_customer_type;
    Get "/organisations/{organisation}/settings" Account pages::organisations::settings;
    Post "/organisations/{organisation}/settings" Account pages::organisations::rename;
    Get "/organisations/{organisation}/settings/close" Account pages::organisations::ask_to_close;
    Post "/organisations/{organisation}/settings/close" Account pages::organisations::close;
    Get "/organisations/{organisation}/projects/new" Account pages::organisations::new_project;
    Post "/organisations/{organisation}/projects/new" Account pages::organisations::create_project;
    Get "/invitations/accept" Anyone pages::organisations::invitation;
    Post "/invitations/accept" Anyone pages::organisations::accept;
    Get "/account" Account pages::account::profile::show;
    Post "/account" Account pages::account::profile::submit;
    Get "/account/email" Account pages::account::email::show;
    Post "/account/email" Account pages::account::email::submit;
    Get "/account/email/confirm" Anyone pages::account::email::opened;
    Post "/account/email/confirm" Anyone pages::account::email::confirm;
    Get "/account/prove" Account pages::account::prove::show;
    Post "/account/prove" Account pages::account::prove::submit;
    Post "/account/prove/passkey" Account pages::account::prove::ask;
    Get "/account/security" Anyone pages::account::security::show;
    Get "/account/security/app" Anyone pages::account::totp::show;
    Post "/account/security/app" Anyone pages::account::totp::submit;
    Get "/account/security/app/remove" Account pages::account::totp::sure;
    Post "/account/security/app/remove" Account pages::account::totp::remove;
    Get "/account/security/codes" Account pages::account::codes::sure;
    Post "/account/security/codes" Account pages::account::codes::renew;
    Get "/account/security/passkeys" Anyone pages::account::passkeys::show;
    Post "/account/security/passkeys" Anyone pages::account::passkeys::add;
    Post "/account/security/passkeys/begin" Anyone pages::account::passkeys::ask;
    Get "/account/security/passkeys/{passkey}" Account pages::account::passkey::show;
    Post "/account/security/passkeys/{passkey}" Account pages::account::passkey::rename;
    Get "/account/security/passkeys/{passkey}/remove" Account pages::account::passkey::sure;
    Post "/account/security/passkeys/{passkey}/remove" Account pages::account::passkey::remove;
    Get "/account/sessions" Account pages::account::sessions::list;
    Post "/account/sessions/end-others" Account pages::account::sessions::end_others;
    Post "/account/sessions/{session}/end" Account pages::account::sessions::end;
    Get "/account/data" Account pages::account::data::show;
    Get "/account/data/export" Account pages::account::data::export;
    Get "/account/data/delete" Account pages::account::erasure::sure;
    Post "/account/data/delete" Account pages::account::erasure::submit;
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
    Get "/console/audit" Staff pages::console::audit;
    Post "/console/audit/verify" Staff pages::console::verify_audit;
    Post "/console/audit/export" Staff pages::console::export_audit;
    Get "/console/secrets" Staff pages::console::secrets;
    Get "/console/keys" Staff pages::console::keys;
    Post "/console/keys/{environment}/rotate" Staff pages::console::rotate_key;
    Get "/console/keys/{key}/retire" Staff pages::console::retiring_key;
    Post "/console/keys/{key}/retire" Staff pages::console::retire_key;
    Get "/console/staff" Staff pages::console::staff;
    Get "/console/staff/invite" Staff pages::console::inviting_staff;
    Post "/console/staff/invite" Staff pages::console::invite_staff;
    Post "/console/staff/invitations/{invitation}/withdraw" Staff pages::console::withdraw_staff;
    Get "/console/staff/{account}" Staff pages::console::staff_person;
    Post "/console/staff/{account}" Staff pages::console::set_staff_role;
    Get "/console/staff/{account}/remove" Staff pages::console::removing_staff;
    Post "/console/staff/{account}/remove" Staff pages::console::remove_staff;
    Get "/staff/accept" Anyone pages::staff_invitation::show;
    Post "/staff/accept" Anyone pages::staff_invitation::accept;
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
