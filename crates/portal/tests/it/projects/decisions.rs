//! What gateway and authorization server decided is read by those it belongs to.

use domain::role::Staff;

use super::*;

#[tokio::test]
async fn a_refusal_is_read_check_by_check_with_its_error_page() {
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    let id = decided(&desk, &founded, "/labels", lacks_a_scope()).await;
    developer.language = "es";
    let page = developer.get(&path(&founded, &format!("/decisions/{id}"))).await.page;
    for part in ["/errors/scope-missing", "rechazada aquí", "no se llegó a mirar", "Credencial de API", "1,2 ms", &id] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
    developer.language = "en";
    let page = developer.get(&path(&founded, &format!("/decisions/{id}"))).await.page;
    assert!(page.contains("needs the scope LBS"), "what is kept names the scope: {page}");
}

#[tokio::test]
async fn decisions_are_filtered_by_outcome_and_api() {
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    let empty = developer.get(&path(&founded, "/decisions")).await.page;
    assert!(empty.contains("class=\"empty\"") && empty.contains("/first-call"), "{empty}");
    decided(&desk, &founded, "/one", Outcome::Passed(200)).await;
    decided(&desk, &founded, "/two", lacks_a_scope()).await;
    for (query, one, two) in [
        ("", true, true),
        ("?outcome=passed", true, false),
        ("?outcome=refused&api=labels", false, true),
        ("?api=tracking", false, false),
        ("?outcome=';--", true, true),
    ] {
        let page = developer.get(&path(&founded, &format!("/decisions{query}"))).await.page;
        assert_eq!((page.contains(">/one<"), page.contains(">/two<")), (one, two), "{query}");
    }
}

#[tokio::test]
async fn an_id_leads_members_and_staff_to_its_project_and_nobody_else_anywhere() {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    let founded = desk.founded("Librería").await;
    let mut developer = desk.member(founded.organisation.id, "dani@shop.example", Role::Developer).await;
    let id = decided(&desk, &founded, "/labels", Outcome::Passed(200)).await;
    let at = format!("/decisions?id={id}");
    let there = path(&founded, &format!("/decisions/{id}"));
    assert_eq!(developer.get(&at).await.location(), there);
    assert_eq!(developer.get("/decisions").await.status, 200);
    let mut staff = desk.signed_in("ops@postigo.example", Some(Staff::Viewer)).await;
    assert_eq!(staff.get(&at).await.location(), there);
    let console = format!("/console/organisations/{}", founded.organisation.id);
    assert_eq!(staff.get(&there).await.location(), format!("{console}?next={}#look", there.replace('/', "%2F")));
    let noted = staff.post(&format!("{console}/look"), &[("reason", "ticket 7"), ("next", &there)]).await;
    assert_eq!(noted.location(), format!("{there}?done=look-noted"));
    let page = staff.get(&path(&founded, "")).await.page;
    assert!(!page.contains("/rotate\""), "staff look and do not touch: {page}");
    assert_eq!(staff.get(&there).await.status, 200);
    let mut stranger = desk.signed_in("eve@other.example", None).await;
    for path in [at.as_str(), &there, "/decisions?id=nothing", "/decisions?id=01a202ae-6be8-753c-99e2-7c7ac023cd28"] {
        assert_eq!(stranger.get(path).await.status, 404, "{path}");
    }
    // What belongs to nobody is for staff.
    let nobodys = decided_for(&desk, None, Environment::Sandbox, "/nobody", Outcome::Refused(Refusal::NoToken)).await;
    let at_nobodys = format!("/decisions?id={nobodys}");
    assert!(staff.get(&at_nobodys).await.page.contains("/errors/no-token"));
    assert_eq!(developer.get(&at_nobodys).await.status, 404);
    assert!(desk.browser().get(&at).await.location().starts_with("/sign-in?next=%2Fdecisions%3Fid%3D"));
}

#[tokio::test]
async fn an_id_that_leads_nowhere_is_kept_and_what_to_do_is_said() {
    let test = testkit::sqlite().await;
    let (desk, _, mut developer) = at_work(&test).await;
    let elsewhere = desk.founded("Papelería").await;
    let others = decided(&desk, &elsewhere, "/labels", lacks_a_scope()).await;
    for (id, spanish, english) in [
        ("0197-typo", "X-Request-Id", "X-Request-Id"),
        (others.as_str(), "ya no se guarda", "not kept any more"),
        ("01a20301-0c08-7324-a324-1503c12cfafc", "ya no se guarda", "not kept any more"),
    ] {
        for (language, says) in [("es", spanish), ("en", english)] {
            developer.language = language;
            let answer = developer.get(&format!("/decisions?id={id}")).await;
            assert!(answer.status == 404 && answer.page.contains(says), "{language} {id}: {}", answer.page);
            assert!(answer.page.contains(&format!("value=\"{id}\"")), "what was typed stays: {}", answer.page);
        }
    }
}
