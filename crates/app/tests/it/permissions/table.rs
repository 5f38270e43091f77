//! The table. A column for each of `PEOPLE`: `y` does it, `-` hears that there is no such thing, `f` that the role is not enough, `s` that it
//! is for other staff, `r` that a rule says no to everybody of that kind. What stands after the name of the use case tells its rows apart.

use std::{future::Future, pin::Pin};

use app::{
    Actor, Error, access, api_credentials, audit, catalogue, clients, contracts, customer_keys, customer_types, invitations, members,
    organisations, policies, projects, queues, secret_review, secrets, signing_keys, staff, tokens, view,
};
use domain::{
    CustomerType,
    Environment::{Production, Sandbox},
    contract::{ContractStatus, Standing},
    role::{Role, Staff},
    rotation::Overlap,
    signing_key::ANNOUNCED_FOR,
};

use super::stage::{Fresh, Stage};
use crate::house::{actor, document};

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
    // Of an organisation.                 stranger, viewer developer admin owner, staff: viewer support publisher administrator, operator
    "organisations::create"                  "- ---- sssy y" |s, f, by| organisations::create(s.app(), by, &format!("{}", f.secret), CustomerType::Customer, "Web");
    "organisations::find"                    "- yyyy yyyy y" |s, f, by| organisations::find(s.app(), by, &f.organisation.to_string());
    "organisations::rename"                  "- fffy ffff y" |s, f, by| organisations::rename(s.app(), by, f.organisation, &format!("{}", f.secret));
    "organisations::close"                   "- fffy ffff y" |s, f, by| organisations::close(s.app(), by, f.organisation);
    "organisations::set_status"              "- ssss sssy y" |s, f, by| organisations::set_status(s.app(), by, f.organisation, Standing::Suspended, None);
    "organisations::set_customer_type"       "- ssss sysy y" |s, f, by| organisations::set_customer_type(s.app(), by, f.organisation, CustomerType::Customer);
    "members::set_role"                      "- ffyy ffff y" |s, f, by| members::set_role(s.app(), by, f.organisation, s.developer, Role::Viewer);
    "members::set_role to owner"             "- fffy ffff y" |s, f, by| members::set_role(s.app(), by, f.organisation, s.developer, Role::Owner);
    "members::set_role of an owner"          "- fffy ffff y" |s, f, by| members::set_role(s.app(), by, f.organisation, s.owner, Role::Viewer);
    "members::remove"                        "- ffyy ffff y" |s, f, by| members::remove(s.app(), by, f.organisation, s.developer);
    "members::remove of an owner"            "- fffy ffff y" |s, f, by| members::remove(s.app(), by, f.organisation, s.owner);
    "invitations::invite"                    "- ffyy sssf y" |s, f, by| invitations::invite(s.app(), by, f.organisation, "new@shop.example", Role::Admin);
    "invitations::invite as an owner"        "- fffy sssf y" |s, f, by| invitations::invite(s.app(), by, f.organisation, "new@shop.example", Role::Owner);
    "invitations::withdraw"                  "- ffyy sssy y" |s, f, by| invitations::withdraw(s.app(), by, s.invitation(f).await);
    "contracts::link"                        "- ffyy ffff y" |s, f, by| contracts::link(s.app(), by, f.organisation, "54000001", "80000001", "LCE1");
    "contracts::find"                        "- yyyy yyyy y" |s, f, by| contracts::find(s.app(), by, s.contract(f).await);
    "contracts::set_status"                  "- ssss sysy y" |s, f, by| contracts::set_status(s.app(), by, s.contract(f).await, ContractStatus::Active, None);
    "contracts::reject"                      "- ssss sysy y" |s, f, by| contracts::reject(s.app(), by, s.contract(f).await, "no such contract");
    "customer_types::request"                "- ffyy ffff y" |s, f, by| customer_types::request(s.app(), by, f.organisation, CustomerType::CompatibleProvider, "we ship");
    "customer_types::find"                   "- yyyy yyyy y" |s, f, by| customer_types::find(s.app(), by, s.customer_type(f).await);
    "customer_types::approve"                "- ssss sysy y" |s, f, by| customer_types::approve(s.app(), by, s.customer_type(f).await, None);
    "customer_types::reject"                 "- ssss sysy y" |s, f, by| customer_types::reject(s.app(), by, s.customer_type(f).await, "not certified");
    "view::organisation"                     "- yyyy yyyy y" |s, f, by| view::organisation(s.app(), by, f.organisation);

    // Of a project.
    "projects::create"                       "- fyyy ffff y" |s, f, by| projects::create(s.app(), by, f.organisation, "App");
    "projects::create_with"                  "- fyyy ffff y" |s, f, by| projects::create_with(s.app(), by, f.organisation, "App", &["labels".into()]);
    "projects::find"                         "- yyyy yyyy y" |s, f, by| projects::find(s.app(), by, f.project);
    "projects::rename"                       "- fyyy ffff y" |s, f, by| projects::rename(s.app(), by, f.project, "App");
    "projects::archive"                      "- ffyy sssy y" |s, f, by| projects::archive(s.app(), by, f.project);
    "policies::accept in the sandbox"        "- fyyy ffff r" |s, f, by| policies::accept(s.app(), by, f.project, Sandbox, policies::CURRENT, "192.0.2.1");
    "policies::accept in production"         "- ffyy ffff r" |s, f, by| policies::accept(s.app(), by, f.project, Production, policies::CURRENT, "192.0.2.1");
    "clients::create in the sandbox"         "- fyyy ffff y" |s, f, by| clients::create(s.app(), by, f.project, Sandbox);
    "clients::create in production"          "- ffyy ffff y" |s, f, by| clients::create(s.app(), by, s.ready(f).await, Production);
    "clients::find"                          "- yyyy yyyy y" |s, f, by| clients::find(s.app(), by, &f.client);
    "clients::replace"                       "- fyyy ffff y" |s, f, by| clients::replace(s.app(), by, &f.client, Overlap::Week);
    "clients::set_status"                    "- fyyy sssy y" |s, f, by| clients::set_status(s.app(), by, &f.client, Standing::Suspended);
    "clients::set_rules"                     "- fyyy ffff y" |s, f, by| clients::set_rules(s.app(), by, &f.client, None, 600);
    "secrets::create"                        "- fyyy ffff y" |s, f, by| secrets::create(s.app(), by, &f.client, Some(Overlap::Day.seconds()));
    "secrets::retire"                        "- fyyy ffff y" |s, f, by| secrets::retire(s.app(), by, f.secret, 60);
    "secrets::revoke"                        "- fyyy ffff y" |s, f, by| secrets::revoke(s.app(), by, f.secret);
    "api_credentials::create"                "- fyyy ffff y" |s, f, by| api_credentials::create(s.app(), by, f.project, Sandbox);
    "api_credentials::revoke"                "- fyyy sssy y" |s, f, by| {
        let issued = api_credentials::create(s.app(), &actor(), f.project, Sandbox).await?;
        async move { api_credentials::revoke(s.app(), by, &issued.record.id).await }
    };
    "customer_keys::create in the sandbox"   "- fyyy sysy y" |s, f, by| customer_keys::create(s.app(), by, f.project, Sandbox, "740561073");
    "customer_keys::create in production"    "- ssss sysy y" |s, f, by| customer_keys::create(s.app(), by, f.project, Production, "740561073");
    "customer_keys::set_status"              "- fyyy sssy y" |s, f, by| customer_keys::set_status(s.app(), by, &s.key(f).await, Standing::Revoked);
    "access::request"                        "- fyyy ffff y" |s, f, by| access::request(s.app(), by, s.wish(f, Production));
    "access::find"                           "- yyyy yyyy y" |s, f, by| access::find(s.app(), by, s.asked(f, Production).await.request.id);
    "access::approve"                        "- ssss sysy y" |s, f, by| access::approve(s.app(), by, s.asked(f, Production).await.request.id, None);
    "access::reject"                         "- ssss sysy y" |s, f, by| access::reject(s.app(), by, s.asked(f, Production).await.request.id, "no");
    "access::revoke_grant"                   "- fyyy sysy y" |s, f, by| access::revoke_grant(s.app(), by, s.grant(f).await, None);
    "view::project"                          "- yyyy yyyy y" |s, f, by| view::project(s.app(), by, f.project);
    "view::customer_keys"                    "- yyyy yyyy y" |s, f, by| view::customer_keys(s.app(), by, f.project, "", 10);
    "view::decisions"                        "- yyyy yyyy y" |s, f, by| view::decisions(s.app(), by, f.project, 10);
    "view::last_decision"                    "- yyyy yyyy y" |s, f, by| view::last_decision(s.app(), by, f.project, Sandbox);
    "view::acting_customer_keys"             "- yyyy yyyy y" |s, f, by| view::acting_customer_keys(s.app(), by, f.project, Sandbox);
    "view::last_token"                       "- yyyy yyyy y" |s, f, by| view::last_token(s.app(), by, f.project, Sandbox);
    "view::decision"                         "- yyyy yyyy y" |s, f, by| view::decision(s.app(), by, s.decision(f).await);
    "view::decision of nobody's request"     "- ---- yyyy y" |s, f, by| view::decision(s.app(), by, crate::view::decided(&s.house, None).await);

    // Of the house.
    "catalogue::apply"                       "- ---- ssyy y" |s, f, by| catalogue::apply(s.app(), by, vec![document("labels", "/labels", "LBS"), document("tracking", "/track/{code}", "TPB")], false);
    "catalogue::export"                      "- ---- yyyy y" |s, f, by| catalogue::export(s.app(), by);
    "signing_keys::rotate"                   "- ---- sssy y" |s, f, by| {
        s.house.hands.advance(u64::try_from(ANNOUNCED_FOR).expect("positive"));
        signing_keys::rotate(s.app(), by, Sandbox)
    };
    "tokens::revoke"                         "- ---- sssy y" |s, f, by| tokens::revoke(s.app(), by, f.secret.0, Some(&f.client), s.app().now());
    "queues::access"                         "- ---- yyyy y" |s, f, by| queues::access(s.app(), by, &queues::Query::default());
    "queues::contracts"                      "- ---- yyyy y" |s, f, by| queues::contracts(s.app(), by, ContractStatus::Pending, &queues::Query::default());
    "queues::customer_types"                 "- ---- yyyy y" |s, f, by| queues::customer_types(s.app(), by, &queues::Query::default());
    "signing_keys::list"                     "- ---- yyyy y" |s, f, by| signing_keys::list(s.app(), by, Sandbox);
    "signing_keys::master_key_since"         "- ---- yyyy y" |s, f, by| signing_keys::master_key_since(s.app(), by);
    "signing_keys::retire"                   "- ---- sssy y" |s, f, by| {
        let keys = signing_keys::list(s.app(), &actor(), Sandbox).await?;
        let key = keys.into_iter().find(|listed| listed.state == signing_keys::State::Signing).expect("one signs").key.id;
        async move { signing_keys::retire(s.app(), by, &key).await }
    };
    "staff::list"                            "- ---- yyyy y" |s, f, by| staff::list(s.app(), by);
    "staff::find"                            "- ---- yyyy y" |s, f, by| staff::find(s.app(), by, s.viewer_of_staff());
    "staff::invitations"                     "- ---- yyyy y" |s, f, by| staff::invitations(s.app(), by);
    "staff::invite"                          "- ---- sssy y" |s, f, by| staff::invite(s.app(), by, &format!("{}@people.example", f.project), Staff::Support);
    "staff::withdraw"                        "- ---- sssy y" |s, f, by| {
        let invited = staff::invite(s.app(), &actor(), &format!("{}@people.example", f.project), Staff::Support).await?;
        async move { staff::withdraw(s.app(), by, invited.record.id).await }
    };
    "staff::set_role"                        "- ---- sssy y" |s, f, by| staff::set_role(s.app(), by, s.developer, Some(Staff::Viewer));
    "staff::set_role back"                   "- ---- sssy y" |s, f, by| staff::set_role(s.app(), by, s.developer, None);
    "secret_review::secrets"                 "- ---- yyyy y" |s, f, by| secret_review::secrets(s.app(), by, secret_review::Which::Old, None);
    "secret_review::quiet_projects"          "- ---- yyyy y" |s, f, by| secret_review::quiet_projects(s.app(), by, None);
    "audit::list"                            "- ---- yyyy y" |s, f, by| audit::list(s.app(), by, &audit::Wanted::default(), None, 10);
    "audit::verify"                          "- ---- yyyy y" |s, f, by| audit::verify(s.app(), by, 1000);
    "audit::export"                          "- ---- sssy y" |s, f, by| audit::export(s.app(), by, &audit::Wanted::default(), audit::Format::Csv);
    "queues::counts"                         "- ---- yyyy y" |s, f, by| queues::counts(s.app(), by);
};
