//! Ids of another organisation, in every position: they are as absent as those that never were.

use app::{
    Actor, Error, access, api_credentials, clients, contracts, customer_keys, customer_types, invitations, members, organisations,
    policies, projects, secrets, tokens, view,
};
use domain::{
    CustomerType,
    Environment::{Production, Sandbox},
    OrganisationId,
    contract::{ContractStatus, Standing},
    role::Role,
    rotation::Overlap,
};
use uuid::Uuid;

use crate::house::{House, actor, house};

/// What the owner of another organisation hears of this id, and what of one that never was; the ids left out.
macro_rules! same {
    ($id:expr, $never:expr, |$it:ident| $call:expr) => {{
        let mut heard = Vec::new();
        for $it in [$id.clone(), $never] {
            let error = $call.await.err().unwrap_or_else(|| panic!("{} let a stranger through", stringify!($call)));
            assert!(matches!(error, Error::NotFound { .. }), "{}: {error}", stringify!($call));
            heard.push(error.to_string().replace(&$it.to_string(), "ID"));
        }
        assert_eq!(heard[0], heard[1], "{}", stringify!($call));
    }};
}

async fn other_owner(house: &House) -> (Actor, OrganisationId) {
    let account = house.account("owner@elsewhere.example").await;
    let founded = organisations::create_by(&house.app, account, "Elsewhere", "Web").await.expect("founds");
    (Actor::Account(account), founded.organisation.id)
}

store::on_both_engines! {
    async fn what_belongs_to_another_organisation_is_as_absent_as_what_never_was(test: TestDb) {
        let house = house(&test).await;
        let app = &house.app;
        let (by, _) = other_owner(&house).await;
        let by = &by;
        organisations::set_customer_type(app, &actor(), house.organisation(), CustomerType::Integrator).await.expect("sets");
        let member = house.member("dora@shop.example", Role::Developer).await;
        let nobody = Uuid::from_u128(7);

        let of = house.organisation();
        same!(of, nobody.into(), |id| organisations::find(app, by, &id.to_string()));
        same!(of, nobody.into(), |id| organisations::rename(app, by, id, "Mine"));
        same!(of, nobody.into(), |id| organisations::close(app, by, id));
        same!(of, nobody.into(), |id| organisations::set_status(app, by, id, Standing::Revoked, None));
        same!(of, nobody.into(), |id| organisations::dossier(app, by, id));
        same!(of, nobody.into(), |id| organisations::stake(app, by, id));
        same!(of, nobody.into(), |id| organisations::look(app, by, id, ""));
        same!(of, nobody.into(), |id| organisations::add_note(app, by, id, ""));
        same!(of, nobody.into(), |id| members::set_role(app, by, id, member, Role::Owner));
        same!(of, nobody.into(), |id| members::remove(app, by, id, member));
        same!(of, nobody.into(), |id| invitations::invite(app, by, id, "me@elsewhere.example", Role::Owner));
        same!(of, nobody.into(), |id| contracts::link(app, by, id, "54000001", "80000001", "LCE1"));
        same!(of, nobody.into(), |id| contracts::link(app, by, id, "no number", "", ""));
        same!(of, nobody.into(), |id| customer_types::request(app, by, id, CustomerType::Customer, ""));
        same!(of, nobody.into(), |id| projects::create(app, by, id, "Mine"));
        same!(of, nobody.into(), |id| projects::create_with(app, by, id, "", &["nothing".into()]));
        same!(of, nobody.into(), |id| view::organisation(app, by, id));
        let Actor::Account(account) = by else { panic!("an account") };
        same!(of, nobody.into(), |id| members::leave(app, *account, id));

        let project = house.project();
        same!(project, nobody.into(), |id| projects::find(app, by, id));
        same!(project, nobody.into(), |id| projects::rename(app, by, id, ""));
        same!(project, nobody.into(), |id| projects::archive(app, by, id));
        same!(project, nobody.into(), |id| policies::accept(app, by, id, Sandbox, "", ""));
        same!(project, nobody.into(), |id| clients::create(app, by, id, Production));
        same!(project, nobody.into(), |id| api_credentials::create(app, by, id, Sandbox));
        same!(project, nobody.into(), |id| customer_keys::create(app, by, id, Sandbox, "74"));
        same!(project, nobody.into(), |id| access::request(app, by, access::Wish { project: id, ..house.wish(Sandbox, "nothing", None) }));
        same!(project, nobody.into(), |id| view::project(app, by, id));
        same!(project, nobody.into(), |id| customer_keys::list(app, by, id, &customer_keys::Filter::default(), 1));
        same!(project, nobody.into(), |id| customer_keys::project_limits(app, by, id, Sandbox));
        same!(project, nobody.into(), |id| customer_keys::set_project_limits(app, by, id, Sandbox, domain::customer_key::Limits::NONE));
        same!(project, nobody.into(), |id| view::decisions(app, by, id, 1));
        same!(project, nobody.into(), |id| view::last_token(app, by, id, Sandbox));
        same!(project, nobody.into(), |id| view::last_decision(app, by, id, Sandbox));
        same!(project, nobody.into(), |id| view::acting_customer_keys(app, by, id, Sandbox));

        let client = house.founded.first.client.client.id.clone();
        same!(client, "sbx_ci_0".into(), |id| clients::find(app, by, &id));
        same!(client, "sbx_ci_0".into(), |id| clients::replace(app, by, &id, Overlap::Now));
        same!(client, "sbx_ci_0".into(), |id| clients::set_status(app, by, &id, Standing::Revoked));
        same!(client, "sbx_ci_0".into(), |id| clients::set_rules(app, by, &id, Some(&[]), 0));
        same!(client, "sbx_ci_0".into(), |id| secrets::create(app, by, &id, Some(0)));
        let secret = house.founded.first.client.secret.record.id;
        same!(secret, nobody.into(), |id| secrets::retire(app, by, id, 0));
        same!(secret, nobody.into(), |id| secrets::revoke(app, by, id));
        same!(Uuid::from_u128(8), nobody, |id| tokens::revoke(app, by, id, Some(&client), app.now()));
        same!(Uuid::from_u128(8), nobody, |id| tokens::revoke(app, &Actor::Client("sbx_ci_0".into()), id, Some(&client), app.now()));

        let granted = access::request(app, &actor(), house.wish(Sandbox, "labels", None)).await.expect("asks");
        let waiting = access::request(app, &actor(), house.wish(Production, "labels", None)).await.expect("asks").request.id;
        same!(waiting, nobody.into(), |id| access::approve(app, by, id, None));
        same!(waiting, nobody.into(), |id| access::reject(app, by, id, ""));
        same!(granted.grant.as_ref().expect("granted").id, nobody.into(), |id| access::revoke_grant(app, by, id, None));
        same!(granted.api_credential.expect("issued").record.id, "sbx_ac_0".into(), |id| api_credentials::revoke(app, by, &id));
        let key = customer_keys::create(app, &actor(), project, Sandbox, "740561073").await.expect("issues").record.id;
        same!(key, "sbx_ck_0".into(), |id| customer_keys::set_status(app, by, &id, Standing::Revoked));
        same!(key, "sbx_ck_0".into(), |id| customer_keys::usage(app, by, &id));
        same!(key, "sbx_ck_0".into(), |id| customer_keys::limits(app, by, &id));
        same!(key, "sbx_ck_0".into(), |id| customer_keys::set_limits(app, by, &id, None));
        same!(key, "sbx_ck_0".into(), |id| customer_keys::rotate(app, by, &id, Overlap::Now));
        let contract = contracts::link(app, &actor(), of, "54000001", "80000001", "LCE1").await.expect("links").id;
        same!(contract, nobody.into(), |id| contracts::set_status(app, by, id, ContractStatus::Active, None));
        same!(contract, nobody.into(), |id| contracts::reject(app, by, id, ""));
        let asked = customer_types::request(app, &actor(), of, CustomerType::Customer, "we ship").await.expect("asks").id;
        same!(asked, nobody.into(), |id| customer_types::approve(app, by, id, None));
        same!(asked, nobody.into(), |id| customer_types::reject(app, by, id, ""));
        let invited = invitations::invite(app, &actor(), of, "new@shop.example", Role::Viewer).await.expect("invites").record.id;
        same!(invited, nobody.into(), |id| invitations::withdraw(app, by, id));
        let decided = crate::view::decided(&house, Some((of, project, client))).await;
        same!(decided, nobody, |id| view::decision(app, by, id));
        let nobodys = crate::view::decided(&house, None).await;
        same!(nobodys, nobody, |id| view::decision(app, by, id));
    }

    async fn ones_own_organisation_does_not_open_the_members_of_another(test: TestDb) {
        let house = house(&test).await;
        let (by, own) = other_owner(&house).await;
        let member = house.member("dora@shop.example", Role::Developer).await;
        for refused in [members::set_role(&house.app, &by, own, member, Role::Viewer).await, members::remove(&house.app, &by, own, member).await] {
            assert!(matches!(refused, Err(Error::NotFound { what: "member", .. })), "{refused:?}");
        }
        let there = store::memberships::of_organisation(house.app.db(), house.organisation()).await.expect("reads");
        assert_eq!(there.iter().map(|member| member.role).collect::<Vec<_>>(), [Role::Developer]);
    }

    async fn a_client_may_do_nothing_but_revoke_its_own_token(test: TestDb) {
        let house = house(&test).await;
        let own = house.founded.first.client.client.id.clone();
        let by = Actor::Client(own.clone());
        tokens::revoke(&house.app, &by, Uuid::from_u128(1), Some(&own), house.app.now()).await.expect("its own");
        assert!(matches!(tokens::revoke(&house.app, &by, Uuid::from_u128(2), None, house.app.now()).await, Err(Error::NotFound { .. })));
        assert!(matches!(clients::find(&house.app, &by, &own).await, Err(Error::NotFound { .. })));
        assert!(matches!(app::permission::staff(&house.app, &by, domain::role::Duty::See).await, Err(Error::NotFound { .. })));
    }
}
