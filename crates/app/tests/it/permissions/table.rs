//! The table. A column for each of `PEOPLE`: `y` does it, `-` hears that there is no such thing, `f` that the role is not enough, `s` that it
//! is for other staff, `r` that a rule says no to everybody of that kind. What stands after the name of the use case tells its rows apart.

use std::{future::Future, pin::Pin};

use app::{
    Actor, Error, access, acting, announcements, api_credentials, approval_rules, audit, catalogue, catalogue::Before, client_methods,
    clients, consents, contracts, customer_keys, customer_types, holders, invitations, members, organisations, plans, policies, projects,
    public_keys, queues, reason_templates, secret_review, secrets, signing_keys, staff, tokens, view,
};
use domain::{
    CustomerType,
    Environment::{Production, Sandbox},
    client_method::ClientMethod,
    contract::{ContractStatus, Standing},
    customer_key::Limits,
    queue::Queue,
    role::{Role, Staff},
    rotation::Overlap,
    signing_key::ANNOUNCED_FOR,
};
use serde_json::json;

use super::stage::{Fresh, Stage};
use crate::{
    house::{actor, document},
    queue_files,
    registration::holder,
};

/// What a try becomes.
type Trying<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;

pub struct Case {
    pub name: &'static str,
    pub expected: &'static str,
    pub run: for<'a> fn(&'a Stage, &'a Fresh, &'a Actor) -> Trying<'a>,
}

macro_rules! table {
    ($($name:literal $expected:literal |$stage:ident, $fresh:ident, $by:ident| $call:expr;)+) => {
        &[$(Case {
            name: $name,
            expected: $expected,
            run: |$stage, $fresh, $by| Box::pin(async move {
                let _ = ($stage, $fresh);
                $call.await.map(drop)
            }),
        }),+]
    };
}

pub const TABLE: &[Case] = table! {
    // Of an organisation.                 stranger, viewer developer admin owner, staff: viewer support publisher administrator, operator, program: all, sees
    "organisations::create"                  "- ---- sssy y ys" |s, f, by| organisations::create(s.app(), by, &format!("{}", f.secret), CustomerType::Customer, "Web");
    "organisations::find"                    "- yyyy yyyy y yy" |s, f, by| organisations::find(s.app(), by, &f.organisation.to_string());
    "organisations::rename"                  "- fffy ffff y ys" |s, f, by| organisations::rename(s.app(), by, f.organisation, &format!("{}", f.secret));
    "organisations::close"                   "- fffy ffff y ys" |s, f, by| organisations::close(s.app(), by, f.organisation);
    "organisations::set_status"              "- ssss sssy y ys" |s, f, by| organisations::set_status(s.app(), by, f.organisation, Standing::Suspended, Some("unpaid"));
    "organisations::stake"                   "- ssss yyyy y yy" |s, f, by| organisations::stake(s.app(), by, f.organisation);
    "organisations::dossier"                 "- ssss yyyy y yy" |s, f, by| organisations::dossier(s.app(), by, f.organisation);
    "organisations::look"                    "- ssss yyyy y yy" |s, f, by| organisations::look(s.app(), by, f.organisation, "they asked");
    "organisations::look_away"               "- ssss yyyy y yy" |s, f, by| organisations::look_away(s.app(), by, f.organisation);
    "organisations::sight"                   "- yyyy yyyy y yy" |s, f, by| organisations::sight(s.app(), by, organisations::Pages::Project(f.project));
    "organisations::notes"                   "- ssss yyyy y yy" |s, f, by| organisations::notes(s.app(), by, f.organisation);
    "organisations::add_note"                "- ssss sysy y ys" |s, f, by| organisations::add_note(s.app(), by, f.organisation, "They pay late.");
    "organisations::remove_note of another"  "- ssss sssy y ys" |s, f, by| organisations::remove_note(s.app(), by, f.organisation, s.note(f).await);
    "organisations::set_customer_type"       "- ssss sysy y ys" |s, f, by| organisations::set_customer_type(s.app(), by, f.organisation, CustomerType::Customer);
    "organisations::change_customer_type"    "- ssss sysy y ys" |s, f, by| organisations::change_customer_type(s.app(), by, f.organisation, CustomerType::Integrator, CustomerType::Customer);
    "members::set_role"                      "- ffyy ffff y ys" |s, f, by| members::set_role(s.app(), by, f.organisation, s.developer, Role::Viewer);
    "members::set_role to owner"             "- fffy ffff y ys" |s, f, by| members::set_role(s.app(), by, f.organisation, s.developer, Role::Owner);
    "members::set_role of an owner"          "- fffy ffff y ys" |s, f, by| members::set_role(s.app(), by, f.organisation, s.owner, Role::Viewer);
    "members::remove"                        "- ffyy ffff y ys" |s, f, by| members::remove(s.app(), by, f.organisation, s.developer);
    "members::remove of an owner"            "- fffy ffff y ys" |s, f, by| members::remove(s.app(), by, f.organisation, s.owner);
    "invitations::invite"                    "- ffyy sssf y ys" |s, f, by| invitations::invite(s.app(), by, f.organisation, "new@shop.example", Role::Admin);
    "invitations::invite as an owner"        "- fffy sssf y ys" |s, f, by| invitations::invite(s.app(), by, f.organisation, "new@shop.example", Role::Owner);
    "invitations::withdraw"                  "- ffyy sssy y ys" |s, f, by| invitations::withdraw(s.app(), by, s.invitation(f).await);
    "contracts::link"                        "- ffyy sysy y ys" |s, f, by| contracts::link(s.app(), by, f.organisation, "54000001", "80000001", "LCE1");
    "contracts::find"                        "- yyyy yyyy y yy" |s, f, by| contracts::find(s.app(), by, s.contract(f).await);
    "contracts::set_status"                  "- ssss sysy y ys" |s, f, by| contracts::set_status(s.app(), by, s.contract(f).await, ContractStatus::Active, None);
    "contracts::reject"                      "- ssss sysy y ys" |s, f, by| contracts::reject(s.app(), by, s.contract(f).await, "no such contract");
    "customer_types::request"                "- ffyy ffff y ys" |s, f, by| customer_types::request(s.app(), by, f.organisation, CustomerType::CompatibleProvider, "we ship");
    "customer_types::find"                   "- yyyy yyyy y yy" |s, f, by| customer_types::find(s.app(), by, s.customer_type(f).await);
    "customer_types::approve"                "- ssss sysy y ys" |s, f, by| customer_types::approve(s.app(), by, s.customer_type(f).await, None);
    "customer_types::reject"                 "- ssss sysy y ys" |s, f, by| customer_types::reject(s.app(), by, s.customer_type(f).await, "not certified");
    "view::organisation"                     "- yyyy yyyy y yy" |s, f, by| view::organisation(s.app(), by, f.organisation);

    // Of a project.
    "projects::create"                       "- fyyy ffff y ys" |s, f, by| projects::create(s.app(), by, f.organisation, "App");
    "projects::create_with"                  "- fyyy ffff y ys" |s, f, by| projects::create_with(s.app(), by, f.organisation, "App", &["labels".into()]);
    "projects::find"                         "- yyyy yyyy y yy" |s, f, by| projects::find(s.app(), by, f.project);
    "projects::rename"                       "- fyyy ffff y ys" |s, f, by| projects::rename(s.app(), by, f.project, "App");
    "projects::archive"                      "- ffyy sssy y ys" |s, f, by| projects::archive(s.app(), by, f.project);
    "policies::accept in the sandbox"        "- fyyy ffff r rs" |s, f, by| policies::accept(s.app(), by, f.project, Sandbox, policies::FIRST, "192.0.2.1");
    "policies::accept in production"         "- ffyy ffff r rs" |s, f, by| policies::accept(s.app(), by, f.project, Production, policies::FIRST, "192.0.2.1");
    "clients::create in the sandbox"         "- fyyy ffff y ys" |s, f, by| clients::create(s.app(), by, f.project, Sandbox);
    "clients::create in production"          "- ffyy ffff y ys" |s, f, by| clients::create(s.app(), by, s.ready(f).await, Production);
    "clients::find"                          "- yyyy yyyy y yy" |s, f, by| clients::find(s.app(), by, &f.client);
    "clients::replace"                       "- fyyy ffff y ys" |s, f, by| clients::replace(s.app(), by, &f.client, Overlap::Week);
    "clients::set_status"                    "- fyyy sssy y ys" |s, f, by| clients::set_status(s.app(), by, &f.client, Standing::Suspended);
    "clients::set_rules"                     "- fyyy ffff y ys" |s, f, by| clients::set_rules(s.app(), by, &f.client, None, 600);
    "public_keys::add"                       "- fyyy ffff y ys" |s, f, by| public_keys::add(s.app(), by, &f.client, s.jwk());
    "public_keys::remove"                    "- fyyy ffff y ys" |s, f, by| public_keys::remove(s.app(), by, &f.client, &s.public_key(f).await);
    "public_keys::list"                      "- yyyy yyyy y yy" |s, f, by| public_keys::list(s.app(), by, &f.client);
    "secrets::create"                        "- fyyy ffff y ys" |s, f, by| secrets::create(s.app(), by, &f.client, Some(Overlap::Day.seconds()));
    "secrets::retire"                        "- fyyy ffff y ys" |s, f, by| secrets::retire(s.app(), by, f.secret, 60);
    "secrets::revoke"                        "- fyyy ffff y ys" |s, f, by| secrets::revoke(s.app(), by, f.secret);
    "api_credentials::create"                "- fyyy ffff y ys" |s, f, by| api_credentials::create(s.app(), by, f.project, Sandbox);
    "api_credentials::list"                  "- yyyy yyyy y yy" |s, f, by| api_credentials::list(s.app(), by, f.project);
    "api_credentials::find"                  "- yyyy yyyy y yy" |s, f, by| {
        let issued = api_credentials::create(s.app(), &actor(), f.project, Sandbox).await?;
        async move { api_credentials::find(s.app(), by, &issued.record.id).await }
    };
    "api_credentials::revoke"                "- fyyy sssy y ys" |s, f, by| {
        let issued = api_credentials::create(s.app(), &actor(), f.project, Sandbox).await?;
        async move { api_credentials::revoke(s.app(), by, &issued.record.id).await }
    };
    "access::change_plan"                    "- fyyy ffff y ys" |s, f, by| access::change_plan(s.app(), by, s.grant(f).await, "starter", "more parcels");
    "plans::list"                            "- ---- yyyy y yy" |s, f, by| plans::list(s.app(), by);
    "plans::find"                            "- ---- yyyy y yy" |s, f, by| plans::find(s.app(), by, &s.plan(f).await);
    "plans::put"                             "- ---- ssyy y ys" |s, f, by| plans::put(s.app(), by, crate::house::plan(&format!("p-{}", f.secret), 5), None);
    "plans::remove"                          "- ---- ssyy y ys" |s, f, by| plans::remove(s.app(), by, &s.plan(f).await);
    "customer_keys::create in the sandbox"   "- fyyy sysy y ys" |s, f, by| customer_keys::create(s.app(), by, f.project, Sandbox, "740561073");
    "customer_keys::create in production"    "- ssss sysy y ys" |s, f, by| customer_keys::create(s.app(), by, f.project, Production, "740561073");
    "customer_keys::rotate"                  "- fyyy ffff y ys" |s, f, by| customer_keys::rotate(s.app(), by, &s.key(f).await, Overlap::Day);
    "customer_keys::set_status"              "- fyyy sssy y ys" |s, f, by| customer_keys::set_status(s.app(), by, &s.key(f).await, Standing::Revoked);
    "customer_keys::bind"                    "- fyyy ffff y ys" |s, f, by| customer_keys::bind(s.app(), by, &s.key(f).await, &s.public_key(f).await);
    "customer_keys::unbind"                  "- fyyy ffff y ys" |s, f, by| customer_keys::unbind(s.app(), by, &s.key(f).await);
    "customer_keys::list"                    "- yyyy yyyy y yy" |s, f, by| customer_keys::list(s.app(), by, f.project, &customer_keys::Filter::default(), 10);
    "customer_keys::export"                  "- yyyy yyyy y yy" |s, f, by| customer_keys::export(s.app(), by, f.project, &customer_keys::Filter::default());
    "customer_keys::limits"                  "- yyyy yyyy y yy" |s, f, by| customer_keys::limits(s.app(), by, &s.key(f).await);
    "customer_keys::set_limits"              "- fyyy sssy y ys" |s, f, by| customer_keys::set_limits(s.app(), by, &s.key(f).await, Some(Limits::NONE));
    "customer_keys::project_limits"          "- yyyy yyyy y yy" |s, f, by| customer_keys::project_limits(s.app(), by, f.project, Sandbox);
    "customer_keys::set_project_limits"      "- fyyy sssy y ys" |s, f, by| customer_keys::set_project_limits(s.app(), by, f.project, Sandbox, Limits::NONE);
    "customer_keys::usage"                   "- yyyy yyyy y yy" |s, f, by| customer_keys::usage(s.app(), by, &s.key(f).await);
    "customer_keys::find"                    "- yyyy yyyy y yy" |s, f, by| customer_keys::find(s.app(), by, &s.key(f).await);
    "acting::list"                           "- yyyy yyyy y yy" |s, f, by| acting::list(s.app(), by, f.organisation, &acting::Filter::default(), 10);
    "acting::terms"                          "- yyyy yyyy y yy" |s, f, by| acting::terms(s.app(), by, f.organisation);
    "acting::agree"                          "- ffyy ffff r rs" |s, f, by| acting::agree(s.app(), by, f.organisation, policies::FIRST, "192.0.2.1");
    "acting::count"                          "- yyyy yyyy y yy" |s, f, by| acting::count(s.app(), by, f.organisation);
    "acting::stoppable"                      "- ffyy ffff y ys" |s, f, by| acting::stoppable(s.app(), by, f.organisation, &s.held_key(f).await);
    "acting::stop"                           "- ffyy ffff y ys" |s, f, by| acting::stop(s.app(), by, f.organisation, &s.held_key(f).await, None);
    "acting::stop_all"                       "- ffyy ffff y ys" |s, f, by| acting::stop_all(s.app(), by, f.organisation, &s.held_key(f).await, None);
    "acting::stopped"                        "- yyyy yyyy y yy" |s, f, by| acting::stopped(s.app(), by, &s.key(f).await);
    "acting::of_account"                     "- ---- yyyy y yy" |s, f, by| acting::of_account(s.app(), by, Production, "80000001", None, 10);
    "access::request"                        "- fyyy ffff y ys" |s, f, by| access::request(s.app(), by, s.wish(f, Production));
    "access::find"                           "- yyyy yyyy y yy" |s, f, by| access::find(s.app(), by, s.asked(f, Production).await.request.id);
    "access::approve"                        "- ssss sysy y ys" |s, f, by| access::approve(s.app(), by, s.asked(f, Production).await.request.id, None);
    "access::reject"                         "- ssss sysy y ys" |s, f, by| access::reject(s.app(), by, s.asked(f, Production).await.request.id, "no");
    "access::revoke_grant"                   "- fyyy sysy y ys" |s, f, by| access::revoke_grant(s.app(), by, s.grant(f).await, None);
    "consents::list"                         "- yyyy yyyy y yy" |s, f, by| consents::list(s.app(), by, f.project, None, 10);
    "consents::of_key"                       "- yyyy yyyy y yy" |s, f, by| consents::of_key(s.app(), by, &s.key(f).await);
    "view::project"                          "- yyyy yyyy y yy" |s, f, by| view::project(s.app(), by, f.project);
    "view::decisions"                        "- yyyy yyyy y yy" |s, f, by| view::decisions(s.app(), by, f.project, 10);
    "view::last_decision"                    "- yyyy yyyy y yy" |s, f, by| view::last_decision(s.app(), by, f.project, Sandbox);
    "view::acting_customer_keys"             "- yyyy yyyy y yy" |s, f, by| view::acting_customer_keys(s.app(), by, f.project, Sandbox);
    "view::last_token"                       "- yyyy yyyy y yy" |s, f, by| view::last_token(s.app(), by, f.project, Sandbox);
    "view::decision"                         "- yyyy yyyy y yy" |s, f, by| view::decision(s.app(), by, s.decision(f).await);
    "view::decision of nobody's request"     "- ---- yyyy y yy" |s, f, by| view::decision(s.app(), by, crate::view::decided(&s.house, None).await);

    // Of the house.
    "catalogue::upstream which is not there" "- ---- ss-- - -s" |s, f, by| catalogue::upstream(s.app(), by, &"labels".into(), None, Sandbox, 7, "/");
    "catalogue::upstream of no version"      "- ---- ss-- - -s" |s, f, by| catalogue::upstream(s.app(), by, &"labels".into(), Some(9999), Sandbox, 0, "/");
    "holders::list"                          "- ---- sssy y ys" |s, f, by| holders::list(s.app(), by, Sandbox, "", 10);
    "holders::find"                          "- ---- sssy y ys" |s, f, by| { holders::put(s.app(), &actor(), Sandbox, &[holder("1")]).await?; holders::find(s.app(), by, Sandbox, "1") };
    "holders::put"                           "- ---- sssy y ys" |s, f, by| { let one = [holder("2")]; async move { holders::put(s.app(), by, Sandbox, &one).await } };
    "holders::remove"                        "- ---- sssy y ys" |s, f, by| { holders::put(s.app(), &actor(), Sandbox, &[holder("3")]).await?; holders::remove(s.app(), by, Sandbox, "3") };
    "organisations::search"                  "- ---- yyyy y yy" |s, f, by| organisations::search(s.app(), by, &organisations::Search::default());
    "catalogue::apply"                       "- ---- ssyy y ys" |s, f, by| catalogue::apply(s.app(), by, vec![document("labels", "/labels", "LBS"), document("tracking", "/track/{code}", "TPB")], false);
    "catalogue::apply of targets and rules"  "- ---- sssy y ys" |s, f, by| catalogue::apply(s.app(), by, vec![queue_files::file(json!({"targets": {"access": 24, "contracts": 48, "customer_types": 72}, "rules": []}))], true);
    "catalogue::apply of words to reject"    "- ---- sssy y ys" |s, f, by| catalogue::apply(s.app(), by, vec![queue_files::file(json!({"templates": []}))], true);
    "catalogue::export"                      "- ---- yyyy y yy" |s, f, by| catalogue::export(s.app(), by);
    "catalogue::listed"                      "- ---- yyyy y yy" |s, f, by| catalogue::listed(s.app(), by, &catalogue::Listing::default());
    "catalogue::drafts"                      "- ---- yyyy y yy" |s, f, by| catalogue::drafts(s.app(), by);
    "catalogue::overview"                    "- ---- yyyy y yy" |s, f, by| catalogue::overview(s.app(), by, &"labels".into());
    "catalogue::version"                     "- ---- yyyy y yy" |s, f, by| catalogue::version(s.app(), by, &"labels".into(), 1);
    "catalogue::compared"                    "- ---- yyyy y yy" |s, f, by| catalogue::compared(s.app(), by, &"labels".into(), 1);
    "catalogue::holders"                     "- ---- yyyy y yy" |s, f, by| catalogue::holders(s.app(), by, &"labels".into());
    "catalogue::write_placed"                "- ---- ssyy y ys" |s, f, by| catalogue::write_placed(s.app(), by, "openapi: 3.1.0", catalogue::Placing::default());
    "catalogue::grants"                      "- ---- yyyy y yy" |s, f, by| catalogue::grants(s.app(), by, &"labels".into(), None, 10);
    "catalogue::export_holders"              "- ---- yyyy y yy" |s, f, by| catalogue::export_holders(s.app(), by, &"labels".into());
    "catalogue::write"                       "- ---- ssyy y ys" |s, f, by| catalogue::write(s.app(), by, None, "openapi: 3.1.0");
    "catalogue::write_again"                 "- ---- ssyy y ys" |s, f, by| catalogue::write_again(s.app(), by, &s.api(f).await, 1);
    "catalogue::set_rules"                   "- ---- ssyy y ys" |s, f, by| {
        let api = s.api(f).await;
        let mut rules = catalogue::Rules::of(&catalogue::version(s.app(), &actor(), &api, 1).await?.api);
        rules.hidden = true;
        async move { catalogue::set_rules(s.app(), by, &api, 1, &rules).await }
    };
    "catalogue::discard"                     "- ---- ssyy y ys" |s, f, by| catalogue::discard(s.app(), by, &s.draft(f).await, 2);
    "catalogue::publish"                     "- ---- ssyy y ys" |s, f, by| {
        let api = s.draft(f).await;
        let looked_at = s.looked_at(&api, 2, 1).await;
        async move { catalogue::publish(s.app(), by, &api, 2, looked_at, "").await }
    };
    "catalogue::deprecate"                   "- ---- ssyy y ys" |s, f, by| catalogue::deprecate(s.app(), by, &s.api(f).await, s.app().now() + jiff::SignedDuration::from_hours(24));
    "catalogue::keep"                        "- ---- ssyy y ys" |s, f, by| {
        let api = s.api(f).await;
        catalogue::deprecate(s.app(), &actor(), &api, s.app().now() + jiff::SignedDuration::from_hours(24)).await?;
        async move { catalogue::keep(s.app(), by, &api).await }
    };
    "catalogue::retire"                      "- ---- ssyy y ys" |s, f, by| catalogue::retire(s.app(), by, &s.api(f).await);
    "signing_keys::rotate"                   "- ---- sssy y ys" |s, f, by| {
        s.house.hands.advance(u64::try_from(ANNOUNCED_FOR).expect("positive"));
        signing_keys::rotate(s.app(), by, Sandbox)
    };
    "tokens::revoke"                         "- ---- sssy y ys" |s, f, by| tokens::revoke(s.app(), by, f.secret.0, Some(&f.client), s.app().now());
    "queues::access"                         "- ---- yyyy y yy" |s, f, by| queues::access(s.app(), by, &queues::Query::default());
    "queues::contracts"                      "- ---- yyyy y yy" |s, f, by| queues::contracts(s.app(), by, ContractStatus::Pending, &queues::Query::default());
    "queues::customer_types"                 "- ---- yyyy y yy" |s, f, by| queues::customer_types(s.app(), by, &queues::Query::default());
    "signing_keys::list"                     "- ---- yyyy y yy" |s, f, by| signing_keys::list(s.app(), by, Sandbox);
    "signing_keys::master_key_since"         "- ---- yyyy y yy" |s, f, by| signing_keys::master_key_since(s.app(), by);
    "signing_keys::retire"                   "- ---- sssy y ys" |s, f, by| {
        let keys = signing_keys::list(s.app(), &actor(), Sandbox).await?;
        let key = keys.into_iter().find(|listed| listed.state == signing_keys::State::Signing).expect("one signs").key.id;
        async move { signing_keys::retire(s.app(), by, &key).await }
    };
    "staff::list"                            "- ---- yyyy y yy" |s, f, by| staff::list(s.app(), by);
    "staff::find"                            "- ---- yyyy y yy" |s, f, by| staff::find(s.app(), by, s.viewer_of_staff());
    "staff::is_linked"                       "- ---- yyyy y yy" |s, f, by| staff::is_linked(s.app(), by, s.viewer_of_staff());
    "staff::invitations"                     "- ---- yyyy y yy" |s, f, by| staff::invitations(s.app(), by);
    "staff::invite"                          "- ---- sssy y ys" |s, f, by| staff::invite(s.app(), by, &format!("{}@people.example", f.project), Staff::Support);
    "staff::withdraw"                        "- ---- sssy y ys" |s, f, by| {
        let invited = staff::invite(s.app(), &actor(), &format!("{}@people.example", f.project), Staff::Support).await?;
        async move { staff::withdraw(s.app(), by, invited.record.id).await }
    };
    "staff::set_role"                        "- ---- sssy y ys" |s, f, by| staff::set_role(s.app(), by, s.developer, Some(Staff::Viewer));
    "staff::set_role back"                   "- ---- sssy y ys" |s, f, by| staff::set_role(s.app(), by, s.developer, None);
    "client_methods::users"                  "- ---- yyyy y yy" |s, f, by| client_methods::users(s.app(), by, ClientMethod::QueryToken, None, 10);
    "secret_review::secrets"                 "- ---- yyyy y yy" |s, f, by| secret_review::secrets(s.app(), by, secret_review::Which::Old, None, 50);
    "secret_review::quiet_projects"          "- ---- yyyy y yy" |s, f, by| secret_review::quiet_projects(s.app(), by, None, 50);
    "audit::list"                            "- ---- yyyy y yy" |s, f, by| audit::list(s.app(), by, &audit::Wanted::default(), None, 10);
    "audit::verify"                          "- ---- yyyy y yy" |s, f, by| audit::verify(s.app(), by, 1000);
    "audit::export"                          "- ---- sssy y ys" |s, f, by| audit::export(s.app(), by, &audit::Wanted::default(), audit::Format::Csv);
    "queues::targets"                        "- ---- yyyy y yy" |s, f, by| queues::targets(s.app(), by);
    "queues::set_targets"                    "- ---- sssy y ys" |s, f, by| queues::set_targets(s.app(), by, &queues::Targets { access: 12, contracts: 24, customer_types: 36 });
    "queues::overdue"                        "- ---- yyyy y yy" |s, f, by| queues::overdue(s.app(), by);
    "queues::taker"                          "- ---- yyyy y yy" |s, f, by| queues::taker(s.app(), by, Queue::Access, uuid::Uuid::nil());
    "queues::take"                           "- ---- sysy ? ?s" |s, f, by| queues::take(s.app(), by, Queue::Access, s.asked(f, Production).await.request.id.0);
    "queues::assign"                         "- ---- sysy y ys" |s, f, by| {
        let Actor::Account(account) = s.actor("staff: support") else { panic!("an account") };
        let request = s.asked(f, Production).await.request.id.0;
        async move { queues::assign(s.app(), by, Queue::Access, request, *account).await }
    };
    "queues::leave"                          "- ---- sysy y ys" |s, f, by| queues::leave(s.app(), by, Queue::Contracts, s.contract(f).await.0);
    "approval_rules::list"                   "- ---- yyyy y yy" |s, f, by| approval_rules::list(s.app(), by);
    "approval_rules::put"                    "- ---- sssy y ys" |s, f, by| {
        approval_rules::remove(s.app(), &actor(), s.rule(f).await).await?;
        async move { approval_rules::put(s.app(), by, None, &s.wanted_rule(f)).await }
    };
    "approval_rules::remove"                 "- ---- sssy y ys" |s, f, by| approval_rules::remove(s.app(), by, s.rule(f).await);
    "reason_templates::list"                 "- ---- yyyy y yy" |s, f, by| reason_templates::list(s.app(), by, None);
    "reason_templates::find"                 "- ---- yyyy y yy" |s, f, by| reason_templates::find(s.app(), by, s.template(f).await);
    "reason_templates::put"                  "- ---- sysy y ys" |s, f, by| reason_templates::put(s.app(), by, Some(s.template(f).await), &s.wanted_template(f));
    "reason_templates::remove"               "- ---- sysy y ys" |s, f, by| reason_templates::remove(s.app(), by, s.template(f).await);
    "queues::counts"                         "- ---- yyyy y yy" |s, f, by| queues::counts(s.app(), by);
    "announcements::list"                    "- ---- yyyy y yy" |s, f, by| announcements::list(s.app(), by, None, 10);
    "announcements::find"                    "- ---- yyyy y yy" |s, f, by| announcements::find(s.app(), by, s.announcement(false).await);
    "announcements::create"                  "- ---- ssyy y ys" |s, f, by| announcements::create(s.app(), by, &crate::announcements::notice());
    "announcements::change"                  "- ---- ssyy y ys" |s, f, by| announcements::change(s.app(), by, s.announcement(false).await, 1, &crate::announcements::notice());
    "announcements::discard"                 "- ---- ssyy y ys" |s, f, by| announcements::discard(s.app(), by, s.announcement(false).await, 1);
    "announcements::publish"                 "- ---- ssyy y ys" |s, f, by| announcements::publish(s.app(), by, s.announcement(false).await, 1, false);
    "announcements::recipients"              "- ---- yyyy y yy" |s, f, by| announcements::recipients(s.app(), by, s.announcement(false).await);
    "announcements::update"                  "- ---- ssyy y ys" |s, f, by| announcements::update(s.app(), by, s.announcement(true).await, 1, &crate::announcements::news(domain::announcement::Stage::Identified));
    "announcements::end"                     "- ---- ssyy y ys" |s, f, by| announcements::end(s.app(), by, s.announcement(true).await);
    "policies::list"                         "- ---- yyyy y yy" |s, f, by| policies::list(s.app(), by);
    "policies::find"                         "- ---- yyyy y yy" |s, f, by| policies::find(s.app(), by, policies::FIRST);
    "policies::recipients"                   "- ---- yyyy y yy" |s, f, by| policies::recipients(s.app(), by);
    "policies::acceptances"                  "- ---- yyyy y yy" |s, f, by| policies::acceptances(s.app(), by, &policies::Asked::default());
    "policies::put_draft"                    "- ---- ssyy y ys" |s, f, by| policies::put_draft(s.app(), by, &crate::policies::draft(&s.version(f)), None);
    "policies::discard"                      "- ---- ssyy y ys" |s, f, by| policies::discard(s.app(), by, &s.drafted(f).await, 1);
    "policies::publish"                      "- ---- ssyy y ys" |s, f, by| policies::publish(s.app(), by, &s.drafted(f).await, 1, None);
    "organisations::list"                    "- ---- yyyy y yy" |s, f, by| organisations::list(s.app(), by, &organisations::Filter::default(), None, 10);
    "secrets::find"                          "- yyyy yyyy y yy" |s, f, by| secrets::find(s.app(), by, f.secret);
    "secrets::list"                          "- yyyy yyyy y yy" |s, f, by| secrets::list(s.app(), by, &f.client);
    "access::find_grant"                     "- yyyy yyyy y yy" |s, f, by| access::find_grant(s.app(), by, s.grant(f).await);
    "catalogue::list"                        "- ---- yyyy y yy" |s, f, by| catalogue::list(s.app(), by, "", 9);
    "catalogue::find"                        "- ---- yyyy y yy" |s, f, by| catalogue::find(s.app(), by, &"labels".into());
    "catalogue::put"                         "- ---- ssyy y ys" |s, f, by| catalogue::put(s.app(), by, &"labels".into(), document("labels", "/labels", "LBS").content, Before::Whatever);
    "catalogue::remove"                      "- ---- ssyy y ys" |s, f, by| {
        let name = format!("a-{}", f.project);
        catalogue::put(s.app(), &actor(), &name.as_str().into(), document(&name, &format!("/{name}"), "LBS").content, Before::Whatever).await?;
        async move { catalogue::remove(s.app(), by, &name.as_str().into()).await }
    };
};
