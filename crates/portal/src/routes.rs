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
    /// Members of the organisation in the path; staff who are none say first why they look, and only look.
    Member,
    /// The operator's people.
    Staff,
    /// The provider by which they sign on. It has no browser and so no form of ours: what it posts is signed.
    Provider,
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
    Get "/apis/{name}/changes" Anyone pages::apis::changes;
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
    Get "/status.atom" Anyone pages::status::feed;
    Get "/sign-in" Anyone pages::sign_in::show;
    Post "/sign-in" Anyone pages::sign_in::submit;
    Post "/sign-in/passkey/begin" Anyone pages::sign_in::passkey::begin;
    Post "/sign-in/passkey" Anyone pages::sign_in::passkey::finish;
    Get "/sign-in/second-factor" Anyone pages::sign_in::second_factor::show;
    Post "/sign-in/second-factor" Anyone pages::sign_in::second_factor::submit;
    Post "/sign-in/second-factor/passkey/begin" Anyone pages::sign_in::second_factor::begin_passkey;
    Post "/sign-in/second-factor/passkey" Anyone pages::sign_in::second_factor::finish_passkey;
    Get "/sign-in/staff" Anyone pages::sign_in::staff::begin;
    Get "/sign-in/staff/callback" Anyone pages::sign_in::staff::callback;
    Get "/sign-in/staff/link" Account pages::sign_in::staff::sure;
    Post "/sign-in/staff/link" Account pages::sign_in::staff::link;
    Post "/sign-in/staff/logout" Provider pages::sign_in::staff::logout;
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
    Get "/organisations/{organisation}" Member pages::organisations::show;
    Get "/organisations/{organisation}/members" Member pages::organisations::members;
    Post "/organisations/{organisation}/members" Member pages::organisations::invite;
    Get "/organisations/{organisation}/members/{account}" Member pages::organisations::member;
    Post "/organisations/{organisation}/members/{account}" Member pages::organisations::set_role;
    Get "/organisations/{organisation}/members/{account}/remove" Member pages::organisations::ask_to_remove;
    Post "/organisations/{organisation}/members/{account}/remove" Member pages::organisations::remove;
    Get "/organisations/{organisation}/leave" Member pages::organisations::ask_to_leave;
    Post "/organisations/{organisation}/leave" Member pages::organisations::leave;
    Get "/organisations/{organisation}/invitations/{invitation}/withdraw" Member pages::organisations::ask_to_withdraw;
    Post "/organisations/{organisation}/invitations/{invitation}/withdraw" Member pages::organisations::withdraw;
    Get "/organisations/{organisation}/contracts" Member pages::organisations::contracts;
    Post "/organisations/{organisation}/contracts" Member pages::organisations::link;
    Get "/organisations/{organisation}/acting" Member pages::organisations::acting;
    Post "/organisations/{organisation}/acting/agree" Member pages::organisations::agree;
    Get "/organisations/{organisation}/acting/{child}/stop" Member pages::organisations::ask_to_stop;
    Post "/organisations/{organisation}/acting/{child}/stop" Member pages::organisations::stop;
    Get "/organisations/{organisation}/acting/{child}/stop-all" Member pages::organisations::ask_to_stop_all;
    Post "/organisations/{organisation}/acting/{child}/stop-all" Member pages::organisations::stop_all;
    Get "/organisations/{organisation}/customer-type" Member pages::organisations::customer_type;
    Post "/organisations/{organisation}/customer-type" Member pages::organisations::ask_for_customer_type;
    Get "/organisations/{organisation}/settings" Member pages::organisations::settings;
    Post "/organisations/{organisation}/settings" Member pages::organisations::rename;
    Get "/organisations/{organisation}/settings/close" Member pages::organisations::ask_to_close;
    Post "/organisations/{organisation}/settings/close" Member pages::organisations::close;
    Get "/organisations/{organisation}/projects/new" Member pages::organisations::new_project;
    Post "/organisations/{organisation}/projects/new" Member pages::organisations::create_project;
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
    Get "/account/prove/provider" Account pages::sign_in::staff::prove;
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
    Get "/projects/{project}/access" Member pages::access::list;
    Get "/projects/{project}/access/new" Member pages::access::new;
    Post "/projects/{project}/access/new" Member pages::access::ask;
    Get "/projects/{project}/access/{request}" Member pages::access::show;
    Get "/projects/{project}/access/grants/{grant}/revoke" Member pages::access::revoking;
    Post "/projects/{project}/access/grants/{grant}/revoke" Member pages::access::revoke;
    Get "/projects/{project}/access/grants/{grant}/plan" Member pages::access::choosing_plan;
    Post "/projects/{project}/access/grants/{grant}/plan" Member pages::access::choose_plan;
    Get "/console" Staff pages::console::show;
    Get "/console/access" Staff pages::console::access;
    Get "/console/access/{request}" Staff pages::console::access_request;
    Post "/console/access/{request}/approve" Staff pages::console::approve_access;
    Post "/console/access/{request}/reject" Staff pages::console::reject_access;
    Post "/console/access/{request}/take" Staff pages::console::take_access;
    Post "/console/access/{request}/leave" Staff pages::console::leave_access;
    Get "/console/contracts" Staff pages::console::contracts;
    Get "/console/contracts/{contract}" Staff pages::console::contract;
    Post "/console/contracts/{contract}/activate" Staff pages::console::activate_contract;
    Post "/console/contracts/{contract}/reject" Staff pages::console::reject_contract;
    Post "/console/contracts/{contract}/suspend" Staff pages::console::suspend_contract;
    Post "/console/contracts/{contract}/end" Staff pages::console::end_contract;
    Get "/console/organisations" Staff pages::console::organisations;
    Get "/console/organisations/{organisation}" Staff pages::console::organisation;
    Get "/console/organisations/{organisation}/suspend" Staff pages::console::ask_to_suspend;
    Post "/console/organisations/{organisation}/suspend" Staff pages::console::suspend;
    Post "/console/organisations/{organisation}/resume" Staff pages::console::resume;
    Post "/console/organisations/{organisation}/customer-type" Staff pages::console::set_customer_type;
    Post "/console/organisations/{organisation}/contracts" Staff pages::console::link_contract;
    Post "/console/organisations/{organisation}/notes" Staff pages::console::add_note;
    Post "/console/organisations/{organisation}/notes/{note}/remove" Staff pages::console::remove_note;
    Post "/console/organisations/{organisation}/look" Staff pages::console::look;
    Post "/console/organisations/{organisation}/look/end" Staff pages::console::look_away;
    Get "/console/projects/{project}/grants/{grant}/revoke" Staff pages::access::revoking;
    Post "/console/projects/{project}/grants/{grant}/revoke" Staff pages::access::revoke;
    Get "/console/projects/{project}/customer-keys" Staff pages::customer_keys::list;
    Get "/console/projects/{project}/customer-keys.csv" Staff pages::customer_keys::export;
    Get "/console/projects/{project}/customer-keys/new" Staff pages::customer_keys::new;
    Post "/console/projects/{project}/customer-keys/new" Staff pages::customer_keys::create;
    Get "/console/projects/{project}/customer-keys/limits" Staff pages::customer_keys::limits_of_all;
    Post "/console/projects/{project}/customer-keys/limits" Staff pages::customer_keys::limit_all;
    Get "/console/projects/{project}/customer-keys/{child}" Staff pages::customer_keys::show;
    Get "/console/projects/{project}/customer-keys/{child}/limits" Staff pages::customer_keys::limits;
    Post "/console/projects/{project}/customer-keys/{child}/limits" Staff pages::customer_keys::limit;
    Post "/console/projects/{project}/customer-keys/{child}/suspend" Staff pages::customer_keys::suspend;
    Post "/console/projects/{project}/customer-keys/{child}/resume" Staff pages::customer_keys::resume;
    Get "/console/projects/{project}/customer-keys/{child}/revoke" Staff pages::customer_keys::ask_to_revoke;
    Post "/console/projects/{project}/customer-keys/{child}/revoke" Staff pages::customer_keys::revoke;
    Post "/console/contracts/{contract}/take" Staff pages::console::take_contract;
    Post "/console/contracts/{contract}/leave" Staff pages::console::leave_contract;
    Get "/console/customer-types" Staff pages::console::customer_types;
    Get "/console/customer-types/{request}" Staff pages::console::customer_type;
    Post "/console/customer-types/{request}/approve" Staff pages::console::approve_customer_type;
    Post "/console/customer-types/{request}/reject" Staff pages::console::reject_customer_type;
    Get "/console/audit" Staff pages::console::audit;
    Post "/console/audit/verify" Staff pages::console::verify_audit;
    Post "/console/audit/export" Staff pages::console::export_audit;
    Get "/console/secrets" Staff pages::console::secrets;
    Get "/console/secrets/methods" Staff pages::console::client_methods;
    Get "/console/keys" Staff pages::console::keys;
    Post "/console/keys/{environment}/rotate" Staff pages::console::rotate_key;
    Get "/console/keys/{key}/retire" Staff pages::console::retiring_key;
    Post "/console/keys/{key}/retire" Staff pages::console::retire_key;
    Get "/console/announcements" Staff pages::console::announcements::list;
    Get "/console/announcements/new" Staff pages::console::announcement::new;
    Post "/console/announcements/new" Staff pages::console::announcement::create;
    Get "/console/announcements/{announcement}" Staff pages::console::announcement::show;
    Post "/console/announcements/{announcement}" Staff pages::console::announcement::change;
    Post "/console/announcements/{announcement}/publish" Staff pages::console::announcement::publish;
    Post "/console/announcements/{announcement}/update" Staff pages::console::announcement::update;
    Post "/console/announcements/{announcement}/end" Staff pages::console::announcement::end;
    Post "/console/announcements/{announcement}/discard" Staff pages::console::announcement::discard;
    Get "/console/policies" Staff pages::console::policies::list;
    Get "/console/policies/new" Staff pages::console::policies::new;
    Post "/console/policies/new" Staff pages::console::policies::create;
    Get "/console/policies/acceptances" Staff pages::console::acceptances::list;
    Get "/console/policies/acceptances.csv" Staff pages::console::acceptances::csv;
    Get "/console/policies/{version}" Staff pages::console::policies::show;
    Post "/console/policies/{version}" Staff pages::console::policies::change;
    Post "/console/policies/{version}/publish" Staff pages::console::policies::publish;
    Post "/console/policies/{version}/discard" Staff pages::console::policies::discard;
    Get "/console/apis" Staff pages::console::apis::list;
    Get "/console/apis/new" Staff pages::console::apis::new;
    Post "/console/apis/new" Staff pages::console::apis::create;
    Get "/console/apis/{api}" Staff pages::console::apis::show;
    Get "/console/apis/{api}/new" Staff pages::console::apis::new;
    Post "/console/apis/{api}/new" Staff pages::console::apis::create;
    Get "/console/apis/{api}/drafts/{number}" Staff pages::console::apis::draft;
    Post "/console/apis/{api}/drafts/{number}/publish" Staff pages::console::apis::publish;
    Get "/console/apis/{api}/drafts/{number}/discard" Staff pages::console::apis::discarding;
    Post "/console/apis/{api}/drafts/{number}/discard" Staff pages::console::apis::discard;
    Post "/console/apis/{api}/drafts/{number}/again" Staff pages::console::apis::again;
    Get "/console/apis/{api}/drafts/{number}/preview" Staff pages::console::apis::preview;
    Get "/console/apis/{api}/drafts/{number}/preview/{operation}" Staff pages::console::apis::preview_operation;
    Post "/console/apis/{api}/drafts/{number}/upstreams" Staff pages::console::apis::try_drafted_upstream;
    Post "/console/apis/{api}/upstreams" Staff pages::console::apis::try_upstream;
    Get "/console/apis/{api}/holders.csv" Staff pages::console::apis::holders;
    Get "/console/apis/{api}/rules" Staff pages::console::apis::rules;
    Post "/console/apis/{api}/rules" Staff pages::console::apis::set_rules;
    Get "/console/apis/{api}/deprecate" Staff pages::console::apis::deprecating;
    Post "/console/apis/{api}/deprecate" Staff pages::console::apis::deprecate;
    Post "/console/apis/{api}/keep" Staff pages::console::apis::keep;
    Get "/console/apis/{api}/retire" Staff pages::console::apis::retiring;
    Post "/console/apis/{api}/retire" Staff pages::console::apis::retire;
    Post "/console/customer-types/{request}/take" Staff pages::console::take_customer_type;
    Post "/console/customer-types/{request}/leave" Staff pages::console::leave_customer_type;
    Get "/console/queues" Staff pages::console::queues::show;
    Post "/console/queues" Staff pages::console::queues::save_targets;
    Get "/console/queues/rules/new" Staff pages::console::queues::new_rule;
    Post "/console/queues/rules/new" Staff pages::console::queues::create_rule;
    Get "/console/queues/rules/{rule}" Staff pages::console::queues::rule;
    Post "/console/queues/rules/{rule}" Staff pages::console::queues::save_rule;
    Post "/console/queues/rules/{rule}/remove" Staff pages::console::queues::remove_rule;
    Get "/console/queues/templates/new" Staff pages::console::queues::new_template;
    Post "/console/queues/templates/new" Staff pages::console::queues::create_template;
    Get "/console/queues/templates/{template}" Staff pages::console::queues::template;
    Post "/console/queues/templates/{template}" Staff pages::console::queues::save_template;
    Post "/console/queues/templates/{template}/remove" Staff pages::console::queues::remove_template;
    Get "/console/plans" Staff pages::console::plans;
    Get "/console/plans/new" Staff pages::console::new_plan;
    Post "/console/plans/new" Staff pages::console::create_plan;
    Get "/console/plans/{plan}" Staff pages::console::plan;
    Post "/console/plans/{plan}" Staff pages::console::change_plan;
    Get "/console/plans/{plan}/remove" Staff pages::console::removing_plan;
    Post "/console/plans/{plan}/remove" Staff pages::console::remove_plan;
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
    Get "/projects/{project}" Member pages::projects::show;
    Get "/projects/{project}/clients/{client}/rotate" Member pages::projects::rotating;
    Post "/projects/{project}/clients/{client}/rotate" Member pages::projects::rotate;
    Get "/projects/{project}/clients/{client}/replace" Member pages::projects::replacing;
    Post "/projects/{project}/clients/{client}/replace" Member pages::projects::replace;
    Get "/projects/{project}/clients/{client}/public-keys" Member pages::projects::public_keys;
    Post "/projects/{project}/clients/{client}/public-keys" Member pages::projects::add_public_key;
    Get "/projects/{project}/clients/{client}/public-keys/{thumbprint}/remove" Member pages::projects::removing_public_key;
    Post "/projects/{project}/clients/{client}/public-keys/{thumbprint}/remove" Member pages::projects::remove_public_key;
    Get "/projects/{project}/secrets/{secret}/retire" Member pages::projects::retiring_secret;
    Post "/projects/{project}/secrets/{secret}/retire" Member pages::projects::retire_secret;
    Get "/projects/{project}/secrets/{secret}/revoke" Member pages::projects::revoking_secret;
    Post "/projects/{project}/secrets/{secret}/revoke" Member pages::projects::revoke_secret;
    Get "/projects/{project}/api-credentials/new" Member pages::projects::new_api_credential;
    Post "/projects/{project}/api-credentials/new" Member pages::projects::create_api_credential;
    Get "/projects/{project}/api-credentials/{credential}/revoke" Member pages::projects::revoking_api_credential;
    Post "/projects/{project}/api-credentials/{credential}/revoke" Member pages::projects::revoke_api_credential;
    Get "/projects/{project}/customer-keys" Member pages::customer_keys::list;
    Get "/projects/{project}/customer-keys.csv" Member pages::customer_keys::export;
    Get "/projects/{project}/customer-keys/new" Member pages::customer_keys::new;
    Post "/projects/{project}/customer-keys/new" Member pages::customer_keys::create;
    Get "/projects/{project}/customer-keys/limits" Member pages::customer_keys::limits_of_all;
    Post "/projects/{project}/customer-keys/limits" Member pages::customer_keys::limit_all;
    Get "/projects/{project}/customer-keys/{child}" Member pages::customer_keys::show;
    Get "/projects/{project}/customer-keys/{child}/limits" Member pages::customer_keys::limits;
    Post "/projects/{project}/customer-keys/{child}/limits" Member pages::customer_keys::limit;
    Get "/projects/{project}/customer-keys/{child}/rotate" Member pages::customer_keys::rotating;
    Post "/projects/{project}/customer-keys/{child}/rotate" Member pages::customer_keys::rotate;
    Post "/projects/{project}/customer-keys/{child}/suspend" Member pages::customer_keys::suspend;
    Post "/projects/{project}/customer-keys/{child}/resume" Member pages::customer_keys::resume;
    Get "/projects/{project}/customer-keys/{child}/revoke" Member pages::customer_keys::ask_to_revoke;
    Post "/projects/{project}/customer-keys/{child}/revoke" Member pages::customer_keys::revoke;
    Post "/projects/{project}/customer-keys/{child}/bind" Member pages::customer_keys::bind;
    Get "/projects/{project}/production" Member pages::projects::production;
    Post "/projects/{project}/production" Member pages::projects::create_production;
    Post "/projects/{project}/policies" Member pages::projects::accept_policies;
    Get "/projects/{project}/settings" Member pages::projects::settings;
    Post "/projects/{project}/settings" Member pages::projects::rename;
    Get "/projects/{project}/archive" Member pages::projects::archiving;
    Post "/projects/{project}/archive" Member pages::projects::archive;
    Get "/projects/{project}/first-call" Member pages::projects::first_call;
    Get "/projects/{project}/first-call/light" Member pages::projects::light;
    Get "/projects/{project}/decisions" Member pages::projects::decisions;
    Get "/projects/{project}/decisions/{id}" Member pages::projects::decision;
    Get "/decisions" Account pages::decisions::find;
    Get "/assets/{digest}/{name}" Anyone pages::assets::show;
}
