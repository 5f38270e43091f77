//! How the queues are worked as a file: targets, rules of approval and words for rejections become what it says, or nothing does.

use app::{
    Error, approval_rules,
    catalogue::{self, Document},
    queues::{self, Targets},
    reason_templates,
};
use domain::{
    queue::Queue,
    role::{Duty, Staff},
};
use serde_json::{Value, json};

use crate::house::{House, actor, change, document, house};

pub fn file(queues: Value) -> Document {
    Document { file: "queues.yaml".into(), content: json!({ "queues": queues }) }
}

/// As people write it: in their own order and with what addresses begin with.
fn whole() -> Value {
    json!({
        "targets": {"access": 12, "contracts": 48, "customer_types": 72},
        "rules": [
            {"name": "Partners", "api": "labels", "customer_types": ["internal", "integrator"], "active_contract": true},
            {"name": "Own mail domain", "environment": "sandbox", "mail_domains": ["@Shop.example", "carrier.example"]},
        ],
        "templates": [
            {"queue": "contracts", "name": "Contrato", "spanish": "Ya no vale.", "english": "It is over."},
            {"queue": "access", "name": "Contrato", "spanish": "Falta el contrato.\n", "english": "The contract is missing."},
        ],
    })
}

/// The two APIs of the house.
fn apis() -> Vec<Document> {
    vec![document("labels", "/labels", "LBS"), document("tracking", "/track/{code}", "TPB")]
}

/// A rule for the sandbox of an API.
fn rule_for(api: &str) -> Value {
    json!({"name": "Trying", "api": api, "environment": "sandbox"})
}

async fn applied(house: &House, documents: Vec<Document>) -> Vec<String> {
    let changes = catalogue::apply(&house.app, &actor(), documents, false).await.expect("applies");
    changes.iter().map(|change| format!("{} {} {}", change.action, change.kind.as_str(), change.name)).collect()
}

async fn faults(house: &House, documents: Vec<Document>) -> Vec<String> {
    match catalogue::apply(&house.app, &actor(), documents, false).await {
        Err(Error::Faults(faults)) => faults,
        other => panic!("{other:?}"),
    }
}

/// How many rules and templates there are, and the targets.
async fn standing(house: &House) -> (usize, usize, Targets) {
    let rules = approval_rules::list(&house.app, &actor()).await.expect("lists");
    let templates = reason_templates::list(&house.app, &actor(), None).await.expect("lists");
    (rules.len(), templates.len(), queues::targets(&house.app, &actor()).await.expect("reads"))
}

const AS_IT_BEGINS: (usize, usize, Targets) = (0, 0, Targets { access: 24, contracts: 48, customer_types: 72 });

store::on_both_engines! {
    async fn what_a_file_says_is_done_and_exported_and_applied_again_without_a_change(test: TestDb) {
        let house = house(&test).await;
        let exported = catalogue::export(&house.app, &actor()).await.expect("exports");
        assert_eq!(exported.len(), 2, "a house that works as the program has it writes no file");
        let expected = [
            "change queues targets",
            "add queues rules/Partners",
            "add queues rules/Own mail domain",
            "add queues templates/contracts/Contrato",
            "add queues templates/access/Contrato",
        ];
        assert_eq!(applied(&house, vec![file(whole())]).await, expected);
        let audited = app::audit::list(&house.app, &actor(), &app::audit::Wanted::default(), None, 1).await.expect("reads");
        let last = &audited.rows[0].what;
        assert_eq!((last.action.as_str(), last.detail.contains("+ customer_types: integrator, internal")), ("catalogue.apply", true));
        let exported = catalogue::export(&house.app, &actor()).await.expect("exports");
        assert_eq!(exported[2].file, "queues.yaml");
        let content = json!({"queues": {
            "targets": {"access": 12, "contracts": 48, "customer_types": 72},
            "rules": [
                {"name": "Own mail domain", "environment": "sandbox", "mail_domains": ["carrier.example", "shop.example"]},
                {"name": "Partners", "api": "labels", "customer_types": ["integrator", "internal"], "active_contract": true},
            ],
            "templates": [
                {"queue": "access", "name": "Contrato", "spanish": "Falta el contrato.", "english": "The contract is missing."},
                {"queue": "contracts", "name": "Contrato", "spanish": "Ya no vale.", "english": "It is over."},
            ],
        }});
        assert_eq!(exported[2].content, content);
        assert_eq!(applied(&house, exported).await, [] as [String; 0]);
        assert_eq!(applied(&house, vec![file(whole())]).await, [] as [String; 0], "nor in another order");
    }

    async fn what_is_not_named_goes_and_what_is_the_same_stays_as_it_was(test: TestDb) {
        let house = house(&test).await;
        applied(&house, vec![file(whole())]).await;
        let rules = approval_rules::list(&house.app, &actor()).await.expect("lists");
        let words = reason_templates::list(&house.app, &actor(), Some(Queue::Access)).await.expect("lists");
        house.hands.advance(60);
        let mut other = whole();
        other["rules"] = json!([
            {"name": "Own mail domain", "environment": "sandbox", "mail_domains": ["carrier.example", "shop.example"], "api": null},
            {"name": "Partners", "customer_types": ["integrator"], "active_contract": true},
            {"name": "New", "environment": "sandbox"},
        ]);
        other["templates"].as_array_mut().expect("a list").remove(0);
        let changes = catalogue::apply(&house.app, &actor(), vec![file(other.clone())], false).await.expect("applies");
        let told: Vec<_> = changes.iter().map(|change| format!("{} {} {}", change.action, change.name, change.detail.join(","))).collect();
        let expected = [
            "change rules/Partners ~ api: labels -> any,~ customer_types: integrator, internal -> integrator",
            "add rules/New + environment: sandbox",
            "remove templates/contracts/Contrato ",
        ];
        assert_eq!(told, expected);
        let now = approval_rules::list(&house.app, &actor()).await.expect("lists");
        let id = |rules: &[domain::queue::ApprovalRule], name: &str| rules.iter().find(|rule| rule.name == name).expect("there").id;
        for name in ["Own mail domain", "Partners"] {
            assert_eq!(id(&now, name), id(&rules, name), "{name}");
        }
        let left = reason_templates::list(&house.app, &actor(), None).await.expect("lists");
        assert_eq!((left.len(), left[0].id, left[0].updated_at), (1, words[0].id, words[0].updated_at));
        // A list that is left out says nothing; one with nothing in it says that there shall be nothing.
        assert_eq!(applied(&house, vec![file(json!({}))]).await, [] as [String; 0]);
        other["rules"].as_array_mut().expect("a list").remove(2);
        assert_eq!(applied(&house, vec![file(json!({"rules": other["rules"]}))]).await, ["remove queues rules/New"]);
        assert_eq!(applied(&house, vec![file(json!({"templates": []}))]).await, ["remove queues templates/access/Contrato"]);
        assert_eq!(applied(&house, apis()).await, [] as [String; 0], "no file of queues: they stay");
        assert_eq!(standing(&house).await, (2, 0, Targets { access: 12, contracts: 48, customer_types: 72 }));
    }

    async fn a_rule_may_name_an_api_that_the_same_files_add_and_none_that_they_take_away(test: TestDb) {
        let house = house(&test).await;
        let mut all = apis();
        all.push(document("requests", "/requests", "RCG"));
        all.push(file(json!({"rules": [rule_for("requests")]})));
        assert_eq!(applied(&house, all).await, ["add api requests", "add queues rules/Trying"]);
        let mut fewer = apis();
        fewer.push(file(json!({"rules": [rule_for("requests")]})));
        assert_eq!(faults(&house, fewer).await, ["queues.yaml: /queues/rules/0/api: there is no API requests"]);
        // What somebody took away by hand leaves the rule; what is exported says so and is no fault.
        catalogue::remove(&house.app, &actor(), &"requests".into()).await.expect("removes");
        let exported = catalogue::export(&house.app, &actor()).await.expect("exports");
        assert_eq!(applied(&house, exported).await, [] as [String; 0]);
        catalogue::retire(&house.app, &actor(), &"labels".into()).await.expect("retires");
        assert_eq!(applied(&house, vec![file(json!({"rules": [rule_for("labels")]}))]).await, ["change queues rules/Trying"]);
        let mut one = vec![document("tracking", "/track/{code}", "TPB")];
        one.push(file(json!({"rules": [rule_for("labels")]})));
        assert_eq!(applied(&house, one).await, [] as [String; 0], "what is retired stays, and may be served again");
    }

    async fn every_fault_is_told_with_its_place_and_nothing_is_changed(test: TestDb) {
        let house = house(&test).await;
        let wrong = file(json!({
            "extra": 1,
            "targets": {"access": 0, "contracts": 48, "other": 3},
            "rules": [
                {"name": "", "environment": "moon", "customer_types": ["nobody"], "mail_domains": ["a b", 7], "active_contract": "yes", "plan": "x"},
                {"name": "Anybody"},
                {"name": "Nowhere", "api": "nothing", "active_contract": true},
                {"name": "Nowhere", "environment": "sandbox"},
                7,
            ],
            "templates": [
                {"queue": "other", "name": "A", "spanish": "Sí.", "english": "Yes."},
                {"queue": "access", "name": "A", "spanish": " ", "english": "Yes."},
                {"queue": "access", "name": "B", "spanish": "Sí."},
                {"queue": "access", "name": "C", "spanish": "Sí.", "english": "Yes."},
                {"queue": "access", "name": "C", "spanish": "No.", "english": "No."},
            ],
        }));
        let found = faults(&house, vec![wrong]).await;
        let expected = [
            "/queues/extra: is not known here",
            "/queues/targets/access: must be a number of hours, 1 to 8784",
            "/queues/targets/customer_types: must be a number of hours, 1 to 8784",
            "/queues/targets/other: is not known here",
            "/queues/rules/0/name: write 1 to 80 characters",
            "/queues/rules/0/environment: \"moon\" is not an environment",
            "/queues/rules/0/customer_types/0: \"nobody\" is not a customer type",
            "/queues/rules/0/mail_domains/0: \"a b\" is no domain",
            "/queues/rules/0/mail_domains/1: must be a text",
            "/queues/rules/0/active_contract: must be true or false",
            "/queues/rules/0/plan: is not known here",
            "/queues/rules/1/environment: this would approve anybody in production",
            "/queues/rules/2/api: there is no API nothing",
            "/queues/rules/3/name: Nowhere is also a rule in queues.yaml",
            "/queues/rules/4: must have members",
            "/queues/templates/0/queue: \"other\" is not a queue",
            "/queues/templates/1/spanish: 1 to 2000 characters",
            "/queues/templates/2/english: is missing",
            "/queues/templates/4/name: C is also a template of access in queues.yaml",
        ];
        for start in expected {
            assert!(found.iter().any(|fault| fault.starts_with(&format!("queues.yaml: {start}"))), "{start}: {found:?}");
        }
        assert_eq!(found.len(), expected.len(), "{found:?}");
        let beside = Document { file: "other.yaml".into(), content: json!({"queues": {"targets": whole()["targets"], "rules": 7}, "more": 1}) };
        let found = faults(&house, vec![file(whole()), beside]).await;
        let expected = [
            "other.yaml: /more: is not known beside `queues`",
            "other.yaml: /queues/targets: are also in queues.yaml",
            "other.yaml: /queues/rules: must be a list",
        ];
        assert_eq!(found, expected);
        let many: Vec<Value> = (0..101).map(|i| json!({"name": format!("{i}"), "environment": "sandbox"})).collect();
        assert_eq!(faults(&house, vec![file(json!({ "rules": many }))]).await, ["queues.yaml: /queues/rules: there may be 100"]);
        // All or nothing, whatever else the files are of.
        let mut faulty = apis();
        change(&mut faulty[0], "/paths/~1labels/get/security", json!([]));
        faulty.push(file(whole()));
        assert!(faults(&house, faulty).await[0].starts_with("labels.yaml: "));
        assert_eq!(standing(&house).await, AS_IT_BEGINS);
    }

    async fn it_takes_what_it_takes_by_hand(test: TestDb) {
        let house = house(&test).await;
        let publisher = house.staff(Staff::Publisher).await;
        for dry_run in [true, false] {
            let refused = catalogue::apply(&house.app, &publisher, vec![file(whole())], dry_run).await;
            assert!(matches!(refused, Err(Error::StaffOnly { needs: Duty::Administer })), "{refused:?}");
            let refused = catalogue::apply(&house.app, &publisher, vec![file(json!({"templates": []}))], dry_run).await;
            assert!(matches!(refused, Err(Error::StaffOnly { needs: Duty::Decide })), "{refused:?}");
        }
        assert_eq!(standing(&house).await, AS_IT_BEGINS);
        assert_eq!(catalogue::apply(&house.app, &publisher, apis(), false).await.expect("applies"), [], "files of the catalogue are a publisher's");
        let administrator = house.staff(Staff::Administrator).await;
        assert_eq!(catalogue::apply(&house.app, &administrator, vec![file(whole())], false).await.expect("applies").len(), 5);
    }

    async fn a_dry_run_says_what_would_change_and_changes_nothing(test: TestDb) {
        let house = house(&test).await;
        let changes = catalogue::apply(&house.app, &actor(), vec![file(whole())], true).await.expect("compares");
        assert_eq!((changes.len(), changes[0].detail.join(",")), (5, "~ access: 24 -> 12 hours".to_owned()));
        let told = serde_json::to_value(&changes[1]).expect("JSON");
        let expected = json!({"kind": "queues", "action": "add", "name": "rules/Partners", "detail": [
            "+ api: labels", "+ customer_types: integrator, internal", "+ active_contract: true",
        ]});
        assert_eq!(told, expected);
        assert_eq!(standing(&house).await, AS_IT_BEGINS);
    }
}
