use app::{Error, access, catalogue, catalogue::Before};
use domain::Environment::{Production, Sandbox};
use store::access_requests::Status;

use crate::house::{actor, change, document, house};

store::on_both_engines! {
    async fn the_sandbox_approves_at_once_and_brings_the_first_api_credential(test: TestDb) {
        let house = house(&test).await;
        let first = access::request(&house.app, &actor(), house.wish(Sandbox, "labels", None)).await.expect("asks");
        assert_eq!(first.request.status, Status::Approved);
        assert!(first.api_credential.is_some());
        let second = access::request(&house.app, &actor(), house.wish(Sandbox, "tracking", Some("TPB"))).await.expect("asks");
        assert!(second.api_credential.is_none(), "one pair opens them all");
        assert_eq!(house.granted(Sandbox).await, "LBS LBSW TPB");
        assert_eq!(house.granted(Production).await, "");
    }

    async fn production_waits_for_the_operator_and_nothing_is_granted_meanwhile(test: TestDb) {
        let house = house(&test).await;
        let asked = access::request(&house.app, &actor(), house.wish(Production, "labels", Some("LBS"))).await.expect("asks");
        assert_eq!(asked.request.status, Status::Pending);
        assert!(asked.grant.is_none() && asked.api_credential.is_none());
        assert_eq!(house.granted(Production).await, "");
        access::approve(&house.app, &actor(), asked.request.id, None).await.expect("approves");
        assert_eq!(house.granted(Production).await, "LBS");
        assert!(matches!(access::approve(&house.app, &actor(), asked.request.id, None).await, Err(Error::Refused(_))));
        assert!(matches!(access::reject(&house.app, &actor(), asked.request.id, "no").await, Err(Error::Refused(_))));
    }

    async fn of_those_who_decide_at_once_only_one_does(test: TestDb) {
        let house = house(&test).await;
        let asked = access::request(&house.app, &actor(), house.wish(Production, "labels", None)).await.expect("asks");
        let deciding: Vec<_> = (0..16)
            .map(|i| {
                let (app, id) = (house.app.clone(), asked.request.id);
                tokio::spawn(async move {
                    if i % 2 == 0 { access::approve(&app, &actor(), id, None).await.is_ok() } else { access::reject(&app, &actor(), id, "no").await.is_ok() }
                })
            })
            .collect();
        let mut decided = 0;
        for task in deciding {
            decided += usize::from(task.await.expect("joins"));
        }
        assert_eq!(decided, 1);
    }

    async fn more_scopes_replace_the_grant_so_that_revoking_it_leaves_nothing(test: TestDb) {
        let house = house(&test).await;
        access::request(&house.app, &actor(), house.wish(Sandbox, "labels", Some("LBS"))).await.expect("asks");
        let wider = access::request(&house.app, &actor(), house.wish(Sandbox, "labels", Some("LBSW"))).await.expect("asks");
        assert_eq!(house.granted(Sandbox).await, "LBS LBSW");
        access::revoke_grant(&house.app, &actor(), wider.grant.expect("granted").id, Some("test")).await.expect("revokes");
        assert_eq!(house.granted(Sandbox).await, "");
        let request = store::access_requests::find(house.app.db(), wider.request.id).await.expect("reads").expect("there");
        assert_eq!(request.status, Status::Revoked);
    }

    async fn a_grant_that_was_replaced_is_not_revoked_and_the_live_one_is_named(test: TestDb) {
        let house = house(&test).await;
        let first = access::request(&house.app, &actor(), house.wish(Sandbox, "labels", Some("LBS"))).await.expect("asks").grant.expect("granted");
        let live = access::request(&house.app, &actor(), house.wish(Sandbox, "labels", Some("LBSW"))).await.expect("asks").grant.expect("granted");
        let refused = access::revoke_grant(&house.app, &actor(), first.id, None).await.expect_err("refused").to_string();
        assert!(refused.contains(&format!("the live one is {}", live.id)), "{refused}");
        assert_eq!(house.granted(Sandbox).await, "LBS LBSW");
    }

    async fn what_is_taken_back_in_the_moment_of_an_approval_does_not_come_again(test: TestDb) {
        let house = house(&test).await;
        let app = &house.app;
        for changing in [false, true].repeat(6) {
            let first = access::request(app, &actor(), house.wish(Sandbox, "labels", Some("LBS"))).await.expect("asks").grant.expect("granted");
            let other = async {
                if changing {
                    let plan = if first.plan == "starter" { "standard" } else { "starter" };
                    access::change_plan(app, &actor(), first.id, plan, "").await
                } else {
                    access::request(app, &actor(), house.wish(Sandbox, "labels", Some("LBSW"))).await
                }
            };
            let by = actor();
            let (revoked, other) = tokio::join!(access::revoke_grant(app, &by, first.id, None), other);
            let left = house.granted(Sandbox).await;
            if revoked.is_ok() {
                assert!(!left.split(' ').any(|scope| scope == "LBS"), "{left}");
            } else {
                assert!(other.is_ok() && left.contains("LBS"), "{left}");
            }
            for grant in store::grants::live(app.db(), house.project(), Sandbox).await.expect("reads") {
                access::revoke_grant(app, &actor(), grant.id, None).await.expect("revokes");
            }
        }
    }

    async fn no_plan_named_is_the_one_that_is_held(test: TestDb) {
        let house = house(&test).await;
        let starter = access::Wish { plan: Some("starter".into()), ..house.wish(Sandbox, "labels", Some("LBS")) };
        access::request(&house.app, &actor(), starter).await.expect("asks").grant.expect("granted");
        let more = access::request(&house.app, &actor(), house.wish(Sandbox, "labels", Some("LBSW"))).await.expect("asks").grant.expect("granted");
        assert_eq!((more.plan.as_str(), more.scopes.to_string()), ("starter", "LBS LBSW".into()));
        let elsewhere = access::request(&house.app, &actor(), house.wish(Sandbox, "tracking", None)).await.expect("asks");
        assert_eq!(elsewhere.request.plan, "standard", "nothing is held of this one");
    }

    async fn a_plan_that_went_while_a_request_waited_is_not_given(test: TestDb) {
        let house = house(&test).await;
        let starter = access::Wish { plan: Some("starter".into()), ..house.wish(Production, "labels", None) };
        let waiting = access::request(&house.app, &actor(), starter).await.expect("asks").request;
        let mut labels = document("labels", "/labels", "LBS");
        change(&mut labels, "/x-postigo/plans", serde_json::json!([{"name": "standard"}]));
        catalogue::put(&house.app, &actor(), &"labels".into(), labels.content, Before::Whatever).await.expect("puts");
        let refused = access::approve(&house.app, &actor(), waiting.id, None).await.err().expect("refused");
        assert!(refused.to_string().contains("does not offer the plan starter"), "{refused}");
        assert_eq!(house.granted(Production).await, "");
        access::reject(&house.app, &actor(), waiting.id, "ask for standard").await.expect("rejects");
    }

    async fn scopes_and_plans_the_api_does_not_have_are_refused_with_those_it_has(test: TestDb) {
        let house = house(&test).await;
        let refused = access::request(&house.app, &actor(), house.wish(Sandbox, "labels", Some("LBS AP3"))).await.err().expect("refused");
        assert!(refused.to_string().contains("labels offers: LBS LBSW"), "{refused}");
        let mut wish = house.wish(Sandbox, "labels", None);
        wish.plan = Some("gold".into());
        let refused = access::request(&house.app, &actor(), wish).await.err().expect("refused");
        assert!(refused.to_string().contains("standard, starter"), "{refused}");
        assert!(matches!(access::request(&house.app, &actor(), house.wish(Sandbox, "nothing", None)).await, Err(Error::NotFound { .. })));
    }

    async fn a_rejection_needs_a_reason(test: TestDb) {
        let house = house(&test).await;
        let asked = access::request(&house.app, &actor(), house.wish(Production, "labels", None)).await.expect("asks");
        assert!(matches!(access::reject(&house.app, &actor(), asked.request.id, "  ").await, Err(Error::Invalid { .. })));
        let rejected = access::reject(&house.app, &actor(), asked.request.id, "no contract").await.expect("rejects");
        assert_eq!(rejected.decision_reason.as_deref(), Some("no contract"));
    }
}
