//! The usage policies as files: versions are added, and what is published stays as it is.

use app::{
    Error, catalogue,
    catalogue::Document,
    policies::{self, Draft},
};
use domain::Timestamp;
use serde_json::{Value, json};

use crate::house::{House, actor, house};

const LATER: &str = "2100-01-01T00:00:00Z";

fn list(versions: Value) -> Document {
    Document { file: "policies.yaml".into(), content: json!({ "policies": versions }) }
}

fn text(name: &str, text: &str) -> Document {
    Document { file: format!("policies/{name}.md"), content: text.into() }
}

/// The files of one version.
fn version(name: &str, in_force_at: Option<&str>) -> Vec<Document> {
    let one = in_force_at.map_or_else(|| json!({"version": name}), |from| json!({"version": name, "in_force_at": from}));
    vec![list(json!([one])), text(&format!("{name}.es"), "Uno.\r\n\r\nDos.\n"), text(&format!("{name}.en"), "\nOne.\n\nTwo.\n")]
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

/// The version in force and the one announced.
async fn standing(house: &House) -> (String, Option<String>) {
    let shown = policies::show(&house.app, None).await.expect("shows");
    (shown.current.version, shown.next.map(|next| next.version))
}

store::on_both_engines! {
    async fn exported_versions_apply_without_a_change_and_what_a_house_begins_with_is_not_among_them(test: TestDb) {
        let house = house(&test).await;
        let names = |documents: &[Document]| documents.iter().map(|document| document.file.clone()).collect::<Vec<_>>();
        assert_eq!(names(&catalogue::export(&house.app, &actor()).await.expect("exports")), ["labels.json", "tracking.json"]);
        house.hands.advance(1);
        for (name, from) in [("2027-01", None), ("2027-06", Some(LATER.parse::<Timestamp>().expect("a moment")))] {
            let draft = Draft { changed_spanish: String::new(), ..crate::policies::draft(name) };
            let revision = policies::put_draft(&house.app, &actor(), &draft, None).await.expect("writes");
            policies::publish(&house.app, &actor(), name, revision, from).await.expect("publishes");
        }
        policies::put_draft(&house.app, &actor(), &crate::policies::draft("2028-01"), None).await.expect("writes");
        let exported = catalogue::export(&house.app, &actor()).await.expect("exports");
        let expected = [
            "policies.yaml", "policies/2027-01.es.md", "policies/2027-01.en.md", "policies/2027-01.changes.en.md",
            "policies/2027-06.es.md", "policies/2027-06.en.md", "policies/2027-06.changes.en.md",
        ];
        assert_eq!(names(&exported)[2..], expected, "drafts are nobody else's");
        assert_eq!(applied(&house, exported.clone()).await, [] as [String; 0]);
        house.hands.advance(86_400);
        assert_eq!(applied(&house, exported).await, [] as [String; 0], "nor a day later");
    }

    async fn a_version_that_a_file_says_anew_is_published_once(test: TestDb) {
        let house = house(&test).await;
        house.hands.advance(1);
        let shown = catalogue::apply(&house.app, &actor(), version("2027-01", None), true).await.expect("compares");
        assert_eq!((shown.len(), shown[0].detail.join(",")), (1, "+ in force from now on".to_owned()));
        assert_eq!(standing(&house).await, (policies::FIRST.to_owned(), None), "a dry run changes nothing");
        assert_eq!(applied(&house, version("2027-01", None)).await, ["add policies 2027-01"]);
        assert_eq!(standing(&house).await, ("2027-01".to_owned(), None));
        assert_eq!(policies::show(&house.app, None).await.expect("shows").policies.english, "One.\n\nTwo.");
        assert_eq!(applied(&house, version("2027-01", None)).await, [] as [String; 0], "line ends and space around a text say nothing");
        assert_eq!(applied(&house, version("2027-02", Some(LATER))).await, ["add policies 2027-02"], "what a file says nothing of stays");
        assert_eq!(standing(&house).await, ("2027-01".to_owned(), Some("2027-02".to_owned())));
        let audited = app::audit::list(&house.app, &actor(), &app::audit::Wanted::default(), None, 1).await.expect("reads");
        assert_eq!((audited.rows[0].what.action.as_str(), audited.rows[0].what.detail.contains("2027-02")), ("catalogue.apply", true));
    }

    async fn a_draft_that_waits_is_published_with_the_texts_of_the_files(test: TestDb) {
        let house = house(&test).await;
        policies::put_draft(&house.app, &actor(), &crate::policies::draft("2027-01"), None).await.expect("writes");
        house.hands.advance(1);
        assert_eq!(applied(&house, version("2027-01", None)).await, ["add policies 2027-01"]);
        assert_eq!(policies::show(&house.app, None).await.expect("shows").policies.spanish, "Uno.\n\nDos.");
    }

    async fn another_wording_of_what_is_published_is_a_fault_with_its_line_and_nothing_is_changed(test: TestDb) {
        let house = house(&test).await;
        house.hands.advance(1);
        applied(&house, version("2027-01", Some(LATER))).await;
        let mut other = version("2027-01", Some("2101-01-01T00:00:00Z"));
        other[2] = text("2027-01.en", "\nOne.\n\nThree.\n");
        other.push(text("2027-01.changes.en", "Something.\n"));
        other.push(list(json!([{"version": "2027-09"}])));
        other.extend([text("2027-09.es", "Tres."), text("2027-09.en", "Three.")]);
        let found = faults(&house, other).await;
        assert!(found.iter().any(|fault| fault.starts_with("policies/2027-01.en.md:4: version 2027-01 is published")), "{found:?}");
        assert!(found.iter().any(|fault| fault.starts_with("policies/2027-01.changes.en.md:1: ")), "{found:?}");
        assert!(found.iter().any(|fault| fault.starts_with("policies.yaml: /policies/0/in_force_at: version 2027-01 is announced")), "{found:?}");
        assert!(policies::find(&house.app, &actor(), "2027-09").await.is_err(), "all or nothing");
        let found = faults(&house, version("2027-02", None)).await;
        assert!(found[0].contains("/policies/0/in_force_at: must come after 2100-01-01T00:00:00Z, when version 2027-01 comes into force"), "{found:?}");
    }

    async fn faults_of_the_files_themselves_name_file_and_place(test: TestDb) {
        let house = house(&test).await;
        let fault = async |documents: Vec<Document>| faults(&house, documents).await.join("\n");
        let mut lacking = version("2027-01", None);
        lacking.pop();
        assert_eq!(fault(lacking).await, "policies.yaml: /policies/0: its text policies/2027-01.en.md is missing");
        assert_eq!(fault(vec![text("2027-01.es", "Uno.")]).await, "policies/2027-01.es.md: is the text of no version in policies.yaml");
        assert!(fault(version("Enero", None)).await.starts_with("policies.yaml: /policies/0/version: begin with the year"));
        let mut empty = version("2027-01", None);
        empty[1] = text("2027-01.es", " \n");
        assert!(fault(empty).await.starts_with("policies/2027-01.es.md: write 1 to"));
        assert!(fault(version("2027-01", Some("soon"))).await.starts_with("policies.yaml: /policies/0/in_force_at: is no moment"));
        let mut twice = version("2027-01", Some(LATER));
        twice[0] = list(json!([{"version": "2027-01", "in_force_at": LATER}, {"version": "2027-01"}]));
        assert!(fault(twice).await.contains("policies.yaml: /policies/1/version: 2027-01 is there twice"));
        let mut strange = version("2027-01", None);
        strange[0] = list(json!([{"version": "2027-01", "text": "x"}]));
        assert!(fault(strange).await.starts_with("policies.yaml: /policies/0: unknown field `text`"));
        assert_eq!(standing(&house).await, (policies::FIRST.to_owned(), None));
    }

    async fn of_the_past_of_another_house_only_what_would_be_in_force_comes(test: TestDb) {
        let house = house(&test).await;
        house.hands.advance(1);
        let past = |year: i32| json!({"version": format!("{year}-01"), "in_force_at": format!("{year}-01-01T00:00:00Z")});
        let mut files = vec![list(json!([past(2001), past(2002), {"version": "2090-01", "in_force_at": LATER}]))];
        for name in ["2001-01", "2002-01", "2090-01"] {
            files.extend([text(&format!("{name}.es"), "Uno."), text(&format!("{name}.en"), "One.")]);
        }
        assert_eq!(applied(&house, files.clone()).await, ["add policies 2002-01", "add policies 2090-01"]);
        assert_eq!(standing(&house).await, ("2002-01".to_owned(), Some("2090-01".to_owned())));
        assert_eq!(applied(&house, files).await, [] as [String; 0], "each once");
    }
}
