//! Everybody who holds an API: page by page, and as a file.

use app::{
    Actor, Error,
    access::{self, Wish},
    catalogue::{self, GrantsCursor},
    organisations, staff,
};
use domain::{
    CustomerType,
    Environment::{self, Production, Sandbox},
    GrantId, ProjectId,
    role::Staff,
};

use crate::house::{House, actor, house};

/// Who holds something, and where.
type Place = (ProjectId, Environment);

async fn founded(house: &House, name: &str) -> ProjectId {
    organisations::create(&house.app, &actor(), name, CustomerType::Customer, "Web").await.expect("founds").first.project.id
}

/// A grant of labels.
async fn granted(house: &House, (project, environment): Place, scopes: &str) -> GrantId {
    let wish = Wish { project, ..house.wish(environment, "labels", Some(scopes)) };
    let asked = access::request(&house.app, &actor(), wish).await.expect("asks");
    match asked.grant {
        Some(grant) => grant.id,
        None => access::approve(&house.app, &actor(), asked.request.id, None).await.expect("approves").grant.expect("granted").id,
    }
}

/// A page of those who hold labels; where the next begins is as it comes back from an address.
async fn page(house: &House, after: Option<&GrantsCursor>, limit: i64) -> (Vec<Place>, Option<GrantsCursor>) {
    let (rows, next) = catalogue::grants(&house.app, &actor(), &"labels".into(), after, limit).await.expect("reads");
    let next = next.map(|next| next.to_string().parse().expect("ours"));
    (rows.iter().map(|row| (row.holder.project_id, row.holder.environment)).collect(), next)
}

/// Every page, one after the other.
async fn paged(house: &House, limit: i64) -> Vec<Vec<Place>> {
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let (rows, next) = page(house, after.as_ref(), limit).await;
        pages.push(rows);
        let Some(next) = next else { return pages };
        after = Some(next);
    }
}

store::on_both_engines! {
    async fn everybody_who_holds_an_api_comes_once_and_whoever_lost_it_does_not(test: TestDb) {
        let house = house(&test).await;
        let mut projects = vec![house.project()];
        for number in 1..4 {
            projects.push(founded(&house, &format!("Tienda {number}")).await);
        }
        projects.sort_unstable();
        let all: Vec<Place> = projects.iter().flat_map(|project| [(*project, Production), (*project, Sandbox)]).collect();
        // The last one first: they come by who holds them, not by when.
        for place in all.iter().rev() {
            granted(&house, *place, "LBS").await;
        }
        access::request(&house.app, &actor(), house.wish(Sandbox, "tracking", None)).await.expect("another API");

        for (limit, lengths) in [(3, vec![3, 3, 2]), (4, vec![4, 4]), (200, vec![8]), (0, vec![1; 8])] {
            let pages = paged(&house, limit).await;
            assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), lengths, "{limit}");
            assert_eq!(pages.concat(), all, "{limit}");
        }

        let (first, next) = page(&house, None, 3).await;
        assert_eq!(first, all[..3]);
        // Between two pages somebody of the first is granted more, which is another grant, and somebody of the next loses theirs.
        granted(&house, all[1], "LBSW").await;
        let lost = granted(&house, all[5], "LBSW").await;
        access::revoke_grant(&house.app, &actor(), lost, None).await.expect("revokes");
        let rest = page(&house, next.as_ref(), 10).await;
        assert_eq!(rest, ([all[3], all[4], all[6], all[7]].to_vec(), None));

        let (rows, _) = catalogue::grants(&house.app, &actor(), &"labels".into(), None, 10).await.expect("reads");
        let own = rows.iter().find(|row| row.holder.project_id == house.project()).expect("there");
        assert_eq!((own.holder.organisation.as_str(), own.holder.project.as_str(), own.plan.as_str()), ("Librería", "Web", "standard"));
        let live = store::grants::find(house.app.db(), own.grant_id).await.expect("reads").expect("there");
        assert_eq!((live.project_id, live.scopes, live.revoked_at), (house.project(), own.holder.scopes.clone(), None));
        let unknown = catalogue::grants(&house.app, &actor(), &"unknown".into(), None, 10).await;
        assert!(matches!(unknown, Err(Error::NotFound { .. })));
    }

    async fn the_file_has_all_of_them_and_breaks_off_when_who_takes_it_leaves_the_staff(test: TestDb) {
        let house = house(&test).await;
        let app = &house.app;
        let vera = house.staff(Staff::Viewer).await;
        let other = founded(&house, "=HYPERLINK(\"x\")").await;
        let mut ids = Vec::new();
        for place in [(house.project(), Sandbox), (house.project(), Production), (other, Sandbox)] {
            ids.push(granted(&house, place, "LBS LBSW").await);
        }
        let ended = granted(&house, (other, Production), "LBS").await;
        access::revoke_grant(app, &actor(), ended, None).await.expect("revokes");

        let mut export = catalogue::export_holders(app, &vera, &"labels".into()).await.expect("may").in_pieces_of(2);
        let mut pieces = Vec::new();
        while let Some(piece) = export.next(app).await.expect("goes on") {
            pieces.push(piece);
        }
        assert_eq!(pieces.len(), 2, "{pieces:?}");
        let file = pieces.concat();
        let lines: Vec<_> = file.split_terminator("\r\n").collect();
        assert_eq!(lines[0], "grant_id,organisation_id,organisation,project_id,project,environment,scopes,plan");
        assert_eq!(lines.len(), 1 + 3, "{file}");
        assert!(ids.iter().all(|id| lines[1..].iter().filter(|line| line.starts_with(&format!("\"{id}\","))).count() == 1), "{file}");
        assert_eq!(file.matches(",\"'=HYPERLINK(\"\"x\"\")\",").count(), 1, "{file}");
        assert_eq!(file.matches("\"Web\",\"sandbox\",\"LBS LBSW\",\"standard\"\r\n").count(), 2, "{file}");

        let nobody = catalogue::export_holders(app, &actor(), &"tracking".into()).await.expect("may").next(app).await.expect("reads");
        assert_eq!(nobody.expect("its first line").lines().count(), 1);

        let mut cut = catalogue::export_holders(app, &vera, &"labels".into()).await.expect("may").in_pieces_of(2);
        cut.next(app).await.expect("the first").expect("there");
        let Actor::Account(id) = vera else { panic!("an account") };
        staff::set_role(app, &actor(), id, None).await.expect("removes");
        assert!(matches!(cut.next(app).await, Err(Error::NotFound { .. })), "who left takes no more");
    }
}

#[test]
fn a_cursor_that_is_none_of_ours_is_refused() {
    let project = "01970000-0001-7014-8000-100000000001";
    for text in ["", ".", project, &format!("{project}."), &format!("{project}.moon"), "x.sandbox", &format!("{project}.sandbox.")] {
        assert!(text.parse::<GrantsCursor>().is_err(), "{text:?}");
    }
    assert!(format!("{project}.sandbox").parse::<GrantsCursor>().is_ok());
}
