use app::{Actor, App, Error, audit, audit::Wanted, contracts, projects};
use domain::role::Staff;
use serde_json::Value;

use crate::house::{House, actor, house};

async fn found(app: &App, wanted: &Wanted) -> Vec<String> {
    let page = audit::list(app, &actor(), wanted, None, 100).await.expect("reads");
    page.rows.into_iter().map(|row| row.what.action).collect()
}

fn wanted(who: &str, what: &str, about: &str) -> Wanted {
    Wanted { who: who.into(), what: what.into(), about: about.into(), ..Wanted::default() }
}

async fn taken(house: &House, by: &Actor, wanted: &Wanted, format: audit::Format) -> String {
    let mut export = audit::export(&house.app, by, wanted, format).await.expect("exports");
    let mut file = String::new();
    while let Some(piece) = export.next(&house.app).await.expect("reads") {
        file.push_str(&piece);
    }
    file
}

store::on_both_engines! {
    async fn the_log_is_searched_by_who_what_about_what_and_when(test: TestDb) {
        let house = house(&test).await;
        let app = &house.app;
        let ana = Actor::Account(house.account("ana@shop.example").await);
        house.enlist(house.organisation(), &[(ana_id(&ana), domain::role::Role::Owner)]).await;
        house.hands.advance(86_400);
        let since = app.now().to_string();
        contracts::link(app, &ana, house.organisation(), "54000001", "80000001", "LCE1").await.expect("links");
        projects::rename(app, &ana, house.project(), "Shop").await.expect("renames");
        house.hands.advance(86_400);
        projects::rename(app, &actor(), house.project(), "Shop 2").await.expect("renames");

        assert_eq!(found(app, &wanted("ana@shop.example", "", "")).await, ["project.rename", "contract.link"]);
        assert_eq!(found(app, &wanted(&ana.to_string(), "contract", "")).await, ["contract.link"]);
        assert_eq!(found(app, &wanted("", "project.rename", "")).await, ["project.rename", "project.rename"]);
        assert_eq!(found(app, &wanted("operator:ana", "project.rename", &house.project().to_string())).await, ["project.rename"]);
        let mut all = found(app, &Wanted::default()).await;
        let days = Wanted { since: since.clone(), until: house.hands.clock().now().to_string(), ..Wanted::default() };
        assert_eq!(found(app, &days).await, ["project.rename", "contract.link"], "a moment that ends a span is not in it");
        assert_eq!(found(app, &Wanted { since, ..Wanted::default() }).await.len(), 3);
        assert!(found(app, &Wanted { since: "2999-01-01".into(), ..Wanted::default() }).await.is_empty());
        assert!(found(app, &Wanted { until: "1999-01-01".into(), ..Wanted::default() }).await.is_empty());

        // Page by page it is the same log.
        let (mut before, mut paged) = (None, Vec::new());
        loop {
            let page = audit::list(app, &actor(), &Wanted::default(), before, 2).await.expect("reads");
            paged.extend(page.rows.into_iter().map(|row| row.what.action));
            let Some(next) = page.next else { break };
            before = Some(next);
        }
        assert_eq!(paged.len(), all.len());
        assert_eq!(std::mem::take(&mut all), paged);

        // Each entry goes by the names of who and what.
        let row = audit::list(app, &actor(), &wanted("ana@shop.example", "project", ""), None, 1).await.expect("reads").rows.remove(0);
        assert_eq!((row.actor_email.as_deref(), row.project.as_deref()), (Some("ana@shop.example"), Some("Shop 2")));
    }

    async fn what_cannot_be_read_is_named_by_its_field(test: TestDb) {
        let house = house(&test).await;
        let wrong = [
            (wanted("nobody@shop.example", "", ""), "who"),
            (wanted("%", "", ""), "who"),
            (wanted("", "project.", ""), "what"),
            (wanted("", "DROP TABLE", ""), "what"),
            (Wanted { since: "soon".into(), ..Wanted::default() }, "since"),
            (Wanted { until: "2026-13-01".into(), ..Wanted::default() }, "until"),
        ];
        for (wanted, at) in wrong {
            let answer = audit::list(&house.app, &actor(), &wanted, None, 10).await;
            assert!(matches!(answer.err(), Some(Error::Invalid { field, .. }) if field == at), "{at}");
        }
    }

    async fn an_export_is_the_filtered_log_and_stands_in_it(test: TestDb) {
        let house = house(&test).await;
        let by = house.staff(Staff::Administrator).await;
        let before = audit::list(&house.app, &by, &Wanted::default(), None, 1).await.expect("reads").rows.remove(0).what.seq;
        let file = taken(&house, &by, &wanted("", "organisation", ""), audit::Format::JsonLines).await;
        let lines: Vec<Value> = file.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(lines.len(), 1);
        assert_eq!((&lines[0]["action"], lines[0]["detail"].is_object()), (&Value::from("organisation.create"), true));
        let csv = taken(&house, &by, &Wanted::default(), audit::Format::Csv).await;
        // The first export is in the second, which is not in itself.
        assert_eq!(csv.lines().count(), usize::try_from(before).expect("positive") + 2, "{csv}");
        assert!(csv.starts_with("seq,at,actor,action,subject,detail,digest\r\n"));
        let row = audit::list(&house.app, &by, &wanted("", "audit.export", ""), None, 1).await.expect("reads").rows.remove(0);
        assert_eq!(row.what.actor, by.to_string());
        assert_eq!(taken(&house, &by, &wanted("", "nothing", ""), audit::Format::JsonLines).await, "");
    }

    async fn an_export_that_is_not_whole_does_not_end_as_if_it_were(test: TestDb) {
        let house = house(&test).await;
        for (more, is_whole) in [(-1, false), (0, true), (1, true)] {
            let there = audit::list(&house.app, &actor(), &Wanted::default(), None, 100).await.expect("reads").rows.len();
            let most = i64::try_from(there).expect("few") + more;
            let mut export =
                audit::export(&house.app, &actor(), &Wanted::default(), audit::Format::JsonLines).await.expect("exports").up_to(most);
            assert!(export.next(&house.app).await.expect("reads").is_some());
            assert_eq!(export.next(&house.app).await.is_ok(), is_whole, "{most} of {there}");
        }
    }

    async fn who_is_of_the_staff_no_more_takes_nothing_more_away(test: TestDb) {
        let house = house(&test).await;
        let by = house.staff(Staff::Administrator).await;
        let other = house.account("bea@carrier.example").await;
        app::staff::set_role(&house.app, &actor(), other, Some(Staff::Administrator)).await.expect("sets");
        let mut export = audit::export(&house.app, &by, &Wanted::default(), audit::Format::Csv).await.expect("exports");
        export.next(&house.app).await.expect("reads");
        app::staff::set_role(&house.app, &actor(), ana_id(&by), Some(Staff::Support)).await.expect("sets");
        assert!(matches!(export.next(&house.app).await, Err(Error::StaffOnly { .. })));
    }

    async fn the_end_of_the_chain_is_checked_from_the_entry_before_it(test: TestDb) {
        let house = house(&test).await;
        let whole = audit::verify(&house.app, &actor(), 1000).await.expect("reads");
        assert_eq!((whole.from, whole.broken), (1, None));
        let end = audit::verify(&house.app, &actor(), 2).await.expect("reads");
        assert_eq!((end.from, end.entries, end.broken), (whole.entries - 1, 2, None));
    }
}

fn ana_id(actor: &Actor) -> domain::AccountId {
    let Actor::Account(id) = actor else { panic!("an account") };
    *id
}
