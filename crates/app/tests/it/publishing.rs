//! From a text to what is served, and out of it.

use app::{
    Error, Rule, access,
    catalogue::{self, Before, Draft, Listing, LookedAt, Placing, Rules, State},
    plans,
};
use domain::{
    ApiName, CustomerType,
    Environment::Sandbox,
    api::{AutoApprove, Status},
    openapi::compare::Kind,
};
use jiff::{SignedDuration, ToSpan};
use serde_json::json;

use crate::house::{House, actor, change, document, house, plan};

/// A draft of labels, changed at this place.
async fn draft(house: &House, pointer: &str, to: serde_json::Value) -> i64 {
    let mut labels = document("labels", "/labels", "LBS");
    change(&mut labels, pointer, to);
    match catalogue::write(&house.app, &actor(), Some(&"labels".into()), &labels.content.to_string()).await.expect("writes") {
        Draft::Kept(_, number) => number,
        Draft::Faulty(faults) => panic!("{faults:?}"),
    }
}

/// Publishes what lies under this number now.
async fn publish(house: &House, name: &ApiName, number: i64, over: i64, note: &str) -> app::Result<()> {
    let seen = catalogue::version(&house.app, &actor(), name, number).await?;
    catalogue::publish(&house.app, &actor(), name, number, LookedAt { over, written: seen.version.created_at.as_microsecond() }, note).await
}

async fn status(house: &House) -> Status {
    catalogue::overview(&house.app, &actor(), &"labels".into()).await.expect("reads").live.expect("live").life.status
}

const SCOPE: &str = "/paths/~1labels/get/security";

store::on_both_engines! {
    async fn a_draft_serves_nobody_until_it_is_published_and_leaves_what_was_before(test: TestDb) {
        let house = house(&test).await;
        let (app, labels) = (&house.app, "labels".into());
        let number = draft(&house, SCOPE, json!([{"oauth": ["NEW"]}])).await;
        assert_eq!(number, 2, "apply leaves a version too");
        let live = |exported: Vec<catalogue::Document>| exported[0].content.pointer(SCOPE).expect("there").clone();
        assert_eq!(live(catalogue::export(app, &actor()).await.expect("exports")), json!([{"oauth": ["LBS"]}]));
        publish(&house, &labels, number, 1, "Another scope.").await.expect("publishes");
        assert_eq!(live(catalogue::export(app, &actor()).await.expect("exports")), json!([{"oauth": ["NEW"]}]));
        let steps = catalogue::changes(app, &labels).await.expect("reads");
        assert_eq!(steps.iter().map(|step| (step.version.number, step.version.note.as_str(), step.first)).collect::<Vec<_>>(), [(2, "Another scope.", false), (1, "", true)]);
        assert_eq!(steps[0].differences[0].kind, Kind::Breaking);

        let again = catalogue::write_again(app, &actor(), &labels, 1).await.expect("writes");
        publish(&house, &labels, again, 2, "").await.expect("publishes");
        for (number, before) in [(1, 0), (2, 1), (again, 2)] {
            let compared = catalogue::compared(app, &actor(), &labels, number).await.expect("compares");
            assert_eq!((compared.over, compared.differences.is_empty()), (before, before == 0), "{number}");
        }
        assert_eq!(live(catalogue::export(app, &actor()).await.expect("exports")), json!([{"oauth": ["LBS"]}]));
    }

    async fn who_publishes_second_must_look_again(test: TestDb) {
        let house = house(&test).await;
        let (first, second) = (draft(&house, SCOPE, json!([{"oauth": ["A"]}])).await, draft(&house, SCOPE, json!([{"oauth": ["B"]}])).await);
        publish(&house, &"labels".into(), second, 1, "").await.expect("publishes");
        let error = publish(&house, &"labels".into(), first, 1, "").await.expect_err("refused");
        assert!(matches!(&error, Error::Refused(words) if words.to_string().contains("version 3 was published meanwhile")), "{error}");
        let error = publish(&house, &"labels".into(), second, 3, "").await.expect_err("refused");
        assert!(matches!(error, Error::NotFound { .. }), "no draft any more: {error}");
    }

    async fn a_draft_that_took_the_number_of_another_is_not_published_in_its_place(test: TestDb) {
        let house = house(&test).await;
        let labels = "labels".into();
        let number = draft(&house, SCOPE, json!([{"oauth": ["SEEN"]}])).await;
        let seen = catalogue::compared(&house.app, &actor(), &labels, number).await.expect("compares");
        let looked_at = LookedAt { over: seen.over, written: seen.seen.version.created_at.as_microsecond() };
        catalogue::discard(&house.app, &actor(), &labels, number).await.expect("discards");
        house.hands.advance(1);
        assert_eq!(draft(&house, SCOPE, json!([{"oauth": ["UNSEEN"]}])).await, number, "the number comes again");
        let error = catalogue::publish(&house.app, &actor(), &labels, number, looked_at, "").await.expect_err("refused");
        assert!(matches!(&error, Error::Refused(words) if words.to_string().contains("not the draft that you looked at")), "{error}");
        publish(&house, &labels, number, 1, "").await.expect("publishes what was looked at");
    }

    async fn the_origin_of_a_draft_is_tried_before_it_is_live_and_a_number_that_is_none_is_not_found(test: TestDb) {
        let house = house(&test).await;
        let (app, labels) = (&house.app, ApiName::from("labels"));
        let number = draft(&house, "/x-postigo/upstreams/sandbox", json!(["https://next.example"])).await;
        let found = async |number: Option<i64>| catalogue::upstream(app, &actor(), &labels, number, Sandbox, 0, "/").await;
        assert_eq!(found(Some(number)).await.expect("the draft names it"), "https://next.example");
        for (number, why) in [
            (None, "what is live is inside the program"),
            (Some(1), "as its version is"),
            (Some(number + 1), "there is no such version"),
            (Some(0), "nor that one"),
        ] {
            let error = found(number).await.expect_err(why);
            assert!(matches!(error, Error::NotFound { .. }), "{why}: {error}");
        }
        publish(&house, &labels, number, 1, "").await.expect("publishes");
        assert_eq!(found(None).await.expect("it is live"), "https://next.example");

        // What is retired comes back by a draft, which is tried before; what was published of it is not.
        catalogue::retire(app, &actor(), &labels).await.expect("retires");
        let again = catalogue::write_again(app, &actor(), &labels, number).await.expect("writes");
        assert_eq!(found(Some(again)).await.expect("a draft"), "https://next.example");
        for number in [None, Some(number)] {
            let error = found(number).await.expect_err("retired");
            assert!(matches!(error, Error::Rule(Rule::ApiRetired)), "{error}");
        }

        // Of a new API nothing is live at all.
        let mut returns = document("returns", "/returns", "RET");
        change(&mut returns, "/x-postigo/upstreams/sandbox", json!(["https://returns.example"]));
        let written = catalogue::write(app, &actor(), None, &returns.content.to_string()).await.expect("writes");
        let Draft::Kept(returns, number) = written else { panic!("faulty") };
        let origin = catalogue::upstream(app, &actor(), &returns, Some(number), Sandbox, 0, "/").await.expect("the draft names it");
        assert_eq!(origin, "https://returns.example");
    }

    async fn a_draft_whose_plan_went_says_which(test: TestDb) {
        let house = house(&test).await;
        let labels = "labels".into();
        plans::put(&house.app, &actor(), plan("gold", 5), None).await.expect("a plan");
        let number = draft(&house, "/x-postigo/plans", json!(["gold"])).await;
        plans::remove(&house.app, &actor(), "gold").await.expect("removes");
        let rules = Rules { hidden: true, ..Rules::of(&catalogue::version(&house.app, &actor(), &labels, number).await.expect("reads").api) };
        let ruled = catalogue::set_rules(&house.app, &actor(), &labels, number, &rules).await.map(drop);
        for refused in [ruled, publish(&house, &labels, number, 1, "").await] {
            let error = refused.expect_err("refused");
            assert!(matches!(&error, Error::Refused(words) if words.to_string().contains("the plan gold")), "{error}");
        }
    }

    async fn of_two_who_put_the_same_path_at_once_one_does(test: TestDb) {
        let house = house(&test).await;
        let put = async |name: &str| {
            let content = document(name, "/returns", "RET").content;
            catalogue::put(&house.app, &actor(), &name.into(), content, Before::Whatever).await
        };
        let (one, other) = tokio::join!(put("returns"), put("refunds"));
        let (won, lost) = if one.is_ok() { (one, other) } else { (other, one) };
        assert!(won.expect("one is there").is_some());
        let Err(Error::Faults(faults)) = lost else { panic!("{lost:?}") };
        assert!(faults[0].contains("an API has its paths for itself"), "{faults:?}");
    }

    async fn drafts_written_at_once_are_all_kept_each_under_its_number(test: TestDb) {
        let house = house(&test).await;
        let scope = |scope: &str| json!([{"oauth": [scope]}]);
        let (a, b, c) = tokio::join!(draft(&house, SCOPE, scope("A")), draft(&house, SCOPE, scope("B")), draft(&house, SCOPE, scope("C")));
        let mut numbers = [a, b, c];
        numbers.sort_unstable();
        assert_eq!(numbers, [2, 3, 4]);
    }

    async fn every_fault_of_a_text_has_its_line_and_a_path_belongs_to_one_api(test: TestDb) {
        let house = house(&test).await;
        let text = "openapi: 3.1.0\ninfo: {title: X}\npaths:\n  /track/{id}:\n    get:\n      security: [{oauth: [X]}]\n  /x y:\n    get: {security: []}\ncomponents: {securitySchemes: {oauth: {type: oauth2}}}\nx-postigo: {name: labels, upstreams: {}}\n";
        let Draft::Faulty(faults) = catalogue::write(&house.app, &actor(), None, text).await.expect("reads") else { panic!("kept") };
        assert_eq!(faults.iter().map(|found| found.place.map(|(line, _)| line)).collect::<Vec<_>>(), [Some(7), Some(8)], "{faults:?}");
        let text = text.replace("  /x y:\n    get: {security: []}\n", "");
        let Draft::Faulty(faults) = catalogue::write(&house.app, &actor(), Some(&"labels".into()), &text).await.expect("reads") else { panic!("kept") };
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].fault.what.contains("is a path of tracking too") && faults[0].place.is_some_and(|(line, _)| line == 4), "{faults:?}");
        let other = document("other", "/other", "X").content.to_string();
        let Draft::Faulty(faults) = catalogue::write(&house.app, &actor(), Some(&"labels".into()), &other).await.expect("reads") else { panic!("kept") };
        assert_eq!(faults[0].fault.at, "/x-postigo/name");
    }

    async fn a_new_api_waits_without_an_entry_and_is_served_once_published(test: TestDb) {
        let house = house(&test).await;
        let text = document("returns", "/returns", "RET").content.to_string();
        let Draft::Kept(name, number) = catalogue::write(&house.app, &actor(), None, &text).await.expect("writes") else { panic!("faulty") };
        let wanted = Listing { limit: 200, ..Listing::default() };
        let listed = catalogue::listed(&house.app, &actor(), &wanted).await.expect("lists");
        let row = listed.rows.iter().find(|row| row.name == name).expect("listed");
        assert_eq!((row.status, row.version, row.drafts.len()), (None, 0, 1));
        assert_eq!(catalogue::export(&house.app, &actor()).await.expect("exports").len(), 2);
        let error = access::request(&house.app, &actor(), house.wish(Sandbox, "returns", None)).await.map(drop).expect_err("not there");
        assert!(matches!(error, Error::NotFound { .. }), "{error}");
        publish(&house, &name, number, 0, "").await.expect("publishes");
        access::request(&house.app, &actor(), house.wish(Sandbox, "returns", None)).await.map(drop).expect("asks");
        catalogue::discard(&house.app, &actor(), &name, number).await.expect_err("what was published stays");
    }

    async fn an_ordinary_document_is_placed_once_and_another_version_of_it_stays_where_it_is(test: TestDb) {
        let house = house(&test).await;
        let mut content = document("returns", "/returns", "RET").content;
        let own = content.as_object_mut().expect("an object").remove("x-postigo").expect("there");
        let placing = Placing { name: "returns", sandbox: "https://test.example", production: "" };
        let placed = async |text: &serde_json::Value, placing| {
            catalogue::write_placed(&house.app, &actor(), &text.to_string(), placing).await.expect("reads")
        };
        for (nowhere, at) in [
            (Placing::default(), "/x-postigo"),
            (Placing { name: "Returns", ..placing }, "/x-postigo/name"),
            (Placing { sandbox: "ftp://x", ..placing }, "/x-postigo/upstreams/sandbox/0"),
        ] {
            let Draft::Faulty(faults) = placed(&content, nowhere).await else { panic!("kept: {nowhere:?}") };
            assert_eq!(faults[0].fault.at, at, "{faults:?}");
        }
        let Draft::Kept(name, number) = placed(&content, placing).await else { panic!("faulty") };
        let seen = catalogue::version(&house.app, &actor(), &name, number).await.expect("reads");
        assert_eq!(seen.document["x-postigo"], json!({"name": "returns", "upstreams": {"sandbox": ["https://test.example"]}}));
        // Live or not, its next version says no more than what changed.
        for what in ["as a draft", "as what is live"] {
            content["info"]["title"] = what.into();
            let again = catalogue::write(&house.app, &actor(), Some(&name), &content.to_string()).await.expect("reads");
            let Draft::Kept(_, number) = again else { panic!("faulty {what}") };
            let again = catalogue::version(&house.app, &actor(), &name, number).await.expect("reads");
            assert_eq!((&again.document["x-postigo"], &again.document["info"]["title"]), (&seen.document["x-postigo"], &json!(what)));
            if what == "as a draft" {
                publish(&house, &name, number, 0, "").await.expect("publishes");
            }
        }
        // What a document says of itself counts.
        content["x-postigo"] = own;
        content["x-postigo"]["name"] = "theirs".into();
        content["paths"] = json!({"/theirs": content["paths"]["/returns"]});
        assert!(matches!(placed(&content, placing).await, Draft::Kept(name, _) if name.as_str() == "theirs"));
    }

    async fn apis_are_found_by_words_of_title_or_name_and_by_state_page_by_page(test: TestDb) {
        let house = house(&test).await;
        let mut content = document("returns", "/returns", "RET").content;
        content["info"]["title"] = "Devolución de envíos".into();
        content["x-postigo"]["hidden"] = true.into();
        let Draft::Kept(returns, number) = catalogue::write(&house.app, &actor(), None, &content.to_string()).await.expect("writes") else {
            panic!("faulty")
        };
        let found = async |text: &str, state: Option<State>| {
            let wanted = Listing { text: text.into(), state, limit: 10, ..Listing::default() };
            let page = catalogue::listed(&house.app, &actor(), &wanted).await.expect("lists");
            page.rows.into_iter().map(|row| row.name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(found("", None).await, ["labels", "returns", "tracking"]);
        assert_eq!(found("", Some(State::Drafted)).await, ["returns"]);
        assert_eq!(found("devolucion", None).await, [""; 0], "the title of a draft is nobody's yet");
        publish(&house, &returns, number, 0, "").await.expect("publishes");
        assert_eq!(found("ENVIOS devol", None).await, ["returns"], "words in any order, without accents");
        assert_eq!(found("devolucion returns", None).await, ["returns"], "one of the title, one of the name");
        assert_eq!(found("devolucion tracking", None).await, [""; 0]);
        assert_eq!(found("", Some(State::Drafted)).await, [""; 0]);
        let tracking = "tracking".into();
        catalogue::deprecate(&house.app, &actor(), &tracking, house.app.now() + SignedDuration::from_hours(24 * 400)).await.expect("announces");
        assert_eq!(found("", Some(State::Served(Status::Deprecated))).await, ["tracking"]);
        assert_eq!(found("", Some(State::Served(Status::Published))).await, ["labels", "returns"]);

        let first = Listing { limit: 2, ..Listing::default() };
        let page = catalogue::listed(&house.app, &actor(), &first).await.expect("lists");
        let row = page.rows.iter().find(|row| row.name == returns).expect("the second");
        assert_eq!((row.title.as_str(), row.hidden, row.version), ("Devolución de envíos", true, 1));
        let next = page.next.expect("there is more").to_string();
        let last = catalogue::listed(&house.app, &actor(), &Listing { after: next, ..first }).await.expect("lists");
        assert_eq!((last.rows.len(), last.rows[0].name.clone(), last.next), (1, tracking, None));
    }

    async fn whom_a_change_reaches_are_those_who_hold_what_it_breaks(test: TestDb) {
        let house = house(&test).await;
        access::request(&house.app, &actor(), house.wish(Sandbox, "labels", Some("LBS"))).await.map(drop).expect("granted");
        let reads = draft(&house, SCOPE, json!([{"oauth": ["NEW"]}])).await;
        let compared = catalogue::compared(&house.app, &actor(), &"labels".into(), reads).await.expect("compares");
        assert_eq!((compared.over, compared.reached, compared.holders[0].organisation.as_str()), (1, 1, "Librería"));
        let writes = draft(&house, "/paths/~1labels/post/security", json!([{"oauth": ["NEW"]}])).await;
        let compared = catalogue::compared(&house.app, &actor(), &"labels".into(), writes).await.expect("compares");
        assert_eq!((compared.differences.len(), compared.reached), (1, 0), "nobody holds LBSW");
    }

    async fn rules_make_a_draft_that_differs_in_them_alone_and_decide_who_may_ask(test: TestDb) {
        let house = house(&test).await;
        let (app, labels) = (&house.app, "labels".into());
        let before = catalogue::version(app, &actor(), &labels, 1).await.expect("reads");
        let mut rules = Rules::of(&before.api);
        catalogue::set_rules(app, &actor(), &labels, 1, &rules).await.expect_err("nothing to publish");
        rules.open_to = Some(vec![CustomerType::Internal]);
        rules.auto_approve.production = AutoApprove::Types(vec![CustomerType::Internal]);
        let number = catalogue::set_rules(app, &actor(), &labels, 1, &rules).await.expect("writes");
        let after = catalogue::version(app, &actor(), &labels, number).await.expect("reads");
        assert_eq!(Rules::of(&after.api), rules);
        let without = |mut document: serde_json::Value| { document["x-postigo"] = json!(null); document };
        assert_eq!(without(after.document), without(before.document));
        assert_eq!(after.api.upstreams, before.api.upstreams);

        publish(&house, &labels, number, 1, "").await.expect("publishes");
        let error = access::request(app, &actor(), house.wish(Sandbox, "labels", None)).await.map(drop).expect_err("refused");
        assert!(matches!(error, Error::Rule(Rule::ApiNotOpen(CustomerType::Customer))), "{error}");
    }

    async fn what_is_deprecated_is_asked_for_no_more_and_what_is_retired_comes_back_by_publishing(test: TestDb) {
        let house = house(&test).await;
        let (app, labels) = (&house.app, "labels".into());
        catalogue::deprecate(app, &actor(), &labels, app.now() - SignedDuration::from_secs(1)).await.expect_err("it is past");
        let sunset = app.now() + 2400.hours();
        catalogue::deprecate(app, &actor(), &labels, sunset).await.expect("deprecates");
        let error = access::request(app, &actor(), house.wish(Sandbox, "labels", None)).await.map(drop).expect_err("refused");
        assert!(matches!(error, Error::Rule(Rule::ApiDeprecated)), "{error}");
        // A mended version of what is deprecated is deprecated still.
        let number = draft(&house, "/info/title", json!("Labels")).await;
        publish(&house, &labels, number, 1, "").await.expect("publishes");
        assert_eq!(status(&house).await, Status::Deprecated);
        catalogue::keep(app, &actor(), &labels).await.expect("keeps");
        assert_eq!(status(&house).await, Status::Published);

        catalogue::retire(app, &actor(), &labels).await.expect("retires");
        catalogue::retire(app, &actor(), &labels).await.expect_err("once");
        let error = access::request(app, &actor(), house.wish(Sandbox, "labels", None)).await.map(drop).expect_err("refused");
        assert!(matches!(error, Error::Rule(Rule::ApiRetired)), "{error}");
        let error = catalogue::upstream(app, &actor(), &labels, None, Sandbox, 0, "/").await.expect_err("refused");
        assert!(matches!(error, Error::Rule(Rule::ApiRetired)), "{error}");
        let again = catalogue::write_again(app, &actor(), &labels, 1).await.expect("writes");
        publish(&house, &labels, again, 2, "").await.expect("publishes");
        assert_eq!(status(&house).await, Status::Published);
    }
}
